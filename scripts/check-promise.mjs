// Whether the schema keeps what an earlier release has promised. schema/promised.graphql is the schema of the last release
// and changes by --extend alone, which refuses to take anything back. A name may go once it was deprecated in the
// promise with a date ("… until 2027-01-31") and that day has passed.
//
//   node scripts/check-promise.mjs [--extend] [--promised file] [--schema file]
import { diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { removalDateOf } from './graph-rules.mjs';
import { root } from './prepare/paths.mjs';

const { values: options } = parseArgs({
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
const broken = changes.filter((change) => change.criticality.level === 'BREAKING' && !mayGo(change));

for (const { message, path } of broken) process.stdout.write(`breaks a promise: ${message} (${path})\n`);
if (broken.length > 0) process.exitCode = 1;
else if (options.extend) {
  writeFileSync(options.promised, text);
  process.stdout.write(`promised: ${changes.length} changes since the last release\n`);
}

/** Only what is taken away can have been announced: a type that changes under its name breaks its readers at once. */
function mayGo({ type, path }) {
  if (!/_REMOVED$/.test(type)) return false;
  const date = removalDateOf(elementAt(path)?.deprecationReason);
  return date !== null && date < today;
}

/** What stands in the promise under "Type.field.argument", "Input.field" or "Enum.VALUE". */
function elementAt(path = '') {
  const [typeName, name, argument] = path.split('.');
  const type = promised.getType(typeName);
  if (!type || name === undefined) return undefined;
  if ('getValue' in type) return type.getValue(name);
  const field = 'getFields' in type ? type.getFields()[name] : undefined;
  return argument === undefined ? field : field?.args?.find((one) => one.name === argument);
}
