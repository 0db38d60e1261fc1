import 'reflect-metadata';
import type pg from 'pg';
import { openDatabase } from '../../src/app.js';
import { loneHttp, privateNetworkGuard, secretBox, type Connector } from '../../src/connect/index.js';
import type { Database } from '../../src/db/database.js';
import type { Checkpoint } from '../../src/db/transaction.js';
import { appendEvents } from '../../src/events/append.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { Services } from '../../src/graph/context.js';
import type { ActionScope } from '../../src/graph/mutation.js';
import { upsertProduct } from '../../src/modules/catalog/index.js';
import { upsertCustomer, type CustomerValues, CUSTOMER_PREFIX } from '../../src/modules/customers/index.js';
import {
  connectIntegration,
  connectorCatalog,
  credentialCipher,
  egressRules,
  engineCommands,
  type ConnectionRow,
  type IntegrationStatus,
} from '../../src/modules/integrations/index.js';
import { verificationSettings } from '../../src/modules/order-flow/index.js';
import { sellerSettings } from '../../src/modules/orders/index.js';
import { adjustStock, upsertStockLocation } from '../../src/modules/stock/index.js';
import { SYSTEM, type Actor } from '../../src/shared/actor.js';
import { typeId } from '../../src/shared/ids.js';
import { commandsOf } from '../../src/sync/commands.js';
import { credentialsOf } from '../../src/sync/parts.js';
import { startPush, type PushParts } from '../../src/sync/push/index.js';
import { migrateJobs } from '../../src/sync/jobs/worker.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { UNASKED } from '../support/hub.js';
import { recordedLog } from '../support/recorded-log.js';
import { office, shop } from './push-vendor.js';

const BEGIN = new Date('2026-03-01T12:00:00.000Z');
const connectors = new Map<string, Connector>([shop, office].map((connector) => [connector.code, connector]));

/** A hub without a graph: its database, its event log's sequencer, and what tells connected systems. */
export class PushHub {
  now = BEGIN;
  readonly log = recordedLog();
  readonly parts: PushParts;
  readonly #stops: (() => Promise<void>)[] = [];

  private constructor(readonly db: Database) {
    const services = new Services()
      .provide(connectorCatalog, connectors)
      .provide(credentialCipher, secretBox('the secret key of a test'))
      .provide(verificationSettings, { ...verificationSettings.usual, ...UNASKED })
      .provide(sellerSettings, { country: 'IT', currency: 'EUR', taxRounding: 'LINE', returnWindowDays: 14 })
      .provide(egressRules, privateNetworkGuard([{ host: '127.0.0.1', port: null }]))
      .provide(engineCommands, commandsOf(connectors));
    const https = new Map<string, ReturnType<typeof loneHttp>>();
    this.parts = {
      db,
      clock: { now: () => this.now },
      log: this.log,
      services,
      connectors,
      publicUrl: () => 'https://hub.example',
      straggleMs: 0,
      httpFor: (connection: ConnectionRow) => {
        const known = https.get(connection.id) ?? this.#httpTo(connection);
        https.set(connection.id, known);
        return known;
      },
    };
  }

  /** `idle`: nothing is told but by hand. */
  static async start(
    fresh: FreshDatabase,
    options: { checkpoint?: Checkpoint; idle?: boolean } = {},
  ): Promise<PushHub> {
    const { checkpoint, idle } = options;
    const db = await openDatabase({ databaseUrl: fresh.url, log: recordedLog(), ...(checkpoint && { checkpoint }) });
    const hub = new PushHub(db);
    await migrateJobs(db.url, hub.log);
    if (idle) return hub;
    const sequencer = new Sequencer(db.url, hub.log);
    sequencer.start();
    const push = await startPush(hub.parts);
    hub.#stops.push(push.stop, () => sequencer.stop());
    return hub;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
    await this.db.close();
  }

