import { chanceFrom, sku, PRODUCTS } from '../dataset/company.js';
import { CUSTOMERS, DEEP, FILTERED, ONE_ORDER, PAGE, PLACE } from '../floor/documents.js';
import { typeId } from '../../src/shared/ids.js';

export type Workload = 'page' | 'order' | 'place' | 'filtered' | 'deep' | 'customers';
export type Side = 'hub' | 'floor';

export interface Target {
  side: Side;
  workload: Workload;
  key: string;
  /** Ids that the requests choose from. */
  orders: string[];
  customers: string[];
  /** Places all along the list of orders. */
  places: Place[];
  seed: number;
}

/** A place in the list of orders, as either side names it. */
export interface Place {
  cursor: string;
  placedAt: string;
  id: string;
}

const STATUSES = ['CONFIRMED', 'RECEIVED'];
const CHANNELS = ['api', 'phone', 'web'];

/** Makes one request after the other; the same ones for the same seed. */
export function requestsOf(target: Target): () => Buffer {
  const chance = chanceFrom(target.seed);
  const one = <T>(of: readonly T[]): T => of[chance(of.length)]!;
  let sent = 0;
  const graph = (query: string, variables: object): Buffer => {
    const authorization = `authorization: Bearer ${target.key}\r\n`;
    return request('POST', '/graphql', authorization, JSON.stringify({ query, variables }));
  };
  if (target.workload === 'page') {
    const page = target.side === 'hub' ? graph(PAGE, {}) : request('GET', '/page');
    return () => page;
  }
  if (target.workload === 'customers') {
    const page = target.side === 'hub' ? graph(CUSTOMERS, {}) : request('GET', '/customers');
    return () => page;
  }
  if (target.workload === 'filtered') {
    return () => {
      const [status, channel, { placedAt }] = [one(STATUSES), one(CHANNELS), one(target.places)];
      if (target.side === 'floor') return request('GET', `/filtered/${status}/${channel}/${placedAt}`);
      return graph(FILTERED, { filter: { status: [status], channel: [channel], placedAt: { lt: placedAt } } });
    };
  }
  if (target.workload === 'deep') {
    return () => {
      const { cursor, placedAt, id } = one(target.places);
      return target.side === 'hub' ? graph(DEEP, { after: cursor }) : request('GET', `/deep/${placedAt}/${id}`);
    };
  }
  if (target.workload === 'order') {
    return () => {
      const id = one(target.orders);
      return target.side === 'hub' ? graph(ONE_ORDER, { id: typeId('ord', id) }) : request('GET', `/order/${id}`);
    };
  }
  return () => {
    sent += 1;
    const customerId = one(target.customers);
    const input = {
      idempotencyKey: `bench-${target.seed}-${sent}`,
      channel: 'web',
      currency: 'EUR',
      lines: differentProducts(chance).map((product) => ({ sku: sku(product), quantity: String(1 + chance(3)) })),
    };
    if (target.side === 'floor') return request('POST', '/place', '', JSON.stringify({ ...input, customerId }));
    return graph(PLACE, { input: { ...input, customerId: typeId('cus', customerId), confirm: true } });
  };
}

/** What of an answer must be there for it to count. */
export function proofOf({ side, workload }: Target): string {
  if (side === 'floor') return workload === 'place' ? '"orderId":' : '"number":';
  return workload === 'place' ? '"userErrors":[]' : '"number":';
}

function differentProducts(chance: (below: number) => number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < 3) chosen.add(chance(PRODUCTS));
  return [...chosen];
}

function request(method: string, path: string, headers = '', body = ''): Buffer {
  const length = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n${headers}${length}\r\n${body}`,
  );
}
