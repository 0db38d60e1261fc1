import { orderMachine, type OrderStatus } from '../../../../src/modules/orders/order.states.js';
import { fresh, type Order, type Payload } from '../desk.js';
import type { WalkDesk } from './walk-desk.js';
import type { Standing, Walk, Walks } from './walk.js';

interface Kept {
  id: string;
  shipments: string[];
}
const WINDOW_MS = 14 * 86_400_000;

/** Orders of two gifts, and how each of their statuses is come to. */
class Orders {
  constructor(private readonly open: () => WalkDesk) {}

  get desk(): WalkDesk {
    return this.open();
  }

  async made(more: object = {}): Promise<Kept> {
    const lines = [{ sku: this.desk.beside.gift, quantity: '2' }];
    return { id: (await this.desk.order({ lines, ...more })).id, shipments: [] };
  }

  /** With a line that needs no shipping beside the gifts. */
  mixed(): Promise<Kept> {
    const { gift, service } = this.desk.beside;
    const lines = [gift, service].map((sku) => ({ sku, quantity: '1' }));
    return this.made({ lines, confirm: true });
  }

  services(more: object = {}): Promise<Kept> {
    return this.made({ lines: [{ sku: this.desk.beside.service, quantity: '1' }], ...more });
  }

  /** Of which a shop sent this much, as it tells in one word. */
  async sentByShop(quantity: string, { id }: Kept): Promise<void> {
    const { shop, gift } = this.desk.beside;
    await shop.shipment(fresh('parcel'), 5, id, [{ sku: gift, quantity }]);
  }

  async converted(): Promise<Kept> {
    const { customerId, gift } = this.desk.beside;
    const quote = await this.desk.acceptedQuote({ customerId, lines: [{ sku: gift, quantity: '2' }] });
    const { order } = await this.desk.done<Payload<'order', Order>>('convertQuoteToOrder', { quoteId: quote.id });
    return { id: order!.id, shipments: [] };
  }

  act(name: string, { id }: Kept, more: object = {}): Promise<unknown> {
    return this.desk.done(name, { orderId: id, ...more });
  }

  async packed({ id, shipments }: Kept, quantity: string): Promise<string> {
    const lineId = (await this.desk.readOrder(id)).lines[0]!.id;
    const shipment = await this.desk.shipment(id, { lines: [{ lineId, quantity }] });
    shipments.push(shipment.id);
    return shipment.id;
  }

  async sent(kept: Kept, ...quantities: string[]): Promise<void> {
    for (const quantity of quantities) await this.report(await this.packed(kept, quantity), 'SHIPPED');
  }

  report(shipmentId: string, status: string): Promise<unknown> {
    return this.desk.done('updateShipment', { shipmentId, status });
  }

  async cancelFirstLine({ id }: Kept): Promise<void> {
    const [line] = (await this.desk.readOrder(id)).lines;
    await this.desk.done('cancelOrder', { orderId: id, lines: [{ lineId: line!.id, quantity: line!.quantity }] });
  }

  async takeBack({ id }: Kept): Promise<void> {
    const query = 'query($id: ID!) { order(id: $id) { fulfillmentOrders { id } } }';
    const { order } = await this.desk.ask<{ order: { fulfillmentOrders: { id: string }[] } }>(query, { id });
    for (const work of order.fulfillmentOrders)
      await this.desk.done('cancelFulfillmentOrder', { fulfillmentOrderId: work.id });
  }

  async in(status: OrderStatus): Promise<Kept> {
    if (status === 'DRAFT') return this.made({ draft: true });
    if (status === 'RECEIVED') return this.made();
    const kept = await this.made({ confirm: true });
    if (status === 'CANCELED') await this.act('cancelOrder', kept);
    if (status === 'PROCESSING') await this.act('releaseToWarehouse', kept);
    if (status === 'PARTIALLY_SHIPPED') await this.sent(kept, '1');
    if (status === 'SHIPPED') await this.sent(kept, '1', '1');
    if (status === 'DELIVERED' || status === 'COMPLETED') {
      await this.sent(kept, '2');
      await this.report(kept.shipments[0]!, 'DELIVERED');
    }
    if (status === 'COMPLETED') await this.complete(kept);
    return kept;
  }

  async complete(kept: Kept): Promise<void> {
    this.desk.test.clock.forward(WINDOW_MS);
    await this.act('completeOrder', kept);
  }

  read({ id }: Kept): Promise<Standing> {
    return this.desk.standing(id, id, ({ field }, { type }) => type === 'STATUS_CHANGED' && field === 'status');
  }
}

