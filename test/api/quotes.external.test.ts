import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { brokenInvariants } from '../support/invariants.js';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { after, Desk, eur, fresh, type Order, type Payload, type Quote } from './support/desk.js';

type Taken = Payload<'quote', Quote> & { effect: string | null };
type Converted = Payload<'order', Order> & Payload<'quote', Quote>;
interface Change {
  sequence: number;
  type: string;
  changes: { field: string; from: unknown; to: unknown }[];
}
const DAY = 86_400_000;

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;
let integration: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
  customerId = (await desk.customer()).id;
  integration = await desk.integration('cpq-tool');
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

const line = (more: object = {}) => ({ lineId: 'a', sku, quantity: '2', unitPrice: eur('9.00'), ...more });

/** What a tool says of one quote, by version. */
class Deal {
  readonly external = { integration, externalId: fresh('deal') };
  constructor(private readonly always: object = {}) {}

  input(sourceVersion: string, more: object = {}): object {
    const validUntil = after(14 * DAY);
    const said = { status: 'ACCEPTED', customerId, currency: 'EUR', validUntil, lines: [line()] };
    return { external: this.external, sourceVersion, ...said, ...this.always, ...more };
  }
  state(sourceVersion: string, more: object = {}): Promise<Taken> {
    return desk.done<Taken>('upsertExternalQuote', this.input(sourceVersion, more));
  }
  refusals(sourceVersion: string, more: object = {}): Promise<string[]> {
    return desk.refusals('upsertExternalQuote', this.input(sourceVersion, more));
  }
  convert(more: object = {}): Promise<Converted> {
    return desk.done<Converted>('convertQuoteToOrder', { external: this.external, ...more });
  }
  async history(): Promise<Change[]> {
    const query = `query($external: ExternalIdInput!) { quote(external: $external) {
      history { nodes { sequence type changes { field from to } } } } }`;
    const { quote } = await desk.ask<{ quote: { history: { nodes: Change[] } } }>(query, { external: this.external });
    return quote.history.nodes;
  }
}

function moves(changes: Change[]): string[] {
  return changes.map(({ type, changes: fields }) => {
    const status = fields.find(({ field }) => field === 'status');
    return status ? `${type} ${String(status.from)} ${String(status.to)}` : type;
  });
}

