import { parseHostPort, type HostPort } from '../shared/host-port.js';
import { integer, listOf, onOff, oneOf, origin, text } from '../shared/setting-parsers.js';
import {
  parseSettings,
  type SettingsPart,
  type SettingTable,
  type SettingValues,
  type ValuesOf,
} from '../shared/settings.js';
import { settingsTable } from './settings-table.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const SAMPLES = ['on', 'small', 'off'] as const;

/** The environment variables of the hub itself: what each is for, what it may be, and what it is when left out. */
const OWN = {
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
    parse: listOf(origin),
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
    parse: oneOf(SAMPLES),
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
  HUB_EGRESS_ALLOW: {
    about: 'Hosts that connectors may call although they are in a private network; others there are refused.',
    fallback: null,
    shown: 'none',
    expected: 'hosts such as erp.internal or 10.0.0.7:8069, separated by commas',
    parse: listOf(parseHostPort),
  },
  HUB_RECONCILE_HOURS: {
    about: 'How often hub and connected systems are compared; 0: only where somebody asks for it.',
    fallback: '24',
    expected: 'whole hours, up to 8760',
    parse: integer(0, 8760),
  },
  LOG_LEVEL: {
    about: 'How much is logged.',
    fallback: 'info',
    expected: LOG_LEVELS.join(', '),
    parse: oneOf(LOG_LEVELS),
  },
} satisfies SettingTable;

/**
 * Every variable, those of the parts too. The start refuses others' values, and .env.example and docs/operations.md are
 * made from this table.
 */
export function hubVariables(parts: readonly SettingsPart[]): SettingTable {
  return settingsTable(OWN, parts);
}

/** What the environment says; `settings` are those of the modules, by the names of their parts. */
export interface Config<Settings> {
  readonly port: number;
  readonly host: string;
  /** Null: the address the hub listens on. */
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly sample: (typeof SAMPLES)[number];
  readonly trusted: {
    readonly only: boolean;
    /** The path of a manifest. */
    readonly operations: string | null;
  };
  readonly adminKey: string | null;
  /** Null: generated into the data directory. */
  readonly secretKey: string | null;
  /** What may be called in private networks. */
  readonly egressAllow: readonly HostPort[];
  /** The usual pause between two compares of hub and system; 0: none is made by itself. */
  readonly reconcileEveryMs: number;
  readonly settings: Settings;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** Reads the environment once, of the hub and of the parts. Throws one error that lists every fault. */
export function readConfig<Part extends SettingsPart>(
  parts: readonly Part[],
  environment: Record<string, string | undefined> = process.env,
): Config<ValuesOf<Part>> {
  const { values: all, faults } = parseSettings(hubVariables(parts), environment);
  const values = all as SettingValues<typeof OWN>;
  if (values.DATABASE_URL && !('HUB_SECRET_KEY' in values)) {
    faults.push('HUB_SECRET_KEY: required with DATABASE_URL; expected at least 32 characters, got nothing');
  }
  faults.push(...parts.flatMap((part) => part.faults(all)));
  if (faults.length > 0) throw new ConfigError(faults);
  const settings = Object.fromEntries(parts.map((part) => [part.name, part.read(all)])) as ValuesOf<Part>;
  return frozen({
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.HUB_PUBLIC_URL ?? null,
    allowedOrigins: values.HUB_ALLOWED_ORIGINS ?? [],
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: values.HUB_DATA_DIR,
    sample: values.HUB_SAMPLE ?? (values.DATABASE_URL ? 'off' : 'on'),
    trusted: { only: values.HUB_TRUSTED_ONLY, operations: values.HUB_TRUSTED_OPERATIONS ?? null },
    adminKey: values.HUB_ADMIN_KEY ?? null,
    secretKey: values.HUB_SECRET_KEY ?? null,
    egressAllow: values.HUB_EGRESS_ALLOW ?? [],
    reconcileEveryMs: values.HUB_RECONCILE_HOURS * 3_600_000,
    settings,
    logLevel: values.LOG_LEVEL,
  });
}

/** The environment does not make a configuration; `faults` has a line for each wrong variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(readonly faults: string[]) {
    super(`the configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** With all that is in it. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part as object);
  return Object.freeze(value);
}
