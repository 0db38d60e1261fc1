import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { smtpMailer } from '../../src/modules/notifications/index.js';
import { eventually } from '../support/eventually.js';
import { HubProcess } from '../support/hub-process.js';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { MailServer, type TakenMail } from '../support/mail-server.js';
import { eur, fresh, type Order, type Payload } from './support/desk.js';
import { PayDesk } from './support/pay-desk.js';

const HOUR = 3_600_000;
interface Notification {
  id: string;
  template: string;
  status: string;
  recipient: string;
  language: string;
  subject: string | null;
  text: string | null;
  reason: string | null;
  tries: number;
  version: number;
}
const NOTIFICATION = 'id text template status recipient language subject reason tries version';

let server: MailServer;
let hub: TestHub;
let desk: PayDesk;
let sku: string;
const outboundMail = () => ({
  server: { host: '127.0.0.1', port: server.port, isTls: false, auth: null },
  from: { name: 'Example & Söhne', address: 'orders@shop.example' },
  departments: { SALES: 'sales@shop.example', LOGISTICS: 'logistics@shop.example', FINANCE: 'finance@shop.example' },
});

beforeAll(async () => {
  server = await MailServer.start();
  hub = await startTestHub({ outboundMail: outboundMail() });
  desk = new PayDesk(hub);
  sku = await desk.product('1234.50', '1000', { name: 'Bearing <b>6204</b> & more' });
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
  await server.stop();
});
beforeEach(() => {
  hub.clock.set(START);
  server.refusal = () => null;
});

/** Lets the hub tell all that has happened, and answers what came of it at the mail server since. */
async function told(): Promise<TakenMail[]> {
  const before = server.taken.length;
  await queued();
  await hub.hub.upkeep.run('send-notifications');
  return server.taken.slice(before);
}
async function queued(): Promise<void> {
  const { pool } = hub.hub.db;
  await eventually('every event to have its place', async () => {
    const { rows } = await pool.query(
      'select 1 from event e left join event_position p on p.event_id = e.id where p.event_id is null limit 1',
    );
    return rows.length === 0;
  });
  await hub.hub.upkeep.run('queue-notifications');
}
const address = (country: string) => ({ line1: 'Street 1', city: 'City', country });
let buyers = 0;
/** A confirmed order of somebody with an address of their own. */
async function ordered(more: object = {}, customer: object = {}): Promise<{ order: Order; email: string }> {
  buyers += 1;
  const email = `buyer${buyers}@acme.example`;
  const { id: customerId } = await desk.customer({ email, shippingAddresses: [address('DE')], ...customer });
  const order = await desk.order({ customerId, lines: [{ sku, quantity: '2' }], confirm: true, ...more });
  return { order, email };
}
async function letters(orderId: string): Promise<Notification[]> {
  const { order } = await desk.ask<{ order: { notifications: Notification[] } }>(
    `query($id: ID!) { order(id: $id) { notifications { ${NOTIFICATION} } } }`,
    { id: orderId },
  );
  return order.notifications;
}
const subjects = (mails: TakenMail[]) => mails.map(({ to, mail }) => `${to.join()}: ${mail.subject}`);
const optOutOf = ({ raw }: TakenMail) => /^List-Unsubscribe:\s*<([^>]+)>/m.exec(raw.replaceAll(/\r\n[ \t]+/g, ''))![1]!;

