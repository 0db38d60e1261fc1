import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, fresh } from './support/desk.js';
import { aPayment, statePayment } from './support/pay.js';

/** More records on every level than a path has levels: whoever reads record by record shows by the count. */
const RECORDS = 9;
const LEVELS = 5;

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));

/** What fields need to be asked for at all. */
const ARGUMENTS: Record<string, string> = {
  'Product.price': '(currency: "EUR")',
  'Query.assignees': '(department: SALES)',
  'Query.workQueue': '(department: SUPPORT)',
};
/** Roots that find one record, whose type the lists reach too. */
const SINGLE = [
  'node',
  'nodes',
  'customer',
  'product',
  'order',
  'quote',
  'conversion',
  'integration',
  'stockLevel',
  'previewOrder',
  'automationRule',
  'testAutomationRule',
];

let hub: TestHub;
let statements: string[] = [];

beforeAll(async () => {
  hub = await startTestHub({ onRead: (name) => statements.push(name) });
  const desk = new Desk(hub);
  for (let n = 0; n < RECORDS; n += 1) {
    const integration = await desk.integration();
    const external = { integration, externalId: 'x' };
    const location = fresh('LOC').toUpperCase();
    await desk.done('upsertStockLocation', { code: location });
    const sku = await desk.product('10.00', '100', { external });
    await desk.stock(sku, '5', location);
    const customer = await desk.customer({ external, contacts: [{ name: 'Ada' }] });
    const seller = await desk.colleague(['SALES', 'SUPPORT']);
    const { viewer } = await seller.ask<{ viewer: { actor: { id: string } } }>('{ viewer { actor { id } } }');
    const assigneeId = viewer.actor.id;
    const lines = [
      { sku, quantity: '1' },
      { sku, quantity: '2' },
    ];
    for (let m = 0; m < 2; m += 1) {
      const of = { customerId: customer.id, lines, ...(m === 0 && { external }) };
      const order = await desk.order({ ...of, confirm: true });
      if (m === 0) await statePayment(hub, integration, aPayment('x', hub.clock.now()));
      await desk.done('holdOrder', { orderId: order.id, reason: 'ADDRESS' });
      await desk.done('addNote', { orderId: order.id, text: 'x' });
      await desk.done('assignOrder', { orderId: order.id, department: 'SUPPORT', assigneeId });
      await desk.quote(of);
      const free = await desk.order({ customerId: customer.id, lines, confirm: true });
      await desk.shipment(free.id);
    }
  }
});
afterAll(() => hub?.stop());

interface Place {
  /** The field that leads here, as `Type.field`. */
  edge: string;
  type: GraphQLCompositeType;
  path: string[];
}

type Field = GraphQLField<unknown, unknown>;

const isConnection = (type: GraphQLCompositeType): type is GraphQLObjectType => type.name.endsWith('Connection');

/** How a field is asked for, and the type whose fields stand inside: a connection is entered through its nodes. */
function entered(parent: GraphQLCompositeType, field: Field): { text: string[]; type: GraphQLCompositeType } | null {
  const key = `${parent.name}.${field.name}`;
  const needs = field.args.some((argument) => isRequiredArgument(argument));
  if (needs && !(key in ARGUMENTS)) throw new Error(`${key} needs arguments; say which in ARGUMENTS`);
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return null;
  const head = field.name + (ARGUMENTS[key] ?? '');
  if (!isConnection(type)) return { text: [head], type };
  const node = getNamedType(type.getFields()['nodes']!.type) as GraphQLCompositeType;
  return { text: [`${head}(first: ${RECORDS})`, 'nodes'], type: node };
}

const fieldsOf = (type: GraphQLCompositeType): Field[] => (isObjectType(type) ? Object.values(type.getFields()) : []);

