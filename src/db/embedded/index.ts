/**
 * The database the hub brings along: PostgreSQL's own programs under a supervisor of ours. One per data directory,
 * shared by the hubs that name the same one, on loopback only. A hub with DATABASE_URL needs none of this.
 */
export { startEmbeddedPostgres } from './start.js';
export type { EmbeddedOptions, EmbeddedPostgres } from './start.js';
export { backupEmbedded } from './backup.js';
export type { BackupOptions, BackupResult } from './backup.js';
export { restoreEmbedded } from './restore.js';
export type { RestoreOptions, RestoreResult } from './restore.js';
export { EmbeddedPostgresError } from './report.js';
export type { EmbeddedLog } from './report.js';
/** The file in the data directory that holds the password of the database. */
export { PASSWORD_FILE } from './password.js';
