import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { mailPort } from '../../src/modules/mail/index.js';
import { eventually } from '../support/eventually.js';
import { HubProcess } from '../support/hub-process.js';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { idOf } from '../../src/shared/ids.js';
import { brokenInvariants } from '../support/invariants.js';
import { scratchFolder } from '../support/scratch.js';
import { selfSigned } from '../support/self-signed.js';
import { Desk, fresh } from './support/desk.js';

const ORDERS = 'orders@shop.example';
const MAIL = `id status from fromName subject to deliveries reason findings { place text reason } version source
  order { id number status note email purchaseOrderNumber channel { code } customer { id } contact { name }
    lines { sku quantity } holds { reason note } }`;
interface Mail {
  id: string;
  status: string;
  from: string | null;
  subject: string | null;
  deliveries: number;
  reason: string | null;
  findings: { place: string; text: string; reason: string }[];
  version: number;
  source: string;
  order: {
    id: string;
    status: string;
    note: string;
    purchaseOrderNumber: string | null;
    customer: { id: string } | null;
    contact: { name: string } | null;
    lines: { sku: string; quantity: string }[];
    holds: { reason: string; note: string }[];
  } | null;
}

let hub: TestHub;
let desk: Desk;
let folder: string;
let sku: string;
let other: string;
let customerId: string;
const buyer = 'buyer@acme.example';

beforeAll(async () => {
  folder = await scratchFolder('hub-mail-');
  const tls = { cert: join(folder, 'mail.pem'), key: join(folder, 'mail.key') };
  await Promise.all([writeFile(tls.cert, selfSigned.cert), writeFile(tls.key, selfSigned.key)]);
  const settings = {
    host: '127.0.0.1',
    port: 0,
    addresses: ['orders@*'],
    maxBytes: 200_000,
    senders: { isAnyone: false, besides: ['@let-in.example'] },
    limits: { perSender: 40 },
    tls,
  };
  hub = await startTestHub({ inboundMail: settings });
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100');
  other = await desk.product('2.50', '100');
  customerId = (await desk.customer({ email: 'office@acme.example', contacts: [{ name: 'Bea', email: buyer }] })).id;
});
afterAll(async () => {
  expect(await brokenInvariants(hub.database.url)).toEqual([]);
  await hub.stop();
  await rm(folder, { recursive: true });
});

/** Sends a mail the way a mail server does, and answers what the hub said. */
async function send(mail: SendMailOptions, port = hub.hub.services.get(mailPort)!): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  try {
    return (await transport.sendMail({ from: `Bea <${buyer}>`, to: ORDERS, ...mail })).response;
  } finally {
    transport.close();
  }
}
const codeOf = (sending: Promise<string>) =>
  sending.then(
    () => 250,
    (error: { responseCode?: number }) => error.responseCode,
  );

async function mails(subject: string): Promise<Mail[]> {
  const { inboundMails } = await desk.ask<{ inboundMails: { nodes: Mail[] } }>(
    `{ inboundMails(first: 100) { nodes { ${MAIL} } } }`,
  );
  return inboundMails.nodes.filter((mail) => mail.subject === subject);
}
/** Sends it under a subject of its own and waits until it was read. */
async function sent(mail: SendMailOptions, subject = fresh('Subject')): Promise<Mail> {
  await send({ subject, ...mail });
  return eventually(`the mail ${subject}`, async () => (await mails(subject))[0]);
}
const reread = (mailId: string, more: object = {}) =>
  desk.send<{ mail: Mail | null; userErrors: { code: string }[] }>('rereadMail', {
    idempotencyKey: newKey(),
    mailId,
    ...more,
  });

