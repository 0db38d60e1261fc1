import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, EmbeddedPostgresError } from './report.js';

export interface StartFailure {
  kind: 'port-taken' | 'still-held' | 'lasting';
  error: EmbeddedPostgresError;
}

const CAUSES: { pattern: RegExp; kind: StartFailure['kind']; advice: string }[] = [
  {
    pattern: /Address already in use|could not create any TCP\/IP sockets/,
    kind: 'port-taken',
    advice: 'Another program holds its port.',
  },
  {
    pattern: /pre-existing shared memory block|lock file "postmaster\.pid"/,
    kind: 'still-held',
    advice: 'A process of the stopped database still holds it. End that process, or restart the computer.',
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    kind: 'lasting',
    advice: 'The disk is full. Free some space; nothing that was confirmed is lost.',
  },
  {
    pattern: /could not (create|map) (anonymous )?shared memory|Cannot allocate memory/,
    kind: 'lasting',
    advice: 'There is too little memory for it. End other programs, or give it less (shared_buffers).',
  },
  {
    pattern: /Permission denied|has wrong ownership|has invalid permissions/,
    kind: 'lasting',
    advice: 'It may not use its own files. Give them back to the user it runs as.',
  },
  {
    pattern: /checkpoint record|incompatible with server|invalid data in file|not a database directory/,
    kind: 'lasting',
    advice: 'Its files are damaged. Restore a backup.',
  },
];

/** What our own questions during a start leave in the log. */
const TOO_EARLY = /the database system is (starting up|not (yet )?accepting|shutting down|in recovery)/;

/** Tells from what the server wrote why it did not start, and what to do. */
export async function startFailure(home: string, written: string): Promise<StartFailure> {
  const cause =
    CAUSES.find(({ pattern }) => pattern.test(written)) ?? ((await isDiskFull(home)) ? CAUSES[2] : undefined);
  const isTelling = (line: string): boolean => /FATAL|PANIC|ERROR|could not/.test(line) && !TOO_EARLY.test(line);
  const lines = written.split('\n').filter(isTelling);
  const detail = (lines.length > 0 ? lines : written.trim().split('\n')).slice(-4).join('\n') || 'it wrote nothing';
  return {
    kind: cause?.kind ?? 'lasting',
    error: new EmbeddedPostgresError(
      `The embedded database in ${home} did not start. ${cause?.advice ?? `Its log is in ${logFolder(home)}.`}\n${detail}`,
    ),
  };
}

export function logFolder(home: string): string {
  return path.join(home, 'log');
}

/** The length of each log now, for `writtenSince`. */
export async function logMarks(home: string): Promise<Map<string, number>> {
  const marks = new Map<string, number>();
  for (const file of await serverLogs(home)) marks.set(file, (await stat(file)).size);
  return marks;
}

export async function writtenSince(home: string, marks: Map<string, number>): Promise<string> {
  const parts = (await serverLogs(home)).map(async (file) =>
    (await readFile(file)).subarray(marks.get(file) ?? 0).toString(),
  );
  return (await Promise.all(parts)).join('');
}

/** The server's logs, oldest first. */
export async function serverLogs(home: string): Promise<string[]> {
  try {
    const names = (await readdir(logFolder(home))).filter((name) => /^postgres-[\d-]+\.log$/.test(name));
    return names.sort().map((name) => path.join(logFolder(home), name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Where not even the log could be written, the disk itself has to be asked. */
async function isDiskFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < 1024 * 1024;
}
