import type { SandboxAnswer } from '#connect';
import { idOfValue, uniqueIn, type Crm, type Thing } from './crm.js';
import { itemError, refusal, type ItemError } from './errors.js';
import { batch, shown, type WireObject } from './reading.js';
import { PROPERTIES, UNIQUE, type Type } from './schema.js';

const MOST_IN_BATCH = 100;
const MAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

interface Input {
  id: string;
  idProperty?: string;
  properties: Record<string, string>;
  objectWriteTraceId?: string;
}
type Result = WireObject & { objectWriteTraceId?: string; new?: boolean };

/** Changes objects, or makes those that are not there; 207 where some could not be. */
export function writeMany(
  crm: Crm,
  { type, verb, inputs }: { type: Type; verb: 'update' | 'upsert'; inputs: Input[] },
): SandboxAnswer {
  if (inputs.length > MOST_IN_BATCH) return refusal(400, 'VALIDATION_ERROR', `at most ${MOST_IN_BATCH} inputs`);
  const ids = inputs.map(({ id }) => id.toLowerCase());
  if (new Set(ids).size < ids.length) return refusal(400, 'VALIDATION_ERROR', 'Duplicate IDs found in batch input');
  for (const { properties } of inputs) {
    const unknown = Object.keys(properties).find((name) => !PROPERTIES[type].includes(name));
    if (unknown !== undefined) return unknownProperty(unknown);
  }
  const results: Result[] = [];
  const errors: ItemError[] = [];
  for (const input of inputs) {
    const outcome = verb === 'update' ? update(crm, type, input) : upsert(crm, type, input);
    if ('category' in outcome) errors.push(outcome);
    else results.push(outcome);
  }
  if (errors.length === 0) return { status: 200, body: batch(results) };
  return { status: 207, body: { ...batch(results), numErrors: errors.length, errors } };
}

function unknownProperty(name: string): SandboxAnswer {
  const message = `Property "${name}" does not exist`;
  return refusal(400, 'VALIDATION_ERROR', 'Property values were not valid', {
    errors: [{ message, code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: [name] } }],
  });
}

function update(crm: Crm, type: Type, input: Input): Result | ItemError {
  const thing = crm.find(type, input.id);
  if (!thing) return itemError('OBJECT_NOT_FOUND', 'Could not get some objects', { ids: [input.id] });
  const fault = faultOf(crm, thing, input) ?? null;
  if (fault) return fault;
  crm.change(thing, input.properties);
  return answer(thing, input);
}

function upsert(crm: Crm, type: Type, input: Input): Result | ItemError {
  const { id, idProperty = '', properties } = input;
  const marks = marksOf(input);
  if (!UNIQUE[type].includes(idProperty)) {
    return itemError('VALIDATION_ERROR', `${idProperty} is not a unique property`, marks);
  }
  const given = { ...properties, [idProperty]: id };
  const known = crm.byUnique(type, idProperty, id);
  const fault = faultOf(crm, known ?? { type, id: '' }, { ...input, properties: given });
  if (fault) return fault;
  if (known) crm.change(known, given);
  const thing = known ?? crm.make(type, idOfValue(type, uniqueIn(type, given)![1]), emptied(given));
  return { ...answer(thing, { ...input, properties: given }), new: known === undefined };
}

function faultOf(crm: Crm, thing: Pick<Thing, 'type' | 'id'>, input: Input): ItemError | undefined {
  const { type, id } = thing;
  const { properties } = input;
  const marks = marksOf(input);
  if (properties.email && !MAIL.test(properties.email)) {
    return itemError('VALIDATION_ERROR', `Email address ${properties.email} is invalid`, marks);
  }
  for (const name of UNIQUE[type]) {
    const other = properties[name] ? crm.byUnique(type, name, properties[name]) : undefined;
    if (other && other.id !== id) {
      return itemError('CONFLICT', `${name} is taken. Existing ID: ${other.id}`, marks);
    }
  }
  const status = type === 'quotes' ? crm.find(type, id)?.properties.hs_status : null;
  if (status && /^APPROV|^ACCEPTED/.test(status)) {
    return itemError('VALIDATION_ERROR', 'a published quote is locked: set it back to DRAFT first', marks);
  }
  return undefined;
}

function marksOf({ objectWriteTraceId }: Input): Record<string, string[]> {
  return objectWriteTraceId === undefined ? {} : { objectWriteTraceId: [objectWriteTraceId] };
}

function emptied(given: Record<string, string>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value === '' ? null : value]));
}

function answer(thing: Thing, { properties, objectWriteTraceId }: Input): Result {
  const result = shown(thing, Object.keys(properties));
  return objectWriteTraceId === undefined ? result : { ...result, objectWriteTraceId };
}
