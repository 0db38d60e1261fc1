import { appendEvents } from '../../../events/append.js';
import { exactlyOneError } from '../../../graph/lookup.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { addDecimals, compareDecimals, isPositive, isZero, subtractDecimals } from '../../../shared/decimal.js';
import { refuse, Refusal, Refusals } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import {
  optionsBySku,
  selectBuiltIn,
  selectOptionsBySku,
  selectPricedProducts,
  type BuiltInRow,
  type Option,
  type OptionsRow,
  type PricedProductRow,
} from '../../catalog/index.js';
import type { CustomerRow } from '../../customers/index.js';
import {
  headlineOf,
  NOTHING_SHIPPED,
  lockCreditLimit,
  ORDER_PREFIX,
  pricedTotals,
  priceOrder,
  progressOf,
  refuseUntaxed,
  selectChannelByCode,
  selectCreditUsed,
  selectOrderCustomer,
  sellerSettings,
  writeOrder,
  type ChannelRow,
  type CreditLimitRow,
  type CreditUsedRow,
  type NewOrder,
  type PriceRequest,
  type Pricing,
} from '../../orders/index.js';
import {
  assertQuoteMove,
  convertLines,
  lockQuoteForAction,
  moveQuote,
  QUOTE_LINE_PREFIX,
  quoteMoved,
  refuseExpired,
  refuseSuperseded,
  selectLinesOfQuotes,
  selectNewestRevision,
  shippingOf,
  type LockedQuote,
  type QuoteLineRow,
  type QuoteRow,
} from '../../quotes/index.js';
import { ratedTaxes, selectTaxRates, type KnownRateRow, type TaxMode, type TaxProvider } from '../../tax/index.js';
import { lockLevelsBySku, reserveStock, type LockedLevel, type Reserved } from '../../stock/index.js';
import { confirmLine, stockedIds, stockNeeds } from '../verification.rules.js';
import { builtInto, currentPrice, quotedRequest, type Part } from '../quoted-line.rules.js';
import { refuseBeyondCredit } from '../credit.rules.js';
import { refuseUndeliverable } from '../address.rules.js';
import { verificationSettings } from '../verification.settings.js';
import type { ConvertQuoteToOrderInput } from '../convert-quote.type.js';

type Conversion = Omit<ConvertQuoteToOrderInput, 'idempotencyKey'>;
interface Known {
  channel: ChannelRow | undefined;
  customer: CustomerRow;
  products: PricedProductRow[];
  taxes: TaxProvider;
  limit: CreditLimitRow | undefined;
  used: CreditUsedRow | undefined;
  levels: LockedLevel[];
  builtIn: BuiltInRow[];
  options: Map<string, Option[]>;
}

/** What of the quote is to become an order. */
interface Asked {
  quote: LockedQuote;
  parts: Part[];
  shipping: PriceRequest['shipping'];
}

/**
 * Makes a CONFIRMED order of what of the quote has not become one. The quote's row is locked first, so that calls come
 * one after the other, and what they convert is counted on its lines, which cannot count beyond their quantity.
 */
export async function convertQuoteToOrder(
  scope: ActionScope,
  input: Conversion,
): Promise<{ orderId: string; quoteId: string }> {
  const ways = exactlyOneError({ quoteId: input.quoteId, external: input.external });
  if (ways) throw new Refusal([ways]);
  const quote = await lockQuoteForAction(scope, input);
  const [lineRows, newest] = await scope.tx.batch([
    selectLinesOfQuotes([quote.id]),
    selectNewestRevision(quote.number),
  ]);
  assertConvertible(quote, newest![0] as QuoteRow, scope.now, namedBy(input));
  const quoteLines = lineRows as QuoteLineRow[];
  const parts = partsToConvert(quote, quoteLines, input);
  const known = await load(scope, quote, parts, input);
  const [orderId, ...ids] = await scope.tx.ids.take(parts.length + 2);
  const asked = { quote, parts, shipping: shippingLeft(quote, quoteLines) };
  const { pricing, reserved } = verify(scope, asked, known, input, ids);
  const order = newOrder(scope, orderId!, quote, known.channel!, pricing, input);
  await writeOrder(
    scope,
    order,
    { status: 'CONFIRMED', message: `Order made of quote ${quote.number}`, data: { quote: quote.number } },
    (events) => events.stockReserved(reserved.levels).walked('CONFIRMED', order.status),
    reserved.statements,
  );
  await writeQuote(scope, quote, quoteLines, parts, orderId!);
  return { orderId: orderId!, quoteId: quote.id };
}

