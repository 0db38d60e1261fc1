import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Outcome {
  exitCode: number;
  modules: number;
  imports: number;
  violations: { rule: string; from: string; to: string }[];
}

interface Rules {
  forbidden: { name: string }[];
}

// A small house that keeps every rule: one file or two in each place the rules speak of.
const lawful: Record<string, string> = {
  'src/shared/clock.ts': 'export const clock = 1;',
  'src/config/index.ts': "export { clock as config } from '../shared/clock.js';",
  'src/db/database.ts': "export { clock as database } from '../shared/clock.js';",
  'src/db/embedded/index.ts': "export { supervisor } from './supervisor.js';",
  'src/db/embedded/supervisor.ts': 'export const supervisor = 1;',
  'src/events/append.ts': "export { database as append } from '../db/database.js';",
  'src/graph/server.ts': "import 'ws';\nexport { append as server } from '../events/append.js';",
  'src/documents/index.ts': "import 'pdfmake';\nexport { server as documents } from '../graph/server.js';",
  'src/documents/layout.ts': 'export const layout = 1;',
  'src/connect/index.ts': "import 'axios';\nexport { clock as kit } from '../shared/clock.js';",
  'src/connect/pacing.ts': 'export const pacing = 1;',
  'src/modules/references/index.ts': 'export const references = 1;',
  'src/modules/customers/index.ts': "export { references as customers } from '../references/index.js';",
  'src/modules/customers/merge.rules.ts': 'export const merge = 1;',
  'src/modules/stock/index.ts': 'export const stock = 1;',
  'src/modules/orders/index.ts': "export { stock as orders } from '../stock/index.js';",
  'src/modules/quotes/index.ts': "export { orders as quotes } from '../orders/index.js';",
  'src/modules/payments/index.ts': "export { orders as payments } from '../orders/index.js';",
  'src/modules/order-flow/index.ts': "export { quotes as flow } from '../quotes/index.js';",
  'src/modules/integrations/index.ts': "export { flow as integrations } from '../order-flow/index.js';",
  'src/sync/engine.ts':
    "import '../connect/pacing.js';\nexport { integrations as engine } from '../modules/integrations/index.js';",
  'src/sample/index.ts': "import type { app } from '../app.js';\nexport type Sample = typeof app;",
  'src/app.ts': "import './config/index.js';\nexport { engine as app } from './sync/engine.js';",
  'src/main.ts': "import './config/index.js';\nimport './db/embedded/index.js';\nimport './app.js';",
  'src/cli.ts': "import './app.js';",
  'connectors/acme/index.ts': "import '#connect';\nexport { client } from './client.js';",
  'connectors/acme/client.ts': 'export const client = 1;',
  'connectors/acme/sandbox/index.ts': "import 'node:http';\nimport './state.js';",
  'connectors/acme/sandbox/state.ts': 'export const state = 1;',
  'connectors/other/index.ts': "import '#connect';",
  'test/api/orders.test.ts': "import '../../src/app.js';\nimport 'axios';\nimport 'jest';",
  'bench/page.bench.ts': "import '../src/modules/orders/index.js';",
};

