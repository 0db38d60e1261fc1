import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow, SELLERS } from '../../graph/access.js';
import { mutateEach, ROWS } from '../../graph/bulk.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { upsertCustomer } from './actions/upsert-customer.js';
import { customersById } from './customer.loaders.js';
import { CustomerPayload } from './customer.resolver.js';
import { UpsertCustomerInput } from './customer.type.js';

@Resolver()
export class CustomerBulkResolver {
  @Allow(SELLERS)
  @Mutation(() => [CustomerPayload], {
    description: 'Creates or changes customers, each by itself; answers one result per row, in their order.',
  })
  async upsertCustomers(
    @Arg('inputs', () => [UpsertCustomerInput], { description: ROWS }) inputs: UpsertCustomerInput[],
    @Ctx() context: GraphContext,
  ): Promise<CustomerPayload[]> {
    const results = await mutateEach(inputs, nameOf, (input) =>
      mutate(context, 'upsertCustomer', input, (scope) => upsertCustomer(scope, input)),
    );
    return Promise.all(
      results.map(async ({ outcome, ...rest }) => ({
        customer: outcome && (await context.load(customersById, outcome.customerId)),
        ...rest,
      })),
    );
  }
}

function nameOf({ id, number, external, idempotencyKey }: UpsertCustomerInput): string {
  return JSON.stringify(id ?? number ?? external ?? { idempotencyKey });
}
