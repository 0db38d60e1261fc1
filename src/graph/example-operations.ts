import { readdir, readFile } from 'node:fs/promises';

const FOLDER = new URL('../../../schema/operations/', import.meta.url);

/** The texts of schema/operations, by file name. */
export async function exampleOperations(): Promise<string[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.graphql')).sort();
  return Promise.all(files.map((file) => readFile(new URL(file, FOLDER), 'utf8')));
}
