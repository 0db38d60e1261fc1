import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { followShipments } from './actions/follow-shipments.js';
import { settleOpenLabels } from './actions/settle-open-labels.js';
import { CARRIER_RATE, CARRIER_RATE_PREFIX, CarrierRateType } from './carrier-rate.type.js';
import { CARRIER_RULE, CARRIER_RULE_PREFIX, CarrierRuleType } from './carrier-rule.type.js';
import { carrierSettings } from './carrier.settings.js';
import { CarrierTablesResolver } from './carrier-tables.resolver.js';
import { carrierNoticeRoute } from './notice-route.js';
import { provideCarriers } from './provide-carriers.js';
import { carrierRatesById, carrierRulesById } from './shipping.loaders.js';
import { ShippingResolver } from './shipping.resolver.js';
import { OrderTrackingPageResolver, ShipmentTrackingPageResolver } from './tracking-page/tracking-page.resolver.js';
import { trackingPageRoute } from './tracking-page/tracking-page-route.js';

const RATE = { kind: CARRIER_RATE, type: 'CarrierRate', prefix: CARRIER_RATE_PREFIX, roles: INSIDE };
const RULE = { kind: CARRIER_RULE, type: 'CarrierRule', prefix: CARRIER_RULE_PREFIX, roles: INSIDE };
const tables = [CarrierTablesResolver, historyOf(CarrierRateType, RATE), historyOf(CarrierRuleType, RULE)];

/** Carriers: what a shipment would cost, which of them takes it and why, its label, and where it is. */
export const carriers = {
  name: 'carriers',
  settings: [carrierSettings],
  services: provideCarriers,
  resolvers: [ShippingResolver, ...tables, ShipmentTrackingPageResolver, OrderTrackingPageResolver],
  nodes: [
    nodeSource(CARRIER_RATE_PREFIX, carrierRatesById, INSIDE),
    nodeSource(CARRIER_RULE_PREFIX, carrierRulesById, INSIDE),
  ],
  upkeep: [settleOpenLabels, followShipments],
  routes: (hub) => [carrierNoticeRoute(hub), trackingPageRoute(hub)],
} satisfies Module;

export { buyLabel } from './actions/buy-label.js';
export { cancelLabel } from './actions/cancel-label.js';
export { rateShipment } from './actions/rate-shipment.js';
export { trackShipment } from './actions/track-shipment.js';
export { trackingLinks } from './tracking-page/tracking-links.js';
