import type { ServiceKey } from '../../graph/context.js';
import { integer, listOf, text } from '../../shared/setting-parsers.js';
import { defineSettings, unusual } from '../../shared/settings.js';
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
  /** Paths of PEM files. With them, senders may use STARTTLS. */
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
/** Where mail is taken; null: nowhere. */
export const mailPort: ServiceKey<number | null> = { name: 'mailPort' };

const ADDRESS = /^[^\s@,;<>"]{1,64}@[a-z0-9.-]{1,253}$/;
const IN_ANY_DOMAIN = /^[^\s@,;<>"]{1,64}@\*$/;

/** Where orders by e-mail are taken; null: nowhere. */
export const inboundMailSettings = defineSettings(
  'inboundMail',
  {
    SMTP_PORT: {
      about: 'Port on which orders by e-mail are taken; 0 takes a free one.',
      fallback: null,
      shown: 'no mail is taken',
      expected: 'a port from 0 to 65535',
      parse: integer(0, 65_535),
    },
    SMTP_HOST: {
      about: 'Address on which mail is taken; 0.0.0.0 for all.',
      fallback: '127.0.0.1',
      expected: 'a host name or address',
      parse: text(/^[\w.:-]{1,253}$/),
    },
    HUB_MAIL_ADDRESSES: {
      about: 'What mail is taken for; orders@* is that name in any domain.',
      fallback: 'orders@*',
      expected: 'addresses, separated by commas',
      parse: wordsLike((word) => ADDRESS.test(word) || IN_ANY_DOMAIN.test(word)),
    },
    HUB_MAIL_SENDERS: {
      about:
        'Whose mail becomes a draft: that of customers’ known addresses, and what is named here besides. Mail of others is kept ' +
        'and refused; staff may read it all the same.',
      fallback: 'known',
      expected: 'known, anyone, or addresses and domains such as @example.com, separated by commas',
      parse: senders,
    },
    HUB_MAIL_MAX_BYTES: {
      about: 'How large a mail may be.',
      fallback: '10485760',
      expected: 'bytes, from 10000 to 50000000',
      parse: integer(10_000, 50_000_000),
    },
    HUB_MAIL_TLS_CERT: {
      about: 'A certificate with its chain, for those who bring mail over STARTTLS.',
      fallback: null,
      shown: 'no STARTTLS',
      expected: 'the path of a PEM file',
      parse: text(/^.{1,1000}$/),
    },
    HUB_MAIL_TLS_KEY: {
      about: 'Its private key.',
      fallback: null,
      shown: 'none',
      expected: 'the path of a PEM file',
      parse: text(/^.{1,1000}$/),
    },
  },
  {
    faults: ({ HUB_MAIL_TLS_CERT: cert, HUB_MAIL_TLS_KEY: key }) =>
      (cert === undefined) === (key === undefined)
        ? []
        : ['HUB_MAIL_TLS_CERT and HUB_MAIL_TLS_KEY: expected both or none of them, got one'],
    read: ({
      SMTP_PORT: port,
      HUB_MAIL_TLS_CERT: cert,
      HUB_MAIL_TLS_KEY: key,
      ...values
    }): InboundMailSettings | null =>
      port === undefined
        ? null
        : {
            port,
            host: values.SMTP_HOST,
            addresses: values.HUB_MAIL_ADDRESSES,
            senders: values.HUB_MAIL_SENDERS,
            maxBytes: values.HUB_MAIL_MAX_BYTES,
            tls: cert !== undefined && key !== undefined ? { cert, key } : null,
          },
    audit: (inbound) => {
      const { isAnyone, besides } = inbound?.senders ?? KNOWN_ALONE;
      return {
        open: {
          'mail.addresses': inbound?.addresses.join(', ') ?? null,
          'mail.senders': (isAnyone ? ['anyone'] : besides).join(', ') || null,
        },
      };
    },
  },
);

/** How long mail that came is kept, whether more is taken or not. */
export const mailKeepingSettings = defineSettings(
  'mailKeeping',
  {
    HUB_MAIL_KEEP_DAYS: {
      about:
        'How long mail that came is kept; what became of it stays. Mail that waits to be read is kept until it is.',
      fallback: '365',
      expected: 'days, from 1 to 36500',
      parse: integer(1, 36_500),
    },
  },
  {
    read: (values): { keepDays: number } => ({ keepDays: values.HUB_MAIL_KEEP_DAYS }),
    audit: ({ keepDays }, usual) => ({ open: { 'mail.keepDays': unusual(keepDays, usual.keepDays) } }),
  },
);

function wordsLike(isRight: (word: string) => boolean) {
  return listOf((given) => {
    const word = given.toLowerCase();
    return isRight(word) ? word : undefined;
  });
}

function senders(value: string): SenderRules | undefined {
  const isNamed = (word: string) => ADDRESS.test(word) || /^@[a-z0-9.-]{1,253}$/.test(word);
  const words = wordsLike((word) => word === 'known' || word === 'anyone' || isNamed(word))(value);
  return words && { isAnyone: words.includes('anyone'), besides: words.filter(isNamed) };
}
