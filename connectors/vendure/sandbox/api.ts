import { readFileSync } from 'node:fs';
import type { GraphQLScalarType } from 'graphql';
import { buildSchema, execute, GraphQLError, parse, validate, type DocumentNode } from 'graphql';
import type { Faults, SandboxAnswer } from '#connect';
import { Changes, type FulfillInput } from './changes.js';
import { listOf, type ListArgs } from './lists.js';
import type { Sessions } from './sessions.js';
import type { Shop } from './shop.js';
import { spoil } from './spoil.js';
import { customerView, orderView, productView, variantView } from './views.js';

export const schema = buildSchema(readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'));
(schema.getType('DateTime') as GraphQLScalarType).serialize = (value) => (value as Date).toISOString();

interface Asking {
  isKnown: boolean;
  headers: Record<string, string>;
}

/** The Admin API: documents are validated and carried out like the vendor's, and refused in its three layers. */
export class AdminApi {
  readonly #changes: Changes;

  constructor(
    private readonly shop: Shop,
    private readonly faults: Faults,
    private readonly sessions: Sessions,
  ) {
    this.#changes = new Changes(shop);
  }

  async answer(body: Buffer, authorization: string | undefined): Promise<SandboxAnswer> {
    const { query, variables } = JSON.parse(body.toString()) as { query: string; variables?: Record<string, unknown> };
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return invalid([{ message: (error as Error).message, code: 'GRAPHQL_PARSE_FAILED' }]);
    }
    const faults = validate(schema, document);
    if (faults.length > 0) {
      return invalid(faults.map(({ message }) => ({ message, code: 'GRAPHQL_VALIDATION_FAILED' })));
    }
    const asking: Asking = { isKnown: this.sessions.isOpen(authorization), headers: {} };
    const result = await execute({
      schema,
      document,
      rootValue: { ...this.#queries(), ...this.#mutations() },
      contextValue: asking,
      variableValues: variables,
    });
    const data = result.data && (JSON.parse(JSON.stringify(result.data)) as Record<string, unknown>);
    if (data) spoil(data, this.faults);
    const errors = result.errors?.map((error) => told(error));
    return { status: 200, headers: asking.headers, body: { ...(errors && { errors }), data: data ?? null } };
  }

  #queries() {
    const { shop, faults } = this;
    const list = <T>(rows: () => T[]) =>
      allowed((args: ListArgs) => listOf(rows() as (T & { id: string } & Record<string, unknown>)[], args, faults));
    const orNull = <T, V>(found: T | undefined, view: (record: T) => V) => (found ? view(found) : null);
    type ById = { id: string };
    const goods = () => [...shop.variants.values()];
    return {
      activeChannel: () => ({ id: '1', code: '__default_channel__', pricesIncludeTax: false }),
      order: allowed(({ id }: ById) => orNull(shop.orders.get(id), orderView)),
      orders: list(() => [...shop.orders.values()].map(orderView)),
      customer: allowed(({ id }: ById) => orNull(shop.customers.get(id), customerView)),
      customers: list(() => [...shop.customers.values()].map(customerView)),
      products: list(() => goods().map((variant) => productView(variant))),
      productVariant: allowed(({ id }: ById) => orNull(shop.variants.get(id), variantView)),
      productVariants: list(() => goods().map(variantView)),
    };
  }

  #mutations() {
    const changes = this.#changes;
    type Input<K extends 'cancel' | 'setCustomFields' | 'setStock'> = Parameters<Changes[K]>[0];
    return {
      login: ({ username, password }: { username: string; password: string }, { headers }: Asking) => {
        const token = this.sessions.open(username, password);
        if (token === null) {
          const message = 'The provided credentials are invalid';
          const errorCode = 'INVALID_CREDENTIALS_ERROR';
          return { __typename: 'InvalidCredentialsError', errorCode, message, authenticationError: '' };
        }
        headers['vendure-auth-token'] = token;
        return { __typename: 'CurrentUser', id: '1', identifier: username };
      },
      addFulfillmentToOrder: allowed((args: { input: FulfillInput }) => changes.fulfill(args)),
      transitionFulfillmentToState: allowed((args: { id: string; state: string }) => changes.moveFulfillment(args)),
      cancelOrder: allowed((args: Input<'cancel'>) => changes.cancel(args)),
      setOrderCustomFields: allowed((args: Input<'setCustomFields'>) => changes.setCustomFields(args)),
      updateProductVariants: allowed((args: Input<'setStock'>) => changes.setStock(args)),
    };
  }
}

/** Without a session as without the right: the same answer. */
function allowed<A, R>(work: (args: A) => R): (args: A, asking: Asking) => R {
  return (args, { isKnown }) => {
    if (isKnown) return work(args);
    const message = 'You are not currently authorized to perform this action';
    throw new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });
  };
}

function invalid(errors: { message: string; code: string }[]): SandboxAnswer {
  return { status: 400, body: { errors: errors.map(({ message, code }) => ({ message, extensions: { code } })) } };
}

function told({ message, path, extensions, originalError }: GraphQLError) {
  if (originalError && !(originalError instanceof GraphQLError)) throw originalError;
  return { message, path, extensions: { code: 'INTERNAL_SERVER_ERROR', ...extensions } };
}
