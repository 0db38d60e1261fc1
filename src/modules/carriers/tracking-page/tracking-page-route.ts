import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import QuickLRU from 'quick-lru';
import { listsOf, type GraphServices } from '../../../graph/context.js';
import type { Exchange, Route } from '../../../graph/http.js';
import { STYLE } from './tracking-page.css.js';
import { plainPage, trackingPage } from './tracking-page.js';
import {
  selectTrackedEvents,
  selectTrackedItems,
  selectTrackedOrder,
  selectTrackedShipments,
} from './tracking-page.queries.js';
import { languageFor } from './tracking-page.words.js';
import { trackingLinks, TRACKING_PATH, type Tracked } from './tracking-links.js';

const A_MINUTE_MS = 60_000;
/** For a link, whoever has it; and for an address that has none and tries. */
const MOST_VISITS = 120;
const MOST_GUESSES = 30;
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-frame-options': 'DENY',
  'cache-control': 'private, no-store',
  vary: 'accept-language',
};

/** Where a customer follows a delivery by the link alone: no login, no script, and no more than is needed for that. */
export function trackingPageRoute(hub: GraphServices): Route {
  const isTooMany = visits(() => hub.clock.now().getTime());
  return {
    method: 'GET',
    path: `${TRACKING_PATH}*`,
    async handle(exchange) {
      const { req, res, url } = exchange;
      const token = url.pathname.slice(TRACKING_PATH.length);
      const tracked = hub.services.get(trackingLinks).read(token);
      const isOften = tracked
        ? isTooMany(`link ${token}`, MOST_VISITS)
        : isTooMany(`guess ${req.socket.remoteAddress}`, MOST_GUESSES);
      const accepted = req.headers['accept-language'];
      const [status, html] = isOften
        ? ([429, plainPage(languageFor(accepted, null), 'tooMany')] as const)
        : ((tracked && (await pageOf(hub, exchange, tracked))) ??
          ([404, plainPage(languageFor(accepted, null), 'notFound')] as const));
      send(res, req.method === 'HEAD', status, html);
    },
  };
}

async function pageOf(
  { db }: GraphServices,
  { req }: Exchange,
  { kind, id }: Tracked,
): Promise<readonly [number, string] | null> {
  const [orderId, shipmentId] = kind === 'order' ? [id, null] : [null, id];
  const order = await db.readOne(selectTrackedOrder(orderId, shipmentId));
  if (!order) return null;
  const rows = await db.read(selectTrackedShipments(order.id, shipmentId));
  const ids = rows.map((row) => row.id);
  const [items, events] = await Promise.all([db.read(selectTrackedItems(ids)), db.read(selectTrackedEvents(ids))]);
  const [itemLists, eventLists] = [
    listsOf(ids, items, (row) => row.shipment_id),
    listsOf(ids, events, (row) => row.shipment_id),
  ];
  const shipments = rows.map((row, place) => ({ ...row, items: itemLists[place]!, events: eventLists[place]! }));
  return [200, trackingPage(order, shipments, languageFor(req.headers['accept-language'], order.country))];
}

function send(res: ServerResponse, isHead: boolean, status: number, html: string): void {
  const body = Buffer.from(html);
  const retry = status === 429 ? { 'retry-after': '60' } : {};
  res.writeHead(status, { ...HEADERS, ...retry, 'content-length': body.length });
  res.end(isHead ? undefined : body);
}

/** Counts by the minute, in this process. */
function visits(now: () => number): (name: string, most: number) => boolean {
  const counts = new QuickLRU<string, { minute: number; count: number }>({ maxSize: 10_000 });
  return (name, most) => {
    const minute = Math.floor(now() / A_MINUTE_MS);
    const known = counts.get(name);
    const count = known?.minute === minute ? known.count + 1 : 1;
    counts.set(name, { minute, count });
    return count > most;
  };
}
