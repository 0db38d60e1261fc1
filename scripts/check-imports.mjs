// Holds the imports of the working directory's sources against .dependency-cruiser.cjs.
//
//   node scripts/check-imports.mjs          one line for each violation, exit code 1 if there is any
//   node scripts/check-imports.mjs --json   the same as {modules, violations: [{rule, from, to}]}
import { existsSync, globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const root = process.cwd();
const folders = ['src', 'connectors', 'test', 'bench'].filter((folder) => existsSync(join(root, folder)));
const options = await extractOptions(join(root, '.dependency-cruiser.cjs'));
const tsConfig = extractTsConfig(join(root, 'tsconfig.json'));
// package.json sends '#connect' to the compiled kit; the rules speak of the source.
const resolving = { alias: { '#connect': resolve(root, 'src/connect/index.ts') } };

const { output } = await cruise(folders, { ...options, validate: true }, resolving, { tsConfig });
const violations = output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));

const read = new Set(output.modules.map(({ source }) => source));
const sources = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }));
const unread = sources.map((path) => path.replaceAll('\\', '/')).filter((path) => !read.has(path));
// A cruiser that cannot read TypeScript finds neither modules nor violations, and looks content.
if (sources.length === 0 || unread.length > 0) {
  process.stderr.write(`Of ${sources.length} source files these were not read: ${unread.join(', ') || 'none exist'}\n`);
  process.exitCode = 1;
}
const edges = output.modules.filter(({ source }) => sources.includes(source)).flatMap((module) => module.dependencies);
if (sources.length > 20 && edges.length < sources.length) {
  process.stderr.write(`Only ${edges.length} imports were seen in ${sources.length} source files.\n`);
  process.exitCode = 1;
}

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ modules: sources.length, imports: edges.length, violations })}\n`);
} else {
  for (const { rule, from, to } of violations) process.stdout.write(`${rule}: ${from} -> ${to}\n`);
  process.stdout.write(`${sources.length} modules, ${edges.length} imports, ${violations.length} violations\n`);
}
if (violations.length > 0) process.exitCode = 1;
