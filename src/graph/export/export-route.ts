import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../../db/database.js';
import { badInput, RequestError } from '../../shared/failures.js';
import { INSIDE } from '../access.js';
import { authorizationOf, callerOf, type Gatekeeper } from '../authenticate.js';
import { refuseRequest } from '../graph-route.js';
import type { Exchange, Route } from '../http.js';
import { DateTime } from '../scalars.js';
import type { ExportDefinition } from './export.js';
import { exportText } from './export-stream.js';
import { EXPORT_FORMATS, EXPORT_TYPES, type ExportFormat } from './export-text.js';

const PREFIX = '/export/';
/** Each holds a connection to the database for as long as it is read. */
export const EXPORTS_AT_ONCE = 3;
const TRY_AGAIN_MS = 10_000;

/**
 * `GET /export/<kind>?since=…&format=…`: a download that is read as fast as its client takes it. One that breaks off in
 * the middle breaks its connection, so that no client takes a part for the whole.
 */
export function exportRoute(
  db: Database,
  gatekeeper: Gatekeeper,
  definitions: ReadonlyMap<string, ExportDefinition>,
): Route {
  let running = 0;
  return {
    method: 'GET',
    path: `${PREFIX}*`,
    async handle(exchange) {
      let asked: Asked;
      try {
        asked = await admit(exchange, gatekeeper, definitions);
        if (running >= EXPORTS_AT_ONCE) {
          const facts = { retryAfterMs: TRY_AGAIN_MS };
          throw new RequestError('TOO_MANY_REQUESTS', `At most ${EXPORTS_AT_ONCE} exports run at once`, facts);
        }
      } catch (error) {
        exchange.req.resume();
        return refuseRequest(exchange, error);
      }
      running += 1;
      try {
        await send(exchange, db, asked);
      } finally {
        running -= 1;
      }
    },
  };
}

interface Asked {
  definition: ExportDefinition;
  format: ExportFormat;
  since: Date | null;
}

async function admit(
  { req, url }: Exchange,
  gatekeeper: Gatekeeper,
  definitions: ReadonlyMap<string, ExportDefinition>,
): Promise<Asked> {
  const viewer = await gatekeeper.admit(authorizationOf(req), callerOf(req));
  if (!viewer.roles.some((role) => INSIDE.includes(role)))
    throw new RequestError('FORBIDDEN', 'The key’s roles do not allow exports');
  return askedFor(url.pathname.slice(PREFIX.length), definitions, {
    format: url.searchParams.get('format'),
    since: url.searchParams.get('since'),
  });
}

/** Reads what is asked for; throws BAD_USER_INPUT with what was expected. */
export function askedFor(
  kind: string,
  definitions: ReadonlyMap<string, ExportDefinition>,
  options: { format?: string | null | undefined; since?: string | null | undefined },
): Asked {
  const definition = definitions.get(kind);
  if (!definition) throw badInput('kind', `one of ${[...definitions.keys()].join(', ')}`, kind);
  const format = EXPORT_FORMATS.find((one) => one === (options.format ?? 'ndjson'));
  if (!format) throw badInput('format', `one of ${EXPORT_FORMATS.join(', ')}`, options.format);
  return { definition, format, since: options.since == null ? null : DateTime.parseValue(options.since) };
}

async function send(exchange: Exchange, db: Database, { definition, format, since }: Asked): Promise<void> {
  const { res, log, req } = exchange;
  const text = exportText(db, definition, format, since);
  let head: string;
  try {
    // Until here an answer can still say what is wrong.
    head = ((await text.next()).value as string | undefined) ?? '';
  } catch (error) {
    return refuseRequest(exchange, error);
  }
  res.writeHead(200, {
    'content-type': EXPORT_TYPES[format],
    'content-disposition': `attachment; filename="${definition.kind}.${format}"`,
    'cache-control': 'no-store',
  });
  if (req.method === 'HEAD') {
    await text.return();
    return void res.end();
  }
  res.write(head);
  try {
    await pipeline(Readable.from(text, { highWaterMark: 1 }), res);
  } catch (error) {
    res.destroy();
    log.warn({ err: error, kind: definition.kind }, 'an export broke off');
  }
}
