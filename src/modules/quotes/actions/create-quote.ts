import type { ActionScope } from '../../../graph/mutation.js';
import { Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../../customers/index.js';
import { shippingRequest } from '../../orders/index.js';
import { linkRecord } from '../../references/index.js';
import { QUOTE } from '../quote.events.js';
import type { CreateQuoteInput } from '../quote-input.type.js';
import { checkQuote, priceQuote, type QuoteCustomer } from './price-quote.js';
import { writeQuote } from './write-quote.js';

export type QuoteValues = Omit<CreateQuoteInput, 'idempotencyKey'>;

/** Makes a DRAFT quote, configured, priced and taxed as of now. */
export async function createQuote(scope: ActionScope, input: QuoteValues): Promise<{ quoteId: string }> {
  const { tx, now } = scope;
  const refusals = new Refusals();
  checkQuote(input, now, refusals);
  const shipping = shippingRequest(input, input.currency, refusals);
  refusals.throwIfAny();
  const [id, ...ids] = (await tx.ids.take(input.lines.length + 2)) as [string, ...string[]];
  const contactId = idOf(CONTACT_PREFIX, input.contactId ?? '');
  const request = {
    customerId: idOf(CUSTOMER_PREFIX, input.customerId),
    contactId,
    currency: input.currency,
    lines: input.lines,
    shipping,
    shippingAddress: input.shippingAddress ?? null,
  };
  const priced = await priceQuote(scope, request, ids, (found) => refuseParty(found, input, refusals), refusals);
  refusals.throwIfAny();
  const customer = priced.customer!;
  const { currency, validUntil, lines } = input;
  const billingAddress = input.billingAddress ?? customer.billing_address;
  const shippingAddress = input.shippingAddress ?? customer.shipping_addresses[0] ?? null;
  const quote = {
    id,
    customerId: customer.id,
    contactId,
    currency,
    validUntil,
    billingAddress,
    shippingAddress,
    lines,
    shipping,
  };
  await writeQuote(scope, { ...quote, number: null, revision: 1 }, priced, (number) => ({
    message: `Quote ${number} made`,
  }));
  if (input.external) await linkRecord(tx, { kind: QUOTE, recordId: id, external: input.external, at: now });
  return { quoteId: id };
}

function refuseParty(customer: QuoteCustomer | undefined, input: QuoteValues, refusals: Refusals): void {
  if (!customer) refusals.add('NOT_FOUND', `no customer has the id ${input.customerId}`, ['customerId']);
  else if (!customer.is_active) refusals.add('INVALID', `customer ${customer.number} is not active`, ['customerId']);
  if (input.contactId != null && !customer?.contact_found) {
    refusals.add('NOT_FOUND', `the customer has no contact ${input.contactId}`, ['contactId']);
  }
}
