import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { ConfigError, hubVariables, readConfig } from '../../../src/config/config.js';
import { exampleText, tableText } from '../../../src/config/settings-text.js';
import { Services } from '../../../src/graph/context.js';
import { SETTINGS } from '../../../src/module-list.js';
import { parseSettings, type SettingsPart } from '../../../src/shared/settings.js';
import { provideSettings, startSettings } from '../../../src/start-settings.js';

const SECRET = 'a secret key of more than 32 letters';
const VARIABLES = hubVariables(SETTINGS);
const EVERY_VARIABLE = {
  PORT: '0',
  HOST: '::1',
  HUB_PUBLIC_URL: 'https://hub.example',
  DATABASE_URL: 'postgres://hub:pw@db/hub',
  HUB_DATA_DIR: 'data',
  HUB_SAMPLE: 'on',
  HUB_ALLOWED_ORIGINS: 'https://shop.example, http://localhost:5173',
  HUB_TRUSTED_ONLY: 'on',
  HUB_TRUSTED_OPERATIONS: 'manifest.json',
  HUB_ADMIN_KEY: 'hub_administrator_key',
  HUB_SECRET_KEY: SECRET,
  HUB_SELLER_COUNTRY: 'JP',
  HUB_SELLER_CURRENCY: 'JPY',
  HUB_TAX_ROUNDING: 'ORDER',
  HUB_SELLER_NAME: 'Officina S.r.l.',
  HUB_SELLER_ADDRESS: 'Via Roma 1; 20121 Milano',
  HUB_SELLER_TAX_ID: 'IT12345670017',
  HUB_SELLER_PAYMENT: 'IBAN IT60',
  HUB_SELLER_TIME_ZONE: 'Europe/Rome',
  HUB_INVOICE_AT: 'order',
  HUB_INVOICE_CHANNELS: 'on',
  HUB_INVOICE_NUMBER: 'R{year}-{number:4}',
  HUB_CREDIT_NOTE_NUMBER: 'C{year}-{number:4}',
  HUB_DOCUMENT_LINK_HOURS: '2',
  HUB_VERIFY_ADDRESSES: 'off',
  HUB_DUPLICATE_MINUTES: '0',
  HUB_PRICE_TOLERANCE: '2.5',
  HUB_RETURN_DAYS: '30',
  HUB_AUTOMATION: 'off',
  HUB_EGRESS_ALLOW: 'ERP.internal, 10.0.0.7:8069, 127.0.0.1:*, [FD00::7]:443',
  HUB_RECONCILE_HOURS: '6',
  HUB_STRIPE_KEY: 'sk_test_of_the_tests',
  HUB_STRIPE_WEBHOOK_SECRETS: 'whsec_older_one, whsec_newer_one',
  HUB_STRIPE_URL: 'http://127.0.0.1:12111',
  HUB_EASYPOST_KEY: 'EZTKofthetests',
  HUB_EASYPOST_WEBHOOK_SECRETS: 'an older secret, a newer secret',
  HUB_EASYPOST_URL: 'http://127.0.0.1:12112',
  SMTP_PORT: '2525',
  SMTP_HOST: '0.0.0.0',
  HUB_MAIL_ADDRESSES: 'Orders@Shop.example, sales@*',
  HUB_MAIL_SENDERS: 'known, @let-in.example, One@else.example',
  HUB_MAIL_MAX_BYTES: '2000000',
  HUB_MAIL_KEEP_DAYS: '30',
  HUB_MAIL_TLS_CERT: 'mail.pem',
  HUB_MAIL_TLS_KEY: 'mail.key',
  HUB_SMTP_URL: 'smtps://hub:p%40ss@mail.example',
  HUB_MAIL_FROM: '"Example Ltd" <orders@shop.example>',
  HUB_DEPARTMENT_MAILS: 'SALES=Sales@shop.example, FINANCE=money@shop.example',
  LOG_LEVEL: 'warn',
};

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(SETTINGS, environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults;
  }
}

test('needs nothing: an empty environment is the embedded database with the sample company', () => {
  expect(readConfig(SETTINGS, {})).toEqual({
    port: 4000,
    host: '127.0.0.1',
    publicUrl: null,
    allowedOrigins: [],
    databaseUrl: null,
    dataDir: '.hub',
    sample: 'on',
    trusted: { only: false, operations: null },
    adminKey: null,
    secretKey: null,
    egressAllow: [],
    reconcileEveryMs: 86_400_000,
    settings: {
      seller: { country: 'IT', currency: 'EUR', taxRounding: 'LINE', returnWindowDays: 14 },
      documents: { seller: null, timeZone: 'UTC', linkHours: 24 },
      invoices: {
        issueAt: 'SHIPMENT',
        isForStated: false,
        numbers: {
          INVOICE: { before: '{year}/', digits: 6, behind: '' },
          CREDIT_NOTE: { before: 'CN-{year}/', digits: 6, behind: '' },
        },
      },
      verification: { checksAddresses: true, duplicateWindowMs: 3_600_000, priceTolerance: null },
      automation: { isOn: true },
      providers: { stripe: null },
      carriers: { easypost: null },
      inboundMail: null,
      mailKeeping: { keepDays: 365 },
      outboundMail: null,
    },
    logLevel: 'info',
  });
});

