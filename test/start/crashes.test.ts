import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Desk, serverPid } from './support/started-hub.js';

const KEY = 'an-administrators-key-of-this-test';
const SETTINGS = { HUB_ADMIN_KEY: KEY, HUB_SAMPLE: 'off' };
const COUNT = '{ customers { totalCount } }';
const ADD = `mutation ($name: String!) {
  upsertCustomer(input: { idempotencyKey: $name, name: $name }) { replayed userErrors { message } }
}`;

const desk = new Desk();
afterEach(() => desk.clear());

test('starts again after it was killed, with all that it had answered', async () => {
  const dataDir = await desk.madeFolder();
  const killed = await desk.start(dataDir, SETTINGS).ready();
  await killed.graph(ADD, { name: 'Kept' }, KEY);
  await killed.stop('SIGKILL');
  const hub = await desk.start(dataDir, SETTINGS).ready();
  expect(await hub.graph(COUNT, {}, KEY)).toEqual({ customers: { totalCount: 1 } });
  expect(await hub.graph(ADD, { name: 'Kept' }, KEY)).toMatchObject({ upsertCustomer: { replayed: true } });
  expect(await hub.stop()).toBe(0);
}, 120_000);

test('answers again by itself after its database was killed', async () => {
  const dataDir = await desk.madeFolder();
  const hub = await desk.start(dataDir, SETTINGS).ready();
  await hub.graph(ADD, { name: 'Kept' }, KEY);
  const killed = await serverPid(dataDir);
  process.kill(killed, 'SIGKILL');
  await eventually('another server', async () => (await serverPid(dataDir).catch(() => killed)) !== killed, 40_000);
  await eventually('the hub to be ready again', async () => (await fetch(`${hub.url}/readyz`)).ok, 40_000);
  expect(await hub.graph(COUNT, {}, KEY)).toEqual({ customers: { totalCount: 1 } });
  await hub.graph(ADD, { name: 'Another' }, KEY);
  expect(await hub.stop()).toBe(0);
}, 120_000);
