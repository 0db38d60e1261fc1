import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { newKey, startTestHub, START, type TestHub } from '../support/hub.js';
import { after, Desk, eur, type Order, type Payload, type Quote, type UserError } from './support/desk.js';

type Revised = Payload<'quote', Quote>;
const DAY = 86_400_000;

let hub: TestHub;
let desk: Desk;
let sku: string;
let other: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
  other = await desk.product('20.00', '1000');
  customerId = (await desk.customer()).id;
});
afterAll(() => hub.stop());

const line = (values: object = {}) => ({ sku, quantity: '2', discountRate: '0.1', ...values });
const draft = (values: object = {}) => desk.quote({ customerId, lines: [line()], ...values });
const revise = async (quoteId: string, more: object = {}) =>
  (await desk.done<Revised>('reviseQuote', { quoteId, ...more })).quote!;

interface Family {
  status: string;
  supersedes: { id: string } | null;
  supersededBy: { id: string } | null;
  revisions: { id: string; revision: number }[];
  changesFrom: { field: string; from: unknown; to: unknown }[] | null;
}
async function family(id: string, args = ''): Promise<Family> {
  const query = `query($id: ID!) { quote(id: $id) { status supersedes { id } supersededBy { id }
    revisions { id revision } changesFrom${args} { field from to } } }`;
  return (await desk.ask<{ quote: Family }>(query, { id })).quote;
}