test('takes every variable', () => {
  expect(Object.keys(EVERY_VARIABLE).sort()).toEqual(Object.keys(VARIABLES).sort());
  expect(readConfig(SETTINGS, EVERY_VARIABLE)).toEqual({
    port: 0,
    host: '::1',
    publicUrl: 'https://hub.example',
    allowedOrigins: ['https://shop.example', 'http://localhost:5173'],
    databaseUrl: 'postgres://hub:pw@db/hub',
    dataDir: 'data',
    sample: 'on',
    trusted: { only: true, operations: 'manifest.json' },
    adminKey: 'hub_administrator_key',
    secretKey: SECRET,
    egressAllow: [
      { host: 'erp.internal', port: null },
      { host: '10.0.0.7', port: 8069 },
      { host: '127.0.0.1', port: null },
      { host: 'fd00::7', port: 443 },
    ],
    reconcileEveryMs: 21_600_000,
    settings: {
      seller: { country: 'JP', currency: 'JPY', taxRounding: 'ORDER', returnWindowDays: 30 },
      documents: {
        seller: {
          name: 'Officina S.r.l.',
          address: ['Via Roma 1', '20121 Milano'],
          taxId: 'IT12345670017',
          payment: 'IBAN IT60',
        },
        timeZone: 'Europe/Rome',
        linkHours: 2,
      },
      invoices: {
        issueAt: 'ORDER',
        isForStated: true,
        numbers: {
          INVOICE: { before: 'R{year}-', digits: 4, behind: '' },
          CREDIT_NOTE: { before: 'C{year}-', digits: 4, behind: '' },
        },
      },
      verification: { checksAddresses: false, duplicateWindowMs: 0, priceTolerance: '0.025' },
      automation: { isOn: false },
      providers: {
        stripe: {
          secretKey: 'sk_test_of_the_tests',
          webhookSecrets: ['whsec_older_one', 'whsec_newer_one'],
          url: 'http://127.0.0.1:12111',
        },
      },
      carriers: {
        easypost: {
          apiKey: 'EZTKofthetests',
          webhookSecrets: ['an older secret', 'a newer secret'],
          url: 'http://127.0.0.1:12112',
        },
      },
      inboundMail: {
        port: 2525,
        host: '0.0.0.0',
        addresses: ['orders@shop.example', 'sales@*'],
        senders: { isAnyone: false, besides: ['@let-in.example', 'one@else.example'] },
        maxBytes: 2_000_000,
        tls: { cert: 'mail.pem', key: 'mail.key' },
      },
      mailKeeping: { keepDays: 30 },
      outboundMail: {
        server: { host: 'mail.example', port: 465, isTls: true, auth: { user: 'hub', pass: 'p@ss' } },
        from: { name: 'Example Ltd', address: 'orders@shop.example' },
        departments: { SALES: 'sales@shop.example', FINANCE: 'money@shop.example' },
      },
    },
    logLevel: 'warn',
  });
});

test('is frozen', () => {
  const config = readConfig(SETTINGS, {});
  expect([Object.isFrozen(config), Object.isFrozen(config.settings.seller)]).toEqual([true, true]);
});

test('reads an empty variable as one that is left out', () => {
  expect(readConfig(SETTINGS, { PORT: '', DATABASE_URL: '', HUB_SAMPLE: '' })).toEqual(readConfig(SETTINGS, {}));
});

test('fills in the sample company with its own database alone', () => {
  const database = { DATABASE_URL: 'postgres://db/hub', HUB_SECRET_KEY: SECRET };
  expect(readConfig(SETTINGS, database).sample).toBe('off');
  expect(readConfig(SETTINGS, { HUB_SAMPLE: 'off' }).sample).toBe('off');
  expect(readConfig(SETTINGS, { ...database, HUB_SAMPLE: 'small' }).sample).toBe('small');
});

