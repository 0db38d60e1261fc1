import { LockMode, type InferEntity } from '@mikro-orm/postgresql';
import type { Transaction } from '../../../db/transaction.js';
import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import { linkRecord, recordProvenance, SET_IN_HUB, SOURCE_STATES_IT } from '../../references/index.js';
import { PRODUCT } from '../product.events.js';
import { ProductEntity } from '../product.entity.js';
import type { UpsertProductInput } from '../product.type.js';
import { setComponents } from './set-components.js';
import { setOptions } from './set-options.js';

type Product = InferEntity<typeof ProductEntity>;
export type ProductValues = Omit<UpsertProductInput, 'idempotencyKey'>;

const FIELDS = [
  'name',
  'description',
  'unit',
  'weightGrams',
  'taxCategory',
  'isActive',
  'isStocked',
  'requiresShipping',
] as const;
const MAY_BE_EMPTY = new Set<string>(['description', 'weightGrams']);

/** Creates the product, or changes the one with that SKU; writes one event with what changed. */
export async function upsertProduct(scope: ActionScope, input: ProductValues): Promise<{ productId: string }> {
  const { tx, now, actor } = scope;
  const em = await tx.entities();
  const found = await em.findOne(ProductEntity, { sku: input.sku }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  check(input, found);
  const product =
    found ??
    em.create(ProductEntity, {
      id: await tx.ids.one(),
      sku: input.sku,
      name: input.name!,
      unit: 'piece',
      taxCategory: 'standard',
      isActive: true,
      isStocked: true,
      requiresShipping: true,
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
  const stated = apply(product, input, found === null);
  if (!found) {
    em.persist(product);
    await em.flush();
  }
  const link = input.external
    ? await linkRecord(tx, { kind: PRODUCT, recordId: product.id, external: input.external, at: now })
    : null;
  const composed = await compose(tx, product, input);
  const changes = [...(found ? stated : madeOf(product)), ...composed, ...(link?.changes ?? [])];
  if (found && changes.length === 0) return { productId: product.id };
  if (found) product.version += 1;
  product.updatedAt = now;
  await appendEvents(tx, [
    {
      subjectKind: PRODUCT,
      subjectId: product.id,
      sequence: product.version,
      at: now,
      actor,
      changes,
      type: found ? 'EDITED' : 'CREATED',
      message: `Product ${product.sku} ${found ? 'changed' : 'created'}`,
    },
  ]);
  const integrationId = link?.integrationId ?? null;
  const source = { integrationId, observedAt: now, rule: integrationId ? SOURCE_STATES_IT : SET_IN_HUB };
  recordProvenance(
    tx,
    { kind: PRODUCT, id: product.id },
    [...stated, ...composed].map((change) => change.field),
    source,
    { by: actor, at: now },
  );
  return { productId: product.id };
}

/** What it is made of and what can be chosen of it, where that is stated. */
async function compose(tx: Transaction, product: Product, input: ProductValues): Promise<FieldChange[]> {
  return [
    ...(input.components === undefined ? [] : await setComponents(tx, product, input.components ?? [])),
    ...(input.options === undefined ? [] : await setOptions(tx, product, input.options ?? [])),
  ];
}

/** A new record with all that it begins with, what nobody stated included. */
function madeOf(product: Product): FieldChange[] {
  return (['sku', ...FIELDS] as const)
    .map((field) => ({ field, from: null, to: product[field] ?? null }))
    .filter(({ to }) => to !== null);
}

function check(input: ProductValues, found: Product | null): void {
  const refusals = new Refusals();
  if (input.sku.length === 0 || input.sku.length > 64 || input.sku.trim() !== input.sku) {
    refusals.add('INVALID', `sku: expected 1 to 64 characters without spaces around them, got "${input.sku}"`, ['sku']);
  }
  for (const field of FIELDS) {
    if (input[field] === null && !MAY_BE_EMPTY.has(field))
      refusals.add('INVALID', `${field}: cannot be emptied`, [field]);
    if (input[field] === '') refusals.add('INVALID', `${field}: expected some text, got ""`, [field]);
  }
  if (input.weightGrams != null && input.weightGrams < 0) {
    refusals.add('INVALID', `weightGrams: expected zero or more, got ${input.weightGrams}`, ['weightGrams']);
  }
  if (!found && input.name == null) refusals.add('REQUIRED', 'name: a new product needs one', ['name']);
  refusals.throwIfAny();
  if (found && input.expectedVersion != null && input.expectedVersion !== found.version) {
    throw new Refusal([versionConflict(`product ${found.sku}`, input.expectedVersion, found.version)]);
  }
}

function apply(product: Product, input: ProductValues, isNew: boolean): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of FIELDS) {
    const value = input[field];
    if (value === undefined) continue;
    const before = isNew ? null : (product[field] ?? null);
    if (before === value) continue;
    changes.push({ field, from: before, to: value });
    Object.assign(product, { [field]: value });
  }
  return changes;
}
