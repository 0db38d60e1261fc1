import { rejected, type StatedAddress } from '#connect';
import { create, find, search, type Context } from '../client.js';
import { address as addressShape, wholeAddress } from '../mapping/people.js';
import { ADDRESS } from '../pull/customers.js';
import { idOf, type Sendable } from '../wire/values.js';

/** The party’s address that says the same, or a new one of it. */
export async function addressOf(
  context: Context,
  party: string,
  wanted: StatedAddress,
  use: 'invoice' | 'delivery',
): Promise<string> {
  const { id: _, ...shape } = addressShape.shape;
  const asked = { domain: [['party', '=', idOf(party)]], fields: ADDRESS };
  const known = await find(context, 'party.address', asked, shape);
  const same = known.find((each) => each.active && textOfAddress(wholeAddress(each)) === textOfAddress(asKept(wanted)));
  if (same) return same.id;
  const values = await addressValues(context, wanted);
  return create(context, 'party.address', { party: idOf(party), ...values, [use]: true });
}

/** An address of the party, where an order has none of its own. */
export async function anyAddress(context: Context, party: string): Promise<string | null> {
  const asked = { domain: [['party', '=', idOf(party)], ['active', '=', true]], fields: ['sequence'], limit: 1 }; // prettier-ignore
  return (await search(context, 'party.address', asked))[0]?.id ?? null;
}

export async function addressValues(context: Context, wanted: StatedAddress): Promise<Record<string, Sendable>> {
  const kept = asKept(wanted);
  return {
    party_name: kept.name ?? null,
    street: [kept.line1, kept.line2].filter((line) => line !== undefined).join('\n'),
    postal_code: kept.postalCode ?? null,
    city: kept.city,
    country: await countryOf(context, kept.country),
  };
}

/** A name has one place there, and a region none that takes any text: it goes behind the city’s street. */
function asKept({ name, company, line1, line2, city, region, postalCode, country }: StatedAddress): StatedAddress {
  const shown = [company, name].filter((part) => part !== undefined).join(', ');
  const second = [line2, region].filter((part) => part !== undefined).join(', ');
  return {
    ...(shown && { name: shown }),
    line1,
    ...(second && { line2: second }),
    city,
    ...(postalCode !== undefined && { postalCode }),
    country,
  };
}

function textOfAddress(address: StatedAddress | null): string | null {
  if (!address) return null;
  const { name, line1, line2, city, postalCode, country } = address;
  return JSON.stringify([name, line1, line2, city, postalCode, country].map((part) => part?.trim() ?? ''));
}

async function countryOf(context: Context, code: string): Promise<number> {
  const [country] = await search(context, 'country.country', {
    domain: [['code', '=', code]],
    fields: ['code'],
    limit: 1,
  });
  if (!country) throw rejected(`country: Tryton knows no country "${code}"`);
  return idOf(country.id);
}
