import { GraphQLError } from 'graphql';
import { LOCATIONS, type Order, type Shop } from './shop.js';
import { fulfillmentView, leftOf, NEXT, orderView, variantView } from './views.js';

export interface FulfillInput {
  lines: { orderLineId: string; quantity: number }[];
  handler: { code: string; arguments: { name: string; value: string }[] };
}

/** What the hub writes. */
export class Changes {
  constructor(private readonly shop: Shop) {}

  fulfill({ input: { lines, handler } }: { input: FulfillInput }) {
    if (handler.code !== 'manual-fulfillment') {
      return failed('InvalidFulfillmentHandlerError', 'No FulfillmentHandler was found with the given code');
    }
    if (lines.length === 0 || lines.every(({ quantity }) => quantity === 0)) {
      return failed('EmptyOrderLineSelectionError', 'At least one OrderLine must be specified');
    }
    const order = this.#orderWith(lines[0]!.orderLineId);
    const chosen = lines.map(({ orderLineId, quantity }) => {
      const line = order.lines.find(({ id }) => id === orderLineId);
      if (!line) throw missing('OrderLine', orderLineId);
      return { line, quantity };
    });
    if (chosen.some(({ line, quantity }) => quantity > leftOf(order, line))) {
      return failed('ItemsAlreadyFulfilledError', 'One or more OrderItems are already part of a Fulfillment');
    }
    const argument = (name: string) => handler.arguments.find((each) => each.name === name)?.value ?? '';
    const made = this.shop.fulfill(order, {
      id: this.shop.nextId(),
      method: argument('method'),
      trackingCode: argument('trackingCode'),
      lines: chosen,
    });
    return fulfillmentView(order, made);
  }

  moveFulfillment({ id, state }: { id: string; state: string }) {
    for (const order of this.shop.orders.values()) {
      const found = order.fulfillments.find((each) => each.id === id);
      if (!found) continue;
      const { state: from } = found;
      if (!NEXT[from]!.includes(state)) {
        const transitionError = `Cannot transition Fulfillment from "${from}" to "${state}"`;
        const more = { transitionError, fromState: from, toState: state };
        return { ...failed('FulfillmentStateTransitionError', transitionError), ...more };
      }
      this.shop.moveFulfillment(order, found, state);
      return fulfillmentView(order, found);
    }
    throw missing('Fulfillment', id);
  }

  cancel({ input: { orderId, cancelShipping } }: { input: { orderId: string; cancelShipping?: boolean } }) {
    const order = this.#order(orderId);
    if (order.orderPlacedAt === null) {
      const message = 'Cannot cancel OrderLines from an Order in the "AddingItems" state';
      return { ...failed('CancelActiveOrderError', message), orderState: order.state };
    }
    if (order.state === 'Cancelled')
      return failed('EmptyOrderLineSelectionError', 'At least one OrderLine must be specified');
    this.shop.cancel(order, cancelShipping === true);
    return orderView(order);
  }

  setCustomFields({
    input: { id, customFields },
  }: {
    input: { id: string; customFields?: Partial<Order['customFields']> };
  }) {
    const order = this.#order(id);
    Object.assign(order.customFields, customFields);
    order.updatedAt = this.shop.tick();
    return orderView(order);
  }

  setStock({ input }: { input: { id: string; stockLevels?: { stockLocationId: string; stockOnHand: number }[] }[] }) {
    return input.map(({ id, stockLevels = [] }) => {
      const variant = this.shop.variants.get(id);
      if (!variant) throw missing('ProductVariant', id);
      for (const { stockLocationId, stockOnHand } of stockLevels) {
        if (!LOCATIONS.some((known) => known === stockLocationId)) throw missing('StockLocation', stockLocationId);
        const level = this.shop.stockOf(variant, stockLocationId);
        level.onHand = stockOnHand;
        level.updatedAt = this.shop.tick();
      }
      variant.updatedAt = this.shop.tick();
      return variantView(variant);
    });
  }

  #order(id: string): Order {
    const found = this.shop.orders.get(id);
    if (!found) throw missing('Order', id);
    return found;
  }

  #orderWith(lineId: string): Order {
    const found = [...this.shop.orders.values()].find(({ lines }) => lines.some(({ id }) => id === lineId));
    if (!found) throw missing('OrderLine', lineId);
    return found;
  }
}

function failed(__typename: string, message: string) {
  return { __typename, errorCode: __typename.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase(), message };
}

function missing(entity: string, id: string): GraphQLError {
  const message = `No ${entity} with the id "${id}" could be found`;
  return new GraphQLError(message, { extensions: { code: 'ENTITY_NOT_FOUND' } });
}
