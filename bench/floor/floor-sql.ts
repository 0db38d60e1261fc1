import { readFile } from 'node:fs/promises';

/** The text of one of the committed statements. */
export async function floorSql(name: string): Promise<string> {
  return (await readFile(new URL(`./${name}.sql`, import.meta.url), 'utf8')).trim();
}
