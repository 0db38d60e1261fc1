import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from './db/database.js';
import type { askedFor } from './graph/export/export-route.js';
import { exportText } from './graph/export/export-stream.js';

/** Writes an export to a file, which has its name only when it is whole, or to standard output. */
export async function exportToFile(
  db: Database,
  { definition, format, since }: ReturnType<typeof askedFor>,
  file: string | null,
): Promise<void> {
  const text = Readable.from(exportText(db, definition, format, since), { highWaterMark: 1 });
  if (file === null) return pipeline(text, process.stdout, { end: false });
  const part = `${file}.part`;
  try {
    await pipeline(text, createWriteStream(part, { flags: 'wx', mode: 0o600 }));
    await rename(part, file);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') await rm(part, { force: true });
    throw error;
  }
}
