import { hostPortText } from '../../shared/host-port.js';
import { defineSettings } from '../../shared/settings.js';
import type { OutboundMailSettings } from './mailer.js';
import type { Department } from './notification.rules.js';

const ADDRESS = /^[^\s@,;<>"]{1,64}@[a-z0-9.-]{1,253}$/;
const DEPARTMENTS: readonly Department[] = ['SALES', 'WAREHOUSE', 'FINANCE', 'LOGISTICS', 'SUPPORT'];

/** By which server customers and departments are told; null: they are not. */
export const outboundMailSettings = defineSettings(
  'outboundMail',
  {
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
  },
  {
    faults: (values) =>
      values.HUB_SMTP_URL && !('HUB_MAIL_FROM' in values)
        ? ['HUB_MAIL_FROM: required with HUB_SMTP_URL; expected an address, got nothing']
        : [],
    read: ({ HUB_SMTP_URL: server, HUB_MAIL_FROM: from, ...values }): OutboundMailSettings | null =>
      server && from ? { server, from, departments: values.HUB_DEPARTMENT_MAILS ?? {} } : null,
    audit: (outbound) => {
      const departments = Object.entries(outbound?.departments ?? {}).map(([name, address]) => `${name}=${address}`);
      const login = outbound?.server.auth;
      return {
        open: {
          'mail.server': outbound && hostPortText(outbound.server),
          'mail.from': outbound && outbound.from.address,
          'mail.departments': departments.toSorted().join(', ') || null,
        },
        secret: { 'mail.login': login ? `${login.user}:${login.pass}` : null },
      };
    },
  },
);

function smtpServer(value: string): OutboundMailSettings['server'] | undefined {
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

function sender(value: string): OutboundMailSettings['from'] | undefined {
  const [, name = '', address = value] = /^([^<>\r\n]{1,100}?)\s*<([^<>]+)>$/.exec(value) ?? [];
  return ADDRESS.test(address.toLowerCase()) ? { name: name.replaceAll('"', ''), address } : undefined;
}

function departments(value: string): OutboundMailSettings['departments'] | undefined {
  const parts = value.split(',').map((part) => part.trim().split('='));
  const isRight = parts.every(
    ([name, address, ...more]) =>
      more.length === 0 && DEPARTMENTS.some((known) => known === name) && ADDRESS.test(address?.toLowerCase() ?? ''),
  );
  return isRight ? Object.fromEntries(parts.map(([name, address]) => [name, address!.toLowerCase()])) : undefined;
}
