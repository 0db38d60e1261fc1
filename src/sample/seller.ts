import type { HubParts } from '../app.js';

/** As whom the sample company sells, where the configuration does not say who does. */
export const SAMPLE_SELLER: NonNullable<NonNullable<HubParts['documents']>['seller']> = {
  name: 'Officina Meridiana S.r.l.',
  address: ['Via dei Fabbri 12', '20121 Milano MI', 'Italia'],
  taxId: 'IT12345670017',
  payment: 'Bank transfer to Officina Meridiana S.r.l., IBAN IT60 X054 2811 1010 0000 0123 456.',
};
