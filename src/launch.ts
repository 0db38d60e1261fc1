import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { startHub, type Hub, type HubParts } from './app.js';
import type { Config } from './config/config.js';
import { secretKeyOf } from './config/secret-file.js';
import { readTrustedManifest } from './config/trusted-manifest.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './db/embedded/index.js';
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
  config: Config,
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
      seller: config.seller,
      ...papersOf(config),
      ...othersOf(config),
      verification: config.verification,
      reconcileEveryMs: config.reconcileEveryMs,
      inboundMail: await inboundMail(config),
      isAutomationOn: config.isAutomationOn,
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

/** Who is called. */
function othersOf({ egressAllow, stripe, easypost, mail }: Config) {
  return {
    egressAllow,
    providers: { stripe },
    carriers: { easypost },
    outboundMail: mail.outbound,
    mailKeepDays: mail.keepDays,
  };
}

/** The sample company sells under a name of its own where the configuration has none. */
function papersOf({ documents, sample }: Config): Pick<HubParts, 'documents' | 'invoices'> {
  const { seller, timeZone, linkHours, invoiceAt, isForStated, numbers } = documents;
  const issueAt = ({ shipment: 'SHIPMENT', order: 'ORDER', manual: 'MANUAL' } as const)[invoiceAt];
  return {
    documents: { seller: seller ?? (sample === 'off' ? null : SAMPLE_SELLER), timeZone, linkHours },
    invoices: { issueAt, isForStated, numbers },
  };
}

/** With the certificate that the paths name; throws where a file cannot be read. */
async function inboundMail({ mail: { inbound } }: Config): Promise<HubParts['inboundMail']> {
  if (!inbound?.tls) return inbound && { ...inbound, tls: null };
  const [cert, key] = await Promise.all(
    [inbound.tls.cert, inbound.tls.key].map((path) => readFile(resolve(path), 'utf8')),
  );
  return { ...inbound, tls: { cert: cert!, key: key! } };
}

/** The same at every start, so that what was copied from a screen goes on working; nobody can derive it without the secret key. */
function sampleKeyOf(secretKey: string, role: string): string {
  return secretOf(createHmac('sha256', secretKey).update(`sample ${role}`).digest('base64url'));
}