describe('a new quote of a tool', () => {
  test('is kept as stated, taxed by the hub, with where it came from', async () => {
    const deal = new Deal();
    const number = fresh('CPQ');
    const { quote, effect } = await deal.state('7', {
      number,
      revision: 3,
      externalUrl: 'https://cpq.example/7',
      lines: [line({ discountRate: '0.5', description: 'A bearing' })],
    });
    expect(effect).toBe('CREATED');
    expect(quote).toMatchObject({
      number,
      revision: 3,
      status: 'ACCEPTED',
      version: 2,
      subtotal: eur('18.00'),
      discountTotal: eur('9.00'),
      taxTotal: eur('1.98'),
      total: eur('10.98'),
      unmatchedLines: [],
      lines: [{ externalLineId: 'a', sku, description: 'A bearing', unitPrice: eur('9.00'), listPrice: eur('10.00') }],
    });
    const query = `query($external: ExternalIdInput!) { quote(external: $external) { id
      provenance { field rule integration { code } }
      externalReferences { externalId externalUrl syncedAt sourceVersion integration { code } } } }`;
    const { quote: read } = await desk.ask<{ quote: { id: string; provenance: { field: string }[] } }>(query, {
      external: deal.external,
    });
    expect(read).toMatchObject({
      id: quote!.id,
      externalReferences: [
        {
          externalId: deal.external.externalId,
          externalUrl: 'https://cpq.example/7',
          syncedAt: START.toISOString(),
          sourceVersion: '7',
          integration: { code: integration },
        },
      ],
    });
    expect(read.provenance).toContainEqual({
      field: 'lines',
      rule: 'source-states-it',
      integration: { code: integration },
    });
    expect(moves(await deal.history())).toEqual(['CREATED null DRAFT', 'STATUS_CHANGED DRAFT ACCEPTED']);
  });

  test.each([
    ['DRAFT', ['DRAFT']],
    ['PENDING_APPROVAL', ['DRAFT', 'PENDING_APPROVAL']],
    ['APPROVED', ['DRAFT', 'APPROVED']],
    ['REJECTED', ['DRAFT', 'PENDING_APPROVAL', 'REJECTED']],
    ['SENT', ['DRAFT', 'SENT']],
    ['ACCEPTED', ['DRAFT', 'ACCEPTED']],
    ['DECLINED', ['DRAFT', 'SENT', 'DECLINED']],
    ['CANCELED', ['DRAFT', 'CANCELED']],
  ])('that is %s went through %j, an event for each', async (status, way) => {
    const deal = new Deal({ status });
    const { quote } = await deal.state('1');
    expect(quote).toMatchObject({ status, version: way.length });
    const steps = (await deal.history()).map(({ changes }) => changes.find(({ field }) => field === 'status')!.to);
    expect(steps).toEqual(way);
  });

  test('finds its customer by the id that a connected system gave it', async () => {
    const customerExternal = { integration, externalId: fresh('account') };
    const { id } = await desk.customer({ external: customerExternal });
    const { quote } = await new Deal().state('1', { customerId: null, customerExternal });
    const { quote: read } = await desk.ask<object & { quote: object }>(
      'query($id: ID!) { quote(id: $id) { customer { id } } }',
      { id: quote!.id },
    );
    expect(read).toEqual({ customer: { id } });
  });

  test('without a number has one of the hub’s, which go around those of tools', async () => {
    const { quote } = await new Deal().state('1');
    const next = (n: number) => `Q-${Number(quote!.number.slice(2)) + n}`;
    await new Deal().state('1', { number: next(1) });
    await new Deal().state('1', { number: next(2) });
    expect((await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] })).number).toBe(next(3));
  });

  test('is refused with all that is wrong with it, and leaves no trace', async () => {
    const before = await desk.traces();
    const bad = {
      customerExternal: { integration, externalId: 'x' },
      number: ' ',
      revision: 0,
      lines: [
        line({ quantity: '0', unitPrice: { amount: '1', currency: 'USD' }, discountRate: '1.1' }),
        line({ sku: '', recurrence: { interval: 'YEAR', termCount: 0 } }),
      ],
    };
    expect(await new Deal().refusals('seven', bad)).toEqual([
      'INVALID at sourceVersion',
      'INVALID at customerId',
      'INVALID at number',
      'INVALID at revision',
      'INVALID at lines.0.quantity',
      'CURRENCY_MISMATCH at lines.0.unitPrice.currency',
      'INVALID at lines.0.discountRate',
      'INVALID at lines.1.recurrence.termCount',
      'INVALID at lines.1.lineId',
      'INVALID at lines.1.sku',
    ]);
    expect(await new Deal().refusals('1', { lines: [] })).toEqual(['REQUIRED at lines']);
    expect(await new Deal().refusals('1', { revision: 2 })).toEqual(['INVALID at revision']);
    expect(await new Deal().refusals('1', { customerId: 'x' })).toEqual(['NOT_FOUND at customerId']);
    expect(await new Deal().refusals('1', { contactId: 'x' })).toEqual(['NOT_FOUND at contactId']);
    const external = { integration: 'none', externalId: 'x' };
    expect(await new Deal().refusals('1', { external })).toEqual(['NOT_FOUND at external.integration']);
    expect(await desk.traces()).toEqual(before);
  });

  test('cannot be stated by a customer', async () => {
    const customer = await desk.customerDesk(customerId);
    const document = 'mutation($input: UpsertExternalQuoteInput!) { upsertExternalQuote(input: $input) { replayed } }';
    const input = { idempotencyKey: newKey(), ...new Deal().input('1') };
    expect(await customer.code(document, { input })).toBe('FORBIDDEN');
    const tool = await desk.colleague(['INTEGRATION']);
    expect(await tool.code(document, { input })).toBeUndefined();
  });
});

