import type { Change } from '#connect';
import { readWire } from '#connect';
import { hubLocation, type Settings } from '../settings.js';
import { levelId, levelRecord, quantityOf } from '../wire/stock.js';
import { textOf } from './people.js';

/**
 * What lies there, where the shop counts. Where the hub does, the shop's figure is the hub's own with the shop's last
 * orders taken off: taking it over would take them off twice.
 */
export function levelChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const read = readWire(levelRecord, raw);
  const location = hubLocation(settings, read.location.id);
  const sku = textOf(read.item.sku);
  if (settings.stockCountedBy !== 'SHOP' || location === undefined || sku === undefined || !read.item.tracked)
    return [];
  const onHand = quantityOf(read, 'on_hand');
  return [
    {
      kind: 'stock',
      level: {
        externalId: levelId(read.item.id, read.location.id),
        sourceVersion: read.updatedAt,
        sku,
        location,
        onHand,
      },
    },
  ];
}
