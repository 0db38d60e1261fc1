import { createHash } from 'node:crypto';
import {
  ConnectorFailure,
  type Change,
  type PulledPage,
  type PulledRecord,
  type PullDefinition,
  type RecordKind,
} from '#connect';
import { get, list, readMany, type Context } from './client.js';
import type { Credentials, Settings } from './settings.js';
import { isTimeOdd, modifiedOf, step } from './walk.js';
import type { CrmObject, ObjectType } from './wire.js';

const EVERY_MS = 60_000;
/** Search shows a change seconds later. */
const OVERLAP_MS = 120_000;

/** What a stream's objects are and what belongs to each. */
export interface Source<Raw> {
  of: RecordKind;
  type: ObjectType;
  /** The property that holds when an object was changed. */
  modified: string;
  properties(settings: Settings): readonly string[];
  /** Put before the id, where the hub knows records of another type under ids of the same kind. */
  prefix?: string;
  /** Reads what belongs to the objects; one for each, in their order. */
  gather(context: Context, objects: readonly CrmObject[]): Promise<Raw[]>;
  /** Everything whose change changes the record, the object itself included. */
  partsOf(raw: Raw): { modifiedAt: Date; isOwn: boolean; facts: unknown }[];
  read(raw: unknown, settings: Settings): Change[];
  /** Where the records are all there is of their kind; their absence then says that they are gone. */
  isWhole: boolean;
}

export function pullOf<Raw>(source: Source<Raw>): PullDefinition<Settings, Credentials> {
  const { of, type, modified, properties, prefix = '' } = source;
  return {
    of,
    everyMs: EVERY_MS,
    overlapMs: OVERLAP_MS,
    async page(context, from): Promise<PulledPage> {
      const walked = { type, modified, properties: properties(context.settings) };
      const { objects, next, total } = await step(context, walked, from);
      return { records: await recordsOf(source, context, objects), next, ...(total !== undefined && { total }) };
    },
    async one(context, externalId) {
      const id = externalId.slice(prefix.length);
      const object = await get(context, type, { id, properties: properties(context.settings) });
      return object && (await recordsOf(source, context, [object]))[0]!;
    },
    read: (raw, { settings }) => source.read(raw, settings),
    ...(source.isWhole && {
      async census(context: Context, cursor: string | null) {
        const asked = { after: cursor, properties: properties(context.settings) };
        const { results, paging } = await list(context, type, asked);
        const after = paging?.next?.after ?? null;
        if (after !== null && after === cursor) {
          throw new ConnectorFailure('transient', `list ${type}: the page behind "${after}" begins at "${after}"`);
        }
        const records = await recordsOf(source, context, results);
        return { records: records.map(({ externalId, version }) => ({ externalId, version })), next: after };
      },
    }),
  };
}

/** What does not look as documented is asked for once more by its id: a list may be wrong where the object is not. */
async function recordsOf<Raw>(
  source: Source<Raw>,
  context: Context,
  objects: readonly CrmObject[],
): Promise<PulledRecord[]> {
  const properties = source.properties(context.settings);
  const narrow = objects.map((object) => pick(object, properties));
  const raws = await source.gather(context, narrow);
  const odd = narrow.filter(
    (object, index) => isTimeOdd(object, source.modified) || faultOf(source, raws[index]!, context.settings) !== null,
  );
  if (odd.length > 0) {
    const again = await readMany(context, source.type, { ids: odd.map(({ id }) => id), properties });
    const better = again.map((object) => pick(object, properties));
    for (const [index, raw] of (await source.gather(context, better)).entries()) {
      const at = narrow.findIndex(({ id }) => id === better[index]!.id);
      if (at >= 0) raws[at] = raw;
    }
  }
  return raws.map((raw, index) => recordOf(source, narrow[index]!.id, raw, context.settings));
}

function recordOf<Raw>(source: Source<Raw>, id: string, raw: Raw, settings: Settings): PulledRecord {
  const parts = source.partsOf(raw);
  const modifiedAt = newest(parts.filter(({ isOwn }) => isOwn).map((part) => part.modifiedAt));
  const version = newest(parts.map((part) => part.modifiedAt)).toISOString();
  const facts = parts.map((part) => part.facts).filter((fact) => fact !== undefined);
  const suffix = facts.length === 0 ? '' : `+${digest(facts)}`;
  // A state that could not be read must not stand in the way of the same state read right.
  const odd = faultOf(source, raw, settings) === null ? '' : `!${digest(raw)}`;
  return { externalId: `${source.prefix ?? ''}${id}`, version: `${version}${suffix}${odd}`, modifiedAt, raw };
}

function faultOf<Raw>(source: Source<Raw>, raw: Raw, settings: Settings): ConnectorFailure | null {
  try {
    source.read(raw, settings);
    return null;
  } catch (error) {
    if (error instanceof ConnectorFailure) return error;
    throw error;
  }
}

/** What was asked for and no more, always in the same order: what is kept says the same twice in the same words. */
function pick({ id, properties, updatedAt }: CrmObject, names: readonly string[]): CrmObject {
  const own = names.filter((name) => Object.hasOwn(properties, name));
  return { id, updatedAt, properties: Object.fromEntries(own.map((name) => [name, properties[name]!])) };
}

export { pick };

export function newest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

export function modifiedBy(object: CrmObject): Date {
  return modifiedOf(object, 'hs_lastmodifieddate');
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);
}
