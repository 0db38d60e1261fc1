import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Role, SELLERS, type Viewer } from '../../graph/access.js';
import { authorizationOf, callerOf, gatekeeperOfHub } from '../../graph/authenticate.js';
import { GraphContext, type GraphServices } from '../../graph/context.js';
import { refuseRequest } from '../../graph/graph-route.js';
import { BodyError, sendJson, type Exchange, type Route } from '../../graph/http.js';
import { mutate } from '../../graph/mutation.js';
import { badInput, Refusal, RequestError, type UserErrorFacts } from '../../shared/failures.js';
import { typeId } from '../../shared/ids.js';
import { ORDER_PREFIX } from '../orders/index.js';
import { importOrderFile, readThrough, type OrderFileToImport } from './actions/import-order-file.js';
import type { FileOptions, ImportedOrder } from './actions/import-orders.js';
import { rowsOf } from './import-report.rules.js';
import { DecimalMark, ImportOutcome, type ImportColumnInput } from './import-orders.type.js';
import { ReceivedFile } from './received-file.js';

const MOST_FILE_BYTES = 50 * 1_048_576;
/** Each keeps its file on disk, and a transaction of the database busy. */
const IMPORTS_AT_ONCE = 2;
const TRY_AGAIN_MS = 10_000;
/** Whoever takes nothing for so long keeps others from their turn. */
const MOST_IDLE_MS = 60_000;
const OPERATION = 'POST /import/orders';

interface Asked {
  viewer: Viewer;
  options: FileOptions;
  mapping: ImportColumnInput[];
  /** Null for a dry run. */
  key: string | null;
}

/**
 * `POST /import/orders?channel=…`: a file of orders, too large for `importOrders`. Its rows are told one by one as they are
 * taken, a JSON document to a line, and the last line sums up: what breaks off before is told by a connection that breaks.
 */
export function importRoute(hub: GraphServices): Route {
  let running = 0;
  return {
    method: 'POST',
    path: '/import/orders',
    async handle(exchange) {
      let asked: Asked;
      try {
        asked = await admit(exchange, hub);
        if (running >= IMPORTS_AT_ONCE) {
          const facts = { retryAfterMs: TRY_AGAIN_MS };
          throw new RequestError('TOO_MANY_REQUESTS', `At most ${IMPORTS_AT_ONCE} files are taken at once`, facts);
        }
      } catch (error) {
        if (!(error instanceof BodyError)) exchange.req.resume();
        return error instanceof BodyError ? Promise.reject(error) : refuseRequest(exchange, error);
      }
      running += 1;
      try {
        await take(exchange, hub, asked);
      } finally {
        running -= 1;
      }
    },
  };
}

async function admit({ req, url }: Exchange, { services }: GraphServices): Promise<Asked> {
  const viewer = await services.get(gatekeeperOfHub).admit(authorizationOf(req), callerOf(req));
  if (![...SELLERS, Role.SUPPORT].some((role) => viewer.roles.includes(role)))
    throw new RequestError('FORBIDDEN', 'The key’s roles do not allow orders to be imported');
  const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'text/csv') throw new BodyError(415, `content-type: expected text/csv, got "${type}"`);
  const channel = url.searchParams.get('channel');
  if (!channel) throw badInput('channel', 'the code of a channel', channel);
  const dryRun = flag(url, 'dryRun');
  const key = req.headers['idempotency-key'];
  if (!dryRun && typeof key !== 'string') throw badInput('idempotency-key', 'a header with 1 to 255 characters', key);
  const mark = url.searchParams.get('decimalMark');
  const decimalMark = Object.values(DecimalMark).find((one) => one === mark) ?? null;
  if (mark !== null && !decimalMark)
    throw badInput('decimalMark', `one of ${Object.values(DecimalMark).join(', ')}`, mark);
  const options = { channel, dryRun, decimalMark, pricesIncludeTax: flag(url, 'pricesIncludeTax') };
  return { viewer, options, mapping: url.searchParams.getAll('column').map(mapped), key: dryRun ? null : String(key) };
}

