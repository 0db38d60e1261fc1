import { ApolloServer, HeaderMap, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Log } from '../shared/log.js';
import { badInput, RequestError } from '../shared/failures.js';
import type { GraphContext } from './context.js';
import { presentError, requestFailure } from './errors.js';
import type { Executor } from './execution.js';
import { limitRules, type CostMeter, type Limits } from './limits.js';

interface ApolloParts {
  schema: GraphQLSchema;
  executor: Executor;
  cost: CostMeter;
  limits: Limits;
  log: Log;
}

/** Apollo Server for what comes before and behind an execution; the execution itself is ours. */
export function apolloServer({ schema, executor, cost, limits, log }: ApolloParts): ApolloServer<GraphContext> {
  return new ApolloServer<GraphContext>({
    schema,
    validationRules: limitRules(limits),
    parseOptions: { maxTokens: limits.tokens },
    introspection: true,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    // The key comes in a header, which no page of another origin can set without asking first.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    logger: quiet(log),
    plugins: [
      ApolloServerPluginCacheControlDisabled() as ApolloServerPlugin<BaseContext>,
      // Apollo would trace for a router whose schema has `_service`; our executions it does not see.
      ApolloServerPluginInlineTraceDisabled() as ApolloServerPlugin<BaseContext>,
      checkBeforeExecution(cost),
      executeBy(executor),
      statusOfRequestErrors,
    ],
    formatError: (formatted, error) => {
      const graphqlError =
        error instanceof GraphQLError ? error : new GraphQLError(formatted.message, { originalError: error as Error });
      const already = graphqlError.extensions.code;
      if (typeof already === 'string' && !APOLLO_CODES.has(already)) return formatted;
      const coded = new GraphQLError(graphqlError.message, {
        nodes: graphqlError.nodes,
        positions: graphqlError.positions,
        source: graphqlError.source,
        path: graphqlError.path,
        originalError: graphqlError.originalError ?? null,
        extensions: { ...formatted.extensions },
      });
      return presentError(coded, 'none', log).toJSON();
    },
  });
}

const APOLLO_CODES = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'INTERNAL_SERVER_ERROR']);

/**
 * Answers operations by the executor, whose errors are as the client may read them. Not by the `gateway` hook: each of
 * its calls makes an object that the garbage collector keeps, with the whole answer, until it has looked at everything.
 */
function executeBy(executor: Executor): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation({ document, queryHash, operation, operationName, request, contextValue: context }) {
          if (!operation) return null;
          const variables = request.variables ?? {};
          const called = { document, hash: queryHash!, operationName: operationName ?? undefined, variables };
          const { data, errors } = await executor.execute(called, context);
          const singleResult = { data, ...(errors && { errors: errors.map((error) => error.toJSON()) }) };
          const status = errors && data === undefined ? 400 : undefined;
          // The route has settled the media type; left out, Apollo would negotiate it once more.
          const headers = new HeaderMap([['content-type', `${request.http!.headers.get('accept')!}; charset=utf-8`]]);
          return { http: { status, headers }, body: { kind: 'single', singleResult } };
        },
      }),
  };
}

/** Apollo reads the status from there and keeps it to itself. */
function badRequest(error: GraphQLError): GraphQLError {
  Object.assign(error.extensions, { http: { status: 400 } });
  return error;
}

function checkOperation(operation: OperationDefinitionNode | undefined, name: string | undefined): void {
  if (!operation) throw badInput('operationName', 'the name of an operation of the document', name);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
    throw new RequestError('BAD_USER_INPUT', 'Subscriptions are served over WebSocket (graphql-transport-ws)');
  }
}

function checkBeforeExecution(cost: CostMeter): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ document, queryHash, operation, operationName, request }) {
          try {
            checkOperation(operation, request.operationName);
            cost.check(document, queryHash, operationName ?? undefined, request.variables ?? {});
          } catch (error) {
            if (error instanceof RequestError) return Promise.reject(badRequest(requestFailure(error)));
            throw error;
          }
          return Promise.resolve();
        },
      }),
  };
}

/**
 * GraphQL over HTTP: with `application/json` a request error that was understood answers 200. The route has put the
 * one media type of the answer into `accept`.
 */
const statusOfRequestErrors: ApolloServerPlugin<GraphContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ response, request }) {
        const isLegacy = request.http?.headers.get('accept') === 'application/json';
        if (isLegacy && response.body.kind === 'single' && response.http.status === 400 && request.query) {
          response.http.status = 200;
        }
        return Promise.resolve();
      },
    }),
};

function quiet(log: Log) {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message?: unknown) =>
    log[level]({ from: 'apollo' }, String(message));
  return { debug: write('debug'), info: write('debug'), warn: write('warn'), error: write('error') };
}
