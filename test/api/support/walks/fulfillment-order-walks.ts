import {
  fulfillmentOrderMachine,
  type FulfillmentOrderStatus,
} from '../../../../src/modules/fulfillment/fulfillment-order.states.js';
import type { WalkDesk } from './walk-desk.js';
import type { Standing, Walks } from './walk.js';

interface Kept {
  id: string;
  sku?: string;
  number: string;
  orderId: string;
  shipments: string[];
}

/** What a warehouse has of an order of two, and how each of its statuses is come to. */
class Works {
  constructor(private readonly open: () => WalkDesk) {}

  get desk(): WalkDesk {
    return this.open();
  }

  async made(): Promise<Kept> {
    const { id: orderId } = await this.desk.order({
      lines: [{ sku: this.desk.beside.gift, quantity: '2' }],
      confirm: true,
    });
    const [work] = await this.desk.released(orderId);
    return { id: work!.id, number: work!.number, orderId, shipments: [] };
  }

  act(name: string, { id }: Kept, more: object = {}): Promise<unknown> {
    return this.desk.done(name, { fulfillmentOrderId: id, ...more });
  }

  hold(kept: Kept): Promise<unknown> {
    return this.act('holdFulfillmentOrder', kept, { reason: 'MANUAL' });
  }

  cancelOrder({ orderId }: Kept): Promise<unknown> {
    return this.desk.done('cancelOrder', { orderId });
  }

  async pack(kept: Kept, quantity = '1'): Promise<void> {
    const [line] = (await this.desk.readOrder(kept.orderId)).lines;
    const input = { fulfillmentOrderId: kept.id, lines: [{ lineId: line!.id, quantity }] };
    kept.shipments.push((await this.desk.shipment(kept.orderId, input)).id);
  }

  report({ shipments }: Kept, status: string): Promise<unknown> {
    return this.desk.done('updateShipment', { shipmentId: shipments.at(-1)!, status });
  }

  async in(status: FulfillmentOrderStatus): Promise<Kept> {
    const kept = await this.made();
    if (status === 'IN_PROGRESS') await this.pack(kept);
    if (status === 'ON_HOLD') await this.hold(kept);
    if (status === 'CANCELED') await this.act('cancelFulfillmentOrder', kept);
    if (status === 'CLOSED') await this.closed(kept);
    return kept;
  }

  async closed(kept: Kept): Promise<void> {
    for (const _ of ['one', 'and the other']) {
      await this.pack(kept);
      await this.report(kept, 'SHIPPED');
    }
  }

  /** All of it had left, and one of its parcels came back. */
  async cameBack(): Promise<Kept> {
    const kept = await this.in('CLOSED');
    await this.report(kept, 'RETURNED_TO_SENDER');
    return kept;
  }

  /** All of it was lost; told to the warehouse before, or made for the shipment alone. */
  async lost(isReleased: boolean): Promise<Kept> {
    const sku = await this.desk.product('0.00', '2');
    const { id: orderId } = await this.desk.order({ lines: [{ sku, quantity: '2' }], confirm: true });
    if (isReleased) await this.desk.released(orderId);
    const { id: shipmentId } = await this.desk.shipment(orderId);
    for (const status of ['SHIPPED', 'LOST']) await this.desk.done('updateShipment', { shipmentId, status });
    const query = 'query($id: ID!) { order(id: $id) { fulfillmentOrders { id number } } }';
    interface Answer {
      order: { fulfillmentOrders: { id: string; number: string }[] };
    }
    const [work] = (await this.desk.ask<Answer>(query, { id: orderId })).order.fulfillmentOrders;
    return { ...work!, orderId, shipments: [shipmentId], sku };
  }

  async held(make: Promise<Kept>): Promise<Kept> {
    const kept = await make;
    await this.hold(kept);
    return kept;
  }

  /** A shipment of it was begun and called off. */
  async calledOff(): Promise<Kept> {
    const kept = await this.in('IN_PROGRESS');
    await this.report(kept, 'CANCELED');
    return kept;
  }

  read({ id, number, orderId }: Kept): Promise<Standing> {
    return this.desk.standing(orderId, id, ({ field }) => field === `fulfillmentOrders.${number}`);
  }
}

