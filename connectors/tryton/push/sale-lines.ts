import { rejected, type OutgoingOrder } from '#connect';
import { find, type Context } from '../client.js';
import type { SaleLine } from '../mapping/sale.js';
import { companyOf } from '../settings.js';
import { id, record, text } from '../wire/parts.js';
import { decimalOf, floatOf, idOf } from '../wire/values.js';

/** Lines as a sale takes them; products by the hub’s knowledge of them, else by their codes. */
export async function lineValues(
  context: Context,
  order: OutgoingOrder,
  lines: readonly SaleLine[],
): Promise<object[]> {
  const products = await productsOf(context, lines);
  const taxes = new Map<string, number>();
  const values: object[] = [];
  for (const line of lines) {
    const product = productOf(context, order, line, products);
    for (const rate of line.rates) taxes.set(rate, taxes.get(rate) ?? (await taxOf(context, order, rate)));
    values.push({
      type: 'line',
      product: idOf(product.id),
      unit: idOf(product['template.'].default_uom),
      quantity: floatOf(line.quantity),
      unit_price: decimalOf(line.unitPrice),
      description: line.description,
      taxes: line.rates.length === 0 ? [] : [['add', line.rates.map((rate) => taxes.get(rate)!)]],
    });
  }
  return values;
}

const shape = { code: text.nullish(), 'template.': record({ default_uom: id }) };
interface Product {
  id: string;
  code?: string | null | undefined;
  'template.': { default_uom: string };
}

function productsOf(context: Context, lines: readonly SaleLine[]): Promise<Product[]> {
  const { chargeProduct } = context.settings;
  const ids = lines.flatMap(({ product }) => product ?? []).map(idOf);
  const codes = lines.flatMap(({ sku, product }) => (product === null ? (sku ?? chargeProduct ?? []) : []));
  const domain = ['OR', ['id', 'in', ids], ['code', 'in', codes]];
  return find(context, 'product.product', { domain, fields: ['code', 'template.default_uom'] }, shape);
}

function productOf(
  { settings }: Context,
  { number }: OutgoingOrder,
  line: SaleLine,
  known: readonly Product[],
): Product {
  const code = line.sku ?? settings.chargeProduct;
  if (code === undefined) {
    throw rejected(
      `order ${number}: it charges ${line.unitPrice} beside its lines; chargeProduct would say under what`,
    );
  }
  const own = known.filter((each) => (line.product === null ? each.code === code : each.id === line.product));
  if (own.length === 1) return own[0]!;
  throw rejected(`order ${number}: expected one product "${code}" in Tryton, found ${own.length}`);
}

async function taxOf(context: Context, { number }: OutgoingOrder, rate: string): Promise<number> {
  const named = context.settings.taxes?.[rate];
  if (named !== undefined) return idOf(named);
  const domain = [
    ['type', '=', 'percentage'],
    ['rate', '=', decimalOf(rate)],
    ['company', '=', companyOf(context.settings)],
    ['active', '=', true],
  ];
  const found = await find(context, 'account.tax', { domain, fields: ['name'] }, { name: text });
  if (found.length === 1) return idOf(found[0]!.id);
  throw rejected(
    `order ${number}: expected one tax of ${rate} in Tryton, found ${found.length}; taxes would say which`,
  );
}
