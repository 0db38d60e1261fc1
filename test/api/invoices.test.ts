import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { renderPdf } from '../../src/documents/index.js';
import { packingSlip } from '../../src/modules/fulfillment/dispatch-sheet.rules.js';
import { SELLER, START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { pagesOf } from '../support/pdf-text.js';
import { Desk, eur, INVOICE, type Invoice, type Order, type Payload } from './support/desk.js';

type InvoicePayload = Payload<'invoice', Invoice> & { order: { version: number } | null };

const HOUR = 3_600_000;

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub({ documents: { seller: SELLER, timeZone: 'Europe/Rome', linkHours: 2 } });
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100000');
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
});
beforeEach(() => hub.clock.set(START));

const anOrder = (lines: object[] = [{ sku, quantity: '3' }], more: object = {}) =>
  desk.order({ lines, confirm: true, ...more });
const issue = (orderId: string, more: object = {}) => issued('issueInvoice', { orderId, ...more });
/** With a link to its document: each that is asked for ends at another time, so that no other test selects one. */
async function issued(name: string, input: object): Promise<InvoicePayload> {
  const payload = await desk.done<InvoicePayload>(name, input);
  const query = 'query($id: ID!) { node(id: $id) { ... on Invoice { pdfUrl } } }';
  const { node } = await desk.ask<{ node: { pdfUrl: string } }>(query, { id: payload.invoice!.id });
  return { ...payload, invoice: { ...payload.invoice!, ...node } };
}
async function ship(order: Order, quantity?: string): Promise<string> {
  const lines = quantity === undefined ? {} : { lines: [{ lineId: order.lines[0]!.id, quantity }] };
  const { id: shipmentId } = await desk.shipment(order.id, lines);
  await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
  return shipmentId;
}
async function invoicesOf(orderId: string): Promise<Invoice[]> {
  const query = `query($id: ID!) { order(id: $id) { invoices { ${INVOICE} pdfUrl } } }`;
  return (await desk.ask<{ order: { invoices: Invoice[] } }>(query, { id: orderId })).order.invoices;
}
const sequenceOf = ({ number }: { number: string }) => Number(number.slice(-6));

