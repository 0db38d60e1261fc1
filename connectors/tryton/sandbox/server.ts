import { createHmac } from 'node:crypto';
import { NO_FAULTS, serveSandbox, type Faults, type SandboxAnswer, type ServedSandbox } from '#connect';
import type { Rpc } from './rpc.js';
import { Refusal } from './store.js';

export const USERNAME = 'hub';
export const DATABASE = 'live';
const MOST_BAD_LOGINS = 5;

/** What the user of the hub logs in with. */
export function passwordOf(secret: string): string {
  return createHmac('sha256', secret).update('password').digest('hex').slice(0, 24);
}

interface Call {
  id: number;
  method: string;
  params: unknown[];
}

export async function serveErp(
  rpc: Rpc,
  { secret, userId, faults = NO_FAULTS }: { secret: string; userId: number; faults: Faults | undefined },
): Promise<ServedSandbox & { expire(): void }> {
  const sessions = new Set<string>();
  let badLogins = 0;
  const login = ([name, given]: unknown[]): SandboxAnswer & { result?: unknown } => {
    if (badLogins > MOST_BAD_LOGINS) return page(429, 'Too Many Requests');
    if (name !== USERNAME || (given as { password?: string }).password !== passwordOf(secret)) {
      badLogins += 1;
      return page(401, 'Unauthorized');
    }
    const key = createHmac('sha256', secret).update(`session ${sessions.size}`).digest('hex');
    sessions.add(Buffer.from(`${USERNAME}:${userId}:${key}`).toString('base64'));
    return { status: 200, body: { id: 1, result: [userId, key] } };
  };
  const served = await serveSandbox({
    faults,
    answer({ method, path, headers, body }) {
      if (method !== 'POST' || path !== `/${DATABASE}/`) return page(404, 'Not Found');
      const call = parsed(body);
      if (!call) return page(500, 'Internal Server Error');
      if (call.method === 'common.db.login') return login(call.params);
      const session = /^Session (\S+)$/.exec(headers.authorization ?? '')?.[1];
      if (session === undefined || !sessions.has(session)) return page(401, 'Unauthorized');
      return answer(rpc, call);
    },
    throttled: () => page(429, 'Too Many Requests'),
    failed: () => page(500, 'Internal Server Error'),
  });
  return Object.assign(served, { expire: () => sessions.clear() });
}

function parsed(body: Buffer): Call | null {
  try {
    const call = JSON.parse(body.toString()) as Call;
    // With another key the server would speak another protocol.
    return Object.keys(call).sort().join() === 'id,method,params' ? call : null;
  } catch {
    return null;
  }
}

/** What is refused is answered with 200. */
function answer(rpc: Rpc, { id, method, params }: Call): SandboxAnswer {
  try {
    return { status: 200, body: { id, result: rpc.call(method, params) } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.kind === 'forbidden') return page(403, 'Forbidden');
    // A name that is not there is Python's KeyError.
    return { status: 200, body: { id, error: [error.kind, error.kind.startsWith('User') ? error.details : ''] } };
  }
}

function page(status: number, title: string): SandboxAnswer {
  const body = `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}
