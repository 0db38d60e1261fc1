import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, START, type TestHub } from '../support/hub.js';
import { after, Desk, eur, fresh, type Payload, type Quote, type UserError } from './support/desk.js';

interface Approval {
  rule: string;
  reason: string;
  approverRoles: string[];
  status: string;
  askedBy: { name: string };
  askedAt: string;
  decidedBy: { kind: string } | null;
  decidedAt: string | null;
  comment: string | null;
}
interface Approved {
  status: string;
  version: number;
  submittedAt: string | null;
  approvals: Approval[];
}
interface Queue {
  nodes: { id: string }[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
interface Change {
  type: string;
  sequence: number;
  message: string;
  actor: { name: string };
  changes: { field: string; from: unknown; to: unknown }[];
}

const APPROVALS = `status version submittedAt approvals { rule reason approverRoles status askedBy { name } askedAt
  decidedBy { kind } decidedAt comment }`;

let hub: TestHub;
let admin: Desk;
let seller: Desk;
let manager: Desk;
let finance: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  admin = new Desk(hub);
  sku = await admin.product('100.00', '1000');
  customerId = (await admin.customer()).id;
  seller = await admin.colleague(['SALES', 'VIEWER']);
  manager = await admin.colleague(['SALES']);
  finance = await admin.colleague(['FINANCE']);
  await admin.done('upsertApprovalRule', { code: 'discount', lineDiscountOver: '0.15', approverRoles: ['SALES'] });
  await admin.done('upsertApprovalRule', { code: 'large', totalOver: eur('10000.00'), approverRoles: ['FINANCE'] });
});
afterAll(() => hub.stop());

/** A quote that as many rules ask about: 0, "discount" or both. */
async function quoteBeyond(rules: 0 | 1 | 2, by = seller): Promise<Quote> {
  const lines = [{ sku, quantity: rules === 2 ? '100' : '1', discountRate: rules === 0 ? '0.15' : '0.16' }];
  return by.quote({ customerId, lines });
}

async function submitted(rules: 0 | 1 | 2, by = seller): Promise<Quote> {
  const { id: quoteId } = await quoteBeyond(rules, by);
  return (await by.done<Payload<'quote', Quote>>('submitQuote', { quoteId, comment: 'Please' })).quote!;
}

async function read({ id }: { id: string }): Promise<Approved> {
  return (await admin.ask<{ quote: Approved }>(`query($id: ID!) { quote(id: $id) { ${APPROVALS} } }`, { id })).quote;
}

async function queueOf(desk: Desk, args = 'first: 50'): Promise<Queue> {
  const page = 'nodes { id } totalCount pageInfo { hasNextPage endCursor }';
  return (await desk.ask<{ approvalQueue: Queue }>(`{ approvalQueue(${args}) { ${page} } }`)).approvalQueue;
}

describe('a quote that no rule asks about', () => {
  test('is APPROVED when it is submitted, and may be sent without', async () => {
    const quote = await submitted(0);
    expect(quote).toMatchObject({ status: 'APPROVED', version: 2 });
    expect(await read(quote)).toMatchObject({ approvals: [], submittedAt: START.toISOString() });
    await seller.done('sendQuote', { quoteId: quote.id });
    const { id: quoteId } = await quoteBeyond(0);
    expect((await seller.done<Payload<'quote', Quote>>('sendQuote', { quoteId })).quote).toMatchObject({
      status: 'SENT',
    });
  });
});

