import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { taxRatesById } from './tax-rate.loaders.js';
import { TaxRateResolver } from './tax-rate.resolver.js';
import { TAX_RATE, TAX_RATE_PREFIX, TaxRateType } from './tax-rate.type.js';

const HISTORY = { kind: TAX_RATE, type: 'TaxRate', prefix: TAX_RATE_PREFIX, roles: INSIDE };

/** How what is sold is taxed: dated rates by place, whom they do not bind, and how taxes are rounded. */
export const tax: Module = {
  name: 'tax',
  resolvers: [TaxRateResolver, historyOf(TaxRateType, HISTORY)],
  nodes: [nodeSource(TAX_RATE_PREFIX, taxRatesById, INSIDE)],
};

export * from './tax-exemption.type.js';
export * from './tax-provider.rules.js';
export { selectTaxRates, selectTaxRatesOfEach, type KnownRateRow } from './tax-rate.queries.js';
export * from './tax.rules.js';
