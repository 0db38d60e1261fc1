import type { GraphServices } from '../../../graph/context.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { SYSTEM } from '../../../shared/actor.js';
import { typeId } from '../../../shared/ids.js';
import { publicUrl } from '../../integrations/index.js';
import { noteOnOrders } from '../../orders/index.js';
import { mailer, type Mailer, type SendingOutcome } from '../mailer.js';
import { LEASE_MS, MOST_TRIES, nextSending } from '../notification.rules.js';
import {
  claimNotifications,
  keepLetter,
  selectClaimed,
  settleNotification,
  type ClaimedRow,
} from '../notification.queries.js';
import { NOTIFICATION_PREFIX } from '../notification.type.js';
import { optOutLinks } from '../opt-out-link.js';
import { OPT_OUT_PATH } from '../opt-out-route.js';
import { templates, writeLetter, type Written } from '../templates/index.js';
import { gatherFacts } from './gather-facts.js';

const AT_ONCE = 10;

/**
 * Sends what is queued. A letter is claimed, sent between transactions, and then noted. Where the process dies between the
 * server’s word and the note, it is sent once more, under the same Message-ID.
 */
export const sendNotifications: UpkeepTask = {
  name: 'send-notifications',
  everyMs: 2_000,
  async run(hub) {
    const server = hub.services.get(mailer);
    if (server === null) return;
    for (;;) {
      const now = hub.clock.now();
      const lease = new Date(now.getTime() + LEASE_MS).toISOString();
      const claimed = await hub.db.transaction('claim-notifications', (tx) =>
        tx.query(claimNotifications(now.toISOString(), lease, AT_ONCE)),
      );
      for (const { id } of claimed) await sendAlone(hub, server, id);
      if (claimed.length < AT_ONCE) return;
    }
  },
};

/** One that makes trouble does not keep the others waiting; it stays claimed, and is tried again. */
async function sendAlone(hub: GraphServices, server: Mailer, id: string): Promise<void> {
  try {
    const row = await hub.db.readOne(selectClaimed(id));
    if (!row) return;
    if (row.is_opted_out)
      return await settle(hub, row, { kind: 'OPTED_OUT', reason: 'the address wants no letters' }, null);
    const letter = await written(hub, server, row);
    const outcome = await server.send({
      to: row.recipient,
      ...letter,
      messageId: messageIdOf(row, server.settings.from.address),
      optOutUrl: optOutUrlOf(hub, row.recipient),
    });
    await settle(hub, row, outcome, letter.subject);
  } catch (error) {
    hub.log.error({ err: error, notification: id }, 'a letter could not be sent; it is tried again');
  }
}

/** The same at every try; another where staff had it sent once more. */
function messageIdOf({ id, repeats }: ClaimedRow, from: string): string {
  const local = repeats === 0 ? typeId(NOTIFICATION_PREFIX, id) : `${typeId(NOTIFICATION_PREFIX, id)}.${repeats}`;
  return `<${local}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

function optOutUrlOf({ services }: GraphServices, address: string): string {
  return `${services.get(publicUrl)}${OPT_OUT_PATH}${services.get(optOutLinks).tokenOf(address)}`;
}

async function written(hub: GraphServices, { settings }: Mailer, row: ClaimedRow): Promise<Written> {
  if (row.subject !== null && row.body_text !== null && row.body_html !== null)
    return { subject: row.subject, text: row.body_text, html: row.body_html };
  const facts = await gatherFacts(hub, row);
  const seller = settings.from.name || settings.from.address;
  const { audience, language, recipient } = row;
  const optOutUrl = optOutUrlOf(hub, recipient);
  const letter = writeLetter(templates[row.template](facts), { audience, language, seller, optOutUrl });
  await hub.db.transaction('keep-letter', (tx) =>
    tx.query(keepLetter(row.id, letter.subject, letter.text, letter.html)),
  );
  return letter;
}

type Settlement = SendingOutcome | { kind: 'OPTED_OUT'; reason: string };

function settle(hub: GraphServices, row: ClaimedRow, outcome: Settlement, subject: string | null): Promise<void> {
  return hub.db.transaction('settle-notification', async (tx) => {
    const now = hub.clock.now();
    const isGivenUp = outcome.kind === 'REFUSED' || (outcome.kind === 'LATER' && row.tries >= MOST_TRIES);
    const status = isGivenUp ? 'FAILED' : outcome.kind === 'LATER' ? 'QUEUED' : outcome.kind;
    const reason = outcome.kind === 'SENT' ? null : outcome.reason;
    const next = nextSending(now, Math.max(row.tries, 1)).toISOString();
    if (outcome.kind === 'SENT') {
      const service: ActionScope['service'] = (key) => hub.services.get(key);
      const scope: ActionScope = { tx, now, actor: SYSTEM, customerId: null, service };
      // Customers read the timeline too: what a department is told is not theirs.
      const message = row.audience === 'CUSTOMER' ? `E-mail sent: ${subject}` : 'E-mail sent to a department';
      const data = { notification: typeId(NOTIFICATION_PREFIX, row.id), template: row.template };
      await noteOnOrders(scope, 'NOTIFICATION_SENT', [{ orderId: row.order_id, message, data }]);
    }
    await tx.query(settleNotification(row.id, status, reason, next, now.toISOString()));
  });
}
