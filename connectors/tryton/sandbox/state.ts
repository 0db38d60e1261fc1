import { movesOf, quantityAt, valueOf, within } from './fields.js';
import type { Store } from './store.js';
import type { Row } from './values.js';
import { WAREHOUSES } from './business.js';

type Kept = Record<string, Record<string, unknown>>;

/** What the ERP keeps, by names rather than numbers: those of what a hub made depend on when it did. */
export function stateOf(store: Store): Kept {
  const code = (product: unknown) => String(store.get('product.product', product)?.code);
  const nameOf = (sale: Row) => String(sale.description ?? `sale ${sale.number as string}`);
  const ownLines = (sale: Row) =>
    store.rows('sale.line').filter((line) => line.sale === sale.id && line.type === 'line');
  const entries = <T>(rows: Row[], entry: (row: Row) => [string, T]) => Object.fromEntries(rows.map(entry).sort());
  return {
    sales: entries(store.rows('sale.sale'), (sale) => [
      nameOf(sale),
      {
        state: sale.state,
        reference: sale.reference,
        total: valueOf(store, 'sale.sale', sale, 'total_amount', {}),
        lines: ownLines(sale).map((line) => `${String(line.quantity)} ${code(line.product)}`),
        shipments: (valueOf(store, 'sale.sale', sale, 'shipments', {}) as number[]).map((id) => {
          const shipment = store.get('stock.shipment.out', id)!;
          const moves = movesOf(store, shipment, 'from_location');
          const sent = moves.map(({ product, quantity }) => `${String(quantity)} ${code(product)}`).sort();
          return { state: shipment.state, reference: shipment.reference, warehouse: shipment.warehouse, sent };
        }),
      },
    ]),
    parties: entries(store.rows('party.party'), (party) => [
      String(party.code),
      {
        name: party.name,
        active: party.active,
        ways: store
          .rows('party.contact_mechanism')
          .flatMap(({ party: of, type, value }) => (of === party.id ? [`${String(type)} ${String(value)}`] : [])),
        addresses: store
          .rows('party.address')
          .flatMap(({ party: of, street, city }) => (of === party.id ? [`${String(street)}, ${String(city)}`] : []))
          .sort(),
      },
    ]),
    levels: Object.fromEntries(
      store
        .rows('product.product')
        .flatMap((product) =>
          WAREHOUSES.map((warehouse) => [
            `${String(product.code)}@${warehouse}`,
            quantityAt(store, product.id, within(store, [warehouse])),
          ]),
        ),
    ),
  };
}