describe('a quote that rules ask about', () => {
  test('is not sent, accepted or converted before it is approved', async () => {
    const { id: quoteId } = await quoteBeyond(2);
    const before = await admin.traces();
    for (const step of ['sendQuote', 'acceptQuote']) {
      const { userErrors } = await seller.send<{ userErrors: UserError[] }>(step, { quoteId });
      expect(userErrors).toMatchObject([{ code: 'APPROVAL_REQUIRED', field: ['quoteId'] }]);
      expect(userErrors[0]!.message).toContain('discount (');
      expect(userErrors[0]!.message).toContain('large (the total is 10248.00 EUR, more than 10000.00)');
    }
    expect(await seller.refusals('convertQuoteToOrder', { quoteId })).toEqual(['QUOTE_NOT_ACCEPTED at quoteId']);
    expect(await admin.traces()).toEqual(before);
    await seller.done('submitQuote', { quoteId });
    for (const step of ['sendQuote', 'acceptQuote', 'submitQuote'])
      expect(await seller.refusals(step, { quoteId })).toEqual(['INVALID_TRANSITION']);
  });

  test('is asked about by its total, shipping and the tax on it included', async () => {
    const lines = [{ sku, quantity: '81', discountRate: '0' }];
    const bare = await seller.quote({ customerId, lines });
    await seller.done('sendQuote', { quoteId: bare.id });
    const { id: quoteId } = await seller.quote({ customerId, lines, shippingPrice: eur('100.00') });
    const { userErrors } = await seller.send<{ userErrors: UserError[] }>('sendQuote', { quoteId });
    expect(userErrors).toMatchObject([{ code: 'APPROVAL_REQUIRED' }]);
    expect(userErrors[0]!.message).toContain('large (the total is 10004.00 EUR, more than 10000.00)');
  });

  test('waits for every rule, each decided by those whose role it is', async () => {
    const quote = await submitted(2);
    expect(await read(quote)).toMatchObject({
      status: 'PENDING_APPROVAL',
      approvals: [
        { rule: 'discount', status: 'PENDING', approverRoles: ['SALES'], reason: expect.stringContaining('16 %') },
        { rule: 'large', status: 'PENDING', approverRoles: ['FINANCE'], decidedBy: null, decidedAt: null },
      ],
    });
    hub.clock.forward(60_000);
    const given = { quoteId: quote.id, comment: 'Fine' };
    expect((await finance.done<Payload<'quote', Quote>>('approveQuote', given)).quote).toMatchObject({
      status: 'PENDING_APPROVAL',
      version: 3,
    });
    expect(await finance.refusals('approveQuote', given)).toEqual(['FORBIDDEN at quoteId']);
    expect((await manager.done<Payload<'quote', Quote>>('approveQuote', { quoteId: quote.id })).quote).toMatchObject({
      status: 'APPROVED',
      version: 4,
    });
    const decidedAt = hub.clock.now().toISOString();
    expect((await read(quote)).approvals).toMatchObject([
      { status: 'APPROVED', comment: null, decidedBy: { kind: 'API_KEY' }, decidedAt },
      { status: 'APPROVED', comment: 'Fine', decidedBy: { kind: 'API_KEY' }, decidedAt },
    ]);
    await seller.done('sendQuote', { quoteId: quote.id });
    await seller.done('acceptQuote', { quoteId: quote.id });
  });

  test('is REJECTED by one who may decide, for good', async () => {
    const { id: quoteId, ...quote } = await submitted(2);
    const rejected = await manager.done<Payload<'quote', Quote>>('rejectQuote', { quoteId, comment: 'Too cheap' });
    expect(rejected.quote).toMatchObject({ status: 'REJECTED' });
    expect((await read({ id: quoteId })).approvals.map(({ status, comment }) => [status, comment])).toEqual([
      ['REJECTED', 'Too cheap'],
      ['PENDING', null],
    ]);
    expect(await finance.refusals('approveQuote', { quoteId })).toEqual(['INVALID_TRANSITION']);
    expect((await queueOf(finance)).nodes).not.toContainEqual({ id: quoteId });
    expect(quote.status).toBe('PENDING_APPROVAL');
  });

  test('is not decided by who made or submitted it, an administrator neither, nor by other roles', async () => {
    const own = await submitted(1, admin);
    const { id: quoteId } = await quoteBeyond(1, manager);
    await seller.done('submitQuote', { quoteId });
    const support = await admin.colleague(['SUPPORT']);
    for (const step of ['approveQuote', 'rejectQuote']) {
      expect(await admin.refusals(step, { quoteId: own.id })).toEqual(['FORBIDDEN at quoteId']);
      expect(await seller.refusals(step, { quoteId })).toEqual(['FORBIDDEN at quoteId']);
      expect(await manager.refusals(step, { quoteId })).toEqual(['FORBIDDEN at quoteId']);
      expect(await support.refusals(step, { quoteId })).toEqual(['FORBIDDEN at quoteId']);
    }
    await admin.done('approveQuote', { quoteId });
    await seller.done('approveQuote', { quoteId: own.id });
  });

  test('is decided once it is submitted, and only while it is valid', async () => {
    const { id: quoteId } = await quoteBeyond(1);
    expect(await manager.refusals('approveQuote', { quoteId })).toEqual(['INVALID_TRANSITION']);
    expect(await manager.refusals('rejectQuote', { quoteId })).toEqual(['INVALID_TRANSITION']);
    const { id: late } = await seller.quote({
      customerId,
      validUntil: after(hub.clock.now().getTime() - START.getTime() + 1_000),
      lines: [{ sku, quantity: '1', discountRate: '0.5' }],
    });
    await seller.done('submitQuote', { quoteId: late });
    hub.clock.forward(1_000);
    expect(await manager.refusals('approveQuote', { quoteId: late })).toEqual(['QUOTE_EXPIRED at quoteId']);
  });

  test('has every step in its history, with what was said', async () => {
    const { id } = await submitted(2);
    await finance.done('approveQuote', { quoteId: id });
    await manager.done('approveQuote', { quoteId: id });
    const query =
      'query($id: ID!) { quote(id: $id) { history { nodes { type sequence message actor { name } changes { field from to } } } } }';
    const { nodes } = (await admin.ask<{ quote: { history: { nodes: Change[] } } }>(query, { id })).quote.history;
    const told = nodes.map(({ type, sequence, changes }) => ({ type, sequence, changes }));
    const moved = (from: string, to: string) => ({ field: 'status', from, to });
    const decided = (rule: string, from: string | null, to: string) => ({ field: `approvals.${rule}`, from, to });
    expect(told.slice(1)).toEqual([
      {
        type: 'STATUS_CHANGED',
        sequence: 2,
        changes: [
          moved('DRAFT', 'PENDING_APPROVAL'),
          decided('discount', null, 'PENDING'),
          decided('large', null, 'PENDING'),
        ],
      },
      { type: 'APPROVAL_DECIDED', sequence: 3, changes: [decided('large', 'PENDING', 'APPROVED')] },
      {
        type: 'STATUS_CHANGED',
        sequence: 4,
        changes: [moved('PENDING_APPROVAL', 'APPROVED'), decided('discount', 'PENDING', 'APPROVED')],
      },
    ]);
  });
});

