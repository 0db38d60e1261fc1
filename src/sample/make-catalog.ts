import { sql } from '../db/statement.js';
import { setPrice, upsertProduct } from '../modules/catalog/index.js';
import { adjustStock, setReorderPolicy, upsertStockLocation, type StockAdjustment } from '../modules/stock/index.js';
import { exact } from '../shared/decimal.js';
import { BUNDLES } from './bundles.js';
import { CONFIGURABLE } from './options.js';
import { FAMILY_PRODUCTS } from './families.js';
import { PRODUCTS, type SampleProduct } from './products.js';
import type { SampleSize } from './size.js';
import type { CarryOut, Part } from './work.js';

/** Made first of all: by it the sample company is known again, and its time is when the company opened. */
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
  {
    code: 'MUNICH',
    name: 'Munich branch',
    address: { line1: 'Schleißheimer Straße 340', city: 'München', region: 'BY', postalCode: '80809', country: 'DE' },
  },
];
export const RECEIPT = 'RECEIPT' as NonNullable<StockAdjustment['kind']>;
/** Who sells on buys for less. */
export const DISTRIBUTORS = 'distributors';
const DISTRIBUTORS_PAY = '0.88';
const SEK_FOR_A_EURO = '11.4';
const MUNICH_HAS = '0.25';

const findLocation = sql('sample.find-location', `select id from stock_location where code = $1`);

/** The products of a company of that size, those described one by one first; bundles are apart. */
export function productsOf(size: SampleSize): SampleProduct[] {
  return [...PRODUCTS, ...FAMILY_PRODUCTS].slice(0, size.products - bundlesOf(size).length);
}

export function bundlesOf(size: SampleSize) {
  return BUNDLES.slice(0, Math.max(3, Math.min(BUNDLES.length, size.products - PRODUCTS.length)));
}

/** Where things are, what is sold at which price, and how much there is. */
export function catalogPart(openedAt: Date, size: SampleSize): Part {
  return {
    name: 'catalog',
    isThere: findLocation(FIRST_LOCATION),
    async make(carryOut) {
      for (const location of LOCATIONS) await carryOut(openedAt, (scope) => upsertStockLocation(scope, location));
      for (const product of productsOf(size)) await makeProduct(carryOut, product, openedAt);
      for (const { price, ...bundle } of bundlesOf(size)) {
        const components = bundle.components.map((part) => ({ ...part }));
        await carryOut(openedAt, (scope) => upsertProduct(scope, { ...bundle, components }));
        if (price !== undefined) await makePrices(carryOut, { sku: bundle.sku, price }, openedAt);
      }
      for (const product of CONFIGURABLE) await carryOut(openedAt, (scope) => upsertProduct(scope, product));
    },
  };
}

async function makeProduct(carryOut: CarryOut, product: SampleProduct, at: Date): Promise<void> {
  const { sku, price, tier, stock, inShops: _, ...facts } = product;
  const isStocked = stock !== undefined;
  await carryOut(at, (scope) => upsertProduct(scope, { sku, ...facts, isStocked, requiresShipping: isStocked }));
  await makePrices(carryOut, { sku, price, ...(tier && { tier }) }, at);
  if (!stock) return;
  const shelves = { ...stock, MUNICH: part(stock.BOLOGNA, MUNICH_HAS) };
  for (const [location, delta] of Object.entries(shelves)) {
    const policy = { sku, location, reorderPoint: part(delta, '0.3'), reorderQuantity: part(delta, '0.8') };
    const receipt = { sku, location, delta, kind: RECEIPT, reason: 'Opening stock' };
    await carryOut(at, (scope) => adjustStock(scope, receipt));
    await carryOut(at, (scope) => setReorderPolicy(scope, { ...policy, safetyStock: part(delta, '0.02') }));
  }
}

/** In EUR for everybody and for distributors, in SEK for Sweden. */
async function makePrices(
  carryOut: CarryOut,
  { sku, price, tier }: Pick<SampleProduct, 'sku' | 'price' | 'tier'>,
  at: Date,
): Promise<void> {
  const set = (amount: string, currency: string, more: { priceList?: string; minimumQuantity?: string } = {}) =>
    carryOut(at, (scope) => setPrice(scope, { sku, unitPrice: { amount, currency }, ...more }));
  await set(price, 'EUR');
  if (tier) await set(tier.price, 'EUR', { minimumQuantity: tier.from });
  await set(exact(price).times(DISTRIBUTORS_PAY).toFixed(2), 'EUR', { priceList: DISTRIBUTORS });
  await set(exact(price).times(SEK_FOR_A_EURO).toFixed(0), 'SEK');
}

/** A share of a quantity, in whole pieces, at least one. */
function part(quantity: string, share: string): string {
  const pieces = exact(quantity).times(share).toDecimalPlaces(0);
  return pieces.isZero() ? '1' : pieces.toFixed();
}
