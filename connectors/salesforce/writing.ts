import { ConnectorFailure } from '#connect';
import { updateMany, upsertMany, type Context, type Fields, type ObjectType, type Written } from './client.js';
import { longId } from './ids.js';

/** A record to be written: by its id where that is known, else by a field that tells it apart. */
export interface Write {
  id: string | null;
  fields: Fields;
  /** Only of a record that is made, or may be. */
  atFirst?: Fields;
}

/** One outcome for each, in their order. What was refused by one field is no reason to keep back the others. */
export async function writeMany(
  context: Context,
  type: ObjectType,
  { key, writes }: { key: string; writes: readonly Write[] },
): Promise<Written[]> {
  const outcomes = new Map<Write, Written>();
  const known = writes.filter(({ id }) => id !== null);
  const others = writes.filter(({ id }) => id === null);
  const updated = await updateMany(
    context,
    type,
    known.map(({ id, fields }) => ({ id: longId(id!), ...fields })),
  );
  const upserted = await upsertMany(
    context,
    type,
    key,
    others.map(({ fields, atFirst }) => ({ ...fields, ...atFirst })),
  );
  for (const [index, write] of known.entries()) outcomes.set(write, updated[index]!);
  for (const [index, write] of others.entries()) outcomes.set(write, upserted[index]!);
  return writes.map((write) => outcomes.get(write)!);
}

export function isFailure(written: unknown): written is ConnectorFailure {
  return written instanceof ConnectorFailure;
}