describe('a customer is told', () => {
  test('that an order is confirmed that a quote became', async () => {
    const email = `${fresh('quoted')}@acme.example`;
    const { id: customerId } = await desk.customer({ email, shippingAddresses: [address('DE')] });
    const { id: quoteId } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
    await desk.done('acceptQuote', { quoteId });
    const { order } = await desk.done<Payload<'order', Order>>('convertQuoteToOrder', { quoteId });
    expect(subjects(await told())).toEqual([`${email}: Order ${order!.number} is confirmed`]);
  });

  test('that an order is confirmed, once, in the language of the country, and the timeline has it', async () => {
    const { order, email } = await ordered(
      { purchaseOrderNumber: 'PO-7' },
      { name: 'Rossi', shippingAddresses: [address('IT')] },
    );
    const [letter, ...more] = await told();
    expect(more).toEqual([]);
    expect(subjects([letter!])).toEqual([`${email}: Ordine ${order.number} confermato`]);
    const { mail, raw } = letter!;
    expect(mail.from).toEqual({ name: 'Example & Söhne', address: 'orders@shop.example' });
    expect(mail.text).toContain(`Buongiorno Rossi,\n\ngrazie per il Suo ordine ${order.number} (Vs. numero PO-7).`);
    expect(mail.text).toContain(`Bearing <b>6204</b> & more (${sku})  2`);
    expect(mail.text).toContain('Totale  3.012,18');
    expect(mail.html).toContain('Bearing &lt;b&gt;6204&lt;/b&gt; &amp; more');
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const [noted] = await letters(order.id);
    expect(mail.text).toContain(noted!.text!);
    expect(noted!.text).not.toContain('opt-out');
    expect(noted).toMatchObject({
      template: 'ORDER_CONFIRMED',
      status: 'SENT',
      recipient: email,
      language: 'it',
      tries: 1,
    });
    expect(mail.messageId).toBe(`<${noted!.id}@shop.example>`);
    const timeline = await desk.timeline(order.id);
    expect(timeline.at(-1)).toMatchObject({
      type: 'NOTIFICATION_SENT',
      message: `E-mail sent: Ordine ${order.number} confermato`,
      data: { notification: noted!.id, template: 'ORDER_CONFIRMED' },
    });
    expect((await desk.readOrder(order.id)).version).toBe(order.version);
    hub.clock.forward(24 * HOUR);
    expect(await told()).toEqual([]);
  });

  test('what was shipped, with the way to track it, what was delivered, and what was given back', async () => {
    const { order, email } = await ordered();
    await told();
    const shipment = await desk.shipment(order.id, { carrier: 'UPS', trackingNumber: '1Z9' });
    const trackingUrl = 'https://track.example/?a=1&b="2"';
    await desk.done('updateShipment', { shipmentId: shipment.id, trackingUrl });
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'SHIPPED' });
    const [left] = await told();
    expect(subjects([left!])).toEqual([`${email}: Order ${order.number} is on its way`]);
    expect(left!.mail.text).toContain(`Bearing <b>6204</b> & more (${sku})  2\nCarrier: UPS, 1Z9`);
    const page = `${hub.hub.url}/track/`;
    expect(left!.mail.text).toContain(`Track the parcel: ${page}`);
    expect(left!.mail.html).toContain(`href="${page}`);
    const followed = await fetch(/Track the parcel: (\S+)/.exec(String(left!.mail.text))![1]!);
    expect([followed.status, await followed.text()]).toEqual([200, expect.stringContaining('1Z9')]);
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'IN_TRANSIT' });
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'DELIVERED' });
    expect(subjects(await told())).toEqual([`${email}: Order ${order.number}: delivered`]);
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'DELIVERED' });
    const { payment } = await desk.step('recordPayment', {
      orderId: order.id,
      method: 'TRANSFER',
      amount: eur('100.00'),
    });
    await desk.step('refundPayment', { paymentId: payment!.id, amount: eur('40.00') });
    const [back, ...more] = await told();
    expect(subjects([back!, ...more])).toEqual([`${email}: Order ${order.number}: €40.00 given back`]);
  });

  test('by the address of the order, and nobody is told where there is none', async () => {
    const { order } = await ordered({ email: 'Other@Acme.Example' });
    expect((await told()).map(({ to }) => to)).toEqual([['other@acme.example']]);
    expect(await letters(order.id)).toMatchObject([{ recipient: 'other@acme.example' }]);
    await desk.order({ lines: [{ sku, quantity: '1' }], confirm: true });
    expect(await told()).toEqual([]);
  });

  test('nothing where the channel has its own letters, until somebody decides otherwise', async () => {
    const setting = { template: 'ORDER_CONFIRMED', channelKind: 'WEB_SHOP' };
    await ordered({ channel: 'web' });
    expect(await told()).toEqual([]);
    const { setting: decided } = await desk.done<Payload<'setting', object>>('setNotificationSetting', {
      ...setting,
      isOn: true,
    });
    expect(decided).toEqual({ ...setting, isOn: true, isDefault: false });
    const { email } = await ordered({ channel: 'web' });
    expect((await told()).map(({ to }) => to)).toEqual([[email]]);
    await desk.done('setNotificationSetting', { ...setting, isOn: false });
    await ordered({ channel: 'web' });
    expect(await told()).toEqual([]);
    const { notificationSettings } = await desk.ask<{
      notificationSettings: { template: string; channelKind: string; isOn: boolean }[];
    }>('{ notificationSettings { template channelKind isOn } }');
    const off = notificationSettings.filter((each) => !each.isOn).map((each) => `${each.channelKind} ${each.template}`);
    const customers = ['ORDER_CONFIRMED', 'SHIPPED', 'DELIVERED', 'REFUNDED'];
    expect(off.sort()).toEqual(
      ['MARKETPLACE', 'WEB_SHOP'].flatMap((kind) => customers.map((each) => `${kind} ${each}`)).sort(),
    );
  });

  test('no old news', async () => {
    const { order } = await ordered();
    hub.clock.forward(8 * 24 * HOUR);
    expect(await told()).toEqual([]);
    expect(await letters(order.id)).toEqual([]);
  });
});

