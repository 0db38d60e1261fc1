import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chanceFrom } from '../../src/connect/sandbox/chance.js';
import { NotYet } from '../../src/shared/failures.js';
import { typeId } from '../../src/shared/ids.js';
import { Desk, fresh } from '../api/support/desk.js';
import { startTestHub, type TestHub } from '../support/hub.js';
import { brokenInvariants } from '../support/invariants.js';
import { at, Speaker } from './speaker.js';

let hub: TestHub;
let desk: Desk;
beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub?.stop());

/** A product that lay on the shelf before anything was said of it. */
async function shelved(onHand: string): Promise<string> {
  const now = hub.clock.now();
  hub.clock.set(at(-60));
  const sku = await desk.product('10.00', onHand);
  hub.clock.set(now);
  return sku;
}

interface Customer {
  id: string;
  number: string;
  name: string;
  email: string | null;
  phone: string | null;
  taxId: string | null;
  isActive: boolean;
  tags: string[];
  version: number;
  contacts: { id: string; name: string; email: string | null; isPrimary: boolean }[];
  externalReferences: { externalId: string; integration: { code: string } }[];
  history: { nodes: { type: string; message: string; changes: { field: string }[]; actor: { name: string } }[] };
}
async function read(of: Speaker, externalId: string): Promise<Customer | null> {
  const query = `query ($integration: String!, $externalId: String!) {
    customer(external: { integration: $integration, externalId: $externalId }) {
      id number name email phone taxId isActive tags version contacts { id name email isPrimary }
      externalReferences { externalId integration { code } }
      history { nodes { type message actor { name } changes { field } } } } }`;
  const { customer } = await desk.ask<{ customer: Customer | null }>(query, { integration: of.code, externalId });
  return customer;
}