describe('issueInvoice', () => {
  test('invoices what has left, the shipping with the first, and the rest to the cent', async () => {
    const more = { shippingMethod: 'Courier', shippingPrice: eur('5.00'), purchaseOrderNumber: 'PO-7' };
    const order = await anOrder([{ sku, quantity: '3', unitPrice: eur('3.335') }], more);
    expect(await desk.refusals('issueInvoice', { orderId: order.id })).toEqual(['CONFLICT at orderId']);
    await ship(order, '1');
    const first = await issue(order.id, { expectedVersion: (await desk.readOrder(order.id)).version });
    expect(first.invoice).toMatchObject({
      kind: 'INVOICE',
      number: expect.stringMatching(/^2026\/\d{6}$/),
      ...{ issuedAt: START.toISOString(), dueDate: null, total: eur('10.17'), taxTotal: eur('1.83') },
      lines: [
        { sku, quantity: '1', unitPrice: eur('3.335'), total: eur('3.34'), taxTotal: eur('0.73') },
        { sku: null, description: 'Courier', quantity: '1', total: eur('5.00'), taxTotal: eur('1.10') },
      ],
    });
    expect(first.order!.version).toBe((await desk.readOrder(order.id)).version);
    await ship(order);
    const last = await issue(order.id);
    expect(last.invoice!.lines).toMatchObject([{ quantity: '2', total: eur('6.67'), taxTotal: eur('1.47') }]);
    expect(sequenceOf(last.invoice!)).toBe(sequenceOf(first.invoice!) + 1);
    const cents = (money: { amount: string }) => Number(money.amount.replace('.', ''));
    expect(cents(first.invoice!.total) + cents(last.invoice!.total)).toBe(cents(order.total));
    expect(await desk.refusals('issueInvoice', { orderId: order.id, scope: 'ALL' })).toEqual(['CONFLICT at orderId']);
    const told = (await desk.timeline(order.id)).filter(({ type }) => type === 'INVOICE_ISSUED');
    expect(told.map(({ message }) => message)).toEqual([
      `Invoice ${first.invoice!.number} issued: 10.17 EUR`,
      `Invoice ${last.invoice!.number} issued: 8.14 EUR`,
    ]);
    expect(told[0]!.data).toMatchObject({ invoice: first.invoice!.id, kind: 'INVOICE', total: eur('10.17') });
  });

  test('invoices all of an order at once where that is asked for, and one shipment where one is named', async () => {
    const whole = await anOrder();
    expect((await issue(whole.id, { scope: 'ALL' })).invoice).toMatchObject({ total: whole.total });
    const order = await anOrder();
    const { id: shipmentId } = await desk.shipment(order.id, {
      lines: [{ lineId: order.lines[0]!.id, quantity: '2' }],
    });
    expect(await desk.refusals('issueInvoice', { orderId: order.id, shipmentId })).toEqual(['CONFLICT at shipmentId']);
    expect(await desk.refusals('issueInvoice', { orderId: whole.id, shipmentId })).toEqual(['NOT_FOUND at shipmentId']);
    expect(await desk.refusals('issueInvoice', { orderId: order.id, shipmentId, scope: 'ALL' })).toEqual([
      'INVALID at scope',
    ]);
    await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
    expect((await issue(order.id, { shipmentId })).invoice!.lines).toMatchObject([{ quantity: '2' }]);
    expect(await desk.refusals('issueInvoice', { orderId: order.id, shipmentId })).toEqual(['CONFLICT at shipmentId']);
  });

  test('refuses an order that is not confirmed, and where nobody is said to sell', async () => {
    const received = await desk.order({ lines: [{ sku, quantity: '1' }] });
    expect(await desk.refusals('issueInvoice', { orderId: received.id, scope: 'ALL' })).toEqual([
      'CONFLICT at orderId',
    ]);
    expect(await desk.refusals('issueInvoice', { orderId: 'x' })).toEqual(['NOT_FOUND at orderId']);
    const nobody = await startTestHub({ documents: { seller: null } });
    try {
      const other = new Desk(nobody);
      const own = await other.product();
      const order = await other.order({ lines: [{ sku: own, quantity: '1' }], confirm: true });
      expect(await other.refusals('issueInvoice', { orderId: order.id, scope: 'ALL' })).toEqual(['CONFLICT']);
    } finally {
      await nobody.stop();
    }
  });

  test('is due when the money that is owed on account is', async () => {
    const order = await anOrder();
    await desk.done('authorizePayment', { orderId: order.id, provider: 'manual', method: 'ON_ACCOUNT', termDays: 30 });
    expect((await issue(order.id, { scope: 'ALL' })).invoice).toMatchObject({ dueDate: '2026-04-01' });
  });

  test('numbers each year from one by the seller’s clock, and no document is older than the one before', async () => {
    hub.clock.set(new Date('2027-12-31T23:30:00.000Z'));
    const first = (await issue((await anOrder()).id, { scope: 'ALL' })).invoice!;
    expect([first.number, first.issuedAt]).toEqual(['2028/000001', '2027-12-31T23:30:00.000Z']);
    hub.clock.set(new Date('2027-12-31T23:10:00.000Z'));
    const second = (await issue((await anOrder()).id, { scope: 'ALL' })).invoice!;
    expect([second.number, second.issuedAt]).toEqual(['2028/000002', '2027-12-31T23:30:00.000Z']);
  });
});

