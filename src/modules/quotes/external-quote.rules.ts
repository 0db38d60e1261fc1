import { createHash } from 'node:crypto';
import type { FieldChange } from '../../events/append.js';
import { canonical } from '../../graph/canonical.js';
import { exactlyOneError } from '../../graph/lookup.js';
import type { Address } from '../../graph/values.type.js';
import { parseInstant } from '../../shared/clock.js';
import { compareDecimals, exact } from '../../shared/decimal.js';
import { refuse, Refusals } from '../../shared/failures.js';
import { typeId } from '../../shared/ids.js';
import { CONTACT_PREFIX } from '../customers/index.js';
import { checkLines, shippingRequest, type LineRequest } from '../orders/index.js';
import { parseSourceVersion, type ReferenceRow, type SourceVersion } from '../references/index.js';
import { ExternalQuoteStatus, type ExternalQuoteLineInput, type ExternalQuoteValues } from './external-quote.type.js';
import { checkTerms } from './quote-lines.rules.js';
import type { QuoteLineRow } from './quote-line.type.js';
import { shippingFields, shippingOf, type Shipping } from './quote-shipping.rules.js';
import { assertQuoteMove, quoteMachine, type QuoteStatus } from './quote.states.js';
import type { QuoteRow } from './quote.type.js';

/** What is kept of a tool's last word on its quote. */
export interface Stated {
  status: ExternalQuoteStatus;
  hash: string;
}
const CONVERTED: readonly QuoteStatus[] = ['PARTIALLY_CONVERTED', 'CONVERTED'];
const VERSION = 'a whole number or an RFC 3339 instant';

/** What can be said of a statement before anything is read. */
export function checkStatement(input: ExternalQuoteValues): SourceVersion {
  const refusals = new Refusals();
  const version = parseSourceVersion(input.sourceVersion);
  if (!version)
    refusals.add('INVALID', `sourceVersion: expected ${VERSION}, got "${input.sourceVersion}"`, ['sourceVersion']);
  const ways = exactlyOneError({ customerId: input.customerId, customerExternal: input.customerExternal });
  if (ways) refusals.push(ways);
  checkNumber(input, refusals);
  checkLines(requestedLines(input), input.currency, refusals);
  checkTerms(input.lines, refusals);
  shippingRequest(input, input.currency, refusals);
  const seen = new Set<string>();
  input.lines.forEach(({ lineId, sku }, index) => {
    const field = ['lines', String(index)];
    if (lineId === '') refusals.add('INVALID', 'lineId: expected some text, got ""', [...field, 'lineId']);
    else if (seen.has(lineId)) refusals.add('INVALID', `lineId: "${lineId}" stands twice`, [...field, 'lineId']);
    seen.add(lineId);
    if (sku.trim() === '') refusals.add('INVALID', `sku: expected some text, got "${sku}"`, [...field, 'sku']);
  });
  refusals.throwIfAny();
  return version!;
}

function checkNumber({ number, revision }: ExternalQuoteValues, refusals: Refusals): void {
  if (number != null && (number.trim() === '' || number.length > 255)) {
    refusals.add('INVALID', `number: expected 1 to 255 characters, got "${number}"`, ['number']);
  }
  if (revision == null) return;
  if (revision < 1) refusals.add('INVALID', `revision: expected 1 or more, got ${revision}`, ['revision']);
  if (number == null) refusals.add('INVALID', 'revision: expected to come with number', ['revision']);
}

export function requestedLines(input: ExternalQuoteValues): LineRequest[] {
  return input.lines.map(({ sku, quantity, unitPrice, discountRate }, index) => ({
    sku,
    quantity,
    unitPrice,
    discountRate: discountRate ?? '0',
    field: ['lines', String(index)],
  }));
}

