import type { Address } from '../../../graph/values.type.js';
import { parseInstant } from '../../../shared/clock.js';
import { typeId } from '../../../shared/ids.js';
import type { StatedAddress } from '../../../shared/stated/index.js';

/** As SQL: the id by which the integration `$1` knows a record; of several, the one that was used last. */
export function externalIdOf(kind: string, recordId: string): string {
  return `(select r.external_id from external_reference r
            where r.integration_id = $1 and r.record_kind = '${kind}' and r.record_id = ${recordId}
            order by r.synced_at desc nulls last, r.external_id limit 1)`;
}

/** As SQL: the rows of a subquery as one JSON list of objects. */
export function listOf(subquery: string): string {
  return `(select coalesce(json_agg(listed), '[]') from (${subquery}) listed)`;
}

export function stated(address: Address | null): StatedAddress | null {
  if (address === null) return null;
  return Object.fromEntries(Object.entries(address).filter(([, value]) => value != null)) as unknown as StatedAddress;
}

export function hubId(prefix: string, id: string): string {
  return typeId(prefix, id);
}

export function instant(text: string | null): Date | null {
  return text === null ? null : parseInstant(text);
}
