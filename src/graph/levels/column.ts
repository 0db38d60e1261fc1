import { isNonNullType, type FieldNode, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { isPromise, then } from './abandon.js';
import { inPlaces, levelOf, LOST, type Level } from './level.js';
import type { Run, SelectedField } from './run.js';
import type { Shape } from './shape.js';

/** What a resolver has thrown, in the place of its value. */
class Failure {
  constructor(readonly error: unknown) {}
}
const isValue = (value: unknown): boolean => !(value instanceof Failure);

/** A field whose values come from a resolver, or hold fields that do: it is read for all records of a level together. */
export class Column implements SelectedField {
  constructor(
    readonly key: string,
    readonly parent: GraphQLObjectType,
    readonly field: GraphQLField<unknown, unknown>,
    readonly nodes: readonly FieldNode[],
    private readonly shape: Shape,
  ) {}

  /** The field's values, one for each record. */
  read({ values: records, pathOf, run }: Level): unknown[] | Promise<unknown[]> {
    const place = (index: number) => [...pathOf(index), this.key];
    return then(settled(this.#resolve(records, run)), (values) => this.#complete({ values, pathOf: place, run }));
  }

  #resolve(records: readonly unknown[], run: Run): unknown[] {
    const [args, info] = [run.args(this), run.info(this)];
    const { name, resolve } = this.field;
    return records.map((record) => {
      try {
        if (resolve) return resolve(record, args, run.context, info);
        const value = (record as Record<string, unknown>)[name];
        return typeof value === 'function' ? (value.call(record, args, run.context, info) as unknown) : value;
      } catch (error) {
        return new Failure(error);
      }
    });
  }

  #complete(level: Level): unknown[] | Promise<unknown[]> {
    const { values, pathOf, run } = level;
    if (values.every(isValue)) return this.shape.completeAll(level);
    values.forEach((value, index) => {
      if (value instanceof Failure) run.fail(value.error, this, pathOf(index));
    });
    const lost = isNonNullType(this.field.type) ? LOST : null;
    return then(this.shape.completeAll(levelOf(level, isValue)), (answers) => inPlaces(values, isValue, answers, lost));
  }
}

/** All values, with failures in the places of those that are rejected or are errors. */
function settled(values: unknown[]): unknown[] | Promise<unknown[]> {
  if (!values.some(isPromise)) return values.map(failedIfError);
  return Promise.all(values).then(
    (resolved) => resolved.map(failedIfError),
    async () => {
      const results = await Promise.allSettled(values);
      return results.map((one) => (one.status === 'fulfilled' ? failedIfError(one.value) : new Failure(one.reason)));
    },
  );
}

function failedIfError(value: unknown): unknown {
  return value instanceof Error ? new Failure(value) : value;
}
