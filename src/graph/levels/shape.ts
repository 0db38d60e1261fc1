import { isEnumType, type GraphQLAbstractType, type GraphQLLeafType } from 'graphql';
import { isGivenOutAsText } from '../lean-schema.js';
import { abandon, all, isPromise, then } from './abandon.js';
import { inPlaces, isAbsent, levelOf, LOST, type Level } from './level.js';

/** How the records of one type become objects of the answer. */
export interface ObjectMaker {
  /** What has to be read for a level; where nothing has, a record is built by itself. */
  readonly columns: readonly unknown[];
  readonly build: (record: unknown, index: number, columns: readonly unknown[][]) => object;
  buildAll(level: Level): unknown[] | Promise<unknown[]>;
}

/** How values of one type become what the answer holds. */
export interface Shape {
  /** The very values that `complete` would hand on as they are, by their `typeof`. */
  asIs?: 'string' | 'boolean';
  /** One value, where nothing below it has to be read; absent where something has. */
  complete?(value: unknown): unknown;
  /** The values of a level: null where they are null, lost where an error below has taken them along. */
  completeAll(level: Level): unknown[] | Promise<unknown[]>;
}

export function leafShape(type: GraphQLLeafType): Shape {
  const complete = (value: unknown): unknown => {
    if (isAbsent(value)) return null;
    if (typeof value === 'function' || isPromise(value)) return abandon();
    return type.serialize(value) ?? abandon();
  };
  const asIs = isGivenOutAsText(type) ? 'string' : !isEnumType(type) && type.name === 'Boolean' ? 'boolean' : undefined;
  return { ...(asIs && { asIs }), complete, completeAll: ({ values }) => values.map(complete) };
}

/** Where an error takes along no more than the value itself. */
export function nullableShape(shape: Shape): Shape {
  if (shape.complete) return shape;
  return {
    completeAll: (level) =>
      then(shape.completeAll(level), (completed) =>
        level.run.errors.length === 0 ? completed : completed.map((value) => (value === LOST ? null : value)),
      ),
  };
}

export function nonNullShape({ asIs, complete, completeAll }: Shape): Shape {
  const present = (value: unknown): unknown => value ?? abandon();
  return {
    ...(asIs && { asIs }),
    ...(complete && { complete: (value) => present(complete(value)) }),
    completeAll: (level) => then(completeAll(level), (completed) => (completed.some(isAbsent) ? abandon() : completed)),
  };
}

export function listShape({ complete, completeAll }: Shape): Shape {
  if (complete) {
    const completeList = (value: unknown): unknown => listOf(value)?.map((item) => complete(item)) ?? null;
    return { complete: completeList, completeAll: ({ values }) => values.map(completeList) };
  }
  return {
    completeAll({ values, pathOf, run }) {
      const lists = values.map(listOf);
      const pathOfItem = (item: number) => {
        let at = item;
        let list = 0;
        for (; at >= (lists[list]?.length ?? 0); list += 1) at -= lists[list]?.length ?? 0;
        return [...pathOf(list), at];
      };
      const items = lists.flatMap((list) => list ?? []);
      return then(completeAll({ values: items, pathOf: pathOfItem, run }), (completed) => {
        let at = 0;
        return lists.map((list) => {
          const own = list && completed.slice(at, (at += list.length));
          return own && run.errors.length > 0 && own.includes(LOST) ? LOST : own;
        });
      });
    },
  };
}

export function objectShape(plan: ObjectMaker): Shape {
  const complete = (value: unknown): unknown => (isAbsent(value) ? null : plan.build(value, 0, NO_COLUMNS));
  if (plan.columns.length === 0) return { complete, completeAll: ({ values }) => values.map(complete) };
  return { completeAll: (level) => ofPresent(level, (present) => plan.buildAll(present)) };
}

/** Records of several types: those of one type are a level of their own. */
export function abstractShape(type: GraphQLAbstractType, planOf: (typeName: unknown) => ObjectMaker): Shape {
  const kindOf = (record: unknown, { run }: Level): unknown =>
    type.resolveType?.(record, run.context, undefined as never, type);
  const buildAll = (level: Level): unknown[] | Promise<unknown[]> => {
    const kinds = [...new Set(level.values.map((record) => kindOf(record, level)))];
    const built = all(kinds, (kind) =>
      planOf(kind).buildAll(levelOf(level, (record) => kindOf(record, level) === kind)),
    );
    return then(built, (lists) => {
      const next = new Map(kinds.map((kind, index) => [kind, lists[index]!.values()]));
      return level.values.map((record) => next.get(kindOf(record, level))!.next().value);
    });
  };
  return { completeAll: (level) => ofPresent(level, buildAll) };
}

const NO_COLUMNS: unknown[][] = [];
const isPresent = (value: unknown): boolean => !isAbsent(value);

function listOf(value: unknown): readonly unknown[] | null {
  if (isAbsent(value)) return null;
  return Array.isArray(value) ? (value as unknown[]) : abandon();
}

/** Answers for the values that are there, with the others as null in their places. */
function ofPresent(
  level: Level,
  answer: (present: Level) => unknown[] | Promise<unknown[]>,
): unknown[] | Promise<unknown[]> {
  const { values } = level;
  if (values.length === 0) return [];
  if (values.every(isPresent)) return answer(level);
  const present = levelOf(level, isPresent);
  if (present.values.length === 0) return values.map(() => null);
  return then(answer(present), (answers) => inPlaces(values, isPresent, answers, null));
}
