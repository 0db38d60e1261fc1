import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hubExports, hubSchema, openDatabase } from './app.js';
import { ConfigError, hubVariables, readConfig } from './config/config.js';
import { SECRET_FILE } from './config/secret-file.js';
import { exampleText, tableText } from './config/settings-text.js';
import { backupEmbedded, EmbeddedPostgresError, restoreEmbedded, startEmbeddedPostgres } from './db/embedded/index.js';
import type { Database } from './db/database.js';
import { checkMigrations, writeSchemaSnapshot } from './db/schema-snapshot.js';
import { exportToFile } from './export-to-file.js';
import { askedFor } from './graph/export/export-route.js';
import { printGraph } from './graph/schema.js';
import { SETTINGS } from './module-list.js';
import { processLog } from './process-log.js';
import { RequestError } from './shared/failures.js';
import { systemClock } from './shared/clock.js';
import { showProgress } from './show-progress.js';

const SCHEMA = 'schema/schema.graphql';
const EXAMPLE = '.env.example';
const OPERATIONS = 'docs/operations.md';
const TABLE = /<!-- settings -->[\s\S]*<!-- \/settings -->/;

const USAGE = `npm run hub -- <command>
  backup <folder>        copy the embedded database and the secret key to a new folder, while the hub runs or not
  restore <folder>       put a backup in the place of the embedded database; the hub must be stopped
  export <kind> [--since <instant>] [--format ndjson|csv] [--out <file>]
                         write records of one kind, changed since then: ${[...hubExports().keys()].join(', ')}
  progress [<integration>] [--watch]
                         say how far what is read from connected systems has come: rows, rate, time left
  schema [--check]       write ${SCHEMA}, or say whether it is fresh
  settings [--check]     write ${EXAMPLE} and the table of ${OPERATIONS}, or say whether they are fresh
  migrations [--check]   write the schema that the migrations add up to, or say whether it is fresh`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

class UsageError extends Error {}

const COMMANDS: Record<string, (argument: string | undefined, options: string[]) => Promise<void>> = {
  export: (kind, options) => exportRecords(kind ?? '', options),
  progress: (first, options) => showWalks([...(first === undefined ? [] : [first]), ...options]),
  backup: async (folder) => {
    if (!folder) throw new UsageError('backup: expected a folder');
    const target = resolve(folder);
    const done = await backupEmbedded({ ...embedded(), target, clock: systemClock, extraFiles: [SECRET_FILE] });
    say(`Backed up ${done.fileCount} files, ${Math.round(done.byteCount / 1_048_576)} MB, to ${target}`);
  },
  restore: async (folder) => {
    if (!folder) throw new UsageError('restore: expected a folder');
    const done = await restoreEmbedded({ ...embedded(), source: resolve(folder), clock: systemClock });
    say(`Restored to ${done.clusterDir}`);
    if (done.replacedClusterDir) say(`What was there before is kept in ${done.replacedClusterDir}`);
  },
  schema: (flag) => emit(SCHEMA, printGraph(hubSchema()), flag),
  settings: async (flag) => {
    await emit(EXAMPLE, exampleText(hubVariables(SETTINGS)), flag);
    const page = await readFile(OPERATIONS, 'utf8');
    await emit(
      OPERATIONS,
      page.replace(TABLE, () => `<!-- settings -->\n\n${tableText(hubVariables(SETTINGS))}\n\n<!-- /settings -->`),
      flag,
    );
  },
  migrations: async (flag) => {
    if (flag === '--check') await checkMigrations(say);
    else await writeSchemaSnapshot(say);
  },
};

async function exportRecords(kind: string, options: string[]): Promise<void> {
  const { since, format, out } = exportOptions(options);
  const asked = askedFor(kind, hubExports(), { since, format });
  await withDatabase((db) => exportToFile(db, asked, out == null ? null : resolve(out)));
}

async function showWalks(args: string[]): Promise<void> {
  const { values, positionals } = walkOptions(args);
  const asked = { integration: positionals[0] ?? null, isWatching: values.watch };
  await withDatabase((db) => showProgress(db, asked, systemClock, say));
}

function walkOptions(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { watch: { type: 'boolean', default: false } } });
  } catch (error) {
    throw new UsageError(`progress: ${(error as Error).message}`);
  }
}

/** The hub's database, whether the hub runs or not. */
async function withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const config = readConfig(SETTINGS);
  const log = processLog(config.logLevel);
  // Standard output is for what was asked for alone.
  const onProgress = (message: string) => process.stderr.write(`${message}\n`);
  const embeddedDatabase =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir: resolve(config.dataDir), log, onProgress })
      : null;
  try {
    const db = await openDatabase({ databaseUrl: config.databaseUrl ?? embeddedDatabase!.connectionString, log });
    try {
      await work(db);
    } finally {
      await db.close();
    }
  } finally {
    await embeddedDatabase?.stop();
  }
}

function exportOptions(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args, options: { since: text, format: text, out: text } }).values;
  } catch (error) {
    throw new UsageError(`export: ${(error as Error).message}`);
  }
}

function embedded() {
  const config = readConfig(SETTINGS);
  if (config.databaseUrl !== null) throw new UsageError('with DATABASE_URL, use the backup tools of that database');
  return { dataDir: resolve(config.dataDir), log: processLog(config.logLevel), onProgress: say };
}

async function emit(path: string, text: string, flag: string | undefined): Promise<void> {
  if (flag !== '--check') {
    await writeFile(path, text);
    return say(`wrote ${path}`);
  }
  const committed = await readFile(path, 'utf8').catch(() => '');
  if (committed !== text) throw new UsageError(`${path} is stale: run the same command without --check`);
  say(`${path} is fresh`);
}

async function main([name, argument, ...options]: string[]): Promise<void> {
  const command = COMMANDS[name ?? ''];
  if (!command) throw new UsageError(USAGE);
  await command(argument, options);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    const isPlain =
      error instanceof UsageError ||
      error instanceof RequestError ||
      error instanceof ConfigError ||
      error instanceof EmbeddedPostgresError;
    process.stderr.write(
      `${isPlain ? error.message : `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`}\n`,
    );
    process.exit(1);
  },
);
