// Sends requests on so many connections for so long, from a process of its own, and tells how long each took.
import { LoadConnection } from './connection.js';
import { proofOf, requestsOf, type Target } from './requests.js';
import { serveParent } from '../run/serve-parent.js';

export interface Burst extends Target {
  port: number;
  connections: number;
  /** Ends at whichever of the two comes first. */
  forMs: number;
  maxRequests: number;
}

export interface Answered extends Record<string, unknown> {
  wallMs: number;
  /** Milliseconds of each request. */
  latencies: number[];
}

async function run(burst: Burst): Promise<Answered> {
  const next = requestsOf(burst);
  const proof = Buffer.from(proofOf(burst));
  const connections = await Promise.all(
    Array.from({ length: burst.connections }, () => LoadConnection.open(burst.port)),
  );
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + burst.forMs;
  let begun = 0;
  const keepSending = async (connection: LoadConnection): Promise<void> => {
    while (begun < burst.maxRequests && performance.now() < endsAt) {
      begun += 1;
      const before = performance.now();
      const body = await connection.send(next());
      latencies.push(performance.now() - before);
      if (!body.includes(proof))
        throw new Error(`an answer without ${proof.toString()}: ${body.toString('utf8', 0, 400)}`);
    }
  };
  try {
    await Promise.all(connections.map(keepSending));
    return { wallMs: performance.now() - startedAt, latencies };
  } finally {
    for (const connection of connections) connection.close();
  }
}

await serveParent<Burst>(() => Promise.resolve({ ready: {}, answer: run, stop: () => undefined }));
