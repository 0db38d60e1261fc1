import { chanceFrom, exact, type Chance, type SandboxOptions } from '#connect';
import type { Rpc } from './rpc.js';
import type { Store } from './store.js';
import type { Row } from './values.js';

const FIRST_STOCK = 500;
const SENT_EVERY = 3;
const COUNTED_EVERY = 5;
const RENAMED_EVERY = 7;
const CALLED_EVERY = 4;
const DELETED_EVERY = 12;
const SPARE = 5;
const LOST_AND_FOUND = 6;
const UNIT = 1;

const PEOPLE: [string, string, string, string, string, string | null][] = [
  ['Acme Plumbing GmbH', 'Lindenweg 5', '50667', 'Köln', 'DE', 'DE136695976'],
  ['Donau Technik AG', 'Ringstraße 12\nTor 3', '1010', 'Wien', 'AT', 'ATU13585627'],
  ['Rossi Impianti', 'Via Emilia 12', '40121', 'Bologna', 'IT', null],
  ['Anna Berg', 'Hauptstraße 1', '10115', 'Berlin', 'DE', null],
];
export const WAREHOUSES = [5, 13] as const;

/** What people do in the ERP. The same seed makes the same, whatever is asked or written meanwhile. */
export class Business {
  readonly #chance: Chance;
  readonly #parties: Row[] = [];
  readonly #spare: Row[] = [];
  readonly #products: Row[] = [];
  readonly #taxes = new Map<string, number>();
  #last: Row | null = null;

  constructor(
    private readonly store: Store,
    private readonly rpc: Rpc,
    options: Pick<SandboxOptions, 'products' | 'seed'> & { currency: string },
  ) {
    this.#chance = chanceFrom(options.seed);
    store.begin();
    this.#places();
    for (const code of ['DE', 'AT', 'IT', 'NL', 'FR', 'US', 'CH', 'ES']) store.make('country.country', { code });
    store.make('currency.currency', { code: options.currency });
    for (const product of options.products) this.#stock(product);
    this.#sell(this.#template('Shipping and charges', 'service'), 'CHARGE', '0', '0');
    for (const [index] of PEOPLE.entries()) this.#parties.push(this.#register(index));
    for (let index = 0; index < SPARE; index += 1) this.#spare.push(this.#register(index));
  }

