import type { Transaction } from '../db/transaction.js';
import { sql } from '../db/statement.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../modules/customers/index.js';
import { typeId } from '../shared/ids.js';
import { instantText } from '../shared/clock.js';

/** A customer of the sample company, by the ids that the graph's inputs take. */
export interface Buyer {
  customerId: string;
  contactId: string | null;
  country: string;
}

const selectBuyers = sql<{ number: string; id: string; contact_id: string | null; country: string }>(
  'sample.buyers',
  `select c.number, c.id, k.id as contact_id, c.billing_address->>'country' as country from customer c
     left join contact k on k.customer_id = c.id and k.position = 0 where c.number like 'S-%'`,
);
const selectMade = sql<{ id: string; kind: 'order' | 'quote'; created_at: string }>(
  'sample.made',
  `select id, 'order' as kind, created_at from orders union all select id, 'quote', created_at from quote`,
);

/** What the steps have made so far, found by the time at which it was made, also by a process that goes on later. */
export class World {
  readonly #orders = new Map<string, string>();
  readonly #quotes = new Map<string, string>();
  #buyers = new Map<string, Buyer>();

  /** Reads what is there: customers come with their own transaction. */
  async read(tx: Transaction): Promise<void> {
    const [buyers, made] = await tx.batch([selectBuyers(), selectMade()]);
    this.#buyers = new Map(
      (
        buyers as Awaited<
          ReturnType<typeof tx.query<{ number: string; id: string; contact_id: string | null; country: string }>>
        >
      ).map(({ number, id, contact_id, country }) => [
        number,
        {
          customerId: typeId(CUSTOMER_PREFIX, id),
          contactId: contact_id === null ? null : typeId(CONTACT_PREFIX, contact_id),
          country,
        },
      ]),
    );
    for (const { id, kind, created_at } of made as { id: string; kind: string; created_at: string }[])
      (kind === 'order' ? this.#orders : this.#quotes).set(instantText(created_at), id);
  }

  buyer(number: string): Buyer {
    return this.#buyers.get(number)!;
  }

  made(kind: 'order' | 'quote', at: Date, id: string): void {
    (kind === 'order' ? this.#orders : this.#quotes).set(at.toISOString(), id);
  }

  order(at: Date): string | undefined {
    return this.#orders.get(at.toISOString());
  }

  quote(at: Date): string | undefined {
    return this.#quotes.get(at.toISOString());
  }
}