describe('versions', () => {
  test.each([
    ['numbers', ['9', '10', '100']],
    ['numbers beyond what a float holds', ['9007199254740992', '9007199254740993', '9007199254740994']],
    ['instants', ['2026-03-01T09:00:00Z', '2026-03-01T10:00:00.5+00:30', '2026-03-01T09:30:00.500000001Z']],
  ])('that are %s: an older one behind a newer one changes nothing and says so', async (_, [first, second, third]) => {
    const deal = new Deal();
    expect((await deal.state(second!)).effect).toBe('CREATED');
    const changed = { lines: [line({ quantity: '5' })] };
    expect(await deal.state(third!, changed)).toMatchObject({ effect: 'UPDATED', replayed: false });
    const before = await deal.history();
    for (const older of [first!, second!]) {
      const { quote, effect, replayed } = await deal.state(older, { status: 'CANCELED', lines: [line({ sku: 'x' })] });
      expect({ effect, replayed }).toEqual({ effect: 'STALE', replayed: false });
      expect(quote).toMatchObject({ status: 'ACCEPTED', lines: [{ quantity: '5' }] });
    }
    expect(await deal.history()).toEqual(before);
  });

  test('in any order come to what the newest says', async () => {
    const versions: [string, object][] = [
      ['1', { status: 'DRAFT', lines: [line({ quantity: '1' })] }],
      ['2', { status: 'SENT', lines: [line({ quantity: '2' })] }],
      ['3', { status: 'ACCEPTED', lines: [line({ quantity: '3' })] }],
    ];
    for (const order of ['012', '021', '102', '120', '201', '210']) {
      const deal = new Deal();
      for (const index of order) await deal.state(...versions[Number(index)]!);
      const { quote } = await deal.state(...versions[2]!);
      expect(quote).toMatchObject({ status: 'ACCEPTED', lines: [{ quantity: '3' }] });
    }
  });

  test('the same again, however it is written, changes nothing and makes no event', async () => {
    const deal = new Deal();
    await deal.state('1');
    const before = await desk.traces();
    const again = await deal.state('1', { lines: [line({ quantity: '2.0', discountRate: '0', recurrence: null })] });
    expect(again).toMatchObject({ effect: 'UNCHANGED', replayed: false, quote: { version: 2 } });
    expect((await deal.state('2')).effect).toBe('UNCHANGED');
    expect(await desk.traces()).toEqual({ ...before, idempotency: before.idempotency! + 2 });
    expect((await deal.state('1', { status: 'CANCELED' })).effect).toBe('STALE');
  });

  test('the same with another content is CONFLICT, another way of counting INVALID', async () => {
    const deal = new Deal();
    await deal.state('1');
    expect(await deal.refusals('1', { status: 'CANCELED' })).toEqual(['CONFLICT at sourceVersion']);
    expect(await deal.refusals('1', { lines: [line({ quantity: '3' })] })).toEqual(['CONFLICT at sourceVersion']);
    expect(await deal.refusals('2026-03-01T09:00:00Z')).toEqual(['INVALID at sourceVersion']);
  });

  test('twenty statements of one new quote at once make one quote', async () => {
    const deal = new Deal();
    const versions = Array.from({ length: 20 }, (_, n) => String(1 + (n % 10)));
    const answers = await Promise.all(
      versions.map((version) => deal.state(version, { lines: [line({ quantity: version })] })),
    );
    expect(new Set(answers.map(({ quote }) => quote!.id)).size).toBe(1);
    expect(answers.filter(({ effect }) => effect === 'CREATED')).toHaveLength(1);
    expect((await desk.readQuote(answers[0]!.quote!.id)).lines).toMatchObject([{ quantity: '10' }]);
    const sequences = (await deal.history()).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });
});

