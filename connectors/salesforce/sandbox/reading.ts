import { NO_FAULTS, type Faults, type SandboxAnswer } from '#connect';
import { Refusal, refusal } from './errors.js';
import { timeText, type Org, type Thing } from './org.js';
import { OWN_FIELDS, SCHEMA, TYPES, type Type } from './schema.js';
import { parseSoql, type Condition, type Soql } from './soql.js';

const SMALLEST_PAGE = 7;
const LARGEST_PAGE = 1_000;
const SKEW_MS = 420_000;
/** A field that is never empty, and one that has a list of values. */
const SOLID: Partial<Record<Type, string>> = {
  Account: 'Name',
  Contact: 'LastName',
  Order: 'OrderNumber',
  SBQQ__Quote__c: 'SBQQ__Primary__c',
};
const LISTED: Partial<Record<Type, string>> = { Order: 'StatusCode', SBQQ__Quote__c: 'SBQQ__Status__c' };

type Row = Record<string, unknown>;
interface Kept {
  soql: Soql;
  things: Thing[];
  path: string;
}

/** Salesforce does not promise the size that was asked for: little data makes many pages here, much of it some forty. */
function pageSizeOf(total: number): number {
  return Math.min(Math.max(SMALLEST_PAGE, Math.ceil(total / 40)), LARGEST_PAGE);
}

/** Queries and the pages that are kept ready of them. */
export class Reading {
  readonly #kept = new Map<string, Kept>();
  readonly #before = new Map<string, Row[]>();

  constructor(
    private readonly org: Org,
    private readonly faults: Faults = NO_FAULTS,
  ) {}