describe('a customer that a system states', () => {
  test('is made, changed and left alone, each with the system as the actor', async () => {
    const crm = await Speaker.make(hub);
    expect(await crm.customer('1', 1, { email: 'one@x.example', tags: ['a'] })).toMatchObject({ effect: 'created' });
    expect(await crm.customer('1', 1, { email: 'one@x.example', tags: ['a'] })).toMatchObject({ effect: 'unchanged' });
    expect(await crm.customer('1', 2, { phone: '+39 1' })).toMatchObject({ effect: 'updated' });
    const customer = (await read(crm, '1'))!;
    expect(customer).toMatchObject({ email: 'one@x.example', phone: '+39 1', tags: ['a'], version: 2 });
    expect(customer.history.nodes.map(({ type, actor }) => [type, actor.name])).toEqual([
      ['CREATED', crm.code],
      ['EDITED', crm.code],
    ]);
  });

  test('is not changed by an older state, which is stale', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('1', 5, { phone: 'new 5' });
    expect((await crm.customer('1', 4, { phone: 'old 4' })).effect).toBe('stale');
    expect((await read(crm, '1'))!.phone).toBe('new 5');
  });

  test('made in two systems at once becomes one, by its e-mail address', async () => {
    const crm = await Speaker.make(hub);
    const shop = await Speaker.make(hub);
    const email = `${fresh('race')}@x.example`;
    const both = await Promise.all([
      crm.customer('1', 1, { email }),
      shop.customer('9', 1, { email: email.toUpperCase() }),
    ]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    expect((await read(crm, '1'))!.externalReferences).toHaveLength(2);
  });

  test('is found by its tax number, however it is written, and by that before its e-mail address', async () => {
    const [crm, erp, shop] = [await Speaker.make(hub), await Speaker.make(hub), await Speaker.make(hub)];
    const [one, two] = [fresh('IT'), fresh('IT')];
    const first = await crm.customer('1', 1, { email: 'shared@t.example', taxId: one });
    const second = await crm.customer('2', 1, { email: 'other@t.example', taxId: two });
    expect((await erp.customer('E1', 1, { taxId: one.replace('-', ' ').toLowerCase() })).id).toBe(first.id);
    expect((await shop.customer('S2', 1, { email: 'shared@t.example', taxId: two })).id).toBe(second.id);
  });

  test('is a new one where it could be several, is of another kind, or the system knows the match by another id', async () => {
    const [crm, shop] = [await Speaker.make(hub), await Speaker.make(hub)];
    const email = `${fresh('many')}@x.example`;
    const one = await crm.customer('1', 1, { email, kind: 'COMPANY' });
    expect((await crm.customer('2', 1, { email, kind: 'COMPANY' })).id).not.toBe(one.id);
    const { id } = await shop.customer('S', 1, { email, kind: 'COMPANY' });
    const person = await shop.customer('P', 1, { email: 'kind@x.example', kind: 'PERSON' });
    const company = await crm.customer('3', 1, { email: 'kind@x.example', kind: 'COMPANY' });
    expect(new Set([one.id, id, person.id, company.id]).size).toBe(4);
  });

  test('keeps what the hub’s users said later, and what they said of other fields', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('1', 1, { phone: '1', email: 'a@later.example' });
    const { id } = (await read(crm, '1'))!;
    hub.clock.forward(1_000);
    await desk.done('upsertCustomer', { id, phone: '2', email: 'a@later.example' });
    // Its record changed in another field: it says nothing new of the phone.
    await crm.customer('1', 30, { phone: '1', email: 'b@later.example' });
    expect(await read(crm, '1')).toMatchObject({ phone: '2', email: 'b@later.example' });
  });

  test('keeps who is at an address that it states again without a name', async () => {
    const [shop, crm] = [await Speaker.make(hub), await Speaker.make(hub)];
    const email = `${fresh('named')}@x.example`;
    const place = { line1: 'Via Po 90', city: 'Torino', country: 'IT' };
    const { id } = await shop.customer('1', 1, { email, shippingAddresses: [{ ...place, name: 'Irene Conti' }] });
    await crm.customer('A', 2, { email, shippingAddresses: [place], billingAddress: place });
    const named = async () => {
      const query = `query ($id: ID!) { customer(id: $id) { shippingAddresses { line1 name } billingAddress { name } } }`;
      return (await desk.ask<{ customer: object }>(query, { id: typeId('cus', id!) })).customer;
    };
    const kept = {
      shippingAddresses: [{ line1: 'Via Po 90', name: 'Irene Conti' }],
      billingAddress: { name: 'Irene Conti' },
    };
    expect(await named()).toEqual(kept);
    await crm.customer('A', 3, { email, shippingAddresses: [{ ...place, line1: 'Via Po 91' }] });
    expect(await named()).toMatchObject({ shippingAddresses: [{ line1: 'Via Po 91', name: null }] });
  });

  test('is refused with all that is wrong and leaves nothing', async () => {
    const crm = await Speaker.make(hub);
    await expect(crm.customer('1', 1, { name: ' ', email: 'nobody' })).rejects.toThrow(
      'name: expected some text, got ""; email: expected an e-mail address, got "nobody"',
    );
    expect(await read(crm, '1')).toBeNull();
  });
});