describe('a newer version', () => {
  test('keeps the lines that the tool knows by the same id, and tells each field before and after', async () => {
    const deal = new Deal({ status: 'DRAFT' });
    const address = { line1: 'Via Roma 1', city: 'Torino', country: 'IT' };
    const { quote } = await deal.state('1', { lines: [line(), line({ lineId: 'b' })] });
    const changed = { lines: [line({ lineId: 'b', quantity: '3' }), line({ lineId: 'c' })] };
    const next = await deal.state('2', { ...changed, validUntil: after(20 * DAY), billingAddress: address });
    expect(next.quote).toMatchObject({ version: 2, total: eur('54.90'), validUntil: after(20 * DAY) });
    expect(next.quote!.lines.map(({ externalLineId }) => externalLineId)).toEqual(['b', 'c']);
    expect(next.quote!.lines[0]!.id).toBe(quote!.lines[1]!.id);
    const [, edited] = await deal.history();
    expect(edited).toMatchObject({ type: 'EDITED' });
    const terms = { sku, unitPrice: '9', discountRate: '0' };
    expect(edited!.changes).toEqual(
      expect.arrayContaining([
        { field: 'validUntil', from: after(14 * DAY), to: after(20 * DAY) },
        {
          field: 'lines',
          from: [2, 2].map((quantity) => ({ ...terms, quantity: String(quantity) })),
          to: [3, 2].map((quantity) => ({ ...terms, quantity: String(quantity) })),
        },
        { field: 'total', from: eur('43.92'), to: eur('54.90') },
        { field: 'billingAddress', from: null, to: address },
      ]),
    );
  });

  test('states shipping with the lines: what is left out is charged no more', async () => {
    const deal = new Deal({ status: 'SENT' });
    const freight = (amount: string) => ({ shippingMethod: 'Freight', shippingPrice: eur(amount) });
    const { quote } = await deal.state('1', freight('5.0'));
    expect(quote).toMatchObject({ shippingMethod: 'Freight', shippingTotal: eur('5.00'), total: eur('28.06') });
    expect((await deal.state('1', freight('5.00'))).effect).toBe('UNCHANGED');
    const dearer = await deal.state('2', freight('6.00'));
    expect(dearer).toMatchObject({ effect: 'UPDATED', quote: { taxTotal: eur('5.28'), total: eur('29.28') } });
    const gone = await deal.state('3');
    expect(gone.quote).toMatchObject({ shippingMethod: null, shippingTotal: eur('0.00'), total: eur('21.96') });
    const edits = (await deal.history()).filter(({ type }) => type === 'EDITED');
    expect(edits.map(({ changes }) => changes)).toEqual([
      [
        { field: 'shippingTotal', from: eur('5.00'), to: eur('6.00') },
        { field: 'total', from: eur('28.06'), to: eur('29.28') },
      ],
      [
        { field: 'shippingMethod', from: 'Freight', to: null },
        { field: 'shippingTotal', from: eur('6.00'), to: null },
        { field: 'total', from: eur('29.28'), to: eur('21.96') },
      ],
    ]);
    expect(await deal.refusals('4', { shippingPrice: { amount: '1', currency: 'USD' } })).toEqual([
      'CURRENCY_MISMATCH at shippingPrice.currency',
    ]);
  });

  test('moves the status by the table alone', async () => {
    const deal = new Deal({ status: 'SENT' });
    await deal.state('1');
    expect((await deal.state('2', { status: 'ACCEPTED' })).quote).toMatchObject({ status: 'ACCEPTED' });
    expect(await deal.refusals('3', { status: 'SENT' })).toEqual(['INVALID_TRANSITION']);
    await deal.state('4', { status: 'CANCELED' });
    expect(await deal.refusals('5', { status: 'DRAFT' })).toEqual(['INVALID_TRANSITION']);
    expect(moves(await deal.history())).toEqual([
      'CREATED null DRAFT',
      'STATUS_CHANGED DRAFT SENT',
      'STATUS_CHANGED SENT ACCEPTED',
      'STATUS_CHANGED ACCEPTED CANCELED',
    ]);
  });

  test('that says of the status what was said before leaves what has happened in the hub', async () => {
    const deal = new Deal({ status: 'SENT' });
    const { quote } = await deal.state('1');
    await desk.done('acceptQuote', { quoteId: quote!.id });
    expect(await deal.state('2', { validUntil: after(20 * DAY) })).toMatchObject({ quote: { status: 'ACCEPTED' } });
    expect(await deal.refusals('3', { lines: [line({ quantity: '3' })] })).toEqual(['CONFLICT at lines']);
    const accepted = { status: 'ACCEPTED', lines: [line({ quantity: '3' })] };
    expect((await deal.state('4', accepted)).quote).toMatchObject({ status: 'ACCEPTED', lines: [{ quantity: '3' }] });
  });

  test('cannot give the quote to another customer, number or tool', async () => {
    const [number, other] = [fresh('CPQ'), await desk.customer()];
    const deal = new Deal({ number });
    await deal.state('1');
    expect(await deal.refusals('2', { customerId: other.id })).toEqual(['CONFLICT at customerId']);
    expect(await deal.refusals('2', { number: fresh('CPQ') })).toEqual(['CONFLICT at number']);
    const external = { integration: await desk.integration(), externalId: 'x' };
    expect(await deal.refusals('1', { external, revision: 2 })).toEqual(['ALREADY_EXISTS at number']);
    expect(await new Deal({ number }).refusals('1')).toEqual(['ALREADY_EXISTS at revision']);
  });

  test('of an expired quote is refused where it changes something', async () => {
    const deal = new Deal({ status: 'SENT', validUntil: after(DAY) });
    const { quote } = await deal.state('1');
    await hub.hub.db.pool.query(`update quote set status = 'EXPIRED' where number = $1`, [quote!.number]);
    expect((await deal.state('2')).effect).toBe('UNCHANGED');
    expect(await deal.refusals('3', { validUntil: after(9 * DAY) })).toEqual(['QUOTE_EXPIRED at validUntil']);
    expect(await deal.refusals('3', { status: 'ACCEPTED' })).toEqual(['QUOTE_EXPIRED at validUntil']);
  });

  test('brings up to date a quote that was made in the hub under the tool’s id', async () => {
    const deal = new Deal({ status: 'SENT' });
    const made = await desk.quote({ customerId, external: deal.external, lines: [{ sku, quantity: '1' }] });
    const { quote, effect } = await deal.state('1');
    expect({ effect, id: quote!.id, status: quote!.status }).toEqual({
      effect: 'UPDATED',
      id: made.id,
      status: 'SENT',
    });
    expect(quote!.lines).toMatchObject([{ externalLineId: 'a', quantity: '2' }]);
  });
});

