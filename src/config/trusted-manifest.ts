import { readFile } from 'node:fs/promises';
import { parse } from 'graphql';
import { z } from 'zod';
import { ConfigError } from './config.js';

const Manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1).refine(isGraphQL, 'no GraphQL') })),
});

/** The operations of the manifest that HUB_TRUSTED_OPERATIONS names. Throws a ConfigError that lists what is wrong with it. */
export async function readTrustedManifest(path: string): Promise<{ id: string; body: string }[]> {
  const fault = (what: string) => new ConfigError([`HUB_TRUSTED_OPERATIONS: ${path}: ${what}`]);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw fault(`expected a persisted-query manifest, got ${(error as Error).message}`);
  }
  const { data, error } = Manifest.safeParse(json);
  if (error) throw fault(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const bodies = new Map<string, string>();
  for (const { id, body } of data.operations) {
    if ((bodies.get(id) ?? body) !== body) throw fault(`expected one document for each id, got two for "${id}"`);
    bodies.set(id, body);
  }
  return data.operations;
}

function isGraphQL(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