describe('people', () => {
  test('come to each customer they belong to, wait for the one that is missing, and leave', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('A', 1);
    const both = { customerExternalIds: ['A', 'B'], email: 'p@x.example', isPrimary: true };
    const early = crm.contact('p', 1, both);
    await expect(early).rejects.toMatchObject({ kind: 'customer', externalId: 'B' });
    await expect(early).rejects.toBeInstanceOf(NotYet);
    await crm.customer('B', 1);
    expect(await crm.contact('p', 1, both)).toMatchObject({ effect: 'created' });
    expect(await crm.contact('p', 1, both)).toMatchObject({ effect: 'unchanged' });
    expect([await read(crm, 'A'), await read(crm, 'B')]).toMatchObject([
      { contacts: [{ name: 'Person p', isPrimary: true }], version: 2 },
      { contacts: [{ name: 'Person p', isPrimary: true }], version: 2 },
    ]);
    const atB = (await read(crm, 'B'))!.contacts[0]!.id;
    expect(await crm.contact('p', 2, { customerExternalIds: ['B'], name: 'Pia' })).toMatchObject({ effect: 'updated' });
    expect((await read(crm, 'A'))!.contacts).toEqual([]);
    expect((await read(crm, 'B'))!.contacts).toMatchObject([{ id: atB, name: 'Pia', email: 'p@x.example' }]);
    expect((await crm.contact('p', 1, { customerExternalIds: ['A'] })).effect).toBe('stale');
    expect(await crm.gone('contact', 'p', 3)).toBe('updated');
    expect((await read(crm, 'B'))!.contacts).toEqual([]);
    expect((await crm.contact('p', 2, { customerExternalIds: ['A'] })).effect).toBe('stale');
    expect((await crm.contact('p', 4, { customerExternalIds: ['A'] })).effect).toBe('updated');
  });

  test('of one system stay when another lists its own', async () => {
    const [crm, shop] = [await Speaker.make(hub), await Speaker.make(hub)];
    const email = `${fresh('people')}@x.example`;
    await crm.customer('1', 1, { email });
    await crm.contact('p', 1, { customerExternalIds: ['1'], email: 'pia@x.example' });
    const listed = {
      email,
      contacts: [
        { name: 'Quim', externalId: 'q' },
        { name: 'Rosa', email: 'r@x.example' },
      ],
    };
    await shop.customer('9', 2, listed);
    expect((await read(crm, '1'))!.contacts.map(({ name }) => name)).toEqual(['Quim', 'Rosa', 'Person p']);
    const before = (await read(crm, '1'))!;
    expect((await shop.customer('9', 3, listed)).effect).toBe('unchanged');
    await shop.customer('9', 4, { email, contacts: [{ name: 'Joaquim', externalId: 'q' }] });
    expect((await read(crm, '1'))!.contacts).toMatchObject([
      { id: before.contacts[0]!.id, name: 'Joaquim' },
      { name: 'Person p' },
    ]);
  });
});

describe('what is gone in a system', () => {
  test('is no longer active where only that system knew it, and comes back when it does', async () => {
    const [crm, shop] = [await Speaker.make(hub), await Speaker.make(hub)];
    const email = `${fresh('gone')}@x.example`;
    await crm.customer('1', 1, { email });
    await shop.customer('9', 1, { email });
    expect(await crm.gone('customer', '1', 2)).toBe('updated');
    expect((await read(shop, '9'))!.isActive).toBe(true);
    expect(await shop.gone('customer', '9', 3)).toBe('updated');
    expect(await shop.gone('customer', '9', 3)).toBe('unchanged');
    expect((await read(shop, '9'))!.isActive).toBe(false);
    expect((await shop.customer('9', 2, { email })).effect).toBe('stale');
    expect((await shop.customer('9', 4, { email })).effect).toBe('updated');
    expect((await read(shop, '9'))!.isActive).toBe(true);
  });

  test('ends the same where the hub heard of the end first', async () => {
    const crm = await Speaker.make(hub);
    expect(await crm.gone('customer', '1', 5)).toBe('unchanged');
    expect((await crm.customer('1', 4)).effect).toBe('created');
    expect((await crm.customer('1', 3)).effect).toBe('stale');
    expect((await read(crm, '1'))!.isActive).toBe(false);
  });

  test('stays active where the hub’s users made it', async () => {
    const crm = await Speaker.make(hub);
    const { id } = await desk.customer({ external: null });
    const sku = await desk.product(null, null);
    await crm.product(sku, 1, { name: undefined });
    expect(await crm.gone('product', `p-${sku}`, 2)).toBe('updated');
    const query = `query ($sku: String!) { product(sku: $sku) { isActive } }`;
    expect(await desk.ask(query, { sku })).toEqual({ product: { isActive: true } });
    expect(id).toMatch(/^cus_/);
  });
});

