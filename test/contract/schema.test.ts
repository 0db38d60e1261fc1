import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { existsSync, readFileSync } from 'node:fs';
import { hubSchema } from '../../src/app.js';
import { printGraph } from '../../src/graph/schema.js';

/** Compiled tests run in dist/test/contract. */
const COMMITTED = new URL('../../../schema/schema.graphql', import.meta.url);
const CONTRACT = new URL('../../../../shared/design/graph.graphql', import.meta.url);
/** Needs the contract beside the working copy; a skipped test says so in its title. */
const withContract = existsSync(CONTRACT)
  ? test
  : (title: string, _: () => void) =>
      test.skip(`${title} (there is no ${CONTRACT.pathname.split('/').slice(-3).join('/')} beside it)`, _);

const schema = hubSchema();

function ownTypes(of: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(of.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
}

test('schema/schema.graphql is what the code makes', () => {
  expect(readFileSync(COMMITTED, 'utf8')).toBe(printGraph(schema));
});

test('describes every type, field, argument, input field and enum value', () => {
  const silent: string[] = [];
  const need = (name: string, { description }: { description?: string | null }) => {
    if (!description?.trim()) silent.push(name);
  };
  let described = 0;
  for (const type of ownTypes(schema)) {
    // Query, Mutation and Subscription are roots that readers of GraphQL know; type-graphql cannot describe them.
    if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) need(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) need(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      described += 1;
      need(`${type.name}.${field.name}`, field);
      if ('args' in field) for (const arg of field.args) need(`${type.name}.${field.name}(${arg.name}:)`, arg);
    }
  }
  expect(silent).toEqual([]);
  expect(described).toBeGreaterThan(300);
});

/** Everything that stands in a schema under a name of its own, with its type. */
function facts(of: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  for (const type of ownTypes(of)) {
    found.set(type.name, type.constructor.name);
    if (isEnumType(type)) for (const value of type.getValues()) found.set(`${type.name}.${value.name}`, 'value');
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        const fallback = field.defaultValue === undefined ? '' : ` = ${JSON.stringify(field.defaultValue)}`;
        found.set(`${type.name}.${field.name}`, `${String(field.type)}${fallback}`);
      }
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const face of type.getInterfaces()) found.set(`${type.name} implements ${face.name}`, 'yes');
    for (const field of Object.values(type.getFields())) {
      found.set(`${type.name}.${field.name}`, String(field.type));
      for (const arg of field.args) found.set(`${type.name}.${field.name}(${arg.name}:)`, String(arg.type));
    }
  }
  return found;
}

withContract('keeps the type of every name that the contract has too', () => {
  const ours = facts(schema);
  const theirs = facts(buildSchema(readFileSync(CONTRACT, 'utf8')));
  const shared = [...theirs].filter(([name]) => ours.has(name));
  const different = shared.filter(([name, type]) => ours.get(name) !== type);
  expect(different.map(([name, type]) => `${name}: ${ours.get(name)}, the contract says ${type}`)).toEqual([]);
  expect(shared.length).toBeGreaterThan(300);
});

withContract('lets a call that leaves out what the contract leaves open through', () => {
  const contract = facts(buildSchema(readFileSync(CONTRACT, 'utf8')));
  const demanding: string[] = [];
  for (const type of ownTypes(schema)) {
    if (isInputObjectType(type) && contract.has(type.name)) {
      for (const field of Object.values(type.getFields())) {
        const name = `${type.name}.${field.name}`;
        if (String(field.type).endsWith('!') && field.defaultValue === undefined && !contract.has(name))
          demanding.push(name);
      }
    }
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const added = field.args.filter((arg) => String(arg.type).endsWith('!') && arg.defaultValue === undefined);
      const names = added.map((arg) => `${type.name}.${field.name}(${arg.name}:)`);
      if (contract.has(`${type.name}.${field.name}`)) demanding.push(...names.filter((name) => !contract.has(name)));
    }
  }
  expect(demanding).toEqual([]);
});
