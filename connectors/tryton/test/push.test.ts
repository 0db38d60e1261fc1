import { afterEach, describe, expect, test } from '@jest/globals';
import { ConnectorFailure } from '#connect';
import tryton from '../index.js';
import { connected, insist, push, said, walk, type Connected } from './erp.js';
import { customerOf, orderOf, parcelOf } from './records.js';

type Json = Record<string, unknown>;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
async function erp(options: Parameters<typeof connected>[0] = {}): Promise<Connected> {
  const opened = await connected({ acts: 2, ...options });
  stops.push(opened.stop);
  return opened;
}
const SOLD: [string, string] = ['LAMP-1', 'DESK-1'];
const sales = ({ erp: { state } }: Connected) => state().sales as Record<string, Json & { shipments: Json[] }>;
const levels = ({ erp: { state } }: Connected) => state().levels as Record<string, number>;
const operations = ({ sent }: Connected) => sent.map(({ operation }) => operation);

async function tell(opened: Connected, stream: string, record: object): Promise<string> {
  return insist(async () => {
    const [sent] = await push(stream, opened).send([record]);
    if (sent instanceof ConnectorFailure) throw sent;
    return sent!.externalId as string;
  });
}
async function refused(opened: Connected, stream: string, record: object): Promise<string> {
  const [sent] = await push(stream, opened).send([record]);
  return sent instanceof ConnectorFailure ? `${sent.kind}: ${sent.message}` : 'taken';
}
/** A sale of an order of the hub, under way. */
async function sold(opened: Connected): Promise<string> {
  const party = await tell(opened, 'customers', customerOf('C-1'));
  return tell(opened, 'orders', orderOf('SO-1', party, SOLD));
}

describe('a customer that is told', () => {
  test('becomes one party, however often it is told, and is read as what was written', async () => {
    const opened = await erp();
    const [sent] = await push('customers', opened).send([customerOf('C-1')]);
    expect(await push('customers', opened).send([customerOf('C-1')])).toEqual([sent]);
    const { externalId, version } = sent as { externalId: string; version: string };
    const pulled = (await walk('customers', opened, null)).records.find((each) => each.externalId === externalId)!;
    expect(pulled.version).toBe(version);
    const [change] = said('customers', [pulled], opened).values();
    expect(change).toMatchObject({
      customer: {
        name: 'Beispiel GmbH',
        email: 'jan@beispiel.example',
        phone: '+49 30 5',
        billingAddress: {
          name: 'Beispiel GmbH, Jan Beispiel',
          line1: 'Weg 1',
          line2: 'Hof',
          city: 'Berlin',
          country: 'DE',
        },
        shippingAddresses: [{ line1: 'Weg 1' }, { line1: 'Lager 2' }],
      },
    });
  });

  test('is changed where it is said otherwise, and loses nothing that people wrote', async () => {
    const opened = await erp();
    const externalId = await tell(opened, 'customers', customerOf('C-1'));
    const moved = [{ line1: 'Neu 1', city: 'Bonn', country: 'DE' }];
    await tell(opened, 'customers', customerOf('C-1', { externalId, phone: '+49 30 6', shippingAddresses: moved }));
    expect(opened.erp.state().parties!['HUB-C-1']).toMatchObject({
      ways: ['email jan@beispiel.example', 'phone +49 30 6'],
      addresses: ['Lager 2\nHof, Berlin', 'Neu 1, Bonn', 'Weg 1\nHof, Berlin'],
    });
    const before = opened.sent.length;
    await tell(opened, 'customers', customerOf('C-1', { externalId, phone: null }));
    expect(
      operations(opened)
        .slice(before)
        .filter((name) => /write|create/.test(name)),
    ).toEqual([]);
  });
});

describe('a question that got no answer', () => {
  /** The first call of each method is lost. */
  function losing(opened: Connected): string[] {
    const { http } = opened.context;
    const lost: string[] = [];
    opened.context.http = {
      ...http,
      send(request) {
        if (lost.includes(request.operation)) return http.send(request);
        lost.push(request.operation);
        return Promise.reject(new ConnectorFailure('transient', `${request.operation}: lost`));
      },
    };
    return lost;
  }
  test('is asked again at once; what may have been done is not done again', async () => {
    const opened = await erp();
    const lost = losing(opened);
    expect(await refused(opened, 'customers', customerOf('C-1'))).toBe('transient: model.party.party.create: lost');
    expect(lost).toContain('model.party.party.search_read');
    expect(await refused(opened, 'customers', customerOf('C-1'))).toBe('taken');
  });
});