describe('a department is told', () => {
  test('of a hold and of a shipment in trouble, and customers see none of it', async () => {
    const { order } = await ordered();
    await told();
    await desk.done('holdOrder', { orderId: order.id, reason: 'FRAUD', note: 'Looks odd <i>' });
    const [hold] = await told();
    expect(subjects([hold!])).toEqual([`finance@shop.example: Ordine ${order.number} bloccato: FRAUD`]);
    expect([hold!.mail.text, hold!.mail.html]).toEqual([
      expect.stringContaining('Looks odd <i>'),
      expect.stringContaining('Looks odd &lt;i&gt;'),
    ]);
    await desk.done('releaseOrder', { orderId: order.id });
    const shipment = await desk.shipment(order.id);
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'SHIPPED' });
    await told();
    await desk.done('updateShipment', { shipmentId: shipment.id, status: 'EXCEPTION' });
    expect(subjects(await told()).toSorted()).toEqual([
      `logistics@shop.example: Spedizione ${shipment.number} dell’ordine ${order.number}: EXCEPTION`,
      `sales@shop.example: Ordine ${order.number} bloccato: MANUAL`,
    ]);
    const reader = await desk.customerDesk(order.customer!.id);
    const { order: seen } = await reader.ask<{ order: object }>(
      `query($id: ID!) { order(id: $id) { notifications { id } timeline(first: 250, types: [NOTIFICATION_SENT]) { nodes { message data } } } }`,
      { id: order.id },
    );
    expect(JSON.stringify(seen)).not.toMatch(/FRAUD|EXCEPTION|ntf_/);
    expect(seen).toMatchObject({ notifications: [] });
  });
});