describe('the hub by itself', () => {
  const upkeep = () => hub.hub.upkeep.run('issue-invoices');

  test('invoices each shipment that leaves once, and what needs no shipping when it is confirmed', async () => {
    await upkeep();
    const order = await anOrder();
    await ship(order, '1');
    await ship(order, '2');
    const service = await desk.product('50.00', null, { requiresShipping: false, isStocked: false });
    const served = await anOrder([{ sku: service, quantity: '1' }]);
    expect(await invoicesOf(order.id)).toEqual([]);
    await Promise.all([upkeep(), upkeep(), upkeep()]);
    await upkeep();
    // Which of them is first is up to who takes it up.
    const quantities = (await invoicesOf(order.id)).map(({ lines }) => lines.map(({ quantity }) => quantity));
    expect(quantities.toSorted()).toEqual([['1'], ['2']]);
    expect(await invoicesOf(served.id)).toMatchObject([{ total: served.total }]);
  });

  test('invoices whole orders as they are confirmed, or nothing, where it is told so', async () => {
    for (const [issueAt, count] of [
      ['ORDER', 1],
      ['MANUAL', 0],
    ] as const) {
      const other = await startTestHub({ invoices: { issueAt, isForStated: true } });
      try {
        const keeper = new Desk(other);
        const own = await keeper.product();
        await other.hub.upkeep.run('issue-invoices');
        const lines = [{ sku: own, quantity: '1' }];
        const [atOnce, later] = [await keeper.order({ lines, confirm: true }), await keeper.order({ lines })];
        await keeper.done('confirmOrder', { orderId: later.id });
        const { id: shipmentId } = await keeper.shipment(atOnce.id);
        await keeper.done('updateShipment', { shipmentId, status: 'SHIPPED' });
        await other.hub.upkeep.run('issue-invoices');
        const query =
          'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { total { amount } invoices { total { amount } } } } }';
        const { nodes } = await keeper.ask<{ nodes: { total: object; invoices: object[] }[] }>(query, {
          ids: [atOnce.id, later.id],
        });
        for (const { total, invoices } of nodes)
          expect(invoices).toEqual(Array.from({ length: count }, () => ({ total })));
      } finally {
        await other.stop();
      }
    }
  });

  test('lets be what was invoiced by hand, what came back, and what a channel states', async () => {
    const byHand = await anOrder();
    await ship(byHand);
    await issue(byHand.id);
    const back = await anOrder();
    const shipmentId = await ship(back);
    await desk.done('updateShipment', { shipmentId, status: 'LOST' });
    const stated = await anOrder();
    await hub.hub.db.pool.query('update orders set is_stated = true where number = $1', [stated.number]);
    await ship(stated);
    await upkeep();
    expect(await invoicesOf(byHand.id)).toHaveLength(1);
    expect(await invoicesOf(back.id)).toEqual([]);
    expect(await invoicesOf(stated.id)).toEqual([]);
    const { rows } = await hub.hub.db.pool.query('select from invoice_due');
    expect(rows).toHaveLength(0);
  });
});

describe('issueCreditNote', () => {
  const credit = (invoiceId: string, more: object = {}) =>
    issued('issueCreditNote', { invoiceId, reason: 'Damaged', ...more });
  const refusals = (invoiceId: string, more: object = {}) =>
    desk.refusals('issueCreditNote', { invoiceId, reason: 'Damaged', ...more });

  test('takes back lines, an amount, and the rest, never more than the invoice', async () => {
    const order = await anOrder([{ sku, quantity: '3' }], { shippingPrice: eur('5.00'), shippingMethod: 'Courier' });
    const invoice = (await issue(order.id, { scope: 'ALL' })).invoice!;
    const [goods] = invoice.lines;
    const one = (await credit(invoice.id, { lines: [{ lineId: goods!.id, quantity: '1' }] })).invoice!;
    expect(one).toMatchObject({
      ...{ kind: 'CREDIT_NOTE', reason: 'Damaged', total: eur('12.20'), credits: { number: invoice.number } },
      number: expect.stringMatching(/^CN-2026\/\d{6}$/),
    });
    const some = (await credit(invoice.id, { amount: eur('10.01') })).invoice!;
    expect(some).toMatchObject({ total: eur('10.01'), lines: [{ quantity: '0' }, { quantity: '0' }] });
    expect(await refusals(invoice.id, { lines: [{ lineId: goods!.id, quantity: '3' }] })).toEqual([
      'AMOUNT_EXCEEDED at lines.0.quantity',
    ]);
    expect(await refusals(invoice.id, { amount: eur('20.50') })).toEqual(['AMOUNT_EXCEEDED at amount']);
    expect((await credit(invoice.id)).invoice).toMatchObject({ total: eur('20.49') });
    expect(await refusals(invoice.id)).toEqual(['AMOUNT_EXCEEDED at invoiceId']);
    expect(await refusals(one.id)).toEqual(['CONFLICT at invoiceId']);
    const query = `query($id: ID!) { node(id: $id) { ... on Invoice { creditNotes { number } } } }`;
    const { node } = await desk.ask<{ node: { creditNotes: object[] } }>(query, { id: invoice.id });
    expect(node.creditNotes).toHaveLength(3);
    expect(await desk.refusals('issueInvoice', { orderId: order.id, scope: 'ALL' })).toEqual(['CONFLICT at orderId']);
  });

  test('lets what was wrong be invoiced again', async () => {
    const order = await anOrder();
    const invoice = (await issue(order.id, { scope: 'ALL' })).invoice!;
    await credit(invoice.id, { invoiceAgain: true });
    expect((await issue(order.id, { scope: 'ALL' })).invoice).toMatchObject({ total: order.total });
  });

  test('refuses what makes no sense', async () => {
    const invoice = (await issue((await anOrder()).id, { scope: 'ALL' })).invoice!;
    const lines = [{ lineId: invoice.lines[0]!.id, quantity: '1' }];
    expect(await refusals(invoice.id, { reason: ' ', lines, amount: eur('1.00') })).toEqual([
      'INVALID at reason',
      'INVALID at amount',
    ]);
    expect(await refusals(invoice.id, { lines: [...lines, ...lines] })).toEqual(['INVALID at lines.1.lineId']);
    expect(await refusals(invoice.id, { lines: [{ lineId: 'x', quantity: '1' }] })).toEqual([
      'NOT_FOUND at lines.0.lineId',
    ]);
    expect(await refusals(invoice.id, { lines: [{ ...lines[0]!, quantity: '0' }] })).toEqual([
      'INVALID at lines.0.quantity',
    ]);
    expect(await refusals(invoice.id, { lines: [] })).toEqual(['REQUIRED at lines']);
    expect(await refusals(invoice.id, { amount: { amount: '1.00', currency: 'USD' } })).toEqual([
      'CURRENCY_MISMATCH at amount.currency',
    ]);
    for (const amount of ['0.00', '-1.00', '0.001'])
      expect(await refusals(invoice.id, { amount: eur(amount) })).toEqual(['INVALID at amount']);
    expect(await refusals(invoice.id, { amount: eur('1.00'), invoiceAgain: true })).toEqual([
      'INVALID at invoiceAgain',
    ]);
    expect(await refusals('x')).toEqual(['NOT_FOUND at invoiceId']);
  });
});