export function fulfillmentOrderWalks(open: () => WalkDesk): Walks<FulfillmentOrderStatus, Kept> {
  const works = new Works(open);
  const act = (name: string) => (kept: Kept) => works.act(name, kept);
  const report = (status: string) => (kept: Kept) => works.report(kept, status);
  const hold = (kept: Kept) => works.hold(kept);
  const cancelOrder = (kept: Kept) => works.cancelOrder(kept);
  const allPacked = async () => {
    const kept = await works.in('OPEN');
    await works.pack(kept, '2');
    return kept;
  };
  const one = ({ id }: Kept) => ({ fulfillmentOrderId: id });
  return {
    machine: fulfillmentOrderMachine,
    in: (status) => works.in(status),
    read: (kept) => works.read(kept),
    walks: [
      { path: [null, 'OPEN'], how: 'releaseToWarehouse', make: () => works.made() },
      { path: ['OPEN', 'IN_PROGRESS'], how: 'createShipment', step: (kept) => works.pack(kept) },
      { path: ['OPEN', 'ON_HOLD'], how: 'holdFulfillmentOrder', step: hold },
      { path: ['OPEN', 'CLOSED'], how: 'what came back canceled', make: () => works.cameBack(), step: cancelOrder },
      { path: ['OPEN', 'CANCELED'], how: 'cancelFulfillmentOrder', step: act('cancelFulfillmentOrder') },
      { path: ['OPEN', 'CANCELED'], how: 'cancelOrder', step: cancelOrder },
      ...[true, false].map((isReleased) => ({
        path: ['OPEN', 'CANCELED'] as const,
        how: `what it lost found elsewhere${isReleased ? '' : ', made for a shipment alone'}`,
        make: () => works.lost(isReleased),
        step: ({ sku }: Kept) => works.desk.stock(sku!, '2', 'TURIN'),
      })),
      { path: ['IN_PROGRESS', 'CLOSED'], how: 'all of it SHIPPED', make: allPacked, step: report('SHIPPED') },
      { path: ['IN_PROGRESS', 'ON_HOLD'], how: 'holdFulfillmentOrder', step: hold },
      {
        path: ['IN_PROGRESS', 'CANCELED'],
        how: 'cancelFulfillmentOrder',
        make: () => works.calledOff(),
        step: act('cancelFulfillmentOrder'),
      },
      { path: ['ON_HOLD', 'OPEN'], how: 'releaseFulfillmentOrder', step: act('releaseFulfillmentOrder') },
      {
        path: ['ON_HOLD', 'IN_PROGRESS'],
        how: 'releaseFulfillmentOrder',
        make: () => works.held(works.in('IN_PROGRESS')),
        step: act('releaseFulfillmentOrder'),
      },
      { path: ['ON_HOLD', 'CANCELED'], how: 'cancelFulfillmentOrder', step: act('cancelFulfillmentOrder') },
      {
        path: ['ON_HOLD', 'OPEN', 'CLOSED'],
        how: 'what came back canceled',
        make: () => works.held(works.cameBack()),
        step: cancelOrder,
      },
      { path: ['CLOSED', 'OPEN'], how: 'a parcel came back', step: report('RETURNED_TO_SENDER') },
      { path: ['CLOSED', 'OPEN'], how: 'a parcel was lost', step: report('LOST') },
    ],
    asks: [
      {
        mutation: 'holdFulfillmentOrder',
        to: 'ON_HOLD',
        input: (kept) => ({ ...one(kept), reason: 'MANUAL' }),
      },
      { mutation: 'cancelFulfillmentOrder', to: 'CANCELED', input: one },
      {
        mutation: 'createShipment',
        to: 'IN_PROGRESS',
        input: (kept) => ({ ...one(kept), orderId: kept.orderId }),
        stays: ['IN_PROGRESS'],
        // Held, it can be released; canceled, the order has it no more.
        isNotTheWayFrom: ['ON_HOLD'],
        codes: { ON_HOLD: 'ON_HOLD', CANCELED: 'NOT_FOUND' },
      },
    ],
    unreached: {},
  };
}