describe('where the mail server', () => {
  test('is away, letters wait and are sent later, the same as they were written', async () => {
    const { port } = server;
    await server.stop();
    const { order } = await ordered();
    await told();
    expect(await letters(order.id)).toMatchObject([
      { status: 'QUEUED', tries: 1, reason: expect.stringContaining('ECONNREFUSED') },
    ]);
    server = await MailServer.start(port);
    expect(await told()).toEqual([]);
    hub.clock.forward(HOUR);
    const [letter, ...more] = await told();
    expect([letter!.mail.subject, more]).toEqual([`Order ${order.number} is confirmed`, []]);
    expect(await letters(order.id)).toMatchObject([{ status: 'SENT', tries: 2, reason: null }]);
  });

  test('says "not now", it is asked again, and given up in the end', async () => {
    server.refusal = () => 451;
    const { order } = await ordered();
    for (let round = 0; round < 16; round += 1) {
      await told();
      hub.clock.forward(5 * HOUR);
    }
    expect(await letters(order.id)).toMatchObject([
      { status: 'FAILED', tries: 16, reason: expect.stringContaining('451') },
    ]);
    server.refusal = () => null;
    expect(await told()).toEqual([]);
  });

  test('says "never", it is given up at once and shown; sent once more it is another letter', async () => {
    server.refusal = () => 550;
    const { order, email } = await ordered();
    await told();
    const [failed] = await letters(order.id);
    expect(failed).toMatchObject({ status: 'FAILED', tries: 1, reason: expect.stringContaining('550') });
    const page = await desk.ask<{ notifications: { nodes: Notification[] } }>(
      `query($to: String!) { notifications(filter: { status: [FAILED], recipient: $to }) { nodes { ${NOTIFICATION} order { id } } } }`,
      { to: email.toUpperCase() },
    );
    expect(page.notifications.nodes).toMatchObject([{ id: failed!.id, order: { id: order.id } }]);
    server.refusal = () => null;
    await desk.done('resendNotification', { notificationId: failed!.id });
    expect(await desk.refusals('resendNotification', { notificationId: failed!.id })).toEqual([
      'CONFLICT at notificationId',
    ]);
    const [first] = await told();
    await desk.done('resendNotification', { notificationId: failed!.id });
    const [second] = await told();
    expect([first!.mail.messageId, second!.mail.messageId]).toEqual([
      `<${failed!.id}.1@shop.example>`,
      `<${failed!.id}.2@shop.example>`,
    ]);
  });

  test('has taken a letter and the hub dies before it notes that, the letter comes again under the same Message-ID', async () => {
    const { order } = await ordered();
    await queued();
    const before = server.taken.length;
    const child = await HubProcess.start({
      databaseUrl: hub.database.url,
      outboundMail: outboundMail(),
      dieAt: 'settle-notification:before-commit',
    });
    await child.gone();
    expect(child.hits).toEqual(['settle-notification:before-commit']);
    hub.clock.forward(20 * 365 * 24 * HOUR);
    await eventually('the letter to be noted', async () => {
      await hub.hub.upkeep.run('send-notifications');
      return (await letters(order.id))[0]!.status === 'SENT';
    });
    const ids = server.taken.slice(before).map(({ mail }) => mail.messageId);
    expect(ids.length).toBe(2);
    expect(new Set(ids).size).toBe(1);
    const timeline = await desk.timeline(order.id);
    expect(timeline.filter(({ type }) => type === 'NOTIFICATION_SENT')).toHaveLength(1);
  });
});

test('a password goes over TLS alone, and stands in no reason', async () => {
  const { settings } = smtpMailer({
    ...outboundMail(),
    server: { ...outboundMail().server, auth: { user: 'hub', pass: 'open sesame' } },
  });
  const before = server.taken.length;
  const letter = { to: 'a@b.example', subject: 'x', text: 'x', html: 'x', messageId: '<x@y>', optOutUrl: 'http://x/' };
  const outcome = await smtpMailer(settings).send(letter);
  expect(outcome).toMatchObject({ kind: 'LATER', reason: expect.stringMatching(/STARTTLS/i) });
  expect(JSON.stringify(outcome)).not.toContain('sesame');
  expect(server.taken.length).toBe(before);
});

