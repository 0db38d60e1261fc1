import { z } from 'zod';
import { findBy, type Context } from './client.js';
import { newest } from './pulling.js';
import type { Settings } from './settings.js';
import { idAt, modifiedOf, pick, recordShape, textAt, instantOf, type SalesforceRecord } from './wire.js';

/** A quote with all that it says: its lines, and by its relationships the opportunity. */
export const bundleShape = z.object({ quote: recordShape, lines: z.array(recordShape) });
export type Bundle = z.infer<typeof bundleShape>;

const OWN = ['Id', 'IsDeleted', 'SystemModstamp', 'LastModifiedDate'];

export function quoteFields({ currency }: Settings): string[] {
  return [
    'Name',
    'CreatedDate',
    'SBQQ__Account__c',
    'SBQQ__Status__c',
    'SBQQ__Primary__c',
    'SBQQ__Ordered__c',
    'SBQQ__ExpirationDate__c',
    'SBQQ__SubscriptionTerm__c',
    'SBQQ__NetAmount__c',
    'SBQQ__Uncalculated__c',
    'SBQQ__Opportunity2__c',
    ...['AccountId', 'IsWon', 'IsClosed', 'SystemModstamp'].map((name) => `SBQQ__Opportunity2__r.${name}`),
    ...(currency === undefined ? ['CurrencyIsoCode'] : []),
  ];
}

function lineFields({ skuField }: Settings): string[] {
  return [
    'SBQQ__Quote__c',
    'SBQQ__Product__c',
    `SBQQ__Product__r.${skuField}`,
    'SBQQ__Product__r.Name',
    'SBQQ__Number__c',
    'SBQQ__Quantity__c',
    'SBQQ__ListPrice__c',
    'SBQQ__NetPrice__c',
    'SBQQ__NetTotal__c',
    'SBQQ__RequiredBy__c',
    'SBQQ__Optional__c',
    'SBQQ__ChargeType__c',
    'SBQQ__BillingFrequency__c',
  ];
}

export async function bundlesOf(context: Context, quotes: readonly SalesforceRecord[]): Promise<Bundle[]> {
  const fields = [...OWN, ...lineFields(context.settings)];
  const ids = quotes.map(({ Id }) => Id);
  const found = await findBy(context, 'SBQQ__QuoteLine__c', { fields, by: 'SBQQ__Quote__c', ids });
  const linesOf = new Map<string, SalesforceRecord[]>(ids.map((id) => [id, []]));
  for (const line of found)
    linesOf.get(idAt(line, 'SBQQ__Quote__c') ?? '')?.push(pick(line, fields) as SalesforceRecord);
  return quotes.map((quote) => ({ quote, lines: linesOf.get(quote.Id)!.sort(byNumber) }));
}

/** The quotes of opportunities, whole. */
export async function bundlesAt(context: Context, opportunityIds: readonly string[]): Promise<Bundle[]> {
  const fields = [...OWN, ...quoteFields(context.settings)];
  const quotes = await findBy(context, 'SBQQ__Quote__c', { fields, by: 'SBQQ__Opportunity2__c', ids: opportunityIds });
  return bundlesOf(
    context,
    quotes.map((quote) => pick(quote, fields) as SalesforceRecord),
  );
}

function byNumber(a: SalesforceRecord, b: SalesforceRecord): number {
  const numberOf = (line: SalesforceRecord) => Number(line.SBQQ__Number__c ?? 0);
  return numberOf(a) - numberOf(b) || (a.Id < b.Id ? -1 : 1);
}

/** When the quote, a line or the opportunity last changed: each changes what the quote says. */
export function changedAt({ quote, lines }: Bundle): Date {
  const opportunity = textAt(quote, 'SBQQ__Opportunity2__r.SystemModstamp');
  return newest([quote, ...lines].map(modifiedOf).concat((opportunity !== null && instantOf(opportunity)) || []));
}
