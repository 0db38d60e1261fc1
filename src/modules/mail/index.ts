import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { forgetOldMails } from './actions/forget-old-mails.js';
import { readWaitingMails } from './actions/read-waiting-mails.js';
import { inboundMailsById } from './inbound-mail.loaders.js';
import { InboundMailResolver, MAIL_READERS } from './inbound-mail.resolver.js';
import { INBOUND_MAIL_PREFIX } from './inbound-mail.type.js';
import { listenForMail, provideMail } from './listen-for-mail.js';
import { inboundMailSettings, mailKeepingSettings } from './mail.settings.js';

/** Orders by e-mail: every mail is kept, and a draft made of what it asks for beyond doubt. */
export const mail = {
  name: 'mail',
  settings: [inboundMailSettings, mailKeepingSettings],
  services: provideMail,
  resolvers: [InboundMailResolver],
  nodes: [nodeSource(INBOUND_MAIL_PREFIX, inboundMailsById, MAIL_READERS)],
  upkeep: [readWaitingMails, forgetOldMails],
  start: listenForMail,
} satisfies Module;

export { rereadMail } from './actions/reread-mail.js';
export { mailPort } from './mail.settings.js';