  query(text: string, path: string): SandboxAnswer {
    const soql = parseSoql(text);
    const type = typeIn(soql);
    const isChanges = soql.orderBy[0] === 'SystemModstamp';
    const from = isChanges ? this.org.shown(type) : this.org.all(type);
    const things = from
      .filter((thing) => path.endsWith('queryAll') || !thing.isDeleted)
      .filter((thing) => soql.condition === null || this.#fits(thing, soql.condition))
      .sort((a, b) => this.#compare(a, b, soql.orderBy));
    for (const field of soql.fields) if (things.length === 0) checkField(type, field);
    const locator = `01g${String(this.#kept.size + 1).padStart(12, '0')}AAA`;
    this.#kept.set(locator, { soql, things, path });
    return this.page(locator, 0);
  }

  page(locator: string, offset: number): SandboxAnswer {
    const kept = this.#kept.get(locator);
    if (!kept) return refusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    const { soql, things, path } = kept;
    const size = pageSizeOf(things.length);
    const rows = things.slice(offset, offset + size).map((thing) => this.#row(thing, soql.fields));
    const here = `${path}/${locator}-${offset}`;
    const behind = offset + size < things.length ? `${path}/${locator}-${offset + size}` : null;
    const answer = (records: Row[], next: string | null): SandboxAnswer => ({
      status: 200,
      body: { totalSize: things.length, done: next === null, ...(next !== null && { nextRecordsUrl: next }), records },
    });
    // Faults of lists strike where lists are walked, not where single records are asked for.
    if (soql.condition && mentions(soql.condition, 'IN')) return answer(rows, behind);
    const before = this.#before.get(locator);
    if (rows.length > 0 && this.faults.strikes('empty-page')) return answer([], here);
    if (before && this.faults.strikes('repeated-page')) return answer(before, here);
    this.#before.set(locator, rows);
    if (rows.length > 0 && this.faults.strikes('cursor-loop')) return answer(rows, here);
    return answer(
      rows.map((row) => this.#spoilt(typeIn(soql), row)),
      behind,
    );
  }

  /** As when two days have gone by. */
  forget(): void {
    this.#kept.clear();
  }

  #spoilt(type: Type, row: Row): Row {
    const [solid, listed] = [SOLID[type], LISTED[type]];
    const spoilt = { ...row };
    if (solid && solid in row && this.faults.strikes('missing-field')) delete spoilt[solid];
    else if (listed && listed in row && this.faults.strikes('unknown-enum')) spoilt[listed] = 'Under a spell';
    else if ('SystemModstamp' in row && this.faults.strikes('clock-skew')) {
      const skew = this.faults.either() ? SKEW_MS : -SKEW_MS;
      const time = Date.parse(String(row.SystemModstamp).replace('+0000', 'Z'));
      spoilt.SystemModstamp = timeText(new Date(time + skew));
    }
    return spoilt;
  }

  #row(thing: Thing, fields: readonly string[]): Row {
    const row: Row = { attributes: attributesOf(thing) };
    for (const field of fields) {
      const [head = '', tail] = field.split('.');
      if (tail === undefined) row[head] = this.#value(thing, head);
      else if (head === 'LastModifiedBy')
        row[head] = { attributes: { type: 'User', url: '' }, [tail]: thing.modifiedBy };
      else {
        const related = this.#related(thing, head);
        const own = related && { attributes: attributesOf(related), ...(row[head] as Row | undefined) };
        row[head] = own && { ...own, [tail]: this.#value(related!, tail) };
      }
    }
    return row;
  }

  #related(thing: Thing, relation: string): Thing | null {
    const known = SCHEMA[thing.type].relations[relation];
    if (!known) throw noField(thing.type, relation);
    const [field, type] = known;
    return this.org.find(type, String(thing.values[field] ?? '')) ?? null;
  }

  #value(thing: Thing, field: string): unknown {
    const { type, id, values, createdAt, modifiedAt, isDeleted } = thing;
    if (field === 'Id') return id;
    if (field === 'IsDeleted') return isDeleted;
    if (field === 'SystemModstamp' || field === 'LastModifiedDate') return timeText(modifiedAt);
    checkField(type, field);
    if (field === 'CreatedDate') return timeText(createdAt);
    return values[field] ?? null;
  }

  #fits(thing: Thing, condition: Condition): boolean {
    if ('all' in condition) return condition.all.every((each) => this.#fits(thing, each));
    if ('any' in condition) return condition.any.some((each) => this.#fits(thing, each));
    const { field, operator, values } = condition;
    const own = rank(field, String(this.#value(thing, field)));
    const others = values.map((value) => rank(field, value));
    if (operator === 'IN' || operator === '=') return others.includes(own);
    if (operator === '>') return own > others[0]!;
    if (operator === '>=') return own >= others[0]!;
    throw new Refusal('MALFORMED_QUERY', `unexpected operator: ${operator}`);
  }

  #compare(a: Thing, b: Thing, orderBy: readonly string[]): number {
    for (const field of orderBy) {
      const [x, y] = [rank(field, String(this.#value(a, field))), rank(field, String(this.#value(b, field)))];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  }
}

function typeIn({ type }: Soql): Type {
  const known = TYPES.find((each) => each === type);
  if (known) return known;
  throw new Refusal('INVALID_TYPE', `sObject type '${type}' is not supported.`);
}

function checkField(type: Type, field: string): void {
  if (field.includes('.') || OWN_FIELDS.includes(field) || SCHEMA[type].fields.includes(field)) return;
  throw noField(type, field);
}

function noField(type: Type, field: string): Refusal {
  return new Refusal('INVALID_FIELD', `No such column '${field}' on entity '${type}'.`);
}

function mentions(condition: Condition, operator: string): boolean {
  if ('all' in condition) return condition.all.some((each) => mentions(each, operator));
  if ('any' in condition) return condition.any.some((each) => mentions(each, operator));
  return condition.operator === operator;
}

function attributesOf({ type, id }: Thing): Row {
  return { type, url: `/services/data/v62.0/sobjects/${type}/${id}` };
}

function rank(field: string, value: string): string {
  if (!/Modstamp|ModifiedDate/.test(field)) return value;
  return new Date(value.replace('+0000', 'Z')).toISOString();
}
