import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { startFailure } from '../../../../src/db/embedded/start-failure.js';

const STARTING = '2026-01-01 UTC [2] FATAL:  the database system is starting up\n';

test.each([
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'port-taken', /Another program/],
  ['FATAL:  pre-existing shared memory block (key 5, ID 6) is still in use', 'still-held', /still holds it/],
  ['FATAL:  lock file "postmaster.pid" already exists', 'still-held', /still holds it/],
  ['PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device', 'lasting', /Free some space/],
  ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'lasting', /shared_buffers/],
  ['FATAL:  data directory "/x" has invalid permissions', 'lasting', /Give them back/],
  ['PANIC:  could not locate a valid checkpoint record at 0/1', 'lasting', /Restore a backup/],
  ['FATAL:  a reason nobody has thought of', 'lasting', /Its log is in/],
])('tells from "%s" what to do', async (line, kind, advice) => {
  const failure = await startFailure(tmpdir(), `${line}\n${STARTING}`);
  expect(failure.kind).toBe(kind);
  expect(failure.error.message).toMatch(advice);
  expect(failure.error.message).toContain(line);
  expect(failure.error.message).not.toContain('starting up');
});

test('says so when the server wrote nothing', async () => {
  expect((await startFailure(tmpdir(), '')).error.message).toContain('it wrote nothing');
});
