import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { CONTACT_PREFIX, type CustomerRow } from '../../customers/index.js';
import { shippingRequest } from '../../orders/index.js';
import { linkRecord } from '../../references/index.js';
import { statedFacts, stepsTo } from '../external-quote.rules.js';
import type { ExternalQuoteValues } from '../external-quote.type.js';
import { QUOTE, quoteMoved } from '../quote.events.js';
import { insertQuote } from '../quote.queries.js';
import { shippingColumns, statedShipping } from '../quote-shipping.rules.js';
import type { QuoteStatus } from '../quote.states.js';
import { linesStatement } from './lines-statement.js';
import { priceStatement, type PricedStatement } from './price-statement.js';
import { stepEvents } from './step-events.js';
import { supersedeRevisions } from './supersede-revisions.js';

/** Which fields of which quote were taken over. */
export interface Taken {
  quoteId: string;
  integrationId: string;
  fields: string[];
}

/** Makes a quote that a tool states for the first time: a DRAFT, and the steps from there to where it stands. */
export async function createExternalQuote(
  scope: ActionScope,
  input: ExternalQuoteValues,
  customer: CustomerRow,
): Promise<Taken> {
  const { tx, now } = scope;
  const [id, ...ids] = (await tx.ids.take(input.lines.length + 2)) as [string, ...string[]];
  const { external, externalUrl = null } = input;
  const { integrationId, changes } = await linkRecord(tx, {
    kind: QUOTE,
    recordId: id,
    external,
    at: now,
    externalUrl,
  });
  const steps = stepsTo({ number: input.number ?? '', status: 'DRAFT' }, input.status, null);
  const others = await supersedeRevisions(
    scope,
    { id, number: input.number ?? null, revision: input.revision ?? 1, customerId: customer.id, integrationId },
    steps.at(-1) ?? 'DRAFT',
  );
  const addresses = {
    billingAddress: input.billingAddress ?? customer.billing_address,
    shippingAddress: input.shippingAddress ?? customer.shipping_addresses[0] ?? null,
  };
  const priced = await priceStatement(scope, input, customer.id, addresses.shippingAddress, ids);
  const walked = [...steps, ...others.steps];
  const number = await insert(scope, id, input, customer, priced, addresses, walked);
  tx.defer(linesStatement(id, input.currency, priced, input.lines));
  const made = valuesOf(input, number, priced);
  const facts = { id, number, customer_id: customer.id, event_count: 0 };
  const created = quoteMoved(facts, scope, null, 'DRAFT', {
    type: 'CREATED',
    message: `Quote ${number} taken over from ${external.integration}`,
    changes: [...begins(made), ...changes],
    personal: begins(addresses),
    data: { total: made.total, lines: input.lines.map(({ sku, quantity }) => ({ sku, quantity })) },
  });
  const moved = stepEvents(scope, { ...facts, event_count: 1 }, 'DRAFT', walked);
  await appendEvents(tx, [created, ...moved, ...others.events]);
  return {
    quoteId: id,
    integrationId,
    fields: [...Object.keys({ ...made, ...addresses }), 'customer', 'contact', 'status'],
  };
}

function valuesOf(input: ExternalQuoteValues, number: string, priced: PricedStatement) {
  const { revision, currency, validUntil } = input;
  const lines = input.lines.map(statedFacts);
  const shipping = statedShipping(shippingRequest(input, currency, new Refusals()), currency);
  const total = moneyOfMinor(priced.totals.totalMinor.toString(), currency);
  return { number, revision: revision ?? 1, currency, validUntil, lines, ...shipping, total };
}

function begins(values: object): FieldChange[] {
  const entries = Object.entries(values).filter(([, to]) => to !== null);
  return entries.map(([field, to]) => ({ field, from: null, to: to as unknown }));
}

async function insert(
  { tx, actor, now }: ActionScope,
  id: string,
  input: ExternalQuoteValues,
  customer: CustomerRow,
  { pricing, totals }: PricedStatement,
  { billingAddress, shippingAddress }: { billingAddress: object | null; shippingAddress: object | null },
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
      ...shippingColumns(pricing),
    ),
  );
  return row!.number;
}
