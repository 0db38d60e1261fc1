import { ConnectorFailure, readWire } from '#connect';
import { chunksOf, MOST_IN_BATCH, type Context } from './client.js';
import { failureOfItem } from './failures.js';
import { insist } from './insist.js';
import { batchShape, type Batch, type CrmObject, type ObjectType } from './wire.js';

/** One object as it shall be: by its id, or by the value of a property with unique values. */
export interface Write {
  id: string;
  idProperty?: string;
  properties: Record<string, string>;
}
export type Written = CrmObject | ConnectorFailure;

/**
 * Writes objects, by their ids or by unique properties: made where they are not there, so that the same again changes
 * nothing. One outcome for each, in their order. Throws where nothing is known of any.
 */
export async function writeMany(context: Context, type: ObjectType, writes: readonly Write[]): Promise<Written[]> {
  const outcomes = new Map<Write, Written>();
  for (const verb of ['update', 'upsert'] as const) {
    const own = writes.filter(({ idProperty }) => (idProperty === undefined) === (verb === 'update'));
    for (const chunk of chunksOf(own, MOST_IN_BATCH)) {
      const written = await writeChunk(context, `/crm/v3/objects/${type}/batch/${verb}`, chunk);
      for (const [index, outcome] of written.entries()) outcomes.set(chunk[index]!, outcome);
    }
  }
  return writes.map((write) => outcomes.get(write)!);
}

/** Some mistakes of one object fail the whole batch: its halves are tried apart until the one stands alone. */
async function writeChunk(context: Context, path: string, chunk: readonly Write[]): Promise<Written[]> {
  try {
    return await send(context, path, chunk);
  } catch (error) {
    if (!(error instanceof ConnectorFailure) || error.kind !== 'rejected') throw error;
    if (chunk.length === 1) return [error];
    const half = Math.ceil(chunk.length / 2);
    return [
      ...(await writeChunk(context, path, chunk.slice(0, half))),
      ...(await writeChunk(context, path, chunk.slice(half))),
    ];
  }
}

async function send({ http }: Context, path: string, chunk: readonly Write[]): Promise<Written[]> {
  const operation = path.replace(/^.*objects\//, '').replace('/batch/', ' ');
  const { body } = await insist(http, {
    operation,
    method: 'POST',
    path,
    json: { inputs: chunk.map((write, index) => ({ ...write, objectWriteTraceId: String(index) })) },
  });
  const batch = readWire(batchShape, body);
  return chunk.map((write, index) => outcomeOf(operation, { write, index, batch }));
}

/** 207 says for some that they failed: by our mark, by the id, or by neither where it is the only one. */
function outcomeOf(operation: string, { write, index, batch }: { write: Write; index: number; batch: Batch }): Written {
  const { results, errors } = batch;
  const mark = String(index);
  const isOurs = (result: Batch['results'][number]): boolean => {
    if (result.objectWriteTraceId != null) return result.objectWriteTraceId === mark;
    const value = write.idProperty === undefined ? result.id : result.properties[write.idProperty];
    return value?.toLowerCase() === write.id.toLowerCase();
  };
  const result = results.find(isOurs);
  if (result) return { id: result.id, properties: result.properties, updatedAt: result.updatedAt };
  const all = errors ?? [];
  const own = all.find(({ context: where }) => {
    const marks = where?.objectWriteTraceId;
    return marks ? marks.includes(mark) : (where?.ids?.includes(write.id) ?? false);
  });
  const nobodys = all.filter(({ context: where }) => !where?.objectWriteTraceId && !where?.ids);
  const error = own ?? (nobodys.length > 0 ? nobodys[0] : undefined);
  if (error) return failureOfItem(operation, error);
  return new ConnectorFailure('unexpected_shape', `${operation}: expected an answer for ${write.id}, got none`);
}

/** HUBSPOT_DEFINED types of associations, from the first to the second. */
export const ASSOCIATIONS = {
  contactToCompany: { from: 'contacts', to: 'companies', typeId: 279 },
  orderToCompany: { from: 'orders', to: 'companies', typeId: 509 },
  orderToContact: { from: 'orders', to: 'contacts', typeId: 507 },
  orderToDeal: { from: 'orders', to: 'deals', typeId: 512 },
} as const;

export interface Link {
  from: string;
  to: string;
}
const MOST_LINKS = 2_000;

/** Associates; what is associated already stays so. The failures, by link: what is not named is done. */
export async function linkMany(
  context: Context,
  kind: keyof typeof ASSOCIATIONS,
  links: readonly Link[],
): Promise<Map<Link, ConnectorFailure>> {
  const failed = new Map<Link, ConnectorFailure>();
  for (const chunk of chunksOf(links, MOST_LINKS)) {
    if (await linkAll(context, kind, chunk)) continue;
    for (const link of chunk) {
      const failure = await linkOne(context, kind, link);
      if (failure) failed.set(link, failure);
    }
  }
  return failed;
}

/** Whether all were taken: an answer of 207 does not say which were not. */
async function linkAll({ http }: Context, kind: keyof typeof ASSOCIATIONS, links: readonly Link[]): Promise<boolean> {
  const { from, to, typeId } = ASSOCIATIONS[kind];
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId }];
  const { status } = await insist(http, {
    operation: `associate ${from} ${to}`,
    method: 'POST',
    path: `/crm/v4/associations/${from}/${to}/batch/create`,
    accept: [400, 404],
    json: { inputs: links.map((link) => ({ from: { id: link.from }, to: { id: link.to }, types })) },
  });
  return status === 200 || status === 201;
}

async function linkOne(
  { http }: Context,
  kind: keyof typeof ASSOCIATIONS,
  link: Link,
): Promise<ConnectorFailure | null> {
  const { from, to, typeId } = ASSOCIATIONS[kind];
  try {
    await insist(http, {
      operation: `associate ${from} ${to}`,
      method: 'PUT',
      path: `/crm/v4/objects/${from}/${link.from}/associations/${to}/${link.to}`,
      json: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId }],
    });
    return null;
  } catch (error) {
    if (error instanceof ConnectorFailure && error.kind === 'rejected') return error;
    throw error;
  }
}
