import { createHash } from 'node:crypto';
import { canonical } from '../../../graph/canonical.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { Refusal, Refusals, type UserErrorFacts } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import { checkCustomerToMake, CUSTOMER_PREFIX, findCustomerCalled, findOrMakeCustomer } from '../../customers/index.js';
import { checkReception, createOrder } from '../../order-flow/index.js';
import { sellerSettings, type OrderContentInput } from '../../orders/index.js';
import { lockForeignRecord } from '../../references/index.js';
import { readTable } from '../csv.rules.js';
import { DecimalMark, ImportOutcome, type ImportColumnInput } from '../import-orders.type.js';
import { insertImported, selectImported } from '../imported-order.queries.js';
import { columnAt } from '../order-columns.rules.js';
import { addError, type Asked, type OrderRows, type ReadOptions } from '../order-row.rules.js';
import { readHeading, readOrders, type Heading } from '../order-rows.rules.js';

/** A file of orders. */
export interface OrderFile extends FileOptions {
  csv: string;
}
/** How it is read. */
export interface FileOptions {
  channel: string;
  dryRun?: boolean | null;
  mapping?: readonly ImportColumnInput[] | null;
  decimalMark?: DecimalMark | null;
  pricesIncludeTax?: boolean | null;
}
export interface ImportedOrder extends OrderRows {
  outcome: ImportOutcome;
  orderId: string | null;
}
export interface ImportReport {
  orders: ImportedOrder[];
  heading: Heading;
}

/**
 * Makes an order of the rows of each reference that has none yet. What is wrong with one keeps none of the others from
 * being made; a dry run only tells. Throws a Refusal where the file as a whole cannot be read.
 */
export async function importOrders(scope: ActionScope, file: OrderFile): Promise<ImportReport> {
  const table = readTable(file.csv);
  const heading = readHeading(table.rows[0], file.mapping ?? []);
  const orders = readOrders(table, heading, readOptions(scope, file, table.delimiter));
  return { orders: await takeOrders(scope, file, orders), heading };
}

export function readOptions(
  { service }: Pick<ActionScope, 'service'>,
  file: FileOptions,
  delimiter: string,
): ReadOptions {
  return {
    channel: file.channel,
    currency: service(sellerSettings).currency,
    pricesIncludeTax: file.pricesIncludeTax ?? false,
    decimalMark: file.decimalMark ?? (delimiter === ';' ? DecimalMark.COMMA : DecimalMark.POINT),
  };
}

/** Makes those of the orders that there are none of yet, or tells what would become of them. */
export async function takeOrders(
  scope: ActionScope,
  { channel, dryRun }: FileOptions,
  orders: readonly OrderRows[],
): Promise<ImportedOrder[]> {
  const isDry = dryRun ?? false;
  // Two files at once with the same orders: the second one finds them made.
  if (!isDry) await scope.tx.query(lockForeignRecord(`imported orders of ${channel}`));
  const known = await readKnown(scope, channel, orders);
  const told: ImportedOrder[] = [];
  for (const order of orders) told.push({ ...order, ...(await takeOne(scope, order, known, isDry)) });
  return told;
}

type Known = Map<string, { order_id: string; content_hash: string }>;
type Outcome = Pick<ImportedOrder, 'outcome' | 'orderId'>;
const REFUSED: Outcome = { outcome: ImportOutcome.REFUSED, orderId: null };

async function readKnown({ tx }: ActionScope, channel: string, orders: readonly OrderRows[]): Promise<Known> {
  const references = orders.flatMap(({ reference }) => reference ?? []);
  return new Map((await tx.query(selectImported(channel, references))).map((row) => [row.reference, row]));
}

async function takeOne(scope: ActionScope, order: OrderRows, known: Known, isDry: boolean): Promise<Outcome> {
  const { reference, asked } = order;
  if (reference === null || asked === null) return REFUSED;
  const hash = createHash('sha256').update(canonical(asked)).digest('base64');
  const before = known.get(reference);
  if (before?.content_hash === hash) return { outcome: ImportOutcome.UNCHANGED, orderId: before.order_id };
  if (before) {
    addError(order.rows[0]!, 'CONFLICT', `order ${reference} was made before, of other rows than these`, 'order');
    return REFUSED;
  }
  try {
    const content = await withCustomer(scope, asked, isDry);
    if (isDry) return { outcome: ImportOutcome.WOULD_CREATE, orderId: null };
    const orderId = await scope.tx.ids.one();
    await createOrder(scope, orderId, content);
    const at = scope.now.toISOString();
    scope.tx.defer(insertImported(asked.content.channel, reference, orderId, hash, at));
    return { outcome: ImportOutcome.CREATED, orderId };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const one of error.errors) note(order, one);
    return REFUSED;
  }
}

/** The order with its customer, who is made only for an order that is. Throws a Refusal for what would be refused. */
async function withCustomer(
  scope: ActionScope,
  { content, customer }: Asked,
  isDry: boolean,
): Promise<OrderContentInput> {
  const found = customer && (await findCustomerCalled(scope, customer));
  const withFound = { ...content, customerId: found === null ? null : typeId(CUSTOMER_PREFIX, found) };
  const refusals = new Refusals();
  const isNew = customer !== null && found === null && customer.name != null;
  if (customer?.number != null && found === null && !isNew) {
    const message = `no customer has the number ${customer.number}, and a new one needs a customer_name`;
    refusals.add('NOT_FOUND', message, ['customer', 'number']);
  }
  if (isNew) checkCustomerToMake(customer);
  const reading = { ...scope, read: scope.tx.batch.bind(scope.tx) };
  for (const error of isDry || isNew ? await checkReception(reading, withFound) : []) refusals.push(error);
  refusals.throwIfAny();
  if (!isNew || isDry) return withFound;
  const { customerId } = await findOrMakeCustomer(scope, customer);
  return { ...withFound, customerId: typeId(CUSTOMER_PREFIX, customerId) };
}

/** What is wrong with the order stands at the row that it is about. */
function note({ rows }: OrderRows, { code, message, field = [] }: UserErrorFacts): void {
  const place = field[0] === 'lines' && field[1] !== undefined ? Number(field[1]) : 0;
  addError(rows[place]!, code, message, columnAt(field));
}
