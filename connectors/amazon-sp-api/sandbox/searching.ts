import { NO_FAULTS, type Faults, type SandboxAnswer } from '#connect';
import { MARKETPLACE_ID, type Account, type SoldOrder } from './account.js';
import { invalid } from './errors.js';
import { orderView, type Json } from './views.js';

const MOST_ON_PAGE = 100;
/** Pages may hold fewer than were asked for; so a small trial has several. */
const ON_PAGE = 12;
const NOT_BEFORE_MS = 2 * 60_000;
const SKEW_MS = 5 * 60_000;

interface Position {
  at: number;
  id: string;
  /** What was asked: a token is of no use to another question. */
  of: string;
  /** Tells tokens of one place apart. */
  n: number;
}

/** searchOrders, with what can be wrong about a page and about an order on it. */
export class Searching {
  #tokens = 0;

  constructor(
    private readonly account: Account,
    private readonly now: () => Date,
    private readonly faults: Faults = NO_FAULTS,
  ) {}

  answer(query: URLSearchParams): SandboxAnswer {
    const refused = this.#refusal(query);
    if (refused) return invalid(refused);
    const token = query.get('paginationToken');
    const of = questionOf(query);
    const at = token === null ? null : positionIn(token);
    if (token !== null && at?.of !== of) return invalid('Invalid paginationToken');
    const found = this.#late(this.#matching(query));
    const rest = at ? found.filter((order) => isBehind(order, at)) : found;
    const page = rest.slice(0, Math.min(ON_PAGE, Number(query.get('maxResultsPerPage') ?? MOST_ON_PAGE)));
    const last = page.at(-1);
    const start: Position = at ?? { at: 0, id: '', of, n: 0 };
    const next = last && rest.length > page.length ? { ...start, at: last.changedAt.getTime(), id: last.id } : null;
    return this.#page(query, { page, start, next, before: found.filter((order) => at && !isBehind(order, at)) });
  }

  #page(
    query: URLSearchParams,
    { page, start, next, before }: { page: SoldOrder[]; start: Position; next: Position | null; before: SoldOrder[] },
  ): SandboxAnswer {
    const included = new Set((query.get('includedData') ?? '').split(','));
    const show = (orders: SoldOrder[], then: Position | null): SandboxAnswer => {
      const body: Json = {
        orders: orders.map((order) => orderView(this.account, order, included)),
        ...(then && { pagination: { nextToken: this.#tokenOf(then) } }),
        ...(query.get('lastUpdatedBefore') && { lastUpdatedBefore: query.get('lastUpdatedBefore') }),
      };
      return { status: 200, body };
    };
    if (page.length > 0 && this.faults.strikes('empty-page')) return show([], start);
    if (before.length > 0 && this.faults.strikes('repeated-page')) return show(before.slice(-ON_PAGE), start);
    if (page.length > 0 && this.faults.strikes('cursor-loop')) return show(page, start);
    const answer = show(page, next);
    for (const order of ((answer.body as Json).orders as Json[]).slice(0, 1)) this.#spoil(order);
    return answer;
  }

  /** The next reading of the same order is right again. */
  #spoil(order: Json): void {
    if (this.faults.strikes('missing-field')) delete order.orderItems;
    const fulfillment = order.fulfillment as Json | undefined;
    if (fulfillment && this.faults.strikes('unknown-enum')) fulfillment.fulfillmentStatus = 'TELEPORTED';
    if (this.faults.strikes('clock-skew')) {
      order.lastUpdatedTime = new Date(Date.parse(order.lastUpdatedTime as string) - SKEW_MS).toISOString();
    }
  }

  #refusal(query: URLSearchParams): string | null {
    const [created, updated] = [query.get('createdAfter'), query.get('lastUpdatedAfter')];
    if ((created === null) === (updated === null)) return 'Provide exactly one of createdAfter and lastUpdatedAfter';
    if ([...query.values()].some((value) => value === '')) return 'Empty parameter';
    const before = query.get('lastUpdatedBefore');
    if (before !== null && Date.parse(before) > this.now().getTime() - NOT_BEFORE_MS) {
      return 'lastUpdatedBefore must be at least two minutes before now';
    }
    if (before !== null && Date.parse(before) < Date.parse(updated ?? '')) return 'lastUpdatedBefore is too early';
    const most = Number(query.get('maxResultsPerPage') ?? MOST_ON_PAGE);
    return most >= 1 && most <= MOST_ON_PAGE ? null : 'maxResultsPerPage must be between 1 and 100';
  }

  #matching(query: URLSearchParams): SoldOrder[] {
    const time = (name: string, fallback: number) => Date.parse(query.get(name) ?? '') || fallback;
    const among = (name: string, value: string) => query.get(name)?.split(',').includes(value) ?? true;
    const [from, to] = [time('lastUpdatedAfter', 0), time('lastUpdatedBefore', this.now().getTime())];
    return [...this.account.orders.values()]
      .filter(({ changedAt, placedAt }) => {
        const at = query.has('createdAfter') ? placedAt.getTime() : changedAt.getTime();
        return at >= (query.has('createdAfter') ? time('createdAfter', 0) : from) && at <= to;
      })
      .filter(({ status }) => among('fulfillmentStatuses', status))
      .filter(({ isAmazons }) => among('fulfilledBy', isAmazons ? 'AMAZON' : 'MERCHANT'))
      .filter(() => among('marketplaceIds', MARKETPLACE_ID))
      .sort((a, b) => a.changedAt.getTime() - b.changedAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  /** What changed last may not be in the index yet. */
  #late(found: SoldOrder[]): SoldOrder[] {
    return found.length > 1 && this.faults.strikes('delay') ? found.slice(0, -1) : found;
  }

  #tokenOf(position: Position): string {
    this.#tokens += 1;
    return Buffer.from(JSON.stringify({ ...position, n: this.#tokens })).toString('base64url');
  }
}

function questionOf(query: URLSearchParams): string {
  const asked = [...query].filter(([name]) => name !== 'paginationToken').sort();
  return asked.map(([name, value]) => `${name}=${value}`).join('&');
}

function positionIn(token: string): Position | null {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as Position;
  } catch {
    return null;
  }
}

function isBehind({ changedAt, id }: SoldOrder, { at, id: last }: Position): boolean {
  const time = changedAt.getTime();
  return time > at || (time === at && id > last);
}
