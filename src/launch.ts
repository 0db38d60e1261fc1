import { createHmac } from 'node:crypto';
import { resolve } from 'node:path';
import { startHub, type Hub } from './app.js';
import type { Config } from './config/config.js';
import { secretKeyOf } from './config/secret-file.js';
import { readTrustedManifest } from './config/trusted-manifest.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './db/embedded/index.js';
import type { ModuleValues } from './module-list.js';
import { admitGivenKey, secretOf } from './modules/access/index.js';
import {
  admitRoleKeys,
  FULL,
  SAMPLE_SELLER,
  SMALL,
  startSample,
  type RoleKey,
  type RunningSample,
} from './sample/index.js';
import { systemClock } from './shared/clock.js';
import type { Log } from './shared/log.js';

export interface Launched {
  hub: Hub;
  database: EmbeddedPostgres | null;
  /** In sample mode: a key for whoever tries the hub out. */
  sampleKey: string | null;
  /** And one for each other role. */
  roleKeys: readonly RoleKey[];
  stop(): Promise<void>;
}

/**
 * Starts what the configuration asks for: the database if it is ours, the hub, the sample company. Where `stopping` is
 * aborted meanwhile it finishes the step under way, stops what it has started and throws an AbortError.
 */
export async function launch(
  config: Config<ModuleValues>,
  log: Log,
  onProgress: (message: string) => void,
  stopping: AbortSignal,
): Promise<Launched> {
  const { only, operations: manifest } = config.trusted;
  const operations = manifest === null ? [] : await readTrustedManifest(resolve(manifest));
  const dataDir = resolve(config.dataDir);
  const secretKey = config.secretKey ?? (await secretKeyOf(dataDir));
  const database =
    config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir, log, onProgress, signal: stopping }) : null;
  let hub: Hub | undefined;
  let sample: RunningSample | undefined;
  const stop = async () => {
    await sample?.stop();
    await hub?.stop();
    await database?.stop();
  };
  try {
    stopping.throwIfAborted();
    hub = await startHub({
      databaseUrl: config.databaseUrl ?? database!.connectionString,
      secretKey,
      host: config.host,
      port: config.port,
      publicUrl: config.publicUrl,
      allowedOrigins: config.allowedOrigins,
      trusted: { only, operations },
      adminKey: config.adminKey,
      egressAllow: config.egressAllow,
      reconcileEveryMs: config.reconcileEveryMs,
      ...config.settings,
      documents: documentsOf(config),
      clock: systemClock,
      log,
      onProgress,
    });
    stopping.throwIfAborted();
    let sampleKey: string | null = null;
    let roleKeys: RoleKey[] = [];
    if (config.sample !== 'off') {
      sampleKey = sampleKeyOf(secretKey, 'administrator');
      await admitGivenKey(hub.db, hub.clock, sampleKey, { name: 'Sample administrator' });
      const size = config.sample === 'small' ? SMALL : FULL;
      sample = await startSample(hub, sampleKey, size, onProgress, stopping);
      roleKeys = await admitRoleKeys(hub, (role) => sampleKeyOf(secretKey, role));
    }
    stopping.throwIfAborted();
    return { hub, database, sampleKey, roleKeys, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The sample company sells under a name of its own where the configuration has none. */
function documentsOf({ settings: { documents }, sample }: Config<ModuleValues>): ModuleValues['documents'] {
  return { ...documents, seller: documents.seller ?? (sample === 'off' ? null : SAMPLE_SELLER) };
}

/** The same at every start, so that what was copied from a screen goes on working; nobody can derive it without the secret key. */
function sampleKeyOf(secretKey: string, role: string): string {
  return secretOf(createHmac('sha256', secretKey).update(`sample ${role}`).digest('base64url'));
}
