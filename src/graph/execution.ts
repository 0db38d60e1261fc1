import {
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import QuickLRU from 'quick-lru';
import type { GraphContext } from './context.js';
import { presentError } from './errors.js';
import { leanSchema } from './lean-schema.js';
import { levelPlan, type LevelPlan } from './levels/plan.js';
import { selectionOf, type Selection } from './selection.js';

export interface Operation {
  document: DocumentNode;
  /** Names the document's text. */
  hash: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

const MAX_COMPILED = 500;
const MAX_SEEN = 5_000;

/**
 * Runs operations for HTTP and WebSocket alike: by graphql-js when a document is seen first, so that one-off documents pay
 * for no compiler. From the second time on reads are answered level by level, and compiled what cannot be.
 */
export class Executor {
  readonly #compiled = new QuickLRU<string, Compiled>({ maxSize: MAX_COMPILED });
  readonly #seen = new QuickLRU<string, true>({ maxSize: MAX_SEEN });
  readonly #plans = new QuickLRU<string, LevelPlan | null>({ maxSize: MAX_COMPILED });
  readonly #selections = new QuickLRU<string, Selection>({ maxSize: MAX_COMPILED });

  readonly #lean: GraphQLSchema;

  constructor(readonly schema: GraphQLSchema) {
    this.#lean = leanSchema(schema);
  }

  /** `root` is the event behind a subscription's message. */
  async execute(operation: Operation, context: GraphContext, root?: unknown): Promise<ExecutionResult> {
    // The messages of several subscriptions may share a context; a query's or mutation's is its own.
    const selection = this.#selectionOf(operation);
    if (root === undefined) context.selection = selection;
    const isSeen = !asksForSchema(selection) && this.#isSeen(operation);
    const result = isSeen ? await this.#again(operation, context, root) : await this.#atFirst(operation, context, root);
    if (!result.errors) return result;
    return this.#withPresentedErrors(result, operation, context);
  }

  async #atFirst({ document, variables, operationName }: Operation, context: GraphContext, root: unknown) {
    return execute({
      schema: this.schema,
      document,
      rootValue: root,
      contextValue: context,
      variableValues: variables,
      operationName: operationName ?? null,
    });
  }

  async #again(operation: Operation, context: GraphContext, root: unknown): Promise<ExecutionResult> {
    const byLevels = await this.#planFor(operation)?.run(root, context, operation.variables);
    if (byLevels) return byLevels;
    const compiled = this.#compiledFor(operation);
    if (!compiled) return this.#atFirst(operation, context, root);
    return (await compiled.query(root, context, { ...compiled.defaults, ...operation.variables })) as ExecutionResult;
  }

  #selectionOf({ document, hash }: Operation): Selection {
    let selection = this.#selections.get(hash);
    if (!selection) this.#selections.set(hash, (selection = selectionOf(this.schema, document)));
    return selection;
  }

  #isSeen(operation: Operation): boolean {
    const key = keyOf(operation);
    if (this.#seen.has(key)) return true;
    this.#seen.set(key, true);
    return false;
  }

  #planFor(operation: Operation): LevelPlan | null {
    const key = keyOf(operation);
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      const { document, operationName } = operation;
      plan = levelPlan(this.schema, document, getOperationAST(document, operationName));
      this.#plans.set(key, plan);
    }
    return plan;
  }

  #compiledFor(operation: Operation): Compiled | undefined {
    const { document, operationName } = operation;
    const key = keyOf(operation);
    const known = this.#compiled.get(key);
    if (known) return known;
    const query = compileQuery(this.#lean, document, operationName, { disableLeafSerialization: true });
    if (!isCompiledQuery(query)) return undefined;
    const compiled = { query: query.query, defaults: requiredDefaults(document, operationName) };
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #withPresentedErrors(result: ExecutionResult, operation: Operation, context: GraphContext): ExecutionResult {
    // Compiled queries drop a scalar's own message: let graphql-js say what is wrong with the variables.
    const errors = 'data' in result ? result.errors! : (this.#variableErrors(operation) ?? result.errors!);
    return {
      ...result,
      errors: errors.map((error) => presentError(asGraphQLError(error), context.requestId, context.log)),
    };
  }

  #variableErrors({ document, operationName, variables }: Operation): readonly GraphQLError[] | undefined {
    const definition = getOperationAST(document, operationName);
    return getVariableValues(this.schema, definition?.variableDefinitions ?? [], variables).errors;
  }
}

function keyOf({ hash, operationName }: Operation): string {
  return `${hash} ${operationName ?? ''}`;
}

interface Compiled {
  query: CompiledQuery['query'];
  defaults: Record<string, unknown>;
}

/** Compiled queries ask for a variable that may not be null even where it has a default. */
function requiredDefaults(document: DocumentNode, operationName: string | undefined): Record<string, unknown> {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  return Object.fromEntries(
    definitions.flatMap(({ variable, type, defaultValue }) =>
      type.kind === Kind.NON_NULL_TYPE && defaultValue
        ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const]
        : [],
    ),
  );
}

function asGraphQLError(error: GraphQLError | Error): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
}

/** A compiled query would tell of the schema it runs by, which is not the public one. */
function asksForSchema(selection: Selection): boolean {
  const roots = selection.get('Query');
  return roots !== undefined && (roots.has('__schema') || roots.has('__type'));
}