describe('customers that are one there', () => {
  test('become one here with all they have, and nothing brings the other back', async () => {
    const [crm, shop] = [await Speaker.make(hub), await Speaker.make(hub)];
    await crm.customer('keep', 1, { email: 'keep@m.example', tags: ['a'] });
    await crm.customer('drop', 1, {
      email: 'drop@m.example',
      phone: '+1',
      tags: ['a', 'b'],
      contacts: [{ name: 'Pia' }],
    });
    await shop.customer('S', 1, { email: 'drop@m.example' });
    const [kept, other] = [(await read(crm, 'keep'))!, (await read(crm, 'drop'))!];
    const lines = [{ sku: await desk.product(), quantity: '1' }];
    const order = await desk.order({ customerId: other.id, lines });
    const quote = await desk.quote({ customerId: other.id, lines });
    await desk.done('addNote', { customerId: other.id, text: 'Pays late' });
    expect(await crm.merged('customer', 'keep', ['drop'], 5)).toBe('updated');
    expect(await crm.merged('customer', 'keep', ['drop'], 5)).toBe('unchanged');
    const one = (await read(crm, 'drop'))!;
    expect(one).toMatchObject({
      id: kept.id,
      email: 'keep@m.example',
      phone: '+1',
      tags: ['a', 'b'],
      contacts: [{ name: 'Pia' }],
    });
    expect((await read(shop, 'S'))!.id).toBe(kept.id);
    expect(one.externalReferences).toHaveLength(3);
    expect(one.history.nodes.at(-1)).toMatchObject({ message: `Customer ${other.number} merged into ${kept.number}` });
    const query = `query ($order: ID!, $quote: ID!, $id: ID!, $kept: ID!) {
      order(id: $order) { version customer { id } timeline(first: 9) { nodes { message } } } quote(id: $quote) { customer { id } }
      customer(id: $id) { isActive history(newestFirst: true) { nodes { message } } }
      kept: customer(id: $kept) { notes { nodes { text } } } }`;
    const answer = await desk.ask<Record<string, Record<string, unknown>>>(query, {
      order: order.id,
      quote: quote.id,
      id: other.id,
      kept: kept.id,
    });
    expect(answer).toMatchObject({
      order: { version: order.version + 1, customer: { id: kept.id } },
      quote: { customer: { id: kept.id } },
      customer: { isActive: false },
      kept: { notes: { nodes: [{ text: 'Pays late' }] } },
    });
    expect(JSON.stringify(answer)).toContain(`Merged into customer ${kept.number}`);
    expect(JSON.stringify(answer)).toContain(`Customer ${other.number} is now ${kept.number}`);
    expect((await crm.customer('drop', 4, { phone: '+2' })).effect).toBe('stale');
  });

  test('need not be known: the one that is left means what the merged one was, and an older message makes none', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('old', 1);
    const { id } = (await read(crm, 'old'))!;
    expect(await crm.merged('customer', 'new', ['never', 'old'], 2)).toBe('updated');
    expect((await crm.customer('never', 1)).effect).toBe('stale');
    expect((await crm.customer('new', 2, { name: 'New' })).effect).toBe('updated');
    expect(await read(crm, 'new')).toMatchObject({ id, name: 'New' });
  });

  test('go by the one that is left where the merged one is named that the hub never knew', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('new', 1);
    await crm.merged('customer', 'between', ['never'], 2);
    await crm.merged('customer', 'new', ['between'], 3);
    const { id } = (await read(crm, 'new'))!;
    const sku = await desk.product();
    const bought = { customer: { externalId: 'never', name: 'Nobody' } };
    const order = await crm.order('O', 4, [{ id: '1', sku, quantity: '1' }], undefined, bought);
    expect(await crm.quote('Q', 4, 'never', sku)).toEqual({ effect: 'created' });
    const query = `query ($id: ID!, $code: String!) { order(id: $id) { customer { id } }
      quote(external: { integration: $code, externalId: "Q" }) { customer { id } } }`;
    const hers = { customer: { id } };
    expect(await desk.ask(query, { id: order.id, code: crm.code })).toEqual({ order: hers, quote: hers });
    expect(await read(crm, 'never')).toBeNull();
    await expect(crm.quote('R', 4, 'nobody', sku)).rejects.toThrow(NotYet);
  });

  test('people become one too, and orders name the one that is left', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('A', 1);
    await crm.contact('p', 1, { customerExternalIds: ['A'] });
    await crm.contact('q', 1, { customerExternalIds: ['A'], email: 'q@x.example' });
    const customer = (await read(crm, 'A'))!;
    const [p, q] = customer.contacts;
    const lines = [{ sku: await desk.product(), quantity: '1' }];
    const order = await desk.order({ customerId: customer.id, contactId: q!.id, lines });
    expect(await crm.merged('contact', 'p', ['q'], 2)).toBe('updated');
    expect((await read(crm, 'A'))!.contacts).toMatchObject([{ id: p!.id, email: 'q@x.example' }]);
    const query = `query ($id: ID!) { order(id: $id) { contact { id } } }`;
    expect(await desk.ask(query, { id: order.id })).toEqual({ order: { contact: { id: p!.id } } });
  });
});

