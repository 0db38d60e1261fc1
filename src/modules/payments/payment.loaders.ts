import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { externalReferencesOf } from '../references/index.js';
import { selectPayments, selectPaymentsOfOrders } from './payment.queries.js';
import { PAYMENT, PaymentType } from './payment.type.js';

export const paymentsById = defineLoader<string, PaymentType | null>('paymentsById', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectPayments(ids))).filter((row) => maySee(viewer, row.customer_id));
  return inOrderOf(
    ids,
    rows.map((row) => new PaymentType(row)),
    ({ row }) => row.id,
  );
});

/** Payments of orders that the viewer sees already. */
export const paymentsOfOrder = defineLoader<string, PaymentType[]>('paymentsOfOrder', async (ids, { db }) => {
  const rows = await db.read(selectPaymentsOfOrders(ids));
  return listsOf(
    ids,
    rows.map((row) => new PaymentType(row)),
    ({ row }) => row.order_id,
  );
});

export const paymentReferences = externalReferencesOf(PAYMENT);