function flag(url: URL, name: string): boolean {
  const given = url.searchParams.get(name) ?? 'false';
  if (given !== 'true' && given !== 'false') throw badInput(name, 'true or false', given);
  return given === 'true';
}

/** "sku:Article no." is a column that is called "Article no." and holds SKUs. */
function mapped(text: string): ImportColumnInput {
  const [, holds, column] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (holds === undefined || column === undefined)
    throw badInput('column', 'what it holds, a colon, and its name', text);
  return { holds, column };
}

async function take(exchange: Exchange, hub: GraphServices, asked: Asked): Promise<void> {
  const { req, requestId, log } = exchange;
  const context = new GraphContext({ ...hub, log }, asked.viewer, requestId);
  let file: ReceivedFile | null = null;
  try {
    file = await ReceivedFile.receive(req, MOST_FILE_BYTES);
    const toImport = await readThrough(file, asked.mapping);
    const replayed = await claim(context, asked, file.sha256);
    await tell(exchange, toImport, importOrderFile(context, toImport, asked.options), replayed);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuseFile(exchange, error.errors);
  } finally {
    await file?.close();
  }
}

/** A key stands for one file: the same again is gone on with, another one is refused. Answers whether it was used before. */
async function claim(context: GraphContext, { key, options, mapping }: Asked, sha256: string): Promise<boolean> {
  if (key === null) return false;
  const input = { idempotencyKey: key, ...options, mapping, sha256 };
  const { replayed, userErrors } = await mutate(context, OPERATION, input, () => Promise.resolve({ sha256 }));
  if (userErrors.length > 0) throw new Refusal(userErrors as UserErrorFacts[]);
  return replayed;
}

async function tell(
  { res, log }: Exchange,
  { heading }: OrderFileToImport,
  taken: AsyncGenerator<ImportedOrder[]>,
  replayed: boolean,
): Promise<void> {
  const counts = { createdCount: 0, unchangedCount: 0, refusedCount: 0 };
  async function* lines(): AsyncGenerator<string> {
    for await (const orders of taken) {
      for (const { outcome } of orders) counts[COUNTED[outcome]] += 1;
      const rows = orders.flatMap((order) => rowsOf(order, heading));
      yield rows
        .map(({ orderId, ...row }) => line({ ...row, orderId: orderId && typeId(ORDER_PREFIX, orderId) }))
        .join('');
    }
    yield line({ ...counts, ignoredColumns: heading.ignored, replayed });
  }
  const text = lines();
  // Until something is made, an answer can still say what is wrong.
  const first = (await text.next()).value as string;
  res.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' });
  res.write(first);
  res.setTimeout(MOST_IDLE_MS, () => res.destroy());
  try {
    await pipeline(Readable.from(text, { highWaterMark: 1 }), res);
  } catch (error) {
    res.destroy();
    log.warn({ err: error }, 'an import broke off: what was told stays, the same file goes on with the rest');
  }
}

const COUNTED = {
  [ImportOutcome.CREATED]: 'createdCount',
  [ImportOutcome.WOULD_CREATE]: 'createdCount',
  [ImportOutcome.UNCHANGED]: 'unchangedCount',
  [ImportOutcome.REFUSED]: 'refusedCount',
} as const;

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** The whole file: nothing of it was made. */
function refuseFile({ req, res }: Exchange, errors: readonly UserErrorFacts[]): void {
  const shown = errors.map(({ code, message, field }) => ({ message, extensions: { code, field: field ?? null } }));
  const isReused = errors.some(({ code }) => code === 'IDEMPOTENCY_KEY_REUSED');
  sendJson(res, isReused ? 409 : 400, { errors: shown }, { connection: 'close' });
  req.resume();
}
