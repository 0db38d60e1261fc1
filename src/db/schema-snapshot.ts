import { readFile, writeFile } from 'node:fs/promises';
import { withScratchDatabase } from './scratch.js';
import { describeSchema } from './describe-schema.js';

const SNAPSHOT = 'src/db/schema.sql';

/** Writes the schema that the migrations add up to, for reading in review. */
export async function writeSchemaSnapshot(say: (line: string) => void): Promise<void> {
  await writeFile(SNAPSHOT, await migratedSchema());
  say(`wrote ${SNAPSHOT}`);
}

/** Throws where the committed schema is not the one that the migrations add up to. */
export async function checkMigrations(say: (line: string) => void): Promise<void> {
  const committed = await readFile(SNAPSHOT, 'utf8').catch(() => '');
  if (committed !== (await migratedSchema())) throw new Error(`${SNAPSHOT} is stale: run npm run hub -- migrations`);
  say(`${SNAPSHOT} is fresh`);
}

function migratedSchema(): Promise<string> {
  return withScratchDatabase((database) => describeSchema(database.pool));
}
