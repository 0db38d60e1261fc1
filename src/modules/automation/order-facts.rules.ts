import { instantText, parseInstant } from '../../shared/clock.js';
import { moneyOfMinor } from '../../shared/money.js';
import {
  balanceDueOf,
  ChannelKind,
  FULFILLMENT_STATUSES,
  HoldReason,
  ORDER_PAYMENT_STATUSES,
  ORDER_STATUSES,
  returnWindowClosesAt,
  uncoveredOf,
} from '../orders/index.js';
import type { FactDefinition, FactKind, FactValue } from './condition.rules.js';
import type { OrderFactsRow } from './order-facts.queries.js';

/** What a fact may depend on besides the order. */
export interface Moment {
  now: Date;
  returnWindowDays: number;
}
interface OrderFact extends FactDefinition {
  of(row: OrderFactsRow, moment: Moment): FactValue;
}

const A_MINUTE_MS = 60_000;
const minutesSince = (text: string, { now }: Moment) =>
  String(Math.floor((now.getTime() - parseInstant(instantText(text)).getTime()) / A_MINUTE_MS));
const amount = (minor: string, { currency }: OrderFactsRow) => moneyOfMinor(minor, currency).amount;
const balanceDue = (row: OrderFactsRow) =>
  balanceDueOf(BigInt(row.total_minor), {
    paidMinor: BigInt(row.paid_minor),
    refundedMinor: BigInt(row.refunded_minor),
  });
/** What is on account is authorized whole: nobody waits for it before the goods leave. */
const isCovered = (row: OrderFactsRow) => uncoveredOf({ ...row, needs_funds: true }) === 0n;

const fact = (
  kind: FactKind,
  name: string,
  description: string,
  of: OrderFact['of'],
  values?: readonly string[],
): OrderFact => ({ kind, name, description, of, ...(values && { values }) });

const FACTS: OrderFact[] = [
  fact('TEXT', 'status', 'The headline.', (row) => row.status, ORDER_STATUSES),
  fact('TEXT', 'paymentStatus', 'How far it is paid.', (row) => row.payment_status, ORDER_PAYMENT_STATUSES),
  fact('TEXT', 'fulfillmentStatus', 'How far it is fulfilled.', (row) => row.fulfillment_status, FULFILLMENT_STATUSES),
  fact('TEXT', 'channel', 'The code of the channel it came from.', (row) => row.channel_code),
  fact('TEXT', 'channelKind', 'What kind of channel that is.', (row) => row.channel_kind, Object.values(ChannelKind)),
  fact('TEXT', 'currency', 'Its currency.', (row) => row.currency),
  fact('NUMBER', 'total', 'Its total, in its own currency.', (row) => amount(row.total_minor, row)),
  fact('NUMBER', 'paidTotal', 'All that was taken for it.', (row) => amount(row.paid_minor, row)),
  fact('NUMBER', 'balanceDue', 'What of the total was never paid.', (row) => amount(balanceDue(row).toString(), row)),
  fact('BOOLEAN', 'isNothingDue', 'It is paid, or costs nothing.', (row) => balanceDue(row) <= 0n),
  fact(
    'BOOLEAN',
    'isPaidOrOnAccount',
    'Its total is covered by what was taken, what is authorized and what is on account.',
    isCovered,
  ),
  fact(
    'BOOLEAN',
    'isFreeToLeave',
    'Money does not keep it from leaving: it is paid or on account, or the hub takes no money for it.',
    (row) => uncoveredOf(row) === 0n,
  ),
  fact('NUMBER', 'openHolds', 'How many holds are open.', (row) => String(row.open_holds)),
  fact('LIST', 'holdReasons', 'What it is held for.', (row) => row.hold_reasons, Object.values(HoldReason)),
  fact('TEXT', 'customer', 'The customer’s number.', (row) => row.customer_number),
  fact('TEXT', 'customerKind', 'What kind of customer that is.', (row) => row.customer_kind),
  fact('LIST', 'customerTags', 'The customer’s tags.', (row) => row.customer_tags ?? []),
  fact('TEXT', 'email', 'Where to write to about it.', (row) => row.email),
  fact('TEXT', 'purchaseOrderNumber', 'The customer’s own number for it.', (row) => row.purchase_order_number),
  fact('TEXT', 'shippingCountry', 'The country that the goods go to.', (row) => row.shipping_country),
  fact('LIST', 'skus', 'The SKUs that were ordered.', (row) => row.skus),
  fact('BOOLEAN', 'isBackordered', 'Something of it waits for stock.', (row) => row.is_backordered),
  fact('BOOLEAN', 'requiresShipping', 'Something of it has to be shipped.', (row) => row.requires_shipping),
  fact('BOOLEAN', 'isFromQuote', 'A quote became this order.', (row) => row.has_quote),
  fact('NUMBER', 'ageMinutes', 'Minutes since it was placed.', (row, moment) => minutesSince(row.placed_at, moment)),
  fact('NUMBER', 'minutesInStatus', 'Minutes since it came to its status.', (row, moment) =>
    minutesSince(row.status_since, moment),
  ),
  fact(
    'BOOLEAN',
    'isReturnWindowClosed',
    'It was delivered so long ago that it can no longer be returned.',
    (row, { now, returnWindowDays }) =>
      row.status === 'COMPLETED' ||
      (row.status === 'DELIVERED' &&
        now >= returnWindowClosesAt(parseInstant(instantText(row.status_since)), returnWindowDays)),
  ),
];

/** All that a condition may ask of an order, by name. */
export const ORDER_FACTS: ReadonlyMap<string, OrderFact> = new Map(FACTS.map((each) => [each.name, each]));

/** The values of an order's facts, each worked out when it is asked for. */
export function factsOf(row: OrderFactsRow, moment: Moment): (name: string) => FactValue {
  return (name) => ORDER_FACTS.get(name)!.of(row, moment);
}
