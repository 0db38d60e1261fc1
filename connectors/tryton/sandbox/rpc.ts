import type { Faults } from '#connect';
import { Reading } from './reading.js';
import { Selling } from './selling.js';
import { checkOpen, doMove, Shipping } from './shipping.js';
import { Refusal, userError, type Store } from './store.js';
import { decoded, isDecimalField, type Json, type Row } from './values.js';

interface Child {
  model: string;
  field: string;
  isReference?: boolean;
}
const CHILDREN: Readonly<Record<string, Readonly<Record<string, Child>>>> = {
  'party.party': {
    addresses: { model: 'party.address', field: 'party' },
    contact_mechanisms: { model: 'party.contact_mechanism', field: 'party' },
    identifiers: { model: 'party.identifier', field: 'party' },
  },
  'sale.sale': { lines: { model: 'sale.line', field: 'sale' } },
  'stock.shipment.out': { moves: { model: 'stock.move', field: 'shipment', isReference: true } },
};

/** What the buttons of a model do. */
interface Way {
  has(button: string): boolean;
  press(button: string, row: Row): unknown;
}

/** What a record has that nobody said. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  'party.party': { active: true, categories: [], customer_payment_term: null },
  'party.address': {
    active: true,
    sequence: null,
    name: null,
    party_name: null,
    street: null,
    postal_code: null,
    city: null,
    country: null,
    subdivision: null,
    invoice: false,
    delivery: false,
  },
  'party.contact_mechanism': { active: true },
  'party.identifier': {},
  'sale.sale': {
    state: 'draft',
    number: null,
    reference: null,
    description: null,
    comment: null,
    shipment_state: 'none',
  },
  'stock.move': { state: 'draft', shipment: null, origin: null },
  'sale.line': { taxes: [], sequence: null, description: null },
  'res.user.warning': {},
};

/** The methods of the server's models: read, write, and the buttons that people press. */
export class Rpc {
  readonly shipping: Shipping;
  readonly selling: Selling;
  readonly #reading: Reading;
  readonly #ways: Readonly<Record<string, Way>>;

  constructor(
    private readonly store: Store,
    faults: Faults,
  ) {
    this.shipping = new Shipping(store);
    this.selling = new Selling(store, this.shipping);
    this.#reading = new Reading(store, faults);
    const moving: Way = { has: (button) => button === 'do', press: (_, move) => doMove(store, move) };
    this.#ways = { 'sale.sale': this.selling, 'stock.shipment.out': this.shipping, 'stock.move': moving };
  }

  /** One transaction: what is refused in it has not happened. */
  call(method: string, params: unknown[]): unknown {
    const at = method.lastIndexOf('.');
    const model = method.slice('model.'.length, at);
    const verb = method.slice(at + 1);
    this.store.begin();
    switch (verb) {
      case 'search_read':
        return this.#reading.searchRead(model, params);
      case 'search_count':
        return this.#reading.count(model, params as [unknown[], Json]);
      case 'create':
        return (params[0] as Json[]).map((values) => this.create(model, values).id);
      case 'write':
        for (const row of this.#rows(model, params[0])) this.write(model, row, params[1] as Json);
        return null;
      case 'delete':
        for (const row of this.#rows(model, params[0])) this.#drop(model, row);
        return null;
      default:
        return this.#press(model, verb, this.#rows(model, params[0]));
    }
  }

  #press(model: string, button: string, rows: Row[]): unknown {
    const way = this.#ways[model];
    if (!way?.has(button)) throw new Refusal('forbidden', [`${model}.${button}`]);
    return rows.map((row) => way.press(button, row)).at(-1) ?? null;
  }

  #rows(model: string, ids: unknown): Row[] {
    return (ids as number[]).map((id) => {
      const row = this.store.get(model, id);
      if (!row) throw userError(`You are not allowed to read records "${id}" of "${model}".`);
      return row;
    });
  }

  create(model: string, given: Json): Row {
    const { own, nested } = split(model, given);
    if (model === 'party.party') own.code ??= String(this.store.number('party code'));
    if (this.store.rows('party.party').some(({ code }) => model === 'party.party' && code === own.code)) {
      throw userError('The code of the party must be unique.');
    }
    const row = this.store.make(model, { ...DEFAULTS[model], ...own });
    // What a record reckons of itself is written right behind it.
    if (model === 'party.contact_mechanism') this.store.change(row, {});
    this.#nest(row, nested, model);
    return row;
  }

  write(model: string, row: Row, given: Json): void {
    const { own, nested } = split(model, given);
    if (model === 'stock.move') checkOpen(row);
    this.store.change(row, own);
    this.#nest(row, nested, model);
  }

  #drop(model: string, row: Row): void {
    if (model === 'stock.move') checkOpen(row);
    this.store.drop(model, row);
  }

  #nest(row: Row, nested: [Child, unknown[]][], model: string): void {
    for (const [child, commands] of nested) {
      for (const [command, ...args] of commands as [string, ...unknown[]][]) {
        const owner = child.isReference ? `${model},${row.id}` : row.id;
        if (command === 'create') {
          for (const values of args[0] as Json[]) this.create(child.model, { ...values, [child.field]: owner });
        }
        if (command === 'write') {
          for (const each of this.#rows(child.model, args[0])) this.write(child.model, each, args[1] as Json);
        }
      }
    }
  }
}

function split(model: string, given: Json): { own: Json; nested: [Child, unknown[]][] } {
  const own: Json = {};
  const nested: [Child, unknown[]][] = [];
  for (const [field, value] of Object.entries(given)) {
    const child = CHILDREN[model]?.[field];
    if (child) nested.push([child, value as unknown[]]);
    else if (isDecimalField(field) && typeof value === 'number') {
      throw userError(`The number of digits in the value "${value}" for field "${field}" exceeds the limit of "4".`);
    } else own[field] = isCommands(value) ? value.flatMap(([, ids]) => ids) : decoded(value);
  }
  return { own, nested };
}

function isCommands(value: unknown): value is [string, number[]][] {
  return Array.isArray(value) && value.every((each) => Array.isArray(each) && each[0] === 'add');
}