describe('an order that is told', () => {
  test('becomes a confirmed sale that comes to the same, with taxes, addresses and what it charges', async () => {
    const opened = await erp();
    await sold(opened);
    expect(sales(opened)['Hub order ord_SO1']).toMatchObject({
      state: 'processing',
      reference: 'SO-1',
      total: '139.03',
      lines: ['3 LAMP-1', '7 DESK-1', '1 CHARGE'],
      shipments: [{ state: 'waiting', warehouse: 5, sent: ['3 LAMP-1', '7 DESK-1'] }],
    });
    expect(opened.erp.state().parties!['HUB-C-1']).toMatchObject({
      addresses: expect.arrayContaining(['Lager 3\nHof, Berlin']),
    });
  });

  test('is told once, whoever heard of it, and is no order of Tryton’s own', async () => {
    const opened = await erp();
    const id = await sold(opened);
    const known = await tell(opened, 'customers', customerOf('C-1'));
    expect(await tell(opened, 'orders', orderOf('SO-1', known, SOLD))).toBe(id);
    expect(await tell(opened, 'orders', orderOf('SO-1', known, SOLD, { externalId: id, status: 'PROCESSING' }))).toBe(
      id,
    );
    expect(Object.keys(sales(opened)).filter((name) => name.startsWith('Hub'))).toHaveLength(1);
    const { records } = await walk('orders', opened, null);
    const own = records.find(({ externalId }) => externalId === id)!;
    expect(tryton.pull.get('orders')!.read(own.raw, { settings: opened.context.settings })).toEqual([]);
  });

  test('is made once through every fault of the way', async () => {
    const opened = await erp({ modes: ['429', '500', 'reset', 'html'] });
    const id = await sold(opened);
    await tell(opened, 'shipments', parcelOf('SHP-1', id, [['LAMP-1', '2']]));
    opened.faults.calm();
    expect(sales(opened)['Hub order ord_SO1']).toMatchObject({
      state: 'processing',
      shipments: [
        { state: 'done', reference: 'SHP-1', sent: ['2 LAMP-1'] },
        { state: 'waiting', reference: null, sent: ['1 LAMP-1', '7 DESK-1'] },
      ],
    });
    expect(Object.keys(sales(opened)).filter((name) => name.startsWith('Hub'))).toHaveLength(1);
  });

  test('is refused in words where it does not fit', async () => {
    const opened = await erp();
    const party = await tell(opened, 'customers', customerOf('C-1'));
    const order = orderOf('SO-2', party, SOLD);
    const other = (more: object) => refused(opened, 'orders', { ...order, ...more });
    expect(await other({ customer: null })).toBe(
      'rejected: order SO-2: it has no customer; guestParty would say who buys',
    );
    expect(await other({ customer: { ...order.customer, number: 'C-2', externalId: null } })).toBe(
      'transient: order SO-2: customer C-2 is not there yet',
    );
    expect(await other({ currency: 'USD' })).toBe('rejected: order SO-2: Tryton knows no currency "USD"');
    expect(await other({ lines: [{ ...order.lines[0], sku: 'NONE' }, order.lines[1]] })).toBe(
      'rejected: order SO-2: expected one product "NONE" in Tryton, found 0',
    );
    const untaxed = order.lines.map((line) => ({ ...line, taxRates: ['0.17'] }));
    expect(await other({ lines: untaxed })).toMatch(/none of its rates \(0.17\) fits a tax of 106 on 484/);
    const without = await erp({ settings: { chargeProduct: undefined } });
    const there = await tell(without, 'customers', customerOf('C-1'));
    expect(await refused(without, 'orders', orderOf('SO-2', there, SOLD))).toMatch(/it charges 4.84 beside its lines/);
  });

  test('with a tax that Tryton has not is never confirmed', async () => {
    const opened = await erp({ settings: { taxes: { '0.22': '2' } } });
    const party = await tell(opened, 'customers', customerOf('C-1'));
    expect(await refused(opened, 'orders', orderOf('SO-1', party, SOLD))).toBe(
      'rejected: order SO-1: sale 3 comes to 118.52 there, to 139.03 here',
    );
    expect(sales(opened)['Hub order ord_SO1']).toMatchObject({ state: 'draft' });
  });

  test('is called off with what was not sent of it; one that was changed meanwhile is a matter for people', async () => {
    const opened = await erp();
    const externalId = await sold(opened);
    const order = orderOf('SO-1', '1', SOLD, { externalId });
    const fewer = { ...order, lines: [order.lines[0]!, { ...order.lines[1]!, quantity: '6' }] };
    expect(await refused(opened, 'orders', fewer)).toMatch(/is under way there, what was changed of DESK-1/);
    await tell(opened, 'orders', { ...order, status: 'CANCELED' });
    await tell(opened, 'orders', { ...order, status: 'CANCELED' });
    expect(sales(opened)['Hub order ord_SO1']!.shipments).toMatchObject([{ state: 'cancelled' }]);
  });

  test('concerns those of others, from when they are confirmed', async () => {
    const { concerns } = push('orders', await erp());
    const order = orderOf('SO-1', null, SOLD);
    const told = [{}, { isTheirs: true }, { status: 'RECEIVED' }, { status: 'CANCELED' }];
    expect(told.map((more) => concerns({ ...order, ...more }))).toEqual([true, false, false, false]);
    expect(concerns({ ...order, status: 'CANCELED', externalId: '3' })).toBe(true);
    // Those that were sent before the ERP was connected are no news there, unless they are sales already.
    const gone = { ...order, status: 'SHIPPED', hasLeftBefore: true };
    expect([concerns(gone), concerns({ ...gone, externalId: '3' })]).toEqual([false, true]);
  });
});