describe('revisions of one number', () => {
  test.each([
    ['in order', [1, 2, 3]],
    ['out of order', [3, 1, 2]],
  ])('that come %s leave the newest open, the others superseded', async (_, order) => {
    const number = fresh('CPQ');
    const deals = new Map(order.map((revision) => [revision, new Deal({ number, revision, status: 'SENT' })]));
    const ids = new Map<number, string>();
    for (const revision of order) ids.set(revision, (await deals.get(revision)!.state('1')).quote!.id);
    const statuses = await Promise.all([1, 2, 3].map(async (n) => (await desk.readQuote(ids.get(n)!)).status));
    expect(statuses).toEqual(['SUPERSEDED', 'SUPERSEDED', 'SENT']);
    expect((await deals.get(1)!.state('2', { status: 'DECLINED' })).quote).toMatchObject({ status: 'SUPERSEDED' });
    const query = `query($text: String!, $all: Boolean) { quotes(filter: { text: $text, newestRevisionOnly: $all }) {
      nodes { revision } totalCount } }`;
    const found = (newest: boolean) => desk.ask(query, { text: number.toLowerCase(), all: newest });
    expect(await found(true)).toEqual({ quotes: { nodes: [{ revision: 3 }], totalCount: 1 } });
    expect(await found(false)).toMatchObject({ quotes: { totalCount: 3 } });
  });
});

describe('a SKU that the hub does not know', () => {
  test('is kept with its line, named where the quote is converted, and converted once there is a product', async () => {
    const unknown = fresh('LATER');
    const deal = new Deal({ lines: [line(), line({ lineId: 'b', sku: unknown, description: 'To come' })] });
    const { quote } = await deal.state('1');
    expect(quote).toMatchObject({
      total: eur('43.92'),
      lines: [{ sku }],
      unmatchedLines: [
        { externalLineId: 'b', sku: unknown, description: 'To come', quantity: '2', total: eur('18.00') },
      ],
    });
    const refused = await desk.send<Converted>('convertQuoteToOrder', {
      idempotencyKey: newKey(),
      external: deal.external,
    });
    expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['lines', '1', 'sku'] }]);
    expect(refused.userErrors[0]!.message).toContain(`"${unknown}"`);
    const known = [{ lineId: quote!.lines[0]!.id, quantity: '1' }];
    expect((await deal.convert({ lines: known })).quote).toMatchObject({ status: 'PARTIALLY_CONVERTED' });

    await desk.done('upsertProduct', { sku: unknown, name: 'Has come', isStocked: false });
    const matched = await desk.readQuote(quote!.id);
    expect(matched.unmatchedLines).toEqual([]);
    expect(matched.lines.map((one) => one.sku)).toEqual([sku, unknown]);
    const { order, quote: done } = await deal.convert();
    expect(done).toMatchObject({ status: 'CONVERTED' });
    expect(order!.lines.map((one) => [one.sku, one.quantity])).toEqual([
      [sku, '1'],
      [unknown, '2'],
    ]);
  });
});

