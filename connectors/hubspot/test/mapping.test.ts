import { describe, expect, test } from '@jest/globals';
import { ConnectorFailure } from '#connect';
import { company, contact, read } from './fixtures.js';

describe('a company', () => {
  test('is a customer with what HubSpot says of it', () => {
    const place = { address: 'Via Portici 12', city: 'Bolzano', state: 'BZ', zip: '39100', country: 'Italy' };
    expect(read('companies', company({ ...place, phone: '+39 0471 1', vat_number: 'IT123' }))).toEqual([
      {
        kind: 'customer',
        customer: {
          externalId: '30111222333',
          externalUrl: 'https://app.hubspot.com/contacts/24680135/record/0-2/30111222333',
          sourceVersion: new Date('2026-02-03T09:15:03.120Z'),
          name: 'Cantina Aurora',
          kind: 'COMPANY',
          phone: '+39 0471 1',
          taxId: 'IT123',
          billingAddress: {
            line1: 'Via Portici 12',
            city: 'Bolzano',
            region: 'BZ',
            postalCode: '39100',
            country: 'IT',
          },
        },
      },
    ]);
  });

  test('says nothing of an address that is not whole or whose country nobody knows', () => {
    for (const country of [null, 'Middle-earth', 'Q']) {
      const [change] = read('companies', company({ address: 'Via Portici 12', city: 'Bolzano', country }));
      expect(change).not.toHaveProperty('customer.billingAddress');
    }
  });

  test('has its country by code, by English name and as people write it', () => {
    const countryOf = (properties: Record<string, string>) => {
      const [change] = read('companies', company({ address: 'a', city: 'b', ...properties }));
      return change?.kind === 'customer' && change.customer.billingAddress?.country;
    };
    expect([
      countryOf({ country: 'de' }),
      countryOf({ country: 'United Kingdom' }),
      countryOf({ country: 'USA' }),
      countryOf({ country: 'Deutschland' }),
      countryOf({ country: 'somewhere', hs_country_code: 'AT' }),
    ]).toEqual(['DE', 'GB', 'US', 'DE', 'AT']);
  });

  test('goes by its domain where it has no name', () => {
    expect(read('companies', company({ name: null, domain: 'aurora.example' }))).toMatchObject([
      { customer: { name: 'aurora.example' } },
    ]);
  });

  test('names those that were merged into it', () => {
    expect(read('companies', company({ hs_merged_object_ids: '30111222333;9;10' }))[0]).toEqual({
      kind: 'merged',
      record: 'customer',
      externalId: '30111222333',
      mergedIds: ['9', '10'],
      sourceVersion: new Date('2026-02-03T09:15:03.120Z'),
    });
  });

  test('without a field that is always there is not taken for an empty one', () => {
    const raw = company();
    delete (raw.properties as Record<string, unknown>).name;
    expect(() => read('companies', raw)).toThrow('name of 30111222333: expected a text or null, got nothing');
    expect(() => read('companies', { ...raw, updatedAt: 'yesterday' })).toThrow(ConnectorFailure);
  });
});

describe('a contact', () => {
  test('is a person at the companies it belongs to', () => {
    expect(read('contacts', contact({ jobtitle: 'Owner' }, ['1', '2']))).toEqual([
      {
        kind: 'contact',
        contact: {
          externalId: '40111222333',
          sourceVersion: new Date('2026-02-03T09:15:03.120Z'),
          name: 'Carla De Rossi',
          email: 'carla@example.com',
          phone: null,
          role: 'Owner',
          customerExternalIds: ['1', '2'],
        },
      },
    ]);
  });

  test('of no company is a customer of its own only where the settings say so or the hub made it', () => {
    const kinds = (properties: Record<string, string>, more: object = {}) =>
      read('contacts', contact(properties, []), more).map((change) => change.kind);
    expect(kinds({})).toEqual(['contact']);
    expect(kinds({}, { contactsWithoutCompany: 'customers' })).toEqual(['customer']);
    expect(kinds({ hub_customer_number: 'C-7' })).toEqual(['customer']);
    expect(read('contacts', contact({ hub_customer_number: 'C-7' }, []))).toMatchObject([
      { customer: { externalId: 'contact-40111222333', kind: 'PERSON', name: 'Carla De Rossi' } },
    ]);
  });

  test('that is a customer and belongs to a company is both', () => {
    const kinds = read('contacts', contact({ hub_customer_number: 'C-7' })).map((change) => change.kind);
    expect(kinds).toEqual(['customer', 'contact']);
  });

  test('goes by its e-mail address where it has no name', () => {
    expect(read('contacts', contact({ firstname: null, lastname: null }))).toMatchObject([
      { contact: { name: 'carla@example.com' } },
    ]);
  });
});
