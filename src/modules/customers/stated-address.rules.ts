import type { Address } from '../../graph/values.type.js';
import type { CustomerValues } from './customer-input.rules.js';

interface Known {
  billingAddress?: Address | null | undefined;
  shippingAddresses: Address[];
}

/**
 * A system whose addresses have no place for a name, a company or a phone does not say that there is none: where the
 * place is one that is known, what is known of who is there stays.
 */
export function withKnownPeople(values: CustomerValues, { billingAddress, shippingAddresses }: Known): CustomerValues {
  const known = [...shippingAddresses, ...(billingAddress ? [billingAddress] : [])];
  const completed = (stated: Address, standing: Address | undefined): Address => {
    const same = [...(standing ? [standing] : []), ...known].find((one) => placeOf(one) === placeOf(stated));
    if (!same) return stated;
    const { name, company, phone } = stated;
    return {
      ...same,
      ...(name != null && { name }),
      ...(company != null && { company }),
      ...(phone != null && { phone }),
    };
  };
  return {
    ...values,
    ...(values.billingAddress && { billingAddress: completed(values.billingAddress, billingAddress ?? undefined) }),
    ...(values.shippingAddresses && {
      shippingAddresses: values.shippingAddresses.map((one, index) => completed(one, shippingAddresses[index])),
    }),
  };
}

function placeOf({ name: _name, company: _company, phone: _phone, ...place }: Address): string {
  return JSON.stringify(
    Object.entries(place)
      .filter(([, part]) => part != null)
      .sort(),
  );
}
