import { readFileSync } from 'node:fs';
import {
  buildSchema,
  execute,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLResolveInfo,
} from 'graphql';
import type { Faults } from '#connect';
import { BulkOperations } from './bulk.js';
import { Changes } from './changes.js';
import { costOf } from './cost.js';
import { connection, type ListArgs, type Reading, type Row } from './lists.js';
import type { ShopOrder } from './orders.js';
import { digits, type Shop } from './shop.js';
import { spoil } from './spoil.js';
import { customerView, fulfillmentOrderView, fulfillmentView, orderView } from './views.js';
import { itemView, levelsOf, productOfItem, productView, variantView } from './views-of-goods.js';

export const schema = buildSchema(readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'));

const BUCKET = { maximumAvailable: 2000, restoreRate: 100 };
const MOST_COST = 1000;

/** The Admin API by GraphQL: documents are validated and carried out like the vendor's. */
export class AdminApi {
  readonly #changes: Changes;
  readonly #bulk: BulkOperations;

  constructor(
    private readonly shop: Shop,
    private readonly faults: Faults,
    fileUrl: (id: string) => string,
  ) {
    this.#changes = new Changes(shop);
    this.#bulk = new BulkOperations(schema, () => this.#root(), fileUrl);
  }

  bulkFile(id: string): string | null {
    return this.#bulk.file(id);
  }

  async answer({ query, variables }: { query: string; variables?: Record<string, unknown> }): Promise<object> {
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return { errors: [{ message: (error as Error).message, extensions: { code: 'BAD_REQUEST' } }] };
    }
    const faults = validate(schema, document);
    if (faults.length > 0)
      return { errors: faults.map(({ message }) => ({ message, extensions: { code: 'undefinedField' } })) };
    const cost = costOf(schema, document, variables ?? {});
    if (cost > MOST_COST) {
      const message = `Query cost is ${cost}, which exceeds the single query max cost limit (${MOST_COST}).`;
      return { errors: [{ message, extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost: MOST_COST } }] };
    }
    const reading: Reading = { isBulk: false, faults: this.faults };
    const result = await execute({
      schema,
      document,
      rootValue: this.#root(),
      contextValue: reading,
      variableValues: variables,
    });
    return { ...plainResult(result, this.faults), extensions: { cost: costTold(cost) } };
  }

  #root() {
    return { ...this.#searched(), ...this.#listed(), ...this.#one(), ...this.#mutations() };
  }

  /** The lists that a walk goes over. */
  #searched() {
    const { shop } = this;
    type Args = ListArgs & { sortKey?: string };
    const search = (rows: Row[], args: Args, reading: Reading) =>
      connection(rows, args, reading, { sort: args.sortKey === 'UPDATED_AT' ? 'updated' : 'id', isSearched: true });
    return {
      orders: (args: Args, reading: Reading) => search(this.#orderRows(orderView), args, reading),
      customers: (args: Args, reading: Reading) =>
        search(
          [...shop.customers.values()].map((each) => row(each, () => customerView(each))),
          args,
          reading,
        ),
      products: (args: Args, reading: Reading) =>
        search(
          [...shop.products.values()].map((each) => row(each, () => productView(shop, each))),
          args,
          reading,
        ),
      location: ({ id }: { id: string }) => ({
        id,
        inventoryLevels: (args: ListArgs, reading: Reading) => {
          const rows = levelsOf(shop, ({ locationId }) => locationId === digits(id));
          return connection(rows, args, reading, { isSearched: true });
        },
      }),
    };
  }

  #listed() {
    const { shop } = this;
    const goods = () => [...shop.products.values()];
    return {
      fulfillmentOrders: (args: ListArgs, reading: Reading) =>
        connection(this.#orderRows(fulfillmentOrderView), args, reading),
      productVariants: (args: ListArgs, reading: Reading) => {
        const rows = goods().map((each) => row({ ...each, id: each.variantId }, () => variantView(shop, each)));
        return connection(rows, args, reading);
      },
      inventoryItems: (args: ListArgs, reading: Reading) => {
        const rows = goods().map((each) => row({ ...each, id: each.itemId }, () => itemView(shop, each)));
        return connection(rows, args, reading);
      },
    };
  }

  #orderRows(view: (shop: Shop, order: ShopOrder) => unknown): Row[] {
    return [...this.shop.orders].map(([id, order]) =>
      row({ id, updatedAt: new Date(order.updated_at) }, () => view(this.shop, order)),
    );
  }

  #one() {
    const { shop } = this;
    const order = ({ id }: { id: string }) => {
      const found = shop.orders.get(digits(id));
      return found ? orderView(shop, found) : null;
    };
    const productVariant = ({ id }: { id: string }) => {
      const found = [...shop.products.values()].find(({ variantId }) => variantId === digits(id));
      return found ? variantView(shop, found) : null;
    };
    return {
      order,
      productVariant,
      nodes: ({ ids }: { ids: string[] }) =>
        ids.map((id) => (id.includes('/Order/') ? order({ id }) : productVariant({ id }))),
      customer: ({ id }: { id: string }) => {
        const found = shop.customers.get(digits(id));
        return found ? customerView(found) : null;
      },
      product: ({ id }: { id: string }) => {
        const found = shop.products.get(digits(id));
        return found ? productView(shop, found) : null;
      },
      inventoryItem: ({ id }: { id: string }) => {
        const found = productOfItem(shop, digits(id));
        return found ? itemView(shop, found) : null;
      },
      fulfillment: ({ id }: { id: string }) => {
        const found = shop.fulfillments.get(digits(id));
        return found ? fulfillmentView(shop, found) : null;
      },
      bulkOperation: ({ id }: { id: string }, reading: Reading) => this.#bulk.look(id, reading),
    };
  }

  #mutations() {
    const changes = this.#changes;
    type Keyed<T> = (args: T, reading: Reading, info: GraphQLResolveInfo) => unknown;
    const setQuantities: Keyed<Parameters<Changes['setQuantities']>[0]> = (args, _, info) =>
      changes.setQuantities(args, info);
    const activate: Keyed<Parameters<Changes['activate']>[0]> = (args, _, info) => changes.activate(args, info);
    return {
      inventorySetQuantities: setQuantities,
      inventoryActivate: activate,
      fulfillmentCreate: (args: Parameters<Changes['fulfill']>[0]) => changes.fulfill(args),
      fulfillmentTrackingInfoUpdate: (args: Parameters<Changes['track']>[0]) => changes.track(args),
      fulfillmentCancel: (args: { id: string }) => changes.callOff(args),
      orderCancel: (args: Parameters<Changes['cancel']>[0]) => changes.cancel(args),
      webhookSubscriptionCreate: (args: Parameters<Changes['subscribe']>[0]) => changes.subscribe(args),
      bulkOperationRunQuery: (args: Parameters<BulkOperations['run']>[0]) => this.#bulk.run(args),
    };
  }
}

function row({ id, updatedAt, sku }: Omit<Row, 'node'>, node: () => unknown): Row {
  return { id, updatedAt, ...(sku !== undefined && { sku }), node };
}

export function costTold(requestedQueryCost: number, available = BUCKET.maximumAvailable - requestedQueryCost) {
  const throttleStatus = { ...BUCKET, currentlyAvailable: available };
  return { requestedQueryCost, actualQueryCost: requestedQueryCost, throttleStatus };
}

function plainResult({ data, errors }: ExecutionResult, faults: Faults): object {
  const shown = errors?.map((error) => shownError(error));
  // A deep copy, which a fault may spoil.
  const copy: unknown = data && JSON.parse(JSON.stringify(data));
  if (copy) spoil(copy, faults);
  return { ...(copy !== undefined && { data: copy }), ...(shown && { errors: shown }) };
}

function shownError({ message, extensions, originalError }: GraphQLError) {
  if (originalError && !(originalError instanceof GraphQLError)) throw originalError;
  return { message, extensions: { code: 'BAD_REQUEST', ...extensions } };
}
