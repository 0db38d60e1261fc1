import type { InferEntity } from '@mikro-orm/postgresql';
import type { Transaction } from '../../../db/transaction.js';
import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import {
  decideFields,
  isSameValue,
  recordProvenance,
  SET_IN_HUB,
  SOURCE_STATES_IT,
  type Speaker,
} from '../../references/index.js';
import { PRODUCT } from '../product.events.js';
import type { ProductEntity } from '../product.entity.js';
import type { UpsertProductInput } from '../product.type.js';
import { setComponents } from './set-components.js';
import { setOptions } from './set-options.js';

export type Product = InferEntity<typeof ProductEntity>;
export type ProductValues = Omit<UpsertProductInput, 'idempotencyKey'>;

export interface ProductChange {
  isNew: boolean;
  /** Who says so: what stands in the end is decided by the policies of all who spoke. */
  speaker: Speaker;
  /** What its event is to say besides. */
  linked: FieldChange[];
  /** A person decided so: what it leaves as it is counts as said too. */
  isDecision?: boolean;
}

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

/** Throws a Refusal that names all that is wrong. */
export function checkProduct(input: ProductValues, found: Product | null): void {
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

/** Changes a product whose row is locked; writes one event with what changed, none where nothing did. */
export async function changeProduct(
  scope: ActionScope,
  product: Product,
  input: ProductValues,
  change: ProductChange,
): Promise<{ isChanged: boolean }> {
  const { tx, now, actor } = scope;
  const { isNew, speaker, linked } = change;
  const stated = await applyWords(scope, product, input, change);
  const composed = await compose(tx, product, input);
  const changes = [...(isNew ? madeOf(product) : stated), ...composed, ...linked];
  if (!isNew && changes.length === 0) return { isChanged: false };
  if (!isNew) product.version += 1;
  product.updatedAt = now;
  await appendEvents(tx, [
    {
      subjectKind: PRODUCT,
      subjectId: product.id,
      sequence: product.version,
      at: now,
      actor,
      changes,
      type: isNew ? 'CREATED' : 'EDITED',
      message: `Product ${product.sku} ${isNew ? 'created' : 'changed'}`,
    },
  ]);
  const { integrationId, observedAt } = speaker;
  const source = { integrationId, observedAt, rule: integrationId === null ? SET_IN_HUB : SOURCE_STATES_IT };
  const own = composed.map(({ field }) => field);
  recordProvenance(tx, { kind: PRODUCT, id: product.id }, own, source, { by: actor, at: now });
  return { isChanged: true };
}

/** What it is made of and what can be chosen of it, where that is stated. */
async function compose(tx: Transaction, product: Product, input: ProductValues): Promise<FieldChange[]> {
  return [
    ...(input.components === undefined ? [] : await setComponents(tx, product, input.components ?? [])),
    ...(input.options === undefined ? [] : await setOptions(tx, product, input.options ?? [])),
  ];
}

async function applyWords(
  scope: ActionScope,
  product: Product,
  input: ProductValues,
  { isNew, speaker, isDecision }: ProductChange,
): Promise<FieldChange[]> {
  const given = FIELDS.filter((field) => input[field] !== undefined);
  // A form that is sent whole says nothing of what it leaves as it is.
  const said =
    isNew || isDecision || speaker.integrationId !== null
      ? given
      : given.filter((field) => !isSameValue(input[field], product[field]));
  const words = Object.fromEntries(said.map((field) => [field, input[field]]));
  const standing = Object.fromEntries(said.map((field) => [field, product[field] ?? null]));
  const subject = { kind: PRODUCT, id: product.id };
  const verdicts = await decideFields(scope, subject, words, speaker, isNew ? null : standing);
  const changes: FieldChange[] = [];
  for (const field of said) {
    const to = verdicts[field]!.value;
    const from = isNew ? null : standing[field];
    if (isSameValue(from, to)) continue;
    changes.push({ field, from, to });
    Object.assign(product, { [field]: to });
  }
  return changes;
}

/** A new record with all that it begins with, what nobody stated included. */
function madeOf(product: Product): FieldChange[] {
  return (['sku', ...FIELDS] as const)
    .map((field) => ({ field, from: null, to: product[field] ?? null }))
    .filter(({ to }) => to !== null);
}
