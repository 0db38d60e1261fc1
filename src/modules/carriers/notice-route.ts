import type { GraphServices } from '../../graph/context.js';
import { readBody, sendJson, type Route } from '../../graph/http.js';
import { followShipment } from './actions/follow-shipment.js';
import { partsOf } from './actions/settle-open-labels.js';
import { carrierProviders, type CarrierNotice } from './provider.js';
import { takeNotice } from './watch.queries.js';

const PREFIX = '/carriers/webhooks/';
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Where carriers tell news of shipments. What is kept of a notice is that there is news; where the shipment is, is asked
 * of the carrier, behind the answer.
 */
export function carrierNoticeRoute(hub: GraphServices): Route {
  return {
    method: 'POST',
    path: `${PREFIX}*`,
    async handle({ req, res, url, log }) {
      const code = url.pathname.slice(PREFIX.length);
      const provider = hub.services.get(carrierProviders).get(code);
      if (!provider) {
        sendJson(res, 404, { error: 'no carrier tells news here' }, { connection: 'close' });
        req.resume();
        return;
      }
      const body = await readBody(req, MAX_BODY_BYTES);
      let notice: CarrierNotice | null;
      try {
        notice = provider.notice(body, req.headers);
      } catch {
        log.warn({ provider: code }, 'a carrier’s webhook with a wrong signature was refused');
        return sendJson(res, 400, { error: 'the signature does not fit' });
      }
      const { id, tracker } = notice ?? {};
      const [watch] = notice
        ? await hub.db.transaction('take-carrier-notice', (tx) =>
            tx.query(takeNotice(code, tracker, id, hub.clock.now().toISOString())),
          )
        : [];
      sendJson(res, 200, { received: true });
      if (!watch) return;
      await followShipment(partsOf(hub), watch.shipment_id).catch((error: unknown) => {
        log.error({ err: error }, 'a shipment could not be followed; it is tried again');
      });
    },
  };
}
