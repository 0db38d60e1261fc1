import { exact } from '#connect';
import { movesOf, quantityAt, saleIdsOf, saleLineOf, within } from './fields.js';
import { userError, Refusal, type Store } from './store.js';
import type { Row } from './values.js';

const MODEL = 'stock.shipment.out';
/** From where each button leads on; anywhere else it does nothing and says nothing. */
const FROM: Readonly<Record<string, readonly string[]>> = {
  wait: ['draft', 'waiting', 'assigned'],
  draft: ['waiting', 'cancelled'],
  assign_try: ['waiting'],
  assign_force: ['waiting'],
  pick: ['assigned'],
  pack: ['picked'],
  done: ['packed'],
  cancel: ['draft', 'waiting', 'assigned', 'picked', 'packed'],
};

/** How goods leave a warehouse: planned, assigned, picked into the output zone, packed, and gone. */
export class Shipping {
  constructor(private readonly store: Store) {}

  has(button: string): boolean {
    return button in FROM;
  }

  press(button: string, shipment: Row): unknown {
    if (!FROM[button]!.includes(String(shipment.state))) return button === 'assign_try' ? false : null;
    switch (button) {
      case 'wait':
        this.#plan(shipment);
        return this.#to(shipment, 'waiting');
      case 'draft':
        return this.#to(shipment, 'draft');
      case 'assign_try':
        return this.#assign(shipment);
      case 'assign_force':
        return this.#to(shipment, 'assigned');
      case 'pick':
        return this.#pick(shipment);
      case 'pack':
        return this.#pack(shipment);
      case 'done':
        return this.#finish(shipment);
      default:
        for (const move of this.#moves(shipment)) this.store.change(move, { state: 'cancelled' });
        this.#to(shipment, 'cancelled');
        return this.#afterwards(shipment);
    }
  }

  /** What a sale has sold and nobody has sent or planned yet. */
  planFor(sale: Row): void {
    const lines = this.store.rows('sale.line').filter((line) => line.sale === sale.id && line.type === 'line');
    const open = lines.flatMap((line) => {
      const product = this.store.get('product.product', line.product);
      const template = product && this.store.get('product.template', product.template);
      const left = exact(String(line.quantity)).minus(this.#sentOf(line)).toNumber();
      return template?.type === 'goods' && left > 0 ? [{ line, left }] : [];
    });
    if (open.length === 0) return;
    const warehouse = this.store.get('stock.location', sale.warehouse)!;
    const number = String(this.store.number('shipment number'));
    const made = { number, reference: null, company: sale.company, customer: sale.party, warehouse: warehouse.id };
    const shipment = this.store.make(MODEL, { ...made, state: 'draft' });
    for (const { line, left } of open) {
      this.store.make('stock.move', {
        product: line.product,
        uom: line.unit,
        quantity: left,
        from_location: warehouse.output_location,
        to_location: CUSTOMER_PLACE,
        state: 'draft',
        company: sale.company,
        shipment: `${MODEL},${shipment.id}`,
        origin: `sale.line,${line.id}`,
      });
    }
    this.press('wait', shipment);
  }

  #sentOf(line: Row): number {
    const own = this.store
      .rows('stock.move')
      .filter((move) => move.origin === `sale.line,${line.id}` && move.state !== 'cancelled');
    return own.reduce((all, move) => all.plus(exact(String(move.quantity))), exact(0)).toNumber();
  }

  #moves(shipment: Row): Row[] {
    return [...movesOf(this.store, shipment, 'from_location'), ...movesOf(this.store, shipment, 'to_location')];
  }

  #to(shipment: Row, state: string): null {
    this.store.change(shipment, { state });
    return null;
  }

  #plan(shipment: Row): void {
    const warehouse = this.store.get('stock.location', shipment.warehouse)!;
    for (const move of movesOf(this.store, shipment, 'to_location')) this.store.drop('stock.move', move);
    for (const move of movesOf(this.store, shipment, 'from_location')) {
      const { product, uom, quantity, company, shipment: of } = move;
      const places = { from_location: warehouse.storage_location, to_location: warehouse.output_location };
      const origin = `stock.move,${move.id}`;
      const goods = { product, uom, quantity, company };
      this.store.make('stock.move', { ...goods, shipment: of, ...places, origin, state: 'draft' });
    }
  }

  #assign(shipment: Row): boolean {
    const warehouse = this.store.get('stock.location', shipment.warehouse)!;
    const places = within(this.store, [warehouse.storage_location as number]);
    const moves = movesOf(this.store, shipment, 'to_location');
    const hasAll = moves.every(
      (move) => quantityAt(this.store, move.product as number, places) >= (move.quantity as number),
    );
    if (hasAll) this.#to(shipment, 'assigned');
    return hasAll;
  }

  #pick(shipment: Row): null {
    const picked = movesOf(this.store, shipment, 'to_location');
    for (const move of picked) this.store.change(move, { state: 'done' });
    for (const move of movesOf(this.store, shipment, 'from_location')) {
      const own = picked.filter(({ origin }) => origin === `stock.move,${move.id}`);
      const quantity = own.reduce((all, each) => all.plus(exact(String(each.quantity))), exact(0)).toNumber();
      if (quantity !== move.quantity) this.store.change(move, { quantity });
    }
    return this.#to(shipment, 'picked');
  }

  #pack(shipment: Row): null {
    const name = `${MODEL}.pack.carrier,${shipment.id}`;
    const warning = this.store.rows('res.user.warning').find((each) => each.name === name);
    if (!warning) throw new Refusal('UserWarning', [name, 'The shipment has no carrier.', '']);
    this.store.drop('res.user.warning', warning);
    for (const move of movesOf(this.store, shipment, 'from_location')) {
      if (move.quantity === 0) this.store.drop('stock.move', move);
      else this.store.change(move, { state: 'assigned' });
    }
    return this.#to(shipment, 'packed');
  }

  #finish(shipment: Row): null {
    for (const move of movesOf(this.store, shipment, 'from_location')) this.store.change(move, { state: 'done' });
    this.#to(shipment, 'done');
    return this.#afterwards(shipment);
  }

  /** Sales are looked at again: what is left of them is planned anew. What was called off is not. */
  #afterwards(shipment: Row): null {
    for (const id of saleIdsOf(this.store, shipment)) {
      const sale = this.store.get('sale.sale', id);
      if (!sale || shipment.state === 'cancelled') continue;
      this.planFor(sale);
      const lines = this.store.rows('sale.line').filter((line) => line.sale === sale.id && line.type === 'line');
      const isSent = this.store
        .rows('stock.move')
        .filter((move) => lines.includes(saleLineOf(this.store, move)!))
        .every(({ state }) => state === 'done' || state === 'cancelled');
      this.store.change(sale, { shipment_state: isSent ? 'sent' : 'waiting' });
    }
    return null;
  }
}

/** Where what is sold goes, and where what is counted comes from. */
export const CUSTOMER_PLACE = 7;

/** One that is done or called off stays as it is, and nothing says so. */
export function doMove(store: Store, move: Row): null {
  if (move.state === 'draft') store.change(move, { state: 'done' });
  return null;
}

/** A move that is done or under way is not written any more. */
export function checkOpen(move: Row): void {
  if (move.state !== 'draft')
    throw userError(`You cannot modify move "${move.id}" because it is "${String(move.state)}".`);
}
