import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fulfillmentOrderMachine } from '../../src/modules/fulfillment/fulfillment-order.states.js';
import { shipmentMachine } from '../../src/modules/fulfillment/shipment.states.js';
import { orderMachine } from '../../src/modules/orders/order.states.js';
import { paymentMachine } from '../../src/modules/payments/payment.states.js';
import { quoteMachine } from '../../src/modules/quotes/quote.states.js';
import { row, rowsOf } from '../api/support/walks/walk.js';

/** Compiled tests run in dist/test/contract. */
const TABLES = new URL('../../../../shared/design/transitions.md', import.meta.url);
/** Needs the tables beside the working copy; a skipped test says so in its title. */
const withTables = existsSync(TABLES)
  ? test
  : (title: string, _: () => void) =>
      test.skip(`${title} (there is no ${TABLES.pathname.split('/').slice(-3).join('/')} beside it)`, _);

const NONE = '(none)';
const WORD = /\(none\)|\b[A-Z][A-Z_]+\b/g;
const words = (text: string): string[] => text.match(WORD) ?? [];

/** What a section says, whatever stands in brackets left out. */
function section(name: string): string {
  const parts = readFileSync(TABLES, 'utf8').split(/^## /m);
  const found = parts.filter((part) => part.startsWith(name));
  if (found.length !== 1) throw new Error(`${found.length} sections are about ${name}`);
  return found[0]!;
}

function pairs(from: string, to: string): string[] {
  return words(from).flatMap((one) => words(to).map((other) => row(one, other)));
}

/** "| from | to | by |"; where one begins may stand in the words beside. */
function rowsOfTable(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| from'));
  return lines.flatMap((line) => {
    const [from, to, by] = line.slice(1).split('|') as [string, string, string];
    const begins = /starts at ([A-Z_]+)/.exec(by)?.[1];
    return [...pairs(from, to), ...(begins && from.includes(NONE) ? [row(null, begins)] : [])];
  });
}

/** "FROM, FROM → TO, TO (why) · …", up to the end of the sentence. */
function rowsOfProse(text: string): string[] {
  const said = text
    .slice(text.indexOf('\n'))
    .replace(/\s+/g, ' ')
    .replace(/\([^)]*\)/g, '');
  return said.split(' · ').flatMap((rows) => {
    const [from, to] = rows.split('→') as [string, string];
    return pairs(from, to.split('. ')[0]!);
  });
}

const fromStart = (rows: string[]) => rows.filter((one) => one.startsWith(NONE));
const between = (rows: string[]) => rows.filter((one) => !one.startsWith(NONE)).sort();

describe('the tables of the code are those that are promised', () => {
  withTables('of an order, where it begins too', () => {
    const promised = rowsOfTable(section('Order ('));
    expect(between(promised)).toEqual(between(rowsOf(orderMachine)));
    expect(fromStart(promised).sort()).toEqual(fromStart(rowsOf(orderMachine)).sort());
  });

  withTables('of a quote', () => {
    expect(between(rowsOfTable(section('Quote')))).toEqual(between(rowsOf(quoteMachine)));
  });

  withTables('of a payment', () => {
    expect(between(rowsOfProse(section('Payment')))).toEqual(between(rowsOf(paymentMachine)));
  });

  withTables('of a fulfillment order', () => {
    expect(between(rowsOfProse(section('Fulfillment order')))).toEqual(between(rowsOf(fulfillmentOrderMachine)));
  });

  withTables('of a shipment', () => {
    expect(between(rowsOfProse(section('Shipment')))).toEqual(between(rowsOf(shipmentMachine)));
  });
});
