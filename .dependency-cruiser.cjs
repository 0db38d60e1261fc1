// Who may import whom. docs/architecture.md draws it; `npm run check` enforces it; test/contract/import-rules.test.ts
// plants violations and expects each to be found.

// Lowest first. A module may import any module of a lower level, through its index.ts, and none of its own level.
const moduleLevels = [
  ['history', 'references'],
  ['customers'],
  ['catalog'],
  ['tax'],
  ['access'],
  ['stock'],
  ['orders'],
  ['quotes', 'payments', 'fulfillment', 'returns'],
  ['invoices', 'departments'],
  ['carriers', 'order-flow'],
  ['integrations', 'intake'],
  ['mail', 'metrics'],
  ['notifications'],
  ['automation'],
];

// Lowest first, each with what it may import of our own besides itself. src/sample, the connectors and the modules
// among themselves have rules of their own below.
const layers = {
  shared: [],
  db: ['shared'],
  events: ['db', 'shared'],
  graph: ['events', 'db', 'shared'],
  documents: ['graph', 'events', 'db', 'shared'],
  connect: ['shared'],
  config: ['shared'],
  modules: ['documents', 'graph', 'events', 'db', 'shared'],
  sync: ['modules', 'documents', 'graph', 'events', 'db', 'connect', 'shared'],
};

const layerPath = (name) => `^src/${name}(/|\\.ts$)`;
const npmPackage = (names) => `(^|/)node_modules/(${names.join('|')})/|^(${names.join('|')})(/|$)`;

const layerRules = Object.entries(layers).map(([name, lower]) => ({
  name: `layer-${name}`,
  comment: `src/${name} imports ${lower.length > 0 ? `only ${lower.join(', ')}` : 'nothing'} of ours.`,
  severity: 'error',
  from: { path: layerPath(name) },
  to: { path: '^(src|connectors)/', pathNot: [name, ...lower].map(layerPath) },
}));

const moduleRules = moduleLevels.flatMap((level, index) => {
  const lower = moduleLevels.slice(0, index).flat();
  return level.map((name) => ({
    name: `module-${name}`,
    comment: `${name} imports only ${lower.length > 0 ? lower.join(', ') : 'no other module'} among the modules.`,
    severity: 'error',
    from: { path: `^src/modules/${name}/` },
    to: { path: '^src/modules/[^/]+/', pathNot: [name, ...lower].map((each) => `^src/modules/${each}/`) },
  }));
});

