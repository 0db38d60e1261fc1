import { rejected, type OutgoingCustomer, type PushDefinition, type Sent } from '#connect';
import { create, find, search, write, type Context } from '../client.js';
import { codeOfCustomer } from '../mapping/marks.js';
import { customers as pull } from '../pull/customers.js';
import type { Credentials, Settings } from '../settings.js';
import { flag, text } from '../wire/parts.js';
import { idOf, type Sendable } from '../wire/values.js';
import { addressOf, addressValues } from './addresses.js';
import { eachInTurn } from './outcomes.js';

/**
 * The hub’s customers as parties, so that their orders can be sales. A party that people made is written only where it is
 * said otherwise, and nothing of it is deleted: addresses are added.
 */
export const customers: PushDefinition<Settings, Credentials, 'customer'> = {
  of: 'customer',
  tellsAllAtFirst: true,
  most: 10,

  send: (context, batch) => eachInTurn(batch, ({ record }) => tell(context, record)),
};

async function tell(context: Context, customer: OutgoingCustomer): Promise<Sent> {
  const code = codeOfCustomer(customer.number);
  const known = customer.externalId ?? (await partyWith(context, code));
  const party = known ?? (await make(context, customer, code));
  if (known !== null) await change(context, customer, party);
  const now = await pull.one!(context, party);
  if (!now) throw rejected(`customer ${customer.number}: Tryton has no party ${party}`);
  return { externalId: party, version: now.version, modifiedAt: now.modifiedAt };
}

/** Codes are unique there. */
export async function partyWith(context: Context, code: string): Promise<string | null> {
  const asked = { domain: [['code', '=', code]], fields: ['code'], limit: 1 };
  return (await search(context, 'party.party', asked))[0]?.id ?? null;
}

/** In one call, so that there is never half of one; codes are unique there, so that there are never two. */
async function make(context: Context, customer: OutgoingCustomer, code: string): Promise<string> {
  const { name, email, phone, taxId, isActive, billingAddress, shippingAddresses } = customer;
  const addresses: Record<string, Sendable>[] = [];
  const isSame = JSON.stringify(billingAddress) === JSON.stringify(shippingAddresses[0]);
  if (billingAddress) {
    addresses.push({ ...(await addressValues(context, billingAddress)), invoice: true, delivery: isSame });
  }
  for (const address of isSame ? shippingAddresses.slice(1) : shippingAddresses) {
    addresses.push({ ...(await addressValues(context, address)), delivery: true, invoice: false });
  }
  const mechanisms = [...(email === null ? [] : [['email', email]]), ...(phone === null ? [] : [['phone', phone]])];
  const { customerCategory } = context.settings;
  return create(context, 'party.party', {
    name,
    code,
    active: isActive,
    addresses: addresses.length === 0 ? [] : [['create', addresses]],
    contact_mechanisms:
      mechanisms.length === 0 ? [] : [['create', mechanisms.map(([type, value]) => ({ type, value }))]],
    // Without a type no rule of a country's tax office refuses it.
    ...(taxId !== null && { identifiers: [['create', [{ type: null, code: taxId }]]] }),
    ...(customerCategory !== undefined && { categories: [['add', [Number(customerCategory)]]] }),
  });
}

async function change(context: Context, customer: OutgoingCustomer, party: string): Promise<void> {
  const { name, email, phone, isActive, number, billingAddress, shippingAddresses } = customer;
  const asked = { domain: [['id', '=', idOf(party)]], fields: ['name', 'active'] };
  const [there] = await find(context, 'party.party', asked, { name: text.nullish(), active: flag });
  if (!there) throw rejected(`customer ${number}: Tryton has no party ${party}`);
  if (there.name !== name || there.active !== isActive) {
    await write(context, 'party.party', [party], { name, active: isActive });
  }
  await reach(context, party, ['email'], email);
  await reach(context, party, ['phone', 'mobile'], phone);
  if (billingAddress) await addressOf(context, party, billingAddress, 'invoice');
  for (const address of shippingAddresses) await addressOf(context, party, address, 'delivery');
}

/** The first way of its kind is the one that the hub keeps in step. */
async function reach(context: Context, party: string, types: string[], value: string | null): Promise<void> {
  if (value === null) return;
  const domain = [['party', '=', idOf(party)], ['type', 'in', types], ['active', '=', true]]; // prettier-ignore
  const model = 'party.contact_mechanism';
  const [first] = await find(context, model, { domain, fields: ['value'], limit: 1 }, { value: text.nullish() });
  if (!first) await create(context, model, { party: idOf(party), type: types[0], value });
  else if (first.value !== value) await write(context, model, [first.id], { value });
}
