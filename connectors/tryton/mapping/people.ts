import { readWire, type Change, type StatedAddress } from '#connect';
import type { z } from 'zod';
import { recordUrl, type Settings } from '../settings.js';
import { flag, id, latest, list, record, stampOf, text, textOf, times } from '../wire/parts.js';

const dotted = (field: string) => record({ [field]: text.nullish() }).nullish();
export const address = record({
  id,
  party_name: text.nullish(),
  name: text.nullish(),
  street: text.nullish(),
  postal_code: text.nullish(),
  city: text.nullish(),
  'country.': record({ code: text.nullish() }).nullish(),
  'subdivision.': record({ name: text.nullish() }).nullish(),
  active: flag,
  invoice: flag.nullish(),
  delivery: flag.nullish(),
  ...times,
});
export type Address = z.infer<typeof address>;

const partyShape = record({
  party: record({
    id,
    name: text.nullish(),
    code: text.nullish(),
    active: flag,
    'tax_identifier.': dotted('code'),
    ...times,
  }),
  addresses: list(address),
  mechanisms: list(record({ id, type: text, value: text.nullish(), active: flag.nullish(), ...times })),
  identifiers: list(record({ id, code: text.nullish(), ...times })),
});

/** A party is no customer or supplier by itself: the settings may name the category that makes one. */
export function customerChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const { party, addresses, mechanisms, identifiers } = readWire(partyShape, raw);
  const used = addresses.filter(({ active }) => active);
  const billing = used.find(({ invoice }) => invoice === true) ?? used[0];
  const forGoods = used.some(({ delivery }) => delivery === true) ? used.filter(({ delivery }) => delivery) : used;
  const reached = (...types: string[]): string | null =>
    mechanisms
      .filter(({ type, active }) => types.includes(type) && active !== false)
      .map(({ value }) => textOf(value))
      .find((value) => value !== undefined) ?? null;
  const billingAddress = billing ? wholeAddress(billing) : null;
  const taxId = textOf(party['tax_identifier.']?.code);
  const email = reached('email');
  return [
    {
      kind: 'customer',
      customer: {
        externalId: party.id,
        ...recordUrl(settings, 'party.party', party.id),
        sourceVersion: new Date(latest([party, ...addresses, ...mechanisms, ...identifiers].map(stampOf))),
        name: textOf(party.name) ?? textOf(party.code) ?? `Party ${party.id}`,
        // Who has a tax number is a company; who has none may still be one.
        ...(taxId !== undefined && { kind: 'COMPANY' as const, taxId }),
        email: email?.includes('@') ? email : null,
        phone: reached('phone', 'mobile'),
        isActive: party.active,
        ...(billingAddress && { billingAddress }),
        shippingAddresses: forGoods.map(wholeAddress).filter((each) => each !== null),
      },
    },
  ];
}

/** A party may keep half an address: such a one is none. */
export function wholeAddress(given: Address): StatedAddress | null {
  // Several lines of one text; behind the second there is no place for more.
  const lines = (given.street ?? '').split('\n').map((line) => line.trim());
  const [line1, ...others] = lines.filter((line) => line !== '');
  const city = textOf(given.city);
  const country = textOf(given['country.']?.code);
  if (line1 === undefined || city === undefined || country === undefined || !/^[A-Z]{2}$/.test(country)) return null;
  const line2 = [textOf(given.name), ...others].filter((part) => part !== undefined).join(', ');
  return {
    ...(textOf(given.party_name) && { name: textOf(given.party_name) }),
    line1,
    ...(line2 && { line2 }),
    city,
    ...(textOf(given['subdivision.']?.name) && { region: textOf(given['subdivision.']?.name) }),
    ...(textOf(given.postal_code) && { postalCode: textOf(given.postal_code) }),
    country,
  };
}
