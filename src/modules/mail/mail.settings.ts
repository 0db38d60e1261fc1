import type { ServiceKey } from '../../graph/context.js';
import type { SenderRules } from './mail-sender.rules.js';

/** Where the hub takes mail, and whose. */
export interface InboundMailSettings {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** What mail is taken for; "orders@*" is that name in any domain. */
  addresses: readonly string[];
  maxBytes: number;
  senders: SenderRules;
  /** With it, senders may use STARTTLS. */
  tls?: { cert: string; key: string } | null;
  limits?: Partial<MailLimits>;
}

export interface MailLimits {
  /** Clients that are connected at the same time. */
  clients: number;
  /** Mails that one machine brings in a minute, and one sender in an hour. */
  perMachine: number;
  perSender: number;
}
export const DEFAULT_MAIL_LIMITS: MailLimits = { clients: 20, perMachine: 300, perSender: 200 };

/** Who is let in. */
export const senderRules: ServiceKey<SenderRules> = { name: 'senderRules' };
export const KNOWN_ALONE: SenderRules = { isAnyone: false, besides: [] };

/** How many days a mail is kept; and for how many where nothing else is said. */
export const mailKeepDays: ServiceKey<number> = { name: 'mailKeepDays' };
export const MAIL_KEEP_DAYS = 365;
