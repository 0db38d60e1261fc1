import type { ActionScope } from '../../../graph/mutation.js';
import { NotYet, Refusal } from '../../../shared/failures.js';
import type { StatedQuote } from '../../../shared/stated/index.js';
import { CUSTOMER } from '../../customers/index.js';
import { upsertExternalQuote, type ExternalQuoteValues } from '../../quotes/index.js';
import { findReference, successorsOf } from '../../references/index.js';
import { PricePolicy } from '../convert-quote.type.js';
import { convertQuoteToOrder } from './convert-quote-to-order.js';
import type { StatedOrigin } from './record-stated-order.js';

export interface StatedQuoteEffect {
  effect: 'created' | 'updated' | 'unchanged' | 'stale';
}

/** Takes a quote over as a CPQ tool states it. Throws NotYet where its customer is not here. */
export async function recordStatedQuote(
  scope: ActionScope,
  quote: StatedQuote,
  origin: StatedOrigin,
): Promise<StatedQuoteEffect> {
  const customerExternalId = await customerOf(scope, quote, origin);
  const { effect } = await upsertExternalQuote(scope, inputOf({ ...quote, customerExternalId }, origin));
  return { effect: effect.toLowerCase() as StatedQuoteEffect['effect'] };
}

/** By which id the hub knows its customer. */
async function customerOf(
  { tx }: ActionScope,
  { customerExternalId }: StatedQuote,
  { integrationCode }: StatedOrigin,
): Promise<string> {
  const isKnown = async (id: string) => (await tx.one(findReference(integrationCode, CUSTOMER, id))) !== undefined;
  if (await isKnown(customerExternalId)) return customerExternalId;
  const successorOf = await successorsOf(tx, integrationCode, CUSTOMER, [customerExternalId]);
  const successor = successorOf(customerExternalId);
  if (successor === customerExternalId || !(await isKnown(successor))) throw new NotYet(CUSTOMER, successor);
  return successor;
}

/**
 * Makes the order of a quote that was won in the tool, at the prices it was won with; what is not in stock is backordered.
 * Does nothing where the quote is an order already.
 */
export async function convertWonQuote(
  scope: ActionScope,
  externalId: string,
  origin: StatedOrigin,
): Promise<{ effect: 'converted' | 'unchanged' }> {
  try {
    await convertQuoteToOrder(scope, {
      external: { integration: origin.integrationCode, externalId },
      pricePolicy: PricePolicy.HONOR_QUOTE,
      allowBackorder: true,
    });
    return { effect: 'converted' };
  } catch (error) {
    const isDone = error instanceof Refusal && error.errors.every(({ code }) => code === 'QUOTE_ALREADY_CONVERTED');
    if (!isDone) throw error;
    return { effect: 'unchanged' };
  }
}

function inputOf(quote: StatedQuote, { integrationCode: integration }: StatedOrigin): ExternalQuoteValues {
  const { currency } = quote;
  return {
    external: { integration, externalId: quote.externalId },
    sourceVersion: quote.sourceVersion.toISOString(),
    externalUrl: quote.externalUrl ?? null,
    number: quote.number ?? null,
    revision: quote.number === undefined ? null : (quote.revision ?? null),
    status: quote.status as ExternalQuoteValues['status'],
    customerExternal: { integration, externalId: quote.customerExternalId },
    currency,
    validUntil: quote.validUntil,
    billingAddress: quote.billingAddress ?? null,
    shippingAddress: quote.shippingAddress ?? null,
    lines: quote.lines.map((line) => ({
      lineId: line.externalId,
      sku: line.sku,
      description: line.description ?? null,
      quantity: line.quantity,
      unitPrice: { amount: line.unitPrice, currency },
      discountRate: line.discountRate ?? null,
      recurrence: (line.recurrence ?? null) as ExternalQuoteValues['lines'][number]['recurrence'],
    })),
  };
}