describe('products and stock', () => {
  test('a product is the one with its SKU, and a record that gets another SKU means that one', async () => {
    const erp = await Speaker.make(hub);
    const sku = await desk.product(null, null);
    expect(await erp.product(sku, 1, { weightGrams: 5 })).toMatchObject({ effect: 'created', sku });
    expect(await erp.product(sku, 1, { weightGrams: 5 })).toMatchObject({ effect: 'unchanged' });
    const renamed = fresh('SKU');
    expect(await erp.product(renamed, 2, { externalId: `p-${sku}` })).toMatchObject({
      effect: 'updated',
      sku: renamed,
    });
    const query = `query ($integration: String!, $externalId: String!) {
      product(external: { integration: $integration, externalId: $externalId }) { sku } }`;
    expect(await desk.ask(query, { integration: erp.code, externalId: `p-${sku}` })).toEqual({
      product: { sku: renamed },
    });
  });

  test('stock is counted by a movement, waits for its product, and an echo changes nothing', async () => {
    const erp = await Speaker.make(hub);
    const sku = fresh('SKU');
    await expect(erp.stock(sku, 1, { onHand: '7' })).rejects.toMatchObject({ kind: 'sku', externalId: sku });
    await desk.product(null, null, { sku });
    expect(await erp.stock(sku, 1, { onHand: '7' })).toMatchObject({ effect: 'created' });
    expect(await erp.stock(sku, 2, { onHand: '7' })).toMatchObject({ effect: 'unchanged' });
    expect(await erp.stock(sku, 1, { onHand: '3' })).toMatchObject({ effect: 'stale' });
    const query = `query ($sku: String!) { stockLevel(sku: $sku, location: "MAIN") { onHand
      movements { nodes { kind quantity actor { name } } } } }`;
    expect(await desk.ask(query, { sku })).toEqual({
      stockLevel: { onHand: '7', movements: { nodes: [{ kind: 'COUNT', quantity: '7', actor: { name: erp.code } }] } },
    });
    expect(await erp.stock(sku, 3, { onHand: '-2' })).toMatchObject({ effect: 'updated' });
    expect((await desk.level(sku))!.onHand).toBe('0');
    expect(await erp.gone('stock', `s-${sku}`, 4)).toBe('updated');
  });

  test('what is free to sell there lies here besides what is promised; what the hub says itself is an echo', async () => {
    const shop = await Speaker.make(hub);
    const sku = await desk.product('10.00', '10');
    await desk.done('setReorderPolicy', { sku, location: 'MAIN', safetyStock: '2' });
    const { id } = await desk.customer();
    await desk.order({ customerId: id, confirm: true, lines: [{ sku, quantity: '3' }] });
    const { version } = (await desk.level(sku))!;
    await shop.stock(sku, 1, { available: '5.0' });
    expect(await desk.level(sku)).toMatchObject({ onHand: '10', reserved: '3', available: '5', version });
    await shop.stock(sku, 2, { available: '4' });
    expect(await desk.level(sku)).toMatchObject({ onHand: '7', reserved: '3' });
  });

  test('what comes in goes to the orders that wait for it', async () => {
    const erp = await Speaker.make(hub);
    const sku = await desk.product('10.00', '1');
    const { id } = await desk.customer();
    const order = await desk.order({
      customerId: id,
      confirm: true,
      allowBackorder: true,
      lines: [{ sku, quantity: '3' }],
    });
    await erp.stock(sku, 1, { onHand: '5' });
    expect((await desk.readOrder(order.id)).lines).toMatchObject([{ reservedQuantity: '3', backorderedQuantity: '0' }]);
  });
});

