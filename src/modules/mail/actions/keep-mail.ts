import type { GraphServices } from '../../../graph/context.js';
import { oneLine } from '../../../shared/one-line.js';
import { keepMailRow } from '../inbound-mail.queries.js';
import { mailKey } from '../parse-mail.js';

export interface DeliveredMail {
  envelopeFrom: string;
  envelopeTo: string[];
  remoteAddress: string;
  source: Buffer;
}

/** Keeps a mail as it came. Returns once it is committed; the same mail again is counted and kept once. */
export async function keepMail(
  { db, clock }: GraphServices,
  { envelopeFrom, envelopeTo, remoteAddress, source }: DeliveredMail,
): Promise<{ mailId: string; isNew: boolean }> {
  const { key, messageId } = mailKey(source);
  const [from, ...to] = [envelopeFrom, ...envelopeTo].map((address) => oneLine(address, 320));
  const now = clock.now().toISOString();
  const kept = await db.transaction('keep-mail', async (tx) =>
    tx.one(keepMailRow(await tx.ids.one(), key, messageId, from, to, remoteAddress, source, now)),
  );
  return { mailId: kept!.id, isNew: kept!.deliveries === 1 };
}
