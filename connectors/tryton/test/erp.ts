import {
  ConnectorFailure,
  Faults,
  loneHttp,
  parseJsonExactly,
  type Change,
  type ConnectorHttp,
  type FaultMode,
  type OutgoingRequest,
  type PulledPage,
  type PulledRecord,
  type Sending,
  type StreamContext,
} from '#connect';
import tryton from '../index.js';
import { connection, start, type TrytonSandbox } from '../sandbox/index.js';
import { Answers } from './answers.js';

const PRODUCTS = [
  { sku: 'LAMP-1', name: 'Lamp', price: '24.40', taxRate: '0.22' },
  { sku: 'BOOK-1', name: 'Book', price: '9.99', taxRate: '0.04' },
  { sku: 'DESK-1', name: 'Desk', price: '310.00', taxRate: '0.22' },
  { sku: 'HELP-1', name: 'Help', price: '95.00', taxRate: '0.22', requiresShipping: false },
];
export const LOCATIONS = { BOLOGNA: '5', VIENNA: '13' };
const NOW = new Date('2026-03-01T10:00:00Z');
const clock = { now: () => NOW };
const TRIES = 400;

export interface Connected {
  erp: TrytonSandbox;
  context: StreamContext<unknown, unknown>;
  faults: Faults;
  /** What was asked so far. */
  sent: OutgoingRequest[];
  answers: Answers;
  stop(): Promise<void>;
}

/** A sandbox in which so much has happened, and a way to it. */
export async function connected({
  modes = [],
  share = 0.06,
  acts = 30,
  settings: more = {},
  credentials: other = {},
}: {
  modes?: FaultMode[];
  share?: number;
  acts?: number;
  settings?: object;
  credentials?: object;
} = {}): Promise<Connected> {
  const faults = new Faults({ seed: 5, modes, share });
  const erp = await start({ webhookUrl: null, secret: 'hush', products: PRODUCTS, seed: 7, faults, clock });
  erp.act(acts);
  const { settings: given, credentials: own } = connection('hush');
  const credentials = { ...own, ...other };
  const settings = { ...given, locations: LOCATIONS, ...more, baseUrl: erp.baseUrl };
  const lone = loneHttp(tryton, { settings, credentials, now: clock.now });
  const sent: OutgoingRequest[] = [];
  const answers = new Answers();
  const http: ConnectorHttp = {
    lines: (request) => lone.lines(request),
    async send(request) {
      sent.push(request);
      const response = await lone.send(request);
      answers.note(request, response.body);
      return response;
    },
  };
  const stop = () => {
    lone.close();
    return erp.stop();
  };
  return { erp, context: { settings, credentials, http, now: clock.now }, faults, sent, answers, stop };
}

/** Tries until it is let through, like the engine; gives up on what stays. */
export async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ConnectorFailure) || tries >= TRIES) throw error;
    }
  }
}

/** All pages of a walk; one that leads back is a failure, as it is for the engine. */
export async function walk(
  stream: string,
  { context }: Pick<Connected, 'context'>,
  since: Date | null,
): Promise<{ records: PulledRecord[]; pages: number }> {
  const pull = tryton.pull.get(stream)!;
  const records: PulledRecord[] = [];
  const seen = new Set<string>();
  for (let cursor: string | null = null, pages = 1; ; pages += 1) {
    const at: string | null = cursor;
    const page: PulledPage = await insist(() => pull.page(context, { since, cursor: at }));
    records.push(...page.records);
    if (page.next === null) return { records, pages };
    if (seen.has(page.next)) throw new Error(`the page behind ${cursor} leads back to ${page.next}`);
    seen.add(page.next);
    cursor = page.next;
  }
}

/** What the records say in the end: the newest of each thing; what cannot be read left out. */
export function said(
  stream: string,
  records: readonly PulledRecord[],
  { context }: Pick<Connected, 'context'>,
): Map<string, Change> {
  const newest = new Map<string, Change>();
  for (const { raw } of records) {
    for (const change of readOrNone(stream, raw, context.settings)) {
      const [id, at] = placeOf(change);
      const before = newest.get(id);
      if (!before || placeOf(before)[1] <= at) newest.set(id, change);
    }
  }
  return new Map([...newest].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readOrNone(stream: string, raw: unknown, settings: unknown): Change[] {
  try {
    // As it comes back from where it was kept.
    return tryton.pull.get(stream)!.read(parseJsonExactly(Buffer.from(JSON.stringify(raw))), { settings });
  } catch (error) {
    if (error instanceof ConnectorFailure) return [];
    throw error;
  }
}

function placeOf(change: Change): [id: string, at: number] {
  const stated = Object.values(change).find((value) => typeof value === 'object') as {
    externalId: string;
    sourceVersion: Date;
  };
  return [`${change.kind} ${stated.externalId}`, stated.sourceVersion.getTime()];
}

/** Tells records to the ERP as the engine does. */
export function push(stream: string, { context }: Pick<Connected, 'context'>) {
  const { send, concerns } = tryton.push.get(stream)! as unknown as {
    send(given: unknown, batch: readonly Sending<never>[]): Promise<(Record<string, unknown> | ConnectorFailure)[]>;
    concerns(record: unknown, given: { settings: unknown }): boolean;
  };
  return {
    send: (records: readonly object[]) =>
      send(context, records.map((record, n) => ({ record, idempotencyKey: `${n}`, mayHaveArrived: false })) as never[]),
    concerns: (record: object) => concerns(record, { settings: context.settings }),
  };
}