/** Every way from one field into the next, once, by the shortest path from a list of the query. */
function places(): Place[] {
  const roots = fieldsOf(schema.getQueryType()!).filter(({ name }) => !SINGLE.includes(name));
  const query = schema.getQueryType()!;
  let last: Place[] = [{ edge: '', type: query, path: [] }];
  const all = new Map<string, Place>();
  for (let level = 0; level < LEVELS; level += 1) {
    const next: Place[] = [];
    for (const place of last) {
      for (const field of place.type === query ? roots : fieldsOf(place.type)) {
        const into = entered(place.type, field);
        if (!into) continue;
        const path = [...place.path, ...into.text];
        const types = isAbstractType(into.type) ? schema.getPossibleTypes(into.type) : [into.type as GraphQLObjectType];
        for (const type of types) {
          const edge = `${place.edge.split('>').at(-1)}>${place.type.name}.${field.name}:${type.name}`;
          if (all.has(edge)) continue;
          const found = { edge, type, path: isAbstractType(into.type) ? [...path, `... on ${type.name}`] : path };
          all.set(edge, found);
          next.push(found);
        }
      }
    }
    last = next;
  }
  return [...all.values()];
}

const around = (path: string[], inside: string): string =>
  path.reduceRight((text, step) => `${step} { ${text} }`, inside);

/** The leaves of a place, with the counts of the connections that hang on it. */
function documentOf({ type, path }: Place): string {
  const leaves = fieldsOf(type)
    .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some((one) => isRequiredArgument(one)))
    .map(({ name }) => name);
  const counts = fieldsOf(type)
    .filter((field) => String(field.type).replace('!', '').endsWith('Connection'))
    .map(({ name }) => `${name}(first: 0) { totalCount }`);
  return `{ ${around(path, ['__typename', ...leaves, ...counts].join(' '))} }`;
}

test('every way through the graph costs as many statements as it has fields, and answers the same when planned', async () => {
  const walked = places();
  const faults: string[] = [];
  for (const place of walked) {
    const document = documentOf(place);
    statements = [];
    const first = await hub.graph(document);
    const read = statements;
    const most = place.path.length + 1;
    for (const [name, times] of countsOf(read)) {
      if (times > most) faults.push(`${name} ran ${times} times for ${document}`);
    }
    if (first.errors) faults.push(`${JSON.stringify(first.errors[0])} for ${document}`);
    statements = [];
    const second = await hub.graph(document);
    // Whoever gives up answering level by level reads once more.
    if (pagesIn(statements) > pagesIn(read))
      faults.push(`read ${statements.join(', ')} the second time for ${document}`);
    if (JSON.stringify(second.data) !== JSON.stringify(first.data)) faults.push(`answers differ for ${document}`);
  }
  expect(faults).toEqual([]);
  expect(walked.length).toBeGreaterThan(300);
});

const LISTS = [
  'orders(first: 2) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor } totalCount }',
  'orders(last: 1, orderBy: { field: TOTAL, direction: ASC }) { edges { cursor node { id } } pageInfo { hasPreviousPage } }',
  'orders(first: 3, filter: { onHold: true }) { nodes { id } pageInfo { hasNextPage } totalCount }',
  'quotes(first: 1) { nodes { id } pageInfo { hasNextPage endCursor } totalCount }',
  'orders(first: 4) { nodes { id timeline(last: 2) { nodes { type sequence } pageInfo { hasPreviousPage } totalCount } } }',
  'history(first: 1, newestFirst: true) { nodes { sequence } pageInfo { hasNextPage } totalCount }',
];

test.each(LISTS)('read for all records of a page, a list is what each record has alone: %s', async (list) => {
  const { data } = await hub.graph<{ customers: { nodes: { id: string }[] } }>(
    `{ customers(first: 50) { nodes { id ${list} } } }`,
  );
  const together = data.customers.nodes;
  expect(together).toHaveLength(RECORDS);
  for (const customer of together) {
    const alone = await hub.graph<{ customer: object }>(`query($id: ID!) { customer(id: $id) { id ${list} } }`, {
      id: customer.id,
    });
    expect(alone.data.customer).toEqual(customer);
  }
});

const pagesIn = (names: string[]): number => names.filter((name) => name.startsWith('page.')).length;

function countsOf(names: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
