import type { Row } from './values.js';

type Values = Record<string, unknown>;

/** Tables, and the time of the transaction under way: all that is written in one has the same. */
export class Store {
  readonly #tables = new Map<string, Map<number, Row>>();
  readonly #numbers = new Map<string, number>();
  #now = 0;

  constructor(private readonly clock: { now(): Date }) {}

  /** A transaction begins; each later than the one before, whatever the clock says. */
  begin(): void {
    this.#now = Math.max(this.clock.now().getTime() * 1000 + 17, this.#now + 1_013);
  }

  /** When the transaction under way began. */
  get now(): number {
    return this.#now;
  }

  /** The history of a company is older than its sandbox. */
  startAt(date: Date): void {
    this.#now = date.getTime() * 1000;
  }

  table(model: string): Map<number, Row> {
    const known = this.#tables.get(model);
    if (known) return known;
    const made = new Map<number, Row>();
    this.#tables.set(model, made);
    return made;
  }

  rows(model: string): Row[] {
    return [...this.table(model).values()];
  }

  get(model: string, id: unknown): Row | undefined {
    return typeof id === 'number' ? this.table(model).get(id) : undefined;
  }

  make(model: string, values: Values): Row {
    const id = this.number(model);
    const row: Row = { ...values, id, create_date: this.#now, write_date: null };
    this.table(model).set(id, row);
    return row;
  }

  change(row: Row, values: Values): void {
    Object.assign(row, values, { write_date: this.#now });
  }

  drop(model: string, row: Row): void {
    this.table(model).delete(row.id);
  }

  /** The next one of a sequence. */
  number(sequence: string): number {
    const next = (this.#numbers.get(sequence) ?? 0) + 1;
    this.#numbers.set(sequence, next);
    return next;
  }
}

/** Said to people, in their language; there is no code. */
export class Refusal extends Error {
  constructor(
    readonly kind: string,
    readonly details: string[],
  ) {
    super(details[0] ?? kind);
  }
}
export function userError(message: string): Refusal {
  return new Refusal('UserError', [message, '']);
}