/** The same for statements that say the same, however it is written. */
export function statementHash(input: ExternalQuoteValues & { idempotencyKey?: string }): string {
  const { idempotencyKey: _, sourceVersion: __, ...said } = input;
  const lines = said.lines.map((line) => ({
    ...line,
    quantity: exact(line.quantity).toFixed(),
    unitPrice: { ...line.unitPrice, amount: exact(line.unitPrice.amount).toFixed() },
    discountRate: exact(line.discountRate ?? '0').toFixed(),
  }));
  const price = said.shippingPrice;
  const shippingPrice = price && { ...price, amount: exact(price.amount).toFixed() };
  return createHash('sha256')
    .update(valueText({ ...said, lines, shippingPrice }))
    .digest('base64');
}

/** Where a statement stands to the newest that was taken. Throws where the two contradict each other. */
export function standingOf(
  reference: ReferenceRow,
  version: SourceVersion,
  input: ExternalQuoteValues,
  hash: string,
): 'newer' | 'same' | 'older' {
  const before = reference.stated_version === null ? null : parseSourceVersion(reference.stated_version);
  if (!before) return 'newer';
  if (before.kind !== version.kind) {
    const message = `sourceVersion: expected another ${before.kind} behind ${reference.stated_version}, got ${input.sourceVersion}`;
    throw refuse('INVALID', message, ['sourceVersion']);
  }
  if (before.value !== version.value) return before.value < version.value ? 'newer' : 'older';
  if ((reference.stated as Stated).hash !== hash) {
    const message = `sourceVersion: ${input.sourceVersion} was stated before with another content; state this under a newer one`;
    throw refuse('CONFLICT', message, ['sourceVersion']);
  }
  return 'same';
}

/**
 * The steps that take the quote to where the tool says it stands. None where the tool says what it said before: what has
 * happened in the hub since stands. Throws where the table has no way.
 */
export function stepsTo(
  quote: Pick<QuoteRow, 'number' | 'status'>,
  stated: ExternalQuoteStatus,
  before: ExternalQuoteStatus | null,
): QuoteStatus[] {
  if (stated === before || quote.status === 'SUPERSEDED') return [];
  if (stated === ExternalQuoteStatus.ACCEPTED && CONVERTED.includes(quote.status)) return [];
  const steps = quoteMachine.path(quote.status, stated);
  if (!steps) {
    if (quote.status === 'EXPIRED') throw expired(quote);
    assertQuoteMove(quote, stated);
  }
  return steps ?? [];
}

function expired(quote: { number: string }) {
  const message = `quote ${quote.number} has expired; state what goes on as another quote or revision under an id of its own`;
  return refuse('QUOTE_EXPIRED', message, ['validUntil']);
}

/** How a tool's quote differs from what the hub holds of it. */
export interface Difference {
  /** Of its lines, shipping or currency. */
  isPriced: boolean;
  open: FieldChange[];
  /** Values that name a person. */
  personal: FieldChange[];
}

export interface QuoteHeader {
  revision: number;
  contactId: string | null;
  currency: string;
  validUntil: Date;
  billingAddress: Address | null;
  shippingAddress: Address | null;
  shipping: Shipping;
}

export function differenceOf(
  quote: QuoteRow,
  lines: QuoteLineRow[],
  header: QuoteHeader,
  stated: ExternalQuoteLineInput[],
): Difference {
  const compare = (field: string, from: unknown, to: unknown): FieldChange[] =>
    valueText(from) === valueText(to) ? [] : [{ field, from, to }];
  const isSame = lines.length === stated.length && lines.every((line, index) => isSameLine(line, stated[index]!));
  const before = shippingFields(shippingOf(quote), quote.currency);
  const now = shippingFields(header.shipping, header.currency);
  const priced = [
    ...compare('currency', quote.currency, header.currency),
    ...(isSame ? [] : [{ field: 'lines', from: lines.map(lineFacts), to: stated.map(statedFacts) }]),
    ...compare('shippingMethod', before.shippingMethod, now.shippingMethod),
    ...compare('shippingTotal', before.shippingTotal, now.shippingTotal),
  ];
  return {
    isPriced: priced.length > 0,
    open: [
      ...compare('revision', quote.revision, header.revision),
      ...compare('contact', contactText(quote.contact_id), contactText(header.contactId)),
      ...compare('validUntil', parseInstant(quote.valid_until), header.validUntil),
      ...priced,
    ],
    personal: [
      ...compare('billingAddress', quote.billing_address, header.billingAddress),
      ...compare('shippingAddress', quote.shipping_address, header.shippingAddress),
    ],
  };
}

