import {
  getNamedType,
  GraphQLInt,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { badInput, RequestError } from '../shared/failures.js';
import type { GraphContext } from './context.js';

/** How old what the hub has of a record may be. */
export interface Age {
  /** The system whose record it is; null: the hub's own. */
  source: string | null;
  /** Since when the source may have another state; null for the hub's own. */
  asOf: Date | null;
  lagSeconds: number;
}
/** How the age of a type's records is found. */
export interface AgeSource {
  type: string;
  age(node: object, context: GraphContext): Promise<Age>;
}

export const MAX_STALENESS = 'maxStaleness';
const ARGUMENT: GraphQLArgument = {
  name: MAX_STALENESS,
  description:
    'At most so many seconds may have passed since the hub knew that a record is as its source has it; where a record is ' +
    'older, the read ends with STALE_DATA.',
  type: GraphQLInt,
  defaultValue: undefined,
  deprecationReason: undefined,
  extensions: {},
  astNode: undefined,
};

/** Gives every root field that reads such records, alone or in pages, the argument by which it refuses old ones. */
export function limitStaleness(schema: GraphQLSchema, sources: readonly AgeSource[]): void {
  const byType = new Map(sources.map((source) => [source.type, source]));
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const source = byType.get(nodeTypeOf(field));
    if (source) guard(field, source);
  }
}

function nodeTypeOf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  const nodes = isObjectType(type) && type.name.endsWith('Connection') ? type.getFields()['nodes'] : undefined;
  return nodes ? getNamedType(nodes.type).name : type.name;
}

function guard(field: GraphQLField<unknown, unknown>, source: AgeSource): void {
  const read = field.resolve!;
  field.args = [...field.args, ARGUMENT];
  field.resolve = (root, args: Record<string, unknown>, context, info) => {
    const limit = args[MAX_STALENESS] as number | null | undefined;
    const found: unknown = read(root, args, context, info);
    return limit == null ? found : refuseOld(found, limit, source, context as GraphContext);
  };
}

async function refuseOld(reading: unknown, limit: number, source: AgeSource, context: GraphContext): Promise<unknown> {
  if (limit < 0) throw badInput(MAX_STALENESS, 'zero or more', limit);
  const found = (await reading) as object | null;
  const nodes = found === null ? [] : 'nodes' in found ? (found.nodes as object[]) : [found];
  const ages = await Promise.all(nodes.map((node) => source.age(node, context)));
  const oldest = ages.reduce((worst, age, index) => (age.lagSeconds > ages[worst]!.lagSeconds ? index : worst), 0);
  const age = ages[oldest];
  if (age?.asOf && age.lagSeconds > limit) throw staleData(nodes[oldest] as { id: string }, age, limit, source.type);
  return found;
}

function staleData(
  { id }: { id: string },
  { source, asOf, lagSeconds }: Age,
  limit: number,
  type: string,
): RequestError {
  const message = `${type} ${id} was last known to be as ${source} has it ${lagSeconds} s ago, at most ${limit} s were asked for`;
  return new RequestError('STALE_DATA', message, { record: id, source, ageSeconds: lagSeconds, observedAt: asOf });
}
