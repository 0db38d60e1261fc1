import { EmbeddedPostgresError } from './report.js';

/** For a computer of two cores that does other work too. */
const DEFAULTS: Record<string, string> = {
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '64MB',
  max_connections: '100',
  random_page_cost: '1.1',
  jit: 'off',
  max_wal_size: '1GB',
  checkpoint_timeout: '10min',
  timezone: 'UTC',
  log_rotation_size: '5MB',
};

/** What the supervisor, a safe write and a restore stand on. */
const FIXED: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  password_encryption: 'scram-sha-256',
  lc_messages: 'C',
  logging_collector: 'on',
  log_destination: 'stderr',
  log_directory: '../log',
  log_filename: 'postgres-%Y%m%d-%H%M%S.log',
  log_rotation_age: '0',
  log_timezone: 'UTC',
  // Of use only to a restored cluster, and here so that a recovery which was cut off goes on at the next start: all the
  // log it needs is in its pg_wal, so there is never a file to fetch, and it follows the timeline it was taken on.
  restore_command: 'exit 1',
  recovery_target_timeline: 'current',
};

/** The server's settings as arguments, the overrides among them; throws for one that is not open to change. */
export function settingArguments(overrides: Record<string, string>): string[] {
  const closed = Object.keys(overrides).filter((name) => name.toLowerCase() in FIXED || name.toLowerCase() === 'port');
  if (closed.length > 0) {
    throw new EmbeddedPostgresError(
      `The embedded database sets ${closed.join(', ')} itself; leave it out of the settings.`,
    );
  }
  return Object.entries({ ...DEFAULTS, ...overrides, ...FIXED }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