function contactText(id: string | null): string | null {
  return id === null ? null : typeId(CONTACT_PREFIX, id);
}

/** Throws where what differs can no longer be taken over. `to`: the status that the quote has then. */
export function assertMayDiffer(
  quote: QuoteRow,
  to: QuoteStatus,
  stated: ExternalQuoteStatus,
  difference: Difference,
  isApprovedHere: boolean,
): void {
  const { isPriced, open, personal } = difference;
  if (quote.status === 'EXPIRED' && open.length + personal.length > 0) throw expired(quote);
  if (!isPriced) return;
  const isOfLines = open.some(({ field }) => field === 'lines' || field === 'currency');
  const what = `what the tool changed of its ${isOfLines ? 'lines' : 'shipping'} cannot be taken over`;
  const field = [isOfLines ? 'lines' : 'shippingPrice'];
  if (CONVERTED.includes(quote.status)) {
    throw refuse('CONFLICT', `quote ${quote.number} is ${quote.status}: ${what}`, field);
  }
  if (isApprovedHere && to === quote.status && to !== 'PENDING_APPROVAL') {
    throw refuse('CONFLICT', `quote ${quote.number} was approved in the hub as it is: ${what}`, field);
  }
  if (to === 'ACCEPTED' && stated !== ExternalQuoteStatus.ACCEPTED) {
    throw refuse('CONFLICT', `quote ${quote.number} was accepted in the hub, not in the tool: ${what}`, field);
  }
}

function isSameLine(line: QuoteLineRow, stated: ExternalQuoteLineInput): boolean {
  return (
    line.external_line_id === stated.lineId &&
    line.sku === stated.sku &&
    (stated.description == null || line.description === stated.description) &&
    compareDecimals(line.quantity, stated.quantity) === 0 &&
    compareDecimals(line.unit_price, stated.unitPrice.amount) === 0 &&
    compareDecimals(line.discount_rate, stated.discountRate ?? '0') === 0 &&
    line.recurrence_interval === (stated.recurrence?.interval ?? null) &&
    line.recurrence_terms === (stated.recurrence?.termCount ?? null) &&
    configurationText(line.configuration) === configurationText(stated.configuration ?? [])
  );
}

function configurationText(choices: readonly { option: string; choice: string }[]): string {
  return JSON.stringify(choices.map(({ option, choice }) => [option, choice]));
}

function lineFacts(line: QuoteLineRow) {
  const { sku, quantity, unit_price, discount_rate } = line;
  return lineText(sku, quantity, unit_price, discount_rate);
}

export function statedFacts({ sku, quantity, unitPrice, discountRate }: ExternalQuoteLineInput) {
  return lineText(sku, quantity, unitPrice.amount, discountRate ?? '0');
}

function lineText(sku: string, quantity: string, unitPrice: string, discountRate: string) {
  const short = (value: string) => exact(value).toFixed();
  return { sku, quantity: short(quantity), unitPrice: short(unitPrice), discountRate: short(discountRate) };
}

/** Text in which neither the order of keys nor the difference of absent and null shows. */
function valueText(value: unknown): string {
  const plain = JSON.stringify(value, (_, item: unknown) => (item === null ? undefined : item)) as string | undefined;
  return plain === undefined ? '' : canonical(JSON.parse(plain));
}