describe('a new revision', () => {
  test('is a DRAFT that carries over what is left out, and takes the place of the one before', async () => {
    const recurrence = { interval: 'MONTH', termCount: 12 };
    const first = await draft({ lines: [line({ recurrence }), line({ sku: other, unitPrice: eur('15.00') })] });
    await desk.done('sendQuote', { quoteId: first.id });
    await desk.done('setPrice', { sku, unitPrice: eur('11.00') });
    const second = await revise(first.id, { comment: 'They asked for more time', validUntil: after(30 * DAY) });
    await desk.done('setPrice', { sku, unitPrice: eur('10.00') });
    expect(second).toMatchObject({
      number: first.number,
      revision: 2,
      status: 'DRAFT',
      version: 1,
      validUntil: after(30 * DAY),
      subtotal: first.subtotal,
      total: first.total,
    });
    const offered = ({ id: _, listPrice: __, ...rest }: Quote['lines'][number]) => rest;
    expect(second.lines.map(offered)).toEqual(first.lines.map(offered));
    expect(second.lines[0]!.listPrice).toEqual(eur('11.00'));
    expect(await desk.readQuote(first.id)).toMatchObject({ status: 'SUPERSEDED', version: 3 });
    const revisions = [first, second].map(({ id, revision }) => ({ id, revision }));
    expect(await family(first.id)).toMatchObject({ supersedes: null, supersededBy: { id: second.id }, revisions });
    expect(await family(second.id)).toMatchObject({ supersedes: { id: first.id }, supersededBy: null, revisions });
  });

  test('tells what is different from any other, line by line', async () => {
    const first = await draft({ lines: [line(), line({ sku: other })] });
    const lines = [line({ quantity: '3' }), { sku: other, quantity: '1', unitPrice: eur('12.00') }];
    const second = await revise(first.id, { lines });
    const third = await revise(second.id, { lines: [lines[0]] });
    expect((await family(first.id)).changesFrom).toBeNull();
    expect((await family(second.id, '(revision: 9)')).changesFrom).toBeNull();
    expect((await family(second.id)).changesFrom).toEqual([
      { field: 'subtotal', from: eur('60.00'), to: eur('42.00') },
      { field: 'discountTotal', from: eur('6.00'), to: eur('3.00') },
      { field: 'taxTotal', from: eur('11.88'), to: eur('8.58') },
      { field: 'total', from: eur('65.88'), to: eur('47.58') },
      { field: 'lines.0.quantity', from: '2', to: '3' },
      { field: 'lines.0.total', from: eur('18.00'), to: eur('27.00') },
      { field: 'lines.1.quantity', from: '2', to: '1' },
      { field: 'lines.1.unitPrice', from: eur('20.00'), to: eur('12.00') },
      { field: 'lines.1.discountRate', from: '0.1', to: '0' },
      { field: 'lines.1.total', from: eur('36.00'), to: eur('12.00') },
    ]);
    const back = (await family(third.id, '(revision: 1)')).changesFrom!;
    expect(back.find(({ field }) => field === 'lines.1')).toMatchObject({
      from: { sku: other, quantity: '2' },
      to: null,
    });
  });

  test('keeps the shipping that is left out, changes what is stated, and null takes it away; the difference shows', async () => {
    const shipping = { shippingMethod: 'Road freight', shippingPrice: eur('7.50') };
    const first = await draft(shipping);
    const kept = await revise(first.id);
    expect(kept).toMatchObject({ shippingMethod: 'Road freight', shippingTotal: eur('7.50'), total: first.total });
    expect((await family(kept.id)).changesFrom).toEqual([]);
    const cheaper = await revise(kept.id, { shippingPrice: eur('5.00') });
    expect((await family(cheaper.id)).changesFrom).toEqual([
      { field: 'shippingTotal', from: eur('7.50'), to: eur('5.00') },
      { field: 'taxTotal', from: eur('5.61'), to: eur('5.06') },
      { field: 'total', from: eur('31.11'), to: eur('28.06') },
    ]);
    const renamed = await revise(cheaper.id, { shippingMethod: 'Courier' });
    expect((await family(renamed.id)).changesFrom).toEqual([
      { field: 'shippingMethod', from: 'Road freight', to: 'Courier' },
    ]);
    const gone = await revise(renamed.id, { shippingPrice: null });
    expect(gone).toMatchObject({ shippingMethod: null, shippingTotal: eur('0.00'), total: eur('21.96') });
    expect((await family(gone.id)).changesFrom).toEqual([
      { field: 'shippingMethod', from: 'Courier', to: null },
      { field: 'shippingTotal', from: eur('5.00'), to: eur('0.00') },
      { field: 'taxTotal', from: eur('5.06'), to: eur('3.96') },
      { field: 'total', from: eur('28.06'), to: eur('21.96') },
    ]);
    const free = await revise(gone.id, { shippingMethod: 'Picked up', shippingPrice: null });
    expect(free).toMatchObject({ shippingMethod: 'Picked up', shippingTotal: eur('0.00') });
    const unnamed = await revise(free.id, { shippingMethod: null });
    expect(unnamed).toMatchObject({ shippingMethod: null, shippingTotal: eur('0.00') });
    const price = { amount: '1', currency: 'USD' };
    expect(await desk.refusals('reviseQuote', { quoteId: unnamed.id, shippingPrice: price })).toEqual([
      'CURRENCY_MISMATCH at shippingPrice.currency',
    ]);
  });

  test('asks for approval anew', async () => {
    const quote = await desk.awaitingQuote(customerId, sku);
    await desk.done('approveQuote', { quoteId: quote.id });
    const second = await revise(quote.id);
    expect(await desk.refusals('sendQuote', { quoteId: second.id })).toEqual(['APPROVAL_REQUIRED at quoteId']);
    expect(await desk.readQuote(quote.id)).toMatchObject({ status: 'SUPERSEDED' });
  });

  test.each(['declineQuote', 'cancelQuote'])('of a quote that ended by %s leaves it as it was', async (step) => {
    const first = await draft();
    await desk.done('sendQuote', { quoteId: first.id });
    await desk.done(step, { quoteId: first.id });
    const { status, version } = await desk.readQuote(first.id);
    expect(await revise(first.id)).toMatchObject({ revision: 2, status: 'DRAFT' });
    expect(await desk.readQuote(first.id)).toMatchObject({ status, version });
  });

  test('of a quote that expired needs a time to come', async () => {
    hub.clock.set(START);
    const first = await draft({ validUntil: after(DAY) });
    hub.clock.forward(DAY);
    expect(await desk.refusals('reviseQuote', { quoteId: first.id })).toEqual(['INVALID at validUntil']);
    expect(await revise(first.id, { validUntil: after(2 * DAY) })).toMatchObject({ revision: 2 });
    hub.clock.set(START);
  });

  test('takes up an older one again once the newest has come to its end, not before', async () => {
    const first = await draft();
    const second = await revise(first.id, { lines: [line({ quantity: '9' })] });
    expect(await desk.refusals('reviseQuote', { quoteId: first.id })).toEqual(['QUOTE_SUPERSEDED at quoteId']);
    await desk.done('cancelQuote', { quoteId: second.id });
    const third = await revise(first.id);
    expect(third).toMatchObject({ revision: 3, lines: [{ quantity: '2' }] });
    expect(await desk.readQuote(second.id)).toMatchObject({ status: 'CANCELED' });
  });

  test('is refused of what is accepted, partly converted, or stated by a tool; and leaves nothing', async () => {
    const accepted = await desk.acceptedQuote({ customerId, lines: [line()] });
    const partly = await desk.acceptedQuote({ customerId, lines: [line()] });
    await desk.done('convertQuoteToOrder', {
      quoteId: partly.id,
      lines: [{ lineId: partly.lines[0]!.id, quantity: '1' }],
    });
    const external = { integration: await desk.integration(), externalId: 'deal' };
    const { quote: stated } = await desk.done<Revised>('upsertExternalQuote', {
      external,
      sourceVersion: '1',
      status: 'SENT',
      customerId,
      currency: 'EUR',
      validUntil: after(DAY),
      lines: [{ lineId: 'a', sku, quantity: '1', unitPrice: eur('1.00') }],
    });
    const before = await desk.traces();
    const refusals = (id: string) => desk.refusals('reviseQuote', { quoteId: id });
    expect(await refusals(accepted.id)).toEqual(['INVALID_TRANSITION']);
    expect(await refusals(partly.id)).toEqual(['INVALID_TRANSITION']);
    expect(await refusals(stated!.id)).toEqual(['CONFLICT at quoteId']);
    expect(await refusals('x')).toEqual(['NOT_FOUND at quoteId']);
    const { id } = await draft();
    const lines = [line({ sku: 'NONE' })];
    expect(await desk.refusals('reviseQuote', { quoteId: id, lines })).toEqual(['NOT_FOUND at lines.0.sku']);
    expect(await desk.readQuote(id)).toMatchObject({ status: 'DRAFT', version: 1 });
    expect(await desk.traces()).toMatchObject({ quote: before.quote! + 1, order_line: before.order_line! });
  });
});

