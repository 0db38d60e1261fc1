import { parseJsonExactly, type Change, type StatedQuote } from '#connect';
import hubspot from '../index.js';

export const settings = { portalId: '24680135', taxIdProperty: 'vat_number' };

const AT = '2026-02-03T09:15:03.120Z';
type Properties = Record<string, string | null>;

export function object(id: string, properties: Properties, updatedAt = AT) {
  const modified = 'firstname' in properties ? 'lastmodifieddate' : 'hs_lastmodifieddate';
  return { id, updatedAt, properties: { [modified]: updatedAt, ...properties } };
}

export function company(properties: Properties = {}, id = '30111222333') {
  const none = { domain: null, phone: null, address: null, city: null, state: null, zip: null, country: null };
  return object(id, { ...none, name: 'Cantina Aurora', hs_merged_object_ids: null, ...properties });
}

export function contact(properties: Properties = {}, companies: string[] = ['30111222333'], id = '40111222333') {
  const none = { phone: null, jobtitle: null, address: null, city: null, state: null, zip: null, country: null };
  const known = { firstname: 'Carla', lastname: 'De Rossi', email: 'carla@example.com' };
  return { contact: object(id, { ...none, ...known, ...properties }), companies };
}

export function line(properties: Properties = {}, id = '70000000001') {
  const none = { discount: null, hs_discount_percentage: null };
  return object(id, { ...none, name: 'Lamp', hs_sku: 'LAMP-1', quantity: '2', price: '24.40', ...properties });
}

export function quote(properties: Properties = {}, id = '512001', updatedAt = AT) {
  const known = {
    hs_status: 'APPROVAL_NOT_NEEDED',
    hs_quote_number: 'HQ-20001',
    hs_quote_amount: '48.80',
    hs_currency: 'EUR',
    hs_expiration_date: '2026-12-31',
  };
  return object(id, { ...known, ...properties }, updatedAt);
}

export function deal(properties: Properties = {}, quotes = [quote()], id = '600001') {
  const open = { dealstage: 'contractsent', hs_is_closed: 'false', hs_is_closed_won: 'false', closedate: null };
  const known = { ...open, deal_currency_code: 'EUR', ...properties };
  return {
    deal: object(id, known, '2026-02-05T10:00:00Z'),
    companies: ['30111222333'],
    contacts: [] as string[],
    quotes,
  };
}
export const WON = { dealstage: '98765', hs_is_closed: 'true', hs_is_closed_won: 'true' };
export const LOST = { dealstage: '98766', hs_is_closed: 'true', hs_is_closed_won: 'false' };

export function bundle(parts: Partial<ReturnType<typeof wholeBundle>> = {}) {
  return { ...wholeBundle(), ...parts };
}
function wholeBundle() {
  return { quote: quote(), lines: [line()], companies: ['30111222333'], contacts: [] as string[], deals: [deal()] };
}

/** What a stream reads of a record as it is kept. */
export function read(stream: string, raw: unknown, more: object = {}): Change[] {
  const kept = parseJsonExactly(Buffer.from(JSON.stringify(raw)));
  const { settings: checked, issues } = hubspot.check(
    { ...settings, ...more },
    { clientSecret: 's', accessToken: 't' },
  );
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  return hubspot.pull.get(stream)!.read(kept, { settings: checked });
}

export function readQuote(parts: Parameters<typeof bundle>[0], more: object = {}): StatedQuote {
  const [change, ...others] = read('quotes', bundle(parts), more);
  if (change?.kind !== 'quote' || others.length > 0) throw new Error(`expected a quote, got ${change?.kind}`);
  return change.quote;
}
