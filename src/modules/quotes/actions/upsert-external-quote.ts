import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { Address } from '../../../graph/values.type.js';
import { refuse } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX, type CustomerRow } from '../../customers/index.js';
import { selectOrderCustomer } from '../../orders/index.js';
import {
  findReference,
  instantOfVersion,
  linkRecord,
  noteStatement,
  recordProvenance,
  SOURCE_STATES_IT,
  type ReferenceRow,
} from '../../references/index.js';
import { checkStatement, standingOf, statedFacts, statementHash, stepsTo } from '../external-quote.rules.js';
import type { UpsertExternalQuoteInput } from '../external-quote.type.js';
import { QUOTE, quoteMoved } from '../quote.events.js';
import { StatementEffect } from '../quote-input.type.js';
import { insertQuote, lockForeignName } from '../quote.queries.js';
import type { QuoteStatus } from '../quote.states.js';
import type { QuoteRow } from '../quote.type.js';
import { linesStatement } from './lines-statement.js';
import { priceStatement } from './price-statement.js';
import { stepEvents } from './step-events.js';
import { supersedeRevisions } from './supersede-revisions.js';
import { updateExternalQuote } from './update-external-quote.js';

const CUSTOMER = 'customer';
type Party = CustomerRow & { contact_found: boolean };

/** Which fields of which quote were taken over. */
interface Taken {
  quoteId: string;
  integrationId: string;
  fields: string[];
}

/**
 * Takes a quote over as another CPQ tool states it, or brings the hub's copy up to a newer version. An older version than
 * the newest taken is stale and changes nothing, the same one again neither.
 */
export async function upsertExternalQuote(
  scope: ActionScope,
  input: UpsertExternalQuoteInput,
): Promise<{ quoteId: string; effect: StatementEffect }> {
  const version = checkStatement(input);
  const hash = statementHash(input);
  const reference = await findLocked(scope, input);
  const standing = reference ? standingOf(reference, version, input, hash) : 'newer';
  if (reference && standing === 'older') return { quoteId: reference.record_id, effect: StatementEffect.STALE };
  const taken =
    reference && standing === 'same'
      ? { quoteId: reference.record_id, integrationId: reference.integration_id, fields: [] }
      : await take(scope, input, reference);
  note(scope, input, hash, taken);
  const effect = reference ? StatementEffect.UPDATED : StatementEffect.CREATED;
  return { quoteId: taken.quoteId, effect: taken.fields.length === 0 ? StatementEffect.UNCHANGED : effect };
}

async function findLocked({ tx }: ActionScope, input: UpsertExternalQuoteInput): Promise<ReferenceRow | undefined> {
  const { integration, externalId } = input.external;
  const names = [
    `quote ${integration}\n${externalId}`,
    ...(input.number == null ? [] : [`quote number ${input.number}`]),
  ];
  const answers = await tx.batch([
    ...names.map((name) => lockForeignName(name)),
    findReference(integration, QUOTE, externalId),
  ]);
  return answers.at(-1)![0] as ReferenceRow | undefined;
}

async function take(
  scope: ActionScope,
  input: UpsertExternalQuoteInput,
  reference: ReferenceRow | undefined,
): Promise<Taken> {
  const customer = await findCustomer(scope, input);
  if (!reference) return create(scope, input, customer);
  const fields = await updateExternalQuote(scope, reference, input, customer);
  return { quoteId: reference.record_id, integrationId: reference.integration_id, fields };
}

/** The version is noted even where nothing differs: what is older is stale from now on. */
function note(scope: ActionScope, input: UpsertExternalQuoteInput, hash: string, taken: Taken): void {
  const { quoteId, integrationId, fields } = taken;
  noteStatement(scope.tx, {
    integrationId,
    kind: QUOTE,
    externalId: input.external.externalId,
    version: input.sourceVersion,
    stated: { status: input.status, hash },
    at: scope.now,
    ...(input.externalUrl != null && { externalUrl: input.externalUrl }),
  });
  const observedAt = instantOfVersion(input.sourceVersion) ?? scope.now;
  const source = { integrationId, observedAt, rule: SOURCE_STATES_IT };
  recordProvenance(scope.tx, { kind: QUOTE, id: quoteId }, fields, source, { by: scope.actor, at: scope.now });
}