describe('a parcel that is told', () => {
  test('takes what it holds off Tryton’s stock, once; what is left is planned anew', async () => {
    const opened = await erp();
    const id = await sold(opened);
    const before = levels(opened);
    const parcel = parcelOf('SHP-1', id, [['DESK-1', '5']]);
    const [sent] = await push('shipments', opened).send([parcel]);
    expect(await push('shipments', opened).send([parcel])).toEqual([sent]);
    expect(levels(opened)).toEqual({ ...before, 'DESK-1@5': before['DESK-1@5']! - 5 });
    expect(sales(opened)['Hub order ord_SO1']!.shipments).toMatchObject([
      { state: 'done', reference: 'SHP-1', sent: ['5 DESK-1'] },
      { state: 'waiting', reference: null, sent: ['2 DESK-1', '3 LAMP-1'] },
    ]);
    const { externalId, version } = sent as { externalId: string; version: string };
    const pulled = (await walk('shipments', opened, null)).records.find((each) => each.externalId === externalId)!;
    expect(pulled.version).toBe(version);
    await tell(opened, 'shipments', parcelOf('SHP-2', id, [['DESK-1', '2'], ['LAMP-1', '3']])); // prettier-ignore
    expect(sales(opened)['Hub order ord_SO1']!.shipments.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await refused(opened, 'shipments', parcelOf('SHP-3', id, [['DESK-1', '1']]))).toMatch(
      /nothing left to send/,
    );
  });

  test('and the level that is pulled afterwards is the one that it left', async () => {
    const opened = await erp();
    const id = await sold(opened);
    const level = async () => {
      const [change] = said('stock', [(await tryton.pull.get('stock')!.one!(opened.context, '3@5'))!], opened).values();
      return Number((change as { level: { onHand: string } }).level.onHand);
    };
    const before = await level();
    await tell(opened, 'shipments', parcelOf('SHP-1', id, [['DESK-1', '7']]));
    expect(await level()).toBe(before - 7);
  });

  test('of before the ERP was connected takes nothing off its stock, though nothing of it is sent there any more', async () => {
    const opened = await erp();
    const id = await sold(opened);
    const before = levels(opened);
    const parcel = parcelOf('SHP-1', id, [['DESK-1', '5'], ['LAMP-1', '1']]); // prettier-ignore
    const [desks, lamp] = parcel.lines;
    const gone = { ...parcel, lines: [{ ...desks!, leftBefore: true }, lamp!] };
    const [sent] = await push('shipments', opened).send([gone]);
    expect(levels(opened)).toEqual({ ...before, 'LAMP-1@5': before['LAMP-1@5']! - 1 });
    expect(sales(opened)['Hub order ord_SO1']!.shipments).toMatchObject([
      { state: 'done', reference: 'SHP-1', sent: ['1 LAMP-1', '5 DESK-1'] },
      { state: 'waiting', reference: null, sent: ['2 DESK-1', '2 LAMP-1'] },
    ]);
    const { externalId } = sent as { externalId: string };
    const arrived = { ...gone, externalId, version: 2, status: 'DELIVERED' };
    expect(await push('shipments', opened).send([gone, arrived])).toEqual([sent, sent]);
    expect(levels(opened)).toEqual({ ...before, 'LAMP-1@5': before['LAMP-1@5']! - 1 });
  });

  test('of before takes nothing off through every fault of the way, nor brings anything twice', async () => {
    const opened = await erp({ modes: ['429', '500', 'reset', 'html'] });
    const id = await sold(opened);
    const before = levels(opened);
    const parcel = parcelOf('SHP-1', id, [['DESK-1', '5']]);
    await tell(opened, 'shipments', { ...parcel, lines: [{ ...parcel.lines[0]!, leftBefore: true }] });
    opened.faults.calm();
    expect(levels(opened)).toEqual(before);
    for (const mode of ['429', '500', 'reset', 'html'] as const) expect(opened.faults.count(mode)).toBeGreaterThan(0);
  });

  test('leaves the warehouse that the hub sent it from, and more than lies there too', async () => {
    const opened = await erp();
    const id = await sold(opened);
    const before = levels(opened);
    await tell(opened, 'shipments', parcelOf('SHP-1', id, [['LAMP-1', '3']], { location: 'VIENNA' }));
    expect(levels(opened)).toEqual({ ...before, 'LAMP-1@13': -3 });
    expect(operations(opened)).toContain('model.stock.shipment.out.assign_force');
  });

  test('of an order that people took down there names its lines', async () => {
    const opened = await erp();
    const { raw } = (await tryton.pull.get('orders')!.one!(opened.context, '1'))!;
    const { lines } = raw as { lines: { id: string; quantity: string; type: string }[] };
    const [line] = lines.filter(({ type }) => type === 'line');
    const parcel = parcelOf('SHP-9', '1', []);
    const named = [{ lineExternalId: line!.id, sku: 'whatever', quantity: '1' }];
    await tell(opened, 'shipments', { ...parcel, lines: named });
    const { shipments } = sales(opened)['sale 1']!;
    expect(shipments[0]).toMatchObject({ state: 'done', reference: 'SHP-9', sent: [expect.stringMatching(/^1 /)] });
  });

  test('of more than was sold is refused, and can no longer be called off once it has left', async () => {
    const opened = await erp();
    const id = await sold(opened);
    expect(await refused(opened, 'shipments', parcelOf('SHP-1', id, [['LAMP-1', '4']]))).toBe(
      'rejected: shipment SHP-1: 1 of LAMP-1 are more than Tryton has left to send of the sale',
    );
    const externalId = await tell(opened, 'shipments', parcelOf('SHP-1', id, [['LAMP-1', '3']]));
    const canceled = parcelOf('SHP-1', id, [], { externalId, status: 'CANCELED' });
    expect(await refused(opened, 'shipments', canceled)).toMatch(/it has left Tryton’s stock/);
  });

  test('concerns orders that are sales there, once it has left a place that both know', async () => {
    const { concerns } = push('shipments', await erp());
    const parcel = parcelOf('SHP-1', '3', []);
    const told = [
      {},
      { status: 'PACKED' },
      { location: 'ELSEWHERE' },
      { order: { ...parcel.order, externalId: null } },
    ];
    expect(told.map((more) => concerns({ ...parcel, ...more }))).toEqual([true, false, false, false]);
  });
});
