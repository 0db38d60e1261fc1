import { describe, expect, test } from '@jest/globals';
import { purchaseOrderNumberIn, quantityOf, readLine } from '../../../src/modules/mail/mail-lines.rules.js';
import { isLetIn, isOrdersAddress, machineReason } from '../../../src/modules/mail/mail-sender.rules.js';
import { readFileText, readText } from '../../../src/modules/mail/mail-table.rules.js';
import { ownText, textOfHtml } from '../../../src/modules/mail/mail-text.rules.js';
import { mailKey } from '../../../src/modules/mail/parse-mail.js';
import { oneLine } from '../../../src/shared/one-line.js';

const CATALOG = new Set(['SKU-1', 'BRG-6204', '1000', 'ABC']);
const skuOf = (word: string) =>
  CATALOG.has(word) ? word : CATALOG.has(word.toUpperCase()) ? word.toUpperCase() : null;
const line = (text: string) => {
  const { lines, findings } = readLine({ number: 1, text }, skuOf);
  return lines.length > 0 ? `${lines[0]!.quantity} ${lines[0]!.sku}` : (findings[0]?.reason ?? null);
};
const numbered = (text: string) => text.split('\n').map((each, index) => ({ number: index + 1, text: each }));
const short = ({ lines, findings }: ReturnType<typeof readText>) => ({
  lines: lines.map(({ sku, quantity, place }) => `${quantity} ${sku} at ${place}`),
  findings: findings.map(({ place, reason }) => `${place}: ${reason}`),
});

test.each([
  ['10 x SKU-1', '10 SKU-1'],
  ['10x SKU-1', '10 SKU-1'],
  ['SKU-1; 10', '10 SKU-1'],
  ['SKU-1, 10', '10 SKU-1'],
  ['SKU-1,10', '10 SKU-1'],
  ['SKU-1 10 pcs', '10 SKU-1'],
  ['SKU-1: 10 pz.', '10 SKU-1'],
  ['- n. 10 pezzi di sku-1', '10 SKU-1'],
  ['1) SKU-1 x 2,5', '2.5 SKU-1'],
  ['SKU-1\tGreen widget\t3', '3 SKU-1'],
  ['abc 007', '7 ABC'],
  ['1000 5', '5 1000'],
])('understands "%s"', (text, expected) => expect(line(text)).toBe(expected));

test.each([
  ['10 x SKU-9', 'no product has the SKU "SKU-9"'],
  ['SKU-1', 'no quantity that can be read'],
  ['SKU-1 0', 'no quantity that can be read'],
  ['SKU-1 -5', 'no quantity that can be read'],
  ['SKU-1 1.000', '"1.000" can be read in two ways'],
  ['1,000 x SKU-1', '"1,000" can be read in two ways'],
  ['1000 1000', 'two numbers, and no way to tell SKU from quantity'],
  ['10 SKU-1 and 5 BRG-6204', 'more than one product in one line'],
  ['please cancel 10 SKU-1', 'more than a SKU and a quantity in one line'],
  ['SKU-1; 10; 4,50', 'more than a SKU and a quantity in one line'],
  ['two of the blue ones', 'not understood'],
  ['PO 7 SKU-9', 'not understood'],
  ['PO 7, two of the blue ones', 'not understood'],
  ['deliver to Via Roma 1', 'not understood'],
  [`SKU-1 10${' '.repeat(2_000)}x`, 'a line that is too long to be read'],
])('does not guess at "%s"', (text, reason) => expect(line(text)).toBe(reason));

test.each(['Good morning,', 'please send us:', 'Thank you', '', '   ', 'PO 4711', 'Our order no. 2026/17'])(
  'finds nothing asked for in "%s"',
  (text) => expect(line(text)).toBeNull(),
);

