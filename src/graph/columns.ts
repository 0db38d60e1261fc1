/** The fields of a type that are selected; null where that is not known, so that any may be asked for. */
export type SelectedFields = ReadonlySet<string> | null;

type Names<Row> = readonly (keyof Row & string)[];

/**
 * The columns of a kind of row, and which of them each field of the graph is made of: a page is read with the columns
 * that its document shows. A field that is not listed here gets them all.
 */
export class Columns<Row> {
  /** Every column, as SQL. */
  readonly all: string;
  readonly #fields: ReadonlyMap<string, Names<Row>>;
  readonly #known = new WeakMap<ReadonlySet<string>, string>();

  constructor(
    private readonly alias: string,
    private readonly names: Names<Row>,
    /** What is read in any case, for whoever handles the row. */
    private readonly always: Names<Row>,
    fields: Record<string, Names<Row>>,
  ) {
    this.all = this.#sql(names);
    this.#fields = new Map([['__typename', []], ...Object.entries(fields)]);
  }

  /** The columns behind these fields, as SQL. */
  for(selected: SelectedFields): string {
    if (selected === null) return this.all;
    let sql = this.#known.get(selected);
    if (sql === undefined) this.#known.set(selected, (sql = this.#sqlFor(selected)));
    return sql;
  }

  #sqlFor(selected: ReadonlySet<string>): string {
    const wanted = new Set<string>(this.always);
    for (const field of selected) {
      const own = this.#fields.get(field);
      if (!own) return this.all;
      for (const name of own) wanted.add(name);
    }
    return this.#sql(this.names.filter((name) => wanted.has(name)));
  }

  #sql(names: Names<Row>): string {
    return names.map((name) => `${this.alias}.${name}`).join(', ');
  }
}
