import type { Change } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import { findReference, instantOfVersion } from '../../modules/references/index.js';
import { parseInstant } from '../../shared/clock.js';
import type { EngineChange } from '../inbox/apply-change.js';

/** Where each kind of change has what a system states of a record. */
const STATED = {
  order: 'order',
  customer: 'customer',
  contact: 'contact',
  product: 'product',
  stock: 'level',
  quote: 'quote',
  shipment: 'shipment',
} as const;
type StatedKind = keyof typeof STATED;

interface Stated {
  externalId: string;
  sourceVersion: Date;
}

/** What a change states of a record; null for other changes. */
export function statedIn(change: EngineChange): { kind: StatedKind; stated: Stated } | null {
  if (!(change.kind in STATED)) return null;
  const kind = change.kind as StatedKind;
  return { kind, stated: (change as unknown as Record<string, Stated>)[STATED[kind]]! };
}

/**
 * What was read just now is what the system has now, even where it gives the state an older version than the hub has
 * applied: a system that was restored from a backup, say.
 */
export async function asSeenNow<C extends EngineChange>(tx: Transaction, code: string, change: C): Promise<C> {
  const said = statedIn(change);
  if (!said) return change;
  const { kind, stated } = said;
  const reference = await tx.one(findReference(code, kind, stated.externalId));
  const applied =
    reference?.stated_version != null
      ? instantOfVersion(reference.stated_version)
      : instantOf(reference?.source_version);
  if (!applied) return change;
  // Of a quote one version has one content.
  const least = new Date(applied.getTime() + (kind === 'quote' ? 1 : 0));
  if (stated.sourceVersion >= least) return change;
  return { ...change, [STATED[kind]]: { ...stated, sourceVersion: least } };
}

function instantOf(text: string | null | undefined): Date | null {
  return text == null ? null : parseInstant(text);
}

/** Whether a record is gone by what its system says of it. */
export function saysGone(changes: readonly Change[]): boolean {
  return changes.some(({ kind }) => kind === 'deleted' || kind === 'merged');
}