/** Price by the policy, tax, channel and stock; throws all that is refused at once. */
function verify(
  { now, service }: ActionScope,
  { quote, parts, shipping }: Asked,
  known: Known,
  input: Conversion,
  ids: string[],
): { pricing: Pricing; reserved: Reserved } {
  const refusals = new Refusals();
  checkParties(known, input, refusals);
  const products = new Map(known.products.map((product) => [Number(product.ordinal) - 1, product]));
  const requests = parts.map((part, index) => {
    const current = currentPrice(part.line, products.get(index), known.options);
    const builtIn = builtInto(part.line, products.get(index), known.builtIn);
    return { ...quotedRequest(part, current, input.pricePolicy, refusals), builtIn };
  });
  const tax: TaxMode = { rounding: service(sellerSettings).taxRounding, pricesIncludeTax: false };
  const request = { currency: quote.currency, lines: requests, adjustments: [], shipping, tax };
  const pricing = priceOrder(request, known, ids, refusals);
  const { lines, untaxed } = pricing;
  const { totalMinor } = pricedTotals(pricing, quote.currency, false).order;
  refuseBeyondCredit({ currency: quote.currency, totalMinor }, known.limit, known.used, refusals);
  const country = (input.shippingAddress ?? quote.shipping_address)?.country ?? service(sellerSettings).country;
  refuseUntaxed(untaxed, country, refusals);
  const { checksAddresses } = service(verificationSettings);
  if (checksAddresses && lines.some((line) => line.requiresShipping))
    refuseUndeliverable(input.shippingAddress ?? quote.shipping_address, refusals);
  const needs = stockNeeds(
    lines.map((line, index) => ({ ...line, field: parts[index]!.field })),
    new Set([...stockedIds(known.products), ...known.builtIn.filter((one) => one.is_stocked).map((one) => one.id)]),
  );
  const reserved = reserveStock(needs, known.levels, { now, allowBackorder: input.allowBackorder ?? false, refusals });
  refusals.throwIfAny();
  for (const line of lines) confirmLine(line, reserved);
  return { pricing, reserved };
}

function newOrder(
  { now, service }: ActionScope,
  id: string,
  quote: LockedQuote,
  channel: ChannelRow,
  { lines, shipping }: Pricing,
  input: Conversion,
): NewOrder {
  return {
    id,
    channel,
    status: headlineOf(lines.map(progressOf), NOTHING_SHIPPED),
    customerId: quote.customer_id,
    contactId: quote.contact_id,
    email: null,
    purchaseOrderNumber: input.purchaseOrderNumber ?? null,
    note: null,
    currency: quote.currency,
    pricesIncludeTax: false,
    isStated: false,
    taxRounding: service(sellerSettings).taxRounding,
    lines,
    shipping,
    adjustments: [],
    billingAddress: quote.billing_address,
    shippingAddress: input.shippingAddress ?? quote.shipping_address,
    quoteId: quote.id,
    allowBackorder: input.allowBackorder ?? false,
    requestedDeliveryAt: input.requestedDeliveryAt ?? null,
    placedAt: now,
  };
}

/** The quote's shipping, until an order has been made of some of it: that one charges it, whatever becomes of the order. */
function shippingLeft(quote: LockedQuote, lines: QuoteLineRow[]): PriceRequest['shipping'] {
  return lines.every((line) => isZero(line.converted_quantity)) ? shippingOf(quote) : null;
}

/** Where in the input the quote is named. */
function namedBy({ external }: Conversion): string[] {
  return [external == null ? 'quoteId' : 'external'];
}

function assertConvertible(quote: LockedQuote, newest: QuoteRow, now: Date, field: string[]): void {
  const named = `quote ${quote.number}`;
  if (quote.status === 'CONVERTED') throw alreadyConverted(quote, field);
  if (quote.status === 'DECLINED') throw refuse('QUOTE_DECLINED', `${named} was declined`, field);
  refuseSuperseded(quote, newest, field);
  if (quote.status === 'ACCEPTED' || quote.status === 'PARTIALLY_CONVERTED' || quote.status === 'EXPIRED')
    return refuseExpired(quote, now, field);
  throw refuse('QUOTE_NOT_ACCEPTED', `${named} is ${quote.status}, expected ACCEPTED`, field);
}

function alreadyConverted(quote: LockedQuote, field: string[]): Refusal {
  return new Refusal([
    {
      code: 'QUOTE_ALREADY_CONVERTED',
      message: `all that is asked for of quote ${quote.number} has become orders already`,
      field,
      type: 'AlreadyConvertedError',
      facts: { quoteId: quote.id },
    },
  ]);
}

