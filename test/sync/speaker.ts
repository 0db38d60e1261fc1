import type { ActionScope } from '../../src/graph/mutation.js';
import { recordStatedProduct } from '../../src/modules/catalog/index.js';
import { recordStatedContact, recordStatedCustomer } from '../../src/modules/customers/index.js';
import {
  recordDeletion,
  recordMerger,
  recordStatedOrder,
  recordStatedQuote,
  recordStatedShipment,
  recordStatedStock,
} from '../../src/modules/order-flow/index.js';
import type { Origin } from '../../src/modules/references/index.js';
import type {
  StatedContactRecord,
  StatedCustomerRecord,
  StatedOrder,
  StatedShipment,
} from '../../src/shared/stated/index.js';
import { Desk } from '../api/support/desk.js';
import { typeId } from '../../src/shared/ids.js';
import { START, type TestHub } from '../support/hub.js';

/** A minute of the hour before the tests' time. */
export const at = (minute: number): Date => new Date(START.getTime() - 3_600_000 + minute * 60_000);

/** A connected system that states things. */
export class Speaker {
  private constructor(
    private readonly hub: TestHub,
    readonly code: string,
    readonly id: string,
  ) {}
  static async make(hub: TestHub): Promise<Speaker> {
    const code = await new Desk(hub).integration();
    const { rows } = await hub.hub.db.pool.query<{ id: string }>('select id from integration where code = $1', [code]);
    return new Speaker(hub, code, rows[0]!.id);
  }
  get origin(): Origin {
    return { integrationId: this.id, integrationCode: this.code, observedAt: START };
  }
  say<T>(action: (scope: ActionScope) => Promise<T>): Promise<T> {
    const { db, services } = this.hub.hub;
    return db.transaction('stated', (tx) =>
      action({
        tx,
        now: this.hub.clock.now(),
        actor: { kind: 'INTEGRATION', id: this.id, name: this.code },
        customerId: null,
        service: (key) => services.get(key),
      }),
    );
  }
  async customer(
    externalId: string,
    minute: number,
    values: Partial<StatedCustomerRecord> = {},
    origin: Origin = this.origin,
  ) {
    const stated = { externalId, sourceVersion: at(minute), name: `Customer ${externalId}`, ...values };
    const { customerId, effect } = await this.say((scope) => recordStatedCustomer(scope, stated, origin));
    return { id: customerId, effect };
  }
  contact(externalId: string, minute: number, values: Partial<StatedContactRecord> = {}) {
    const stated = {
      externalId,
      sourceVersion: at(minute),
      name: `Person ${externalId}`,
      customerExternalIds: [],
      ...values,
    };
    return this.say((scope) => recordStatedContact(scope, stated, this.origin));
  }
  product(sku: string, minute: number, values: object = {}) {
    const stated = { externalId: `p-${sku}`, sourceVersion: at(minute), sku, name: `Thing ${sku}`, ...values };
    return this.say((scope) => recordStatedProduct(scope, stated, this.origin));
  }
  stock(sku: string, minute: number, amount: { onHand?: string; available?: string }) {
    const stated = { externalId: `s-${sku}`, sourceVersion: at(minute), sku, location: 'MAIN', ...amount };
    return this.say((scope) => recordStatedStock(scope, stated, this.origin));
  }
  /** Lines of one piece at 10.00 each, without taxes; `total` where it is to be another than their sum. */
  async order(
    externalId: string,
    minute: number,
    lines: { id: string; sku: string; quantity: string; requiresShipping?: boolean }[],
    total?: string,
    more: Partial<StatedOrder> = {},
  ) {
    const sum = `${lines.reduce((pieces, { quantity }) => pieces + Number(quantity), 0) * 10}.00`;
    const stated = { subtotal: sum, discountTotal: '0', shippingTotal: '0', taxTotal: '0', total: total ?? sum };
    const order = {
      externalId,
      sourceVersion: at(minute),
      placedAt: at(0),
      channelNumber: `#${externalId}`,
      currency: 'EUR',
      pricesIncludeTax: false,
      lines: lines.map(({ id, sku, quantity, requiresShipping = true }) => ({
        externalId: id,
        sku,
        description: sku,
        quantity,
        unitPrice: '10.00',
        discount: '0',
        taxLines: [],
        requiresShipping,
      })),
      shippingLines: [],
      adjustments: [],
      shippingAddress: { line1: 'Via Roma 1', city: 'Milano', country: 'IT' },
      stated,
      ...more,
    };
    const { orderId, effect } = await this.say((scope) =>
      recordStatedOrder(scope, order, { ...this.origin, channelCode: 'web' }),
    );
    return { id: typeId('ord', orderId), effect };
  }
  /** One piece at 10.00. */
  quote(externalId: string, minute: number, customerExternalId: string, sku: string) {
    const lines = [{ externalId: `${externalId}-1`, sku, quantity: '1', unitPrice: '10.00' }];
    const validUntil = at(60 * 24 * 30);
    const agreed = { status: 'SENT', isWon: false, currency: 'EUR', validUntil } as const;
    const quote = { externalId, sourceVersion: at(minute), customerExternalId, ...agreed, lines };
    return this.say((scope) => recordStatedQuote(scope, quote, { ...this.origin, channelCode: 'web' }));
  }
  shipment(
    externalId: string,
    minute: number,
    orderExternalId: string,
    lines: { sku: string; quantity: string }[],
    status: StatedShipment['status'] = 'SHIPPED',
    more: Partial<StatedShipment> = {},
  ) {
    const stated = {
      externalId,
      sourceVersion: at(minute),
      orderExternalId,
      status,
      location: 'MAIN',
      at: at(minute),
      lines,
      ...more,
    };
    return this.say((scope) => recordStatedShipment(scope, stated, { ...this.origin, channelCode: 'web' }));
  }
  async gone(record: 'customer' | 'contact' | 'product' | 'stock', externalId: string, minute: number) {
    const deletion = { record, externalId, sourceVersion: at(minute) };
    return (await this.say((scope) => recordDeletion(scope, deletion, this.origin))).effect;
  }
  async merged(record: 'customer' | 'contact', externalId: string, mergedIds: string[], minute: number) {
    const merger = { record, externalId, mergedIds, sourceVersion: at(minute) };
    return (await this.say((scope) => recordMerger(scope, merger, this.origin))).effect;
  }
}
