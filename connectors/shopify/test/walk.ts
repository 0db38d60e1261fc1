import {
  ConnectorFailure,
  Faults,
  loneHttp,
  parseJsonExactly,
  type Change,
  type ConnectorHttp,
  type FaultMode,
  type PulledRecord,
  type Sandbox,
  type StreamContext,
} from '#connect';
import shopify from '../index.js';

export const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
  { sku: 'DESK-1', name: 'Desk', price: '310.00', taxRate: '0.22' },
];
export const NOW = new Date('2026-03-01T10:00:00Z');
const clock = { now: () => NOW };

export interface Connected {
  shop: Sandbox;
  http: ConnectorHttp & { close(): void };
  context: StreamContext<unknown, unknown>;
  faults: Faults;
  stop(): Promise<void>;
}

/** A sandbox and a way to it. */
export async function connected({
  modes = [],
  share = 0.3,
  firstNumber = 1,
  settings: more = {},
}: { modes?: FaultMode[]; share?: number; firstNumber?: number; settings?: object } = {}): Promise<Connected> {
  const faults = new Faults({ seed: 5, modes, share });
  const shop = await shopify.sandbox!.start({
    webhookUrl: null,
    secret: 'hush',
    products: PRODUCTS,
    seed: 7,
    firstNumber,
    faults,
    clock,
  });
  const { settings: given, credentials } = shopify.sandbox!.connection('hush');
  const settings = { ...given, ...more, baseUrl: shop.baseUrl };
  const http = loneHttp(shopify, { settings, credentials, now: clock.now });
  const stop = () => {
    http.close();
    return shop.stop();
  };
  return { shop, http, context: { settings, credentials, http, now: clock.now }, faults, stop };
}

const TRIES = 300;

/** Tries until it is let through, like the engine; gives up on what stays. */
export async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ConnectorFailure) || tries >= TRIES) throw error;
    }
  }
}

/** All pages of a walk, as the engine asks for them: a place that leads back is tried again. */
export async function walk(
  stream: string,
  { context }: Connected,
  since: Date | null,
): Promise<{ records: PulledRecord[]; pages: number; waits: number }> {
  const pull = shopify.pull.get(stream)!;
  const records: PulledRecord[] = [];
  const seen = new Set<string>();
  let waits = 0;
  for (let cursor: string | null = null, pages = 1; ; pages += 1) {
    const page = await insist(async () => {
      const read = await pull.page(context, { since, cursor });
      if (read.waitMs === undefined && read.next !== null && (read.next === cursor || seen.has(read.next))) {
        throw new ConnectorFailure('unexpected_shape', 'the page leads back');
      }
      return read;
    });
    records.push(...page.records);
    if (page.waitMs !== undefined) waits += 1;
    if (page.next === null) return { records, pages, waits };
    seen.add(page.next);
    cursor = page.next;
  }
}

/** What the records say in the end: each state once, the newest of each thing; what cannot be read left out. */
export function said(stream: string, records: readonly PulledRecord[], { context }: Connected): Map<string, Change> {
  const newest = new Map<string, Change>();
  for (const { raw } of records) {
    for (const change of readOrNone(stream, raw, context.settings)) {
      const [id, at] = placeOf(change);
      const before = newest.get(id);
      if (!before || placeOf(before)[1] <= at) newest.set(id, change);
    }
  }
  return new Map([...newest].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readOrNone(stream: string, raw: unknown, settings: unknown): Change[] {
  try {
    // As it comes back from where it was kept.
    return shopify.pull.get(stream)!.read(parseJsonExactly(Buffer.from(JSON.stringify(raw))), { settings });
  } catch (error) {
    if (error instanceof ConnectorFailure) return [];
    throw error;
  }
}

function placeOf(change: Change): [id: string, at: number] {
  const stated = Object.values(change).find((value) => typeof value === 'object') as {
    externalId: string;
    sourceVersion: Date;
  };
  return [`${change.kind} ${stated.externalId}`, stated.sourceVersion.getTime()];
}
