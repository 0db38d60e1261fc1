import {
  createSourceEventStream,
  GraphQLError,
  OperationTypeNode,
  getOperationAST,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import { CloseCode, makeServer, type Context, type Server, type SubscribePayload } from 'graphql-ws';
import { randomId } from '../../shared/ids.js';
import { RequestError } from '../../shared/failures.js';
import type { Viewer } from '../access.js';
import type { Gatekeeper } from '../authenticate.js';
import { GraphContext } from '../context.js';
import { presentError } from '../errors.js';
import type { Operation } from '../execution.js';
import type { Limits } from '../limits.js';
import type { Documents } from './documents.js';
import type { Groups } from './groups.js';
import type { LiveSocket } from './live-socket.js';
import { OperationEnded, type LiveParts } from './message.js';
import { SourceStream } from './stream.js';
import { LiveSubscription } from './subscription.js';

export interface ProtocolParts extends LiveParts {
  gatekeeper: Gatekeeper;
  limits: Limits;
  documents: Documents;
  groups: Groups;
  /** False for a key that was revoked while it was being looked up. */
  mayStay(viewer: Viewer): boolean;
  /** Told of every query and mutation that runs, so that a drain can wait for them. */
  onRunning(work: Promise<unknown>): void;
}

interface LiveArgs extends ExecutionArgs {
  operation: Operation;
  contextValue: GraphContext;
  subscription?: LiveSubscription;
}

type SocketContext = Context<Record<string, unknown> | undefined, LiveSocket>;

const INIT_TIMEOUT_MS = 10_000;
const MAX_ID_LENGTH = 128;

/** graphql-ws keeps the protocol; what an operation is and may do is decided here. */
export function liveProtocol(parts: ProtocolParts): Server<LiveSocket> {
  return makeServer<Record<string, unknown> | undefined, LiveSocket>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (context) => connect(parts, context),
    onSubscribe: async (context, id, payload) => {
      const scope = new GraphContext({ ...parts.graph }, context.extra.viewer!, randomId());
      try {
        return await openOperation(parts, context.extra, id, payload, scope);
      } catch (error) {
        return present(error, scope);
      }
    },
    subscribe: (args) => (args as LiveArgs).subscription!,
    execute: (args) => {
      const run = execute(parts, args as LiveArgs);
      parts.onRunning(run);
      return run;
    },
    onError: (context, _id, _payload, errors) => {
      const scope = new GraphContext(parts.graph, context.extra.viewer!, randomId());
      return errors.flatMap((error) => present(error.originalError ?? error, scope)).map((error) => error.toJSON());
    },
  });
}

async function connect(
  { gatekeeper, mayStay }: ProtocolParts,
  { extra: socket, connectionParams }: SocketContext,
): Promise<boolean> {
  const given = connectionParams?.authorization ?? connectionParams?.Authorization;
  try {
    const viewer = await gatekeeper.admit(typeof given === 'string' ? given : socket.authorization, socket.caller);
    if (!mayStay(viewer)) return false;
    socket.viewer = viewer;
    return true;
  } catch (error) {
    if (error instanceof RequestError) socket.close(CloseCode.Forbidden, error.message);
    else socket.closeForFailure(error);
    return false;
  }
}

async function openOperation(
  parts: ProtocolParts,
  socket: LiveSocket,
  id: string,
  payload: SubscribePayload,
  context: GraphContext,
): Promise<LiveArgs> {
  const { documents, gatekeeper, limits, executor, feed } = parts;
  if (id.length > MAX_ID_LENGTH) throw tooMuch('id', MAX_ID_LENGTH, 'characters');
  if (socket.operations > limits.subscriptionsPerSocket) {
    throw tooMuch('subscriptionsPerSocket', limits.subscriptionsPerSocket, 'operations at once');
  }
  await gatekeeper.spend(context.viewer);
  const operation = documents.prepare(payload);
  const { document, operationName, variables: variableValues } = operation;
  const args: LiveArgs = {
    schema: executor.schema,
    document,
    operationName,
    variableValues,
    contextValue: context,
    operation,
  };
  if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) return args;
  const source = await sourceOf(args);
  const startAt = source.after === null ? feed.head() : await feed.positionOf(source.after);
  args.subscription = new LiveSubscription(socket, id, operation, source, startAt, parts.groups, parts);
  return args;
}

/** Runs the field's guard and reads its arguments. */
async function sourceOf(args: LiveArgs): Promise<SourceStream> {
  const source = await createSourceEventStream(args);
  if (source instanceof SourceStream) return source;
  if ('errors' in source && source.errors) throw new OperationEnded(presentAll(source.errors, args.contextValue));
  throw new Error('the subscription field has no stream: its subscribe must be that of defineStream');
}

async function execute({ executor }: ProtocolParts, { operation, contextValue }: LiveArgs): Promise<ExecutionResult> {
  try {
    return await executor.execute(operation, contextValue);
  } catch (error) {
    return { errors: present(error, contextValue) };
  }
}

function tooMuch(limit: string, most: number, what: string): RequestError {
  return new RequestError('LIMIT_EXCEEDED', `${limit}: at most ${most} ${what}`, { limit });
}

/** Errors as the client may read them; those of an ended operation already are. */
function present(error: unknown, context: GraphContext): readonly GraphQLError[] {
  if (error instanceof OperationEnded) return error.errors;
  if (error instanceof GraphQLError) return error.extensions.code ? [error] : presentAll([error], context);
  const originalError = error instanceof Error ? error : new Error(String(error));
  return presentAll([new GraphQLError(originalError.message, { originalError })], context);
}

function presentAll(errors: readonly GraphQLError[], { requestId, log }: GraphContext): readonly GraphQLError[] {
  return errors.map((error) => presentError(error, requestId, log));
}
