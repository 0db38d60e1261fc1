import type { Chance, SandboxOptions } from '#connect';
import type { Crm, Thing } from './crm.js';

type Product = SandboxOptions['products'][number];

export interface Offer {
  deal: Thing;
  quote: Thing;
  lines: Thing[];
  total: string;
}

/** A deal with line items and a quote that has copies of them: a line item belongs to one of the two. */
export function makeOffer(
  crm: Crm,
  from: { chance: Chance; products: Product[]; currency: string; n: number; nextId: () => string },
  who: { company: Thing; contact: Thing | undefined },
): Offer {
  const { chance, currency, n, nextId } = from;
  const wanted = pickLines(chance, from.products);
  const total = amount(wanted.reduce((sum, { cents }) => sum + cents, 0));
  const deal = crm.make('deals', nextId(), {
    dealname: `Deal ${n}`,
    dealstage: 'presentationscheduled',
    pipeline: 'default',
    amount: total,
    deal_currency_code: currency,
    hs_is_closed: 'false',
    hs_is_closed_won: 'false',
  });
  const status = chance.below(5) === 0 ? chance.oneOf(['DRAFT', 'PENDING_APPROVAL']) : 'APPROVAL_NOT_NEEDED';
  const isToSign = chance.below(3) === 0;
  const quote = crm.make('quotes', nextId(), {
    hs_title: `Offer ${n}`,
    hs_status: status,
    hs_quote_number: `HQ-${20_000 + n}`,
    hs_quote_amount: total,
    hs_currency: currency,
    hs_expiration_date: '2027-12-31',
    hs_esign_enabled: String(isToSign),
    hs_esign_num_signers_required: isToSign ? '1' : null,
    hs_esign_num_signers_completed: isToSign ? '0' : null,
  });
  const lines = wanted.map(({ values }, index) => {
    const own = { ...values, hs_position_on_quote: String(index) };
    crm.link(deal, crm.make('line_items', nextId(), own), 19);
    const line = crm.make('line_items', nextId(), own);
    crm.link(quote, line, 67);
    return line;
  });
  crm.link(deal, who.company, 5);
  crm.link(quote, deal, 64);
  crm.link(quote, who.company, 71);
  if (who.contact) {
    crm.link(deal, who.contact, 3);
    crm.link(quote, who.contact, 69);
  }
  return { deal, quote, lines, total };
}

function pickLines(chance: Chance, products: Product[]): { values: Record<string, string | null>; cents: number }[] {
  const rest = [...products];
  return Array.from({ length: Math.min(1 + chance.below(3), rest.length) }, () => {
    const [product] = rest.splice(chance.below(rest.length), 1) as [Product];
    const quantity = 1 + chance.below(4);
    const price = Math.round(Number(product.price) * 100);
    const discount = chance.below(6);
    const off = discount === 0 ? Math.round(price / 10) : 0;
    const percent = discount === 1 ? 10 : 0;
    const isRecurring = chance.below(6) === 0;
    return {
      cents: Math.round(((price - off) * quantity * (100 - percent)) / 100),
      values: {
        name: product.name,
        hs_sku: product.sku,
        quantity: String(quantity),
        price: amount(price),
        discount: off > 0 ? amount(off) : null,
        hs_discount_percentage: percent > 0 ? String(percent) : null,
        recurringbillingfrequency: isRecurring ? 'monthly' : null,
        hs_recurring_billing_period: isRecurring ? 'P12M' : null,
      },
    };
  });
}

function amount(cents: number): string {
  const figures = String(cents).padStart(3, '0');
  return `${figures.slice(0, -2)}.${figures.slice(-2)}`;
}
