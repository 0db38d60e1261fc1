import {
  ConnectorFailure,
  loneHttp,
  type Change,
  type FaultMode,
  Faults,
  type PulledPage,
  type PulledRecord,
  type SandboxOptions,
} from '#connect';
import amazon from '../index.js';
import { connection, start } from '../sandbox/index.js';

export const SECRET = 'hush-hush';
export const NOW = new Date('2026-03-01T10:00:00Z');
const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
  { sku: 'DESK-1', name: 'Desk', price: '310.00', taxRate: '0.22' },
];

/** A sandbox and a hub’s end of the line to it. */
export async function openAccount({
  through,
  ...options
}: Partial<SandboxOptions> & { through?: (url: string) => string } = {}) {
  const sandbox = await start({
    webhookUrl: null,
    secret: SECRET,
    products: PRODUCTS,
    seed: 11,
    clock: { now: () => NOW },
    ...options,
  });
  const given = connection(SECRET);
  const { settings, credentials, issues } = amazon.check(
    { ...given.settings, baseUrl: through?.(sandbox.baseUrl) ?? sandbox.baseUrl },
    given.credentials,
  );
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  const http = loneHttp(amazon, { settings, credentials, now: () => NOW });
  const context = { settings, credentials, http, now: () => NOW };
  return {
    sandbox,
    context,
    /** The same with other settings. */
    with: (more: object) => ({ ...context, settings: { ...settings, ...more } }),
    async close() {
      http.close();
      await sandbox.stop();
    },
  };
}
export type Account = Awaited<ReturnType<typeof openAccount>>;
type Context = Account['context'];

const MOST_TRIES = 60;

/** Walks a stream to its end, trying again as the engine does; in the order in which the records came. */
export async function walk(
  context: Context,
  stream: string,
  since: Date | null = null,
): Promise<{ records: PulledRecord[]; pages: PulledPage[] }> {
  const pull = amazon.pull.get(stream)!;
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
  return records.flatMap(({ raw }) => amazon.pull.get(stream)!.read(raw, { settings: context.settings }));
}

/** What is left of a stream when each record’s versions were taken once and the newest stands. */
export function outcome(context: Context, stream: string, records: readonly PulledRecord[]): Record<string, Change[]> {
  const byId = new Map<string, PulledRecord>();
  for (const record of records) {
    const known = byId.get(record.externalId);
    if (!known || record.version >= known.version) byId.set(record.externalId, record);
  }
  const ids = [...byId.keys()].sort();
  return Object.fromEntries(ids.map((id) => [id, readAll(context, stream, [byId.get(id)!])]));
}

export function faultsOf(modes: FaultMode[], share = 0.2): Faults {
  return new Faults({ seed: 5, modes, share });
}
