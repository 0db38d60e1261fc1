import pg from 'pg';
import { randomBytes } from 'node:crypto';

// Any number, the same in every hub: two that start at once agree on one epoch.
const EPOCH_LOCK = 7_120_002;

interface Identity {
  system_identifier: string;
  timeline_id: number;
}

// A copied cluster or a promoted standby shows in the first two facts, a restored dump in the table's own oid.
// The timeline is read off the log's file name: the control file learns of a promotion only at a checkpoint.
const READ_IDENTITY = `
  select concat_ws('.', (select system_identifier from pg_control_system()),
                   (select oid from pg_database where datname = current_database()),
                   'hub_state'::regclass::oid) as system_identifier,
         ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int as timeline_id`;

/**
 * Names the history that this database tells. The name changes when the database turns out to be a restored,
 * copied or promoted one, so that cursors of another history are refused. Safe to call in several processes at once.
 */
export async function resolveEpoch(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [EPOCH_LOCK]);
    const identity = (await client.query<Identity>(READ_IDENTITY)).rows[0]!;
    const epoch = (await knownEpoch(client, identity)) ?? (await beginEpoch(client, identity));
    await client.query('commit');
    return epoch;
  } finally {
    await client.end();
  }
}

async function knownEpoch(
  client: pg.Client,
  { system_identifier, timeline_id }: Identity,
): Promise<string | undefined> {
  const { rows } = await client.query<{ epoch: string }>(
    'select epoch from hub_state where system_identifier = $1 and timeline_id = $2',
    [system_identifier, timeline_id],
  );
  return rows[0]?.epoch;
}

async function beginEpoch(client: pg.Client, { system_identifier, timeline_id }: Identity): Promise<string> {
  const epoch = randomBytes(4).toString('hex');
  await client.query(
    `insert into hub_state (epoch, system_identifier, timeline_id) values ($1, $2, $3)
     on conflict (only_row) do update
       set epoch = excluded.epoch, system_identifier = excluded.system_identifier, timeline_id = excluded.timeline_id`,
    [epoch, system_identifier, timeline_id],
  );
  return epoch;
}
