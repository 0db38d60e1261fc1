import type { PulledRecord } from '#connect';
import { search, type Context } from '../client.js';
import { customerChanges } from '../mapping/people.js';
import type { Settings } from '../settings.js';
import { idOf } from '../wire/values.js';
import { groupBy, OVERLAP_MS, pulled, secondLook, TIMES, type Pull } from './records.js';
import { belonging, censusOf, itself, step, type Walked } from './walk.js';

const PARTY = ['name', 'code', 'active', 'tax_identifier.code', ...TIMES];
export const ADDRESS = [
  'party',
  'party_name',
  'name',
  'street',
  'postal_code',
  'city',
  'country.code',
  'subdivision.name',
  'active',
  'invoice',
  'delivery',
  ...TIMES,
];
const MECHANISM = ['party', 'type', 'value', 'active', ...TIMES];
const IDENTIFIER = ['party', 'type', 'code', ...TIMES];

/** Parties with their addresses and the ways to reach them: one is new when any of these is. */
export const customers: Pull = {
  of: 'customer',
  everyMs: 5 * 60_000,
  overlapMs: OVERLAP_MS,

  page: (context, from) => step(context, walked(context.settings), from),
  one: async (context, externalId) => (await documents(context, [externalId]))[0] ?? null,
  census: (context, cursor) => censusOf(context, walked(context.settings), cursor),
  read: customerChanges,
};

function walked({ customerCategory }: Settings): Walked {
  const chosen = (path: string) => (customerCategory === undefined ? [] : [[path, '=', Number(customerCategory)]]);
  const own = chosen('party.categories');
  return {
    size: 50,
    sources: [
      itself('party.party', chosen('categories')),
      belonging('party.address', 'party', own),
      belonging('party.contact_mechanism', 'party', own),
      belonging('party.identifier', 'party', own),
    ],
    documents,
  };
}

async function documents(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  const found = await read(context, ids);
  return secondLook(context, found, { read: customerChanges, again: (id) => read(context, [id]) });
}

async function read(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  if (ids.length === 0) return [];
  const parties = await search(context, 'party.party', { domain: [['id', 'in', ids.map(idOf)]], fields: PARTY });
  const of = [['party', 'in', ids.map(idOf)]];
  const addresses = groupBy(await search(context, 'party.address', { domain: of, fields: ADDRESS }), 'party');
  const ways = await search(context, 'party.contact_mechanism', { domain: of, fields: MECHANISM });
  const mechanisms = groupBy(ways, 'party');
  const numbers = groupBy(await search(context, 'party.identifier', { domain: of, fields: IDENTIFIER }), 'party');
  return parties.map((party) => {
    const raw = {
      party,
      addresses: addresses.get(party.id) ?? [],
      mechanisms: mechanisms.get(party.id) ?? [],
      identifiers: numbers.get(party.id) ?? [],
    };
    return pulled(party.id, raw, [party, ...raw.addresses, ...raw.mechanisms, ...raw.identifiers]);
  });
}
