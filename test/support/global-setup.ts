import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded/index.js';
import { scratchFolder } from './scratch.js';

export interface TestCluster {
  postgres: EmbeddedPostgres;
  folder: string;
}

/** One real PostgreSQL for all suites of a run; each takes a database of its own from it. */
export default async function globalSetup(): Promise<void> {
  const folder = await scratchFolder('hub-test-');
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'shared'),
    // No test outlives this server: a commit that waits for the disk would show nothing.
    settings: { max_connections: '400', shared_buffers: '256MB', synchronous_commit: 'off' },
  });
  process.env.HUB_TEST_DATABASE_URL = postgres.connectionString;
  process.env.HUB_TEST_FOLDER = folder;
  (globalThis as { hubTestCluster?: TestCluster }).hubTestCluster = { postgres, folder };
}
