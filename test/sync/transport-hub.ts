import 'reflect-metadata';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { openDatabase } from '../../src/app.js';
import {
  baseUrl,
  defineConnector,
  privateNetworkGuard,
  secret,
  secretBox,
  type Connector,
} from '../../src/connect/index.js';
import type { Database } from '../../src/db/database.js';
import type { Checkpoint } from '../../src/db/transaction.js';
import { Services } from '../../src/graph/context.js';
import {
  connectIntegration,
  connectorCatalog,
  credentialCipher,
  egressRules,
  engineCommands,
  selectConnectionByCode,
  type ConnectionRow,
} from '../../src/modules/integrations/index.js';
import { SYSTEM } from '../../src/shared/actor.js';
import { closeHttp, httpFor } from '../../src/sync/http.js';
import type { Priority } from '../../src/sync/pacing/bucket.rules.js';
import type { SyncParts } from '../../src/sync/parts.js';
import { recordedLog } from '../support/recorded-log.js';

export const SECRET_KEY = 'the secret key of a test';
export const CREDENTIAL = 'hush-hush-hush';

const settings = z.strictObject({ baseUrl: baseUrl() });
const credentials = z.strictObject({ key: secret('The key.') });
const limits = {
  default: { burst: 10, perSecond: 0.001 },
  wide: { burst: 1_000, perSecond: 1_000 },
  single: { burst: 1_000, perSecond: 1_000, concurrency: 1 },
};

/** A system with a key. */
const keyed = defineConnector({
  code: 'keyed',
  name: 'Keyed',
  kinds: ['CRM'],
  settings,
  credentials,
  streams: [],
  http: {
    baseUrl: (known) => known.settings.baseUrl,
    headers: (known) => ({ authorization: known.credentials.key }),
    limits,
    allowance: ({ headers }) => (headers['x-left'] === undefined ? null : { available: Number(headers['x-left']) }),
  },
});

/** A system with access tokens. */
const tokened = defineConnector({
  code: 'tokened',
  name: 'Tokened',
  kinds: ['CRM'],
  settings,
  credentials,
  streams: [],
  http: {
    baseUrl: (known) => known.settings.baseUrl,
    headers: ({ token }): Record<string, string> => (token ? { authorization: token.accessToken } : {}),
    limits,
    async token(http, { token, credentials: { key }, now }) {
      const form = { key, refresh: token?.refreshToken ?? 'first' };
      const { body } = await http.send({ operation: 'token', method: 'POST', path: '/token', form, limit: 'wide' });
      const told = body as { access: string; refresh?: string; seconds: string };
      const expiresAt = new Date(now.getTime() + Number(told.seconds) * 1000);
      return { accessToken: told.access, expiresAt, ...(told.refresh && { refreshToken: told.refresh }) };
    },
  },
});

const CONNECTORS = new Map<string, Connector>([keyed, tokened].map((connector) => [connector.code, connector]));

/** What one process has of the engine's transport. */
export class TransportHub {
  now = new Date('2026-03-01T12:00:00.000Z');
  readonly log = recordedLog();
  readonly registry = new Registry();
  readonly parts: SyncParts;

  private constructor(readonly db: Database) {
    const services = new Services()
      .provide(connectorCatalog, CONNECTORS)
      .provide(credentialCipher, secretBox(SECRET_KEY))
      .provide(egressRules, privateNetworkGuard([{ host: '127.0.0.1', port: null }]))
      // No engine runs here: there are no jobs to add.
      .provide(engineCommands, {
        syncNow: () => [],
        comparable: () => [],
        compareNow: () => [],
        reread: () => [],
        workOff: () => [],
        replay: () => [],
      });
    const { log, registry } = this;
    const clock = { now: () => this.now };
    this.parts = { db, clock, log, services, registry, connectors: CONNECTORS, publicUrl: () => 'https://hub.example' };
  }

  static async open(databaseUrl: string, checkpoint?: Checkpoint): Promise<TransportHub> {
    const log = recordedLog();
    return new TransportHub(await openDatabase({ databaseUrl, log, ...(checkpoint && { checkpoint }) }));
  }

  async connect(code: string, connector: string, url: string): Promise<ConnectionRow> {
    const input = { code, connector, settings: { baseUrl: url }, credentials: { key: CREDENTIAL } };
    await this.db.transaction('connect', (tx) => connectIntegration(this.scope(tx), input));
    return this.connection(code);
  }

  scope(tx: Parameters<Parameters<Database['transaction']>[1]>[0]) {
    const { services } = this.parts;
    return { tx, now: this.now, actor: SYSTEM, customerId: null, service: services.get.bind(services) };
  }

  async connection(code: string): Promise<ConnectionRow> {
    return (await this.db.readOne(selectConnectionByCode(code)))!;
  }

  http(connection: ConnectionRow, priority: Priority = 'live') {
    return httpFor(this.parts, connection, priority);
  }

  forward(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  async close(): Promise<void> {
    await closeHttp(this.parts);
    await this.db.close();
  }
}
