// One address, every call a method of the server. Exactly the keys id, method and params: with "jsonrpc" the server speaks
// another protocol, whose failures are pages for people.
import type { ZodType } from 'zod';
import { z } from 'zod';
import {
  ConnectorFailure,
  readWire,
  type ConnectorHttp,
  type HttpDefinition,
  type IncomingResponse,
  type StreamContext,
} from '#connect';
import { failureOf, refusalIn, type Refused } from './failures.js';
import { companyOf, type Credentials, type Settings } from './settings.js';
import { id, ids, record, text } from './wire/parts.js';
import { idOf, type Domain, type Sendable } from './wire/values.js';

export type Context = StreamContext<Settings, Credentials>;
type Row = Record<string, unknown>;

const LOGIN = 'common.db.login';
const READS = /\.(search_read|search_count)$/;
const MOST_WARNINGS = 5;
const MOST_TRIES = 3;

export const http: HttpDefinition<Settings, Credentials> = {
  baseUrl: ({ settings }) => settings.baseUrl,
  headers: ({ token }): Record<string, string> => (token ? { authorization: `Session ${token.accessToken}` } : {}),
  async token(sender, { credentials: { username, password } }) {
    const body = await post(sender, LOGIN, [username, { password }, 'en']);
    const refused = refusalIn(body);
    if (refused) throw new ConnectorFailure('unauthorized', `${LOGIN}: ${refused.kind}`);
    const { result } = readWire(record({ result: z.tuple([id, text]) }), body);
    // The name may hold a colon of its own: the server splits from behind.
    const session = Buffer.from(`${username}:${result[0]}:${result[1]}`).toString('base64');
    return { accessToken: session, expiresAt: null };
  },
  limits: {
    // The server counts bad logins only; this leaves its people room.
    default: { burst: 20, perSecond: 20, concurrency: 4 },
  },
};

/** A page is several questions: one that got no answer, or came too soon, is asked again by itself. What may have changed something is not. */
async function post(sender: ConnectorHttp, method: string, params: Sendable[]): Promise<IncomingResponse['body']> {
  const isRepeatable = READS.test(method) || method === LOGIN;
  for (let tries = 1; ; tries += 1) {
    try {
      const json = { id: 1, method, params };
      return (await sender.send({ operation: method, method: 'POST', path: '/', json, isRepeatable })).body;
    } catch (error) {
      if (!READS.test(method) || tries === MOST_TRIES || !isPassing(error)) throw error;
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof ConnectorFailure) || error.retryAfterMs !== null) return false;
  return error.kind === 'transient' || error.kind === 'throttled' || error.kind === 'unexpected_shape';
}

/** What a method answers, or why it did not do it. */
async function attempt<T>(
  context: Context,
  method: string,
  params: Sendable[],
  shape: ZodType<T>,
): Promise<{ result: T } | { refused: Refused }> {
  const body = await post(context.http, `model.${method}`, params);
  const refused = refusalIn(body);
  if (refused) return { refused };
  return { result: readWire(record({ result: shape }), body).result as T };
}

async function call<T>(context: Context, method: string, params: Sendable[], shape: ZodType<T>): Promise<T> {
  const answer = await attempt(context, method, params, shape);
  if ('refused' in answer) throw failureOf(method, answer.refused);
  return answer.result;
}

/** Without the company prices read as none and costs as nothing; without the other what is inactive is not found. */
function surroundings({ settings }: Context, more: object = {}): object {
  return { company: companyOf(settings), active_test: false, ...more };
}

export interface Search {
  domain: Domain;
  fields: readonly string[];
  order?: [string, string][];
  limit?: number;
  surroundings?: object;
}

/** Records that a domain finds, `id` with each; what is not there is left out rather than refused. */
export function search(context: Context, model: string, asked: Search): Promise<(Row & { id: string })[]> {
  const { domain, fields, order = [['id', 'ASC']], limit = null } = asked;
  const params = [domain, 0, limit, order, fields, surroundings(context, asked.surroundings)];
  return call(context, `${model}.search_read`, params, z.array(z.looseObject({ id })));
}

/** The same in the shape that is needed. */
export async function find<T extends z.ZodRawShape>(context: Context, model: string, asked: Search, shape: T) {
  return readWire(z.array(record({ id, ...shape })), await search(context, model, asked));
}

export async function count(context: Context, model: string, domain: Domain): Promise<number> {
  const found = await call(context, `${model}.search_count`, [domain, surroundings(context)], z.string());
  return Number(found);
}

export async function create(context: Context, model: string, values: object): Promise<string> {
  const made = await call(context, `${model}.create`, [[values], surroundings(context)], ids);
  return made[0]!;
}

export async function write(context: Context, model: string, which: readonly string[], values: object): Promise<void> {
  await call(context, `${model}.write`, [which.map(idOf), values, surroundings(context)], z.unknown());
}

export async function remove(context: Context, model: string, which: readonly string[]): Promise<void> {
  if (which.length > 0) await call(context, `${model}.delete`, [which.map(idOf), surroundings(context)], z.unknown());
}

/**
 * Presses a button. A step that is not allowed is answered like one that was taken: read the state afterwards. What the
 * server warns of is confirmed, as a person would who knows that the goods have left.
 */
export async function press(context: Context, model: string, button: string, which: string): Promise<void> {
  const method = `${model}.${button}`;
  for (let warnings = 0; ; warnings += 1) {
    const answer = await attempt(context, method, [[idOf(which)], surroundings(context)], z.unknown());
    if (!('refused' in answer)) return;
    if (answer.refused.kind !== 'UserWarning' || warnings === MOST_WARNINGS) throw failureOf(method, answer.refused);
    await confirmWarning(context, answer.refused.details[0] ?? '');
  }
}

async function confirmWarning(context: Context, name: string): Promise<void> {
  const asked = { domain: [['login', '=', context.credentials.username]], fields: ['login'] };
  const [user] = await search(context, 'res.user', asked);
  if (!user) throw new ConnectorFailure('unexpected_shape', 'res.user: the hub’s own user is not found');
  await create(context, 'res.user.warning', { user: idOf(user.id), name, always: false });
}
