import type { HubProcess } from './hub-process.js';
import { newKey, type GraphAnswer } from './hub.js';
import { race } from './race.js';
import { CREATE_ORDER, must, orderInput, type CreateOrderAnswer } from './shop.js';

interface Said {
  userErrors: { code: string }[];
  shipment?: { id: string } | null;
  payment?: { id: string } | null;
}
interface Left {
  id: string;
  status: string;
  lines: {
    id: string;
    quantity: string;
    shippedQuantity: string;
    canceledQuantity: string;
    reservedQuantity: string;
  }[];
  shipments: { status: string }[];
  payments: { id: string; status: string; capturedAmount: { amount: string } }[];
}
const LEFT = `query($id: ID!) { order(id: $id) { id status
  lines { id quantity shippedQuantity canceledQuantity } shipments { status }
  payments { id status capturedAmount { amount } } } }`;
const RECORDS: Record<string, string> = {
  ...{ createShipment: 'shipment { id }', updateShipment: 'shipment { id }' },
  ...{ authorizePayment: 'payment { id }', capturePayment: 'payment { id }', cancelOrder: 'order { id }' },
};

/** Orders of two units that some want to send and others to cancel, at hubs that share a database. */
export class Leaving {
  /** Errors that no caller should ever see. */
  readonly faults: string[] = [];
  constructor(
    private readonly hubs: HubProcess[],
    private readonly customerId: string,
    private readonly sku: string,
  ) {}

  async order(): Promise<Left> {
    const input = orderInput(this.customerId, [{ sku: this.sku, quantity: '2' }]);
    const data = await must(this.hubs[0]!.graph<CreateOrderAnswer>(CREATE_ORDER, { input }));
    return this.read(data.createOrder.order!.id);
  }

  async read(id: string): Promise<Left> {
    return (await this.hubs[0]!.graph<{ order: Left }>(LEFT, { id })).data.order;
  }

