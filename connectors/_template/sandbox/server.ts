import { createHmac } from 'node:crypto';
import { NO_FAULTS, serveSandbox, type Faults, type SandboxAnswer, type ServedSandbox } from '#connect';
import type { Order } from './business.js';

const PAGE = 5;
const SKEW_MS = 5 * 60_000;
const ONE = /^\/orders\/([^/]+)$/;

/** The key that the shop gave to the hub that knows the secret. */
export function apiKeyOf(secret: string): string {
  return `key-${createHmac('sha256', secret).update('api key').digest('hex').slice(0, 32)}`;
}

/** The shop's API. */
export function serveShop(
  orders: ReadonlyMap<string, Order>,
  { secret, faults = NO_FAULTS }: { secret: string; faults?: Faults },
): Promise<ServedSandbox> {
  return serveSandbox({
    faults,
    throttled: () => ({ status: 429, headers: { 'retry-after': '1' }, body: { error: 'too many requests' } }),
    failed: () => ({ status: 500, body: { error: 'something broke' } }),
    answer({ path, query, headers }) {
      if (headers.authorization !== `Bearer ${apiKeyOf(secret)}`)
        return { status: 401, body: { error: 'no such key' } };
      if (path === '/orders') return pageOf(orders, query, faults);
      const order = orders.get(decodeURIComponent(ONE.exec(path)?.[1] ?? ''));
      return order ? { status: 200, body: order } : { status: 404, body: { error: 'not found' } };
    },
  });
}

function pageOf(orders: ReadonlyMap<string, Order>, query: URLSearchParams, faults: Faults): SandboxAnswer {
  const since = query.get('changedSince') ?? '';
  const changed = [...orders.values()]
    .filter(({ updatedAt }) => updatedAt >= since)
    .sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
  const from = Number(query.get('cursor') ?? 0);
  const page = changed.slice(from, from + PAGE);
  const answer = (shown: readonly object[], next: number | null): SandboxAnswer => {
    return { status: 200, body: { orders: shown, next: next === null ? null : String(next) } };
  };
  if (page.length > 0 && faults.strikes('empty-page')) return answer([], from);
  if (from > 0 && faults.strikes('repeated-page')) return answer(changed.slice(Math.max(0, from - PAGE), from), from);
  if (page.length > 0 && faults.strikes('cursor-loop')) return answer(page, from);
  return answer(
    page.map((order) => spoilt(order, faults)),
    from + PAGE < changed.length ? from + PAGE : null,
  );
}

/** The next reading of it is right again. */
function spoilt(order: Order, faults: Faults): object {
  if (faults.strikes('missing-field')) return { ...order, number: undefined };
  if (faults.strikes('unknown-enum')) return { ...order, status: 'under a spell' };
  if (!faults.strikes('clock-skew')) return order;
  return { ...order, updatedAt: new Date(Date.parse(order.updatedAt) - SKEW_MS).toISOString() };
}
