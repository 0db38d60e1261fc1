import { ConnectorFailure, exact, rejected, type OutgoingOrder, type PushDefinition, type Sent } from '#connect';
import { create, find, press, search, type Context } from '../client.js';
import { codeOfCustomer, markOfOrder } from '../mapping/marks.js';
import { isSameTotal, saleLines } from '../mapping/sale.js';
import { companyOf, type Credentials, type Settings } from '../settings.js';
import { decimal, id, ids, quantity, record, text } from '../wire/parts.js';
import { idOf } from '../wire/values.js';
import { addressOf, anyAddress } from './addresses.js';
import { partyWith } from './customers.js';
import { eachInTurn } from './outcomes.js';
import { lineValues } from './sale-lines.js';

const SALE = 'sale.sale';
const USUAL_PRICE_DIGITS = 4;
const A_MOMENT_MS = 1_000;
/** Before it is confirmed an order is none that anything is owed for. */
const NOT_YET = new Set<OutgoingOrder['status']>(['DRAFT', 'RECEIVED']);

/** Orders of other channels as sales, confirmed: what is to be sent and billed then follows from them there. */
export const orders: PushDefinition<Settings, Credentials, 'order'> = {
  of: 'order',
  most: 10,

  concerns: ({ isTheirs, externalId, status, hasLeftBefore }) =>
    !isTheirs && !NOT_YET.has(status) && (externalId !== null || (status !== 'CANCELED' && !hasLeftBefore)),

  send: (context, batch) => eachInTurn(batch, ({ record }) => tell(context, record)),
};

const state = { state: text, total_amount: decimal, shipments: ids, lines: ids };
const FIELDS = Object.keys(state);

async function tell(context: Context, order: OutgoingOrder): Promise<Sent> {
  const known = order.externalId ?? (await saleOf(context, order));
  if (order.status === 'CANCELED') return callOff(context, order, known);
  const sale = known ?? (await make(context, order));
  await confirm(context, order, sale);
  return { externalId: sale };
}

/** The oldest: a person may have made a copy of it. */
async function saleOf(context: Context, { hubId }: OutgoingOrder): Promise<string | null> {
  const asked = { domain: [['description', '=', markOfOrder(hubId)]], fields: ['description'], limit: 1 };
  return (await search(context, SALE, asked))[0]?.id ?? null;
}

async function read(context: Context, sale: string, number: string) {
  const [found] = await find(context, SALE, { domain: [['id', '=', idOf(sale)]], fields: FIELDS }, state);
  if (!found) throw rejected(`order ${number}: Tryton has no sale ${sale}`);
  return found;
}

/** The server runs no rule of its forms here: what they would fill in is said. */
async function make(context: Context, order: OutgoingOrder): Promise<string> {
  const { settings } = context;
  const party = await partyOf(context, order);
  const lines = saleLines(order, settings.priceDigits ?? USUAL_PRICE_DIGITS);
  const values = await lineValues(context, order, lines);
  const places = await placesOf(context, order, party);
  return create(context, SALE, {
    company: companyOf(settings),
    party: idOf(party),
    ...places,
    payment_term: await paymentTermOf(context, party),
    warehouse: warehouseOf(settings, order),
    currency: await currencyOf(context, order),
    reference: order.number,
    description: markOfOrder(order.hubId),
    invoice_method: 'order',
    shipment_method: 'order',
    lines: [['create', values]],
  });
}

async function partyOf(context: Context, { customer, number }: OutgoingOrder): Promise<string> {
  const { guestParty } = context.settings;
  if (customer === null) {
    if (guestParty === undefined) throw rejected(`order ${number}: it has no customer; guestParty would say who buys`);
    return guestParty;
  }
  const party = customer.externalId ?? (await partyWith(context, codeOfCustomer(customer.number)));
  if (party !== null) return party;
  // It is told by itself, and this order is due again as soon as it is there.
  throw new ConnectorFailure('transient', `order ${number}: customer ${customer.number} is not there yet`, {
    retryAfterMs: A_MOMENT_MS,
  });
}

async function placesOf(context: Context, order: OutgoingOrder, party: string) {
  const { shippingAddress, billingAddress, number } = order;
  const shipped = shippingAddress ?? billingAddress;
  const billed = billingAddress ?? shippingAddress;
  const to = shipped ? await addressOf(context, party, shipped, 'delivery') : await anyAddress(context, party);
  const bill = billed ? await addressOf(context, party, billed, 'invoice') : to;
  if (to === null || bill === null) throw rejected(`order ${number}: neither it nor its customer has an address`);
  return { shipment_address: idOf(to), invoice_address: idOf(bill) };
}

