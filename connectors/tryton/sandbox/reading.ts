import type { Faults } from '#connect';
import { holds, valueAt, type Domain } from './domain.js';
import { LEADS_TO, valueOf } from './fields.js';
import type { Store } from './store.js';
import { encoded, type Json, type Row } from './values.js';

type Order = [string, string][] | null;
const SKEW_MICROS = 5 * 60_000_000;
/** As long as a transaction may last that nobody sees yet. */
const LATE_MICROS = 60_000_000;
const NEEDED: Readonly<Record<string, string>> = {
  'party.party': 'active',
  'product.product': 'code',
  'sale.sale': 'total_amount',
  'stock.shipment.out': 'warehouse',
};
const WORDS: Readonly<Record<string, string>> = { 'sale.sale': 'state', 'stock.shipment.out': 'state' };

export class Reading {
  constructor(
    private readonly store: Store,
    private readonly faults: Faults,
  ) {}

  count(model: string, [domain, context]: [Domain, Json]): number {
    return this.#found(model, domain, context).length;
  }

  searchRead(model: string, params: unknown[]): Json[] {
    const [domain, offset, limit, order, fields, context] = params as [
      Domain,
      number | null,
      number | null,
      Order,
      string[],
      Json,
    ];
    const byTime = order?.[0]?.[0] === 'create_date' || order?.[0]?.[0] === 'write_date' ? order[0][0] : null;
    const found = this.#sorted(this.#found(model, domain, context), order);
    // What makes or writes the newest is under way, and over before anything else is asked.
    if (byTime && this.#isLate(model, found.at(-1)?.[byTime])) found.pop();
    const from = offset ?? 0;
    const asked = found.slice(from, limit === null ? undefined : from + limit);
    const isPage = limit !== null && limit > 1 && (order?.[0]?.[1] ?? 'ASC') === 'ASC' && fields.includes('write_date');
    const rows = isPage ? this.#mispaged(model, asked, params, limit) : asked;
    const isDocument = limit === null && fields.includes('create_date');
    return rows.map((row, index) => {
      const shown = isDocument && index === 0 ? this.#spoiled(model, row) : row;
      const view = this.#view(model, shown, fields, context);
      return isDocument && index === 0 ? this.#worsened(model, view) : view;
    });
  }

  #found(model: string, domain: Domain, context: Json): Row[] {
    const isTold = JSON.stringify(domain).includes('"active"') || context.active_test === false;
    return this.store
      .rows(model)
      .filter((row) => (isTold || row.active !== false) && holds(this.store, model, row, domain, context));
  }

  #isLate(model: string, time: unknown): boolean {
    const isJustNow = typeof time === 'number' && this.store.now - time < LATE_MICROS;
    return isJustNow && model in NEEDED && this.faults.strikes('delay');
  }

  #sorted(rows: Row[], order: Order): Row[] {
    return rows.toSorted((a, b) => {
      for (const [field, direction] of order ?? [['id', 'ASC']]) {
        const by = Number(a[field] ?? 0) - Number(b[field] ?? 0);
        if (by !== 0) return direction.startsWith('ASC') ? by : -by;
      }
      return a.id - b.id;
    });
  }

  /** A page in the middle of a walk, wrong once: empty, the one before, or the first again. */
  #mispaged(model: string, page: Row[], [domain, , , order, , context]: unknown[], limit: number): Row[] {
    const [first] = page;
    if (!first) return page;
    if (this.faults.strikes('empty-page')) return [];
    // The same list from its start, without what says behind which record the page begins.
    const whole = (domain as Domain).filter((part) => !isPlace(part as unknown[]));
    const all = this.#sorted(this.#found(model, whole, context as Json), order as Order);
    const before = all.slice(0, all.indexOf(first));
    if (before.length === 0) return page;
    if (this.faults.strikes('repeated-page')) return before.slice(-limit);
    if (this.faults.strikes('cursor-loop')) return before.slice(0, limit);
    return page;
  }

  #spoiled(model: string, row: Row): Row {
    if (NEEDED[model] === undefined || row.write_date === null || !this.faults.strikes('clock-skew')) return row;
    return { ...row, write_date: row.write_date - SKEW_MICROS };
  }

  #worsened(model: string, view: Json): Json {
    const needed = NEEDED[model];
    if (needed !== undefined && needed in view && this.faults.strikes('missing-field')) delete view[needed];
    const word = WORDS[model];
    if (word !== undefined && word in view && this.faults.strikes('unknown-enum')) view[word] = 'something_new';
    return view;
  }

  /** "party.name" stands under "party.", beside the id. */
  #view(model: string, row: Row, fields: readonly string[], context: Json): Json {
    const view: Json = { id: row.id };
    for (const path of fields) {
      const [field = '', ...rest] = path.split('.');
      const value = valueAt(this.store, model, row, field, context);
      if (rest.length === 0) {
        view[field] = encoded(field, value);
        continue;
      }
      const next = LEADS_TO[field]!;
      const target = this.store.get(next, valueOf(this.store, model, row, field, context));
      const before = view[`${field}.`] as Json | undefined;
      view[`${field}.`] = target ? { ...before, ...this.#view(next, target, [rest.join('.')], context) } : null;
    }
    return view;
  }
}

function isPlace([field, operator]: unknown[]): boolean {
  return field === 'OR' || (field === 'id' && operator === '>');
}
