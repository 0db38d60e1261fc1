// Whether a schema keeps the rules of scripts/graph-rules.mjs.
//
//   node scripts/check-graph-rules.mjs [file]     schema/schema.graphql, if left out
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { ESLint } from 'eslint';
import { graphRules } from './graph-rules.mjs';
import { root } from './prepare/paths.mjs';

const file = resolve(process.argv[2] ?? join(root, 'schema', 'schema.graphql'));
const eslint = new ESLint({ cwd: dirname(file), overrideConfigFile: true, overrideConfig: graphRules(file) });
const messages = (await eslint.lintFiles([basename(file)])).flatMap((result) => result.messages);
for (const { line, column, message, ruleId } of messages) {
  process.stdout.write(`${basename(file)}:${line}:${column} ${message} (${ruleId ?? 'not readable'})\n`);
}
process.exitCode = messages.length > 0 ? 1 : 0;