function warehouseOf({ locations = {}, saleLocation }: Settings, { number }: OutgoingOrder): number {
  const found = saleLocation === undefined ? Object.values(locations)[0] : locations[saleLocation];
  if (found === undefined) throw rejected(`order ${number}: the settings name no warehouse to sell from`);
  return idOf(found);
}

async function paymentTermOf(context: Context, party: string): Promise<number | null> {
  const asked = { domain: [['id', '=', idOf(party)]], fields: ['customer_payment_term'] };
  const [found] = await find(context, 'party.party', asked, { customer_payment_term: id.nullish() });
  const term = found?.customer_payment_term ?? context.settings.paymentTerm;
  return term == null ? null : idOf(term);
}

async function currencyOf(context: Context, { currency, number }: OutgoingOrder): Promise<number> {
  const asked = { domain: [['code', '=', currency]], fields: ['code'], limit: 1 };
  const [found] = await search(context, 'currency.currency', asked);
  if (!found) throw rejected(`order ${number}: Tryton knows no currency "${currency}"`);
  return idOf(found.id);
}

/** Goes on from wherever it is. A total that is not the order’s is never confirmed. */
async function confirm(context: Context, order: OutgoingOrder, sale: string): Promise<void> {
  const { number } = order;
  let now = await read(context, sale, number);
  if (now.state === 'draft' || now.state === 'quotation') {
    if (!isSameTotal(order, now.total_amount, now.lines.length)) {
      throw rejected(`order ${number}: sale ${sale} comes to ${now.total_amount} there, to ${order.total} here`);
    }
    if (now.state === 'draft') now = await take(context, order, sale, 'quote', ['quotation']);
    await take(context, order, sale, 'confirm', ['confirmed', 'processing', 'done']);
    return;
  }
  if (now.state === 'cancelled') throw rejected(`order ${number}: sale ${sale} was canceled there`);
  await refuseChanges(context, order, sale);
}

async function take(context: Context, { number }: OutgoingOrder, sale: string, button: string, states: string[]) {
  await press(context, SALE, button, sale);
  const now = await read(context, sale, number);
  if (states.includes(now.state)) return now;
  throw rejected(`order ${number}: sale ${sale} is "${now.state}" behind ${button}`);
}

/** A sale that is under way cannot be changed: what the hub canceled of it since is a matter for people. */
async function refuseChanges(context: Context, order: OutgoingOrder, sale: string): Promise<void> {
  const fields = ['quantity', 'product.code'];
  const asked = { domain: [['sale', '=', idOf(sale)], ['type', '=', 'line']], fields }; // prettier-ignore
  const shape = { quantity, 'product.': record({ code: text.nullish() }).nullish() };
  const lines = await find(context, 'sale.line', asked, shape);
  const there = lines.map((line) => ({ sku: line['product.']?.code ?? '', quantity: line.quantity }));
  for (const sku of new Set(order.lines.map((line) => line.sku))) {
    if (sumOf(there, sku).equals(sumOf(order.lines, sku))) continue;
    const what = `sale ${sale} is under way there, what was changed of ${sku} since has to be changed by hand`;
    throw rejected(`order ${order.number}: ${what}`);
  }
}

function sumOf(lines: readonly { sku: string; quantity: string }[], sku: string) {
  const own = lines.filter((line) => line.sku === sku);
  return own.reduce((all, line) => all.plus(exact(line.quantity)), exact(0));
}

/** An offer is called off. Of a sale under way what was not sent is; its invoice people have to deal with. */
async function callOff(context: Context, order: OutgoingOrder, sale: string | null): Promise<Sent> {
  if (sale === null) return { externalId: null };
  const now = await read(context, sale, order.number);
  if (now.state === 'draft' || now.state === 'quotation') await take(context, order, sale, 'cancel', ['cancelled']);
  const asked = { domain: [['id', 'in', now.shipments.map(idOf)]], fields: ['state'] };
  const open = now.shipments.length === 0 ? [] : await find(context, 'stock.shipment.out', asked, { state: text });
  for (const shipment of open.filter((each) => !['done', 'cancelled'].includes(each.state))) {
    await press(context, 'stock.shipment.out', 'cancel', shipment.id);
  }
  return { externalId: sale };
}
