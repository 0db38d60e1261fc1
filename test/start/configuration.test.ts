import { afterEach, expect, test } from '@jest/globals';
import { Desk } from './support/started-hub.js';

const desk = new Desk();
afterEach(() => desk.clear());

const WRONG = {
  PORT: 'eighty',
  HOST: 'no host',
  HUB_PUBLIC_URL: 'https://hub.example/path',
  DATABASE_URL: 'mysql://user:my-password@db/hub',
  HUB_SAMPLE: 'maybe',
  HUB_TRUSTED_ONLY: 'yes',
  HUB_ADMIN_KEY: 'short',
  HUB_SECRET_KEY: 'too short',
  HUB_SELLER_COUNTRY: 'Italy',
  HUB_SELLER_CURRENCY: 'EURO',
  LOG_LEVEL: 'loud',
};

test('lists every wrong variable at once, shows no secret, and exits 1', async () => {
  const hub = desk.start(await desk.folder(), WRONG);
  expect(await hub.exited).toBe(1);
  for (const name of Object.keys(WRONG)) expect(hub.output).toMatch(new RegExp(`^  ${name}: expected .+, got`, 'm'));
  for (const secret of ['my-password', 'short"', 'too short']) expect(hub.output).not.toContain(secret);
});

test('ends where the file of HUB_TRUSTED_OPERATIONS is no manifest, and says why', async () => {
  const hub = desk.start(await desk.folder(), { HUB_TRUSTED_OPERATIONS: 'package.json' });
  expect(await hub.exited).toBe(1);
  expect(hub.output).toMatch(/^ {2}HUB_TRUSTED_OPERATIONS: .*package\.json: (expected a persisted-query|format: )/m);
  expect(hub.output).not.toContain(' at ');
});

test('takes HUB_ADMIN_KEY as an administrator’s key, and refuses any other', async () => {
  const key = 'an-administrators-key-of-this-test';
  const hub = await desk.start(await desk.madeFolder(), { HUB_ADMIN_KEY: key, HUB_SAMPLE: 'off' }).ready();
  const data = await hub.graph('{ viewer { roles } orders { totalCount } }', {}, key);
  expect(data).toEqual({ viewer: { roles: ['ADMIN'] }, orders: { totalCount: 0 } });
  expect(hub.output).not.toContain(key);
  await expect(hub.graph('{ viewer { roles } }', {}, `${key}-`)).rejects.toThrow('UNAUTHENTICATED');
  expect(await hub.stop()).toBe(0);
});
