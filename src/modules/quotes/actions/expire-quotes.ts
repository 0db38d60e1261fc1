import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { SYSTEM } from '../../../shared/actor.js';
import { quoteMoved } from '../quote.events.js';
import { lockExpiredQuotes, moveQuote } from '../quote.queries.js';
import { assertQuoteMove, quoteMachine } from '../quote.states.js';

const AT_ONCE = 100;
const CAN_EXPIRE = quoteMachine.statuses.filter((status) => quoteMachine.canMove(status, 'EXPIRED'));

/** Quotes whose validity has passed become EXPIRED, some at once; answers how many. Leaves out those in use just now. */
export async function expireQuotes(scope: ActionScope): Promise<number> {
  const quotes = await scope.tx.query(lockExpiredQuotes(CAN_EXPIRE, scope.now.toISOString(), AT_ONCE));
  for (const quote of quotes) {
    assertQuoteMove(quote, 'EXPIRED');
    scope.tx.defer(moveQuote(quote.id, 'EXPIRED', scope.now.toISOString()));
  }
  await appendEvents(
    scope.tx,
    quotes.map((quote) =>
      quoteMoved(quote, scope, quote.status, 'EXPIRED', { message: `Quote ${quote.number} has expired` }),
    ),
  );
  return quotes.length;
}

/** What the clock does to quotes. Until then a quote past its validity is refused by every step all the same. */
export const expireQuotesByTheClock: UpkeepTask = {
  name: 'expire-quotes',
  everyMs: 10_000,
  async run({ db, clock, services }) {
    const some = () =>
      db.transaction('expire-quotes', (tx) =>
        expireQuotes({
          tx,
          now: clock.now(),
          actor: SYSTEM,
          customerId: null,
          service: (key) => services.get(key),
        }),
      );
    while ((await some()) === AT_ONCE);
  },
};
