import type { GraphServices } from '../../../graph/context.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { Actor } from '../../../shared/actor.js';
import { lockMail, selectSenders, selectTwin, settleMail } from '../inbound-mail.queries.js';
import type { InboundMailRow, InboundMailStatus } from '../inbound-mail.type.js';
import type { Finding } from '../mail-lines.rules.js';
import { isLetIn, machineReason } from '../mail-sender.rules.js';
import { senderRules } from '../mail.settings.js';
import { parseMail, type ParsedMail } from '../parse-mail.js';
import { draftOrder } from './draft-order.js';
import { understandMail } from './understand-mail.js';

type LockedMail = InboundMailRow & { source: Buffer };
const READER: Actor = { kind: 'SYSTEM', id: null, name: 'E-mail' };
const MOST_FINDINGS = 100;

/** Reads a mail that was kept; does nothing where that was done. Safe to be called again, and to be killed at any point. */
export async function readMail({ db, clock, services }: GraphServices, mailId: string): Promise<void> {
  await db.transaction('read-mail', async (tx) => {
    const mail = await tx.one(lockMail(mailId));
    if (mail?.status !== 'RECEIVED') return;
    const service: ActionScope['service'] = (key) => services.get(key);
    const scope: ActionScope = { tx, now: clock.now(), actor: READER, customerId: null, service };
    await readLockedMail(scope, mail, { acceptsSender: false });
  });
}

/** Draft, hold and what is noted of the mail stand in one transaction. */
export async function readLockedMail(
  scope: ActionScope,
  mail: LockedMail,
  { acceptsSender }: { acceptsSender: boolean },
): Promise<void> {
  let parsed: ParsedMail;
  try {
    parsed = await parseMail(mail.source);
  } catch (error) {
    const reason = `the mail cannot be taken apart: ${error instanceof Error ? error.message : 'no reason was given'}`;
    return settle(scope, mail, null, { status: 'UNREADABLE', reason });
  }
  const address = parsed.from?.address ?? null;
  const senders = address === null ? [] : await scope.tx.query(selectSenders(address));
  if (!acceptsSender) {
    const reason = machineReason(mail.envelope_from, parsed.header) ?? strangerReason(scope, address, senders.length);
    if (reason !== null) return settle(scope, mail, parsed, { status: 'REFUSED', reason });
  }
  const understood = await understandMail(scope, parsed);
  const customers = [...new Set(senders.map((sender) => sender.customer_id))];
  if (customers.length !== 1) {
    const who = customers.length === 0 ? 'no customer has' : `${customers.length} customers have`;
    understood.findings.push({ place: 'sender', text: address ?? '', reason: `${who} this address` });
  }
  const twin = mail.message_id === null ? undefined : await scope.tx.one(selectTwin(mail.message_id, mail.id));
  if (twin) {
    const reason = `a mail of the same Message-ID with other content became order ${twin.number}`;
    understood.findings.push({ place: 'mail', text: mail.message_id!, reason });
  }
  const contacts = senders.filter((sender) => sender.contact_id !== null);
  const drafted = await draftOrder(scope, {
    ...understood,
    customerId: customers.length === 1 ? customers[0]! : null,
    contactId: customers.length === 1 && contacts.length === 1 ? contacts[0]!.contact_id : null,
    email: address,
  });
  settle(scope, mail, parsed, {
    status: drafted.orderId !== null && drafted.findings.length === 0 ? 'READ' : 'UNREADABLE',
    orderId: drafted.orderId,
    findings: drafted.findings,
    reason: drafted.orderId === null ? 'nothing in it was understood as an order' : null,
  });
}

/** Null where mail of this address is taken. */
function strangerReason(scope: ActionScope, address: string | null, known: number): string | null {
  if (address === null) return 'it does not say whom it is from';
  if (known > 0 || isLetIn(scope.service(senderRules), address)) return null;
  return 'no customer has this address, and mail of others is not taken';
}

interface Settled {
  status: `${InboundMailStatus}`;
  orderId?: string | null;
  reason?: string | null;
  findings?: Finding[];
}

function settle({ tx, now }: ActionScope, { id }: LockedMail, parsed: ParsedMail | null, settled: Settled): void {
  const { status, orderId = null, reason = null, findings = [] } = settled;
  tx.defer(
    settleMail(
      id,
      status,
      parsed?.from?.address ?? null,
      parsed?.from?.name || null,
      parsed?.subject ?? null,
      orderId,
      reason,
      JSON.stringify(findings.slice(0, MOST_FINDINGS)),
      now.toISOString(),
    ),
  );
}
