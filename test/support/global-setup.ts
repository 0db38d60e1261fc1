import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded/index.js';

export interface TestCluster {
  postgres: EmbeddedPostgres;
  dataDir: string;
}

/** One real PostgreSQL for all suites of a run; each takes a database of its own from it. */
export default async function globalSetup(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-test-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { max_connections: '400', shared_buffers: '256MB' },
  });
  process.env.HUB_TEST_DATABASE_URL = postgres.connectionString;
  (globalThis as { hubTestCluster?: TestCluster }).hubTestCluster = { postgres, dataDir };
}
