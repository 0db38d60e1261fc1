import { collectFields } from '@graphql-tools/utils';
import {
  getVariableValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { GraphContext } from '../context.js';
import { abandon } from './abandon.js';
import { Column } from './column.js';
import { LOST } from './level.js';
import { ObjectPlan, type Property } from './object-plan.js';
import { Run } from './run.js';
import { abstractShape, leafShape, listShape, nonNullShape, nullableShape, objectShape, type Shape } from './shape.js';

const MAX_VARIANTS = 16;

/**
 * Answers an operation level by level: a field that is read is read for all records of its level, whose objects are then
 * made in one go. Where a value is not what its type says it gives up, and the caller answers the operation anew by an
 * executor that goes field by field and can say which. For that an operation must be free of effects.
 */
export class LevelPlan {
  readonly #fragments: Record<string, FragmentDefinitionNode>;
  /** Variables that decide what is selected, by `@skip` and `@include`. */
  readonly #switches: string[];
  readonly #roots = new Map<string, ObjectPlan>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
  ) {
    const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
    this.#switches = switchesOf(document);
  }

  /** Null where it gives up. Errors come as they were thrown, each with its path. */
  async run(root: unknown, context: GraphContext, given: Record<string, unknown>): Promise<ExecutionResult | null> {
    const definitions = this.operation.variableDefinitions ?? [];
    const { coerced } = getVariableValues(this.schema, definitions, given, { maxErrors: 1 });
    if (!coerced) return null;
    const facts = { schema: this.schema, fragments: this.#fragments, operation: this.operation };
    const run = new Run(facts, context, root, coerced);
    try {
      const [built] = await this.#rootFor(coerced).buildAll({ values: [root], pathOf: () => [], run });
      const data = built === LOST ? null : (built as Record<string, unknown>);
      return run.errors.length > 0 ? { data, errors: run.errors } : { data };
    } catch {
      return null;
    }
  }

  #rootFor(variables: Record<string, unknown>): ObjectPlan {
    const decided = Object.fromEntries(this.#switches.map((name) => [name, variables[name]]));
    const key = JSON.stringify(decided);
    let root = this.#roots.get(key);
    if (!root) {
      if (this.#roots.size >= MAX_VARIANTS) this.#roots.clear();
      const type = this.schema.getRootType(this.operation.operation)!;
      root = new Planner(this.schema, this.#fragments, decided).plan(type, this.operation.selectionSet, true);
      this.#roots.set(key, root);
    }
    return root;
  }
}

/** Null where what an operation does may not be done twice. */
export function levelPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode | null | undefined,
): LevelPlan | null {
  if (!operation || operation.operation === OperationTypeNode.MUTATION) return null;
  return new LevelPlan(schema, document, operation);
}

class Planner {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Record<string, FragmentDefinitionNode>,
    private readonly variables: Record<string, unknown>,
  ) {}

  plan(type: GraphQLObjectType, selection: SelectionSetNode, isRoot = false): ObjectPlan {
    const { fields } = collectFields(this.schema, this.fragments, this.variables, type, selection);
    const planned = [...fields].map(([key, nodes]) => this.#field(type, key, nodes));
    return new ObjectPlan({ type, keys: [...fields.keys()], fields: planned }, isRoot);
  }

  #field(parent: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): Property | Column | null {
    const name = nodes[0]!.name.value;
    if (name === '__typename') return null;
    const field = parent.getFields()[name] as GraphQLField<unknown, unknown>;
    const shape = this.#shape(field.type, nodes);
    const { complete } = shape;
    if (field.resolve || !complete) return new Column(key, parent, field, nodes, shape);
    return { key, name, shape: { ...shape, complete } };
  }

  #shape(type: GraphQLOutputType, nodes: readonly FieldNode[]): Shape {
    if (isNonNullType(type)) return nonNullShape(this.#bareShape(type.ofType, nodes));
    return nullableShape(this.#bareShape(type, nodes));
  }

  #bareShape(type: GraphQLOutputType, nodes: readonly FieldNode[]): Shape {
    if (isListType(type)) return listShape(this.#shape(type.ofType, nodes));
    if (isLeafType(type)) return leafShape(type);
    const selections = nodes.flatMap((node) => node.selectionSet?.selections ?? []);
    const selection: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
    if (isObjectType(type)) return objectShape(this.plan(type, selection));
    if (!isAbstractType(type)) return abandon();
    const plans = new Map<string, ObjectPlan>();
    return abstractShape(type, (typeName) => {
      const known = plans.get(typeName as string);
      if (known) return known;
      const possible = this.schema.getPossibleTypes(type).find(({ name }) => name === typeName) ?? abandon();
      const plan = this.plan(possible, selection);
      plans.set(possible.name, plan);
      return plan;
    });
  }
}

function switchesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      for (const { value } of node.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
