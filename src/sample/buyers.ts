import { sql } from '../db/statement.js';
import type { Transaction } from '../db/transaction.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../modules/customers/index.js';
import { typeId } from '../shared/ids.js';
import { CUSTOMERS } from './customers.js';

/** A customer of the sample company, by the ids that the graph's inputs take. */
export interface Buyer {
  number: string;
  customerId: string;
  contactId: string;
}

const selectBuyers = sql<{ number: string; id: string; contact_id: string }>(
  'sample.buyers',
  `select c.number, c.id, k.id as contact_id from customer c
     join contact k on k.customer_id = c.id and k.position = 0
    where c.number = any($1::text[]) order by c.number`,
);

export async function findBuyers(tx: Transaction): Promise<Buyer[]> {
  const rows = await tx.query(selectBuyers(CUSTOMERS.map(({ number }) => number)));
  return rows.map((row) => ({
    number: row.number,
    customerId: typeId(CUSTOMER_PREFIX, row.id),
    contactId: typeId(CONTACT_PREFIX, row.contact_id),
  }));
}
