import { rejected, type StatedPayment } from '#connect';
import type { OrderMoney, Transaction } from '../wire/payments.js';
import { amountOf, minorAt, sum } from './amounts.js';
import { textOf } from './people.js';

type Known = Transaction & { minor: bigint };

/**
 * The payments of an order: what was authorized or sold is one, and what followed from it (captures, refunds, voids)
 * says how far it is. A suggested refund is none.
 */
export function paymentsOf({ id, updatedAt, currencyCode: currency, transactions }: OrderMoney): StatedPayment[] {
  const known = transactions
    .filter(({ kind }) => kind !== 'SUGGESTED_REFUND')
    .map((each, index) => ({ ...each, minor: minorOf(each, index, currency) }));
  const byId = new Map(known.map((each) => [each.id, each]));
  const families = new Map<string, Known[]>();
  for (const each of known) {
    const root = rootOf(each, byId);
    families.set(root.id, [...(families.get(root.id) ?? []), each]);
  }
  return [...families].map(([rootId, family]) => {
    const root = byId.get(rootId)!;
    return { ...stateOf(root, family, currency), orderExternalId: id, sourceVersion: updatedAt, currency };
  });
}

function minorOf({ amountSet: { shopMoney } }: Transaction, index: number, currency: string): bigint {
  const field = `transactions.${index}.amountSet.shopMoney`;
  if (shopMoney.currencyCode !== currency) {
    throw rejected(`${field}.currencyCode: expected the order's ${currency}, got ${shopMoney.currencyCode}`);
  }
  return minorAt(`${field}.amount`, shopMoney.amount, currency);
}

/** A refund's parent is the capture, and that one's the authorization. A parent that is not there ends the way. */
function rootOf(transaction: Known, byId: ReadonlyMap<string, Known>): Known {
  let at = transaction;
  for (let steps = 0; steps < byId.size; steps += 1) {
    const parent = at.parentTransaction && byId.get(at.parentTransaction.id);
    if (!parent) return at;
    at = parent;
  }
  throw rejected(`transactions: ${transaction.id} is its own parent`);
}

function stateOf(root: Known, family: Known[], currency: string) {
  const succeeded = family.filter(({ status }) => status === 'SUCCESS');
  const minorOfKinds = (...kinds: Transaction['kind'][]) =>
    sum(succeeded.filter(({ kind }) => kinds.includes(kind)).map(({ minor }) => minor));
  // Change was handed back at the till: it was never kept.
  const change = minorOfKinds('CHANGE');
  const captured = minorOfKinds('CAPTURE', 'SALE') - change;
  const refunded = minorOfKinds('REFUND');
  const amount = root.minor - (root.kind === 'SALE' ? change : 0n);
  const isVoided = succeeded.some(({ kind }) => kind === 'VOID');
  return {
    externalId: root.id,
    status: statusOf({ root, amount, captured, refunded, isVoided }),
    amount: amountOf(amount, currency),
    captured: amountOf(captured, currency),
    refunded: amountOf(refunded, currency),
    // Of what is voided whole the status says it.
    ...(isVoided && captured > 0n && amount > captured && { voided: amountOf(amount - captured, currency) }),
    provider: textOf(root.gateway) ?? 'unknown',
    method: textOf(root.paymentDetails?.paymentMethodName),
    displayName: displayNameOf(root),
    createdAt: root.createdAt,
  };
}

function statusOf(known: {
  root: Known;
  amount: bigint;
  captured: bigint;
  refunded: bigint;
  isVoided: boolean;
}): StatedPayment['status'] {
  const { root, amount, captured, refunded, isVoided } = known;
  if (refunded > 0n) return refunded >= captured ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (captured > 0n) return captured >= amount ? 'CAPTURED' : 'PARTIALLY_CAPTURED';
  if (isVoided) return 'VOIDED';
  if (root.status === 'FAILURE' || root.status === 'ERROR') return 'FAILED';
  if (root.status === 'SUCCESS') return root.kind === 'VOID' ? 'VOIDED' : 'AUTHORIZED';
  return 'PENDING';
}

/** The last digits at most: never the number. */
function displayNameOf({ paymentDetails, formattedGateway }: Transaction): string | undefined {
  const last = /(\d{4})$/.exec(paymentDetails?.number ?? '')?.[1];
  const company = textOf(paymentDetails?.company);
  if (company && last) return `${company} •••• ${last}`;
  return textOf(formattedGateway);
}
