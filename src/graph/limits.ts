import {
  GraphQLError,
  Kind,
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { getComplexity, type ComplexityEstimatorArgs } from 'graphql-query-complexity';
import QuickLRU from 'quick-lru';
import { RequestError } from '../shared/failures.js';
import { DEFAULT_PAGE } from './paging.js';

/** What one request may ask for; the same over HTTP and WebSocket. */
export interface Limits {
  depth: number;
  aliases: number;
  tokens: number;
  /** Fields that would be resolved, page sizes multiplied in. */
  cost: number;
  bodyBytes: number;
  subscriptionsPerSocket: number;
  requestsPerMinute: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 16,
  aliases: 50,
  tokens: 4_000,
  cost: 50_000,
  bodyBytes: 1_048_576,
  subscriptionsPerSocket: 100,
  requestsPerMinute: 120_000,
};

/** Depth counted through fragments, and every alias counted, `__typename` included. */
export function limitRules(limits: Limits): ValidationRule[] {
  return [
    (context: ValidationContext): ASTVisitor => ({
      Document(document) {
        const fragments = fragmentsOf(document);
        for (const definition of document.definitions) {
          if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
          const depth = depthOf(definition.selectionSet, fragments, new Map());
          if (depth > limits.depth) context.reportError(limitError('depth', limits.depth, depth, definition));
        }
      },
    }),
    (context: ValidationContext): ASTVisitor => {
      let aliases = 0;
      return {
        Field(node) {
          if (node.alias) aliases += 1;
        },
        Document: {
          leave(node) {
            if (aliases > limits.aliases) context.reportError(limitError('aliases', limits.aliases, aliases, node));
          },
        },
      };
    },
  ];
}

function limitError(what: string, limit: number, found: number, node: ASTNode): GraphQLError {
  return new GraphQLError(`${what}: at most ${limit}, this document has ${found}`, {
    nodes: node,
    extensions: { code: 'LIMIT_EXCEEDED', limit: what },
  });
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

function depthOf(
  set: SelectionSetNode,
  fragments: Map<string, FragmentDefinitionNode>,
  known: Map<string, number>,
): number {
  let deepest = 0;
  for (const selection of set.selections) {
    let depth = 0;
    if (selection.kind === Kind.FIELD) {
      depth = 1 + (selection.selectionSet ? depthOf(selection.selectionSet, fragments, known) : 0);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      depth = depthOf(selection.selectionSet, fragments, known);
    } else {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (fragment && !known.has(name)) {
        known.set(name, 0); // a cycle, which another rule reports, ends here
        known.set(name, depthOf(fragment.selectionSet, fragments, known));
      }
      depth = known.get(name) ?? 0;
    }
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Counts what a document would resolve; known documents are not walked again. */
export class CostMeter {
  readonly #known = new QuickLRU<string, number>({ maxSize: 2_000 });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: Limits,
  ) {}

  check(
    document: DocumentNode,
    hash: string,
    operationName: string | undefined,
    variables: Record<string, unknown>,
  ): void {
    const sizes = Object.entries(variables).flatMap(([name, value]) => {
      const size = Array.isArray(value) ? value.length : value;
      return typeof size === 'number' ? [[name, size]] : [];
    });
    const key = `${hash} ${operationName ?? ''} ${JSON.stringify(sizes)}`;
    const cost = this.#known.get(key) ?? this.#measure(document, operationName, variables);
    if (cost === null) return;
    this.#known.set(key, cost);
    if (cost > this.limits.cost) {
      throw new RequestError('LIMIT_EXCEEDED', `cost: at most ${this.limits.cost}, this document costs ${cost}`, {
        limit: 'cost',
      });
    }
  }

  /** Null where the variables do not fit the document: executing it says how. */
  #measure(
    document: DocumentNode,
    operationName: string | undefined,
    variables: Record<string, unknown>,
  ): number | null {
    const estimators = [pageCost];
    try {
      return getComplexity({
        schema: this.schema,
        query: document,
        variables,
        estimators,
        ...(operationName && { operationName }),
      });
    } catch (error) {
      if (error instanceof GraphQLError || error instanceof RequestError) return null;
      throw error;
    }
  }
}

function pageCost({ field, args, childComplexity }: ComplexityEstimatorArgs): number {
  const named: unknown = args.ids ?? args.inputs ?? args.representations;
  if (Array.isArray(named)) return 1 + named.length * childComplexity;
  if (!field.args.some((arg) => arg.name === 'first')) return 1 + childComplexity;
  const size = Number(args.first ?? args.last ?? DEFAULT_PAGE);
  return 1 + Math.max(0, size) * childComplexity;
}