export function orderWalks(open: () => WalkDesk): Walks<OrderStatus, Kept> {
  const orders = new Orders(open);
  const order = ({ id }: Kept) => ({ orderId: id });
  return {
    machine: orderMachine,
    in: (status) => orders.in(status),
    read: (kept) => orders.read(kept),
    walks: [...beginning(orders), ...ofAShop(orders), ...preparing(orders), ...shipping(orders)],
    asks: [
      { mutation: 'placeOrder', to: 'RECEIVED', input: order },
      // What its warehouses give back is CONFIRMED again: nobody confirms it a second time.
      { mutation: 'confirmOrder', to: 'CONFIRMED', input: order, isNotTheWayFrom: ['PROCESSING'] },
      { mutation: 'completeOrder', to: 'COMPLETED', input: order },
      { mutation: 'cancelOrder', to: 'CANCELED', input: order, stays: ['PARTIALLY_SHIPPED', 'SHIPPED'] },
      ...['releaseToWarehouse', 'createShipment'].map((mutation) => ({
        ...{ mutation, to: 'PROCESSING' as const, input: order },
        stays: ['PROCESSING', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED'] as const,
      })),
    ],
    unreached: {
      'DELIVERED → PARTIALLY_SHIPPED':
        'a line added to an order that is delivered: nothing adds one behind the confirmation',
    },
  };
}

type OrderWalk = Walk<OrderStatus, Kept>;

function beginning(orders: Orders): OrderWalk[] {
  const act = (name: string, more?: object) => (kept: Kept) => orders.act(name, kept, more);
  return [
    { path: [null, 'DRAFT'], how: 'createOrder of a draft', make: () => orders.in('DRAFT') },
    { path: [null, 'RECEIVED'], how: 'createOrder', make: () => orders.in('RECEIVED') },
    { path: [null, 'CONFIRMED'], how: 'convertQuoteToOrder', make: () => orders.converted() },
    { path: [null, 'RECEIVED', 'CONFIRMED'], how: 'createOrder that confirms', make: () => orders.in('CONFIRMED') },
    { path: ['DRAFT', 'RECEIVED'], how: 'placeOrder', step: act('placeOrder') },
    { path: ['DRAFT', 'RECEIVED', 'CONFIRMED'], how: 'confirmOrder', step: act('confirmOrder') },
    {
      path: ['DRAFT', 'RECEIVED', 'CONFIRMED', 'DELIVERED'],
      how: 'confirmOrder of what needs no shipping',
      make: () => orders.services({ draft: true }),
      step: act('confirmOrder'),
    },
    { path: ['DRAFT', 'CANCELED'], how: 'cancelOrder', step: act('cancelOrder') },
    { path: ['RECEIVED', 'CONFIRMED'], how: 'confirmOrder', step: act('confirmOrder') },
    {
      path: ['RECEIVED', 'CONFIRMED', 'DELIVERED'],
      how: 'confirmOrder of what needs no shipping',
      make: () => orders.services(),
      step: act('confirmOrder'),
    },
    { path: ['RECEIVED', 'CANCELED'], how: 'cancelOrder', step: act('cancelOrder') },
  ];
}

/** What a shop tells of an order that it has taken, sent and delivered. */
function ofAShop(orders: Orders): OrderWalk[] {
  const names = new Map<string, string>();
  const received = async (): Promise<Kept> => {
    const { shop, gift } = orders.desk.beside;
    const name = fresh('web');
    const { id } = await shop.order(name, 1, [{ id: 'a', sku: gift, quantity: '2' }]);
    names.set(id, name);
    return { id, shipments: [] };
  };
  const confirmed = async () => {
    const kept = await received();
    await orders.act('confirmOrder', kept);
    return kept;
  };
  const told = (quantity: string) => (kept: Kept) => orders.sentByShop(quantity, { ...kept, id: names.get(kept.id)! });
  return [
    { path: [null, 'RECEIVED'], how: 'a shop’s order', make: received },
    {
      path: ['RECEIVED', 'CONFIRMED', 'PROCESSING', 'SHIPPED'],
      how: 'a shop’s parcel',
      make: received,
      step: told('2'),
    },
    { path: ['CONFIRMED', 'PROCESSING', 'SHIPPED'], how: 'a shop’s parcel', make: confirmed, step: told('2') },
    {
      path: ['CONFIRMED', 'PROCESSING', 'PARTIALLY_SHIPPED'],
      how: 'a shop’s parcel of some',
      make: confirmed,
      step: told('1'),
    },
  ];
}

function preparing(orders: Orders): OrderWalk[] {
  const act = (name: string) => (kept: Kept) => orders.act(name, kept);
  const packed =
    (...quantities: string[]) =>
    async () => {
      const kept = await orders.in('CONFIRMED');
      for (const quantity of quantities) await orders.packed(kept, quantity);
      return kept;
    };
  const report = (status: string) => (kept: Kept) => orders.report(kept.shipments[0]!, status);
  const mixedAndReleased = async () => {
    const kept = await orders.mixed();
    await orders.act('releaseToWarehouse', kept);
    return kept;
  };
  return [
    { path: ['CONFIRMED', 'PROCESSING'], how: 'releaseToWarehouse', step: act('releaseToWarehouse') },
    { path: ['CONFIRMED', 'PROCESSING'], how: 'createShipment', step: act('createShipment') },
    {
      path: ['CONFIRMED', 'DELIVERED'],
      how: 'cancelOrder of all that needs shipping',
      make: () => orders.mixed(),
      step: (kept) => orders.cancelFirstLine(kept),
    },
    { path: ['CONFIRMED', 'CANCELED'], how: 'cancelOrder', step: act('cancelOrder') },
    { path: ['PROCESSING', 'CONFIRMED'], how: 'cancelFulfillmentOrder', step: (kept) => orders.takeBack(kept) },
    {
      path: ['PROCESSING', 'CONFIRMED'],
      how: 'its shipment CANCELED',
      make: packed('2'),
      step: report('CANCELED'),
    },
    {
      path: ['PROCESSING', 'CONFIRMED', 'DELIVERED'],
      how: 'cancelOrder of all that needs shipping',
      make: mixedAndReleased,
      step: (kept) => orders.cancelFirstLine(kept),
    },
    {
      path: ['PROCESSING', 'PARTIALLY_SHIPPED'],
      how: 'the first shipment SHIPPED',
      make: packed('1', '1'),
      step: report('SHIPPED'),
    },
    { path: ['PROCESSING', 'SHIPPED'], how: 'its shipment SHIPPED', make: packed('2'), step: report('SHIPPED') },
    { path: ['PROCESSING', 'CANCELED'], how: 'cancelOrder', step: act('cancelOrder') },
  ];
}

function shipping(orders: Orders): OrderWalk[] {
  const cancel = (kept: Kept) => orders.act('cancelOrder', kept);
  const report = (status: string) => (kept: Kept) => orders.report(kept.shipments.at(-1)!, status);
  const sent =
    (...quantities: string[]) =>
    async () => {
      const kept = await orders.in('CONFIRMED');
      await orders.sent(kept, ...quantities);
      return kept;
    };
  const partlyDelivered = async () => {
    const kept = await orders.in('PARTIALLY_SHIPPED');
    await orders.report(kept.shipments[0]!, 'DELIVERED');
    return kept;
  };
  return [
    { path: ['PARTIALLY_SHIPPED', 'SHIPPED'], how: 'the rest shipped', step: (kept) => orders.sent(kept, '1') },
    { path: ['PARTIALLY_SHIPPED', 'SHIPPED'], how: 'the rest canceled', step: cancel },
    { path: ['PARTIALLY_SHIPPED', 'DELIVERED'], how: 'the rest canceled', make: partlyDelivered, step: cancel },
    { path: ['PARTIALLY_SHIPPED', 'PROCESSING'], how: 'what left came back', step: report('RETURNED_TO_SENDER') },
    { path: ['PARTIALLY_SHIPPED', 'PROCESSING'], how: 'what left was lost', step: report('LOST') },
    { path: ['SHIPPED', 'DELIVERED'], how: 'its shipment DELIVERED', make: sent('2'), step: report('DELIVERED') },
    { path: ['SHIPPED', 'PARTIALLY_SHIPPED'], how: 'one of two came back', step: report('RETURNED_TO_SENDER') },
    { path: ['SHIPPED', 'PARTIALLY_SHIPPED'], how: 'one of two was lost', step: report('LOST') },
    { path: ['SHIPPED', 'PROCESSING'], how: 'all came back', make: sent('2'), step: report('RETURNED_TO_SENDER') },
    { path: ['SHIPPED', 'PROCESSING'], how: 'all was lost', make: sent('2'), step: report('LOST') },
    { path: ['DELIVERED', 'COMPLETED'], how: 'completeOrder', step: (kept) => orders.complete(kept) },
  ];
}
