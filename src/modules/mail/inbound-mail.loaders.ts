import { defineLoader, inOrderOf } from '../../graph/context.js';
import { selectMails, selectSources } from './inbound-mail.queries.js';
import { InboundMailType } from './inbound-mail.type.js';

export const inboundMailsById = defineLoader<string, InboundMailType | null>(
  'inboundMailsById',
  async (ids, { db }) => {
    const rows = await db.read(selectMails(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new InboundMailType(row)),
      ({ row }) => row.id,
    );
  },
);

export const mailSources = defineLoader<string, string | null>('mailSources', async (ids, { db }) => {
  const sources = new Map((await db.read(selectSources(ids))).map(({ id, source }) => [id, source.toString()]));
  return ids.map((id) => sources.get(id) ?? null);
});
