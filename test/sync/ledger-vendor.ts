import { z } from 'zod';
import {
  baseUrl,
  defineConnector,
  readWire,
  serveSandbox,
  type Change,
  type Connector,
  type ServedSandbox,
} from '../../src/connect/index.js';

const PAGE = 5;
const settings = z.strictObject({ baseUrl: baseUrl().default('http://127.0.0.1') });
type Settings = z.infer<typeof settings>;
const credentials = z.strictObject({ secret: z.string() });
type Credentials = z.infer<typeof credentials>;

const wire = z.object({
  id: z.string(),
  version: z.string(),
  name: z.string().optional(),
  email: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
  available: z.string().optional(),
});
export type LedgerRecord = z.infer<typeof wire>;

/** A stream of records that are listed by change, one by one, and by id and version alone. */
function pullOf(path: string, of: 'customer' | 'stock', read: (record: LedgerRecord) => Change[]) {
  type Pull = NonNullable<Parameters<typeof defineConnector<Settings, Credentials>>[0]['pull']>[string];
  const pulled = (raw: LedgerRecord) => {
    return { externalId: raw.id, version: raw.version, modifiedAt: new Date(raw.version), raw };
  };
  const pull: Pull = {
    of,
    everyMs: 3_600_000,
    overlapMs: 60_000,
    async page({ http }, { since, cursor }) {
      const query = { since: since?.toISOString(), cursor: cursor ?? undefined };
      const { body } = await http.send({ operation: 'list', method: 'GET', path, query });
      const { records, next } = readWire(z.object({ records: z.array(wire), next: z.string().nullable() }), body);
      return { records: records.map(pulled), next };
    },
    async one({ http }, externalId) {
      const asked = { operation: 'get', method: 'GET', path: `${path}/${externalId}`, accept: [404] } as const;
      const { status, body } = await http.send(asked);
      return status === 404 ? null : pulled(readWire(wire, body));
    },
    async census({ http }, cursor) {
      const query = { cursor: cursor ?? undefined };
      const { body } = await http.send({ operation: 'census', method: 'GET', path: `/census${path}`, query });
      const { records, next } = readWire(z.object({ records: z.array(wire), next: z.string().nullable() }), body);
      return { records: records.map(({ id, version }) => ({ externalId: id, version })), next };
    },
    read: (raw) => read(readWire(wire, raw)),
  };
  return pull;
}

/** A vendor of the tests' own that keeps customers both ways and is told what the hub has in stock. */
export const ledgerVendor: Connector = defineConnector<Settings, Credentials>({
  code: 'ledger-vendor',
  name: 'Ledger',
  kinds: ['ERP'],
  settings,
  credentials,
  streams: ['customers', 'stock'],
  http: {
    baseUrl: ({ settings: { baseUrl: url } }) => url,
    headers: () => ({}),
    limits: { default: { burst: 10_000, perSecond: 10_000 } },
  },
  pull: {
    customers: pullOf('/customers', 'customer', ({ id, version, name, email, phone }) => [
      { kind: 'customer', customer: { externalId: id, sourceVersion: new Date(version), name: name!, email, phone } },
    ]),
    stock: pullOf('/stock', 'stock', () => []),
  },
  push: {
    customers: {
      of: 'customer',
      most: 10,
      async send({ http }, batch) {
        const json = batch.map(({ record: { externalId, name, email, phone } }) => ({
          id: externalId,
          name,
          email,
          phone,
        }));
        const { body } = await http.send({ operation: 'tell', method: 'POST', path: '/customers', json });
        return readWire(z.array(wire), body).map(({ id, version }) => ({ externalId: id, version }));
      },
    },
    stock: {
      of: 'stock',
      most: 10,
      differs: (raw, { available }) => {
        const there = readWire(wire, raw).available;
        return there === available ? [] : [{ field: 'available', told: available, there }];
      },
      async send({ http }, batch) {
        const json = batch.map(({ record: { sku, available } }) => ({ id: `level-${sku}`, available }));
        const { body } = await http.send({ operation: 'tell', method: 'POST', path: '/stock', json });
        return readWire(z.array(wire), body).map(({ id, version }) => ({ externalId: id, version }));
      },
    },
  },
});

/** The same system where it is told nothing of stock: it counts by itself. */
export const tallyVendor: Connector = {
  ...ledgerVendor,
  code: 'tally-vendor',
  push: new Map([...ledgerVendor.push].filter(([, { of }]) => of !== 'stock')),
};

export class Ledger {
  readonly customers = new Map<string, LedgerRecord>();
  readonly stock = new Map<string, LedgerRecord>();
  /** Paths that were asked for, with the cursor. */
  readonly asked: string[] = [];
  /** What a call waits for, if anything. */
  readonly fails: { path: string; status: number }[] = [];
  #writes = 0;

  private constructor(private served: ServedSandbox) {}

  static async start(): Promise<Ledger> {
    const ledger: Ledger = new Ledger(
      await serveSandbox({
        answer: ({ method, path, query, body }) => {
          const [, area, kind] = /^(\/census)?\/(customers|stock)/.exec(path) ?? [];
          const records = kind === 'stock' ? ledger.stock : ledger.customers;
          const cursor = query.get('cursor');
          ledger.asked.push(`${method} ${path}${cursor ? `?${cursor}` : ''}`);
          const failing = ledger.fails.findIndex((each) => path.startsWith(each.path));
          if (failing >= 0) return { status: ledger.fails.splice(failing, 1)[0]!.status, body: {} };
          if (method === 'POST') {
            return { status: 200, body: ledger.#keep(records, JSON.parse(body.toString()) as LedgerRecord[]) };
          }
          const [, id] = /^\/(?:customers|stock)\/(.+)$/.exec(path) ?? [];
          if (id === undefined) return { status: 200, body: pageOf(records, area ? null : query.get('since'), cursor) };
          const found = records.get(id);
          return found ? { status: 200, body: found } : { status: 404, body: {} };
        },
        throttled: () => ({ status: 429 }),
        failed: () => ({ status: 500 }),
      }),
    );
    return ledger;
  }

  get url(): string {
    return this.served.baseUrl;
  }

  close(): Promise<void> {
    return this.served.close();
  }

  #keep(records: Map<string, LedgerRecord>, told: LedgerRecord[]): LedgerRecord[] {
    return told.map((record) => {
      this.#writes += 1;
      const id = record.id ?? `made-${this.#writes}`;
      // Told later than anything else of the record, and well before the tests' time.
      const version = new Date(Date.UTC(2026, 2, 1, 11, 0, this.#writes)).toISOString();
      const kept = { ...records.get(id), ...record, id, version };
      records.set(id, kept);
      return kept;
    });
  }
}

function pageOf(records: Map<string, LedgerRecord>, since: string | null, cursor: string | null) {
  const changed = [...records.values()]
    .filter(({ version }) => since === null || version >= since)
    .sort((a, b) => (`${a.version} ${a.id}` < `${b.version} ${b.id}` ? -1 : 1));
  const from = Number(cursor ?? 0);
  return {
    records: changed.slice(from, from + PAGE),
    next: from + PAGE < changed.length ? String(from + PAGE) : null,
  };
}