test('a customer reads its quote, and not who approved it or why it had to be', async () => {
  const { id } = await submitted(1);
  const customer = await admin.customerDesk(customerId);
  expect(await customer.ask('query($id: ID!) { quote(id: $id) { status } }', { id })).toEqual({
    quote: { status: 'PENDING_APPROVAL' },
  });
  expect(await customer.code('query($id: ID!) { quote(id: $id) { approvals { rule } } }', { id })).toBe('FORBIDDEN');
  const waiting = '{ quotes(filter: { awaitingMyApproval: true }) { totalCount } }';
  expect(await customer.ask(waiting)).toEqual({ quotes: { totalCount: 0 } });
});

describe('a quote of another tool', () => {
  const stated = (sourceVersion: string, externalId: string, more: object = {}) => ({
    external: { integration: 'a-tool', externalId },
    sourceVersion,
    status: 'DRAFT',
    customerId,
    currency: 'EUR',
    validUntil: after(365 * 86_400_000),
    lines: [{ lineId: 'a', sku, quantity: '1', unitPrice: eur('50.00') }],
    ...more,
  });
  const state = async (...args: Parameters<typeof stated>) =>
    (await admin.done<Payload<'quote', Quote>>('upsertExternalQuote', stated(...args))).quote!;
  const lines = (amount: string) => [{ lineId: 'a', sku, quantity: '1', unitPrice: eur(amount) }];
  beforeAll(() => admin.integration('a-tool'));

  test('is approved where the tool says so, and waits there for what the tool asks', async () => {
    expect(await state('1', 'approved', { status: 'APPROVED' })).toMatchObject({ status: 'APPROVED' });
    const pending = await state('1', 'pending', { status: 'PENDING_APPROVAL' });
    expect(await seller.refusals('approveQuote', { quoteId: pending.id })).toEqual(['CONFLICT at quoteId']);
    expect((await queueOf(admin)).nodes).not.toContainEqual({ id: pending.id });
  });

  test('that waits for an approval here is asked about anew with what the tool changes of its lines', async () => {
    const { id: quoteId } = await state('1', 'edited');
    await seller.done('submitQuote', { quoteId });
    expect(await state('2', 'edited', { lines: lines('60.00') })).toMatchObject({ status: 'PENDING_APPROVAL' });
    expect((await read({ id: quoteId })).approvals).toMatchObject([
      { rule: 'discount', status: 'PENDING', reason: expect.stringContaining('40 %') },
    ]);
    expect(await state('3', 'edited', { lines: lines('100.00') })).toMatchObject({ status: 'APPROVED' });
    expect((await read({ id: quoteId })).approvals).toEqual([]);
  });

  test('that was approved here does not change behind the approval', async () => {
    const { id: quoteId } = await state('1', 'fixed');
    await seller.done('submitQuote', { quoteId });
    await manager.done('approveQuote', { quoteId });
    expect(await admin.refusals('upsertExternalQuote', stated('2', 'fixed', { lines: lines('40.00') }))).toEqual([
      'CONFLICT at lines',
    ]);
  });
});