const rules = [
  {
    name: 'no-cycle',
    comment: 'No cycles, not even of types: they hide which part is the lower one.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolvable',
    comment: 'An import that leads nowhere would also lead past every other rule.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'module-has-level',
    comment: 'A new module takes its place in moduleLevels of .dependency-cruiser.cjs.',
    from: { path: '^src/modules/([^/]+)/', pathNot: `^src/modules/(${moduleLevels.flat().join('|')})/` },
    to: {},
  },
  {
    name: 'module-door',
    comment: 'A module is entered through its index.ts by other modules.',
    from: { path: '^src/modules/([^/]+)/' },
    to: { path: '^src/modules/[^/]+/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
  },
  {
    name: 'module-door-from-outside',
    comment: 'A module is entered through its index.ts by the rest of src.',
    from: { path: '^src/', pathNot: '^src/modules/' },
    to: { path: '^src/modules/[^/]+/', pathNot: '^src/modules/[^/]+/index\\.ts$' },
  },
  {
    name: 'config-readers',
    comment: 'Only main.ts, app.ts and cli.ts read the configuration; all others receive values.',
    from: { path: '^(src|connectors)/', pathNot: ['^src/(main|launch|app|cli)\\.ts$', '^src/config/'] },
    to: { path: '^src/config/' },
  },
  {
    name: 'app-is-the-top',
    comment: 'Only main.ts and cli.ts start the app.',
    from: { path: '^(src|connectors)/', pathNot: ['^src/(main|launch|app|cli)\\.ts$', '^src/sample/'] },
    to: { path: '^src/(app|main|cli)\\.ts$' },
  },
  {
    name: 'main-and-cli-are-ends',
    comment: 'Nothing imports the two entry points.',
    from: { path: '^(src|connectors)/' },
    to: { path: '^src/(main|cli)\\.ts$' },
  },
  {
    name: 'embedded-door',
    comment: 'The embedded database is entered through its index.ts.',
    from: { path: '^(src|connectors)/', pathNot: '^src/db/embedded/' },
    to: { path: '^src/db/embedded/', pathNot: '^src/db/embedded/index\\.ts$' },
  },
  {
    name: 'sample-imports',
    comment: 'The sample company uses modules and the connector kit, like an outsider would.',
    from: { path: '^src/sample/' },
    to: { path: '^(src|connectors)/', pathNot: ['^src/(sample|modules|events|db|connect|shared)/', '^src/app\\.ts$'] },
  },
  {
    name: 'sample-app-types-only',
    comment: 'The sample company is handed the app; it starts none.',
    from: { path: '^src/sample/' },
    to: { path: '^src/app\\.ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'sample-is-a-leaf',
    comment: 'Only main.ts, app.ts and cli.ts make sample data.',
    from: { path: '^(src|connectors)/', pathNot: ['^src/(main|launch|app|cli)\\.ts$', '^src/sample/'] },
    to: { path: '^src/sample/' },
  },
  {
    name: 'src-knows-no-vendor',
    comment: 'app.ts finds the connector folders at start; no file of src imports one.',
    from: { path: '^src/' },
    to: { path: '^connectors/' },
  },
  {
    name: 'connector-uses-kit-only',
    comment: "A connector imports its own folder and '#connect', nothing else of ours.",
    from: { path: '^connectors/([^/]+)/', pathNot: '^connectors/[^/]+/sandbox/' },
    to: { path: '^(src|connectors)/', pathNot: ['^connectors/$1/', '^src/connect/index\\.ts$'] },
  },
  {
    name: 'sandbox-stands-alone',
    comment:
      'A sandbox behaves like the vendor, so it must not share a mistake with its connector; the kit has what all need.',
    from: { path: '^connectors/([^/]+)/sandbox/' },
    to: { path: '^(src|connectors|test|bench)/', pathNot: '^(connectors/$1/sandbox/|src/connect/index)' },
  },
  {
    name: 'tests-are-leaves',
    comment: 'Nothing imports test or bench but these two.',
    from: { path: '^(src|connectors)/' },
    to: { path: '^(test|bench)/' },
  },
  {
    name: 'axios-in-connect',
    comment: 'One HTTP client: pacing, retry and masking happen in src/connect.',
    from: { path: '^(src|connectors)/', pathNot: '^src/connect/' },
    to: { path: npmPackage(['axios']) },
  },
  {
    name: 'websocket-in-graph',
    comment: 'One WebSocket transport: src/graph.',
    from: { path: '^(src|connectors)/', pathNot: '^src/graph/' },
    to: { path: npmPackage(['ws', '@types/ws', 'graphql-ws']) },
  },
  {
    name: 'provider-in-its-folder',
    comment: 'What a payment provider brings stays behind the port of payments.',
    from: { path: '^(src|connectors)/', pathNot: '^src/modules/payments/providers/stripe/' },
    to: { path: npmPackage(['stripe']) },
  },
  {
    name: 'pdf-in-documents',
    comment: 'What a document shows is data; how it becomes a PDF is known to src/documents alone.',
    from: { path: '^(src|connectors)/', pathNot: '^src/documents/' },
    to: { path: npmPackage(['pdfmake', '@types/pdfmake', 'bwip-js']) },
  },
  {
    name: 'documents-door',
    comment: 'Documents are entered through their index.ts.',
    from: { path: '^src/', pathNot: '^src/documents/' },
    to: { path: '^src/documents/', pathNot: '^src/documents/index\\.ts$' },
  },
  {
    name: 'carrier-in-its-folder',
    comment: 'What a carrier’s provider brings stays behind the port of carriers.',
    from: { path: '^(src|connectors)/', pathNot: '^src/modules/carriers/providers/easypost/' },
    to: { path: npmPackage(['@easypost/api']) },
  },
  {
    name: 'mail-in-its-modules',
    comment: 'Mail comes in by the module of mail, and goes out by that of notifications.',
    from: { path: '^(src|connectors)/', pathNot: '^src/modules/(mail|notifications)/' },
    to: { path: npmPackage(['smtp-server', 'postal-mime', 'nodemailer']) },
  },
  {
    name: 'no-development-package',
    comment: 'What runs in production is in "dependencies".',
    from: { path: '^(src|connectors)/', pathNot: '^connectors/[^/]+/test/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
  },
  {
    name: 'package-is-declared',
    comment: 'A package that only another package brings along may vanish with it.',
    from: { path: '^(src|connectors)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
];

module.exports = {
  forbidden: [...rules.map((rule) => ({ severity: 'error', ...rule })), ...layerRules, ...moduleRules],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^dist/' },
    // Types count: an import "just for the type" points the same way as any other.
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs'],
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      // A package of types alone has no main.
      mainFields: ['main', 'types', 'typings'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
