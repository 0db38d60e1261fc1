import type { ServerResponse } from 'node:http';
import type { GraphServices } from '../../graph/context.js';
import { readBody, type Route } from '../../graph/http.js';
import type { Actor } from '../../shared/actor.js';
import { optOutLinks } from './opt-out-link.js';
import { setNotificationOptOut } from './actions/decide-notifications.js';
import { escaped } from './templates/write-letter.js';

export const OPT_OUT_PATH = '/notifications/opt-out/';
const MAX_BODY_BYTES = 10_000;
/** Whoever has the letter. */
const RECIPIENT: Actor = { kind: 'SYSTEM', id: null, name: 'Link in a letter' };

/** The page behind a letter's link: GET asks, since programs follow links by themselves; POST does it. */
export function optOutRoutes(hub: GraphServices): Route[] {
  const addressIn = (url: URL) => hub.services.get(optOutLinks).addressOf(url.pathname.slice(OPT_OUT_PATH.length));
  return [
    {
      method: 'GET',
      path: `${OPT_OUT_PATH}*`,
      handle({ res, url }) {
        const address = addressIn(url);
        if (address === null) return unknown(res);
        const question =
          `<p>Stop e-mail about orders to <b>${escaped(address)}</b>?</p>` +
          `<p lang="it">Non inviare più e-mail sugli ordini a questo indirizzo?</p>`;
        page(res, 200, `${question}<form method="post"><button>Stop · Interrompi</button></form>`);
      },
    },
    {
      method: 'POST',
      path: `${OPT_OUT_PATH}*`,
      async handle({ req, res, url }) {
        await readBody(req, MAX_BODY_BYTES);
        const address = addressIn(url);
        if (address === null) return unknown(res);
        await hub.db.transaction('opt-out', (tx) =>
          setNotificationOptOut({ tx, now: hub.clock.now(), actor: RECIPIENT }, { address, isOptedOut: true }),
        );
        const words = `<p><b>${escaped(address)}</b> gets no more e-mail about orders.</p>`;
        page(res, 200, `${words}<p lang="it">Non riceverà più e-mail sugli ordini.</p>`);
      },
    },
  ];
}

function unknown(res: ServerResponse): void {
  page(res, 404, '<p>This link is not known here.</p><p lang="it">Questo link non è valido.</p>');
}

function page(res: ServerResponse, status: number, body: string): void {
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    '<meta name="robots" content="noindex"><title>E-mail about orders</title><style>body{font:16px/1.5 sans-serif;' +
    `max-width:32em;margin:4em auto;padding:0 1em}button{font:inherit;padding:.5em 1em}</style></head><body>${body}</body></html>`;
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  res.end(html);
}
