import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import {
  assertFulfillmentOrderMove,
  FULFILLMENT_ORDER_STATUSES,
  fulfillmentOrderMachine,
} from '../../../src/modules/fulfillment/fulfillment-order.states.js';
import { assertOrderMove, ORDER_STATUSES, orderMachine } from '../../../src/modules/orders/order.states.js';
import { PAYMENT_STATUSES, paymentMachine, wayTo } from '../../../src/modules/payments/payment.states.js';
import { assertQuoteMove, QUOTE_STATUSES, quoteMachine } from '../../../src/modules/quotes/quote.states.js';
import { Refusal } from '../../../src/shared/failures.js';

/** The tables as they were agreed on, a row for each status. */
const ORDER: Record<string, string> = {
  DRAFT: 'RECEIVED CONFIRMED CANCELED',
  RECEIVED: 'CONFIRMED CANCELED',
  CONFIRMED: 'PROCESSING PARTIALLY_SHIPPED SHIPPED DELIVERED CANCELED',
  PROCESSING: 'CONFIRMED PARTIALLY_SHIPPED SHIPPED CANCELED',
  PARTIALLY_SHIPPED: 'SHIPPED DELIVERED PROCESSING',
  SHIPPED: 'DELIVERED PARTIALLY_SHIPPED PROCESSING',
  DELIVERED: 'COMPLETED PARTIALLY_SHIPPED',
  COMPLETED: '',
  CANCELED: '',
};
const PAYMENT: Record<string, string> = {
  PENDING: 'REQUIRES_ACTION AUTHORIZED CAPTURED FAILED VOIDED',
  REQUIRES_ACTION: 'AUTHORIZED CAPTURED FAILED VOIDED',
  AUTHORIZED: 'PARTIALLY_CAPTURED CAPTURED VOIDED FAILED',
  PARTIALLY_CAPTURED: 'CAPTURED PARTIALLY_REFUNDED REFUNDED',
  CAPTURED: 'PARTIALLY_REFUNDED REFUNDED',
  PARTIALLY_REFUNDED: 'REFUNDED CAPTURED',
  REFUNDED: '',
  VOIDED: '',
  FAILED: '',
};
const FULFILLMENT_ORDER: Record<string, string> = {
  OPEN: 'IN_PROGRESS ON_HOLD CLOSED CANCELED',
  IN_PROGRESS: 'CLOSED ON_HOLD CANCELED',
  ON_HOLD: 'OPEN IN_PROGRESS CANCELED',
  CLOSED: 'OPEN',
  CANCELED: '',
};
const QUOTE: Record<string, string> = {
  DRAFT: 'PENDING_APPROVAL APPROVED SENT ACCEPTED CANCELED SUPERSEDED EXPIRED',
  PENDING_APPROVAL: 'APPROVED REJECTED CANCELED SUPERSEDED EXPIRED',
  APPROVED: 'SENT ACCEPTED CANCELED SUPERSEDED EXPIRED',
  SENT: 'ACCEPTED DECLINED EXPIRED SUPERSEDED CANCELED',
  ACCEPTED: 'PARTIALLY_CONVERTED CONVERTED EXPIRED CANCELED',
  PARTIALLY_CONVERTED: 'CONVERTED EXPIRED CANCELED',
  REJECTED: '',
  DECLINED: '',
  EXPIRED: '',
  CONVERTED: '',
  SUPERSEDED: '',
  CANCELED: '',
};

function refusalOf(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.errors[0];
  }
}

