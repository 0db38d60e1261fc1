import { sql } from '../db/statement.js';
import { setPrice, upsertProduct } from '../modules/catalog/index.js';
import { adjustStock, upsertStockLocation, type StockAdjustment } from '../modules/stock/index.js';
import { PRODUCTS, type SampleProduct } from './products.js';
import type { CarryOut, Part } from './work.js';

/** Made first of all: by it the sample company is known again. */
export const FIRST_LOCATION = 'BOLOGNA';

const LOCATIONS = [
  {
    code: FIRST_LOCATION,
    name: 'Bologna central warehouse',
    address: { line1: 'Via del Traffico 5', city: 'Bologna', region: 'BO', postalCode: '40128', country: 'IT' },
  },
  {
    code: 'PADOVA',
    name: 'Padova branch',
    address: { line1: 'Corso Stati Uniti 18', city: 'Padova', region: 'PD', postalCode: '35127', country: 'IT' },
  },
];
export const RECEIPT = 'RECEIPT' as NonNullable<StockAdjustment['kind']>;

const findLocation = sql('sample.find-location', `select id from stock_location where code = $1`);

/** Where things are, what is sold at which price, and how much there is. */
export function catalogPart(openedAt: Date): Part {
  return {
    name: 'catalog',
    isThere: findLocation(FIRST_LOCATION),
    async make(carryOut) {
      for (const location of LOCATIONS) await carryOut(openedAt, (scope) => upsertStockLocation(scope, location));
      for (const product of PRODUCTS) await makeProduct(carryOut, product, openedAt);
    },
  };
}

async function makeProduct(carryOut: CarryOut, product: SampleProduct, at: Date): Promise<void> {
  const { sku, price, tier, stock, inShops: _, ...facts } = product;
  const isStocked = stock !== undefined;
  await carryOut(at, (scope) => upsertProduct(scope, { sku, ...facts, isStocked, requiresShipping: isStocked }));
  const unitPrice = (amount: string) => ({ amount, currency: 'EUR' });
  await carryOut(at, (scope) => setPrice(scope, { sku, unitPrice: unitPrice(price) }));
  if (tier) {
    const input = { sku, unitPrice: unitPrice(tier.price), minimumQuantity: tier.from };
    await carryOut(at, (scope) => setPrice(scope, input));
  }
  for (const [location, delta] of Object.entries(stock ?? {})) {
    const input = { sku, location, delta, kind: RECEIPT, reason: 'Opening stock' };
    await carryOut(at, (scope) => adjustStock(scope, input));
  }
}