describe('an address', () => {
  test('opts out by the link of its letter: looking at the page does nothing, one click does', async () => {
    const { email, order } = await ordered();
    const [letter] = await told();
    const link = optOutOf(letter!);
    expect(link.startsWith(`${hub.hub.url}/notifications/opt-out/`)).toBe(true);
    expect(letter!.mail.text).toContain(link);
    const asked = await fetch(link);
    expect([asked.status, asked.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await asked.text()).toContain(`<b>${email}</b>`);
    await desk.done('holdOrder', { orderId: order.id, reason: 'MANUAL' });
    const again = (more: object = {}) => ordered({ email: email.toUpperCase(), ...more });
    await again();
    expect((await told()).map(({ to }) => to.join()).sort()).toEqual([email, 'sales@shop.example'].sort());
    const clicked = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    expect(clicked.status).toBe(200);
    expect((await fetch(link, { method: 'POST' })).status).toBe(200);
    const { order: silent } = await again();
    expect(await told()).toEqual([]);
    expect(await letters(silent.id)).toMatchObject([{ status: 'OPTED_OUT' }]);
    expect(
      await desk.ask('query($a: String) { notificationOptOuts(address: $a) { address at } }', { a: email }),
    ).toEqual({
      notificationOptOuts: [{ address: email, at: START.toISOString() }],
    });
    await desk.done('setNotificationOptOut', { address: email, isOptedOut: false });
    await again();
    expect((await told()).map(({ to }) => to.join())).toEqual([email]);
    const { auditLog } = await desk.ask<{ auditLog: { nodes: object[] } }>(
      '{ auditLog(first: 2, filter: { subjectTypes: ["NotificationOptOut"] }) { nodes { type actor { name } changes { from to } } } }',
    );
    expect(auditLog.nodes).toMatchObject([
      { type: 'EDITED', changes: [{ from: true, to: false }] },
      { type: 'CREATED', actor: { name: 'Link in a letter' }, changes: [{ from: false, to: true }] },
    ]);
  });

  test('cannot be opted out by a link that somebody made up', async () => {
    const { email } = await ordered();
    const [letter] = await told();
    const [own, signature] = optOutOf(letter!).split('/').at(-1)!.split('.') as [string, string];
    const others = [
      `${Buffer.from('sales@shop.example').toString('base64url')}.${signature}`,
      `${own}.${signature.slice(1)}`,
      `${own}.`,
      own,
      '%00',
      'x'.repeat(3_000),
    ];
    for (const token of others) {
      for (const method of ['GET', 'POST'])
        expect((await fetch(`${hub.hub.url}/notifications/opt-out/${token}`, { method })).status).toBe(404);
    }
    const { rows } = await hub.hub.db.pool.query(
      'select address from notification_opt_out where is_opted_out and address = any($1)',
      [[email, 'sales@shop.example']],
    );
    expect(rows).toEqual([]);
  });

  test('and whatever else people write cannot become a header or a second recipient', async () => {
    const evil = 'Eve\r\nBcc: victim@else.example\r\n\r\nx';
    const { order } = await ordered({ purchaseOrderNumber: evil }, { name: evil });
    const [letter] = await told();
    expect(letter!.to).toHaveLength(1);
    expect(letter!.mail.subject).toContain(order.number);
    expect(letter!.mail.bcc).toBeUndefined();
    expect(letter!.mail.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(letter!.mail.text).toContain('Hello Eve Bcc: victim@else.example x,');
    const two = await ordered({ email: 'a@acme.example, victim@else.example' });
    const broken = await ordered({ email: 'a@acme.example>\r\nRCPT TO:<victim@else.example' });
    expect(await told()).toEqual([]);
    for (const { id } of [two.order, broken.order])
      expect(await letters(id)).toMatchObject([{ status: 'FAILED', reason: 'this is no address' }]);
    expect(await desk.refusals('resendNotification', { notificationId: (await letters(two.order.id))[0]!.id })).toEqual(
      ['INVALID at notificationId'],
    );
    expect(await desk.refusals('setNotificationOptOut', { address: `${fresh('x')}@y, z@w`, isOptedOut: true })).toEqual(
      ['INVALID at address'],
    );
  });
});
