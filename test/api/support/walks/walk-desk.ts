import { brokenInvariants } from '../../../support/invariants.js';
import { EasyPostSandbox } from '../../../support/easypost-sandbox.js';
import { startTestHub, type TestHub } from '../../../support/hub.js';
import { StripeSandbox } from '../../../support/stripe-sandbox.js';
import { Speaker } from '../../../sync/speaker.js';
import { Desk } from '../desk.js';
import { PayDesk } from '../pay-desk.js';

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

  /** Sends news to the hub as a vendor does. */
  async post(path: string, event: { body: string; headers: Record<string, string> }): Promise<void> {
    const { status } = await fetch(`${this.test.hub.url}${path}`, { method: 'POST', ...event });
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }
}
