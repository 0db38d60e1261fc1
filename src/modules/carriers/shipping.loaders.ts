import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { selectCarrierRates } from './carrier-rate.queries.js';
import { CarrierRateType } from './carrier-rate.type.js';
import { selectCarrierRules } from './carrier-rule.queries.js';
import { CarrierRuleType } from './carrier-rule.type.js';
import { selectLabelsOfShipments } from './label.queries.js';
import { selectOffersOfShipments } from './rating.queries.js';
import { ShippingLabelType, ShippingOfferType } from './shipping.type.js';

/** Of shipments that the viewer sees already. */
export const offersOfShipment = defineLoader<string, ShippingOfferType[]>('offersOfShipment', async (ids, { db }) => {
  const rows = await db.read(selectOffersOfShipments(ids));
  return listsOf(
    ids,
    rows.map((row) => new ShippingOfferType(row)),
    ({ row }) => row.shipment_id,
  );
});

/** Of shipments that the viewer sees already. */
export const labelOfShipment = defineLoader<string, ShippingLabelType | null>(
  'labelOfShipment',
  async (ids, { db }) => {
    const rows = await db.read(selectLabelsOfShipments(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new ShippingLabelType(row)),
      ({ row }) => row.shipment_id,
    );
  },
);

export const carrierRatesById = defineLoader<string, CarrierRateType | null>(
  'carrierRatesById',
  async (ids, { db }) => {
    const rows = await db.read(selectCarrierRates(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new CarrierRateType(row)),
      ({ row }) => row.id,
    );
  },
);

export const carrierRulesById = defineLoader<string, CarrierRuleType | null>(
  'carrierRulesById',
  async (ids, { db }) => {
    const rows = await db.read(selectCarrierRules(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new CarrierRuleType(row)),
      ({ row }) => row.id,
    );
  },
);