describe('a mail that is understood', () => {
  test('becomes a draft of the customer, with what was written', async () => {
    const text = `Good morning,\n\n10 x ${sku}\n${other}; 2\nPO 4711\n\nThank you\n-- \nBea, tel. 02 123`;
    const mail = await sent({ text }, 'Order of today');
    expect(mail).toMatchObject({
      status: 'READ',
      from: buyer,
      fromName: 'Bea',
      to: [ORDERS],
      reason: null,
      findings: [],
      order: {
        status: 'DRAFT',
        email: buyer,
        purchaseOrderNumber: '4711',
        note: `Order of today\n\nGood morning,\n\n10 x ${sku}\n${other}; 2\nPO 4711\n\nThank you`,
        channel: { code: 'email' },
        customer: { id: customerId },
        contact: { name: 'Bea' },
        lines: [
          { sku, quantity: '10' },
          { sku: other, quantity: '2' },
        ],
        holds: [],
      },
    });
    expect(mail.source).toContain('Subject: Order of today');
    const [created] = await desk.timeline(mail.order!.id);
    expect(created).toMatchObject({ type: 'CREATED', actor: { kind: 'SYSTEM', name: 'E-mail' } });
  });

  test.each<[string, () => SendMailOptions]>([
    ['a document without a text', () => ({ html: `<p>Ciao</p><table><tr><td>${sku}</td><td>3</td></tr></table>` })],
    ['text and document', () => ({ text: `${sku} 3 pz`, html: `<p>5 x ${sku}</p>` })],
    [
      'letters of other alphabets, quoted-printable',
      () => ({ text: `Così è: ☕\n3 × ${sku}`, textEncoding: 'quoted-printable' }),
    ],
    ['base64', () => ({ text: `3 × ${sku}\nè`, textEncoding: 'base64' })],
    [
      'a CSV file, as spreadsheets on Windows write it',
      () => ({
        text: 'See the attachment.',
        attachments: [
          { filename: 'ordine.csv', content: Buffer.from(`Codice;Quantit\xe0\r\n${sku};3\r\n`, 'latin1') },
          { filename: 'logo.png', content: Buffer.from('x'), cid: 'logo', contentDisposition: 'inline' },
        ],
      }),
    ],
    ['a text file', () => ({ attachments: [{ filename: 'list.txt', content: `3 x ${sku.toLowerCase()}` }] })],
    ['an answer that quotes another order', () => ({ text: `3 x ${sku}\n\nOn Monday, Hub wrote:\n> 9 x ${other}` })],
  ])('is read: %s', async (_, mail) => {
    const { status, findings, order } = await sent(mail());
    expect({ status, findings, lines: order?.lines, holds: order?.holds }).toEqual({
      status: 'READ',
      findings: [],
      lines: [{ sku, quantity: '3' }],
      holds: [],
    });
  });

  test('and delivered twice, by two ways at the same time, makes one draft', async () => {
    const subject = fresh('Twice');
    const mail = { subject, text: `1 x ${sku}`, messageId: `<${newKey()}@acme.example>`, date: new Date(0) };
    const ways = ['a', 'b', 'c'].map((way) => send({ ...mail, headers: { Received: `from ${way}` } }));
    const answers = (await Promise.all(ways)).map((answer) => answer.replace(/^250 [\d. ]*/, ''));
    expect(answers.sort()).toEqual(['Kept', 'Known already', 'Known already']);
    const found = await eventually('the mail', async () => {
      const all = await mails(subject);
      return all[0]?.deliveries === 3 && all;
    });
    expect(found.map(({ status, order }) => [status, order?.lines])).toEqual([['READ', [{ sku, quantity: '1' }]]]);
    const changed = await sent({ ...mail, subject: `${subject} again`, text: `2 x ${sku}` }, `${subject} again`);
    expect(changed).toMatchObject({
      status: 'UNREADABLE',
      findings: [{ place: 'mail' }],
      order: { lines: [{ quantity: '2' }] },
    });
  });
});