describe('a quote that is converted', () => {
  test('in part takes over what stands beside its lines, refuses new lines, and can be canceled', async () => {
    const deal = new Deal();
    const { quote } = await deal.state('1');
    await deal.convert({ lines: [{ lineId: quote!.lines[0]!.id, quantity: '1' }] });
    expect(await deal.refusals('2', { lines: [line({ quantity: '5' })] })).toEqual(['CONFLICT at lines']);
    expect(await deal.refusals('2', { shippingPrice: eur('5.00') })).toEqual(['CONFLICT at shippingPrice']);
    const { quote: later } = await deal.state('3', { validUntil: after(20 * DAY) });
    expect(later).toMatchObject({ status: 'PARTIALLY_CONVERTED', validUntil: after(20 * DAY), total: quote!.total });
    expect(later!.lines).toMatchObject([{ id: quote!.lines[0]!.id, convertedQuantity: '1' }]);
    expect((await deal.state('4', { status: 'CANCELED', validUntil: after(20 * DAY) })).quote).toMatchObject({
      status: 'CANCELED',
    });
  });

  test('whole stays so, whatever the tool says later', async () => {
    const deal = new Deal({ status: 'SENT' });
    const { quote } = await deal.state('1');
    await desk.done('acceptQuote', { quoteId: quote!.id });
    await deal.convert();
    expect(await deal.state('2', { status: 'ACCEPTED' })).toMatchObject({ effect: 'UNCHANGED' });
    expect(await deal.refusals('3', { status: 'CANCELED' })).toEqual(['INVALID_TRANSITION']);
    expect(await deal.refusals('3', { status: 'ACCEPTED', lines: [line({ quantity: '1' })] })).toEqual([
      'CONFLICT at lines',
    ]);
  });

  describe('while it is stated anew', () => {
    const newer = () => ({ lines: [line({ quantity: '3', unitPrice: eur('8.00') })] });
    let rival: pg.Client;

    beforeEach(async () => {
      rival = new pg.Client({ connectionString: hub.database.url });
      await rival.connect();
    });
    afterEach(() => rival.end());

    const waiting = (count: number) =>
      eventually(`${count} to wait for the quote`, async () => {
        const { rows } = await hub.hub.db.pool.query<{ waiting: number }>(
          `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows[0]!.waiting >= count;
      });

    /** Both calls wait for the quote, the first named first in the queue, until it is let go. */
    async function queued(first: 'state' | 'convert'): Promise<{ stated: Taken; converted: Converted }> {
      const deal = new Deal({ lines: [line()] });
      const { quote } = await deal.state('1');
      await rival.query('begin');
      await rival.query('select from quote where number = $1 for update', [quote!.number]);
      const calls = {
        state: () => desk.send<Taken>('upsertExternalQuote', { idempotencyKey: newKey(), ...deal.input('2', newer()) }),
        convert: () => deal.convert(),
      };
      const one = calls[first]();
      await waiting(1);
      const other = calls[first === 'state' ? 'convert' : 'state']();
      await waiting(2);
      await rival.query('commit');
      const [a, b] = await Promise.all([one, other]);
      return (first === 'state' ? { stated: a, converted: b } : { stated: b, converted: a }) as never;
    }

    test('is an order of the newer version where that came first', async () => {
      const { stated, converted } = await queued('state');
      expect(stated).toMatchObject({ effect: 'UPDATED', userErrors: [] });
      expect(converted.order!.lines).toMatchObject([{ quantity: '3', unitPrice: eur('8.00') }]);
      expect(converted.quote).toMatchObject({
        status: 'CONVERTED',
        lines: [{ quantity: '3', convertedQuantity: '3' }],
      });
    });

    test('is an order of the older version where the conversion came first', async () => {
      const { stated, converted } = await queued('convert');
      expect(stated).toMatchObject({ quote: null, userErrors: [{ code: 'CONFLICT', field: ['lines'] }] });
      expect(converted.order!.lines).toMatchObject([{ quantity: '2', unitPrice: eur('9.00') }]);
    });
  });
});

test('whatever came in which order, the database does not contradict itself', async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
});
