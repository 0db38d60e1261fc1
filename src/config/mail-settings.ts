import type { SettingTable, SettingValues } from './settings.js';

const ADDRESS = /^[^\s@,;<>"]{1,64}@[a-z0-9.-]{1,253}$/;
const DEPARTMENTS = ['SALES', 'WAREHOUSE', 'FINANCE', 'LOGISTICS', 'SUPPORT'] as const;
export type MailedDepartment = (typeof DEPARTMENTS)[number];

/** The variables of mail, in and out; a part of SETTINGS. */
export const MAIL_SETTINGS = {
  SMTP_PORT: {
    about: 'Port on which orders by e-mail are taken; 0 takes a free one.',
    fallback: null,
    shown: 'no mail is taken',
    expected: 'a port from 0 to 65535',
    parse: (value: string) => (/^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined),
  },
  SMTP_HOST: {
    about: 'Address on which mail is taken; 0.0.0.0 for all.',
    fallback: '127.0.0.1',
    expected: 'a host name or address',
    parse: (value: string) => (/^[\w.:-]{1,253}$/.test(value) ? value : undefined),
  },
  HUB_MAIL_ADDRESSES: {
    about: 'What mail is taken for; orders@* is that name in any domain.',
    fallback: 'orders@*',
    expected: 'addresses, separated by commas',
    parse: listOf((word) => ADDRESS.test(word) || /^[^\s@,;<>"]{1,64}@\*$/.test(word)),
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
    parse: (value: string) =>
      /^\d{5,8}$/.test(value) && Number(value) >= 10_000 && Number(value) <= 50_000_000 ? Number(value) : undefined,
  },
  HUB_MAIL_KEEP_DAYS: {
    about: 'How long mail that came is kept; what became of it stays. Mail that waits to be read is kept until it is.',
    fallback: '365',
    expected: 'days, from 1 to 36500',
    parse: (value: string) => (/^[1-9]\d{0,4}$/.test(value) && Number(value) <= 36_500 ? Number(value) : undefined),
  },
  HUB_MAIL_TLS_CERT: {
    about: 'A certificate with its chain, for those who bring mail over STARTTLS.',
    fallback: null,
    shown: 'no STARTTLS',
    expected: 'the path of a PEM file',
    parse: (value: string) => (/^.{1,1000}$/.test(value) ? value : undefined),
  },
  HUB_MAIL_TLS_KEY: {
    about: 'Its private key.',
    fallback: null,
    shown: 'none',
    expected: 'the path of a PEM file',
    parse: (value: string) => (/^.{1,1000}$/.test(value) ? value : undefined),
  },
  HUB_SMTP_URL: {
    about: 'The server that sends mail for the hub: customers and departments are told by e-mail.',
    fallback: null,
    shown: 'nobody is told',
    expected: 'smtp://host:587 or smtps://user:password@host; a password goes over TLS alone',
    parse: smtpServer,
    isSecret: true,
  },
  HUB_MAIL_FROM: {
    about: 'From whom that mail is.',
    fallback: null,
    shown: 'none; required with HUB_SMTP_URL',
    expected: 'an address, or a name with one, such as Example Ltd <orders@example.com>',
    parse: sender,
  },
  HUB_DEPARTMENT_MAILS: {
    about: 'Where departments are told of holds and of trouble with shipments.',
    fallback: null,
    shown: 'none is told',
    expected: `${DEPARTMENTS.join(', ')}, each with an address as in SALES=sales@example.com, separated by commas`,
    parse: departments,
  },
} satisfies SettingTable;

export interface MailConfig {
  /** Mail that came before is kept as long, whether more is taken or not. */
  readonly keepDays: number;
  /** Null: no mail is taken. */
  readonly inbound: {
    readonly port: number;
    readonly host: string;
    readonly addresses: readonly string[];
    readonly senders: { readonly isAnyone: boolean; readonly besides: readonly string[] };
    readonly maxBytes: number;
    /** Paths. */
    readonly tls: { readonly cert: string; readonly key: string } | null;
  } | null;
  /** Null: nobody is told by mail. */
  readonly outbound: {
    readonly server: NonNullable<ReturnType<typeof smtpServer>>;
    readonly from: { readonly name: string; readonly address: string };
    readonly departments: Partial<Record<MailedDepartment, string>>;
  } | null;
}

/** Adds what does not fit together to the faults. */
export function mailConfig(values: Partial<SettingValues<typeof MAIL_SETTINGS>>, faults: string[]): MailConfig {
  const [cert, key] = [values.HUB_MAIL_TLS_CERT, values.HUB_MAIL_TLS_KEY];
  if ((cert === undefined) !== (key === undefined))
    faults.push('HUB_MAIL_TLS_CERT and HUB_MAIL_TLS_KEY: expected both or none of them, got one');
  if (values.HUB_SMTP_URL && !values.HUB_MAIL_FROM && faults.every((fault) => !fault.startsWith('HUB_MAIL_FROM')))
    faults.push('HUB_MAIL_FROM: required with HUB_SMTP_URL; expected an address, got nothing');
  return Object.freeze({
    keepDays: values.HUB_MAIL_KEEP_DAYS!,
    inbound:
      values.SMTP_PORT === undefined
        ? null
        : Object.freeze({
            port: values.SMTP_PORT,
            host: values.SMTP_HOST!,
            addresses: values.HUB_MAIL_ADDRESSES!,
            senders: values.HUB_MAIL_SENDERS!,
            maxBytes: values.HUB_MAIL_MAX_BYTES!,
            tls: cert !== undefined && key !== undefined ? Object.freeze({ cert, key }) : null,
          }),
    outbound:
      values.HUB_SMTP_URL && values.HUB_MAIL_FROM
        ? Object.freeze({
            server: values.HUB_SMTP_URL,
            from: values.HUB_MAIL_FROM,
            departments: values.HUB_DEPARTMENT_MAILS ?? {},
          })
        : null,
  });
}

function listOf(isRight: (word: string) => boolean) {
  return (value: string): string[] | undefined => {
    const words = value.split(',').map((word) => word.trim().toLowerCase());
    return words.every(isRight) ? words : undefined;
  };
}

function senders(value: string): { isAnyone: boolean; besides: string[] } | undefined {
  const isNamed = (word: string) => ADDRESS.test(word) || /^@[a-z0-9.-]{1,253}$/.test(word);
  const words = listOf((word) => word === 'known' || word === 'anyone' || isNamed(word))(value);
  return words && { isAnyone: words.includes('anyone'), besides: words.filter(isNamed) };
}

function smtpServer(value: string) {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (!/^smtps?:$/.test(url.protocol) || url.hostname === '' || url.search || url.hash || url.pathname.length > 1)
    return undefined;
  const isTls = url.protocol === 'smtps:';
  let auth: { user: string; pass: string } | null;
  try {
    auth = url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : null;
  } catch {
    return undefined;
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : isTls ? 465 : 587,
    isTls,
    auth,
  };
}

function sender(value: string): { name: string; address: string } | undefined {
  const [, name = '', address = value] = /^([^<>\r\n]{1,100}?)\s*<([^<>]+)>$/.exec(value) ?? [];
  return ADDRESS.test(address.toLowerCase()) ? { name: name.replaceAll('"', ''), address } : undefined;
}

function departments(value: string): Partial<Record<MailedDepartment, string>> | undefined {
  const parts = value.split(',').map((part) => part.trim().split('='));
  const isRight = parts.every(
    ([name, address, ...more]) =>
      more.length === 0 && DEPARTMENTS.some((known) => known === name) && ADDRESS.test(address?.toLowerCase() ?? ''),
  );
  return isRight ? Object.fromEntries(parts.map(([name, address]) => [name, address!.toLowerCase()])) : undefined;
}