test('lists every fault at once, with what was expected and what came', () => {
  expect(
    faultsOf({
      PORT: '65536',
      HOST: 'a b',
      HUB_PUBLIC_URL: 'https://hub.example/path',
      DATABASE_URL: 'mysql://db',
      HUB_SAMPLE: 'yes',
      HUB_SELLER_COUNTRY: 'Italy',
      HUB_SELLER_CURRENCY: 'EURO',
      HUB_EGRESS_ALLOW: 'erp.internal, 10.0.0.0/8',
      LOG_LEVEL: 'loud',
    }),
  ).toEqual([
    'PORT: expected a port from 0 to 65535, got "65536"',
    'HOST: expected a host name or address, got "a b"',
    'HUB_PUBLIC_URL: expected an http or https URL without a path, got "https://hub.example/path"',
    'DATABASE_URL: expected a postgres:// URL, got another value (not shown)',
    'HUB_SAMPLE: expected on, small or off, got "yes"',
    'HUB_SELLER_COUNTRY: expected an ISO 3166-1 alpha-2 code, got "Italy"',
    'HUB_SELLER_CURRENCY: expected an ISO 4217 code, got "EURO"',
    'HUB_EGRESS_ALLOW: expected hosts such as erp.internal or 10.0.0.7:8069, separated by commas, got "erp.internal, 10.0.0.0/8"',
    'LOG_LEVEL: expected fatal, error, warn, info, debug, trace, silent, got "loud"',
  ]);
});

test.each(['-1', '1.5', '4e3', '0x10', ' 80', '99999999999'])('takes %j for no port', (port) => {
  expect(faultsOf({ PORT: port })).toEqual([`PORT: expected a port from 0 to 65535, got "${port}"`]);
});

test('asks for all that an invoice must say of its seller, and for numbers that cannot meet', () => {
  expect(faultsOf({ HUB_SELLER_NAME: 'Officina S.r.l.' })).toEqual([
    'HUB_SELLER_NAME, HUB_SELLER_ADDRESS, HUB_SELLER_TAX_ID: expected all three or none',
  ]);
  expect(faultsOf({ HUB_CREDIT_NOTE_NUMBER: '{year}/{number:8}' })).toEqual([
    'HUB_CREDIT_NOTE_NUMBER: expected numbers that HUB_INVOICE_NUMBER does not give',
  ]);
  expect(faultsOf({ HUB_INVOICE_NUMBER: '{number:6}', HUB_SELLER_TIME_ZONE: 'Rome' })).toHaveLength(2);
});

test('wants what belongs together of mail, and shows no password', () => {
  expect(faultsOf({ HUB_SMTP_URL: 'smtp://mail.example', HUB_MAIL_TLS_KEY: 'x' })).toEqual([
    'HUB_MAIL_TLS_CERT and HUB_MAIL_TLS_KEY: expected both or none of them, got one',
    'HUB_MAIL_FROM: required with HUB_SMTP_URL; expected an address, got nothing',
  ]);
  const wrong = { HUB_SMTP_URL: 'http://hub:secret@mail.example', HUB_MAIL_FROM: 'a@b.example\r\nBcc: c@d.example' };
  const more = { HUB_MAIL_SENDERS: 'everybody', HUB_MAIL_KEEP_DAYS: '0', HUB_DEPARTMENT_MAILS: 'KITCHEN=a@b.example' };
  const faults = faultsOf({ ...wrong, ...more });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'HUB_MAIL_SENDERS',
    'HUB_MAIL_KEEP_DAYS',
    'HUB_SMTP_URL',
    'HUB_MAIL_FROM',
    'HUB_DEPARTMENT_MAILS',
  ]);
  expect(faults.join()).not.toContain('secret');
});

test('asks for the secret key with a database of its own, once', () => {
  expect(faultsOf({ DATABASE_URL: 'postgres://db/hub' })).toEqual([
    'HUB_SECRET_KEY: required with DATABASE_URL; expected at least 32 characters, got nothing',
  ]);
  expect(faultsOf({ DATABASE_URL: 'postgres://db/hub', HUB_SECRET_KEY: 'short' })).toEqual([
    'HUB_SECRET_KEY: expected at least 32 characters, got another value (not shown)',
  ]);
});

test('shows no secret in a fault, whatever is wrong', () => {
  const secrets = {
    ...{ DATABASE_URL: 'pw-in-url', HUB_ADMIN_KEY: 'key too short', HUB_SECRET_KEY: 'no secret' },
    ...{ HUB_STRIPE_KEY: 'not a key', HUB_STRIPE_WEBHOOK_SECRETS: 'whsec_fits_well,does-not-fit' },
    ...{ HUB_EASYPOST_KEY: 'no easypost key', HUB_EASYPOST_WEBHOOK_SECRETS: 'long enough,brief' },
    HUB_SMTP_URL: 'http://user:pw-of-mail@host',
  };
  const secretNames = Object.entries(VARIABLES).filter(([, setting]) => setting.isSecret);
  expect(secretNames.map(([name]) => name).sort()).toEqual(Object.keys(secrets).sort());
  const text = faultsOf(secrets).join('\n');
  expect(faultsOf(secrets)).toHaveLength(8);
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
});

