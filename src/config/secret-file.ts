import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomSecret } from '../shared/ids.js';

export const SECRET_FILE = 'secret-key';

/** The secret key of a data directory, made at the first start and kept for its owner alone. */
export async function secretKeyOf(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const path = join(dataDir, SECRET_FILE);
  try {
    await writeFile(path, randomSecret(48), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
  await chmod(path, 0o600);
  const secret = await readFile(path, 'utf8');
  if (secret.length < 32)
    throw new Error(`${path}: expected the secret key, found ${secret.length} characters; restore it from a backup`);
  return secret;
}
