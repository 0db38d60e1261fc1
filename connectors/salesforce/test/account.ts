import {
  ConnectorFailure,
  Faults,
  loneHttp,
  type AnyPush,
  type Change,
  type FaultMode,
  type OutgoingKind,
  type OutgoingRecords,
  type PulledPage,
  type PulledRecord,
  type PushDefinition,
  type SandboxOptions,
  type Sent,
} from '#connect';
import salesforce from '../index.js';
import { connection, start } from '../sandbox/index.js';

export const SECRET = 'hush-hush';
export const NOW = new Date('2026-03-01T10:00:00Z');
const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
  { sku: 'DESK-1', name: 'Desk', price: '310.00', taxRate: '0.22' },
];

/** A sandbox and a hub’s end of the line to it. */
export async function openOrg({
  through = (url) => url,
  settings: more = {},
  ...options
}: Partial<SandboxOptions> & { through?: (url: string) => string; settings?: object } = {}) {
  const sandbox = await start({
    webhookUrl: null,
    secret: SECRET,
    products: PRODUCTS,
    seed: 11,
    clock: { now: () => NOW },
    ...options,
  });
  sandbox.instanceUrl = through(sandbox.baseUrl);
  const given = connection(SECRET);
  const { settings, credentials, issues } = salesforce.check(
    { ...given.settings, baseUrl: through(sandbox.baseUrl), ...more },
    given.credentials,
  );
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  const http = loneHttp(salesforce, { settings, credentials, now: () => NOW });
  const context = { settings, credentials, http, now: () => NOW };
  return {
    sandbox,
    context,
    async close() {
      http.close();
      await sandbox.stop();
    },
  };
}
export type OpenOrg = Awaited<ReturnType<typeof openOrg>>;
export type Context = OpenOrg['context'];

const MOST_TRIES = 60;

/** Walks a stream to its end, trying again as the engine does; in the order in which the records came. */
export async function walk(
  context: Context,
  stream: string,
  since: Date | null = null,
): Promise<{ records: PulledRecord[]; pages: PulledPage[] }> {
  const pull = salesforce.pull.get(stream)!;
  const pages: PulledPage[] = [];
  let cursor: string | null = null;
  do {
    const from: { since: Date | null; cursor: string | null } = { since, cursor };
    const page: PulledPage = await patiently(() => pull.page(context, from));
    pages.push(page);
    cursor = page.next;
  } while (cursor !== null);
  return { records: pages.flatMap(({ records }) => records), pages };
}

export async function census(context: Context, stream: string): Promise<Map<string, string>> {
  const pull = salesforce.pull.get(stream)!;
  const found = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const at: string | null = cursor;
    const page: Awaited<ReturnType<NonNullable<typeof pull.census>>> = await patiently(() => pull.census!(context, at));
    for (const { externalId, version } of page.records) found.set(externalId, version);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

export async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ConnectorFailure) || error.kind === 'rejected' || tries === MOST_TRIES) throw error;
    }
  }
}

export function readAll(context: Context, stream: string, records: readonly PulledRecord[]): Change[] {
  return records.flatMap(({ raw }) => salesforce.pull.get(stream)!.read(raw, { settings: context.settings }));
}

/** What is left of a stream when each record’s versions were taken once and the newest stands. */
export function outcome(context: Context, stream: string, records: readonly PulledRecord[]): Record<string, Change[]> {
  const byId = new Map<string, PulledRecord>();
  for (const record of records) {
    const known = byId.get(record.externalId);
    if (!known || record.modifiedAt >= known.modifiedAt) byId.set(record.externalId, record);
  }
  const ids = [...byId.keys()].sort();
  return Object.fromEntries(ids.map((id) => [id, readAll(context, stream, [byId.get(id)!])]));
}

export function faultsOf(modes: FaultMode[], share = 0.2): Faults {
  return new Faults({ seed: 5, modes, share });
}

export function push<K extends OutgoingKind>(
  { context }: OpenOrg,
  stream: string,
  records: OutgoingRecords[K][],
): Promise<(Sent | ConnectorFailure)[]> {
  const any = salesforce.push.get(stream) as AnyPush<unknown, unknown>;
  const definition = any as unknown as PushDefinition<unknown, unknown, K>;
  const batch = records.map((record, index) => ({ record, idempotencyKey: `k-${index}`, mayHaveArrived: false }));
  return patiently(() => definition.send(context, batch));
}
