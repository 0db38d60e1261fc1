import { defineLoader, inOrderOf } from '../../graph/context.js';
import { ActorType } from '../../graph/values.type.js';
import { selectKeyNames } from './assignment.queries.js';

/** Whoever has an API key, for those inside; a key that was taken back keeps its name. */
export const keyHolder = defineLoader<string, ActorType | null>('keyHolder', async (ids, { db }) => {
  const rows = await db.read(selectKeyNames(ids));
  const holders = rows.map(({ id, name }) => ({ id, actor: new ActorType({ kind: 'API_KEY', id, name }) }));
  return inOrderOf(ids, holders, ({ id }) => id).map((holder) => holder?.actor ?? null);
});
