import tseslint from 'typescript-eslint';

/** A rule of our own: what the selectors match is reported with the message. */
function forbid(message, ...selectors) {
  const report = (context) => (node) => context.report({ node, message });
  return {
    meta: { type: 'problem', schema: [] },
    create: (context) => Object.fromEntries(selectors.map((selector) => [selector, report(context)])),
  };
}

/** The same for packages, however they are imported. */
function forbidPackages(message, pattern) {
  const kinds = ['ImportDeclaration', 'ImportExpression', 'ExportNamedDeclaration', 'ExportAllDeclaration'];
  return forbid(message, ...kinds.map((kind) => `${kind}[source.value=/${pattern}/]`));
}

const hub = {
  rules: {
    'environment-in-config': forbid(
      'Only src/config reads the environment; take the value as an argument.',
      'MemberExpression[object.name="process"][property.name="env"]',
      'MemberExpression[object.property.name="process"][property.name="env"]',
      'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]',
      'ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name="env"]',
    ),
    'time-from-clock': forbid(
      'Take the time from the clock of src/shared/clock.ts, so that tests and the sample company can set it.',
      'MemberExpression[object.name="Date"][property.name="now"]',
      'NewExpression[callee.name="Date"][arguments.length=0]',
      'CallExpression[callee.name="Date"]',
    ),
    'exact-numbers': forbid('Decimals are exact: use src/shared/decimal.ts.', 'Identifier[name="parseFloat"]'),
    'chance-from-ids': forbid(
      'Take random values from src/shared/ids.ts.',
      'MemberExpression[object.name="Math"][property.name="random"]',
    ),
    'named-exports': forbid(
      'Export by name, so that a thing has one name everywhere.',
      'ExportDefaultDeclaration',
      'ExportSpecifier[exported.name="default"]',
    ),
    'axios-in-connect': forbidPackages('Only src/connect speaks HTTP to others.', '^axios(\\u002f|$)'),
    'websocket-in-graph': forbidPackages('Only src/graph speaks WebSocket.', '^(ws|graphql-ws)(\\u002f|$)'),
    'no-orm-here': forbidPackages(
      'Resolvers, rules and states do not touch the database.',
      '^(@mikro-orm\\u002f|pg$|kysely$)',
    ),
  },
};

export default tseslint.config(
  {
    // A connector template and recorded fixtures are read as text; generated files answer to their generator.
    ignores: [
      'dist/',
      'node_modules/',
      '.hub/',
      'test/support/generated/',
      'connectors/*/test/fixtures/',
      'dashboard/',
    ],
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.base],
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unreachable': 'error',
      'no-dupe-keys': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['{src,connectors,test,bench}/**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { hub },
    rules: {
      // `== null` asks for null and undefined at once, which is what a nullable argument of the graph can be.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-constant-binary-expression': 'error',
      'no-else-return': 'error',
      'no-promise-executor-return': 'off',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      // In a file with decorators the rule holds back by itself: emitDecoratorMetadata needs the class at run time.
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { disallowTypeAnnotations: false, fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'hub/environment-in-config': 'error',
      'hub/time-from-clock': 'error',
      'hub/exact-numbers': 'error',
      'hub/chance-from-ids': 'error',
      'hub/named-exports': 'error',
      'hub/axios-in-connect': 'error',
      'hub/websocket-in-graph': 'error',
    },
  },
  { files: ['src/**/*.{resolver,rules,states}.ts'], plugins: { hub }, rules: { 'hub/no-orm-here': 'error' } },

  // The one home of each.
  { files: ['src/config/**'], rules: { 'hub/environment-in-config': 'off' } },
  { files: ['src/shared/clock.ts'], rules: { 'hub/time-from-clock': 'off' } },
  { files: ['src/shared/decimal.ts'], rules: { 'hub/exact-numbers': 'off' } },
  { files: ['src/shared/ids.ts'], rules: { 'hub/chance-from-ids': 'off' } },
  { files: ['src/connect/**'], rules: { 'hub/axios-in-connect': 'off' } },
  { files: ['src/graph/**'], rules: { 'hub/websocket-in-graph': 'off' } },
  { files: ['src/{main,cli}.ts'], rules: { 'no-console': 'off' } },
  { files: ['connectors/*/index.ts'], rules: { 'hub/named-exports': 'off' } },

  // A test or a measurement is a user of the hub: it may hold whatever a user has. Jest calls a global set-up by its
  // default export.
  {
    files: ['{test,bench}/**/*.ts', 'connectors/*/test/**/*.ts'],
    rules: {
      'no-console': 'off',
      'max-lines-per-function': 'off',
      'hub/environment-in-config': 'off',
      'hub/time-from-clock': 'off',
      'hub/chance-from-ids': 'off',
      'hub/axios-in-connect': 'off',
      'hub/websocket-in-graph': 'off',
    },
  },
  { files: ['test/support/global-*.ts'], rules: { 'hub/named-exports': 'off' } },
);
