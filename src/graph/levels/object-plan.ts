import type { GraphQLObjectType } from 'graphql';
import { abandon, all, then } from './abandon.js';
import type { Column } from './column.js';
import { LOST, type Level } from './level.js';
import type { ObjectMaker, Shape } from './shape.js';

/** A field that is read from the record itself, with all below it. */
export interface Property {
  key: string;
  name: string;
  shape: Shape & Required<Pick<Shape, 'complete'>>;
}

export interface ObjectFields {
  type: GraphQLObjectType;
  /** The answer's keys in their order; null stands for `__typename`. */
  fields: (Property | Column | null)[];
  keys: string[];
}

/** What is selected of one type of object: how a record of it becomes an object of the answer. */
export class ObjectPlan implements ObjectMaker {
  readonly columns: readonly Column[];
  /** The object of one record, with the values that its columns have at its place. */
  readonly build: ObjectMaker['build'];

  constructor(
    { type, fields, keys }: ObjectFields,
    private readonly isRoot = false,
  ) {
    this.columns = fields.filter((field) => field !== null && 'read' in field);
    this.build = builderOf({ type, fields, keys }, this.columns, isRoot);
  }

  /** The objects of all records of a level; lost where a value is lost that an object must have. */
  buildAll(level: Level): unknown[] | Promise<unknown[]> {
    const { values: records, run } = level;
    if (!this.isRoot && records.some((record) => typeof record !== 'object')) return abandon();
    return then(
      all(this.columns, (column) => column.read(level)),
      (columns) =>
        records.map((record, index) =>
          run.errors.length > 0 && columns.some((values) => values[index] === LOST)
            ? LOST
            : this.build(record, index, columns),
        ),
    );
  }
}

/**
 * Writes the function that makes the object. Each plan has a function of its own, so that the engine learns where the
 * fields of its records lie; what is read by name in a loop over all kinds of records costs several times as much.
 */
function builderOf(
  { type, fields, keys }: ObjectFields,
  columns: readonly Column[],
  isRoot: boolean,
): ObjectMaker['build'] {
  const completes: ((value: unknown) => unknown)[] = [];
  const reads: string[] = [];
  const entries = fields.map((field, index) => {
    const key = keyText(keys[index]!);
    if (field === null) return `${key}: ${JSON.stringify(type.name)}`;
    if ('read' in field) return `${key}: columns[${columns.indexOf(field)}][index]`;
    const { asIs, complete } = field.shape;
    const at = completes.push(complete) - 1;
    reads.push(`const v${index} = record[${JSON.stringify(field.name)}];`);
    const completed = `completes[${at}](v${index})`;
    return `${key}: ${asIs ? `typeof v${index} === "${asIs}" ? v${index} : ${completed}` : completed}`;
  });
  const isOfType = type.isTypeOf?.bind(type);
  const check = `if (typeof record !== "object" || typeof record.then === "function"${isOfType ? ' || isOfType(record) !== true' : ''}) abandon();`;
  const text = `"use strict"; return (record, index, columns) => { ${isRoot ? '' : check} ${reads.join(' ')} return { ${entries.join(', ')} }; };`;
  const make = new Function('completes', 'abandon', 'isOfType', text) as (...given: unknown[]) => ObjectMaker['build'];
  return make(completes, abandon, isOfType);
}

/** `__proto__` alone would set what the object inherits from. */
function keyText(key: string): string {
  return key === '__proto__' ? '["__proto__"]' : JSON.stringify(key);
}