  #places(): void {
    const { store } = this;
    const place = (name: string, more: object = {}) =>
      store.make('stock.location', {
        name,
        code: null,
        parent: null,
        output_location: null,
        storage_location: null,
        lost_found_location: null,
        ...more,
      });
    const lost = { lost_found_location: LOST_AND_FOUND };
    // The numbers are those of a fresh server.
    for (let zone = 1; zone <= 4; zone += 1) place(`Zone ${zone}`);
    place('Warehouse', { ...lost, code: 'WH', output_location: 2, storage_location: 3 });
    place('Lost and Found');
    place('Customer');
    for (let zone = 8; zone <= 12; zone += 1) place(`Zone ${zone}`);
    place('Warehouse Vienna', { ...lost, code: 'WH2', output_location: 11, storage_location: 12 });
    for (const [zones, warehouse] of [
      [[1, 2, 3], 5],
      [[10, 11, 12], 13],
    ] as const) {
      for (const zone of zones) store.get('stock.location', zone)!.parent = warehouse;
    }
  }

  #template(name: string, type: string): Row {
    return this.store.make('product.template', {
      name,
      type,
      salable: true,
      active: true,
      consumable: false,
      default_uom: UNIT,
    });
  }

  #sell(template: Row, code: string, price: string, taxRate: string): Row {
    const rate = exact(taxRate).toFixed();
    if (rate !== '0' && !this.#taxes.has(rate)) {
      const tax = {
        name: `VAT ${exact(rate).times(100).toFixed()}%`,
        type: 'percentage',
        rate,
        company: 1,
        active: true,
      };
      this.#taxes.set(rate, this.store.make('account.tax', tax).id);
    }
    const net = exact(price)
      .dividedBy(exact(1).plus(exact(rate)))
      .toDecimalPlaces(4)
      .toFixed(4);
    const product = this.store.make('product.product', {
      code,
      description: null,
      active: true,
      template: template.id,
      list_price: net,
      own_taxes: rate === '0' ? [] : [this.#taxes.get(rate)!],
    });
    this.store.change(product, {});
    return product;
  }

  #stock({ sku, name, price, taxRate, requiresShipping }: SandboxOptions['products'][number]): void {
    const type = requiresShipping === false ? 'service' : 'goods';
    const product = this.#sell(this.#template(name, type), sku, price, taxRate);
    this.#products.push(product);
    if (type === 'goods') this.#count(product, FIRST_STOCK);
  }

  #count(product: Row, found: number): void {
    const made = this.store.make('stock.move', {
      product: product.id,
      uom: UNIT,
      quantity: found,
      from_location: LOST_AND_FOUND,
      to_location: 3,
      state: 'draft',
      company: 1,
      shipment: null,
      origin: null,
    });
    this.store.change(made, { state: 'done' });
  }

  #register(index: number): Row {
    const [name, street, postal_code, city, code, vat] = PEOPLE[index % PEOPLE.length]!;
    const country = this.store.rows('country.country').find((each) => each.code === code)!.id;
    const email = `p${this.store.number('people')}@customers.example`;
    return this.rpc.create('party.party', {
      name,
      addresses: [['create', [{ street, postal_code, city, country }]]],
      contact_mechanisms: [['create', [{ type: 'email', value: email }, { type: 'phone', value: '+49 30 1' }]]], // prettier-ignore
      identifiers: vat === null ? [] : [['create', [{ type: 'eu_vat', code: vat }]]],
    });
  }

  /** The n-th sale and what else happens that hour. */
  next(n: number): Row {
    this.store.begin();
    const sale = this.#take(n);
    this.store.begin();
    if (this.#last && n % SENT_EVERY === 0) this.#send(this.#last);
    this.store.begin();
    this.#happen(n);
    this.#last = sale;
    return sale;
  }

  /** Taken down, offered and confirmed; each in a transaction of its own. */
  #take(n: number): Row {
    const { rpc, store } = this;
    const party = this.#chance.oneOf(this.#parties);
    const address = store.rows('party.address').find((each) => each.party === party.id)!.id;
    const first = this.#chance.below(this.#products.length);
    const chosen = this.#chance.below(2) === 0 ? [first] : [...new Set([first, (first + 1) % this.#products.length])];
    const lines = chosen.map((index) => {
      const { id, list_price: price, own_taxes: taxes } = this.#products[index]!;
      const unit_price = { __class__: 'Decimal', decimal: price };
      return {
        type: 'line',
        product: id,
        unit: UNIT,
        quantity: 1 + this.#chance.below(4),
        unit_price,
        taxes: [['add', taxes]],
      };
    });
    const sale = rpc.create('sale.sale', {
      company: 1,
      party: party.id,
      invoice_address: address,
      shipment_address: address,
      payment_term: null,
      warehouse: WAREHOUSES[0],
      currency: 1,
      reference: n % 2 === 0 ? `PO-${n}` : null,
      lines: [['create', [...lines, { type: 'comment', product: null, quantity: null, unit_price: null }]]],
    });
    for (const button of ['quote', 'confirm']) {
      store.begin();
      rpc.selling.press(button, sale);
    }
    return sale;
  }

  /** By the people of the warehouse; nothing where the hub was first. */
  #send(sale: Row): void {
    const { store, rpc } = this;
    const lines = store.rows('sale.line').filter((line) => line.sale === sale.id);
    const shipment = store.rows('stock.shipment.out').find(({ id, state, reference }) => {
      const moves = store.rows('stock.move').filter((move) => move.shipment === `stock.shipment.out,${id}`);
      const isOwn = moves.some((move) => lines.some((line) => move.origin === `sale.line,${line.id}`));
      return isOwn && state === 'waiting' && reference === null;
    });
    if (!shipment) return;
    store.make('res.user.warning', { name: `stock.shipment.out.pack.carrier,${shipment.id}` });
    for (const button of ['assign_force', 'pick', 'pack', 'done']) rpc.shipping.press(button, shipment);
  }

  #happen(n: number): void {
    const { store } = this;
    if (n % CALLED_EVERY === 0) {
      const party = this.#chance.oneOf(this.#parties);
      const phone = store
        .rows('party.contact_mechanism')
        .find((each) => each.party === party.id && each.type === 'phone');
      if (phone) store.change(phone, { value: `+49 30 ${n}` });
    }
    const product = this.#chance.oneOf(this.#products);
    const template = store.get('product.template', product.template)!;
    if (n % COUNTED_EVERY === 0 && template.type === 'goods') this.#count(product, 1 + this.#chance.below(9));
    if (n % RENAMED_EVERY === 0)
      store.change(template, { name: `${String(template.name).split(',')[0]}, edition ${n}` });
    const gone = n % DELETED_EVERY === 0 ? this.#spare.shift() : undefined;
    if (gone) this.#forget(gone);
  }

  /** Without a trace. */
  #forget(party: Row): void {
    for (const model of ['party.address', 'party.contact_mechanism', 'party.identifier']) {
      for (const row of this.store.rows(model)) if (row.party === party.id) this.store.drop(model, row);
    }
    this.store.drop('party.party', party);
  }
}
