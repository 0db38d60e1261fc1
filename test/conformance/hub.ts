import 'reflect-metadata';
import type pg from 'pg';
import { openDatabase } from '../../src/app.js';
import { privateNetworkGuard, secretBox, type Connector, type SecretBox } from '../../src/connect/index.js';
import type { Database } from '../../src/db/database.js';
import type { Checkpoint } from '../../src/db/transaction.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { Services } from '../../src/graph/context.js';
import type { ActionScope } from '../../src/graph/mutation.js';
import { hubServer } from '../../src/graph/server.js';
import {
  connectorCatalog,
  credentialCipher,
  egressRules,
  engineCommands,
} from '../../src/modules/integrations/index.js';
import { verificationSettings } from '../../src/modules/order-flow/index.js';
import { sellerSettings } from '../../src/modules/orders/index.js';
import { SYSTEM } from '../../src/shared/actor.js';
import { commandsOf, startSync } from '../../src/sync/index.js';
import { migrateJobs } from '../../src/sync/jobs/worker.js';
import { recordedLog, type LogLine } from '../support/recorded-log.js';

/** The code of the one integration of a run. */
export const INTEGRATION = 'conformance';
/** An answer that never ends is given up early, since so many are tried. */
const HTTP_LIMITS = { timeoutMs: 1_500, maxBytes: 2 * 1024 * 1024 };

export interface HubOptions {
  databaseUrl: string;
  connector: Connector;
  clock: { now(): Date };
  checkpoint?: Checkpoint;
  lines?: LogLine[];
  /** Reaches the database and runs no job. */
  isIdle?: boolean;
}

/** A hub without a graph: its database, its event log, and the engine with one connector. */
export class ConformanceHub {
  private constructor(
    readonly db: Database,
    readonly log: ReturnType<typeof recordedLog>,
    readonly cipher: SecretBox,
    /** Where the integration's webhooks go. */
    readonly webhookUrl: string,
    readonly stop: () => Promise<void>,
    private readonly services: Services,
    private readonly clock: { now(): Date },
  ) {}

  static async start(options: HubOptions): Promise<ConformanceHub> {
    const { databaseUrl, connector, clock, checkpoint, lines, isIdle } = options;
    const log = recordedLog(lines);
    const db = await openDatabase({ databaseUrl, log, ...(checkpoint && { checkpoint }) });
    const connectors = new Map([[connector.code, connector]]);
    const cipher = secretBox('the secret key of a run of the conformance kit');
    const services = new Services()
      .provide(connectorCatalog, connectors)
      .provide(credentialCipher, cipher)
      .provide(verificationSettings, verificationSettings.usual)
      .provide(sellerSettings, { country: 'IT', currency: 'EUR', taxRounding: 'LINE', returnWindowDays: 14 })
      .provide(engineCommands, commandsOf(connectors))
      .provide(egressRules, privateNetworkGuard([{ host: '127.0.0.1', port: null }]));
    const parts = {
      db,
      clock,
      log,
      services,
      connectors,
      publicUrl: () => url,
      httpLimits: HTTP_LIMITS,
      straggleMs: 0,
    };
    if (isIdle) await migrateJobs(db.url, log);
    const sync = isIdle ? { routes: [], stop: () => Promise.resolve() } : await startSync(parts);
    const sequencer = new Sequencer(db.url, log);
    if (!isIdle) sequencer.start();
    const server = hubServer(sync.routes, log);
    const url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
    const stop = async (): Promise<void> => {
      await server.drain(1_000);
      await sync.stop();
      if (!isIdle) await sequencer.stop();
      await db.close();
    };
    return new ConformanceHub(db, log, cipher, `${url}/webhooks/${INTEGRATION}`, stop, services, clock);
  }

  act<T>(work: (scope: ActionScope) => Promise<T>): Promise<T> {
    return this.db.transaction('conformance', (tx) =>
      work({
        tx,
        now: this.clock.now(),
        actor: SYSTEM,
        customerId: null,
        service: (key) => this.services.get(key),
      }),
    );
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.db.pool.query<Row>(text, values)).rows;
  }
}