// [rule, importing file, imported, import kind]
const crimes: [rule: string, from: string, to: string, statement?: string][] = [
  ['layer-shared', 'src/shared/planted.ts', '../db/database.js'],
  [
    'layer-shared',
    'src/shared/planted-types.ts',
    '../db/database.js',
    "import type { database } from '../db/database.js'; export type D = typeof database;",
  ],
  ['layer-db', 'src/db/planted.ts', '../events/append.js'],
  ['layer-events', 'src/events/planted.ts', '../graph/server.js'],
  ['layer-graph', 'src/graph/planted.ts', '../modules/orders/index.js'],
  [
    'layer-graph',
    'src/graph/planted-late.ts',
    '../modules/orders/index.js',
    "export const late = () => import('../modules/orders/index.js');",
  ],
  ['layer-graph', 'src/graph/planted-paper.ts', '../documents/index.js'],
  ['layer-documents', 'src/documents/planted.ts', '../modules/orders/index.js'],
  ['documents-door', 'src/modules/orders/planted-layout.ts', '../../documents/layout.js'],
  ['pdf-in-documents', 'src/modules/orders/planted-pdf.ts', 'pdfmake'],
  ['module-invoices', 'src/modules/invoices/planted.ts', '../order-flow/index.js'],
  ['layer-connect', 'src/connect/planted.ts', '../db/database.js'],
  ['layer-config', 'src/config/planted.ts', '../db/database.js'],
  ['layer-modules', 'src/modules/orders/actions/planted.ts', '../../../sync/engine.js'],
  ['layer-modules', 'src/modules/orders/actions/planted-kit.ts', '../../../connect/index.js'],
  ['layer-sync', 'src/sync/planted.ts', '../config/index.js'],
  ['config-readers', 'src/sync/planted-config.ts', '../config/index.js'],
  ['config-readers', 'src/modules/stock/planted.ts', '../../config/index.js'],
  ['app-is-the-top', 'src/sync/planted-app.ts', '../app.js'],
  ['main-and-cli-are-ends', 'src/planted-main.ts', './cli.js'],
  ['embedded-door', 'src/db/planted-embedded.ts', './embedded/supervisor.js'],
  ['module-stock', 'src/modules/stock/planted-up.ts', '../orders/index.js'],
  ['module-payments', 'src/modules/payments/planted.ts', '../quotes/index.js'],
  ['module-order-flow', 'src/modules/order-flow/planted.ts', '../integrations/index.js'],
  ['module-has-level', 'src/modules/unplaced/index.ts', '../orders/index.js'],
  ['module-door', 'src/modules/orders/planted-door.ts', '../customers/merge.rules.js'],
  ['module-door-from-outside', 'src/sync/planted-door.ts', '../modules/customers/merge.rules.js'],
  ['sample-imports', 'src/sample/planted.ts', '../sync/engine.js'],
  ['sample-app-types-only', 'src/sample/planted-app.ts', '../app.js'],
  ['sample-is-a-leaf', 'src/sync/planted-sample.ts', '../sample/index.js'],
  ['src-knows-no-vendor', 'src/planted-vendor.ts', '../connectors/acme/index.js'],
  ['connector-uses-kit-only', 'connectors/acme/planted.ts', '../../src/connect/pacing.js'],
  ['connector-uses-kit-only', 'connectors/acme/planted-vendor.ts', '../other/index.js'],
  ['connector-uses-kit-only', 'connectors/acme/test/planted.ts', '../../../src/shared/clock.js'],
  ['sandbox-stands-alone', 'connectors/acme/sandbox/planted.ts', '../client.js'],
  ['sandbox-stands-alone', 'connectors/acme/sandbox/planted-src.ts', '../../../src/shared/clock.js'],
  ['tests-are-leaves', 'src/planted-test.ts', '../test/api/orders.test.js'],
  ['tests-are-leaves', 'connectors/acme/planted-bench.ts', '../../bench/page.bench.js'],
  ['axios-in-connect', 'src/sync/planted-axios.ts', 'axios'],
  ['axios-in-connect', 'connectors/acme/planted-axios.ts', 'axios'],
  ['provider-in-its-folder', 'src/modules/payments/planted-sdk.ts', 'stripe'],
  ['carrier-in-its-folder', 'src/modules/carriers/planted-sdk.ts', '@easypost/api'],
  ['mail-in-its-modules', 'src/modules/orders/planted-mail.ts', 'nodemailer'],
  ['websocket-in-graph', 'src/events/planted-ws.ts', 'ws'],
  ['websocket-in-graph', 'connectors/acme/sandbox/planted-ws.ts', 'graphql-ws'],
  ['no-development-package', 'src/shared/planted-dev.ts', 'jest'],
  ['package-is-declared', 'src/shared/planted-package.ts', 'undeclared'],
  ['resolvable', 'src/shared/planted-nowhere.ts', './nowhere.js'],
  [
    'no-cycle',
    'src/shared/planted-back.ts',
    './planted-cycle.js',
    "import type { A } from './planted-cycle.js'; export type B = A;",
  ],
];

// Reported once for each cycle, at its first file; this is the second.
const accomplices = { 'src/shared/planted-cycle.ts': "import './planted-back.js'; export type A = 1;" };

describe('the import rules', () => {
  let folder: string;
  let before: Outcome;
  let after: Outcome;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-import-rules-'));
    await buildHouse(folder);
    before = await check(folder);
    for (const [path, text] of Object.entries(accomplices)) await plant(folder, path, text);
    for (const [, from, to, statement] of crimes) await plant(folder, from, statement ?? `import '${to}';`);
    after = await check(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('find nothing in a house that keeps them', () => {
    expect(before.violations).toEqual([]);
    expect(before.exitCode).toBe(0);
  });

  test('read every module and saw what it imports', () => {
    expect(before.modules).toBe(Object.keys(lawful).length);
    expect(before.imports).toBeGreaterThanOrEqual(30);
    expect(after.modules).toBe(before.modules + crimes.length + Object.keys(accomplices).length);
  });

  test('fail the check when one is broken', () => {
    expect(after.exitCode).toBe(1);
  });

  test.each(crimes)('%s reports %s that imports %s', (rule, from) => {
    expect(
      after.violations.filter((violation) => violation.from === from).map((violation) => violation.rule),
    ).toContain(rule);
  });

  test('are each broken by something planted here', () => {
    const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as Rules;
    const planted = new Set(crimes.map(([rule]) => rule));
    const alike = /^module-(?!door|has-level)/;
    expect(forbidden.map(({ name }) => name).filter((name) => !planted.has(name) && !alike.test(name))).toEqual([]);
  });

  test('blame no file that keeps them', () => {
    const guilty = new Set(crimes.map(([, from]) => from));
    expect(after.violations.filter((violation) => !guilty.has(violation.from))).toEqual([]);
  });
});

async function buildHouse(folder: string): Promise<void> {
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json']) await cp(join(root, name), join(folder, name));
  for (const [path, text] of Object.entries(lawful)) await plant(folder, path, text);
  const names = ['axios', 'nodemailer', 'pdfmake', 'stripe', 'ws', 'graphql-ws'];
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const manifest = { name: 'house', type: 'module', dependencies, devDependencies: { jest: '1.0.0' } };
  await plant(folder, 'package.json', JSON.stringify(manifest));
  for (const name of [...Object.keys(dependencies), 'jest', 'undeclared']) {
    await plant(
      folder,
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    );
    await plant(folder, `node_modules/${name}/index.js`, '');
  }
}

async function plant(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), `${text}\n`);
}

function check(folder: string): Promise<Outcome> {
  const script = join(root, 'scripts', 'check-imports.mjs');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, '--json'], { cwd: folder }, (error, stdout, stderr) => {
      if (stdout === '') return reject(new Error(`the check printed nothing: ${stderr}`, { cause: error }));
      resolve({ exitCode: Number(error?.code ?? 0), ...(JSON.parse(stdout) as Omit<Outcome, 'exitCode'>) });
    });
  });
}
