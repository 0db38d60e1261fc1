import { exact } from '#connect';
import type { Store } from './store.js';
import type { Json, Row } from './values.js';

/** Which model a field leads to. */
export const LEADS_TO: Readonly<Record<string, string>> = {
  party: 'party.party',
  country: 'country.country',
  subdivision: 'country.subdivision',
  currency: 'currency.currency',
  sale: 'sale.sale',
  product: 'product.product',
  template: 'product.template',
  tax_identifier: 'party.identifier',
};

type Compute = (row: Row, store: Store, context: Json) => unknown;
const idsOf = (store: Store, model: string, field: string, value: unknown): number[] =>
  store.rows(model).flatMap((row) => (row[field] === value ? [row.id] : []));
const children =
  (model: string, field: string): Compute =>
  (row, store) =>
    idsOf(store, model, field, row.id);
const ofTemplate =
  (field: string): Compute =>
  (row, store) =>
    store.get('product.template', row.template)?.[field] ?? null;

/** Fields that the server reckons when they are read. */
export const COMPUTED: Readonly<Record<string, Readonly<Record<string, Compute>>>> = {
  'party.party': {
    addresses: children('party.address', 'party'),
    tax_identifier: (row, store) =>
      store.rows('party.identifier').find(({ party, type }) => party === row.id && type === 'eu_vat')?.id ?? null,
  },
  'product.template': { products: children('product.product', 'template') },
  'product.product': {
    name: ofTemplate('name'),
    type: ofTemplate('type'),
    consumable: ofTemplate('consumable'),
    quantity: (row, store, context) => {
      const places = (context.locations ?? []) as number[];
      // Without a place the figure means nothing.
      return places.length === 0 ? 0 : quantityAt(store, row.id, within(store, places));
    },
  },
  'sale.sale': {
    lines: children('sale.line', 'sale'),
    untaxed_amount: (row, store) => untaxed(store, row),
    tax_amount: (row, store) => taxOf(store, row),
    total_amount: (row, store) =>
      exact(untaxed(store, row))
        .plus(exact(taxOf(store, row)))
        .toFixed(2),
    shipments: (row, store) =>
      store
        .rows('stock.shipment.out')
        .flatMap((shipment) => (saleIdsOf(store, shipment).has(row.id) ? [shipment.id] : [])),
  },
  'sale.line': { amount: (row) => amountOf(row) },
  'stock.shipment.out': {
    moves: (row, store) => idsOf(store, 'stock.move', 'shipment', `stock.shipment.out,${row.id}`),
    outgoing_moves: (row, store) => movesOf(store, row, 'from_location').map(({ id }) => id),
    inventory_moves: (row, store) => movesOf(store, row, 'to_location').map(({ id }) => id),
  },
};

export function valueOf(store: Store, model: string, row: Row, field: string, context: Json): unknown {
  const compute = COMPUTED[model]?.[field];
  return compute ? compute(row, store, context) : row[field];
}

export function movesOf(store: Store, shipment: Row, side: 'from_location' | 'to_location'): Row[] {
  const output = store.get('stock.location', shipment.warehouse)?.output_location;
  const reference = `stock.shipment.out,${shipment.id}`;
  return store.rows('stock.move').filter((move) => move.shipment === reference && move[side] === output);
}

export function saleLineOf(store: Store, move: Row): Row | undefined {
  const [model, id] = String(move.origin ?? '').split(',');
  if (model === 'stock.move') {
    const source = store.get('stock.move', Number(id));
    return source && saleLineOf(store, source);
  }
  return model === 'sale.line' ? store.get('sale.line', Number(id)) : undefined;
}

export function saleIdsOf(store: Store, shipment: Row): Set<unknown> {
  return new Set(movesOf(store, shipment, 'from_location').map((move) => saleLineOf(store, move)?.sale));
}

function amountOf({ type, quantity, unit_price: price }: Row): string {
  if (type !== 'line') return '0.00';
  // Halves of a cent go to the even one.
  return exact(String(quantity))
    .times(exact(String(price)))
    .toDecimalPlaces(2, 6)
    .toFixed(2);
}

function untaxed(store: Store, sale: Row): string {
  const lines = store.rows('sale.line').filter((line) => line.sale === sale.id && line.type === 'line');
  return lines.reduce((all, line) => all.plus(exact(amountOf(line))), exact(0)).toFixed(2);
}

/** By tax over the whole sale, each rounded once. */
function taxOf(store: Store, sale: Row): string {
  const bases = new Map<number, ReturnType<typeof exact>>();
  for (const line of store.rows('sale.line').filter((each) => each.sale === sale.id && each.type === 'line')) {
    for (const tax of line.taxes as number[]) {
      bases.set(tax, (bases.get(tax) ?? exact(0)).plus(exact(amountOf(line))));
    }
  }
  const sum = [...bases].reduce((all, [tax, base]) => {
    const rate = exact(String(store.get('account.tax', tax)!.rate));
    return all.plus(base.times(rate).toDecimalPlaces(2, 6));
  }, exact(0));
  return sum.toFixed(2);
}

export function within(store: Store, places: readonly number[]): Set<number> {
  const found = new Set(places);
  for (const place of store.rows('stock.location')) if (found.has(place.parent as number)) found.add(place.id);
  return found;
}

export function quantityAt(store: Store, product: number, places: ReadonlySet<number>): number {
  let sum = exact(0);
  for (const move of store.rows('stock.move')) {
    if (move.product !== product || move.state !== 'done') continue;
    const quantity = exact(String(move.quantity));
    if (places.has(move.to_location as number)) sum = sum.plus(quantity);
    if (places.has(move.from_location as number)) sum = sum.minus(quantity);
  }
  return sum.toNumber();
}
