import { exact } from '../shared/decimal.js';
import { parseHostPort, type HostPort } from '../shared/host-port.js';
import { isCurrency } from '../shared/money.js';
import { DOCUMENT_SETTINGS, documentConfig, documentFaults, type DocumentConfig } from './documents.js';
import { mailConfig, MAIL_SETTINGS, type MailConfig } from './mail-settings.js';
import { parseSettings, type SettingTable } from './settings.js';
import { integer, oneOf, onOff, text } from './value-parsers.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const TAX_ROUNDINGS = ['LINE', 'ORDER'] as const;

/**
 * Every environment variable of the hub: what it is for, what it may be, and what it is when left out. The start
 * refuses others' values, and .env.example and docs/operations.md are made from this table.
 */
export const SETTINGS = {
  PORT: {
    about: 'Port of graph, subscriptions, explorer and webhooks; 0 takes a free one.',
    fallback: '4000',
    expected: 'a port from 0 to 65535',
    parse: integer(0, 65535),
  },
  HOST: {
    about: 'Address to listen on; 0.0.0.0 for all.',
    fallback: '127.0.0.1',
    expected: 'a host name or address',
    parse: text(/^[\w.:-]{1,253}$/),
  },
  HUB_PUBLIC_URL: {
    about: 'Where others reach the hub; stands in webhook addresses and signed links.',
    fallback: null,
    shown: 'http://HOST:PORT',
    expected: 'an http or https URL without a path',
    parse: origin,
  },
  HUB_ALLOWED_ORIGINS: {
    about: 'Pages of these origins may call the hub from a browser, its own always.',
    fallback: null,
    shown: 'none',
    expected: 'http or https origins, separated by commas',
    parse: origins,
  },
  DATABASE_URL: {
    about: 'A PostgreSQL 18 to use; left out: the embedded one.',
    fallback: null,
    shown: 'embedded',
    expected: 'a postgres:// URL',
    parse: text(/^postgres(ql)?:\/\/.+/),
    isSecret: true,
  },
  HUB_DATA_DIR: {
    about: 'Where the embedded database and the generated secrets live.',
    fallback: '.hub',
    expected: 'a path',
    parse: text(/^.{1,1000}$/),
  },
  HUB_SAMPLE: {
    about: 'Fill an empty hub with the sample company, whole or a small one, and connect its sandboxes.',
    fallback: null,
    shown: 'on with the embedded database, else off',
    expected: 'on, small or off',
    parse: sampleSize,
  },
  HUB_TRUSTED_ONLY: {
    about: 'Run registered documents only: the examples of schema/operations and those of HUB_TRUSTED_OPERATIONS.',
    fallback: 'off',
    expected: 'on or off',
    parse: onOff,
  },
  HUB_TRUSTED_OPERATIONS: {
    about: 'A file of more documents that clients may name by their ids.',
    fallback: null,
    shown: 'none',
    expected: 'the path of a persisted-query manifest',
    parse: text(/^.{1,1000}$/),
  },
  HUB_ADMIN_KEY: {
    about: 'An administrator’s API key that is accepted from the first start.',
    fallback: null,
    shown: 'none',
    expected: 'at least 20 characters without spaces',
    parse: text(/^\S{20,200}$/),
    isSecret: true,
  },
  HUB_SECRET_KEY: {
    about: 'Encrypts credentials and signs links.',
    fallback: null,
    shown: 'generated with the embedded database, else required',
    expected: 'at least 32 characters',
    parse: text(/^.{32,1000}$/),
    isSecret: true,
  },
  HUB_SELLER_COUNTRY: {
    about: 'The seller’s country: decides tax where no address says one.',
    fallback: 'IT',
    expected: 'an ISO 3166-1 alpha-2 code',
    parse: text(/^[A-Z]{2}$/),
  },
  HUB_SELLER_CURRENCY: {
    about: 'The seller’s currency.',
    fallback: 'EUR',
    expected: 'an ISO 4217 code',
    parse: (value: string) => (isCurrency(value) ? value : undefined),
  },
  HUB_TAX_ROUNDING: {
    about: 'How taxes of new orders are rounded: each line’s, or each tax once over the whole order.',
    fallback: 'LINE',
    expected: TAX_ROUNDINGS.join(' or '),
    parse: oneOf(TAX_ROUNDINGS),
  },
  ...DOCUMENT_SETTINGS,
  HUB_VERIFY_ADDRESSES: {
    about: 'Whether an order whose goods ship is confirmed only with an address that they can be delivered to.',
    fallback: 'on',
    expected: 'on or off',
    parse: onOff,
  },
  HUB_RETURN_DAYS: {
    about: 'How many days after its delivery an order may be returned: until then it is not completed.',
    fallback: '14',
    expected: 'whole days, up to 365',
    parse: integer(0, 365),
  },
  HUB_AUTOMATION: {
    about: 'Whether automation rules run; off, they can be read and edited, and what happens meanwhile waits for them.',
    fallback: 'on',
    expected: 'on or off',
    parse: onOff,
  },
  HUB_DUPLICATE_MINUTES: {
    about: 'Orders of one customer with the same lines and total within this time may be one; 0: nobody looks.',
    fallback: '60',
    expected: 'whole minutes, up to 43200',
    parse: integer(0, 43_200),
  },
  HUB_PRICE_TOLERANCE: {
    about: 'How many percent the prices that a channel states may be from the lists’; an order beyond is held.',
    fallback: null,
    shown: 'nobody looks',
    expected: 'a percentage such as 5 or 2.5',
    parse: text(/^\d{1,3}(\.\d{1,2})?$/),
  },
  HUB_EGRESS_ALLOW: {
    about: 'Hosts that connectors may call although they are in a private network; others there are refused.',
    fallback: null,
    shown: 'none',
    expected: 'hosts such as erp.internal or 10.0.0.7:8069, separated by commas',
    parse: hosts,
  },
  HUB_RECONCILE_HOURS: {
    about: 'How often hub and connected systems are compared; 0: only where somebody asks for it.',
    fallback: '24',
    expected: 'whole hours, up to 8760',
    parse: integer(0, 8760),
  },
  HUB_STRIPE_KEY: {
    about: 'Stripe’s secret key: the hub takes cards through it.',
    fallback: null,
    shown: 'no cards are taken',
    expected: 'a key such as sk_… or rk_…',
    parse: text(/^[sr]k_\w{8,300}$/),
    isSecret: true,
  },
  HUB_STRIPE_WEBHOOK_SECRETS: {
    about: 'What Stripe signs its webhooks with, to /payments/webhooks/stripe; two while one replaces the other.',
    fallback: null,
    shown: 'none; news is found by asking',
    expected: 'secrets such as whsec_…, separated by commas',
    parse: webhookSecrets,
    isSecret: true,
  },
  HUB_STRIPE_URL: {
    about: 'Where Stripe is reached.',
    fallback: 'https://api.stripe.com',
    expected: 'an http or https URL without a path',
    parse: origin,
  },
  HUB_EASYPOST_KEY: {
    about: 'EasyPost’s API key: the hub asks its carriers for prices and buys labels through it.',
    fallback: null,
    shown: 'no carrier is asked; own prices alone',
    expected: 'a key such as EZTK… or EZAK…',
    parse: text(/^\w{8,300}$/),
    isSecret: true,
  },
  HUB_EASYPOST_WEBHOOK_SECRETS: {
    about: 'What EasyPost signs its webhooks with, to /carriers/webhooks/easypost; two while one replaces the other.',
    fallback: null,
    shown: 'none; news is found by asking',
    expected: 'secrets of at least 8 characters, separated by commas',
    parse: secrets,
    isSecret: true,
  },
  HUB_EASYPOST_URL: {
    about: 'Where EasyPost is reached.',
    fallback: 'https://api.easypost.com',
    expected: 'an http or https URL without a path',
    parse: origin,
  },
  ...MAIL_SETTINGS,
  LOG_LEVEL: {
    about: 'How much is logged.',
    fallback: 'info',
    expected: LOG_LEVELS.join(', '),
    parse: oneOf(LOG_LEVELS),
  },
} satisfies SettingTable;

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Null: the address the hub listens on. */
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly sample: 'on' | 'small' | 'off';
  readonly trusted: {
    readonly only: boolean;
    /** The path of a manifest. */
    readonly operations: string | null;
  };
  readonly adminKey: string | null;
  /** Null: generated into the data directory. */
  readonly secretKey: string | null;
  readonly seller: {
    readonly country: string;
    readonly currency: string;
    readonly taxRounding: (typeof TAX_ROUNDINGS)[number];
    readonly returnWindowDays: number;
  };
  readonly documents: DocumentConfig;
  readonly verification: {
    readonly checksAddresses: boolean;
    readonly duplicateWindowMs: number;
    /** A fraction; null: prices that channels state are not compared. */
    readonly priceTolerance: string | null;
  };
  readonly isAutomationOn: boolean;
  /** What may be called in private networks. */
  readonly egressAllow: readonly HostPort[];
  /** The usual pause between two compares of hub and system; 0: none is made by itself. */
  readonly reconcileEveryMs: number;
  /** Null: the hub takes no cards. */
  readonly stripe: {
    readonly secretKey: string;
    readonly webhookSecrets: readonly string[];
    readonly url: string;
  } | null;
  /** Null: the hub asks no carrier. */
  readonly easypost: {
    readonly apiKey: string;
    readonly webhookSecrets: readonly string[];
    readonly url: string;
  } | null;
  readonly mail: MailConfig;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** Reads the environment once. Throws one error that lists every fault. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const { values, faults } = parseSettings(SETTINGS, environment);
  if (values.DATABASE_URL && !values.HUB_SECRET_KEY && faults.every((fault) => !fault.startsWith('HUB_SECRET_KEY'))) {
    faults.push('HUB_SECRET_KEY: required with DATABASE_URL; expected at least 32 characters, got nothing');
  }
  faults.push(...documentFaults(values));
  const mail = mailConfig(values, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    port: values.PORT!,
    host: values.HOST!,
    publicUrl: values.HUB_PUBLIC_URL ?? null,
    allowedOrigins: Object.freeze(values.HUB_ALLOWED_ORIGINS ?? []),
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: values.HUB_DATA_DIR!,
    sample: values.HUB_SAMPLE ?? (values.DATABASE_URL ? 'off' : 'on'),
    trusted: Object.freeze({ only: values.HUB_TRUSTED_ONLY!, operations: values.HUB_TRUSTED_OPERATIONS ?? null }),
    adminKey: values.HUB_ADMIN_KEY ?? null,
    secretKey: values.HUB_SECRET_KEY ?? null,
    seller: Object.freeze({
      country: values.HUB_SELLER_COUNTRY!,
      currency: values.HUB_SELLER_CURRENCY!,
      taxRounding: values.HUB_TAX_ROUNDING!,
      returnWindowDays: values.HUB_RETURN_DAYS!,
    }),
    documents: documentConfig(values),
    verification: Object.freeze({
      checksAddresses: values.HUB_VERIFY_ADDRESSES!,
      duplicateWindowMs: values.HUB_DUPLICATE_MINUTES! * 60_000,
      priceTolerance: values.HUB_PRICE_TOLERANCE ? fractionOf(values.HUB_PRICE_TOLERANCE) : null,
    }),
    isAutomationOn: values.HUB_AUTOMATION!,
    egressAllow: Object.freeze(values.HUB_EGRESS_ALLOW ?? []),
    reconcileEveryMs: values.HUB_RECONCILE_HOURS! * 3_600_000,
    stripe: values.HUB_STRIPE_KEY
      ? Object.freeze({
          secretKey: values.HUB_STRIPE_KEY,
          webhookSecrets: Object.freeze(values.HUB_STRIPE_WEBHOOK_SECRETS ?? []),
          url: values.HUB_STRIPE_URL!,
        })
      : null,
    easypost: values.HUB_EASYPOST_KEY
      ? Object.freeze({
          apiKey: values.HUB_EASYPOST_KEY,
          webhookSecrets: Object.freeze(values.HUB_EASYPOST_WEBHOOK_SECRETS ?? []),
          url: values.HUB_EASYPOST_URL!,
        })
      : null,
    mail,
    logLevel: values.LOG_LEVEL!,
  });
}

