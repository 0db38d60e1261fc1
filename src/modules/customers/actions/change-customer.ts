import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { minorOfAmount, moneyOfMinor } from '../../../shared/money.js';
import {
  decideFields,
  isSameValue,
  recordProvenance,
  SET_IN_HUB,
  SOURCE_STATES_IT,
  type Speaker,
  type Verdict,
} from '../../references/index.js';
import type { Contact, Customer } from '../customer.entity.js';
import { CUSTOMER, splitPersonal } from '../customer.events.js';
import { PLAIN, type CustomerValues } from '../customer-input.rules.js';
import { selectPriceListCode, selectPriceListId } from '../customer.queries.js';
import { contactsOf, contactValues, replaceContacts, type ContactList } from './replace-contacts.js';

export interface CustomerChange {
  isNew: boolean;
  /** Who says so: what stands in the end is decided by the policies of all who spoke. */
  speaker: Speaker;
  /** What its event is to say besides. */
  linked: FieldChange[];
  /** Null leaves the contacts alone. */
  contacts: ContactList | null;
  /** A person decided so: what it leaves as it is counts as said too. */
  isDecision?: boolean;
  /** In place of "Customer C-1 changed". */
  message?: string;
}

/** Changes a customer whose row is locked; writes one event with what changed, none where nothing did. */
export async function changeCustomer(
  scope: ActionScope,
  customer: Customer,
  values: CustomerValues,
  change: CustomerChange,
): Promise<{ isChanged: boolean }> {
  const { tx, now, actor } = scope;
  const { isNew, speaker, linked, contacts: list } = change;
  const existing = list && !isNew ? await contactsOf(scope, customer.id) : [];
  const { stated, verdicts } = await applyWords(scope, customer, values, change, existing);
  const own = [...(await applyPriceList(scope, customer, values)), ...applyCreditLimit(customer, values)];
  stated.push(...own);
  if (list) stated.push(...(await replaceContacts(scope, customer, { existing, list, speaker }, verdicts['contacts'])));
  const changes = [...(isNew ? madeOf(customer, stated) : stated), ...linked];
  if (!isNew && changes.length === 0) return { isChanged: false };
  if (!isNew) customer.version += 1;
  customer.updatedAt = now;
  const { open, personal } = splitPersonal(changes);
  await appendEvents(tx, [
    {
      subjectKind: CUSTOMER,
      subjectId: customer.id,
      sequence: customer.version,
      at: now,
      actor,
      customerId: customer.id,
      type: isNew ? 'CREATED' : 'EDITED',
      message: change.message ?? `Customer ${customer.number} ${isNew ? 'created' : 'changed'}`,
      changes: open,
      personal: { changes: personal },
    },
  ]);
  const { integrationId, observedAt } = speaker;
  const source = { integrationId, observedAt, rule: integrationId === null ? SET_IN_HUB : SOURCE_STATES_IT };
  const fields = own.map(({ field }) => field);
  recordProvenance(tx, { kind: CUSTOMER, id: customer.id }, fields, source, { by: actor, at: now });
  return { isChanged: true };
}

/** A new record with all that it begins with, what nobody stated included. */
function madeOf(customer: Customer, stated: FieldChange[]): FieldChange[] {
  const isStated = (field: string) => stated.some((change) => change.field === field);
  const begins = (['number', ...PLAIN] as const)
    .map((field) => ({ field, from: null, to: customer[field] ?? null }))
    .filter(({ field, to }) => to !== null && !(Array.isArray(to) && to.length === 0 && !isStated(field)));
  return [...begins, ...stated.filter(({ field }) => field === 'contacts' || field === 'priceList')];
}

async function applyWords(
  scope: ActionScope,
  customer: Customer,
  values: CustomerValues,
  { isNew, speaker, contacts, isDecision }: CustomerChange,
  existing: Contact[],
): Promise<{ stated: FieldChange[]; verdicts: Record<string, Verdict> }> {
  const words: Record<string, unknown> = {};
  const standing: Record<string, unknown> = { contacts: existing.map(contactValues) };
  for (const field of PLAIN) {
    standing[field] = customer[field] ?? null;
    const value = field === 'shippingAddresses' || field === 'tags' ? (values[field] ?? []) : values[field];
    if (values[field] !== undefined) words[field] = value;
  }
  if (contacts) words['contacts'] = contacts.contacts.map(contactValues);
  // A form that is sent whole says nothing of what it leaves as it is.
  if (!isNew && !isDecision && speaker.integrationId === null)
    for (const field of Object.keys(words)) if (isSameValue(words[field], standing[field])) delete words[field];
  const subject = { kind: CUSTOMER, id: customer.id };
  const verdicts = await decideFields(scope, subject, words, speaker, isNew ? null : standing);
  const stated: FieldChange[] = [];
  for (const field of PLAIN) {
    if (!verdicts[field]) continue;
    const to = verdicts[field].value;
    const before = isNew ? null : standing[field];
    if (isSameValue(before, to)) continue;
    stated.push({ field, from: before, to });
    Object.assign(customer, { [field]: to });
  }
  return { stated, verdicts };
}

async function applyPriceList(
  { tx }: ActionScope,
  customer: Customer,
  { priceList }: CustomerValues,
): Promise<FieldChange[]> {
  if (priceList === undefined) return [];
  const id = priceList === null ? null : ((await tx.one(selectPriceListId(priceList)))?.id ?? null);
  if (priceList !== null && id === null) {
    throw refuse('NOT_FOUND', `no price list has the code "${priceList}"`, ['priceList']);
  }
  const before = customer.priceListId ?? null;
  customer.priceListId = id;
  if (id === before) return [];
  const from = before === null ? null : ((await tx.one(selectPriceListCode(before)))?.code ?? null);
  return [{ field: 'priceList', from, to: priceList }];
}

function applyCreditLimit(customer: Customer, { creditLimit }: CustomerValues): FieldChange[] {
  if (creditLimit === undefined) return [];
  const { creditLimitMinor, creditLimitCurrency } = customer;
  const from =
    creditLimitMinor == null || creditLimitCurrency == null
      ? null
      : moneyOfMinor(creditLimitMinor, creditLimitCurrency);
  const minor = creditLimit && minorOfAmount(creditLimit.amount, creditLimit.currency)!.toString();
  const to = creditLimit && minor !== null ? moneyOfMinor(minor, creditLimit.currency) : null;
  if (from?.amount === to?.amount && from?.currency === to?.currency) return [];
  customer.creditLimitMinor = minor;
  customer.creditLimitCurrency = to?.currency ?? null;
  return [{ field: 'creditLimit', from, to }];
}
