import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  ConnectorFailure,
  readWire,
  type Change,
  type PulledRecord,
  type PullDefinition,
  type RecordKind,
} from '#connect';
import { findBy, type Context, type ObjectType } from './client.js';
import { longId } from './ids.js';
import type { Credentials, Settings } from './settings.js';
import { pageAt, placeBehind, placeOf, type Place, type Walked } from './walk.js';
import { idAt, instantOf, modifiedOf, pick, recordShape, type SalesforceRecord } from './wire.js';

const EVERY_MS = 60_000;
/** A transaction is stamped when it begins to write and shows when it ends. */
const OVERLAP_MS = 300_000;
const SAME_TIME_MS = 60_000;
/** Beyond so many on a page, it is Salesforce itself that stamped records nobody changed. */
const MOST_ODD_TIMES = 50;
const OWN_FIELDS = ['Id', 'IsDeleted', 'SystemModstamp', 'LastModifiedDate'];

/** What a stream’s records are and what belongs to each. */
export interface Source<Raw> {
  of: RecordKind;
  type: ObjectType;
  fields(settings: Settings): readonly string[];
  /** Whether the org has such records, and they are wanted. */
  isWanted?(settings: Settings): boolean;
  /** Put before the id, where the hub knows records of another type under ids of the same kind. */
  prefix?: string;
  /** Merged records are deleted ones that name what they became. */
  merges?: 'customer' | 'contact';
  /** Reads what belongs to the records; one for each, in their order. */
  gather(context: Context, records: readonly SalesforceRecord[]): Promise<Raw[]>;
  read(raw: unknown, settings: Settings): Change[];
  /** Where the records are all there is of their kind; their absence then says that they are gone. */
  isWhole: boolean;
}

const goneShape = z.object({ gone: recordShape });

export function pullOf<Raw>(source: Source<Raw>): PullDefinition<Settings, Credentials> {
  const { of, type, prefix = '' } = source;
  const isWanted = (settings: Settings) => source.isWanted?.(settings) ?? true;
  const walked = (context: Context, by: Walked['by']): Walked => ({
    type,
    by,
    fields: fieldsOf(source, context.settings),
  });
  return {
    of,
    everyMs: EVERY_MS,
    overlapMs: OVERLAP_MS,
    async page(context, { since, cursor }) {
      if (!isWanted(context.settings)) return { records: [], next: null };
      const place = cursor === null ? { ...(since && { at: since.toISOString() }) } : placeOf(cursor);
      const { page, records, next, reached } = await step(source, context, walked(context, 'changes'), place);
      return {
        records,
        next,
        ...(reached.at !== undefined && { reachedTo: new Date(reached.at) }),
        ...(cursor === null && { total: Number(page.totalSize) }),
      };
    },
    async one(context, externalId) {
      const id = longId(externalId.slice(prefix.length));
      const found = await findBy(context, type, { fields: fieldsOf(source, context.settings), by: 'Id', ids: [id] });
      return found.length === 0 ? null : (await recordsOf(source, context, found)).records[0]!;
    },
    read: (raw, { settings }) => {
      const gone = goneShape.safeParse(raw);
      return gone.success ? goneChanges(source, gone.data.gone) : source.read(raw, settings);
    },
    ...(source.isWhole && {
      async census(context: Context, cursor: string | null) {
        if (!isWanted(context.settings)) return { records: [], next: null };
        const { records, next } = await step(
          source,
          context,
          walked(context, 'ids'),
          cursor === null ? {} : placeOf(cursor),
        );
        return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
      },
    }),
  };
}

async function step<Raw>(source: Source<Raw>, context: Context, walked: Walked, place: Place) {
  const answered = await pageAt(context, walked, place);
  const { records, oddIds } = await recordsOf(source, context, answered.page.records);
  const { next, reached } = placeBehind(walked, place, answered, oddIds);
  return { page: answered.page, records, next: next && JSON.stringify(next), reached };
}

export function fieldsOf<Raw>({ fields, merges }: Source<Raw>, settings: Settings): string[] {
  return [...OWN_FIELDS, ...(merges ? ['MasterRecordId'] : []), ...fields(settings)];
}

