import { brokenInvariants } from '../../../support/invariants.js';
import { EasyPostSandbox } from '../../../support/easypost-sandbox.js';
import { startTestHub, type TestHub } from '../../../support/hub.js';
import { StripeSandbox } from '../../../support/stripe-sandbox.js';
import { Speaker } from '../../../sync/speaker.js';
import { Desk, type TimelineEvent } from '../desk.js';
import { PayDesk } from '../pay-desk.js';
import { row, type Standing } from './walk.js';

interface Beside {
  stripe: StripeSandbox;
  easypost: EasyPostSandbox;
  /** A system that states orders, parcels and payments. */
  shop: Speaker;
  seller: Desk;
  customerId: string;
  /** Goods that cost nothing. */
  gift: string;
  /** Needs no shipping, and costs nothing. */
  service: string;
  /** Goods for 10.00. */
  goods: string;
}

interface Told {
  order: { timeline: { nodes: Pick<TimelineEvent, 'type' | 'changes' | 'data'>[] } };
  /** Its status is named after its type: the types of those fields differ. */
  node: { version: number; [status: string]: string | number };
}
const TOLD = `query($orderId: ID!, $id: ID!) {
  order(id: $orderId) { timeline(first: 250) { nodes { type changes { field from to } data } } }
  node(id: $id) { ... on Order { orderStatus: status version } ... on Payment { paymentStatus: status version }
    ... on FulfillmentOrder { workStatus: status version } ... on Shipment { shipmentStatus: status version } } }`;

/** A desk at a hub that has all that moves a record: a payment provider, carriers, a shop and a colleague. */
export class WalkDesk extends PayDesk {
  private constructor(
    test: TestHub,
    readonly beside: Beside,
  ) {
    super(test);
  }

  static async open(): Promise<WalkDesk> {
    const [stripe, easypost] = [await StripeSandbox.start(), await EasyPostSandbox.start()];
    const providers = { stripe: stripe.settings };
    const test = await startTestHub({ providers, carriers: { easypost: easypost.settings } });
    const desk = new Desk(test);
    return new WalkDesk(test, {
      ...{ stripe, easypost, shop: await Speaker.make(test), seller: await desk.colleague(['SALES']) },
      customerId: (await desk.customer()).id,
      gift: await desk.product('0.00', '100000'),
      service: await desk.product('0.00', null, { isStocked: false, requiresShipping: false }),
      goods: await desk.product('10.00', '100000'),
    });
  }

  async close(): Promise<string[]> {
    const broken = await brokenInvariants(this.test.database.url);
    await this.test.stop();
    await Promise.all([this.beside.stripe.close(), this.beside.easypost.close()]);
    return broken;
  }

  /** Where an order, or what belongs to it, stands, by those changes of the order's events that tell of its status. */
  async standing(
    orderId: string,
    id: string,
    tells: (change: { field: string }, event: { type: string; data: TimelineEvent['data'] }) => boolean,
  ): Promise<Standing> {
    const { order, node } = await this.ask<Told>(TOLD, { orderId, id });
    const moves = order.timeline.nodes.flatMap((event) => event.changes.filter((change) => tells(change, event)));
    const { version, ...own } = node;
    const status = String(Object.values(own)[0]);
    return { status, version, moves: moves.map(({ from, to }) => row(String(from), String(to))) };
  }

  /** Sends news to the hub as a vendor does. */
  async post(path: string, event: { body: string; headers: Record<string, string> }): Promise<void> {
    const { status } = await fetch(`${this.test.hub.url}${path}`, { method: 'POST', ...event });
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }
}