test('makes an example file whose every line may be taken as it stands', () => {
  const example = exampleText(VARIABLES);
  const names = [...example.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map((match) => [match[1]!, match[2]!] as const);
  expect(names.map(([name]) => name)).toEqual(Object.keys(VARIABLES));
  expect(parseSettings(VARIABLES, Object.fromEntries(names)).faults).toEqual([]);
  expect(tableText(VARIABLES).split('\n')).toHaveLength(Object.keys(VARIABLES).length + 2);
});

test('a module’s variables stand behind those before it in its table, and a new module’s at the end', () => {
  const setting = { about: 'x', fallback: null, expected: 'x', parse: (value: string) => value };
  const part = (...names: string[]): SettingsPart => ({
    name: names.join(),
    variables: Object.fromEntries(names.map((name) => [name, setting])),
    usual: null,
    faults: () => [],
    read: () => null,
    audit: () => ({}),
  });
  const named = Object.keys(hubVariables([part('HUB_NEW', 'HUB_NEWER'), part('SMTP_PORT', 'HUB_ALSO_NEW')]));
  expect(named.slice(-5)).toEqual(['SMTP_PORT', 'HUB_ALSO_NEW', 'LOG_LEVEL', 'HUB_NEW', 'HUB_NEWER']);
  expect(() => hubVariables([part('PORT')])).toThrow('PORT is there already');
});

test('a start compares with the last what is not as usual of the hub and its modules, and no secret in the open', () => {
  const recorded = (environment: Record<string, string>) => {
    const { settings, trusted, ...config } = readConfig(SETTINGS, environment);
    const services = new Services();
    provideSettings(services, settings);
    return startSettings({ ...config, trusted: { ...trusted, operations: [] }, secretKey: SECRET }, services);
  };
  const { open, secret } = recorded(EVERY_VARIABLE);
  expect(open).toEqual({
    publicUrl: 'https://hub.example',
    allowedOrigins: 'http://localhost:5173, https://shop.example',
    trustedOnly: 'on',
    egressAllow: '10.0.0.7:8069, 127.0.0.1:*, [fd00::7]:443, erp.internal:*',
    'seller.country': 'JP',
    'seller.currency': 'JPY',
    'seller.taxRounding': 'ORDER',
    'seller.returnWindowDays': '30',
    'documents.seller': 'Officina S.r.l., Via Roma 1, 20121 Milano, IT12345670017',
    'invoices.at': 'ORDER',
    'invoices.isForStated': 'on',
    'verification.addresses': 'off',
    'verification.duplicateWindowMs': '0',
    'verification.priceTolerance': '0.025',
    'stripe.url': 'http://127.0.0.1:12111',
    'easypost.url': 'http://127.0.0.1:12112',
    'mail.addresses': 'orders@shop.example, sales@*',
    'mail.keepDays': '30',
    'mail.senders': '@let-in.example, one@else.example',
    'mail.server': 'mail.example:465',
    'mail.from': 'orders@shop.example',
    'mail.departments': 'FINANCE=money@shop.example, SALES=sales@shop.example',
  });
  expect(secret).toEqual({
    secretKey: SECRET,
    adminKey: 'hub_administrator_key',
    'stripe.key': 'sk_test_of_the_tests',
    'stripe.webhookSecrets': 'whsec_older_one,whsec_newer_one',
    'easypost.key': 'EZTKofthetests',
    'easypost.webhookSecrets': 'an older secret,a newer secret',
    'mail.login': 'hub:p@ss',
  });
  const usual = recorded({});
  expect(Object.keys(usual.open).sort()).toEqual(Object.keys(open).sort());
  expect(Object.entries({ ...usual.open, ...usual.secret }).filter(([, value]) => value !== null)).toEqual([
    ['seller.country', 'IT'],
    ['seller.currency', 'EUR'],
    ['secretKey', SECRET],
  ]);
});

test('a start that is told a part of a setting takes the rest as usual', () => {
  const services = new Services();
  provideSettings(services, { seller: { country: 'DE' }, invoices: { issueAt: 'MANUAL' }, outboundMail: null });
  const usual = readConfig(SETTINGS, {}).settings;
  const values = Object.fromEntries(SETTINGS.map((part: SettingsPart) => [part.name, services.get(part)]));
  expect(values).toEqual({
    ...usual,
    seller: { ...usual.seller, country: 'DE' },
    invoices: { ...usual.invoices, issueAt: 'MANUAL' },
  });
});
