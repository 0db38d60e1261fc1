import {
  ConnectorFailure,
  exact,
  readWire,
  rejected,
  type OutgoingStock,
  type PushDefinition,
  type Sending,
  type Sent,
} from '#connect';
import { ask, type Context } from '../client.js';
import { setStock, stockPage } from '../documents.js';
import { listOf } from '../pull/records.js';
import type { Credentials, Settings } from '../settings.js';
import { levelId, levelRecord, levelVersion, stocked, type Level, type Stocked } from '../wire/goods.js';
import { list, record } from '../wire/parts.js';

const MOST = 50;
/** How often a figure is set again where an order was placed between reading and writing. */
const ROUNDS = 3;

type Outcome = Sent | ConnectorFailure;
interface Due {
  sending: Sending<'stock'>;
  variantId: string;
  locationId: string;
  available: number;
  level: Level | undefined;
}

/**
 * What is free to sell, where the hub counts. The shop takes what its open orders hold off what lies there by itself, so
 * what they hold is put on top: they are in the hub's figure already.
 */
export const stock: PushDefinition<Settings, Credentials, 'stock'> = {
  of: 'stock',
  tellsAllAtFirst: true,
  most: MOST,

  concerns: ({ location }, { settings }) =>
    settings.stockCountedBy !== 'SHOP' && settings.locations?.[location] !== undefined,

  differs(raw, record) {
    const { trackInventory, level } = readWire(levelRecord, raw);
    const there = String(Number(level.stockOnHand) - Number(level.stockAllocated));
    const told = String(wholeOf(record));
    return trackInventory !== 'FALSE' && there !== told ? [{ field: 'available', told, there }] : [];
  },

  async send(context, batch) {
    const outcomes = new Map<Sending<'stock'>, Outcome>();
    let due: Due[] = [];
    const variants = await variantsOf(context, batch);
    for (const sending of batch) {
      const next = dueOf(context.settings, sending, variants);
      if (next instanceof ConnectorFailure || 'externalId' in next) outcomes.set(sending, next);
      else due.push(next);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const each of due) if (isRight(each)) outcomes.set(each.sending, sentAs(each));
      due = due.filter((each) => !isRight(each));
      if (due.length === 0) break;
      due = await write(context, due);
    }
    for (const each of due) if (isRight(each)) outcomes.set(each.sending, sentAs(each));
    return batch.map(
      (sending) =>
        outcomes.get(sending) ??
        new ConnectorFailure('transient', `stock ${sending.record.sku}: orders changed it each time it was set`),
    );
  },
};

/** By the variants that the hub knows, else by their SKUs. */
async function variantsOf({ http }: Context, batch: readonly Sending<'stock'>[]): Promise<Stocked[]> {
  const records = batch.map((sending) => sending.record);
  const ids = records.flatMap(({ productExternalId }) => productExternalId ?? []);
  const skus = records.flatMap(({ productExternalId, sku }) => (productExternalId === null ? [sku] : []));
  const found: Stocked[] = [];
  for (const [field, values] of [['id', ids] as const, ['sku', skus] as const]) {
    if (values.length === 0) continue;
    const filter = { [field]: { in: [...new Set(values)] } };
    // Several may have one SKU: one more than were asked for shows that.
    const options = { take: 2 * MOST, skip: 0, sort: { id: 'ASC' }, filter };
    const { productVariants } = await ask(http, stockPage, { options }, record({ productVariants: listOf(stocked) }));
    found.push(...productVariants.items);
  }
  return found;
}

function dueOf(settings: Settings, sending: Sending<'stock'>, variants: readonly Stocked[]): Due | Outcome {
  const { sku, productExternalId, location } = sending.record;
  const own = variants.filter((each) =>
    productExternalId === null ? each.sku === sku : each.id === productExternalId,
  );
  const ids = new Set(own.map(({ id }) => id));
  if (ids.size > 1) return rejected(`stock ${sku}: several variants of the shop have this SKU`);
  const [variant] = own;
  const locationId = settings.locations?.[location];
  // What the shop does not sell or does not count it need not hear of.
  if (!variant || locationId === undefined || variant.trackInventory === 'FALSE') return { externalId: null };
  const level = variant.stockLevels.find(({ stockLocationId }) => stockLocationId === locationId);
  return { sending, variantId: variant.id, locationId, available: wholeOf(sending.record), level };
}

function onHandFor({ available, level }: Due): number {
  return available + Number(level?.stockAllocated ?? 0);
}

function isRight(due: Due): boolean {
  return due.level !== undefined && Number(due.level.stockOnHand) === onHandFor(due);
}

/** Sets all of them; each with what the shop has of it then. */
async function write({ http }: Context, due: readonly Due[]): Promise<Due[]> {
  const byVariant = Map.groupBy(due, ({ variantId }) => variantId);
  const input = [...byVariant].map(([id, levels]) => ({
    id,
    stockLevels: levels.map((each) => ({ stockLocationId: each.locationId, stockOnHand: onHandFor(each) })),
  }));
  const shape = record({ updateProductVariants: list(stocked.nullable()) });
  const { updateProductVariants: written } = await ask(http, setStock, { input }, shape);
  return due.map((each) => {
    const variant = written.find((one) => one?.id === each.variantId);
    const level = variant?.stockLevels.find(({ stockLocationId }) => stockLocationId === each.locationId);
    return { ...each, level };
  });
}

function sentAs({ variantId, locationId, level }: Due): Sent {
  return {
    externalId: levelId(variantId, locationId),
    version: levelVersion(level!),
    modifiedAt: level!.updatedAt,
  };
}

/** Halves cannot be sold: what is told is never more than there is. */
function wholeOf({ available }: OutgoingStock): number {
  return exact(available).floor().toNumber();
}
