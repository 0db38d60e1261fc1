import { readWire } from '#connect';
import { ask, type Context } from '../client.js';
import { customersPage, oneCustomer } from '../documents.js';
import { statedCustomer } from '../mapping/people.js';
import { customerShape } from '../wire/customers.js';
import { record } from '../wire/parts.js';
import { canRead, changing, listOf, OVERLAP_MS, pulled, secondLook, timeOf, type Pull } from './records.js';
import { step, type Part } from './walk.js';

const page = record({ customers: listOf(changing) });
const one = record({ customer: changing.nullish() });

export const customers: Pull = {
  of: 'customer',
  everyMs: 5 * 60_000,
  overlapMs: OVERLAP_MS,

  page: (context, { since, cursor }) => step([part(context, 'updatedAt', since)], cursor),

  async one({ http }, externalId) {
    const { customer } = await ask(http, oneCustomer, { id: externalId }, one);
    return customer ? pulled(customer.id, customer, customer) : null;
  },

  async census(context, cursor) {
    const { records, next } = await step([part(context, 'createdAt', null)], cursor);
    return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
  },

  read: (raw, { settings }) => [{ kind: 'customer', customer: statedCustomer(readWire(customerShape, raw), settings) }],
};

function part(context: Context, field: Part['field'], since: Date | null): Part {
  return {
    field,
    since,
    size: 50,
    async list(options) {
      const { customers: found } = await ask(context.http, customersPage, { options }, page);
      const items = await secondLook(
        found.items,
        (each) => canRead(() => customers.read(each, context)),
        async (id) => (await ask(context.http, oneCustomer, { id }, one)).customer ?? null,
      );
      return {
        items: items.map((each, index) => ({
          at: timeOf(found.items[index]![field === 'createdAt' ? 'createdAt' : 'updatedAt']),
          records: [pulled(each.id, each, each)],
        })),
        totalItems: Number(found.totalItems),
      };
    },
  };
}
