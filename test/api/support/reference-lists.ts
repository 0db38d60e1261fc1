import { typeId } from '../../../src/shared/ids.js';
import {
  during,
  one,
  oneOf,
  text,
  truth,
  within,
  type Below,
  type RandomFilter,
  type ReferenceList,
} from './random-filters.js';
import { referenceLogs } from './reference-logs.js';
import {
  CHANNELS,
  DIGITS,
  FULFILLMENTS,
  INTEGRATIONS,
  LOCATIONS,
  ORDER_STATUSES,
  PAYMENTS,
  QUOTE_STATUSES,
  TAGS,
  type CustomerRecord,
  type LevelRecord,
  type OrderRecord,
  type ProductRecord,
  type QuoteRecord,
  type Records,
} from './random-records.js';

const ofCustomer =
  (customers: CustomerRecord[]) =>
  (below: Below): RandomFilter<{ customer: CustomerRecord | null }> => {
    const customer = customers[below(14)]!;
    return { value: typeId('cus', customer.id), holds: (row) => row.customer?.id === customer.id };
  };
const knownTo = (below: Below): RandomFilter<{ integrations: string[] }> => {
  const value = one(below, [...INTEGRATIONS, 'none']);
  return { value, holds: (row) => row.integrations.includes(value) };
};
const named = (customer: CustomerRecord | null) => (customer ? [customer.number, customer.name, customer.email] : []);
const available = (level: LevelRecord) => Math.max(0, level.onHand - level.reserved - level.safety_stock);
const isBelow = (level: LevelRecord) => level.reorder_point !== null && available(level) < level.reorder_point;

function orderList(orders: OrderRecord[], customers: CustomerRecord[]): ReferenceList<OrderRecord> {
  const amount = (order: OrderRecord) => order.total_minor / 10 ** DIGITS[order.currency]!;
  return {
    field: 'orders',
    filterType: 'OrderFilter',
    sortType: 'OrderSort',
    rows: orders,
    prefix: 'ord',
    filters: {
      status: oneOf(ORDER_STATUSES, (order) => order.status),
      paymentStatus: oneOf(PAYMENTS, (order) => order.payment_status),
      fulfillmentStatus: oneOf(FULFILLMENTS, (order) => order.fulfillment_status),
      channel: oneOf([...CHANNELS.map(({ code }) => code), 'none'], (order) => order.channel.code),
      customerId: ofCustomer(customers),
      sku: (below) => {
        const value = one(below, one(below, orders).skus);
        return { value, holds: (order) => order.skus.includes(value) };
      },
      onHold: truth((order) => order.open_holds > 0),
      integration: knownTo,
      text: text(orders, (order) => [
        order.number,
        order.purchase_order_number,
        order.email,
        ...order.tracking,
        ...order.skus,
        ...named(order.customer),
      ]),
      placedAt: during((order) => order.placed_at),
      updatedAt: during((order) => order.updated_at),
      total: within((below) => one(below, ['0', '5', '5.00', '10', '1.5', '500', '2000.000']), amount, Number),
      currency: (below) => {
        const value = one(below, ['EUR', 'JPY', 'KWD', 'GBP']);
        return { value, holds: (order) => order.currency === value };
      },
    },
    sorts: {
      PLACED_AT: (order) => order.placed_at,
      UPDATED_AT: (order) => order.updated_at,
      TOTAL: (order) => order.total_minor,
      NUMBER: (order) => order.number,
    },
    unsorted: { key: (order) => order.placed_at, descending: true },
  };
}

function customerList(customers: CustomerRecord[]): ReferenceList<CustomerRecord> {
  return {
    field: 'customers',
    filterType: 'CustomerFilter',
    sortType: 'CustomerSort',
    rows: customers,
    prefix: 'cus',
    filters: {
      text: text(customers, (row) => [row.number, row.name, row.email, ...row.contacts]),
      kind: (below) => {
        const value = one(below, ['COMPANY', 'PERSON']);
        return { value, holds: (row) => row.kind === value };
      },
      email: (below) => {
        const value = one(below, customers).email ?? 'none@example.com';
        return { value: value.toUpperCase(), holds: (row) => row.email?.toLowerCase() === value.toLowerCase() };
      },
      tag: (below) => {
        const value = one(below, [...TAGS, 'none']);
        return { value, holds: (row) => row.tags.includes(value) };
      },
      integration: knownTo,
      updatedAt: during((row) => row.updated_at),
    },
    sorts: {
      NAME: (row) => row.name,
      NUMBER: (row) => row.number,
      CREATED_AT: (row) => row.created_at,
      UPDATED_AT: (row) => row.updated_at,
    },
    unsorted: { key: (row) => row.number, descending: false },
  };
}

