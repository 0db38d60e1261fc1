import type { ActionScope } from '../../src/graph/mutation.js';
import { upsertProduct } from '../../src/modules/catalog/index.js';
import { CUSTOMER_PREFIX, upsertCustomer } from '../../src/modules/customers/index.js';
import { createShipment, SHIPMENT_PREFIX, updateShipment } from '../../src/modules/fulfillment/index.js';
import { cancelOrder, confirmOrder } from '../../src/modules/order-flow/index.js';
import { ORDER_PREFIX } from '../../src/modules/orders/index.js';
import { adjustStock, upsertStockLocation } from '../../src/modules/stock/index.js';
import { Refusal } from '../../src/shared/failures.js';
import { typeId } from '../../src/shared/ids.js';
import type { ConformanceHub } from './hub.js';

/** What the company and the system both sell. */
export const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
  { sku: 'DESK-1', name: 'Desk', price: '310.00', taxRate: '0.22' },
];
/** The place that sandboxes know as the company's own. */
const PLACE = 'BOLOGNA';

/** What is there before anything is connected. */
export async function openCompany(hub: ConformanceHub): Promise<void> {
  await hub.act((scope) => upsertStockLocation(scope, { code: PLACE }));
  for (const [index, { sku, name }] of PRODUCTS.entries()) {
    await hub.act((scope) => upsertProduct(scope, { sku, name }));
    await count(hub, sku, String(100_000 * (index + 1)));
  }
}

const ORDERS = `
  select o.id, coalesce(r.external_id, q.external_id) as name, o.status from orders o
    left join external_reference r on r.record_kind = 'order' and r.record_id = o.id and o.quote_id is null
    left join external_reference q on q.record_kind = 'quote' and q.record_id = o.quote_id
   order by coalesce(r.external_id, q.external_id) collate "C"`;

/**
 * A day's work of people, the same whatever the system does meanwhile: orders are confirmed, sent and called off, a
 * customer is made or changed, stock is counted. What the hub refuses them comes back.
 */
export async function work(hub: ConformanceHub, day: number): Promise<string[]> {
  const refused: string[] = [];
  const attempt = async <T>(what: string, deed: (scope: ActionScope) => Promise<T>): Promise<T | null> => {
    try {
      return await hub.act(deed);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push(`${what}: ${error.errors.map(({ code }) => code).join(', ')}`);
      return null;
    }
  };
  const orders = await hub.rows<{ id: string; name: string; status: string }>(ORDERS);
  for (const [index, { id, name, status }] of orders.entries()) {
    const orderId = typeId(ORDER_PREFIX, id);
    if (status !== 'RECEIVED' || index % 5 === 4) continue;
    if ((await attempt(`confirm ${name}`, (scope) => confirmOrder(scope, { orderId }))) === null) continue;
    if (index % 5 < 2) await send(attempt, orderId, name);
    else if (index % 5 === 2) await attempt(`cancel ${name}`, (scope) => cancelOrder(scope, { orderId }));
  }
  await attempt('customer', (scope) =>
    upsertCustomer(scope, {
      number: `KIT-${1 + (day % 2)}`,
      name: `Kit ${day}`,
      email: `kit${1 + (day % 2)}@kit.example`,
      phone: `+39 051 ${1_000 + day}`,
    }),
  );
  await callCustomer(hub, attempt, day);
  await count(hub, PRODUCTS[day % PRODUCTS.length]!.sku, String(500_000 + day));
  return refused;
}

type Attempt = <T>(what: string, deed: (scope: ActionScope) => Promise<T>) => Promise<T | null>;

async function send(attempt: Attempt, orderId: string, name: string): Promise<void> {
  const trackingNumber = `KIT-${name}`;
  const made = await attempt(`pack ${name}`, (scope) =>
    createShipment(scope, { orderId, location: PLACE, carrier: 'DHL', trackingNumber }),
  );
  if (made === null) return;
  const shipmentId = typeId(SHIPMENT_PREFIX, made.shipmentId);
  await attempt(`send ${name}`, (scope) => updateShipment(scope, { shipmentId, status: 'SHIPPED' }));
}

/** Somebody asks the first customer that the system brought for another telephone number. */
async function callCustomer(hub: ConformanceHub, attempt: Attempt, day: number): Promise<void> {
  const [first] = await hub.rows<{ record_id: string }>(
    `select r.record_id from external_reference r join customer c on c.id = r.record_id
      where r.record_kind = 'customer' and r.gone_at is null and c.merged_into_id is null and c.number not like 'KIT-%'
      order by r.external_id collate "C" limit 1`,
  );
  if (!first) return;
  const id = typeId(CUSTOMER_PREFIX, first.record_id);
  await attempt('call', (scope) => upsertCustomer(scope, { id, phone: `+39 051 ${7_000 + day}` }));
}

/** Everything is counted once more, so that systems hear of all stock behind whatever happened. */
export async function countAll(hub: ConformanceHub): Promise<void> {
  for (const [index, { sku }] of PRODUCTS.entries()) await count(hub, sku, String(700_000 + index));
}

async function count(hub: ConformanceHub, sku: string, setTo: string): Promise<void> {
  await hub.act((scope) => adjustStock(scope, { sku, location: PLACE, setTo, reason: 'Counted' }));
}
