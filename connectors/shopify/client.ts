// https://shopify.dev/docs/api/admin-graphql: one address, one version, every call a document.
import type { ZodType } from 'zod';
import { ConnectorFailure, readWire, rejected, type ConnectorHttp, type HttpDefinition } from '#connect';
import { z } from 'zod';
import type { Document } from './documents/document.js';
import { allowanceIn, failureIn, TOO_COSTLY } from './failures.js';
import type { Credentials, Settings } from './settings.js';
import { listOrNone, record, text } from './wire/parts.js';

export const API_VERSION = '2026-10';
export const GRAPHQL_PATH = `/admin/api/${API_VERSION}/graphql.json`;

export const http: HttpDefinition<Settings, Credentials> = {
  baseUrl: ({ settings }) => settings.baseUrl ?? `https://${settings.shopDomain}`,
  headers: ({ token }): Record<string, string> => (token ? { 'x-shopify-access-token': token.accessToken } : {}),
  async token(sender, { credentials, now }) {
    const { accessToken, clientId, clientSecret } = credentials;
    if (accessToken !== undefined) return { accessToken, expiresAt: null };
    if (clientId === undefined) {
      throw new ConnectorFailure(
        'unauthorized',
        'credentials: expected a clientId or an accessToken to ask the shop with',
      );
    }
    // https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant
    const { body } = await sender.send({
      operation: 'accessToken',
      method: 'POST',
      path: '/admin/oauth/access_token',
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
      isRepeatable: true,
    });
    const given = readWire(tokenShape, body);
    return { accessToken: given.access_token, expiresAt: new Date(now.getTime() + Number(given.expires_in) * 1000) };
  },
  // The smallest plan's; each answer tells the shop's own.
  limits: { default: { burst: 1000, perSecond: 50 } },
  allowance: ({ body }) => allowanceIn(body),
  failure: failureIn,
};
const tokenShape = record({ access_token: text, expires_in: z.string().regex(/^\d{1,9}$/, 'expected seconds') });

/** Sends a document and reads its data. Throws a ConnectorFailure for each of the three ways in which it can fail. */
export async function ask<T>(
  sender: ConnectorHttp,
  document: Document,
  variables: Record<string, unknown>,
  shape: ZodType<T>,
): Promise<T> {
  const { name, cost, isRepeatable } = document;
  const { body } = await sender.send({
    operation: name,
    method: 'POST',
    path: GRAPHQL_PATH,
    json: { query: document.text, operationName: name, variables },
    cost,
    isRepeatable,
  });
  const { data } = body as { data?: unknown };
  if (data == null) throw new ConnectorFailure('unexpected_shape', `${name}: expected data, got none`);
  return readWire(shape, data);
}

export const userErrors = listOrNone(
  record({ field: z.array(z.string()).nullish(), message: text, code: text.nullish() }),
);
export type UserErrors = z.infer<typeof userErrors>;

/** What a mutation refused; nothing where it did not. */
export function refusalOf({ name }: Document, errors: UserErrors): ConnectorFailure | null {
  if (errors.length === 0) return null;
  const said = errors.map(({ field, message, code }) =>
    [field?.length ? `${field.join('.')}: ` : '', message, code ? ` (${code})` : ''].join(''),
  );
  return rejected(`${name}: ${said.join('; ')}`);
}

export function refuse(document: Document, errors: UserErrors): void {
  const refusal = refusalOf(document, errors);
  if (refusal) throw refusal;
}

/** Asks for fewer at once where the shop finds the page too costly: what it counts for what is its own business. */
export async function inAffordablePages<T>(sizes: readonly number[], page: (size: number) => Promise<T>): Promise<T> {
  for (const size of sizes.slice(0, -1)) {
    try {
      return await page(size);
    } catch (error) {
      if (!(error instanceof ConnectorFailure) || !error.message.includes(TOO_COSTLY)) throw error;
    }
  }
  return page(sizes.at(-1)!);
}

/** Where the next page begins; null behind the last. */
export function behind(pageInfo: { hasNextPage: boolean; endCursor?: string | null }): string | null {
  if (!pageInfo.hasNextPage) return null;
  if (!pageInfo.endCursor)
    throw new ConnectorFailure('unexpected_shape', 'pageInfo.endCursor: expected a cursor, got none');
  return pageInfo.endCursor;
}

/** The search for what changed since then. */
export function changedSince(since: Date | null): string | null {
  return since && `updated_at:>='${since.toISOString()}'`;
}
