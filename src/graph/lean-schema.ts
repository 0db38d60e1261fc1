import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  getNamedType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLScalarType,
  GraphQLString,
  isListType,
  isNonNullType,
  type GraphQLFieldConfig,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { CountryCode, CurrencyCode, DecimalScalar, EventCursor } from './scalars.js';

const kept = (scalar: GraphQLScalarType): GraphQLScalarType =>
  new GraphQLScalarType({ ...scalar.toConfig(), name: `${scalar.name}Result` });

/**
 * What takes a scalar's place. Some of our own are given out as the very text that the field holds; numbers keep their
 * serializer, since a figure may come from the database as text.
 */
const TEXTS = [CountryCode, CurrencyCode, DecimalScalar, EventCursor];
const STAND_INS = new Map<string, GraphQLNamedType>([
  ...TEXTS.map(({ name }) => [name, GraphQLString] as const),
  ...[GraphQLInt, GraphQLFloat].map((scalar) => [scalar.name, kept(scalar)] as const),
]);

const GIVEN_OUT_AS_TEXT = new Set<unknown>([GraphQLString, GraphQLID, ...TEXTS]);

/** Whether a text is given out as the very text that the field holds. */
export function isGivenOutAsText(type: GraphQLNamedType): boolean {
  return GIVEN_OUT_AS_TEXT.has(type);
}

/**
 * The schema by which compiled queries run. They leave out the serializers of the built-in scalars, and with each an
 * error path for every value; here these are the scalars that need none.
 */
export function leanSchema(schema: GraphQLSchema): GraphQLSchema {
  const lean = (field: GraphQLFieldConfig<unknown, unknown>) => ({ ...field, type: standIn(field.type) });
  return mapSchema(schema, { [MapperKind.OBJECT_FIELD]: lean, [MapperKind.INTERFACE_FIELD]: lean });
}

function standIn(type: GraphQLOutputType): GraphQLOutputType {
  if (isNonNullType(type)) return new GraphQLNonNull(standIn(type.ofType as GraphQLOutputType) as never);
  if (isListType(type)) return new GraphQLList(standIn(type.ofType));
  return (STAND_INS.get(getNamedType(type).name) as GraphQLOutputType | undefined) ?? type;
}
