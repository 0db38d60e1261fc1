// https://docs.vendure.io/guides/getting-started/graphql-intro/: one address, every call a document.
import type { ZodType } from 'zod';
import { z } from 'zod';
import {
  ConnectorFailure,
  readWire,
  rejected,
  type ConnectorHttp,
  type HttpDefinition,
  type StreamContext,
} from '#connect';
import { login, type Document } from './documents.js';
import { failureIn } from './failures.js';
import type { Credentials, Settings } from './settings.js';
import { record, text } from './wire/parts.js';

export type Context = StreamContext<Settings, Credentials>;

const TOKEN_HEADER = 'vendure-auth-token';

export const http: HttpDefinition<Settings, Credentials> = {
  baseUrl: ({ settings }) => `${settings.baseUrl}${settings.adminApiPath ?? '/admin-api'}`,
  headers: ({ settings, token }): Record<string, string> => ({
    ...(token && { authorization: `Bearer ${token.accessToken}` }),
    ...(settings.channelToken !== undefined && { 'vendure-token': settings.channelToken }),
  }),
  async token(sender, { credentials: { username, password } }) {
    const { body, headers } = await post(sender, login, { username, password });
    const { login: result } = readWire(loginShape, dataOf(login, body));
    if (result.__typename !== 'CurrentUser') {
      throw new ConnectorFailure('unauthorized', `${login.name}: ${result.message ?? result.__typename}`);
    }
    const accessToken = headers[TOKEN_HEADER];
    if (!accessToken)
      throw new ConnectorFailure('unexpected_shape', `${login.name}: expected a header ${TOKEN_HEADER}`);
    return { accessToken, expiresAt: null };
  },
  limits: {
    // The server has none of its own.
    default: { burst: 20, perSecond: 10, concurrency: 4 },
    // Two fulfillments made at once of the same lines both succeed there.
    fulfillments: { burst: 5, perSecond: 5, concurrency: 1 },
  },
  failure: failureIn,
};
const loginShape = record({ login: record({ __typename: text, message: text.nullish() }) });

function post(sender: ConnectorHttp, document: Document, variables: Record<string, unknown>) {
  const { name, isRepeatable, limit } = document;
  return sender.send({
    operation: name,
    method: 'POST',
    path: '',
    json: { query: document.text, operationName: name, variables },
    isRepeatable,
    ...(limit !== undefined && { limit }),
  });
}

/** Sends a document and reads its data. Throws a ConnectorFailure for what went wrong in either of the first two layers. */
export async function ask<T>(
  sender: ConnectorHttp,
  document: Document,
  variables: Record<string, unknown>,
  shape: ZodType<T>,
): Promise<T> {
  const { body } = await post(sender, document, variables);
  return readWire(shape, dataOf(document, body));
}

function dataOf({ name }: Document, body: unknown): unknown {
  const { data } = (body ?? {}) as { data?: unknown };
  if (data == null) throw new ConnectorFailure('unexpected_shape', `${name}: expected data, got none`);
  return data;
}

/** Why a mutation did not do it: the third layer. */
export interface Refused {
  errorCode: string;
  message: string;
}
const refusedShape = z.object({ errorCode: text, message: text });

/** What a mutation made, or why it did not. */
export async function change<T>(
  sender: ConnectorHttp,
  document: Document,
  variables: Record<string, unknown>,
  made: { field: string; type: string; shape: ZodType<T> },
): Promise<{ made: T } | { refused: Refused }> {
  const { [made.field]: result } = await ask(
    sender,
    document,
    variables,
    record({ [made.field]: z.looseObject({ __typename: text }) }),
  );
  if (result!.__typename === made.type) return { made: readWire(made.shape, result) };
  return { refused: readWire(refusedShape, result) };
}

export function refusal({ name }: Document, { message, errorCode }: Refused): ConnectorFailure {
  return rejected(`${name}: ${message} (${errorCode})`);
}
