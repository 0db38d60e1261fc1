import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

type Field = { name: string; type: unknown };

/** Where the first schema is no part of the second, in words. */
export function differences(mine: GraphQLSchema, theirs: GraphQLSchema): string[] {
  const types = Object.values(mine.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  return types.flatMap((type) => faultsOf(type, theirs.getType(type.name)));
}

function faultsOf(mine: GraphQLNamedType, theirs: GraphQLNamedType | undefined): string[] {
  const { name } = mine;
  if (!theirs) return [`${name}: is not there`];
  if (isEnumType(mine)) {
    if (!isEnumType(theirs)) return [`${name}: is no enum`];
    return mine
      .getValues()
      .flatMap((value) => (theirs.getValue(value.name) ? [] : [`${name}.${value.name}: is not there`]));
  }
  if (isUnionType(mine)) {
    if (!isUnionType(theirs)) return [`${name}: is no union`];
    const known = new Set(theirs.getTypes().map((type) => type.name));
    return mine.getTypes().flatMap((type) => (known.has(type.name) ? [] : [`${name}: has no ${type.name}`]));
  }
  if (isInputObjectType(mine)) {
    if (!isInputObjectType(theirs)) return [`${name}: is no input`];
    return inputFaults(name, Object.values(mine.getFields()), Object.values(theirs.getFields()));
  }
  if (!isObjectType(mine) && !isInterfaceType(mine)) return [];
  if (!isObjectType(theirs) && !isInterfaceType(theirs)) return [`${name}: is no object`];
  return Object.values(mine.getFields()).flatMap((field) => {
    const at = `${name}.${field.name}`;
    const other = theirs.getFields()[field.name];
    if (!other) return [`${at}: is not there`];
    return [...typeFault(at, field, other), ...inputFaults(at, [...field.args], [...other.args])];
  });
}

type Given = GraphQLArgument | GraphQLInputField;

function inputFaults(at: string, mine: Given[], theirs: Given[]): string[] {
  const wanted = theirs.filter(({ type, defaultValue }) => String(type).endsWith('!') && defaultValue === undefined);
  return [
    ...mine.flatMap((field) =>
      typeFault(
        `${at}.${field.name}`,
        field,
        theirs.find(({ name }) => name === field.name),
      ),
    ),
    ...wanted
      .filter(({ name }) => !mine.some((each) => each.name === name))
      .map(({ name }) => `${at}.${name}: is needed`),
  ];
}

function typeFault(at: string, mine: Field, theirs: Field | undefined): string[] {
  if (!theirs) return [`${at}: is not there`];
  return String(mine.type) === String(theirs.type) ? [] : [`${at}: ${String(mine.type)}, but ${String(theirs.type)}`];
}
