import { z } from 'zod';
import {
  baseUrl,
  ConnectorFailure,
  defineConnector,
  serveSandbox,
  type Connector,
  type Sending,
  type Sent,
  type ServedSandbox,
  type StreamContext,
} from '../../src/connect/index.js';
import type { OutgoingKind, OutgoingRecords } from '../../src/shared/outgoing/index.js';

const settings = z.strictObject({ baseUrl: baseUrl().default('http://127.0.0.1'), skip: z.string().optional() });
const credentials = z.strictObject({ secret: z.string() });
type Settings = z.infer<typeof settings>;
type Credentials = z.infer<typeof credentials>;
type Record = OutgoingRecords[OutgoingKind];

/** What is sent to the vendor of one record. */
export interface Told {
  stream: string;
  key: string;
  mayHaveArrived: boolean;
  record: Record;
}
interface Answer {
  id?: string | null;
  version?: string;
  refusal?: string;
}

async function send(
  { http }: StreamContext<Settings, Credentials>,
  stream: string,
  batch: readonly { record: Record; idempotencyKey: string; mayHaveArrived: boolean }[],
): Promise<(Sent | ConnectorFailure)[]> {
  const told = batch.map(({ record, idempotencyKey: key, mayHaveArrived }) => ({
    stream,
    key,
    mayHaveArrived,
    record,
  }));
  const { body } = await http.send({ operation: `tell ${stream}`, method: 'POST', path: `/${stream}`, json: told });
  return (body as Answer[]).map(({ id = null, version, refusal }) =>
    refusal === undefined
      ? {
          externalId: id,
          ...(id !== null && { externalUrl: `https://vendor.example/${id}` }),
          ...(version && { version }),
        }
      : new ConnectorFailure('rejected', refusal),
  );
}

function push<K extends OutgoingKind>(of: K, most: number, more: { tellsAllAtFirst?: boolean } = {}) {
  return {
    of,
    most,
    ...more,
    concerns: (record: OutgoingRecords[K], { settings: { skip } }: { settings: Settings }) =>
      skip === undefined || !JSON.stringify(record).includes(skip),
    send: (context: StreamContext<Settings, Credentials>, batch: readonly Sending<K>[]) =>
      send(context, STREAM_OF[of], batch),
  };
}
const STREAM_OF = {
  stock: 'stock',
  customer: 'customers',
  product: 'products',
  order: 'orders',
  shipment: 'shipments',
  quote: 'quotes',
};

function connector(code: string, kinds: OutgoingKind[], channelKind?: 'WEB_SHOP'): Connector {
  return defineConnector<Settings, Credentials>({
    code,
    name: code,
    kinds: ['CHANNEL'],
    ...(channelKind && { channelKind }),
    settings,
    credentials,
    streams: kinds.map((kind) => STREAM_OF[kind]),
    http: {
      baseUrl: ({ settings: { baseUrl: url } }) => url,
      headers: ({ credentials: { secret } }) => ({ authorization: secret }),
      limits: { default: { burst: 100, perSecond: 100 } },
    },
    push: Object.fromEntries(
      kinds.map((kind) => [
        STREAM_OF[kind],
        push(kind, kind === 'order' ? 2 : 10, { tellsAllAtFirst: kind === 'stock' }),
      ]),
    ),
  });
}

/** A shop hears of stock, orders and shipments; a back office of everything. */
export const shop = connector('push-shop', ['stock', 'order', 'shipment', 'customer'], 'WEB_SHOP');
export const office = connector('push-office', ['customer', 'product', 'order', 'shipment', 'quote']);

/** What the vendor does with the next call: `lost` does what is asked and breaks the connection. */
export type Whim =
  | { status: number; headers?: { [name: string]: string }; body?: unknown }
  | 'lost'
  | { hold: Promise<void>; reached: () => void };

/** A system on loopback that makes a new record for whatever it is told without an id of its own, as most do. */
export class PushVendor {
  readonly told: Told[] = [];
  readonly records = new Map<string, { ref: string; version: number }>();
  /** Records that were told of twice at the same time. */
  overlaps = 0;
  readonly whims: Whim[] = [];
  /** Refuses records that contain the text: each by itself, or the whole call. */
  refusesText: string | null = null;
  refusesWhole = false;
  readonly #underway = new Map<string, number>();
  #count = 0;

  private constructor(private served: ServedSandbox) {}

  static async start(): Promise<PushVendor> {
    const vendor: PushVendor = new PushVendor(
      await serveSandbox({
        answer: ({ body }) => vendor.#answer(JSON.parse(body.toString('utf8')) as Told[]),
        throttled: () => ({ status: 429 }),
        failed: () => ({ status: 500 }),
      }),
    );
    return vendor;
  }

  get url(): string {
    return this.served.baseUrl;
  }

  close(): Promise<void> {
    return this.served.close();
  }

  /** What was told of one record, oldest first. */
  toldOf<K extends OutgoingKind>(stream: string, hubId: string): (Told & { record: OutgoingRecords[K] })[] {
    const told = this.told.filter((one) => one.stream === stream && one.record.hubId === hubId);
    return told as (Told & { record: OutgoingRecords[K] })[];
  }

  /** The ids under which the vendor has a record of the hub's. */
  idsOf(hubId: string): string[] {
    return [...this.records].filter(([, { ref }]) => ref === hubId).map(([id]) => id);
  }

  async #answer(batch: Told[]) {
    this.told.push(...batch);
    for (const { record } of batch) this.#enter(record.hubId);
    try {
      const whim = this.whims.shift();
      if (whim && whim !== 'lost') {
        if (!('hold' in whim)) return { body: null, ...whim };
        whim.reached();
        await whim.hold;
      }
      if (this.refusesWhole && batch.some((told) => this.#refuses(told)))
        return { status: 422, body: { error: 'one of these is not welcome' } };
      const answers = batch.map((told) => this.#keep(told));
      // No JSON and cut short: the caller cannot tell what became of it.
      return whim === 'lost' ? { status: 500, body: { error: 'lost' } } : { status: 200, body: answers };
    } finally {
      for (const { record } of batch) this.#underway.set(record.hubId, this.#underway.get(record.hubId)! - 1);
    }
  }

  #enter(hubId: string): void {
    const others = this.#underway.get(hubId) ?? 0;
    if (others > 0) this.overlaps += 1;
    this.#underway.set(hubId, others + 1);
  }

  #refuses({ record }: Told): boolean {
    return this.refusesText !== null && JSON.stringify(record).includes(this.refusesText);
  }

  #keep(told: Told): Answer {
    const { record, mayHaveArrived, stream } = told;
    if (this.#refuses(told)) return { refusal: `${stream}: not welcome` };
    const found = record.externalId ?? (mayHaveArrived ? this.idsOf(record.hubId)[0] : undefined);
    const id = found ?? `${stream}-${(this.#count += 1)}`;
    const version = (this.records.get(id)?.version ?? 0) + 1;
    this.records.set(id, { ref: record.hubId, version });
    return { id, version: `${id}@${version}` };
  }
}