function productList(products: ProductRecord[], levels: LevelRecord[]): ReferenceList<ProductRecord> {
  return {
    field: 'products',
    filterType: 'ProductFilter',
    sortType: 'ProductSort',
    rows: products,
    prefix: 'prd',
    filters: {
      text: text(products, (row) => [row.sku, row.name]),
      sku: (below) => {
        const value = [one(below, products).sku, one(below, products).sku, 'none'];
        return { value, holds: (row) => value.includes(row.sku) };
      },
      isActive: truth((row) => row.is_active),
      belowReorderPoint: truth((row) => levels.some((level) => level.product === row && isBelow(level))),
      updatedAt: during((row) => row.updated_at),
    },
    sorts: { SKU: (row) => row.sku, NAME: (row) => row.name, UPDATED_AT: (row) => row.updated_at },
    unsorted: { key: (row) => row.sku, descending: false },
  };
}

function levelList(levels: LevelRecord[]): ReferenceList<LevelRecord> {
  const skus = levels.map(({ product }) => product.sku);
  return {
    field: 'stockLevels',
    filterType: 'StockFilter',
    rows: levels,
    prefix: 'slv',
    filters: {
      sku: (below) => {
        const value = Array.from({ length: 20 }, () => one(below, skus));
        return { value, holds: (level) => value.includes(level.product.sku) };
      },
      location: oneOf([...LOCATIONS.map(({ code }) => code), 'none'], (level) => level.location.code),
      belowReorderPoint: truth(isBelow),
      availableBelow: (below) => {
        const value = one(below, ['0', '1', '3', '4.5', '100']);
        return { value, holds: (level) => available(level) < Number(value) };
      },
      updatedAt: during((level) => level.updated_at),
    },
    sorts: {},
    unsorted: { key: (level) => BigInt(level.product.id), descending: false },
    tie: (level) => BigInt(level.location.id),
  };
}

function quoteList(
  quotes: QuoteRecord[],
  customers: CustomerRecord[],
  isNewest: (row: QuoteRecord) => boolean,
): ReferenceList<QuoteRecord> {
  return {
    field: 'quotes',
    filterType: 'QuoteFilter',
    sortType: 'QuoteSort',
    rows: quotes,
    prefix: 'quo',
    filters: {
      status: oneOf(QUOTE_STATUSES, (row) => row.status),
      customerId: ofCustomer(customers),
      text: text(quotes, (row) => [row.number, ...named(row.customer)]),
      validUntil: during((row) => row.valid_until),
      updatedAt: during((row) => row.updated_at),
      newestRevisionOnly: (below) => {
        const value = below(2) === 0;
        return { value, holds: (row) => !value || isNewest(row) };
      },
    },
    base: { newestRevisionOnly: false },
    sorts: {
      CREATED_AT: (row) => row.created_at,
      UPDATED_AT: (row) => row.updated_at,
      VALID_UNTIL: (row) => row.valid_until,
      TOTAL: (row) => row.total_minor,
      NUMBER: (row) => row.number,
    },
    unsorted: { key: (row) => row.created_at, descending: true },
  };
}

/** Whether a quote is the newest revision of its number. */
export function newestOf(quotes: QuoteRecord[]): (row: QuoteRecord) => boolean {
  return ({ number, revision }) => !quotes.some((other) => other.number === number && other.revision > revision);
}

/** Every connection that the records fill. */
export function referenceLists(records: Records): Record<string, ReferenceList> {
  const { customers, products, levels, orders, quotes } = records;
  const isNewest = newestOf(quotes);
  const busiest = customers.toSorted((a, b) => count(b) - count(a))[0]!;
  function count(customer: CustomerRecord): number {
    return orders.filter((order) => order.customer === customer).length;
  }
  const of = { field: 'customer', arguments: `id: "${typeId('cus', busiest.id)}"` };
  const own = <Row extends { customer: CustomerRecord | null }>(rows: Row[]) =>
    rows.filter(({ customer }) => customer === busiest);
  const lists = {
    orders: orderList(orders, customers),
    'the orders of a customer': { ...orderList(own(orders), customers), within: of },
    customers: customerList(customers),
    products: productList(products, levels),
    'stock levels': levelList(levels),
    quotes: quoteList(quotes, customers, isNewest),
    'the quotes of a customer': { ...quoteList(own(quotes), customers, isNewest), within: of },
  };
  return { ...(lists as unknown as Record<string, ReferenceList>), ...referenceLogs(records) };
}
