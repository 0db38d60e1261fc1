import { createHash } from 'node:crypto';
import { ConnectorFailure, httpClient, rejected, type ConnectorHttp } from '../connect/index.js';
import type { Database } from '../db/database.js';
import {
  credentialCipher,
  egressRules,
  recordCondition,
  selectConnection,
  type ConnectionRow,
} from '../modules/integrations/index.js';
import { callMetrics, type CallMetrics } from './call-metrics.js';
import type { Priority } from './pacing/bucket.rules.js';
import { PaceDesk } from './pacing/pace-desk.js';
import { pacerOf } from './pacing/pacer.js';
import { credentialsOf, scopeOf, type SyncParts } from './parts.js';
import { tokenKeeper } from './tokens/token-keeper.js';

export type { Priority } from './pacing/bucket.rules.js';

/** The calls of one hub: by its database, which is the same however the parts are handed on. */
const switchboards = new WeakMap<Database, Switchboard>();

/**
 * How an integration's system is called: paced and guarded, with its token. The same as long as its settings and
 * credentials are; to be asked for anew with each job. Throws a ConnectorFailure where the connector cannot call.
 */
export function httpFor(parts: SyncParts, connection: ConnectionRow, priority: Priority): ConnectorHttp {
  let board = switchboards.get(parts.db);
  if (!board) switchboards.set(parts.db, (board = new Switchboard(parts)));
  return board.httpFor(connection, priority);
}

/** Ends all calls of this hub. None is to be begun afterwards. */
export async function closeHttp({ db }: Pick<SyncParts, 'db'>): Promise<void> {
  const board = switchboards.get(db);
  switchboards.delete(db);
  await board?.close();
}

interface Line {
  configuration: string;
  http: ConnectorHttp;
  retire(): void;
  close(): void;
}

class Switchboard {
  readonly #lines = new Map<string, Line>();
  readonly #retired = new Set<Line>();
  readonly #desks = new Map<string, PaceDesk>();
  readonly #stopped = new AbortController();
  readonly #metrics: CallMetrics;

  constructor(private readonly parts: SyncParts) {
    this.#metrics = callMetrics(parts.registry);
  }

  httpFor(connection: ConnectionRow, priority: Priority): ConnectorHttp {
    const key = `${connection.id} ${priority}`;
    const configuration = configurationOf(connection);
    const known = this.#lines.get(key);
    if (known?.configuration === configuration) return known.http;
    const line = this.#open(connection, priority, configuration);
    this.#lines.set(key, line);
    if (known) this.#retired.add(known);
    known?.retire();
    return line.http;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    for (const line of [...this.#lines.values(), ...this.#retired]) line.close();
    await Promise.all([...this.#desks.values()].map((desk) => desk.settled()));
  }

  #open(connection: ConnectionRow, priority: Priority, configuration: string): Line {
    const { parts } = this;
    const definition = parts.connectors.get(connection.connector)?.http;
    if (!definition) throw rejected(`this hub has no connector "${connection.connector}" that makes calls`);
    const client = httpClient({
      definition,
      settings: connection.settings,
      credentials: credentialsOf(parts, connection),
      now: () => parts.clock.now(),
      pacer: pacerOf(this.#desk(connection), connection.code, { priority, signal: this.#stopped.signal }),
      tokens: tokenKeeper({ ...parts, cipher: parts.services.get(credentialCipher), connection }),
      guard: parts.services.get(egressRules),
      ...(parts.httpLimits && { limits: parts.httpLimits }),
      report: (call) => {
        this.#metrics.report(connection.code, call);
        const { operation, status, durationMs, failure } = call;
        const facts = { integration: connection.code, operation, status, durationMs: Math.round(durationMs) };
        parts.log.debug({ ...facts, failure: failure?.kind }, 'a system was called');
      },
    });
    return this.#lineOf(connection, configuration, client);
  }

  /** Counts what is under way, so that a line that is replaced is closed behind its last call. */
  #lineOf(connection: ConnectionRow, configuration: string, client: ConnectorHttp & { close(): void }): Line {
    let underway = 0;
    let isRetired = false;
    const line: Line = {
      configuration,
      http: {
        send: (request) => this.#observe(connection, enter, leave, () => client.send(request)),
        lines: (request) => this.#observedLines(connection, enter, leave, () => client.lines(request)),
      },
      retire: () => {
        isRetired = true;
        if (underway === 0) line.close();
      },
      close: () => {
        this.#retired.delete(line);
        client.close();
      },
    };
    const enter = (): void => {
      underway += 1;
    };
    const leave = (): void => {
      underway -= 1;
      if (isRetired && underway === 0) line.close();
    };
    return line;
  }

  async #observe<T>(
    connection: ConnectionRow,
    enter: () => void,
    leave: () => void,
    work: () => Promise<T>,
  ): Promise<T> {
    enter();
    try {
      return await work();
    } catch (error) {
      await this.#noteRefusal(connection, error);
      throw error;
    } finally {
      leave();
    }
  }

  async *#observedLines(
    connection: ConnectionRow,
    enter: () => void,
    leave: () => void,
    work: () => AsyncIterable<string>,
  ): AsyncGenerator<string> {
    enter();
    try {
      yield* work();
    } catch (error) {
      await this.#noteRefusal(connection, error);
      throw error;
    } finally {
      leave();
    }
  }

  /** Credentials that are refused are refused to all: a person has to come. */
  async #noteRefusal(connection: ConnectionRow, error: unknown): Promise<void> {
    if (!(error instanceof ConnectorFailure) || error.kind !== 'unauthorized') return;
    const { parts } = this;
    try {
      await parts.db.transaction('note-refusal', async (tx) => {
        const current = await tx.one(selectConnection(connection.id));
        // Those that were refused have been replaced meanwhile.
        if (!current || configurationOf(current) !== configurationOf(connection)) return;
        const about = { integrationId: connection.id, condition: 'UNAUTHORIZED', reason: error.message } as const;
        await recordCondition(scopeOf(parts, tx, connection), about);
      });
    } catch (fault) {
      parts.log.warn({ err: fault, integration: connection.code }, 'a refusal could not be noted');
    }
  }

  #desk({ id }: ConnectionRow): PaceDesk {
    const known = this.#desks.get(id);
    if (known) return known;
    const { parts } = this;
    const desk = new PaceDesk(id, {
      ...parts,
      onTurn: async (tx, integrationId, turn, reason) => {
        const connection = (await tx.one(selectConnection(integrationId)))!;
        const condition = turn === 'opened' ? 'FAILING' : 'HEALTHY';
        await recordCondition(scopeOf(parts, tx, connection), {
          integrationId,
          condition,
          reason: turn === 'opened' ? reason : null,
        });
      },
    });
    this.#desks.set(id, desk);
    return desk;
  }
}

/** Tells a configuration from another without holding its secrets. */
function configurationOf({ connector, settings, credentials }: ConnectionRow): string {
  const hash = createHash('sha256').update(JSON.stringify([connector, settings]));
  return hash.update(credentials ?? '').digest('base64');
}