describe('a mail that is not understood as a whole', () => {
  test('becomes a draft of what was, with a hold that says what was not and why', async () => {
    const text = `5 x ${sku}\n1.000 x ${other}\n3 x NO-SUCH\nand the blue ones, 2 of them`;
    const attachments = [{ filename: 'order.pdf', content: Buffer.from('%PDF-') }];
    const mail = await sent({ text, attachments });
    expect(mail).toMatchObject({
      status: 'UNREADABLE',
      reason: null,
      findings: [
        { place: 'line 2', text: `1.000 x ${other}`, reason: '"1.000" can be read in two ways' },
        { place: 'line 3', text: '3 x NO-SUCH', reason: 'no product has the SKU "NO-SUCH"' },
        { place: 'line 4', text: 'and the blue ones, 2 of them', reason: 'not understood' },
        { place: 'order.pdf', text: 'application/pdf', reason: 'an attachment that is neither text nor CSV' },
      ],
      order: { status: 'DRAFT', lines: [{ sku, quantity: '5' }] },
    });
    expect(mail.order!.holds).toEqual([
      {
        reason: 'UNREADABLE',
        note:
          `Not understood of the mail:\nline 2: "1.000" can be read in two ways (“1.000 x ${other}”)\n` +
          'line 3: no product has the SKU "NO-SUCH" (“3 x NO-SUCH”)\n' +
          'line 4: not understood (“and the blue ones, 2 of them”)\n' +
          'order.pdf: an attachment that is neither text nor CSV (“application/pdf”)',
      },
    ]);
    expect(await desk.refusals('confirmOrder', { orderId: mail.order!.id })).toEqual(['ON_HOLD at orderId']);
  });

  test('leaves out what the hub would refuse of an order, and tells it', async () => {
    const unpriced = await desk.product(null, null);
    const ended = await desk.product('1.00', null, { isActive: false });
    const mail = await sent({ text: `1 x ${sku}\n1 x ${unpriced}\n2 x ${ended}` });
    expect(mail.order!.lines).toEqual([{ sku, quantity: '1' }]);
    expect(mail.findings).toMatchObject([
      { place: 'line 2', reason: expect.stringContaining('no price list has a price') },
      { place: 'line 3', reason: `${ended} is no longer sold` },
    ]);
  });

  test('takes a product that stands in text and file once, and says so', async () => {
    const attachments = [{ filename: 'a.csv', content: `sku,qty\n${sku},7\n` }];
    const mail = await sent({ text: `4 x ${sku}\n1 x ${other}`, attachments });
    expect(mail.order!.lines).toEqual([
      { sku: other, quantity: '1' },
      { sku, quantity: '7' },
    ]);
    expect(mail.findings).toMatchObject([{ place: 'line 1', text: `4 x ${sku}` }]);
  });

  test('is a draft of nothing where nothing is left, with all that was not understood in its hold', async () => {
    const later = fresh('LATER').toUpperCase();
    const mail = await sent({ text: `2 x ${later}` });
    expect(mail).toMatchObject({
      status: 'UNREADABLE',
      order: { lines: [], holds: [{ reason: 'UNREADABLE', note: expect.stringContaining(later) }] },
    });
    expect((await reread(mail.id)).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  });

  test('makes no draft where there is nothing to tell either, is kept, and can be read once more', async () => {
    const mail = await sent({ text: 'Thank you!' });
    expect(mail).toMatchObject({ order: null, reason: 'nothing in it was understood as an order' });
    expect((await reread(mail.id)).userErrors).toEqual([]);
  });

  test('may be anything: bytes that are no mail are kept, and harm nobody', async () => {
    const raw = Buffer.concat([
      Buffer.from(`From: ${buyer}\r\nSubject: Bytes\r\nContent-Type: multipart/mixed; boundary="\r\n\r\n`),
      Buffer.from(Array.from({ length: 2_000 }, (_, index) => (index * 7) % 256)),
      Buffer.from(`\r\n\0 2 x ${sku}\0 9\r\n`),
    ]);
    await send({ envelope: { from: buyer, to: ORDERS }, raw });
    const [mail] = await eventually('the mail', async () => {
      const found = await mails('Bytes');
      return found.length > 0 && found;
    });
    expect(mail).toMatchObject({ status: 'UNREADABLE', order: null });
  });
});

describe('senders and sizes are limited', () => {
  test('a stranger’s mail is kept and refused; staff may take it', async () => {
    const mail = await sent({ from: 'someone@else.example', text: `1 x ${sku}` });
    expect(mail).toMatchObject({ status: 'REFUSED', order: null, reason: expect.stringContaining('no customer') });
    expect((await reread(mail.id)).mail).toMatchObject({ status: 'REFUSED', order: null });
    const taken = (await reread(mail.id, { acceptSender: true })).mail!;
    expect(taken).toMatchObject({
      status: 'UNREADABLE',
      findings: [{ place: 'sender', reason: 'no customer has this address' }],
      order: { customer: null, lines: [{ sku, quantity: '1' }], holds: [{ reason: 'UNREADABLE' }] },
    });
  });

  test('one who is let in by the settings becomes a draft without a customer, on hold', async () => {
    const mail = await sent({ from: 'new@let-in.example', text: `1 x ${sku}` });
    expect(mail.order).toMatchObject({ customer: null, holds: [{ reason: 'UNREADABLE' }] });
  });

  test('an address of two customers is nobody’s', async () => {
    const shared = `${fresh('shared')}@acme.example`;
    await desk.customer({ email: shared });
    await desk.customer({ contacts: [{ name: 'Both', email: shared }] });
    const mail = await sent({ from: shared, text: `1 x ${sku}` });
    expect(mail).toMatchObject({ findings: [{ reason: '2 customers have this address' }], order: { customer: null } });
  });

  test.each<[string, SendMailOptions]>([
    ['a bounce', { envelope: { from: '', to: ORDERS } }],
    ['an absence note', { headers: { 'Auto-Submitted': 'auto-replied' } }],
    ['a mailing list', { headers: { 'List-Id': '<news.acme.example>' } }],
  ])('%s is kept and makes no draft', async (_, mail) => {
    expect(await sent({ ...mail, text: `1 x ${sku}` })).toMatchObject({ status: 'REFUSED', order: null });
  });

  test('what is too large is refused, and not kept', async () => {
    const large = `1 x ${sku}\n${'x'.repeat(300_000)}`;
    expect(await codeOf(send({ subject: 'Large', text: large }))).toBe(552);
    expect(await mails('Large')).toEqual([]);
  });

  test('no mail is taken for others, and none is passed on', async () => {
    expect(await codeOf(send({ to: 'someone@else.example', subject: 'Relay', text: 'x' }))).toBe(550);
    expect(await mails('Relay')).toEqual([]);
  });

  test('one sender cannot send without end; it is told to come again', async () => {
    const flood = 'flood@acme.example';
    const codes: (number | undefined)[] = [];
    for (let mail = 0; mail < 41; mail += 1) {
      codes.push(await codeOf(send({ from: flood, subject: 'Flood', text: String(mail) })));
    }
    expect(codes.slice(0, 40).every((code) => code === 250)).toBe(true);
    expect(codes[40]).toBe(451);
  });
});

test('mail is for those who deal with it', async () => {
  const { id } = await sent({ text: `1 x ${sku}` });
  for (const [role, sees] of [
    ['SALES', true],
    ['FINANCE', false],
  ] as const) {
    const colleague = await desk.colleague([role]);
    const { node } = await colleague.ask<{ node: { id: string } | null }>('query($id: ID!) { node(id: $id) { id } }', {
      id,
    });
    expect(node?.id === id).toBe(sees);
  }
  const page = await desk.ask<{ inboundMails: { nodes: { status: string }[] } }>(
    '{ inboundMails(first: 50, filter: { status: [REFUSED], sender: "SOMEONE@else.example" }) { nodes { status } } }',
  );
  expect(page.inboundMails.nodes).toEqual([]);
});

test('what fails at being read is tried again, and shown in the end', async () => {
  const { pool } = hub.hub.db;
  await pool.query(`alter table inbound_mail add constraint planted check (status <> 'READ') not valid`);
  const subject = fresh('Fault');
  await send({ subject, text: `1 x ${sku}`, messageId: '<fault@acme.example>' });
  const tries = async () => {
    const found = await pool.query<{ tries: number; status: string; reason: string | null }>(
      `select tries, status, reason from inbound_mail where message_id = '<fault@acme.example>'`,
    );
    return found.rows[0]!;
  };
  await eventually('the first try', async () => (await tries()).tries === 1);
  for (let sweep = 0; sweep < 4; sweep += 1) {
    await hub.hub.upkeep.run('read-mails');
    hub.clock.forward(200_000);
    await hub.hub.upkeep.run('read-mails');
  }
  expect(await tries()).toEqual({ tries: 5, status: 'UNREADABLE', reason: 'the hub failed at reading it' });
  await pool.query('alter table inbound_mail drop constraint planted');
  const { inboundMails } = await desk.ask<{ inboundMails: { nodes: Mail[] } }>(
    `{ inboundMails(first: 1, filter: { status: [UNREADABLE] }) { nodes { ${MAIL} } } }`,
  );
  const { mail } = await reread(inboundMails.nodes[0]!.id);
  expect(mail).toMatchObject({ status: 'READ', order: { lines: [{ sku, quantity: '1' }] } });
});

test('takes mail over STARTTLS where there is a certificate', async () => {
  const transport = createTransport({
    host: '127.0.0.1',
    port: hub.hub.services.get(mailPort)!,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  });
  const mail = { from: buyer, to: ORDERS, subject: 'Sealed', text: `1 x ${sku}` };
  expect((await transport.sendMail(mail)).response).toContain('Kept');
  transport.close();
  const read = await eventually('the sealed mail', async () => (await mails('Sealed'))[0]);
  expect(read).toMatchObject({ status: 'READ' });
});

test('a hub that sends no mail queues none, and does not make up for it later', async () => {
  await desk.order({ customerId, lines: [{ sku, quantity: '1' }], confirm: true });
  const { pool } = hub.hub.db;
  await eventually('the place in the log', async () => {
    await hub.hub.upkeep.run('queue-notifications');
    const { rows } = await pool.query<{ left: string }>(
      `select (select count(*) from event) - position as left from notification_position`,
    );
    return Number(rows[0]!.left) === 0;
  });
  expect((await pool.query('select from notification')).rowCount).toBe(0);
});

test('a mail is deleted when it was kept long enough; its order stays, and so does what waits to be read', async () => {
  const { pool } = hub.hub.db;
  const now = hub.clock.now();
  const { order, subject } = await sent({ text: `2 x ${sku}` });
  // More than are deleted at a time.
  const others = await Promise.all(Array.from({ length: 60 }, () => desk.mail()));
  const waiting = idOf('mal', others[0]!);
  await pool.query(`update inbound_mail set status = 'RECEIVED' where id = $1`, [waiting]);
  const timeline = await desk.timeline(order!.id);
  hub.clock.forward(365 * 86_400_000);
  await hub.hub.upkeep.run('forget-mails');
  expect(await mails(subject!)).toHaveLength(1);
  hub.clock.forward(1);
  await hub.hub.upkeep.run('forget-mails');
  expect((await pool.query('select id from inbound_mail')).rows).toEqual([{ id: waiting }]);
  expect(await desk.readOrder(order!.id)).toMatchObject({ status: 'DRAFT', lines: [{ sku, quantity: '2' }] });
  expect(await desk.timeline(order!.id)).toEqual(timeline);
  await pool.query('delete from inbound_mail');
  hub.clock.set(now);
});

test('a hub that is killed between its word and the draft loses nothing and makes one draft', async () => {
  const options = {
    databaseUrl: hub.database.url,
    inboundMail: {
      host: '127.0.0.1',
      port: 0,
      addresses: [ORDERS],
      maxBytes: 200_000,
      senders: { isAnyone: false, besides: [] },
    },
  };
  const subject = fresh('Killed');
  const child = await HubProcess.start({ ...options, dieAt: 'read-mail:after-first-write' });
  const port = child.mailPort!;
  expect(await send({ subject, text: `6 x ${sku}`, messageId: '<killed@acme.example>' }, port)).toContain('Kept');
  await child.gone();
  expect(child.hits).toEqual(['read-mail:after-first-write']);
  const rows = await hub.hub.db.pool.query<{ status: string }>(
    `select status from inbound_mail where message_id = '<killed@acme.example>'`,
  );
  expect(rows.rows).toEqual([{ status: 'RECEIVED' }]);
  hub.clock.forward(600_000_000_000);
  // The database holds the mail for the dead process until it notices.
  const found = await eventually('the mail to be read', async () => {
    await hub.hub.upkeep.run('read-mails');
    const read = await mails(subject);
    return read.length > 0 && read;
  });
  expect(found.map(({ status, order }) => [status, order?.lines])).toEqual([['READ', [{ sku, quantity: '6' }]]]);
});
