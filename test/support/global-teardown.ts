import { rm } from 'node:fs/promises';
import type { TestCluster } from './global-setup.js';

export default async function globalTeardown(): Promise<void> {
  const cluster = (globalThis as { hubTestCluster?: TestCluster }).hubTestCluster;
  if (!cluster) return;
  await cluster.postgres.stop();
  await rm(cluster.folder, { recursive: true, force: true });
}
