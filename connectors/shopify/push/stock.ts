import { ConnectorFailure, exact, readWire, type OutgoingStock, type PushDefinition, type Sent } from '#connect';
import type { Credentials, Settings } from '../settings.js';
import { levelRecord, quantityOf } from '../wire/stock.js';
import { itemsFor, type Item } from './items.js';
import { levelSent, type Outcome, type StockSending } from './sent.js';
import { beginStocking, writeQuantities, type Due } from './write-quantities.js';

const MOST = 50;
/** How often a figure is read again that somebody else changed between reading and writing. */
const ROUNDS = 3;

/** What is free to sell, where the hub counts: set, never added to, and only over the figure that was just read. */
export const stock: PushDefinition<Settings, Credentials, 'stock'> = {
  of: 'stock',
  tellsAllAtFirst: true,
  most: MOST,

  concerns: ({ location }, { settings }) =>
    settings.stockCountedBy !== 'SHOP' && settings.locations?.[location] !== undefined,

  differs(raw, record) {
    const level = readWire(levelRecord, raw);
    const there = quantityOf(level, 'available');
    const told = String(wholeOf(record));
    return level.item.tracked && there !== told ? [{ field: 'available', told, there }] : [];
  },

  async send({ http, settings }, batch) {
    const outcomes = new Map<StockSending, Outcome>();
    for (let round = 0; round < ROUNDS && outcomes.size < batch.length; round += 1) {
      const open = batch.filter((sending) => !outcomes.has(sending));
      const items = await itemsFor(
        http,
        open.map(({ record }) => record),
      );
      const due: Due[] = [];
      for (const sending of open) {
        const found = items.get(sending.record);
        const locationId = settings.locations?.[sending.record.location];
        // What the shop does not sell or does not count it need not hear of.
        if (!found || locationId === undefined || !found.tracked) outcomes.set(sending, { externalId: null });
        else {
          const step = nextStep(sending, found, locationId);
          if ('from' in step) due.push(step);
          else outcomes.set(sending, 'sent' in step ? step.sent : await beginStocking(http, step));
        }
      }
      for (const [sending, outcome] of await writeQuantities(http, due)) outcomes.set(sending, outcome);
    }
    return batch.map(
      (sending) =>
        outcomes.get(sending) ??
        new ConnectorFailure(
          'transient',
          `stock ${sending.record.sku}: the shop changed it each time between reading and writing`,
        ),
    );
  },
};

type Step = Due | { sent: Sent } | Omit<Due, 'from'>;

function nextStep(sending: StockSending, { id, levels }: Item, locationId: string): Step {
  const quantity = wholeOf(sending.record);
  const level = levels.find(({ location }) => location.id === locationId);
  if (!level) return { sending, itemId: id, locationId, quantity };
  const from = Number(quantityOf(level, 'available'));
  if (from !== quantity) return { sending, itemId: id, locationId, quantity, from };
  return { sent: levelSent(id, locationId, level.updatedAt) };
}

/** Halves cannot be sold: what is told is never more than there is. */
function wholeOf({ available }: OutgoingStock): number {
  return exact(available).floor().toNumber();
}
