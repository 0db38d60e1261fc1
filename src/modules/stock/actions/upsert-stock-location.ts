import { LockMode } from '@mikro-orm/postgresql';
import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { LOCATION } from '../stock.events.js';
import { StockLocationEntity } from '../stock-location.entity.js';
import type { UpsertStockLocationInput } from '../stock.type.js';

const FIELDS = ['name', 'address', 'isActive'] as const;

/** Creates the location, or changes the one with that code; writes one event with what changed. */
export async function upsertStockLocation(
  { tx, now, actor }: ActionScope,
  input: Omit<UpsertStockLocationInput, 'idempotencyKey'>,
): Promise<{ locationId: string }> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(input.code)) {
    throw refuse('INVALID', `code: expected 1 to 40 letters, digits, dashes, got "${input.code}"`, ['code']);
  }
  for (const field of ['name', 'isActive'] as const) {
    if (input[field] === null) throw refuse('INVALID', `${field}: cannot be emptied`, [field]);
  }
  const em = await tx.entities();
  const found = await em.findOne(StockLocationEntity, { code: input.code }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (found && input.expectedVersion != null && input.expectedVersion !== found.version) {
    throw new Refusal([versionConflict(`stock location ${found.code}`, input.expectedVersion, found.version)]);
  }
  const location =
    found ??
    em.create(StockLocationEntity, {
      id: await tx.ids.one(),
      code: input.code,
      name: input.code,
      isActive: true,
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
  let changes: FieldChange[] = [];
  for (const field of FIELDS) {
    const value = input[field];
    const before = found ? (location[field] ?? null) : null;
    if (value === undefined || JSON.stringify(before) === JSON.stringify(value)) continue;
    changes.push({ field, from: before, to: value });
    Object.assign(location, { [field]: value });
  }
  if (found && changes.length === 0) return { locationId: location.id };
  if (!found) {
    changes = (['code', ...FIELDS] as const)
      .map((field) => ({ field, from: null, to: location[field] ?? null }))
      .filter(({ to }) => to !== null);
  }
  if (found) location.version += 1;
  else em.persist(location);
  location.updatedAt = now;
  await em.flush();
  await appendEvents(tx, [
    {
      subjectKind: LOCATION,
      subjectId: location.id,
      sequence: location.version,
      at: now,
      actor,
      changes,
      type: found ? 'EDITED' : 'CREATED',
      message: `Stock location ${location.code} ${found ? 'changed' : 'created'}`,
    },
  ]);
  return { locationId: location.id };
}
