import { describe, expect, test } from '@jest/globals';
import { refuseUndeliverable } from '../../../src/modules/order-flow/address.rules.js';
import { Refusals } from '../../../src/shared/failures.js';

function faults(parts: object): string[] {
  const refusals = new Refusals();
  refuseUndeliverable({ line1: 'Via Roma 1', city: 'Bologna', country: 'IT', postalCode: '40121', ...parts }, refusals);
  return refusals.errors.map(({ field }) => field!.slice(1).join('.'));
}

describe('an address', () => {
  test.each([
    ['IT', '40121', '4012'],
    ['IT', 'I-40121', '401211'],
    ['CH', '8001', '80011'],
    ['DE', 'D 10115', '1011'],
    ['PL', '00-950', '0950'],
    ['PT', '1100-148', '1100'],
    ['LV', 'LV-1010', 'LV-10100'],
    ['SE', '114 55', '1145'],
    ['NL', '1012 ab', '1012'],
    ['GB', 'sw1a 1aa', '12345'],
    ['GB', 'M1 1AE', 'M1'],
    ['MT', 'VLT 1117', '1117'],
    ['JP', '100-0001', '100'],
  ])('in %s has a postal code such as %s, not %s', (country, right, wrong) => {
    expect(faults({ country, postalCode: right })).toEqual([]);
    expect(faults({ country, postalCode: wrong })).toEqual(['postalCode']);
    expect(faults({ country, postalCode: null })).toEqual(['postalCode']);
  });

  test('where carriers route by the region has one', () => {
    expect(faults({ country: 'US', postalCode: '10001-1234', region: 'NY' })).toEqual([]);
    expect(faults({ country: 'US', postalCode: '10001', region: ' ' })).toEqual(['region']);
    expect(faults({ country: 'CA', postalCode: 'K1A 0B1' })).toEqual(['region']);
  });

  test('may have any postal code where nobody knows their shape, and none where a letter arrives without', () => {
    expect(faults({ country: 'HK', postalCode: null })).toEqual([]);
    expect(faults({ country: 'IE', postalCode: null })).toEqual([]);
    expect(faults({ country: 'IE', postalCode: '123' })).toEqual(['postalCode']);
  });

  test('has a street, a city and a country that there is', () => {
    expect(faults({ line1: ' ', city: '', country: 'XX', postalCode: null })).toEqual(['country', 'line1', 'city']);
    expect(faults({ country: 'Italia', postalCode: null })).toEqual(['country']);
  });
});