function partsToConvert(quote: LockedQuote, lines: QuoteLineRow[], input: Conversion): Part[] {
  const left = (line: QuoteLineRow) => subtractDecimals(line.quantity, line.converted_quantity);
  if (input.lines == null) {
    const parts = lines.map((line, index) => ({ line, quantity: left(line), field: ['lines', String(index)] }));
    return parts.filter((part) => isPositive(part.quantity));
  }
  const refusals = new Refusals();
  if (input.lines.length === 0)
    refusals.add('REQUIRED', 'lines: expected at least one; leave it out to convert all', ['lines']);
  const parts = new Map<string, Part>();
  input.lines.forEach(({ lineId, quantity }, index) => {
    const field = ['lines', String(index)];
    const line = lines.find((candidate) => candidate.id === idOf(QUOTE_LINE_PREFIX, lineId));
    if (!line) return refusals.add('NOT_FOUND', `quote ${quote.number} has no line ${lineId}`, [...field, 'lineId']);
    if (!isPositive(quantity))
      return refusals.add('INVALID', `quantity: expected more than zero, got ${quantity}`, [...field, 'quantity']);
    const sum = addDecimals(parts.get(line.id)?.quantity ?? '0', quantity);
    if (isZero(left(line))) throw alreadyConverted(quote, [...field, 'lineId']);
    if (compareDecimals(sum, left(line)) > 0) {
      return refusals.add('INVALID', `quantity: ${sum} asked for, ${left(line)} of the line not converted yet`, [
        ...field,
        'quantity',
      ]);
    }
    parts.set(line.id, { line, quantity: sum, field: parts.get(line.id)?.field ?? field });
  });
  refusals.throwIfAny();
  return [...parts.values()];
}

function checkParties({ channel, customer }: Known, input: Conversion, refusals: Refusals): void {
  if (!channel) refusals.add('NOT_FOUND', `no channel has the code "${input.channel ?? 'cpq'}"`, ['channel']);
  else if (!channel.is_active) refusals.add('INVALID', `channel ${channel.code} takes no more orders`, ['channel']);
  if (!customer.is_active) refusals.add('INVALID', `customer ${customer.number} is not active`, namedBy(input));
}

async function load(
  { tx, now, service }: ActionScope,
  quote: LockedQuote,
  parts: Part[],
  input: Conversion,
): Promise<Known> {
  const skus = parts.map((part) => part.line.sku);
  const quantities = parts.map((part) => part.quantity);
  const address = input.shippingAddress ?? quote.shipping_address;
  const sellerCountry = service(sellerSettings).country;
  const builtInSkus = parts.flatMap(({ line }) => line.configuration.flatMap(({ sku }) => sku ?? []));
  const [channels, customers, products, rates, limits, used, builtIn, options, levels] = await tx.batch([
    selectChannelByCode(input.channel ?? 'cpq'),
    selectOrderCustomer(quote.customer_id, quote.contact_id),
    selectPricedProducts(skus, quantities, quote.currency, quote.customer_id, now.toISOString()),
    selectTaxRates(
      address?.country ?? null,
      address?.region ?? null,
      quote.customer_id,
      sellerCountry,
      now.toISOString().slice(0, 10),
    ),
    lockCreditLimit(quote.customer_id),
    selectCreditUsed([quote.customer_id]),
    selectBuiltIn(builtInSkus),
    selectOptionsBySku(skus),
    lockLevelsBySku([...skus, ...builtInSkus]),
  ]);
  return {
    channel: channels![0] as ChannelRow | undefined,
    customer: customers![0] as CustomerRow,
    products: products as PricedProductRow[],
    taxes: ratedTaxes(rates as KnownRateRow[], sellerCountry),
    limit: limits![0] as CreditLimitRow | undefined,
    used: used![0] as CreditUsedRow | undefined,
    levels: levels as LockedLevel[],
    builtIn: builtIn as BuiltInRow[],
    options: optionsBySku(options as OptionsRow[]),
  };
}

async function writeQuote(
  scope: ActionScope,
  quote: LockedQuote,
  lines: QuoteLineRow[],
  parts: Part[],
  orderId: string,
): Promise<void> {
  const converted = new Map(parts.map(({ line, quantity }) => [line.id, quantity]));
  const whole = lines.every((line) =>
    isZero(subtractDecimals(line.quantity, addDecimals(line.converted_quantity, converted.get(line.id) ?? '0'))),
  );
  const to = whole ? 'CONVERTED' : 'PARTIALLY_CONVERTED';
  if (to !== quote.status) assertQuoteMove(quote, to);
  scope.tx.defer(
    convertLines([...converted.keys()], [...converted.values()]),
    moveQuote(quote.id, to, scope.now.toISOString()),
  );
  await appendEvents(scope.tx, [
    quoteMoved(quote, scope, quote.status, to, {
      ...(to === quote.status && { type: 'CONVERTED' }),
      message: `Quote ${quote.number} became an order`,
      data: {
        orderId: typeId(ORDER_PREFIX, orderId),
        lines: parts.map(({ line, quantity }) => ({ sku: line.sku, quantity })),
      },
    }),
  ]);
}
