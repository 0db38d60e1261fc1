import type { Statement } from '../../../db/statement.js';
import type { Transaction } from '../../../db/transaction.js';
import { insertParcels } from '../parcel.queries.js';
import type { ParcelInput } from '../parcel.type.js';

/** The parcels of a shipment that has none yet. */
export async function newParcels(
  tx: Transaction,
  shipmentId: string,
  parcels: readonly ParcelInput[] | null | undefined,
): Promise<Statement[]> {
  if (!parcels || parcels.length === 0) return [];
  return [
    insertParcels(
      shipmentId,
      await tx.ids.take(parcels.length),
      parcels.map((parcel) => parcel.weightGrams ?? null),
      parcels.map((parcel) => parcel.lengthMm ?? null),
      parcels.map((parcel) => parcel.widthMm ?? null),
      parcels.map((parcel) => parcel.heightMm ?? null),
    ),
  ];
}