describe('what a system sends of what it counts itself', () => {
  /** Some of the orders in which they can come, the same each time. */
  function shuffled(messages: readonly string[], chance = chanceFrom(7)): string[][] {
    return Array.from({ length: 8 }, () => {
      const left = [...messages];
      return messages.map(() => left.splice(chance.below(left.length), 1)[0]!);
    });
  }
  async function shelf(sku: string) {
    const query = `query ($sku: String!) { stockLevel(sku: $sku, location: "MAIN") { onHand reserved
      movements { nodes { kind quantity } } } }`;
    const { stockLevel } = await desk.ask<{
      stockLevel: { onHand: string; reserved: string; movements: { nodes: { kind: string; quantity: string }[] } };
    }>(query, { sku });
    return { ...stockLevel, movements: stockLevel.movements.nodes.map(({ kind, quantity }) => `${kind} ${quantity}`) };
  }

  test('is taken off once, in whatever order its counts and shipments are heard', async () => {
    const erp = await Speaker.make(hub);
    for (const order of shuffled(['10@1', 'first', '8@2', 'second', '5@4'])) {
      const sku = await shelved('10');
      const { id } = await erp.order(sku, 1, [{ id: 'a', sku, quantity: '5' }]);
      for (const message of order) {
        const [onHand, minute] = message.split('@');
        if (message === 'first') await erp.shipment(`${sku}-1`, 2, sku, [{ sku, quantity: '2' }]);
        else if (message === 'second') await erp.shipment(`${sku}-2`, 4, sku, [{ sku, quantity: '3' }]);
        else await erp.stock(sku, Number(minute), { onHand: onHand! });
      }
      const { movements, ...level } = await shelf(sku);
      expect({ order, ...level }).toEqual({ order, onHand: '5', reserved: '0' });
      expect(movements.filter((each) => each.startsWith('SHIPMENT')).sort()).toEqual(['SHIPMENT -2', 'SHIPMENT -3']);
      expect((await desk.readOrder(id)).status).toBe('SHIPPED');
    }
    expect(await brokenInvariants(hub.database.url)).toEqual([]);
  });

  test('may be all there was, and what its order waits for here', async () => {
    const erp = await Speaker.make(hub);
    const sku = await shelved('5');
    await erp.stock(sku, 3, { onHand: '0' });
    await erp.order(sku, 1, [{ id: 'a', sku, quantity: '5' }]);
    expect(await erp.shipment(sku, 2, sku, [{ sku, quantity: '5' }])).toEqual({ effect: 'created' });
    expect(await shelf(sku)).toMatchObject({ onHand: '0', reserved: '0' });
    const { id: customerId } = await desk.customer();
    const external = { integration: erp.code, externalId: `${sku}-ours` };
    const waiting = { customerId, confirm: true, allowBackorder: true, lines: [{ sku, quantity: '2' }] };
    const { id } = await desk.order({ ...waiting, external });
    const another = await desk.order({ ...waiting, external: null });
    await erp.shipment(`${sku}-ours`, 3, `${sku}-ours`, [{ sku, quantity: '2' }], 'DELIVERED');
    expect((await desk.readOrder(id)).status).toBe('DELIVERED');
    expect((await desk.readOrder(another.id)).lines).toMatchObject([{ backorderedQuantity: '2' }]);
    expect(await shelf(sku)).toMatchObject({ onHand: '0', reserved: '0' });
  });

  test('is taken off by what was packed before the count, and not again where it was sent from here', async () => {
    const erp = await Speaker.make(hub);
    const sku = await shelved('10');
    await erp.order(sku, 1, [{ id: 'a', sku, quantity: '5' }]);
    await erp.shipment(`${sku}-1`, 2, sku, [{ sku, quantity: '2' }], 'PACKED');
    await erp.stock(sku, 2, { onHand: '8' });
    // It left the stock there when it was packed.
    const packed = { stockLeftAt: at(2) };
    await erp.shipment(`${sku}-1`, 5, sku, [{ sku, quantity: '2' }], 'SHIPPED', packed);
    expect(await shelf(sku)).toMatchObject({ onHand: '8', reserved: '3' });
    await erp.shipment(`${sku}-2`, 6, sku, [{ sku, quantity: '1' }], 'PICKING');
    const ours = await desk.ask<{ order: { shipments: { id: string; status: string }[] } }>(
      `query ($external: ExternalIdInput!) { order(external: $external) { shipments { id status } } }`,
      { external: { integration: erp.code, externalId: sku } },
    );
    const { id: shipmentId } = ours.order.shipments.find(({ status }) => status === 'PICKING')!;
    await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
    expect(await shelf(sku)).toMatchObject({ onHand: '7', reserved: '2' });
    expect(await erp.stock(sku, 7, { onHand: '7' })).toMatchObject({ effect: 'unchanged' });
    await erp.shipment(`${sku}-2`, 7, sku, [{ sku, quantity: '1' }]);
    expect(await shelf(sku)).toMatchObject({ onHand: '7', reserved: '2' });
  });

  test('is taken off where the level is what was free to sell, which no shipment changes', async () => {
    const shop = await Speaker.make(hub);
    const sku = await shelved('10');
    const { id } = await shop.order(sku, 1, [{ id: 'a', sku, quantity: '2' }]);
    await desk.done('confirmOrder', { orderId: id });
    await shop.stock(sku, 3, { available: '6' });
    await shop.shipment(sku, 2, sku, [{ sku, quantity: '2' }]);
    expect(await desk.level(sku)).toMatchObject({ onHand: '6', reserved: '0', available: '6' });
  });
});

