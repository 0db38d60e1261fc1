import { GraphQLError } from 'graphql';
import type { Feed } from '../../events/feed.js';
import type { StreamedEvent } from '../../events/streamed-event.js';
import type { GraphContext, GraphServices } from '../context.js';
import type { Executor, Operation } from '../execution.js';
import type { LiveMetrics } from './metrics.js';
import type { ChangeKind, StreamMessage } from './stream.js';

/** What every part of the live server works with. */
export interface LiveParts {
  graph: GraphServices;
  executor: Executor;
  feed: Feed;
  metrics: LiveMetrics;
}

/** Ends an operation with these errors; the socket and its other operations go on. */
export class OperationEnded extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors[0]?.message ?? 'the operation has ended');
  }
}

/** A message ready to be sent to any socket: what follows the operation's id. */
export interface Frame {
  position: number;
  tail: string;
}

export function frameHead(operationId: string): string {
  return `{"id":${JSON.stringify(operationId)},"type":"next","payload":`;
}

/**
 * Executes the subscription's document on one event. Where errors leave no data, the event would be lost to the
 * reader without a trace: the operation ends instead, and can go on behind its last cursor.
 */
export async function executeMessage(
  { executor }: LiveParts,
  operation: Operation,
  event: StreamedEvent,
  kind: ChangeKind,
  context: GraphContext,
): Promise<Frame> {
  const message: StreamMessage = { event, kind };
  const result = await executor.execute(operation, context, message);
  if (!result.data) throw new OperationEnded(result.errors ?? [new GraphQLError('the message has no data')]);
  return { position: event.position, tail: `${JSON.stringify(result)}}` };
}
