import { createHash } from 'node:crypto';
import {
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import QuickLRU from 'quick-lru';
import type { Operation } from '../execution.js';
import { limitRules, type CostMeter, type Limits } from '../limits.js';
import type { DocumentTexts } from '../trusted/document-texts.js';
import { OperationEnded } from './message.js';

interface KnownDocument {
  document: DocumentNode;
  hash: string;
}

/** Makes operations of what sockets send, under the rules and limits of HTTP; a valid text is read only once. */
export class Documents {
  readonly #known = new QuickLRU<string, KnownDocument>({ maxSize: 2_000 });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: Limits,
    private readonly cost: CostMeter,
    private readonly texts: DocumentTexts,
  ) {}

  /** Throws OperationEnded for a document that is refused, a RequestError where it costs too much or is not known. */
  prepare(payload: SubscribePayload): Operation {
    const { operationName, variables } = payload;
    const query = this.texts.textOf(payload) ?? payload.query;
    const { document, hash } = this.#known.get(query) ?? this.#read(query);
    const name = operationName ?? undefined;
    if (!getOperationAST(document, name))
      throw refused('OPERATION_RESOLUTION_FAILURE', new GraphQLError(unknownOperation(name)));
    const operation = { document, hash, operationName: name, variables: variables ?? {} };
    this.cost.check(document, hash, name, operation.variables);
    return operation;
  }

  #read(query: string): KnownDocument {
    const document = this.#parse(query);
    const errors = validate(this.schema, document, [...specifiedRules, ...limitRules(this.limits)]);
    if (errors.length > 0) throw refused('GRAPHQL_VALIDATION_FAILED', ...errors);
    const known = { document, hash: createHash('sha256').update(query).digest('hex') };
    this.#known.set(query, known);
    return known;
  }

  #parse(query: string): DocumentNode {
    try {
      return parse(query, { maxTokens: this.limits.tokens });
    } catch (error) {
      if (error instanceof GraphQLError) throw refused('GRAPHQL_PARSE_FAILED', error);
      throw error;
    }
  }
}

function unknownOperation(name: string | undefined): string {
  return name === undefined
    ? 'Name the operation to run: the document has several'
    : `Unknown operation named "${name}".`;
}

function refused(code: string, ...errors: readonly GraphQLError[]): OperationEnded {
  return new OperationEnded(
    errors.map(
      (error) =>
        new GraphQLError(withoutSuggestion(error.message), {
          nodes: error.nodes,
          source: error.source,
          positions: error.positions,
          extensions: { code, ...error.extensions },
        }),
    ),
  );
}

/** A suggestion tells the schema to whoever guesses. */
function withoutSuggestion(message: string): string {
  return message.replace(/ ?Did you mean (.+?)\?$/, '');
}
