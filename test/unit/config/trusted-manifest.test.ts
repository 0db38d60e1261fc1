import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTrustedManifest } from '../../../src/config/trusted-manifest.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-manifest-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: unknown): Promise<unknown> {
  const path = join(folder, 'manifest.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readTrustedManifest(path);
}
const manifest = (operations: unknown) => ({ format: 'apollo-persisted-query-manifest', version: 1, operations });
const operation = { id: 'a', name: 'A', type: 'query', body: 'query A { viewer { roles } }' };

test('reads the documents of a manifest', async () => {
  expect(await read(manifest([operation, operation]))).toMatchObject([
    { id: 'a', body: operation.body },
    { id: 'a', body: operation.body },
  ]);
});

test.each<[string, unknown, string]>([
  ['text', 'no json', 'expected a persisted-query manifest'],
  ['another format', { ...manifest([]), format: 'relay' }, 'format: '],
  ['another version', { ...manifest([]), version: 2 }, 'version: '],
  ['no body', manifest([{ id: 'a' }]), 'operations.0.body: '],
  ['a body that is no GraphQL', manifest([{ id: 'a', body: '{' }]), 'operations.0.body: no GraphQL'],
  ['an id twice', manifest([operation, { ...operation, body: '{ a }' }]), 'got two for "a"'],
])('refuses %s, and says which setting is wrong', async (_, content, fault) => {
  await expect(read(content)).rejects.toMatchObject({
    name: 'ConfigError',
    faults: [expect.stringMatching(/^HUB_TRUSTED_OPERATIONS: .*manifest\.json: /)],
    message: expect.stringContaining(fault),
  });
});

test('refuses a file that is not there', async () => {
  await expect(readTrustedManifest(join(folder, 'none.json'))).rejects.toThrow('ENOENT');
});