async function findCustomer({ tx }: ActionScope, input: UpsertExternalQuoteInput): Promise<Party> {
  const { customerId, customerExternal: external, contactId } = input;
  const id = external
    ? (await tx.one(findReference(external.integration, CUSTOMER, external.externalId)))?.record_id
    : idOf(CUSTOMER_PREFIX, customerId ?? '');
  const contact = contactId == null ? null : idOf(CONTACT_PREFIX, contactId);
  const customer = id == null ? undefined : ((await tx.one(selectOrderCustomer(id, contact))) as Party | undefined);
  if (!customer) {
    const asked = external ? `${external.integration} id ${external.externalId}` : `id ${customerId}`;
    throw refuse('NOT_FOUND', `no customer has the ${asked}`, [external ? 'customerExternal' : 'customerId']);
  }
  if (contactId != null && !customer.contact_found) {
    throw refuse('NOT_FOUND', `the customer has no contact ${contactId}`, ['contactId']);
  }
  return customer;
}

async function create(scope: ActionScope, input: UpsertExternalQuoteInput, customer: Party): Promise<Taken> {
  const { tx, now } = scope;
  const [id, ...lineIds] = await tx.ids.take(input.lines.length + 1);
  const { external, externalUrl, currency } = input;
  const link = await linkRecord(tx, {
    kind: QUOTE,
    recordId: id!,
    external,
    at: now,
    externalUrl: externalUrl ?? null,
  });
  const { integrationId } = link;
  const draft = { number: input.number ?? '', status: 'DRAFT' } as QuoteRow;
  const steps = stepsTo(draft, input.status, null);
  const others =
    input.number == null ? null : await makeWay(scope, id!, input.number, input, customer, integrationId, steps);
  const walked = [...steps, ...(others?.steps ?? [])];
  const shippingAddress = input.shippingAddress ?? customer.shipping_addresses[0] ?? null;
  const priced = await priceStatement(scope, input, customer.id, shippingAddress?.country ?? null, lineIds);
  const billingAddress = input.billingAddress ?? customer.billing_address;
  const number = await insert(scope, id!, input, customer, priced.totals, { billingAddress, shippingAddress }, walked);
  tx.defer(linesStatement(id!, priced.pricing, currency, priced.products, input.lines));
  const total = moneyOfMinor(priced.totals.totalMinor.toString(), currency);
  const { revision, validUntil, lines } = input;
  const made = { number, revision: revision ?? 1, currency, validUntil, total, lines: lines.map(statedFacts) };
  const addresses = { billingAddress, shippingAddress };
  const created = quoteMoved({ id: id!, customer_id: customer.id, event_count: 0 }, scope, null, 'DRAFT', {
    type: 'CREATED',
    message: `Quote ${number} taken over from ${external.integration}`,
    changes: [...begins(made), ...link.changes],
    personal: begins(addresses),
    data: { total, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) },
  });
  const moved = stepEvents(scope, { id: id!, number, customer_id: customer.id, event_count: 1 }, 'DRAFT', walked);
  await appendEvents(tx, [created, ...moved, ...(others?.events ?? [])]);
  return {
    quoteId: id!,
    integrationId,
    fields: [...Object.keys({ ...made, ...addresses }), 'customer', 'contact', 'status'],
  };
}

function makeWay(
  scope: ActionScope,
  id: string,
  number: string,
  input: UpsertExternalQuoteInput,
  customer: Party,
  integrationId: string,
  steps: QuoteStatus[],
) {
  const revision = { id, number, revision: input.revision ?? 1, customerId: customer.id, integrationId };
  return supersedeRevisions(scope, revision, steps.at(-1) ?? 'DRAFT');
}

async function insert(
  { tx, actor, now }: ActionScope,
  id: string,
  input: UpsertExternalQuoteInput,
  customer: Party,
  totals: { subtotalMinor: bigint; discountMinor: bigint; taxMinor: bigint; totalMinor: bigint },
  { billingAddress, shippingAddress }: { billingAddress: Address | null; shippingAddress: Address | null },
  steps: QuoteStatus[],
): Promise<string> {
  const row = await tx.one(
    insertQuote(
      id,
      input.number ?? null,
      input.revision ?? 1,
      steps.at(-1) ?? 'DRAFT',
      customer.id,
      idOf(CONTACT_PREFIX, input.contactId ?? ''),
      actor.kind,
      actor.id,
      actor.name,
      input.currency,
      input.validUntil.toISOString(),
      totals.subtotalMinor,
      totals.discountMinor,
      totals.taxMinor,
      totals.totalMinor,
      billingAddress && JSON.stringify(billingAddress),
      shippingAddress && JSON.stringify(shippingAddress),
      now.toISOString(),
      1 + steps.length,
    ),
  );
  return row!.number;
}

function begins(values: object): FieldChange[] {
  const entries = Object.entries(values).filter(([, to]) => to !== null);
  return entries.map(([field, to]) => ({ field, from: null, to: to as unknown }));
}