  #httpTo(connection: ConnectionRow) {
    const http = loneHttp(connectors.get(connection.connector)!, {
      settings: connection.settings,
      credentials: credentialsOf(this.parts, connection),
      now: () => this.now,
    });
    this.#stops.push(() => Promise.resolve(http.close()));
    return http;
  }

  /** Runs an action as the actor; the hub's own hand, if left out. */
  act<T>(work: (scope: ActionScope) => Promise<T>, actor: Actor = SYSTEM): Promise<T> {
    const { services } = this.parts;
    return this.db.transaction('act', (tx) =>
      work({ tx, now: this.now, actor, customerId: null, service: (key) => services.get(key) }),
    );
  }

  async connect(code: string, connector: Connector, url: string, more: object = {}): Promise<Actor> {
    const input = {
      code,
      name: code,
      connector: connector.code,
      settings: { baseUrl: url, ...more },
      credentials: { secret: 's' },
    };
    const { integrationId } = await this.act((scope) => connectIntegration(scope, input));
    return { kind: 'INTEGRATION', id: integrationId, name: code };
  }

  async setStatus(integration: Actor, to: IntegrationStatus): Promise<void> {
    await this.act(async ({ tx, now, actor }) => {
      const { rows } = await tx.client.query<{ event_count: number }>(
        'update integration set status = $2, version = version + 1, event_count = event_count + 1 where id = $1 returning event_count',
        [integration.id, to],
      );
      const sequence = rows[0]!.event_count;
      const event = { subjectKind: 'integration', subjectId: integration.id!, sequence, at: now, actor };
      await appendEvents(tx, [{ ...event, type: 'STATUS_CHANGED', message: to, statusTo: to }]);
    });
  }

  /** Answers the graph's id. */
  async customer(values: CustomerValues, actor?: Actor): Promise<string> {
    const { customerId } = await this.act((scope) => upsertCustomer(scope, values), actor);
    return typeId(CUSTOMER_PREFIX, customerId);
  }

  async product(sku: string, onHand: string): Promise<void> {
    await this.act((scope) => upsertStockLocation(scope, { code: 'MILAN' }));
    await this.act((scope) => upsertProduct(scope, { sku, name: `Product ${sku}` }));
    await this.count(sku, onHand);
  }

  async count(sku: string, setTo: string, actor?: Actor): Promise<void> {
    const input = { sku, location: 'MILAN', setTo, reason: 'Counted' };
    await this.act((scope) => adjustStock(scope, input), actor);
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.db.pool.query<Row>(text, values)).rows;
  }

  items(integration: Actor, stream: string) {
    return this.rows<{
      state: string;
      attempts: number;
      due_at: string;
      last_error: string | null;
      may_have_arrived: boolean;
    }>(
      `select state, attempts, due_at, last_error, may_have_arrived from push_item
        where integration_id = $1 and stream = $2 order by record_id`,
      [integration.id, stream],
    );
  }

  async statusOf(integration: Actor): Promise<string> {
    const rows = await this.rows<{ status: string }>('select status from integration where id = $1', [integration.id]);
    return rows[0]!.status;
  }

  /** Waits until all that happened is followed and nothing is due that could be told now. */
  async quiet(): Promise<void> {
    await eventually('all that is due to be told', async () => {
      const [row] = await this.rows<{ is_quiet: boolean }>(
        `select (select position from push_position) = (select count(*) from event)
            and not exists (select from push_item p join integration i on i.id = p.integration_id
                              join push_stream s on s.integration_id = p.integration_id and s.stream = p.stream
                             where p.state = 'SENDING'
                                or (p.state = 'DUE' and p.due_at <= $1 and coalesce(s.waits_until <= $1, true)
                                    and i.status not in ('PAUSED', 'UNAUTHORIZED', 'DISCONNECTED')))
            and not exists (select from sync_stream where walk is not null) as is_quiet`,
        [this.now.toISOString()],
      );
      return row!.is_quiet;
    });
  }

  /** Time passes, and jobs that wait for it run. */
  async later(ms: number): Promise<void> {
    // A job that runs leaves the next one when it ends.
    await eventually('the jobs that run to end', async () => {
      const running = await this.rows(
        `select from graphile_worker.jobs where task_identifier = 'push-stream' and locked_at is not null`,
      );
      return running.length === 0;
    });
    this.now = new Date(this.now.getTime() + ms);
    await this.rows(
      `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where locked_at is null), run_at => now())`,
    );
    await this.rows(`select pg_notify('jobs:insert', '{"count":1}')`);
  }
}