describe('the queue', () => {
  test('has what the caller’s roles may decide and did not make, what has waited longest first, page by page', async () => {
    const code = fresh('queue');
    await admin.done('upsertApprovalRule', {
      code,
      totalOver: { amount: '0.00', currency: 'NOK' },
      approverRoles: ['LOGISTICS'],
    });
    const logistics = await admin.colleague(['LOGISTICS']);
    const other = await admin.colleague(['LOGISTICS', 'SALES']);
    const unitPrice = { amount: '1.00', currency: 'NOK' };
    const made: string[] = [];
    for (const by of [seller, other, seller, seller]) {
      const { id } = await by.quote({ customerId, currency: 'NOK', lines: [{ sku, quantity: '1', unitPrice }] });
      made.unshift(id);
    }
    for (const quoteId of made) {
      hub.clock.forward(1_000);
      await seller.done('submitQuote', { quoteId });
    }
    const first = await queueOf(logistics, 'first: 3');
    expect(first).toMatchObject({ totalCount: 4, nodes: made.slice(0, 3).map((id) => ({ id })) });
    const rest = await queueOf(logistics, `first: 3, after: "${first.pageInfo.endCursor}"`);
    expect(rest).toMatchObject({ nodes: [{ id: made[3] }], pageInfo: { hasNextPage: false } });
    const [, , own] = made;
    expect((await queueOf(other)).nodes).not.toContainEqual({ id: own });
    expect((await queueOf(seller)).nodes.filter(({ id }) => made.includes(id))).toEqual([]);
    const waiting = `{ quotes(filter: { awaitingMyApproval: true, status: [PENDING_APPROVAL] }) { totalCount }
      others: quotes(filter: { awaitingMyApproval: false }) { nodes { id } } }`;
    const found = await logistics.ask<{ quotes: { totalCount: number }; others: { nodes: { id: string }[] } }>(waiting);
    expect(found.quotes.totalCount).toBe(4);
    expect(found.others.nodes.filter(({ id }) => made.includes(id))).toEqual([]);
    await logistics.done('approveQuote', { quoteId: made[0] });
    expect((await queueOf(logistics)).nodes).toEqual(made.slice(1).map((id) => ({ id })));
    const viewer = await admin.colleague(['VIEWER']);
    expect(await queueOf(viewer)).toMatchObject({ nodes: [], totalCount: 0 });
  });
});

