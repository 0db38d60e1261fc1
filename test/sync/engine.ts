import 'reflect-metadata';
import type pg from 'pg';
import { privateNetworkGuard, secretBox, type Connector } from '../../src/connect/index.js';
import type { Database } from '../../src/db/database.js';
import { openDatabase } from '../../src/app.js';
import type { Checkpoint } from '../../src/db/transaction.js';
import { Services } from '../../src/graph/context.js';
import type { ActionScope } from '../../src/graph/mutation.js';
import { hubServer } from '../../src/graph/server.js';
import {
  connectIntegration,
  connectorCatalog,
  credentialCipher,
  egressRules,
  engineCommands,
} from '../../src/modules/integrations/index.js';
import { SYSTEM } from '../../src/shared/actor.js';
import { commandsOf, startSync } from '../../src/sync/index.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { recordedLog } from '../support/recorded-log.js';
import { fakeVendor, SECRET } from './fake-vendor.js';
import { ledgerVendor, tallyVendor } from './ledger-vendor.js';
import { pullVendor } from './pull-vendor.js';

export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const SECRET_KEY = 'the secret key of a test';
const silent: Connector = { ...fakeVendor, code: 'silent-vendor', hasWebhooks: false, webhooks: null };

/** What the engine needs of app.ts, with the fake vendor for a connector. */
export function engineParts(db: Database, log = recordedLog()) {
  const connectors = new Map(
    [fakeVendor, silent, pullVendor, ledgerVendor, tallyVendor].map((connector) => [connector.code, connector]),
  );
  const services = new Services()
    .provide(connectorCatalog, connectors)
    .provide(credentialCipher, secretBox(SECRET_KEY))
    .provide(engineCommands, commandsOf(connectors))
    .provide(egressRules, privateNetworkGuard([{ host: '127.0.0.1', port: null }]));
  return { db, clock: { now: () => NOW }, log, services, connectors, publicUrl: () => 'https://hub.example' };
}

export interface EngineOptions {
  checkpoint?: Checkpoint;
  /** A database that outlives the engine; it is not dropped. */
  fresh?: FreshDatabase;
  /** Reaches the database and runs no job. */
  idle?: boolean;
}

export class Engine {
  private constructor(
    readonly db: Database,
    readonly url: string,
    readonly log: ReturnType<typeof recordedLog>,
    readonly stop: () => Promise<void>,
    private readonly parts: ReturnType<typeof engineParts>,
  ) {}

  static async start({ checkpoint, fresh, idle }: EngineOptions = {}): Promise<Engine> {
    const database = fresh ?? (await freshDatabase());
    const log = recordedLog();
    const db = await openDatabase({ databaseUrl: database.url, log, ...(checkpoint && { checkpoint }) });
    const parts = engineParts(db, log);
    const sync = idle ? { routes: [], stop: () => Promise.resolve() } : await startSync(parts);
    const server = hubServer(sync.routes, log);
    const port = await server.listen(0, '127.0.0.1');
    const stop = async () => {
      await server.drain(1_000);
      await sync.stop();
      await db.close();
      if (!fresh) await database.drop();
    };
    return new Engine(db, `http://127.0.0.1:${port}/webhooks`, log, stop, parts);
  }

  async connect(code = 'shop', connector = 'fake-vendor', settings: object = {}): Promise<string> {
    const { services } = this.parts;
    const credentials = connector === 'pull-vendor' ? {} : { secret: SECRET };
    const input = { code, connector, settings, credentials };
    await this.db.transaction('connect', (tx) =>
      connectIntegration({ tx, now: NOW, actor: SYSTEM, customerId: null, service: (key) => services.get(key) }, input),
    );
    return `${this.url}/${code}`;
  }

  /** Does to an integration what an action does. */
  async act<T>(action: (scope: ActionScope) => Promise<T>): Promise<T> {
    const { services } = this.parts;
    return this.db.transaction('act', (tx) =>
      action({ tx, now: NOW, actor: SYSTEM, customerId: null, service: (key) => services.get(key) }),
    );
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.db.pool.query<Row>(text, values)).rows;
  }

  async count(table: string): Promise<number> {
    return (await this.rows<{ count: number }>(`select count(*)::int as count from ${table}`))[0]!.count;
  }

  /** The inbox, or an integration's part of it, once nothing in it waits. */
  async inbox(
    code?: string,
  ): Promise<{ id: string; event_id: string; status: string; detail: string; attempts: number }[]> {
    const theirs = `from inbox_message m join integration i on i.id = m.integration_id where ($1::text is null or i.code = $1)`;
    await eventually('the inbox to be worked off', async () => {
      const [open] = await this.rows<{ count: number }>(
        `select count(*)::int as count ${theirs} and m.status = 'RECEIVED'`,
        [code ?? null],
      );
      return open!.count === 0;
    });
    return this.rows(`select m.id, m.event_id, m.status, m.detail, m.attempts ${theirs} order by m.event_id`, [
      code ?? null,
    ]);
  }

  /** Jobs that wait for their next attempt run now: tests do not sit out the pauses. */
  async hurryJobs(): Promise<void> {
    await this.rows(
      `with m as (update inbox_message set due_at = null where status = 'RECEIVED' returning integration_id, lane)
       select ask_for_job('work-off-lane', json_build_object('integrationId', integration_id::text, 'lane', lane % 4),
         'inbox:' || integration_id || ':' || lane % 4) from m`,
    );
    await this.rows(
      `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where locked_at is null), run_at => now())`,
    );
    await this.rows(`select pg_notify('jobs:insert', '{"count":1}')`);
  }
}
