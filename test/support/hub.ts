import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { startHub, type Hub, type HubParts } from '../../src/app.js';
import type { Clock } from '../../src/shared/clock.js';
import type { Log } from '../../src/shared/log.js';
import { freshDatabase, type FreshDatabase } from './database.js';

export const ADMIN_KEY = 'hub_administrator_of_the_tests';
export const START = new Date('2026-03-02T09:00:00.000Z');

/** Who sells in the tests. */
export const SELLER = {
  name: 'Officina Meridiana S.r.l.',
  address: ['Via dei Fabbri 12', '20121 Milano'],
  taxId: 'IT12345670017',
  payment: 'IBAN IT60 X054 2811 1010 0000 0123 456',
};

/** Where the tests' own servers are. */
export const LOOPBACK = { host: '127.0.0.1', port: null };

/** Suites about other things order the same again and again, and say little of where to. */
export const UNASKED = { checksAddresses: false, duplicateWindowMs: 0 };

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now = START;
  now(): Date {
    return this.#now;
  }
  set(now: Date): void {
    this.#now = now;
  }
  forward(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
  }
}

/** Keeps what is logged, so that a test can read it; faults are not printed. */
export class TestLog implements Log {
  constructor(readonly lines: { level: string; facts: object; message: string }[] = []) {}
  debug = (facts: object, message: string) => this.#keep('debug', facts, message);
  info = (facts: object, message: string) => this.#keep('info', facts, message);
  warn = (facts: object, message: string) => this.#keep('warn', facts, message);
  error = (facts: object, message: string) => this.#keep('error', facts, message);
  child = (): Log => this;
  #keep(level: string, facts: object, message: string): void {
    this.lines.push({ level, facts, message });
  }
}

export interface GraphAnswer<Data> {
  status: number;
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } & Record<string, unknown> }[];
}

export interface TestHub {
  hub: Hub;
  clock: TestClock;
  log: TestLog;
  database: FreshDatabase;
  /** Sends one operation over HTTP, by the administrator's key unless another is given. */
  graph<Data = Record<string, never>>(
    query: string,
    variables?: object,
    key?: string | null,
  ): Promise<GraphAnswer<Data>>;
  stop(): Promise<void>;
}

/** A whole hub on a free port and a database of its own. */
export async function startTestHub(parts: Partial<HubParts> = {}): Promise<TestHub> {
  const database = await freshDatabase();
  const clock = new TestClock();
  const log = new TestLog();
  const hub = await startHub({
    databaseUrl: database.url,
    secretKey: 'the secret key of the tests, long enough',
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    adminKey: ADMIN_KEY,
    seller: { country: 'IT', currency: 'EUR' },
    documents: { seller: SELLER },
    verification: UNASKED,
    automation: { isOn: false },
    isUpkeepByHand: true,
    egressAllow: [LOOPBACK],
    clock,
    log,
    ...parts,
  });
  return {
    hub,
    clock,
    log,
    database,
    graph: (query, variables, key) => askGraph(hub.url, query, variables, key === undefined ? ADMIN_KEY : key),
    stop: async () => {
      await hub.stop();
      await database.drop();
    },
  };
}

export async function askGraph<Data>(
  url: string,
  query: string,
  variables: object = {},
  key: string | null = ADMIN_KEY,
): Promise<GraphAnswer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as object) } as GraphAnswer<Data>;
}

/** A key that no call has used. */
export function newKey(): string {
  return randomUUID();
}