test('an invoice that is issued can be neither changed nor removed, nor a number be skipped', async () => {
  await issue((await anOrder()).id, { scope: 'ALL' });
  for (const statement of [
    'update invoice set total_minor = 1',
    'delete from invoice',
    'truncate invoice cascade',
    'update invoice_line set total_minor = 1',
    'delete from invoice_line',
    'truncate invoice_line',
    'update invoice_counter set last_number = last_number + 2',
    'update invoice_counter set last_number = last_number - 1',
    'delete from invoice_counter',
    "insert into invoice_counter (kind, year, last_number, last_issued_at) values ('INVOICE', 1999, 7, now())",
  ])
    await expect(hub.hub.db.pool.query(statement)).rejects.toMatchObject({ code: 'HU001' });
});

describe('the PDF', () => {
  const read = async (url: string) => {
    const response = await fetch(url);
    return { response, pdf: new Uint8Array(await response.arrayBuffer()) };
  };

  test('says all that an invoice must, in English and Italian, and goes on saying it when its customer changes', async () => {
    const address = { line1: 'Via Torino 1', postalCode: '10100', city: 'Torino', country: 'IT' };
    const { id: customerId } = await desk.customer({
      ...{ name: 'Società Agricola Però S.p.A.', taxId: 'IT00743110157', billingAddress: address },
    });
    const lines = [{ sku, quantity: '1250', unitPrice: eur('1.0001') }];
    const order = await desk.order({
      customerId,
      lines,
      purchaseOrderNumber: 'PO-77',
      allowBackorder: true,
      confirm: true,
    });
    await desk.done('recordPayment', { orderId: order.id, method: 'CASH', amount: eur('100.00') });
    const invoice = (await issue(order.id, { scope: 'ALL' })).invoice!;
    const { response, pdf } = await read(invoice.pdfUrl);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(response.headers.get('content-disposition')).toBe(
      `inline; filename="${invoice.number.replace('/', '-')}.pdf"`,
    );
    expect([response.headers.get('cache-control'), response.headers.get('x-content-type-options')]).toEqual([
      ...['private, max-age=7200', 'nosniff'],
    ]);
    const italian = (await pagesOf(pdf)).join(' ');
    for (const text of [
      ...['Fattura', invoice.number, '2 marzo 2026', 'Officina Meridiana S.r.l.', 'Partita IVA IT12345670017'],
      ...['Società Agricola Però S.p.A.', '10100 Torino', 'Italia', 'Partita IVA IT00743110157', 'PO-77', order.number],
      ...[sku, '1.250', '1,0001', '22 %', '1.250,13', 'EUR 275,03', 'EUR 1.525,16', 'EUR -100,00', 'EUR 1.425,16'],
      ...['IBAN IT60', 'Pagina 1 di 1'],
    ])
      expect(italian).toContain(text);
    await desk.done('upsertCustomer', { id: customerId, name: 'Another name' });
    const query = `query($id: ID!) { node(id: $id) { ... on Invoice { en: pdfUrl(language: EN) it: pdfUrl } } }`;
    const { node } = await desk.ask<{ node: { en: string; it: string } }>(query, { id: invoice.id });
    expect(Buffer.from((await read(node.it)).pdf).equals(Buffer.from(pdf))).toBe(true);
    const english = (await pagesOf((await read(node.en)).pdf)).join(' ');
    for (const text of ['Invoice', '2 March 2026', '1,250.13', 'EUR 1,525.16', 'Italy', 'Page 1 of 1', 'Amount due'])
      expect(english).toContain(text);
  });

  test('has 300 lines on pages that all say what they are, and the words that reverse charge asks for', async () => {
    const address = { line1: 'Unter den Linden 1', city: 'Berlin', country: 'DE' };
    const customer = { kind: 'COMPANY', taxId: 'DE136695976', shippingAddresses: [address], billingAddress: address };
    const { id: customerId } = await desk.customer({ ...customer, name: 'Zażółć Gęślą Jaźń Großhandel GmbH' });
    const lines = Array.from({ length: 300 }, () => ({ sku, quantity: '1' }));
    const order = await desk.order({ customerId, lines, confirm: true, allowBackorder: true });
    const invoice = (await issue(order.id, { scope: 'ALL' })).invoice!;
    const pages = await pagesOf((await read(invoice.pdfUrl)).pdf);
    expect(pages.length).toBeGreaterThan(5);
    pages.forEach((page, index) => {
      expect(page).toContain(`Invoice ${index === 0 ? '' : invoice.number}`.trim());
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
      if (index < pages.length - 1) expect(page).toContain('Unit price');
    });
    expect(pages.join(' ').split(sku).length - 1).toBeGreaterThanOrEqual(300);
    expect(pages.join(' ')).toContain('Zażółć Gęślą Jaźń Großhandel GmbH');
    expect(pages.at(-1)).toContain('Reverse charge');
    expect(pages.at(-1)).toContain('EUR 3,000.00');
  });

  test('leaves nothing out of texts that are longer than a page, in words or without any blank', async () => {
    const issuer = { seller: SELLER, timeZone: 'UTC' };
    const address = { line1: 'y'.repeat(300), city: 'x', country: 'IT' };
    const lines = ['word '.repeat(2_000), 'Z'.repeat(2_000)].map((description) => ({
      sku,
      description,
      quantity: '1',
    }));
    const dispatch = {
      ...{ number: 'SH-1', at: START, order: { number: 'SO-1', purchaseOrderNumber: null }, shipTo: address, lines },
      ...{ location: { code: 'M', name: 'M', address: null }, carrier: null, trackingNumber: null },
    };
    const text = (await pagesOf(await renderPdf(packingSlip(dispatch, issuer, 'en')))).join(' ');
    const count = (letters: string) => text.split(letters).length - 1;
    expect([count('word'), count('Z'), count('y') >= 300]).toEqual([2_000, 2_000, true]);
  });

  test('of a credit note says which invoice it takes back, and why', async () => {
    const invoice = (await issue((await anOrder()).id, { scope: 'ALL' })).invoice!;
    const note = await issued('issueCreditNote', { invoiceId: invoice.id, reason: 'Wrong price' });
    const text = (await pagesOf((await read(note.invoice!.pdfUrl)).pdf)).join(' ');
    for (const piece of ['Credit note', note.invoice!.number, invoice.number, 'Wrong price'])
      expect(text).toContain(piece);
  });

  test('is behind a link that expires, and that cannot be made or changed by others', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(async () => (await issue((await anOrder()).id, { scope: 'ALL' })).invoice!),
    );
    const status = async (url: URL | string) => (await fetch(url)).status;
    const changed = (change: (url: URL) => void) => {
      const url = new URL(one!.pdfUrl);
      change(url);
      return url;
    };
    expect(await status(one!.pdfUrl)).toBe(200);
    for (const forged of [
      changed((url) => (url.pathname = url.pathname.replace(one!.id, other!.id))),
      changed((url) => (url.pathname = url.pathname.replace('/invoice/', '/packing-slip/'))),
      changed((url) => url.searchParams.set('language', 'it')),
      changed((url) => url.searchParams.set('expires', String(Number(url.searchParams.get('expires')) + 1))),
      changed((url) => url.searchParams.set('signature', 'x')),
      changed((url) => url.searchParams.delete('signature')),
      changed((url) => (url.search = '')),
    ])
      expect([forged.search, await status(forged)]).toEqual([forged.search, 403]);
    hub.clock.forward(2 * HOUR - 1_000);
    expect(await status(one!.pdfUrl)).toBe(200);
    hub.clock.forward(1_000);
    const gone = await fetch(one!.pdfUrl);
    expect([gone.status, await gone.json()]).toEqual([410, { error: 'the link has expired; ask for a new one' }]);
    const [again] = await invoicesOf(one!.order.id);
    expect(await status(again!.pdfUrl)).toBe(200);
    expect(again!.pdfUrl).not.toContain(sku);
  });
});

