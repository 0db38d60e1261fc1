import {
  isOnItsWay,
  shipmentMachine,
  type ShipmentStatus,
} from '../../../../src/modules/fulfillment/shipment.states.js';
import { eventually } from '../../../support/eventually.js';
import { fresh, type Payload, type Shipment } from '../desk.js';
import type { WalkDesk } from './walk-desk.js';
import type { Standing, Walk, Walks } from './walk.js';

export interface KeptShipment {
  id: string;
  orderId: string;
  trackingNumber: string;
}
const STATUS = 'query($id: ID!) { node(id: $id) { ... on Shipment { status } } }';
const MINUTE_MS = 60_000;
/** What the carrier's vendor calls it; and which detail makes it that. */
const WORDS: Partial<Record<ShipmentStatus, [word: string, detail?: string]>> = {
  IN_TRANSIT: ['in_transit'],
  OUT_FOR_DELIVERY: ['out_for_delivery'],
  DELIVERED: ['delivered'],
  EXCEPTION: ['in_transit', 'damaged'],
  DELIVERY_FAILED: ['failure'],
  RETURNED_TO_SENDER: ['return_to_sender'],
  LOST: ['in_transit', 'lost'],
};

/** Shipments of two gifts, and how each of their statuses is come to. */
class Shipments {
  constructor(private readonly open: () => WalkDesk) {}

  get desk(): WalkDesk {
    return this.open();
  }

  async in(status: ShipmentStatus): Promise<KeptShipment> {
    const lines = [{ sku: this.desk.beside.gift, quantity: '2' }];
    const { id: orderId } = await this.desk.order({ lines, confirm: true });
    const trackingNumber = fresh('9400');
    const { id } = await this.desk.shipment(orderId, { carrier: 'USPS', trackingNumber });
    const kept = { id, orderId, trackingNumber };
    for (const step of shipmentMachine.path('PENDING', status)!) await this.report(kept, step);
    return kept;
  }

  /** By hand, a minute later than what was before. */
  async report({ id: shipmentId }: KeptShipment, status: ShipmentStatus): Promise<void> {
    this.desk.test.clock.forward(MINUTE_MS);
    await this.desk.done<Payload<'shipment', Shipment>>('updateShipment', { shipmentId, status });
  }

  /** By a webhook of the carrier's vendor, who was asked about the number before. */
  async carrierSays(kept: KeptShipment, status: ShipmentStatus): Promise<void> {
    const { easypost } = this.desk.beside;
    const { clock } = this.desk.test;
    const { id: shipmentId, trackingNumber } = kept;
    await this.desk.done<Payload<'shipment', Shipment>>('trackShipment', { shipmentId });
    clock.forward(MINUTE_MS);
    const [word, detail] = WORDS[status]!;
    easypost.report(trackingNumber, word, clock.now(), { ...(detail && { detail }) });
    await this.desk.post('/carriers/webhooks/easypost', easypost.event(trackingNumber));
    await eventually(`the parcel to be ${status}`, async () => {
      const { node } = await this.desk.ask<{ node: { status: string } }>(STATUS, { id: shipmentId });
      return node.status === status;
    });
  }

  read({ id, orderId }: KeptShipment): Promise<Standing> {
    return this.desk.standing(
      orderId,
      id,
      ({ field }, { type, data }) => type === 'SHIPMENT_UPDATED' && data?.shipment === id && field === 'status',
    );
  }
}

export function shipmentWalks(open: () => WalkDesk): Walks<ShipmentStatus, KeptShipment> {
  const shipments = new Shipments(open);
  const { statuses } = shipmentMachine;
  return {
    machine: shipmentMachine,
    in: (status) => shipments.in(status),
    read: (kept) => shipments.read(kept),
    walks: [
      { path: [null, 'PENDING'], how: 'createShipment', make: () => shipments.in('PENDING') },
      ...statuses.flatMap((from) => shipmentMachine.allowed(from).flatMap((to) => waysOf(shipments, from, to))),
    ],
    asks: statuses.map((to) => ({
      mutation: 'updateShipment',
      to,
      input: ({ id: shipmentId }) => ({ shipmentId, status: to }),
      // What a carrier reports late is kept, and moves nothing.
      stays: isOnItsWay(to) ? statuses.filter(isOnItsWay) : [],
    })),
    unreached: {},
  };
}

function waysOf(shipments: Shipments, from: ShipmentStatus, to: ShipmentStatus): Walk<ShipmentStatus, KeptShipment>[] {
  return [
    { path: [from, to], how: 'updateShipment', step: (kept) => shipments.report(kept, to) },
    ...(isOnItsWay(from) && WORDS[to]
      ? [
          {
            path: [from, to] as const,
            how: 'the carrier',
            step: (kept: KeptShipment) => shipments.carrierSays(kept, to),
          },
        ]
      : []),
  ];
}