describe('an order that a channel states', () => {
  async function confirmed(shop: Speaker, externalId: string): Promise<{ id: string; sku: string }> {
    const sku = await desk.product('10.00', '10');
    const { id } = await shop.order(externalId, 1, [
      { id: 'a', sku, quantity: '3' },
      { id: 'b', sku, quantity: '1' },
    ]);
    await desk.done('confirmOrder', { orderId: id });
    return { id, sku };
  }

  test('gives back what the channel takes off once it is confirmed, and stays as it is when that is said again', async () => {
    const shop = await Speaker.make(hub);
    const { id, sku } = await confirmed(shop, 'less');
    expect(await desk.level(sku)).toMatchObject({ reserved: '4' });
    expect((await shop.order('less', 2, [{ id: 'a', sku, quantity: '2' }])).effect).toBe('updated');
    expect(await desk.level(sku)).toMatchObject({ reserved: '2', available: '8' });
    const order = await desk.readOrder(id);
    expect(order).toMatchObject({ status: 'CONFIRMED', total: { amount: '20.00' } });
    expect(order.lines).toMatchObject([
      { canceledQuantity: '1', reservedQuantity: '2' },
      { canceledQuantity: '1', reservedQuantity: '0' },
    ]);
    expect((await shop.order('less', 3, [{ id: 'a', sku, quantity: '2' }])).effect).toBe('unchanged');
    expect((await desk.readOrder(id)).version).toBe(order.version);
  });

  test('takes nothing more and no other price once it is confirmed', async () => {
    const shop = await Speaker.make(hub);
    const { id, sku } = await confirmed(shop, 'more');
    const before = await desk.readOrder(id);
    const a = { id: 'a', sku, quantity: '3' };
    await expect(shop.order('more', 2, [a, { id: 'b', sku, quantity: '2' }])).rejects.toThrow('cannot be taken over');
    await expect(shop.order('more', 2, [a, { id: 'c', sku, quantity: '2' }])).rejects.toThrow('cannot be taken over');
    expect(await desk.readOrder(id)).toEqual(before);
    expect(await desk.level(sku)).toMatchObject({ reserved: '4' });
  });

  test('is confirmed by what the channel has sent of it, with what it sold beside goods', async () => {
    const shop = await Speaker.make(hub);
    const sku = await shelved('10');
    const { id } = await shop.order('sent', 1, [{ id: 'a', sku, quantity: '3' }]);
    expect(await shop.shipment('p1', 2, 'sent', [{ sku, quantity: '2' }])).toEqual({ effect: 'created' });
    expect((await desk.readOrder(id)).status).toBe('PARTIALLY_SHIPPED');
    expect(await desk.level(sku)).toMatchObject({ onHand: '8', reserved: '1' });
    // A state from before it left comes late: the parcel stays where it is.
    expect(await shop.shipment('p1', 3, 'sent', [{ sku, quantity: '2' }], 'PICKING')).toEqual({ effect: 'updated' });
    expect((await desk.readOrder(id)).status).toBe('PARTIALLY_SHIPPED');
    const wrap = { id: 'b', sku: 'gift-wrap', quantity: '1' };
    const { id: wrapped } = await shop.order('wrapped', 1, [
      { id: 'a', sku, quantity: '1' },
      { ...wrap, requiresShipping: false },
    ]);
    expect(await shop.shipment('p3', 2, 'wrapped', [{ sku, quantity: '1' }])).toEqual({ effect: 'created' });
    expect((await desk.readOrder(wrapped)).status).toBe('SHIPPED');
    await shop.order('unknown', 1, [{ id: 'a', sku, quantity: '1' }, wrap]);
    await expect(shop.shipment('p4', 2, 'unknown', [{ sku, quantity: '1' }])).rejects.toThrow(
      'sku gift-wrap is not here',
    );
    const short = await shop.order('short', 1, [{ id: 'a', sku, quantity: '30' }]);
    await expect(shop.shipment('p2', 2, 'short', [{ sku, quantity: '2' }])).rejects.toThrow('available');
    expect((await desk.readOrder(short.id)).status).toBe('RECEIVED');
  });
});

