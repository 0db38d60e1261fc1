// https://shopify.dev/docs/api/usage/bulk-operations/queries: the shop writes all there is to a file of lines.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConnectorFailure, parseJsonExactly, readWire, rejected, type ConnectorHttp } from '#connect';
import { ask, refuse, userErrors } from '../client.js';
import { bulkState, runBulk } from '../documents/bulk.js';
import { count, gid, gidOf, record, text, word } from '../wire/parts.js';
import { rowsOf, type Line, type Tree } from './bulk-rows.js';

const ROWS_A_PAGE = 100;
/** A file that is nearly there is not waited for long, a large one not asked after all the time. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const BUSY_MS = 15_000;
const RUNS = 3;

/** Where a walk over a file is: which run of which operation, how many bytes and lines of its file are read. */
const placeShape = z.object({
  bulk: z.string(),
  run: z.number(),
  polls: z.number(),
  bytes: z.number(),
  lines: z.number(),
});
type Place = z.infer<typeof placeShape>;

export interface BulkPage {
  rows: Line[];
  next: string | null;
  total?: number;
  waitMs?: number;
}

/** A page of all there is: starts the operation, waits for it, and reads its file part by part. */
export async function bulkPage(
  http: ConnectorHttp,
  { query, tree }: { query: string; tree: Tree },
  cursor: string | null,
): Promise<BulkPage> {
  if (cursor === null) return started(http, query, 1);
  const place = placeOf(cursor);
  const { bulkOperation: operation } = await ask(
    http,
    bulkState,
    { id: gidOf('BulkOperation', place.bulk) },
    stateShape,
  );
  // Forgotten by the shop: as good as expired.
  if (!operation) return again(http, query, place, 'is not known any more');
  switch (operation.status) {
    case 'CREATED':
    case 'RUNNING':
    case 'CANCELING':
      return waiting({ ...place, polls: place.polls + 1 });
    case 'CANCELED':
    case 'EXPIRED':
    case 'FAILED':
      if (operation.errorCode === 'ACCESS_DENIED') {
        throw new ConnectorFailure(
          'unauthorized',
          `${runBulk.name}: the app may not read what it asks for (ACCESS_DENIED)`,
        );
      }
      return again(http, query, place, `ended as ${operation.status}, ${operation.errorCode ?? 'without a reason'}`);
    case 'COMPLETED':
      break;
  }
  const total = Number(operation.rootObjectCount);
  // No address: there are no rows.
  if (operation.url == null) return { rows: [], next: null, total };
  return { ...(await readPart(http, operation.url, { place, tree, lines: operation.objectCount })), total };
}

const operationShape = record({
  id: gid('BulkOperation'),
  status: word('CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELING', 'CANCELED', 'EXPIRED'),
  errorCode: text.nullish(),
  url: text.nullish(),
  objectCount: count,
  rootObjectCount: count,
});
const stateShape = record({ bulkOperation: operationShape.nullish() });
const runShape = record({ bulkOperationRunQuery: record({ bulkOperation: operationShape.nullish(), userErrors }) });

async function started(http: ConnectorHttp, query: string, run: number): Promise<BulkPage> {
  const { bulkOperationRunQuery: answer } = await ask(http, runBulk, { query }, runShape);
  if (answer.userErrors.some(({ code }) => code === 'OPERATION_IN_PROGRESS' || code === 'LIMIT_REACHED')) {
    const { message } = answer.userErrors[0]!;
    throw new ConnectorFailure('throttled', `${runBulk.name}: ${message}`, { retryAfterMs: BUSY_MS });
  }
  refuse(runBulk, answer.userErrors);
  if (!answer.bulkOperation)
    throw new ConnectorFailure('unexpected_shape', `${runBulk.name}: expected an operation, got none`);
  return waiting({ bulk: answer.bulkOperation.id, run, polls: 0, bytes: 0, lines: 0 });
}

async function again(http: ConnectorHttp, query: string, { bulk, run }: Place, why: string): Promise<BulkPage> {
  if (run >= RUNS) throw rejected(`${runBulk.name}: operation ${bulk} ${why}, the last of ${RUNS}`);
  return started(http, query, run + 1);
}

function waiting(place: Place): BulkPage {
  return { rows: [], next: JSON.stringify(place), waitMs: Math.min(FIRST_WAIT_MS * 2 ** place.polls, LONGEST_WAIT_MS) };
}

function placeOf(cursor: string): Place {
  const place = placeShape.safeParse(JSON.parse(cursor));
  if (!place.success) throw rejected(`cursor: expected a place in a bulk operation, got ${cursor}`);
  return place.data;
}

async function readPart(
  http: ConnectorHttp,
  url: string,
  { place, tree, lines: expected }: { place: Place; tree: Tree; lines: string },
): Promise<{ rows: Line[]; next: string | null }> {
  const read: Line[] = [];
  let { bytes } = place;
  let roots = 0;
  for await (const line of linesFrom(http, url, place.bytes)) {
    const value = readWire(z.looseObject({}), parseJsonExactly(Buffer.from(line)));
    if (value.__parentId === undefined) roots += 1;
    if (roots > ROWS_A_PAGE) {
      const next: Place = { ...place, bytes, lines: place.lines + read.length };
      return { rows: rowsOf(read, tree), next: JSON.stringify(next) };
    }
    read.push(value);
    bytes += Buffer.byteLength(line) + 1;
  }
  const lines = place.lines + read.length;
  if (String(lines) !== expected) {
    throw new ConnectorFailure('unexpected_shape', `bulk file: expected ${expected} lines, got ${lines}`);
  }
  return { rows: rowsOf(read, tree), next: null };
}

/**
 * The file from a byte on. Asked for with the line end before it, so that a server that gives the whole file all the
 * same is noticed.
 */
async function* linesFrom(http: ConnectorHttp, url: string, from: number): AsyncGenerator<string> {
  const headers: Record<string, string> = from > 0 ? { range: `bytes=${from - 1}-` } : {};
  let skipped: number | null = null;
  for await (const line of http.lines({ operation: 'bulkFile', method: 'GET', url, headers })) {
    if (from > 0 && skipped === null) {
      if (line === '') {
        skipped = from;
        continue;
      }
      skipped = 0;
    }
    if (skipped !== null && skipped < from) {
      skipped += Buffer.byteLength(line) + 1;
      continue;
    }
    yield line;
  }
}

/** A short mark of what was read, for telling two readings of one state apart. */
export function markOf(raw: unknown): string {
  return createHash('sha256').update(JSON.stringify(raw)).digest('base64url').slice(0, 12);
}
