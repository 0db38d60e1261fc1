import { documentIssuer } from '../../../documents/index.js';
import type { GraphServices } from '../../../graph/context.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { SYSTEM } from '../../../shared/actor.js';
import { Refusal } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import { SHIPMENT_PREFIX } from '../../fulfillment/index.js';
import { ORDER_PREFIX } from '../../orders/index.js';
import { InvoiceScope } from '../invoice-input.type.js';
import { claimDue, keepPolicy, postponeDue, selectIsDue, settleDue, type DueRow } from '../invoice.queries.js';
import { invoiceSettings } from '../invoice.settings.js';
import { issueIfDue } from './issue-invoice.js';

const AGAIN_MS = 60_000;

/**
 * Invoices by itself what the policy has made due: with each shipment, or with the order. What is due is written down
 * in the transaction that makes it so, and struck off in the one that issues: exactly once, whoever is killed when.
 */
export const issueWhatIsDue: UpkeepTask = {
  name: 'issue-invoices',
  everyMs: 2_000,
  async run(hub) {
    const { db, clock, services } = hub;
    const { issueAt, isForStated } = services.get(invoiceSettings);
    await db.transaction('keep-invoice-policy', (tx) => tx.query(keepPolicy(issueAt, isForStated)));
    // What is due waits until it is said who sells.
    if (
      services.get(documentIssuer).seller === null ||
      !(await db.readOne(selectIsDue(clock.now().toISOString())))?.is_due
    )
      return;
    for (let last: string | null = '0'; last !== null;) last = await issueNext(hub, last);
  },
};

/** Invoices all that is due in the open transaction: for whoever ships much in one. */
export async function issueAllDue(scope: ActionScope): Promise<void> {
  if (scope.service(documentIssuer).seller === null) return;
  for (let last = '0'; ;) {
    const due = await scope.tx.one(claimDue(scope.now.toISOString(), last));
    if (!due) return;
    last = due.id;
    await issueOne(scope, due);
    await scope.tx.flush();
  }
}

/** Answers which it was; null where none is left. */
async function issueNext(hub: GraphServices, behind: string): Promise<string | null> {
  const { db, clock, log, services } = hub;
  let claimed: string | null = null;
  try {
    await db.transaction('issue-due-invoice', async (tx) => {
      const now = clock.now();
      const due = await tx.one(claimDue(now.toISOString(), behind));
      claimed = due?.id ?? null;
      if (!due) return;
      const refusal = await issueOne(
        { tx, now, actor: SYSTEM, customerId: null, service: (key) => services.get(key) },
        due,
      );
      if (refusal) log.warn({ err: refusal, order: due.order_id }, 'an invoice that was due is not issued');
    });
  } catch (error) {
    if (claimed === null) throw error;
    log.error({ err: error, due: claimed }, 'an invoice that is due could not be issued; it is tried again');
    const again = new Date(clock.now().getTime() + AGAIN_MS).toISOString();
    await db.transaction('postpone-invoice', (tx) => tx.query(postponeDue(claimed, again)));
  }
  return claimed;
}

/** Where it is refused, the parcel has come back meanwhile, say: nothing was written, and nothing will be. */
async function issueOne(scope: ActionScope, due: DueRow): Promise<Refusal | null> {
  const of =
    due.shipment_id === null ? { scope: InvoiceScope.ALL } : { shipmentId: typeId(SHIPMENT_PREFIX, due.shipment_id) };
  let refusal: Refusal | null = null;
  try {
    await issueIfDue(scope, { orderId: typeId(ORDER_PREFIX, due.order_id), ...of });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusal = error;
  }
  scope.tx.defer(settleDue(due.id));
  return refusal;
}
