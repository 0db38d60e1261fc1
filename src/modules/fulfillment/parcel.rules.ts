import { Refusals } from '../../shared/failures.js';
import type { ParcelInput, ParcelRow } from './parcel.type.js';

const MEASURES = {
  weightGrams: 'weight_grams',
  lengthMm: 'length_mm',
  widthMm: 'width_mm',
  heightMm: 'height_mm',
} as const;
type Measure = keyof typeof MEASURES;
const MOST = 100;

/** Throws where a parcel has a measure that is none, or where there are too many. */
export function checkParcels(parcels: readonly ParcelInput[] | null | undefined): void {
  const refusals = new Refusals();
  if (parcels && parcels.length > MOST)
    refusals.add('INVALID', `parcels: expected at most ${MOST}, got ${parcels.length}`, ['parcels']);
  parcels?.forEach((parcel, index) => {
    for (const measure of Object.keys(MEASURES) as Measure[]) {
      const value = parcel[measure];
      if (value != null && value < 1)
        refusals.add('INVALID', `${measure}: expected more than zero, got ${value}`, [
          'parcels',
          String(index),
          measure,
        ]);
    }
  });
  refusals.throwIfAny();
}

/** Parcels as an event tells them. */
export function shownParcels(parcels: readonly (ParcelInput | ParcelRow)[]): Partial<Record<Measure, number>>[] {
  return parcels.map((parcel) => {
    const value = (field: Measure): number | null | undefined =>
      'shipment_id' in parcel ? parcel[MEASURES[field]] : parcel[field];
    return Object.fromEntries(
      (Object.keys(MEASURES) as Measure[]).flatMap((field) => (value(field) == null ? [] : [[field, value(field)]])),
    );
  });
}
