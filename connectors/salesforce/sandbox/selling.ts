import type { Chance, SandboxOptions } from '#connect';
import type { Org, Thing, Values } from './org.js';
import type { Type } from './schema.js';

export type Product = SandboxOptions['products'][number];
export interface From {
  chance: Chance;
  products: readonly Product[];
  currency: string;
  n: number;
  nextId(type: Type): string;
  productId(sku: string): string;
}
export interface Offer {
  opportunity: Thing;
  quote: Thing;
  lines: Thing[];
  cents: number;
}

/** An opportunity with its primary quote, still to be calculated; some of the lines are bundles with parts. */
export function makeOffer(org: Org, from: From, accountId: string): Offer {
  const { chance, n, currency: CurrencyIsoCode, nextId } = from;
  const opportunity = org.make('Opportunity', nextId('Opportunity'), {
    ...{ AccountId: accountId, Name: `Deal ${n}`, StageName: 'Proposal', CloseDate: '2026-12-31' },
    ...{ IsWon: false, IsClosed: false, CurrencyIsoCode },
  });
  const status = chance.below(5) === 0 ? chance.oneOf(['Draft', 'In Review']) : chance.oneOf(['Approved', 'Presented']);
  const quote = org.make('SBQQ__Quote__c', nextId('SBQQ__Quote__c'), {
    ...{ Name: `Q-${String(n).padStart(5, '0')}`, SBQQ__Account__c: accountId },
    ...{ SBQQ__Opportunity2__c: opportunity.id, SBQQ__Status__c: status, SBQQ__Primary__c: true },
    ...{ SBQQ__Ordered__c: false, SBQQ__ExpirationDate__c: chance.below(6) === 0 ? null : '2027-12-31' },
    ...{ SBQQ__SubscriptionTerm__c: 12, SBQQ__NetAmount__c: 0, SBQQ__Uncalculated__c: true, CurrencyIsoCode },
  });
  const lines: Thing[] = [];
  const add = (product: Product, more: Values): Thing => {
    const line = org.make('SBQQ__QuoteLine__c', nextId('SBQQ__QuoteLine__c'), {
      ...{
        Name: `QL-${n}-${lines.length + 1}`,
        SBQQ__Quote__c: quote.id,
        SBQQ__Product__c: from.productId(product.sku),
      },
      ...{ SBQQ__Number__c: lines.length + 1, SBQQ__Bundle__c: false, SBQQ__Optional__c: false },
      ...{ ...pricesOf(chance, product), CurrencyIsoCode, ...more },
    });
    lines.push(line);
    return line;
  };
  const rest = [...from.products];
  const wanted = Array.from(
    { length: Math.min(1 + chance.below(3), rest.length) },
    () => rest.splice(chance.below(rest.length), 1)[0]!,
  );
  for (const product of wanted) {
    const isBundle = chance.below(3) === 0;
    const line = add(product, { SBQQ__Bundle__c: isBundle });
    if (isBundle) add(chance.oneOf(from.products), { SBQQ__RequiredBy__c: line.id });
  }
  if (chance.below(4) === 0) add(chance.oneOf(from.products), { SBQQ__Optional__c: true });
  const sold = lines.filter(({ values }) => values.SBQQ__Optional__c !== true);
  const cents = sold.reduce((sum, { values }) => sum + Math.round(Number(values.SBQQ__NetTotal__c) * 100), 0);
  return { opportunity, quote, lines, cents };
}

function pricesOf(chance: Chance, product: Product): Values {
  const quantity = 1 + chance.below(4);
  const list = Math.round(Number(product.price) * 100);
  const isRecurring = chance.below(5) === 0;
  // For the whole term of twelve months.
  const regular = isRecurring ? list * 12 : list;
  const net = chance.below(3) === 0 ? Math.round(regular * 0.9) : regular;
  return {
    SBQQ__Quantity__c: quantity,
    SBQQ__ListPrice__c: list / 100,
    SBQQ__NetPrice__c: net / 100,
    SBQQ__NetTotal__c: (net * quantity) / 100,
    SBQQ__ChargeType__c: isRecurring ? 'Recurring' : chance.oneOf(['One-Time', null]),
    SBQQ__BillingFrequency__c: isRecurring ? chance.oneOf(['Monthly', 'Quarterly', 'Annual']) : null,
  };
}

/** An order that a person types in, without a quote. */
export function makeOrder(org: Org, from: From, accountId: string): { order: Thing; cents: number } {
  const { chance, n, currency: CurrencyIsoCode, nextId } = from;
  const order = org.make('Order', nextId('Order'), {
    ...{ OrderNumber: String(n).padStart(8, '0'), AccountId: accountId, Status: 'Draft', StatusCode: 'Draft' },
    ...{ EffectiveDate: '2026-02-20', TotalAmount: 0, IsReductionOrder: false, CurrencyIsoCode },
    ...{ PoNumber: chance.below(2) === 0 ? `PO-${n}` : null, ShippingStreet: `Via Roma ${n}`, ShippingCity: 'Trento' },
    ShippingCountry: 'Italy',
  });
  const items = Array.from({ length: 1 + chance.below(2) }, (_, index) => {
    const [product, Quantity] = [chance.oneOf(from.products), 1 + chance.below(3)];
    const cents = Math.round(Number(product.price) * 100);
    org.make('OrderItem', nextId('OrderItem'), {
      ...{ OrderId: order.id, OrderItemNumber: String(n * 10 + index), Product2Id: from.productId(product.sku) },
      ...{ Quantity, UnitPrice: cents / 100, TotalPrice: (cents * Quantity) / 100, CurrencyIsoCode },
    });
    return cents * Quantity;
  });
  return { order, cents: items.reduce((a, b) => a + b) };
}
