import type { Statement } from '../../db/statement.js';

/**
 * How a value is written. `text` may hold what a person typed; `plain` never begins a formula: ids, numbers, codes of ours.
 * `json` is nested in NDJSON and one cell of JSON in CSV; `money` two columns there.
 */
export type ExportShape = 'text' | 'plain' | 'instant' | 'money' | 'json';

export interface ExportField<Node> {
  name: string;
  shape: ExportShape;
  read(node: Node): unknown;
}

/** Records that belong to others and are written within them; NDJSON alone has them. */
export interface ExportChildren {
  name: string;
  fields: ExportField<never>[];
  /** All of these parents, each with `parentId`. */
  select(parentIds: string[]): Statement<object>;
  parentId(row: never): string;
  toNode(row: never): object;
}

/** One kind of record that can be downloaded whole. The values are those of the graph: both read them from its classes. */
export interface ExportDefinition {
  kind: string;
  about: string;
  /** As SQL: columns, tables, the time of the last change and the id. */
  select: string;
  from: string;
  updatedAt: string;
  id: string;
  /** Sorted by the last change where an index has it, else by id alone. */
  sortedBy: 'updatedAt' | 'id';
  toNode(row: never): object;
  fields: ExportField<never>[];
  children?: ExportChildren;
}

/** Fields that the graph's class has under the same name. */
export function fieldsOf<Node>(shapes: { [name in keyof Node & string]?: ExportShape }): ExportField<Node>[] {
  return Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape: shape as ExportShape,
    read: (node) => node[name as keyof Node],
  }));
}

/** A field that the graph answers by another record. */
export function field<Node>(name: string, shape: ExportShape, read: (node: Node) => unknown): ExportField<Node> {
  return { name, shape, read };
}
