import { typeId } from '../../../src/shared/ids.js';
import { during, oneOf, type ReferenceList } from './random-filters.js';
import {
  EVENT_TYPES,
  type EventRecord,
  type LevelRecord,
  type LetterRecord,
  type OrderRecord,
  type Records,
} from './random-records.js';

const TYPES: Record<string, string> = { order: 'Order', customer: 'Customer' };
const longest = <Row>(rows: Row[], length: (row: Row) => number, place = 0): Row =>
  rows.toSorted((a, b) => length(b) - length(a))[place]!;

function timeline(orders: OrderRecord[], newestFirst: boolean): ReferenceList<EventRecord> {
  const { id, events } = longest(orders, (order) => order.events.length, newestFirst ? 1 : 0);
  return {
    field: 'timeline',
    rows: events,
    prefix: 'evt',
    within: { field: 'order', arguments: `id: "${typeId('ord', id)}"` },
    argumentType: '[OrderEventType!]',
    ...(newestFirst && { always: 'newestFirst: true' }),
    filters: { types: oneOf(EVENT_TYPES, (event) => event.type) },
    sorts: {},
    unsorted: { key: (event) => event.sequence, descending: newestFirst },
  };
}

function history({ customers, events }: Records, newestFirst: boolean): ReferenceList<EventRecord> {
  const own = (id: string) => events.filter(({ kind, subject_id }) => kind === 'customer' && subject_id === id);
  const { id } = longest(customers, (customer) => own(customer.id).length, newestFirst ? 1 : 0);
  return {
    field: 'history',
    rows: own(id),
    prefix: 'chg',
    within: { field: 'customer', arguments: `id: "${typeId('cus', id)}"` },
    ...(newestFirst && { always: 'newestFirst: true' }),
    filters: {},
    sorts: {},
    unsorted: { key: (event) => event.sequence, descending: newestFirst },
  };
}

/** The hub’s own events, of its settings and keys, are not among the records: every filter leaves them out. */
function audit(events: EventRecord[]): ReferenceList<EventRecord> {
  const subjects = oneOf<EventRecord>(Object.values(TYPES), ({ kind }) => TYPES[kind]!);
  return {
    field: 'auditLog',
    filterType: 'AuditFilter',
    rows: events,
    prefix: 'chg',
    filters: {
      subjectTypes: subjects,
      types: oneOf(EVENT_TYPES, (event) => event.type),
      at: during((event) => event.at),
      subjectId: (below) => {
        const { kind, subject_id } = events[below(events.length)]!;
        const value = typeId(kind === 'order' ? 'ord' : 'cus', subject_id);
        return { value, holds: (event) => event.kind === kind && event.subject_id === subject_id };
      },
    },
    sorts: {},
    unsorted: { key: (event) => event.at, descending: true },
    base: { subjectTypes: Object.values(TYPES) },
  };
}

function ledger(levels: LevelRecord[]): ReferenceList<LevelRecord['movements'][number]> {
  const { product, location, movements } = longest(levels, (level) => level.movements.length);
  return {
    field: 'movements',
    rows: movements,
    prefix: 'mov',
    within: { field: 'stockLevel', arguments: `sku: ${JSON.stringify(product.sku)}, location: "${location.code}"` },
    filters: {},
    sorts: {},
    unsorted: { key: (movement) => movement.at, descending: true },
  };
}

function letters(all: LetterRecord[]): ReferenceList<LetterRecord> {
  return {
    field: 'deadLetters',
    rows: all.filter(({ integration }) => integration === 'shop'),
    prefix: 'dead',
    within: { field: 'integration', arguments: 'code: "shop"' },
    filters: {},
    sorts: {},
    unsorted: { key: (letter) => letter.failed_at, descending: true },
  };
}

/** Connections over what is only ever added to. */
export function referenceLogs(records: Records): Record<string, ReferenceList> {
  const lists = {
    'the timeline of an order': timeline(records.orders, false),
    'a timeline, newest first': timeline(records.orders, true),
    'the history of a customer': history(records, false),
    'a history, newest first': history(records, true),
    'the audit log': audit(records.events),
    'the ledger of a level': ledger(records.levels),
    'the dead letters of an integration': letters(records.letters),
  };
  return lists as unknown as Record<string, ReferenceList>;
}