describe('an order', () => {
  test('begins as DRAFT, RECEIVED or CONFIRMED', () => {
    expect(ORDER_STATUSES.filter((status) => orderMachine.isInitial(status))).toEqual([
      'DRAFT',
      'RECEIVED',
      'CONFIRMED',
    ]);
  });

  test('has exactly these statuses', () => {
    expect([...ORDER_STATUSES].sort()).toEqual(Object.keys(ORDER).sort());
  });

  test.each([...ORDER_STATUSES])('that is %s goes where the table says and nowhere else', (from) => {
    for (const to of ORDER_STATUSES) {
      const allowed = ORDER[from]!.split(' ').includes(to);
      expect([to, orderMachine.canMove(from, to)]).toEqual([to, allowed]);
      const refused = refusalOf(() => assertOrderMove({ number: 'SO-1', status: from }, to));
      if (allowed) expect(refused).toBeNull();
      else expect(refused).toMatchObject({ code: 'INVALID_TRANSITION', type: 'TransitionError', facts: { from } });
    }
    expect([...orderMachine.allowed(from)].sort()).toEqual(ORDER[from]!.split(' ').filter(Boolean).sort());
  });
});

describe('a quote', () => {
  test('begins as DRAFT', () => {
    expect(QUOTE_STATUSES.filter((status) => quoteMachine.isInitial(status))).toEqual(['DRAFT']);
  });

  test('has exactly these statuses', () => {
    expect([...QUOTE_STATUSES].sort()).toEqual(Object.keys(QUOTE).sort());
  });

  test.each([...QUOTE_STATUSES])('that is %s goes where the table says and nowhere else', (from) => {
    for (const to of QUOTE_STATUSES) {
      const allowed = QUOTE[from]!.split(' ').includes(to);
      expect([to, quoteMachine.canMove(from, to)]).toEqual([to, allowed]);
      const refused = refusalOf(() => assertQuoteMove({ number: 'Q-1', status: from }, to));
      if (allowed) expect(refused).toBeNull();
      else expect(refused).toMatchObject({ code: 'INVALID_TRANSITION', type: 'TransitionError', facts: { from } });
    }
  });
});

test('names the record, its status, the one asked for and what is allowed', () => {
  expect(refusalOf(() => assertOrderMove({ number: 'SO-7', status: 'RECEIVED' }, 'SHIPPED'))).toEqual({
    code: 'INVALID_TRANSITION',
    message: 'order SO-7 is RECEIVED and cannot become SHIPPED; allowed: CONFIRMED, CANCELED',
    type: 'TransitionError',
    facts: { from: 'RECEIVED', allowed: ['CONFIRMED', 'CANCELED'] },
  });
  expect(refusalOf(() => assertQuoteMove({ number: 'Q-7', status: 'CONVERTED' }, 'SENT'))).toMatchObject({
    message: 'quote Q-7 is CONVERTED and cannot become SENT; allowed: nothing',
  });
});

test('a payment begins as PENDING and moves as was agreed on', () => {
  expect(PAYMENT_STATUSES.filter((status) => paymentMachine.isInitial(status))).toEqual(['PENDING']);
  for (const from of PAYMENT_STATUSES)
    expect([from, paymentMachine.allowed(from).join(' ')]).toEqual([from, PAYMENT[from]]);
  expect(refusalOf(() => wayTo('REFUNDED', 'PENDING'))).toMatchObject({
    code: 'INVALID_TRANSITION',
    facts: { from: 'REFUNDED', allowed: [] },
  });
});

describe('a fulfillment order', () => {
  test('begins as OPEN', () => {
    expect(FULFILLMENT_ORDER_STATUSES.filter((status) => fulfillmentOrderMachine.isInitial(status))).toEqual(['OPEN']);
    expect([...FULFILLMENT_ORDER_STATUSES].sort()).toEqual(Object.keys(FULFILLMENT_ORDER).sort());
  });

  test.each([...FULFILLMENT_ORDER_STATUSES])('that is %s goes where the table says and nowhere else', (status) => {
    const allowed = FULFILLMENT_ORDER[status]!.split(' ').filter(Boolean);
    expect([...fulfillmentOrderMachine.allowed(status)].sort()).toEqual(allowed.sort());
    for (const to of FULFILLMENT_ORDER_STATUSES) {
      const refused = refusalOf(() => assertFulfillmentOrderMove({ number: 'FO-1', status }, to));
      if (allowed.includes(to)) expect(refused).toBeNull();
      else expect(refused).toMatchObject({ code: 'INVALID_TRANSITION', facts: { from: status } });
    }
  });
});