test('of revisions the newest alone is accepted and converted; the refusal names it', async () => {
  const first = await draft();
  await desk.done('sendQuote', { quoteId: first.id });
  const second = await revise(first.id);
  for (const step of ['acceptQuote', 'convertQuoteToOrder']) {
    const input = { idempotencyKey: newKey(), quoteId: first.id };
    const { userErrors } = await desk.send<{ userErrors: UserError[] }>(step, input);
    expect(userErrors).toMatchObject([{ code: 'QUOTE_SUPERSEDED', field: ['quoteId'] }]);
    expect(userErrors[0]!.message).toContain(`revision 2, ${second.id}`);
  }
  await desk.done('acceptQuote', { quoteId: second.id });
  const { order } = await desk.done<Payload<'order', Order>>('convertQuoteToOrder', { quoteId: second.id });
  expect(order).toMatchObject({ quote: { id: second.id } });
});

test('a tool’s accepted revision is not converted once the tool has a newer one', async () => {
  const integration = await desk.integration();
  const number = `T-${integration}`;
  const state = async (revision: number, status: string) =>
    (
      await desk.done<Revised>('upsertExternalQuote', {
        external: { integration, externalId: `deal-${revision}` },
        sourceVersion: '1',
        number,
        revision,
        status,
        customerId,
        currency: 'EUR',
        validUntil: after(DAY),
        lines: [{ lineId: 'a', sku, quantity: '1', unitPrice: eur('1.00') }],
      })
    ).quote!;
  const accepted = await state(1, 'ACCEPTED');
  const newer = await state(2, 'DRAFT');
  expect(await desk.refusals('convertQuoteToOrder', { quoteId: accepted.id })).toEqual(['QUOTE_SUPERSEDED at quoteId']);
  expect(await family(newer.id)).toMatchObject({ supersedes: { id: accepted.id } });
});

/**
 * Makes the calls one after the other while the quote is held, so that all of them wait for it in that order. Two things
 * keep them apart: the locks, and without those the numbering of revisions and events, by which the later one runs again.
 */
async function queued<P>(number: string, calls: (() => Promise<P>)[]): Promise<P[]> {
  const rival = new pg.Client({ connectionString: hub.database.url });
  await rival.connect();
  await rival.query('begin');
  await rival.query('select from quote where number = $1 for update', [number]);
  const answers: Promise<P>[] = [];
  for (const call of calls) {
    answers.push(call());
    await eventually(`${answers.length} calls to wait`, async () => {
      const { rows } = await hub.hub.db.pool.query<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0]!.waiting >= answers.length;
    });
  }
  await rival.query('commit');
  await rival.end();
  return Promise.all(answers);
}
const sending = (name: string, input: object) => () => desk.send<Revised>(name, { idempotencyKey: newKey(), ...input });
const codesOf = (answers: Revised[]) => answers.map(({ userErrors }) => userErrors.map(({ code }) => code).join());

test.each([
  ['one version', { expectedVersion: 1 }, 'VERSION_CONFLICT'],
  ['no version', {}, 'QUOTE_SUPERSEDED'],
])('of two who revise a quote at once by %s, exactly one does', async (_, more, code) => {
  const { id: quoteId, number } = await draft();
  const revising = sending('reviseQuote', { quoteId, ...more });
  expect(codesOf(await queued(number, [revising, revising])).toSorted()).toEqual(['', code]);
  expect((await family(quoteId)).revisions).toHaveLength(2);
});

test.each([
  ['accepted', ['acceptQuote', 'reviseQuote'], 'INVALID_TRANSITION', 'ACCEPTED'],
  ['revised', ['reviseQuote', 'acceptQuote'], 'QUOTE_SUPERSEDED', 'SUPERSEDED'],
])('a quote that is %s first is not what the other call makes of it', async (_, names, code, status) => {
  const { id: quoteId, number } = await draft();
  const answers = await queued(
    number,
    names.map((name) => sending(name, { quoteId })),
  );
  expect(codesOf(answers)).toEqual(['', code]);
  expect(await family(quoteId)).toMatchObject({ status });
});
