import { realpath } from 'node:fs/promises';
import { Client } from 'pg';
import { readControlFile } from './control-file.js';
import { ROLE } from './password.js';
import { codeOf } from './report.js';

/** The hub's database; `postgres` stays for the supervisor's own connections. */
export const DATABASE = 'hub';

export interface Address {
  port: number;
  password: string;
}

/** How a server answers: not at all, not yet, not to us, with other data than expected, or as our database. */
export type Answer = 'silent' | 'starting' | 'wrong-password' | 'other-cluster' | 'ready';

export function connectionStringOf({ port, password }: Address): string {
  return `postgres://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** Runs `use` on a connection to the database `postgres`, or to the one that `connectionString` names. */
export async function withClient<T>(to: Address | string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: typeof to === 'string' ? to : connectionStringOf(to).replace(/[^/]+$/, 'postgres'),
    // Said outright, or pg would take it from the environment.
    ssl: false,
    connectionTimeoutMillis: 5_000,
    application_name: 'hub supervisor',
  });
  // A connection that breaks between two statements fails the next of them; without a listener it would end the hub.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

export async function ask(address: Address, clusterDir: string): Promise<Answer> {
  try {
    return await withClient(address, async (client) => {
      const { rows } = await client.query<{ folder: string; id: string; isRecovering: boolean }>(
        `select current_setting('data_directory') as folder, system_identifier::text as id,
                pg_is_in_recovery() as "isRecovering" from pg_control_system()`,
      );
      const [found] = rows;
      const { systemIdentifier } = await readControlFile(clusterDir);
      if (!found || found.id !== systemIdentifier || found.folder !== (await realpath(clusterDir)))
        return 'other-cluster';
      return found.isRecovering ? 'starting' : 'ready';
    });
  } catch (error) {
    return answerOf(error);
  }
}

/** Makes the hub's database where it is missing: the start that made the cluster may have been cut off before. */
export async function ensureDatabase(address: Address): Promise<void> {
  await withClient(address, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  });
}

function answerOf(error: unknown): Answer {
  const code = codeOf(error);
  if (code === '28P01') return 'wrong-password';
  if (code === '57P03') return 'starting';
  // Without a code pg tells of a timeout or of a connection that was cut; 53300 is a server with all places taken,
  // 57P01 one that has just been told to stop, 28000 a role it does not have.
  const passing = [undefined, 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '53300', '57P01', '57P02'];
  if (passing.includes(code)) return 'silent';
  if (code === '28000' || code === '42501') return 'other-cluster';
  throw error;
}
