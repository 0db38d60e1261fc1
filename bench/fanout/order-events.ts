import { Database } from '../../src/db/database.js';
import { sql } from '../../src/db/statement.js';
import { appendEvents } from '../../src/events/append.js';
import { SYSTEM } from '../../src/shared/actor.js';

const countEvent = sql<{ event_count: number }>(
  'bench.count-event',
  `update orders set event_count = event_count + 1 where id = $1 returning event_count`,
);

/** Writes events of one order as the hub's actions do, from outside the hub's process. */
export class OrderEvents {
  private constructor(
    private readonly database: Database,
    private readonly orderId: string,
  ) {}

  static async open(url: string): Promise<OrderEvents> {
    const database = await Database.open({ url, entities: [], poolSize: 2 });
    const order = await database.readOne(
      sql<{ id: string }>('bench.an-order', 'select id from orders order by id limit 1')(),
    );
    return new OrderEvents(database, order!.id);
  }

  async write(message: string): Promise<void> {
    await this.database.transaction('bench.event', async (tx) => {
      const sequence = (await tx.one(countEvent(this.orderId)))!.event_count;
      const subject = { subjectKind: 'order', subjectId: this.orderId, sequence };
      await appendEvents(tx, [{ ...subject, type: 'EDITED', at: new Date(), actor: SYSTEM, message }]);
    });
  }

  async close(): Promise<void> {
    await this.database.close();
  }
}
