import { NO_FAULTS, serveSandbox, type Faults, type ServedSandbox } from '#connect';
import { AdminApi } from './api.js';
import { Sessions } from './sessions.js';
import type { Shop } from './shop.js';

export async function serveShop(
  shop: Shop,
  { secret, faults = NO_FAULTS }: { secret: string; faults: Faults | undefined },
): Promise<ServedSandbox & { expire(): void }> {
  const sessions = new Sessions(secret);
  const api = new AdminApi(shop, faults, sessions);
  const served = await serveSandbox({
    faults,
    async answer({ method, path, headers, body }) {
      if (method !== 'POST' || path !== '/admin-api')
        return { status: 404, body: { statusCode: 404, message: 'Not Found' } };
      return api.answer(body, headers.authorization);
    },
    // The server knows no limit; what stands before it may.
    throttled: () => ({ status: 429, headers: { 'retry-after': '1' }, body: { message: 'Too Many Requests' } }),
    failed: () => ({
      status: 200,
      body: {
        errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
        data: null,
      },
    }),
  });
  return Object.assign(served, { expire: () => sessions.expire() });
}
