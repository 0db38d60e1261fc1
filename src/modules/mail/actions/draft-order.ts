import type { ActionScope } from '../../../graph/mutation.js';
import { Refusal, type UserErrorFacts } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../../customers/index.js';
import { createOrder } from '../../order-flow/index.js';
import { holdOrder, HoldReason, ORDER_PREFIX, sellerSettings } from '../../orders/index.js';
import type { Finding, WantedLine } from '../mail-lines.rules.js';
import type { Understood } from './understand-mail.js';

/** The channel that every hub has for it. */
const CHANNEL = 'email';
const MOST_TOLD = 40;

interface Asked extends Understood {
  customerId: string | null;
  contactId: string | null;
  email: string | null;
}

/**
 * A draft of what was understood, and a hold that says what was not. What an order would be refused for is not
 * understood either: its line is left out and told. Null where there is nothing to draft or to tell.
 */
export async function draftOrder(
  scope: ActionScope,
  asked: Asked,
): Promise<{ orderId: string | null; findings: Finding[] }> {
  const findings = [...asked.findings];
  let lines = asked.lines;
  // A draft of nothing is one all the same, where there is something for somebody to read.
  while (lines.length > 0 || findings.length > 0) {
    const orderId = await scope.tx.ids.one();
    const refused = await attempt(scope, orderId, asked, lines);
    if (refused === null) {
      if (findings.length > 0) await hold(scope, orderId, findings);
      return { orderId, findings };
    }
    const left = withoutRefused(lines, refused, findings);
    if (left.length === lines.length) return { orderId: null, findings };
    lines = left;
  }
  return { orderId: null, findings };
}

/** Null where the order was made. */
async function attempt(
  scope: ActionScope,
  orderId: string,
  { customerId, contactId, email, note, purchaseOrderNumber }: Asked,
  lines: readonly WantedLine[],
): Promise<UserErrorFacts[] | null> {
  try {
    await createOrder(scope, orderId, {
      channel: CHANNEL,
      customerId: customerId && typeId(CUSTOMER_PREFIX, customerId),
      contactId: contactId && typeId(CONTACT_PREFIX, contactId),
      email,
      note,
      purchaseOrderNumber,
      currency: scope.service(sellerSettings).currency,
      lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
      draft: true,
    });
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    scope.tx.dropDeferred();
    return error.errors;
  }
}

function withoutRefused(
  lines: readonly WantedLine[],
  errors: readonly UserErrorFacts[],
  findings: Finding[],
): WantedLine[] {
  const refused = new Set<number>();
  for (const { message, field } of errors) {
    const index = field?.[0] === 'lines' && field.length > 1 ? Number(field[1]) : null;
    const line = index === null ? undefined : lines[index];
    if (line) refused.add(index!);
    const text = line ? `${line.quantity} x ${line.sku}` : '';
    findings.push({ place: line?.place ?? 'order', text, reason: message });
  }
  return lines.filter((_, index) => !refused.has(index));
}

async function hold(scope: ActionScope, orderId: string, findings: readonly Finding[]): Promise<void> {
  // The order is locked and read again for its hold.
  await scope.tx.flush();
  const told = findings.slice(0, MOST_TOLD).map(({ place, text, reason }) => {
    const words = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    return `${place}: ${reason}${words === '' ? '' : ` (“${words}”)`}`;
  });
  if (findings.length > MOST_TOLD) told.push(`and ${findings.length - MOST_TOLD} more; the mail has them all`);
  await holdOrder(scope, {
    orderId: typeId(ORDER_PREFIX, orderId),
    reason: HoldReason.UNREADABLE,
    note: `Not understood of the mail:\n${told.join('\n')}`,
  });
}