describe('the papers of a shipment', () => {
  const PAPERS = 'packingSlipUrl pickListUrl italian: packingSlipUrl(language: IT)';
  const papersOf = async (by: Desk, shipmentId: string) => {
    const query = `query($id: ID!) { node(id: $id) { ... on Shipment { ${PAPERS} } } }`;
    return (await by.ask<{ node: Record<string, string | null> }>(query, { id: shipmentId })).node;
  };
  const textOf = async (url: string) => {
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    return (await pagesOf(new Uint8Array(await response.arrayBuffer()))).join(' ');
  };

  test('are a packing slip and, until it has left, a pick list, both without prices', async () => {
    const address = { name: 'Gate 4', line1: 'Hafenstraße 1', city: 'Hamburg', country: 'DE' };
    const order = await anOrder([{ sku, quantity: '7', unitPrice: eur('98.76') }], { shippingAddress: address });
    const { id, number } = await desk.shipment(order.id, { carrier: 'DHL' });
    const papers = await papersOf(desk, id);
    const slip = await textOf(papers.packingSlipUrl!);
    const list = await textOf(papers.pickListUrl!);
    for (const text of [number, order.number, sku, `Product ${sku}`, 'Hafenstraße 1', 'Germany', 'DHL', '7'])
      expect([text, slip.includes(text), list.includes(text)]).toEqual([text, true, true]);
    expect([slip.includes('Packing slip'), list.includes('Pick list')]).toEqual([true, true]);
    expect(await textOf(papers.italian!)).toContain('Distinta di imballaggio');
    for (const text of [slip, list]) expect(text).not.toMatch(/98.76|EUR/);
    await desk.done('updateShipment', { shipmentId: id, status: 'SHIPPED' });
    expect(await papersOf(desk, id)).toMatchObject({ packingSlipUrl: expect.any(String), pickListUrl: null });
  });

  test('are gone with a shipment that is canceled, and a pick list is for nobody outside', async () => {
    const { id: customerId } = await desk.customer();
    const order = await anOrder([{ sku, quantity: '1' }], { customerId });
    const { id } = await desk.shipment(order.id);
    const customer = await desk.customerDesk(customerId);
    const query = 'query($id: ID!) { node(id: $id) { ... on Shipment { pickListUrl } } }';
    expect(await customer.code(query, { id })).toBe('FORBIDDEN');
    await desk.done('updateShipment', { shipmentId: id, status: 'CANCELED' });
    expect(await papersOf(desk, id)).toEqual({ packingSlipUrl: null, pickListUrl: null, italian: null });
  });
});

test('a customer reads the invoices of its own orders alone, and issues none', async () => {
  const [mine, others] = [await desk.customer(), await desk.customer()];
  const made = await Promise.all(
    [mine, others].map(async ({ id: customerId }) => {
      const order = await desk.order({ customerId, lines: [{ sku, quantity: '1' }], confirm: true });
      return (await issue(order.id, { scope: 'ALL' })).invoice!;
    }),
  );
  const customer = await desk.customerDesk(mine.id);
  const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Invoice { pdfUrl order { id } } } }';
  const { nodes } = await customer.ask<{ nodes: ({ id: string; pdfUrl: string } | null)[] }>(query, {
    ids: made.map(({ id }) => id),
  });
  expect(nodes).toMatchObject([{ id: made[0]!.id }, null]);
  expect((await fetch(nodes[0]!.pdfUrl)).status).toBe(200);
});
