import { NO_FAULTS, type Faults, type SandboxAnswer } from '#connect';
import type { Crm, Thing } from './crm.js';
import { refusal } from './errors.js';
import { modifiedName, ownNames, PROPERTIES, type Type } from './schema.js';

const MOST_LISTED = 100;
const MOST_SEARCHED = 200;
const MOST_RESULTS = 10_000;
const MOST_IN_BATCH = 100;
const SKEW_MS = 420_000;
/** Always there, as HubSpot documents it. */
const SOLID: Readonly<Record<Type, string>> = {
  companies: 'name',
  contacts: 'email',
  deals: 'dealstage',
  quotes: 'hs_status',
  line_items: 'hs_lastmodifieddate',
  orders: 'hs_order_name',
};
const STATES: Partial<Record<Type, string>> = { quotes: 'hs_status' };

export interface WireObject {
  id: string;
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

interface SearchRequest {
  filterGroups?: { filters: { propertyName: string; operator: string; value?: string }[] }[];
  sorts?: string[];
  properties?: string[];
  limit?: number;
  after?: string;
}

/** Lists and searches, with what can be wrong about a page and about a record on it. */
export class Reading {
  /** Of each kind of question the page before, for when it comes again. */
  readonly #before = new Map<string, WireObject[]>();

  constructor(
    private readonly crm: Crm,
    private readonly faults: Faults = NO_FAULTS,
  ) {}

  list(type: Type, query: URLSearchParams): SandboxAnswer {
    const limit = Number(query.get('limit') ?? 10);
    if (limit > MOST_LISTED) return refusal(400, 'VALIDATION_ERROR', `limit must be at most ${MOST_LISTED}`);
    const after = query.get('after') ?? '0';
    const all = this.crm.live(type).filter(({ id }) => BigInt(id) > BigInt(after));
    const page = all.slice(0, limit).map((thing) => shown(thing, namesIn(query)));
    const next = all.length > limit ? page.at(-1)!.id : null;
    return this.#answer(`list ${type}`, type, { page, next, here: after });
  }

  search(type: Type, asked: SearchRequest): SandboxAnswer {
    const { filterGroups = [], sorts = [], properties = [], limit = 10 } = asked;
    const at = Number(asked.after ?? 0);
    if (limit > MOST_SEARCHED || filterGroups.length > 5 || at + limit > MOST_RESULTS) {
      return refusal(400, 'VALIDATION_ERROR', 'the search asks for too much');
    }
    const filters = filterGroups.flatMap((group) => group.filters);
    const unknown = filters.find(({ propertyName }) => !knows(type, propertyName));
    if (unknown) return refusal(400, 'VALIDATION_ERROR', `there is no property ${unknown.propertyName}`);
    const [sortBy = 'hs_object_id'] = sorts;
    const all = this.crm
      .searched(type)
      .filter((thing) => filters.every((filter) => fits(thing, filter)))
      .sort((a, b) => Number(rank(a, sortBy) - rank(b, sortBy)) || Number(BigInt(a.id) - BigInt(b.id)));
    const page = all.slice(at, at + limit).map((thing) => shown(thing, properties));
    const next = all.length > at + limit ? String(at + limit) : null;
    return this.#answer(`search ${type}`, type, { page, next, here: String(at), total: all.length });
  }

  readMany(type: Type, asked: { inputs: { id: string }[]; properties: string[]; idProperty?: string }): SandboxAnswer {
    const { inputs, properties, idProperty } = asked;
    if (inputs.length > MOST_IN_BATCH) return refusal(400, 'VALIDATION_ERROR', `at most ${MOST_IN_BATCH} inputs`);
    const found = inputs.flatMap(({ id }) => {
      const thing = idProperty === undefined ? this.crm.find(type, id) : this.crm.byUnique(type, idProperty, id);
      return thing ?? [];
    });
    // Two ids that were merged are one object.
    const results = [...new Set(found)].map((thing) => shown(thing, properties));
    return { status: 200, body: batch(results) };
  }

  #answer(
    question: string,
    type: Type,
    { page, next, here, total }: { page: WireObject[]; next: string | null; here: string; total?: number },
  ): SandboxAnswer {
    const answer = (results: WireObject[], after: string | null): SandboxAnswer => {
      const paging = after === null ? {} : { paging: { next: { after } } };
      return { status: 200, body: { ...(total !== undefined && { total }), results, ...paging } };
    };
    const before = this.#before.get(question);
    if (page.length > 0 && this.faults.strikes('empty-page')) return answer([], here);
    if (before && before.length > 0 && this.faults.strikes('repeated-page')) return answer(before, here);
    this.#before.set(question, page);
    if (page.length > 0 && this.faults.strikes('cursor-loop')) return answer(page, here);
    return answer(
      page.map((object) => this.#spoilt(type, object)),
      next,
    );
  }

  #spoilt(type: Type, object: WireObject): WireObject {
    const properties = { ...object.properties };
    const [solid, state, modified] = [SOLID[type], STATES[type], modifiedName(type)];
    if (solid in properties && this.faults.strikes('missing-field')) delete properties[solid];
    else if (state !== undefined && state in properties && this.faults.strikes('unknown-enum')) {
      properties[state] = 'UNDER_A_SPELL';
    } else if (properties[modified] && this.faults.strikes('clock-skew')) {
      const skew = this.faults.either() ? SKEW_MS : -SKEW_MS;
      properties[modified] = new Date(Date.parse(properties[modified]) + skew).toISOString();
    }
    return { ...object, properties };
  }
}

/** What was asked for, as far as there is such a property, and what always comes. */
export function shown({ id, properties, createdAt, updatedAt, type }: Thing, names: readonly string[]): WireObject {
  const wanted = [...names.filter((name) => knows(type, name)), 'createdate', modifiedName(type), 'hs_object_id'];
  const values = Object.fromEntries([...new Set(wanted)].map((name) => [name, properties[name] ?? null]));
  return { id, properties: values, createdAt, updatedAt, archived: false };
}

export function namesIn(query: URLSearchParams): string[] {
  return (query.get('properties') ?? '').split(',').filter(Boolean);
}

export function batch(results: unknown[]): Record<string, unknown> {
  const at = '2026-03-01T00:00:00.000Z';
  return { status: 'COMPLETE', results, startedAt: at, completedAt: at };
}

function knows(type: Type, name: string): boolean {
  return PROPERTIES[type].includes(name) || ownNames(type).includes(name);
}

function fits(
  thing: Thing,
  { propertyName, operator, value }: { propertyName: string; operator: string; value?: string },
) {
  const difference = rank(thing, propertyName) - BigInt(value ?? '0');
  if (operator === 'EQ') return difference === 0n;
  return operator === 'GT' ? difference > 0n : difference >= 0n;
}

/** Dates as milliseconds, everything else that is compared is a number. */
function rank({ properties }: Thing, name: string): bigint {
  const value = properties[name] ?? '0';
  return /^\d+$/.test(value) ? BigInt(value) : BigInt(Date.parse(value));
}