  /** What it is refused with; nothing where it took effect. A fault is kept, and counts as a refusal. */
  async act(index: number, name: string, input: object): Promise<Said> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation($input: ${type}!) { ${name}(input: $input) { ${RECORDS[name]} userErrors { code } } }`;
    const hub = this.hubs[index % this.hubs.length]!;
    const { data, errors } = await hub.graph<Record<string, Said> | null>(document, {
      input: { idempotencyKey: newKey(), ...input },
    });
    if (!errors) return data![name]!;
    this.faults.push(...(errors as NonNullable<GraphAnswer<unknown>['errors']>).map(({ message }) => message));
    return { userErrors: [{ code: 'FAULT' }] };
  }

  async packed({ id, lines }: Left, quantity: string): Promise<string> {
    const input = { orderId: id, location: 'MILAN', lines: [{ lineId: lines[0]!.id, quantity }] };
    const { shipment, userErrors } = await this.act(0, 'createShipment', input);
    if (!shipment) throw new Error(`not packed: ${JSON.stringify(userErrors)}`);
    return shipment.id;
  }

  /** Three of each at once, by turns to each hub; answers how many of each took effect. */
  async against(
    one: (index: number) => Promise<Said>,
    other: (index: number) => Promise<Said>,
  ): Promise<[number, number]> {
    const { results, overlapped } = await race(6, (index) => (index % 2 === 0 ? one : other)(Math.floor(index / 2)));
    if (overlapped !== 6) throw new Error(`${overlapped} calls overlapped`);
    const done = (half: number) =>
      results.filter(({ userErrors }, index) => index % 2 === half && userErrors.length === 0).length;
    return [done(0), done(1)];
  }
}

interface Fate {
  status: string;
  shipped: string;
  canceled: string;
  shipments: string;
}
/** How many of each took effect, and what became of the order. */
type Outcome = Fate & { done: [number, number] };

async function outcomeOf(leaving: Leaving, { id }: Left, done: [number, number]): Promise<Outcome> {
  const { status, lines, shipments } = await leaving.read(id);
  const { shippedQuantity: shipped, canceledQuantity: canceled } = lines[0]!;
  return { status, shipped, canceled, shipments: shipments.map((each) => each.status).join(), done };
}

function is({ done, ...fate }: Outcome, ...[ship, cancel, expected]: [number, number, Fate]): boolean {
  return done[0] === ship && done[1] === cancel && JSON.stringify(fate) === JSON.stringify(expected);
}

/** Shipping meets canceling in these ways, each with an order of two units; answers whether what came of it is legal. */
const WAYS: Record<string, (leaving: Leaving, order: Left) => Promise<[boolean, Outcome]>> = {
  'a shipment of all is begun, or all is canceled': async (leaving, order) => {
    const { id: orderId } = order;
    const begin = (index: number) => leaving.act(index, 'createShipment', { orderId, location: 'MILAN' });
    const cancel = (index: number) => leaving.act(index, 'cancelOrder', { orderId });
    const seen = await outcomeOf(leaving, order, await leaving.against(begin, cancel));
    const isBegun = is(seen, 1, 0, { status: 'PROCESSING', shipped: '0', canceled: '0', shipments: 'PENDING' });
    return [isBegun || is(seen, 0, 1, { status: 'CANCELED', shipped: '0', canceled: '2', shipments: '' }), seen];
  },
  'a shipment of all leaves, or is called off and all is canceled': async (leaving, order) => {
    const shipmentId = await leaving.packed(order, '2');
    const send = (index: number) => leaving.act(index, 'updateShipment', { shipmentId, status: 'SHIPPED' });
    const callOff = async (index: number) => {
      const off = await leaving.act(index + 1, 'updateShipment', { shipmentId, status: 'CANCELED' });
      return off.userErrors.length > 0 ? off : leaving.act(index, 'cancelOrder', { orderId: order.id });
    };
    const seen = await outcomeOf(leaving, order, await leaving.against(send, callOff));
    const hasLeft = is(seen, 3, 0, { status: 'SHIPPED', shipped: '2', canceled: '0', shipments: 'SHIPPED' });
    return [
      hasLeft || is(seen, 0, 1, { status: 'CANCELED', shipped: '0', canceled: '2', shipments: 'CANCELED' }),
      seen,
    ];
  },
  'a shipment of some leaves, and behind it the rest may be canceled': async (leaving, order) => {
    const shipmentId = await leaving.packed(order, '1');
    const send = (index: number) => leaving.act(index, 'updateShipment', { shipmentId, status: 'SHIPPED' });
    const cancel = (index: number) => leaving.act(index, 'cancelOrder', { orderId: order.id });
    const seen = await outcomeOf(leaving, order, await leaving.against(send, cancel));
    const isRestCanceled = is(seen, 3, 1, { status: 'SHIPPED', shipped: '1', canceled: '1', shipments: 'SHIPPED' });
    const rest = { status: 'PARTIALLY_SHIPPED', shipped: '1', canceled: '0', shipments: 'SHIPPED' };
    return [isRestCanceled || is(seen, 3, 0, rest), seen];
  },
  'a shipment of some leaves, and the other is canceled': async (leaving, order) => {
    const shipmentId = await leaving.packed(order, '1');
    const lines = [{ lineId: order.lines[0]!.id, quantity: '1' }];
    const send = (index: number) => leaving.act(index, 'updateShipment', { shipmentId, status: 'SHIPPED' });
    const cancel = (index: number) => leaving.act(index, 'cancelOrder', { orderId: order.id, lines });
    const seen = await outcomeOf(leaving, order, await leaving.against(send, cancel));
    return [is(seen, 3, 1, { status: 'SHIPPED', shipped: '1', canceled: '1', shipments: 'SHIPPED' }), seen];
  },
};

/** All ways at once; answers those that came out wrong. A shipment that is reported again is no refusal. */
export async function shipAgainstCancel(leaving: Leaving): Promise<string[]> {
  const outcomes = await Promise.all(
    Object.entries(WAYS).map(async ([way, meet]) => {
      const [isLegal, seen] = await meet(leaving, await leaving.order());
      return isLegal ? [] : [`${way}: ${JSON.stringify(seen)}`];
    }),
  );
  return outcomes.flat();
}