test('a quantity is read where there is one way to', () => {
  expect(['1', '2,5', '2.50', '10pz', 'x10', '0', '1.000', '1e3', '', 'ten'].map(quantityOf)).toEqual([
    '1',
    '2.5',
    '2.50',
    '10',
    '10',
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('a number of the customer’s own is found', () => {
  expect(
    ['PO 4711', 'Purchase order #A-17', 'Order', 'P.O. number: 2026/12.', 'ns. ordine n. 88', 'post 12'].map(
      purchaseOrderNumberIn,
    ),
  ).toEqual(['4711', 'A-17', null, '2026/12', '88', null]);
});

describe('a table', () => {
  test('in the text is read by its heads, with what follows it', () => {
    const text = 'Hello\n\nCodice  Descrizione  Quantità\nSKU-1  Vite da 10  4\nBRG-6204  Cuscinetto  x\n\n2 x abc';
    expect(short(readText(numbered(text), skuOf))).toEqual({
      lines: ['4 SKU-1 at line 4', '2 ABC at line 7'],
      findings: ['line 5: "x" is no quantity that can be read'],
    });
  });

  test.each([
    ['commas', 'sku,quantity\nSKU-1,10\n"BRG-6204","2"\n'],
    ['semicolons and a byte order mark', '\ufeffCodice;Quantità\r\nSKU-1;10\r\nBRG-6204;2\r\n'],
    ['tabs and other columns', 'Pos\tSKU\tDescription\tQty\n1\tSKU-1\tA 10\t10\n2\tBRG-6204\tB\t2\n3\tABC\tC\t0'],
    ['no heads', 'SKU-1;10\nBRG-6204;2'],
  ])('in a file is read: %s', (_, text) => {
    const { lines, findings } = readFileText(text.replace(/^\ufeff/, ''), 'a.csv', skuOf);
    expect([lines.map(({ sku, quantity }) => `${quantity} ${sku}`), findings]).toEqual([
      ['10 SKU-1', '2 BRG-6204'],
      [],
    ]);
  });

  test('in a file tells the rows, columns and quotes that are not read', () => {
    const text = 'sku;qty;price\nSKU-1;1.000;5\nSKU-9;1;5\nBRG-6204;2;5\n;;\nSKU-1;;';
    expect(short(readFileText(text, 'a.csv', skuOf))).toEqual({
      lines: ['2 BRG-6204 at a.csv, row 4'],
      findings: [
        'a.csv: a column that is not read',
        'a.csv, row 2: "1.000" is no quantity that can be read',
        'a.csv, row 3: no product has the SKU "SKU-9"',
        'a.csv, row 6: "" is no quantity that can be read',
      ],
    });
    expect(readFileText('sku,qty\n"SKU-1,1', 'b.csv', skuOf)).toMatchObject({
      lines: [],
      findings: [{ place: 'b.csv', reason: expect.stringContaining('no rows that can be read') }],
    });
    expect(readFileText('SKU-1;1\n'.repeat(2_001), 'c.csv', skuOf).lines).toEqual([]);
  });
});

describe('what a sender wrote anew', () => {
  const own = (text: string) => ownText(text).lines.map((each) => each.text);
  test.each([
    ['a quotation', '1 x A\n> 2 x B\n3 x C', ['1 x A', '3 x C']],
    ['an answer’s head', '1 x A\nOn Mon, 2 Mar 2026, Hub wrote:\n2 x B', ['1 x A']],
    ['a folded head', '1 x A\nIl giorno lun 2 mar 2026 alle ore 9 Hub <a@b.it>\nha scritto:\n2 x B', ['1 x A']],
    ['an original', '1 x A\n-----Messaggio originale-----\n2 x B', ['1 x A']],
    ['the head that Outlook writes', '1 x A\nDa: Hub\nInviato: lunedì\n2 x B', ['1 x A']],
    ['a signature', '1 x A\n-- \nTel. 02 123', ['1 x A']],
  ])('is without %s', (_, text, expected) => expect(own(text)).toEqual(expected));

  test('is told to be all where nothing is left out', () => {
    expect([ownText('1 x A').hasQuoted, ownText('> 1 x A').hasQuoted]).toEqual([false, true]);
  });
});

test('of a document its words are read, rows as lines', () => {
  const html =
    '<style>b{}</style><p>Buongiorno &amp; grazie</p><table><tr><td>SKU-1</td>\n<td>10</td></tr></table>' +
    '<script>1 x SKU-1</script><blockquote>5 x SKU-1</blockquote>';
  expect(textOfHtml(html).split('\n')).toEqual([
    'Buongiorno & grazie',
    'SKU-1\t10',
    '',
    '-----Original Message-----',
    '5 x SKU-1',
  ]);
  expect(textOfHtml('<'.repeat(200_000)).length).toBe(200_000);
});

test('the same mail by another way has the same key; other content has another', () => {
  const mail = (received: string, body: string, id = '<1@x>') =>
    mailKey(Buffer.from(`Received: ${received}\r\nMessage-ID:\r\n ${id}\r\n\r\n${body}`)).key.toString('hex');
  expect(mail('a', 'x\r\ny')).toBe(mail('b', 'x\ny\n'));
  expect(mail('a', 'x')).not.toBe(mail('a', 'y'));
  expect(mail('a', 'x')).not.toBe(mail('a', 'x', '<2@x>'));
  const bare = (date: string) => mailKey(Buffer.from(`From: a@b\nDate: ${date}\n\nx`));
  expect(bare('1').key.equals(bare('1').key)).toBe(true);
  expect(bare('1').key.equals(bare('2').key)).toBe(false);
  expect(bare('1').messageId).toBeNull();
});

test('machines, strangers and other addresses are told apart', () => {
  const reason = (from: string, headers: Record<string, string>) =>
    machineReason(from, (name) => headers[name] ?? null);
  expect(reason('a@b', {})).toBeNull();
  expect(reason('a@b', { 'auto-submitted': 'no' })).toBeNull();
  expect(reason('', {})).toContain('names no sender');
  expect(reason('a@b', { 'auto-submitted': 'auto-replied' })).toContain('auto-replied');
  expect(reason('a@b', { 'list-id': 'x' })).toContain('list');
  expect(reason('a@b', { precedence: 'Bulk' })).toContain('bulk');
  const rules = { isAnyone: false, besides: ['@let.in', 'one@else.where'] };
  expect(['a@let.in', 'one@else.where', 'two@else.where', 'a@not-let.in'].map((each) => isLetIn(rules, each))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const addresses = ['orders@*', 'Sales@x.com'.toLowerCase()];
  expect(
    ['Orders@a.b', 'sales@x.com', 'sales@y.com', 'reorders@a.b'].map((each) => isOrdersAddress(addresses, each)),
  ).toEqual([true, true, false, false]);
});

test('a line of a header stays one line', () => {
  expect(oneLine('a\r\nBcc: b@c\u0000\u202e', 100)).toBe('a Bcc: b@c');
});
