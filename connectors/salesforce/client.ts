import {
  ConnectorFailure,
  readWire,
  type Allowance,
  type Headers,
  type HttpDefinition,
  type IncomingResponse,
  type StreamContext,
} from '#connect';
import { assertionOf } from './assertion.js';
import { failureOf, failureOfRecord, isLocatorGone, TOKEN_OPERATION } from './failures.js';
import { insist } from './insist.js';
import { loginUrl, type Credentials, type Settings } from './settings.js';
import {
  API_VERSION,
  pageShape,
  savedShape,
  tokenShape,
  type Page,
  type Saved,
  type SalesforceRecord,
} from './wire.js';

export type Context = StreamContext<Settings, Credentials>;
export type ObjectType =
  'Account' | 'Contact' | 'Opportunity' | 'Order' | 'OrderItem' | 'SBQQ__Quote__c' | 'SBQQ__QuoteLine__c';

export const MOST_IN_BATCH = 200;
/** A query is part of the address, and that at most 16 kB long. */
const MOST_IDS = 100;
const MOST_PAGES = 10_000;
const DATA = `/services/data/${API_VERSION}`;
/** Large, since the day’s calls are counted; not so large that what belongs to a page takes minutes. */
const PAGE = { 'sforce-query-options': 'batchSize=1000' };
const BURST = 20;
const PER_SECOND = 10;
const DAY_SECONDS = 86_400;
/** The org’s other apps and people are left the last part of the day’s calls. */
const KEPT_SHARE = 0.05;

/** https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/ */
export const http: HttpDefinition<Settings, Credentials> = {
  baseUrl: ({ settings, token }) => token?.baseUrl ?? loginUrl(settings),
  headers: ({ token }): Headers => (token ? { authorization: `Bearer ${token.accessToken}` } : {}),
  async token(sender, { settings, credentials, now }) {
    const { body } = await insist(sender, {
      operation: TOKEN_OPERATION,
      method: 'POST',
      path: '/services/oauth2/token',
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertionOf(settings, credentials, now),
      },
    });
    const answer = readWire(tokenShape, body);
    if (answer.instance_url.startsWith('http:') && loginUrl(settings).startsWith('https:')) {
      throw new ConnectorFailure('unexpected_shape', `instance_url: expected https, got ${answer.instance_url}`);
    }
    // Its end is not told: the org’s session settings decide, and a refused one is replaced.
    return { accessToken: answer.access_token, expiresAt: null, baseUrl: answer.instance_url };
  },
  limits: { default: { burst: BURST, perSecond: PER_SECOND, concurrency: 10 } },
  allowance,
  failure: failureOf,
};

/** Calls of the whole org in the last 24 hours. Near their end, what is left flows as the day’s allowance does. */
function allowance({ headers }: IncomingResponse): Allowance | null {
  const [, used, most] = /(?:^|[ ,;])api-usage=(\d{1,9})\/(\d{1,9})/.exec(headers['sforce-limit-info'] ?? '') ?? [];
  if (used === undefined || most === undefined || Number(most) === 0) return null;
  const left = Math.floor(Number(most) * (1 - KEPT_SHARE)) - Number(used);
  if (left > BURST) return { limit: 'default', burst: BURST, perSecond: PER_SECOND };
  return { limit: 'default', available: Math.max(0, left), burst: BURST, perSecond: Number(most) / DAY_SECONDS };
}

/** `isAll`: what was deleted too. */
export async function query(
  { http: sender }: Context,
  type: ObjectType,
  { soql, isAll = false }: { soql: string; isAll?: boolean },
): Promise<Page> {
  const { body } = await insist(sender, {
    operation: `query ${type}`,
    method: 'GET',
    path: `${DATA}/${isAll ? 'queryAll' : 'query'}`,
    query: { q: soql },
    headers: PAGE,
  });
  return readWire(pageShape, body);
}

/** The page that an answer leads to; null where it is no longer kept. */
export async function queryMore({ http: sender }: Context, type: ObjectType, path: string): Promise<Page | null> {
  const request = { operation: `more of ${type}`, method: 'GET' as const, path, headers: PAGE, accept: [400, 404] };
  const { status, headers, body } = await insist(sender, request);
  if (status < 300) return readWire(pageShape, body);
  if (isLocatorGone(body)) return null;
  throw (
    failureOf({ status, headers, body }, request) ??
    new ConnectorFailure('rejected', `${request.operation}: got ${status}: ${JSON.stringify(body).slice(0, 300)}`)
  );
}

/** Those of the ids that a field names, whole; in the order of their own ids. */
export async function findBy(
  context: Context,
  type: ObjectType,
  asked: { fields: readonly string[]; by: string; ids: readonly string[]; isAll?: boolean },
): Promise<SalesforceRecord[]> {
  const found = new Map<string, SalesforceRecord>();
  const { fields, by, ids, isAll = false } = asked;
  for (const chunk of chunksOf([...new Set(ids)], MOST_IDS)) {
    const list = chunk.map(quoted).join(',');
    const soql = `SELECT ${fields.join(',')} FROM ${type} WHERE ${by} IN (${list}) ORDER BY Id`;
    for await (const page of pagesOf(context, type, { soql, isAll })) {
      for (const object of page.records) found.set(object.Id, object);
    }
  }
  return [...found.values()];
}

async function* pagesOf(context: Context, type: ObjectType, asked: { soql: string; isAll: boolean }) {
  let page: Page = await query(context, type, asked);
  for (let pages = 1; ; pages += 1) {
    yield page;
    const next = page.nextRecordsUrl ?? null;
    if (next === null || page.done) return;
    const more = await queryMore(context, type, next);
    if (!more || more.nextRecordsUrl === next || pages > MOST_PAGES) {
      throw new ConnectorFailure('transient', `query ${type}: the page behind ${next} leads nowhere`);
    }
    page = more;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** Makes or changes records by a field that tells them apart; one outcome for each, in their order. */
export function upsertMany(context: Context, type: ObjectType, field: string, records: readonly Fields[]) {
  const path = `${DATA}/composite/sobjects/${type}/${field}`;
  return saveMany(context, { operation: `upsert ${type}`, path, records: typed(type, records) });
}

/** Changes records by their `id`. */
export function updateMany(context: Context, type: ObjectType, records: readonly Fields[]) {
  const path = `${DATA}/composite/sobjects`;
  return saveMany(context, { operation: `update ${type}`, path, records: typed(type, records) });
}

export type Written = { id: string } | ConnectorFailure;

async function saveMany(
  { http: sender }: Context,
  { operation, path, records }: { operation: string; path: string; records: readonly Fields[] },
): Promise<Written[]> {
  const written: Written[] = [];
  for (const chunk of chunksOf(records, MOST_IN_BATCH)) {
    const { body } = await insist(sender, {
      operation,
      method: 'PATCH',
      path,
      json: { allOrNone: false, records: chunk },
    });
    const saved = readWire(savedShape, body);
    if (saved.length !== chunk.length) {
      const message = `${operation}: expected ${chunk.length} outcomes, got ${saved.length}`;
      throw new ConnectorFailure('unexpected_shape', message);
    }
    written.push(...saved.map((each) => writtenOf(operation, each)));
  }
  return written;
}

function writtenOf(operation: string, { id, success, errors }: Saved): Written {
  return success && id != null ? { id } : failureOfRecord(operation, errors);
}

function typed(type: ObjectType, records: readonly Fields[]): Fields[] {
  return records.map((fields) => ({ attributes: { type }, ...fields }));
}

export function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, (mark) => `\\${mark}`)}'`;
}

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
