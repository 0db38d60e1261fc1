import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import type { GraphQLInterfaceType } from 'graphql';
import { readFileSync } from 'node:fs';
import { hubSchema } from '../../src/app.js';
import { EXPORTS_AT_ONCE } from '../../src/graph/export/export-route.js';
import { DEFAULT_LIMITS } from '../../src/graph/limits.js';
import { MAX_PAGE } from '../../src/graph/paging.js';
import { FAULTS, REFUSALS } from '../../src/shared/failures.js';

/** Compiled tests run in dist/test/contract. */
const GUIDE = new URL('../../../docs/graph.md', import.meta.url);

/** The codes in the first column of the guide's tables. */
function documentedCodes(): string[] {
  const rows = readFileSync(GUIDE, 'utf8').matchAll(/^\| `?([A-Z][A-Z_]+)`? \|/gm);
  return [...rows].map((row) => row[1]!);
}

test('docs/graph.md has every code that the hub can answer', () => {
  const documented = new Set(documentedCodes());
  const codes = [...Object.keys(REFUSALS), ...Object.keys(FAULTS)];
  expect(codes.filter((code) => !documented.has(code))).toEqual([]);
});

test('docs/graph.md has every type of user error with its facts', () => {
  const guide = readFileSync(GUIDE, 'utf8');
  const schema = hubSchema();
  const face = schema.getType('UserError') as GraphQLInterfaceType;
  const shared = Object.keys(face.getFields());
  const types = schema.getImplementations(face).objects;
  expect(types.length).toBeGreaterThan(5);
  for (const type of types) {
    const row = new RegExp(`^\\| ${type.name} \\| (.*) \\|$`, 'm').exec(guide)?.[1];
    const facts = Object.keys(type.getFields()).filter((name) => !shared.includes(name));
    expect([type.name, [...(row ?? 'no row').matchAll(/`(\w+)`/g)].map((match) => match[1])]).toEqual([
      type.name,
      facts,
    ]);
  }
});

test('docs/graph.md has the limits that the hub keeps', () => {
  const guide = readFileSync(GUIDE, 'utf8');
  const { depth, aliases, tokens, cost, requestsPerMinute } = DEFAULT_LIMITS;
  for (const limit of [depth, aliases, tokens, cost, requestsPerMinute, MAX_PAGE, EXPORTS_AT_ONCE]) {
    expect(guide).toMatch(new RegExp(`^\\| .* \\| ${limit.toLocaleString('en')} \\|$`, 'm'));
  }
});
