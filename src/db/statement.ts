/** A named SQL text with its values: prepared once per connection, under its name. */
export interface Statement<Row = unknown> {
  name: string;
  text: string;
  values: unknown[];
  /** Carries the row type only; never set. */
  row?: Row;
}

/**
 * Defines a named statement. The name is what logs and the statement counter show; it must be unique and
 * its text fixed, since PostgreSQL keeps one prepared plan for each name and connection.
 */
export function sql<Row = unknown, Values extends unknown[] = unknown[]>(
  name: string,
  text: string,
): (...values: Values) => Statement<Row> {
  return (...values) => ({ name, text, values });
}

const MAX_VARIANTS = 50;

/**
 * Defines a named statement that is read with more or fewer columns, each list of them under a name of its own. Where
 * there have been many lists, all columns are read.
 */
export function sqlWithColumns<Row, Values extends unknown[] = unknown[]>(
  name: string,
  allColumns: string,
  text: (columns: string) => string,
): (columns: string, ...values: Values) => Statement<Row> {
  const variants = new Map([[allColumns, { name, text: text(allColumns) }]]);
  return (columns, ...values) => {
    let variant = variants.get(columns);
    if (!variant && variants.size < MAX_VARIANTS) {
      variant = { name: `${name}.${variants.size}`, text: text(columns) };
      variants.set(columns, variant);
    }
    return { ...(variant ?? variants.get(allColumns)!), values };
  };
}

/** A statement whose text is put together at run time (a filtered page, say); PostgreSQL plans it each time. */
export function unnamed<Row>(text: string, values: unknown[]): Statement<Row> {
  return { name: '', text, values };
}
