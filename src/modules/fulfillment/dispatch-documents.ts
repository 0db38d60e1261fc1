import { documentIssuer, type DocumentSource, type Issuer, type Language, type Sheet } from '../../documents/index.js';
import type { GraphServices } from '../../graph/context.js';
import { parseInstant } from '../../shared/clock.js';
import { idOf } from '../../shared/ids.js';
import { selectDispatch, selectDispatchLines } from './dispatch.queries.js';
import { packingSlip, pickList, type Dispatch } from './dispatch-sheet.rules.js';
import { SHIPMENT_PREFIX } from './shipment.type.js';

export const packingSlips = documentOf('packing-slip', packingSlip);
export const pickLists = documentOf('pick-list', pickList);

function documentOf(
  kind: string,
  sheetOf: (dispatch: Dispatch, issuer: Issuer, language: Language) => Sheet,
): DocumentSource {
  return {
    kind,
    async find(id, language, hub) {
      const key = idOf(SHIPMENT_PREFIX, id);
      const dispatch = key === null ? null : await readDispatch(hub, key);
      if (!dispatch) return null;
      return {
        name: `${kind}-${dispatch.number}`,
        sheet: sheetOf(dispatch, hub.services.get(documentIssuer), language),
      };
    },
  };
}

async function readDispatch({ db }: GraphServices, id: string): Promise<Dispatch | null> {
  const row = await db.readOne(selectDispatch(id));
  if (!row) return null;
  return {
    number: row.number,
    at: parseInstant(row.created_at),
    order: { number: row.order_number, purchaseOrderNumber: row.purchase_order_number },
    location: { code: row.location_code, name: row.location_name, address: row.location_address },
    shipTo: row.shipping_address,
    carrier: [row.carrier, row.service].filter(Boolean).join(', ') || null,
    trackingNumber: row.tracking_number,
    lines: await db.read(selectDispatchLines(id)),
  };
}