describe('an approval rule', () => {
  const rule = (code: string) => ({ code, lineDiscountOver: '0.9', approverRoles: ['SUPPORT'] });
  interface Rule {
    code: string;
    version: number;
    [field: string]: unknown;
  }
  const upsert = async (input: object) =>
    (await admin.done<Payload<'approvalRule', Rule>>('upsertApprovalRule', input)).approvalRule!;

  test('is made and changed field by field; null empties one, the same again changes nothing', async () => {
    const code = fresh('rule');
    expect(await upsert({ ...rule(code), totalOver: eur('5.00') })).toMatchObject({
      name: code,
      lineDiscountOver: '0.9',
      totalOver: eur('5.00'),
      termMonthsOver: null,
      isActive: true,
      version: 1,
    });
    expect(await upsert({ code, totalOver: null, termMonthsOver: 12, name: 'Long' })).toMatchObject({
      name: 'Long',
      totalOver: null,
      termMonthsOver: 12,
      version: 2,
    });
    expect(await upsert({ code, lineDiscountOver: '0.90', approverRoles: ['SUPPORT'] })).toMatchObject({ version: 2 });
    const query = `{ approvalRules { code history { nodes { sequence changes { field from to } } } } }`;
    const { approvalRules } = await admin.ask<{
      approvalRules: { code: string; history: { nodes: { sequence: number; changes: object[] }[] } }[];
    }>(query);
    expect(approvalRules.find((one) => one.code === code)!.history.nodes.at(-1)).toEqual({
      sequence: 2,
      changes: [
        { field: 'name', from: code, to: 'Long' },
        { field: 'totalOver', from: eur('5.00'), to: null },
        { field: 'termMonthsOver', from: null, to: 12 },
      ],
    });
  });

  test.each<[string, object, string[]]>([
    ['no approver', { lineDiscountOver: '0.1' }, ['REQUIRED at approverRoles']],
    ['no bound', { approverRoles: ['SALES'] }, ['REQUIRED at lineDiscountOver']],
    [
      'approvers who are no staff',
      { ...rule('x'), approverRoles: ['CUSTOMER', 'SALES'] },
      ['INVALID at approverRoles'],
    ],
    ['a bound that nothing passes', { ...rule('x'), discountOver: '1' }, ['INVALID at discountOver']],
    ['a bad code', rule('a b'), ['INVALID at code']],
  ])('is refused with %s', async (_, input, expected) => {
    const before = await admin.traces();
    expect(await admin.refusals('upsertApprovalRule', { code: fresh('bad'), ...input })).toEqual(expected);
    expect(await admin.traces()).toEqual(before);
  });

  test('asks from then on: what is approved stays so, what is switched off asks no more', async () => {
    const code = fresh('on');
    const euros = async () => seller.quote({ customerId, currency: 'DKK', lines: [kroner] });
    const kroner = { sku, quantity: '1', unitPrice: { amount: '1.00', currency: 'DKK' } };
    const { id: approved } = await euros();
    await seller.done('submitQuote', { quoteId: approved });
    await upsert({ code, totalOver: { amount: '0.00', currency: 'DKK' }, approverRoles: ['SALES'] });
    await seller.done('sendQuote', { quoteId: approved });
    const { id: quoteId } = await euros();
    expect(await seller.refusals('sendQuote', { quoteId })).toEqual(['APPROVAL_REQUIRED at quoteId']);
    await upsert({ code, isActive: false });
    await seller.done('sendQuote', { quoteId });
  });

  test('that is made by two at once is one', async () => {
    const code = fresh('twice');
    const versions = await Promise.all([1, 2].map(async () => (await upsert(rule(code))).version));
    expect(versions).toEqual([1, 1]);
  });
});