/** What does not look as documented is asked for once more by its id: a list may be wrong where the record is not. */
async function recordsOf<Raw>(
  source: Source<Raw>,
  context: Context,
  found: readonly SalesforceRecord[],
): Promise<{ records: PulledRecord[]; oddIds: ReadonlySet<string> }> {
  const { settings } = context;
  const fields = fieldsOf(source, settings);
  const narrow = await gathered(source, context, found, fields);
  const times = narrow.filter(({ own }) => isTimeOdd(own));
  const odd = narrow.filter((each) => {
    const hasOddTime = times.length <= MOST_ODD_TIMES && times.includes(each);
    return hasOddTime || faultOf(source, each.raw, settings) !== null;
  });
  if (odd.length > 0) {
    const ids = odd.map(({ own }) => own.Id);
    const again = await findBy(context, source.type, { fields, by: 'Id', ids, isAll: true });
    for (const better of await gathered(source, context, again, fields)) {
      for (const [at, { own }] of narrow.entries()) if (own.Id === better.own.Id) narrow[at] = better;
    }
  }
  return { records: narrow.map((each) => recordOf(source, each)), oddIds: new Set(odd.map(({ own }) => own.Id)) };
}

interface Gathered<Raw> {
  own: SalesforceRecord;
  raw: Raw | { gone: SalesforceRecord };
}

async function gathered<Raw>(
  source: Source<Raw>,
  context: Context,
  found: readonly SalesforceRecord[],
  fields: readonly string[],
): Promise<Gathered<Raw>[]> {
  const narrow = found.map((object) => pick(object, fields) as SalesforceRecord);
  const there = narrow.filter(({ IsDeleted }) => !IsDeleted);
  const raws = await source.gather(context, there);
  const rawOf = new Map(there.map((own, index) => [own, raws[index]!]));
  return narrow.map((own) => ({
    own,
    raw: rawOf.get(own) ?? { gone: pick(own, [...OWN_FIELDS, 'MasterRecordId']) as SalesforceRecord },
  }));
}

/** Times have whole seconds, and a record may change twice in one: what it says is part of the version. */
function recordOf<Raw>({ prefix = '' }: Source<Raw>, { own, raw }: Gathered<Raw>): PulledRecord {
  const modifiedAt = modifiedOf(own);
  return { externalId: `${prefix}${own.Id}`, version: `${modifiedAt.toISOString()}+${digest(raw)}`, modifiedAt, raw };
}

/** The version that a pull would tell of a record that is all there is to it. */
export function versionOfOwn(source: Source<SalesforceRecord>, object: SalesforceRecord, settings: Settings): string {
  const own = pick(object, fieldsOf(source, settings)) as SalesforceRecord;
  return recordOf(source, { own, raw: own }).version;
}

function isGone(raw: unknown): raw is { gone: SalesforceRecord } {
  return typeof raw === 'object' && raw !== null && 'gone' in raw;
}

function goneChanges<Raw>({ of, merges, prefix }: Source<Raw>, gone: SalesforceRecord): Change[] {
  // What stands for another record is not that record.
  if (prefix !== undefined) return [];
  const sourceVersion = modifiedOf(gone);
  const master = merges && gone.MasterRecordId !== undefined ? idAt(gone, 'MasterRecordId') : null;
  if (merges && master !== null) {
    return [{ kind: 'merged', record: merges, externalId: master, mergedIds: [gone.Id], sourceVersion }];
  }
  return [{ kind: 'deleted', record: of, externalId: gone.Id, sourceVersion }];
}

function faultOf<Raw>(source: Source<Raw>, raw: unknown, settings: Settings): ConnectorFailure | null {
  try {
    if (isGone(raw)) goneChanges(source, raw.gone);
    else source.read(raw, settings);
    return null;
  } catch (error) {
    if (error instanceof ConnectorFailure) return error;
    throw error;
  }
}

/** The two are the same where a person or a program changed a record; they may differ, but not often. */
function isTimeOdd({ SystemModstamp, LastModifiedDate }: SalesforceRecord): boolean {
  const apart = instantOf(SystemModstamp)!.getTime() - instantOf(LastModifiedDate)!.getTime();
  return Math.abs(apart) > SAME_TIME_MS;
}

export function newest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

export function readRecord(raw: unknown): SalesforceRecord {
  return readWire(recordShape, raw);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);
}
