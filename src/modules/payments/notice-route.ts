import type { GraphServices } from '../../graph/context.js';
import { readBody, sendJson, type Route } from '../../graph/http.js';
import { SYSTEM } from '../../shared/actor.js';
import { carryOutNotice, partsOf } from './actions/settle-open-attempts.js';
import { takeNotice } from './actions/take-notice.js';
import { paymentProviders, type Notice } from './provider.js';

const PREFIX = '/payments/webhooks/';
const MAX_BODY_BYTES = 1024 * 1024;

/** Where providers tell news of payments. What is kept of a notice is that there is news; the answer does not wait for them. */
export function noticeRoute(hub: GraphServices): Route {
  return {
    method: 'POST',
    path: `${PREFIX}*`,
    async handle({ req, res, url, log }) {
      const code = url.pathname.slice(PREFIX.length);
      const provider = hub.services.get(paymentProviders).get(code);
      if (!provider?.isRemote) {
        sendJson(res, 404, { error: 'no provider takes webhooks here' }, { connection: 'close' });
        req.resume();
        return;
      }
      const body = await readBody(req, MAX_BODY_BYTES);
      const now = hub.clock.now();
      let notice: Notice | null;
      try {
        notice = provider.notice(body, req.headers, now);
      } catch {
        log.warn({ provider: code }, 'a payment webhook with a wrong signature was refused');
        return sendJson(res, 400, { error: 'the signature does not fit' });
      }
      const parts = partsOf(hub);
      const attemptId =
        notice &&
        (await hub.db.transaction('take-notice', (tx) =>
          takeNotice({ tx, now, actor: SYSTEM, customerId: null, service: parts.service }, code, notice),
        ));
      sendJson(res, 200, { received: true });
      if (attemptId) await carryOutNotice(parts, attemptId);
    },
  };
}
