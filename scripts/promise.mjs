// Whether the schema keeps what an earlier release has promised. A name may go once it was deprecated in the promise with
// a date ("… until 2027-01-31") and that day has passed.
import { diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removalDateOf } from './graph-rules.mjs';
import { root } from './prepare/paths.mjs';

/** Carries out `node scripts/check-promise.mjs` with these arguments; resolves to what it prints and its exit code. */
export async function checkPromise(args) {
  const { values: options } = parseArgs({
    args,
    options: {
      extend: { type: 'boolean', default: false },
      promised: { type: 'string', default: join(root, 'schema', 'promised.graphql') },
      schema: { type: 'string', default: join(root, 'schema', 'schema.graphql') },
    },
  });
  const text = readFileSync(options.schema, 'utf8');
  const promised = buildSchema(readFileSync(options.promised, 'utf8'));
  const today = new Date().toISOString().slice(0, 10);
  const changes = await diff(promised, buildSchema(text));
  const broken = changes.filter((change) => change.criticality.level === 'BREAKING' && !mayGo(promised, change, today));
  if (broken.length > 0) {
    return { code: 1, output: broken.map(({ message, path }) => `breaks a promise: ${message} (${path})\n`).join('') };
  }
  if (!options.extend) return { code: 0, output: '' };
  writeFileSync(options.promised, text);
  return { code: 0, output: `promised: ${changes.length} changes since the last release\n` };
}

/** Only what is taken away can have been announced: a type that changes under its name breaks its readers at once. */
function mayGo(promised, { type, path }, today) {
  if (!/_REMOVED$/.test(type)) return false;
  const date = removalDateOf(elementAt(promised, path)?.deprecationReason);
  return date !== null && date < today;
}

/** What stands in the promise under "Type.field.argument", "Input.field" or "Enum.VALUE". */
function elementAt(promised, path = '') {
  const [typeName, name, argument] = path.split('.');
  const type = promised.getType(typeName);
  if (!type || name === undefined) return undefined;
  if ('getValue' in type) return type.getValue(name);
  const field = 'getFields' in type ? type.getFields()[name] : undefined;
  return argument === undefined ? field : field?.args?.find((one) => one.name === argument);
}
