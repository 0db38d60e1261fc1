import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { overAll, readThrough } from './copy.js';
import { EmbeddedPostgresError, codeOf } from './report.js';

export const MANIFEST_FILE = 'manifest.json';

/** The parts of a backup: the cluster, and what else of the data directory was asked for. */
export const CLUSTER_PART = 'cluster';
export const EXTRA_PART = 'files';

// A restore may run as root, so that a path must not lead out of the folder.
const pathShape = z
  .string()
  .refine((text) => !path.isAbsolute(text) && !text.split('/').includes('..'), 'leads out of the backup');

const manifestShape = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  postgres: z.string(),
  systemIdentifier: z.string(),
  timelineId: z.number(),
  startLsn: z.string(),
  stopLsn: z.string(),
  folders: z.array(pathShape),
  files: z.array(z.object({ path: pathShape, size: z.number(), sha256: z.string() })),
});

/** What a backup holds, written last. */
export type Manifest = z.infer<typeof manifestShape>;

/** Reads a backup's manifest and compares every file with it; throws with what is missing or has changed. */
export async function readVerified(source: string): Promise<Manifest> {
  const manifest = await readManifest(source);
  const faults: string[] = [];
  await overAll(manifest.files, async (file) => {
    const fault = await faultOf(path.join(source, file.path), file);
    if (fault) faults.push(`${file.path} ${fault}`);
  });
  if (faults.length > 0) {
    throw new EmbeddedPostgresError(
      `The backup in ${source} is damaged: ${faults.slice(0, 5).join('; ')}${faults.length > 5 ? ` and ${faults.length - 5} more` : ''}. Nothing was changed.`,
    );
  }
  return manifest;
}

async function readManifest(source: string): Promise<Manifest> {
  const file = path.join(source, MANIFEST_FILE);
  try {
    return manifestShape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const reason =
      codeOf(error) === 'ENOENT' ? 'there is no such file' : 'the file is damaged or of another version of the hub';
    throw new EmbeddedPostgresError(`${source} is no backup of the hub: expected ${file}, but ${reason}.`, {
      cause: error,
    });
  }
}

async function faultOf(file: string, expected: { size: number; sha256: string }): Promise<string | undefined> {
  try {
    const { size, sha256 } = await readThrough(file);
    if (size !== expected.size) return `has ${size} bytes instead of ${expected.size}`;
    return sha256 === expected.sha256 ? undefined : 'has other content';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'is missing';
    throw error;
  }
}