test('a parcel of which a system states trouble holds its order, once, until it goes on', async () => {
  const shop = await Speaker.make(hub);
  const sku = await shelved('10');
  const { id } = await shop.order(sku, 1, [{ id: 'a', sku, quantity: '2' }]);
  const told = (minute: number, status: Parameters<Speaker['shipment']>[4]) =>
    shop.shipment(sku, minute, sku, [{ sku, quantity: '1' }], status);
  await told(2, 'DELIVERY_FAILED');
  expect(await desk.openHolds(id)).toMatchObject([{ reason: 'ADDRESS' }]);
  await told(3, 'DELIVERY_FAILED');
  await told(4, 'EXCEPTION');
  expect(await desk.openHolds(id)).toMatchObject([{ reason: 'ADDRESS' }]);
  // Another parcel of the order has left all the same; what has not is kept back.
  const other = (status: 'PACKED' | 'SHIPPED') => shop.shipment(`${sku}-2`, 4, sku, [{ sku, quantity: '1' }], status);
  await expect(other('PACKED')).rejects.toThrow('has a hold');
  expect(await other('SHIPPED')).toEqual({ effect: 'created' });
  expect(await desk.openHolds(id)).toHaveLength(1);
  await told(5, 'DELIVERED');
  expect(await desk.openHolds(id)).toEqual([]);
  const placed = (await desk.timeline(id)).filter(({ type }) => type.startsWith('HOLD_'));
  expect(placed.map(({ type, actor }) => [type, actor.name])).toEqual([
    ['HOLD_PLACED', shop.code],
    ['HOLD_RELEASED', shop.code],
  ]);
});

test('no value that names a person stands in the open part of an event', async () => {
  const crm = await Speaker.make(hub);
  const word = fresh('secretname');
  await crm.customer('1', 1, {
    name: word,
    contacts: [{ name: `${word} contact` }],
    billingAddress: { line1: word, city: word, country: 'IT' },
  });
  await crm.contact('p', 1, { name: `${word} person`, customerExternalIds: ['1'] });
  await crm.customer('2', 1, { name: `${word} two` });
  await crm.merged('customer', '1', ['2'], 3);
  const { rows } = await hub.hub.db.pool.query(
    `select 1 from event where changes::text || coalesce(data::text, '') || message like $1`,
    [`%${word}%`],
  );
  expect(rows).toEqual([]);
});
