import { isEmptyValue, isSameValue } from '../references/index.js';
import type { Customer } from './customer.entity.js';

/** Fields of which the one that is kept has the say; the other's counts where it has none. */
const ONE_OF = ['email', 'phone', 'taxId', 'billingAddress', 'priceListId'] as const;
/** Lists that are put together. */
const UNITED = ['shippingAddresses', 'tags'] as const;

export type MergedField = (typeof ONE_OF)[number] | (typeof UNITED)[number] | 'creditLimit';

export interface MergedValues {
  values: Partial<Pick<Customer, MergedField extends 'creditLimit' ? never : Exclude<MergedField, 'creditLimit'>>> &
    Partial<Pick<Customer, 'creditLimitMinor' | 'creditLimitCurrency'>>;
  /** What the kept one has of the other now. */
  taken: MergedField[];
}

/**
 * What a customer is once another has become one with it. Name, kind and whether it is active are the kept one's: that is
 * the one the source says is left. A credit limit is amount and currency together, and is never added up.
 */
export function mergedValues(kept: Customer, other: Customer): MergedValues {
  const values: Record<string, unknown> = {};
  const taken: MergedField[] = [];
  for (const field of ONE_OF) {
    if (!isEmptyValue(kept[field]) || isEmptyValue(other[field])) continue;
    values[field] = other[field];
    taken.push(field);
  }
  for (const field of UNITED) {
    const own: readonly unknown[] = kept[field];
    const more = (other[field] as unknown[]).filter((value) => !own.some((one) => isSameValue(one, value)));
    if (more.length === 0) continue;
    values[field] = [...own, ...more];
    taken.push(field);
  }
  if (kept.creditLimitMinor == null && other.creditLimitMinor != null) {
    const { creditLimitMinor, creditLimitCurrency } = other;
    Object.assign(values, { creditLimitMinor, creditLimitCurrency });
    taken.push('creditLimit');
  }
  return { values, taken };
}
