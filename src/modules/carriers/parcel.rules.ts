import { exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';

/** What a carrier is told of what it is to carry. */
export interface Parcel {
  weightGrams: number;
  lengthMm: number | null;
  widthMm: number | null;
  heightMm: number | null;
}
export type StatedParcel = { [name in keyof Parcel]?: number | null };

const MOST_GRAMS = 1_000_000;
const MOST_MM = 10_000;
const SIDES = ['lengthMm', 'widthMm', 'heightMm'] as const;

/**
 * The parcel of a shipment: as it is stated, else with what is known of its content. `contentGrams` is null where a weight is not known.
 */
export function parcelOf(contentGrams: string | null, stated: StatedParcel, refusals: Refusals): Parcel {
  const sides = SIDES.map((side) => [side, stated[side] ?? null] as const);
  for (const [side, mm] of sides)
    if (mm !== null && (mm < 1 || mm > MOST_MM))
      refusals.add('INVALID', `parcel.${side}: expected 1 to ${MOST_MM}, got ${mm}`, ['parcel', side]);
  const known = sides.filter(([, mm]) => mm !== null);
  if (known.length > 0 && known.length < SIDES.length)
    refusals.add('REQUIRED', `parcel: expected all of ${SIDES.join(', ')}, or none`, ['parcel']);
  const weightGrams = stated.weightGrams ?? (contentGrams === null ? null : exact(contentGrams).ceil().toNumber());
  if (weightGrams === null)
    refusals.add('REQUIRED', 'parcel.weightGrams: expected one, a product of the shipment has no weight', [
      'parcel',
      'weightGrams',
    ]);
  else if (weightGrams < 1 || weightGrams > MOST_GRAMS)
    refusals.add('INVALID', `parcel.weightGrams: expected 1 to ${MOST_GRAMS}, got ${weightGrams}`, [
      'parcel',
      'weightGrams',
    ]);
  return { weightGrams: weightGrams ?? 0, ...(Object.fromEntries(sides) as Omit<Parcel, 'weightGrams'>) };
}
