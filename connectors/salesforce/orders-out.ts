import type { OutgoingOrder, PushDefinition } from '#connect';
import { addressOut } from './accounts.js';
import { MOST_IN_BATCH, type Fields } from './client.js';
import { exactNumber } from './exact-number.js';
import { longId } from './ids.js';
import type { Credentials, Settings } from './settings.js';
import { isFailure, writeMany } from './writing.js';

/** A summary of each order as an order without items, at its account; it stays a draft, since only items make it more. */
export const orderSummaries: PushDefinition<Settings, Credentials, 'order'> = {
  of: 'order',
  most: MOST_IN_BATCH,
  concerns: ({ status, customer, isTheirs }) => status !== 'DRAFT' && (customer !== null || isTheirs),
  async send(context, batch) {
    const { settings } = context;
    const written = await writeMany(context, 'Order', {
      key: settings.numberField,
      writes: batch.map(({ record }) => ({
        id: record.externalId,
        // An activated order is locked but for what is the hub’s own.
        fields: record.isTheirs ? stateOf(record, settings) : summaryOf(record, settings),
        atFirst: madeOf(record, settings),
      })),
    });
    return written.map((each) => (isFailure(each) ? each : { externalId: each.id }));
  },
};

function stateOf({ status, total }: OutgoingOrder, settings: Settings): Fields {
  return { [settings.orderStatusField]: status, [settings.orderTotalField]: exactNumber(total) };
}

function summaryOf(order: OutgoingOrder, settings: Settings): Fields {
  const { number, purchaseOrderNumber, billingAddress, shippingAddress } = order;
  return {
    ...stateOf(order, settings),
    [settings.numberField]: number,
    ...(purchaseOrderNumber !== null && { PoNumber: purchaseOrderNumber }),
    ...(billingAddress && addressOut('Billing', billingAddress)),
    ...(shippingAddress && addressOut('Shipping', shippingAddress)),
  };
}

/** The account by the hub’s number where its id is not known yet: it waits for the account to be there. */
function madeOf({ placedAt, customer, currency }: OutgoingOrder, settings: Settings): Fields {
  const accountId = customer?.externalId ?? null;
  return {
    ...(accountId !== null
      ? { AccountId: longId(accountId) }
      : { Account: { attributes: { type: 'Account' }, [settings.numberField]: customer?.number ?? '' } }),
    EffectiveDate: placedAt.toISOString().slice(0, 10),
    Status: 'Draft',
    ...(settings.currency === undefined && { CurrencyIsoCode: currency }),
  };
}
