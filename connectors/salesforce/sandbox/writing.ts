import type { SandboxAnswer } from '#connect';
import { refusal } from './errors.js';
import { idOfValue } from './ids.js';
import type { Org, Thing, Value, Values } from './org.js';
import { SCHEMA, TYPES, type Type } from './schema.js';
import { USERNAME } from './tokens.js';

const MOST = 200;
const MAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

interface Outcome {
  id?: string;
  success: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
  created?: boolean;
}
interface Given {
  attributes?: { type?: string };
  id?: string;
  [field: string]: unknown;
}
interface Collection {
  allOrNone?: boolean;
  records: Given[];
}

/** Changes records by their ids. */
export function updateAll(org: Org, { records }: Collection): SandboxAnswer {
  if (records.length > MOST) return tooMany();
  return { status: 200, body: records.map((given) => update(org, given)) };
}

/** Changes records by an external id, or makes those that are not there. */
export function upsertAll(org: Org, to: { type: string; field: string }, { records }: Collection): SandboxAnswer {
  const type = TYPES.find((each) => each === to.type);
  if (!type || !SCHEMA[type].unique.includes(to.field)) {
    return refusal(404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: ' + to.field);
  }
  if (records.length > MOST) return tooMany();
  const seen = new Set<unknown>();
  const body = records.map((given) => {
    const value = given[to.field];
    if (seen.has(value)) return failure('DUPLICATE_VALUE', `Duplicate external id specified: ${String(value)}`);
    seen.add(value);
    return upsert(org, { type, field: to.field }, given);
  });
  return { status: 200, body };
}

function tooMany(): SandboxAnswer {
  return refusal(400, 'EXCEEDED_MAX_SIZE_REQUEST', `The maximum number of records is ${MOST}`);
}

function update(org: Org, { attributes, id = '', ...given }: Given): Outcome {
  const type = TYPES.find((each) => each === attributes?.type);
  if (!type) return failure('INVALID_TYPE', `sObject type '${attributes?.type}' is not supported.`);
  const known = org.find(type, id);
  if (!known) return failure('ENTITY_IS_DELETED', 'entity is deleted');
  return save(org, { type, known, given });
}

function upsert(org: Org, { type, field }: { type: Type; field: string }, { attributes, ...given }: Given): Outcome {
  if (attributes?.type !== type) return failure('INVALID_TYPE', `expected ${type}, got ${attributes?.type}`);
  const value = given[field];
  if (typeof value !== 'string' || value === '') return failure('MISSING_ARGUMENT', `${field} not specified`);
  const known = org.byUnique(type, field, value);
  if (known) return { ...save(org, { type, known, given }), created: false };
  return { ...save(org, { type, id: idOfValue(type, value), given }), created: true };
}

function save(
  org: Org,
  { type, known, id, given }: { type: Type; known?: Thing; id?: string; given: object },
): Outcome {
  const values = valuesOf(org, type, given);
  if ('errors' in values) return values as Outcome;
  const fault = faultOf(org, { type, ...(known && { known }) }, values as Values);
  if (fault) return fault;
  if (known) org.change(known, values as Values, USERNAME);
  const thing = known ?? org.make(type, id!, { ...defaultsOf(type, id!), ...(values as Values) }, USERNAME);
  return { id: thing.id, success: true, errors: [] };
}

/** A parent may be named by an external id of its own. */
function valuesOf(org: Org, type: Type, given: object): Values | Outcome {
  const values: Values = {};
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    const relation = SCHEMA[type].relations[name];
    if (relation && typeof value === 'object' && value !== null) {
      const [field, to] = relation;
      const [[key, wanted] = ['', '']] = Object.entries(value).filter(([each]) => each !== 'attributes');
      const parent = org.byUnique(to, key, wanted as Value);
      if (!parent) {
        return failure(
          'INVALID_FIELD',
          `Foreign key external ID: ${wanted} not found for field ${key} in entity ${to}`,
        );
      }
      values[field] = parent.id;
    } else values[name] = value === '' ? null : (value as Value);
  }
  return values;
}

function faultOf(org: Org, { type, known }: { type: Type; known?: Thing }, values: Values): Outcome | null {
  const { fields, computed = [], required, unique } = SCHEMA[type];
  for (const name of Object.keys(values)) {
    if (!fields.includes(name))
      return failure('INVALID_FIELD', `No such column '${name}' on sobject of type ${type}`, [name]);
    if (computed.includes(name)) {
      return failure('INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to create/update fields: ${name}.`, [name]);
    }
  }
  const missing = required.filter((name) => (values[name] ?? (name in values ? null : known?.values[name])) == null);
  if (missing.length > 0)
    return failure('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join()}]`, missing);
  for (const name of unique) {
    const other = values[name] ? org.byUnique(type, name, values[name]) : undefined;
    if (other && other.id !== known?.id) {
      return failure(
        'DUPLICATE_VALUE',
        `duplicate value found: ${name} duplicates value on record with id: ${other.id}`,
      );
    }
  }
  if (values.Email && !MAIL.test(String(values.Email))) {
    return failure('INVALID_EMAIL_ADDRESS', `Email: invalid email address: ${values.Email}`, ['Email']);
  }
  return null;
}

function defaultsOf(type: Type, id: string): Values {
  if (type !== 'Order') return {};
  // By the id: the same order has the same number, in whatever order things come.
  const OrderNumber = `9${[...id.slice(-10, -3)].map((letter) => letter.charCodeAt(0) % 10).join('')}`;
  return { OrderNumber, StatusCode: 'Draft', TotalAmount: 0, IsReductionOrder: false };
}

function failure(statusCode: string, message: string, fields: string[] = []): Outcome {
  return { success: false, errors: [{ statusCode, message, fields }] };
}
