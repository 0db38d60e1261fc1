import { brokenInvariants } from '../../support/invariants.js';
import { EasyPostSandbox } from '../../support/easypost-sandbox.js';
import { startTestHub, type TestHub } from '../../support/hub.js';
import { CARRIED, Desk, type Money, type Payload, type Shipment } from './desk.js';

export interface Offer {
  id: string;
  provider: string;
  carrier: string;
  service: string;
  price: Money;
  deliveryDays: number | null;
  isKept: boolean;
  isChosen: boolean;
  reasons: string[];
}
export interface Label {
  id: string;
  status: string;
  url: string | null;
  cost: Money;
  provider: string;
  carrier: string;
  service: string;
  trackingNumber: string | null;
  reason: string | null;
}
export type Carried = Shipment & { offers: Offer[]; label: Label | null };
export type ShippingPayload = Payload<'shipment', Carried>;

const MILANO = { name: 'Hub', line1: 'Via Torino 1', city: 'Milano', postalCode: '20123', country: 'IT' };
export const BERGAMO = {
  ...{ name: 'Ada Bianchi', line1: 'Via Tasso 8', city: 'Bergamo', postalCode: '24121', country: 'IT' },
  phone: '+39 035 1234567',
};

/** A desk that ships: at its hub the vendor’s stand-in sells labels. */
export class CarrierDesk extends Desk {
  private constructor(
    test: TestHub,
    readonly sandbox: EasyPostSandbox,
    /** A product that weighs 700 g. */
    readonly sku: string,
  ) {
    super(test);
  }

  static async open(): Promise<CarrierDesk> {
    const sandbox = await EasyPostSandbox.start();
    const test = await startTestHub({ carriers: { easypost: sandbox.settings } });
    const plain = new Desk(test);
    const sku = await plain.product('10.00', '10000', { name: 'Lamp <b>"Luna"</b>', weightGrams: 700 });
    await plain.done('upsertStockLocation', { code: 'MAIN', address: MILANO });
    return new CarrierDesk(test, sandbox, sku);
  }

  async close(): Promise<void> {
    const broken = await brokenInvariants(this.test.database.url);
    await this.test.stop();
    await this.sandbox.close();
    if (broken.length > 0) throw new Error(`broken: ${JSON.stringify(broken)}`);
  }

  /** Confirmed, of two lamps. */
  async parcel(more: object = {}): Promise<{ orderId: string; shipmentId: string; shipment: Shipment }> {
    const lines = [{ sku: this.sku, quantity: '2' }];
    const order = await this.order({ lines, shippingAddress: BERGAMO, confirm: true, ...more });
    const shipment = await this.shipment(order.id);
    return { orderId: order.id, shipmentId: shipment.id, shipment };
  }

  async rated(more: object = {}): Promise<{ orderId: string; shipmentId: string; offers: Offer[] }> {
    const { orderId, shipmentId } = await this.parcel(more);
    const { shipment } = await this.done<ShippingPayload>('rateShipment', { shipmentId });
    return { orderId, shipmentId, offers: shipment!.offers };
  }

  /** With a label, and the number that it has. */
  async labelled(): Promise<{ orderId: string; shipmentId: string; code: string }> {
    const { orderId, shipmentId, offers } = await this.rated();
    const offerId = offers.find((offer) => offer.service === 'Priority')!.id;
    const { shipment } = await this.done<ShippingPayload>('buyLabel', { shipmentId, offerId });
    return { orderId, shipmentId, code: shipment!.label!.trackingNumber! };
  }

  async carried(id: string): Promise<Carried> {
    const query = `query ($id: ID!) { node(id: $id) { ... on Shipment { ${CARRIED} } } }`;
    return (await this.ask<{ node: Carried }>(query, { id })).node;
  }
}
