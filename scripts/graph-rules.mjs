// What the schema promises Relay clients, and how its names are made. The plugin's rules, and one of ours.
import graphql from '@graphql-eslint/eslint-plugin';

const DATED = /\b(until|removal date:?) (\d{4}-\d{2}-\d{2})\b/i;

/** The day until which a deprecation's reason says that the name stays; null where it says none. */
export function removalDateOf(reason) {
  const day = DATED.exec(reason ?? '')?.[2];
  const instant = day === undefined ? NaN : Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== day ? null : day;
}

const deprecationDate = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    'Directive[name.value=deprecated]'(node) {
      const reason = node.arguments.find((argument) => argument.name.value === 'reason')?.value.value;
      if (removalDateOf(reason)) return;
      context.report({ node, message: 'a deprecation says how long the name stays: "… until 2027-01-31"' });
    },
  }),
};

const named = { style: 'camelCase', forbiddenPatterns: [/_/] };

/** ESLint's configuration for one schema file. */
export function graphRules(file) {
  return [
    {
      files: ['**/*.graphql'],
      languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: file } } },
      linterOptions: { noInlineConfig: true },
      plugins: { graphql, hub: { rules: { 'deprecation-date': deprecationDate } } },
      rules: {
        'graphql/relay-arguments': ['error', { includeBoth: false }],
        'graphql/relay-connection-types': 'error',
        'graphql/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
        'graphql/relay-page-info': 'error',
        'graphql/naming-convention': [
          'error',
          {
            types: 'PascalCase',
            FieldDefinition: named,
            InputValueDefinition: named,
            DirectiveDefinition: 'camelCase',
            EnumValueDefinition: 'UPPER_CASE',
          },
        ],
        'graphql/require-description': [
          'error',
          {
            types: true,
            FieldDefinition: true,
            InputValueDefinition: true,
            EnumValueDefinition: true,
            // Readers of GraphQL know the roots, and type-graphql cannot describe them.
            ignoredSelectors: ['[name.value=/^(Query|Mutation|Subscription)$/]'],
          },
        ],
        'graphql/no-typename-prefix': 'error',
        'graphql/no-hashtag-description': 'error',
        'graphql/no-unreachable-types': 'error',
        'graphql/no-scalar-result-type-on-mutation': 'error',
        'graphql/unique-field-definition-names': 'error',
        'graphql/unique-type-names': 'error',
        'graphql/require-deprecation-reason': 'error',
        'hub/deprecation-date': 'error',
      },
    },
  ];
}
