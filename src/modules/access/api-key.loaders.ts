import { isCustomer } from '../../graph/access.js';
import { defineLoader, inOrderOf } from '../../graph/context.js';
import { selectApiKeys, selectUses } from './api-key.queries.js';
import { ApiKeyUseType } from './key-use.type.js';
import { ApiKeyType } from './api-key.type.js';

export const apiKeysById = defineLoader<string, ApiKeyType | null>('apiKeysById', async (ids, { db, viewer }) => {
  const rows = isCustomer(viewer) ? [] : await db.read(selectApiKeys(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new ApiKeyType(row)),
    ({ row }) => row.id,
  );
});

export interface UsesAsked {
  keyId: string;
  first: string;
  last: string;
}

/** All keys that a document asks for share their days in nearly every case: one statement for each span. */
export const usesOfKey = defineLoader<UsesAsked, ApiKeyUseType[]>(
  'usesOfKey',
  async (asked, { db }) => {
    const spans = Map.groupBy(asked, ({ first, last }) => `${first} ${last}`);
    const read = await Promise.all(
      [...spans.values()].map((same) => {
        const keyIds = same.map(({ keyId }) => keyId);
        return db.read(selectUses(keyIds, same[0]!.first, same[0]!.last));
      }),
    );
    const rows = new Map([...spans.keys()].map((span, index) => [span, read[index]!]));
    return asked.map(({ keyId, first, last }) =>
      rows
        .get(`${first} ${last}`)!
        .filter((row) => String(row.api_key_id) === keyId)
        .map((row) => new ApiKeyUseType(row)),
    );
  },
  ({ keyId, first, last }) => `${keyId} ${first} ${last}`,
);