/** The environment does not make a configuration; `faults` has a line for each wrong variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(readonly faults: string[]) {
    super(`the configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

function fractionOf(percent: string): string {
  return exact(percent).dividedBy(100).toFixed();
}

function sampleSize(value: string): 'on' | 'small' | 'off' | undefined {
  return value === 'on' || value === 'small' || value === 'off' ? value : undefined;
}

function origin(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const isPlain = /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username;
  return isPlain ? url.origin : undefined;
}

function origins(value: string): string[] | undefined {
  const parsed = value.split(',').map((one) => origin(one.trim()));
  return parsed.every((one) => one !== undefined) ? parsed : undefined;
}

function hosts(value: string): HostPort[] | undefined {
  const parsed = value.split(',').map((one) => parseHostPort(one.trim()));
  return parsed.every((one) => one !== undefined) ? parsed : undefined;
}

function webhookSecrets(value: string): string[] | undefined {
  const secrets = value.split(',').map((one) => one.trim());
  return secrets.every((one) => /^whsec_\S{8,300}$/.test(one)) ? secrets : undefined;
}

function secrets(value: string): string[] | undefined {
  const given = value.split(',').map((one) => one.trim());
  return given.every((one) => one.length >= 8 && one.length <= 300) ? given : undefined;
}
