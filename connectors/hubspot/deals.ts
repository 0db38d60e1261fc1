import { z } from 'zod';
import { readWire, rejected, type Change } from '#connect';
import {
  bundleShape,
  bundlesOf,
  DEAL_PROPERTIES,
  dealBundlesOf,
  dealShape,
  LINE_PROPERTIES,
  linesOf,
  objectsById,
  partsOfBundle,
  QUOTE_PROPERTIES,
  type Bundle,
} from './bundles.js';
import { associated, type Context } from './client.js';
import { modifiedBy, newest, type Source } from './pulling.js';
import { lineOf } from './quote-lines.js';
import { currencyOf, customerAmong, isClosed, quoteChanges } from './quotes.js';
import { recordUrl, type Settings } from './settings.js';
import { instantOf, needed, objectShape, type CrmObject } from './wire.js';

/** Before a deal’s id, where it stands for a quote or may: quotes have the same numbers. */
export const DEAL_PREFIX = 'deal-';
export const LINE_PREFIX = 'line-';
/** A deal says nothing of how long its prices hold. */
const DEAL_HOLDS_MS = 365 * 86_400_000;

const bundles = z.array(bundleShape);
const rawDealShape = z.object({ own: dealShape, lines: z.array(objectShape), quotes: bundles });
type RawDeal = z.infer<typeof rawDealShape>;

/** Deals decide which quotes were won or lost: a change of one is a change of its quotes, whose own times stay. */
export const deals: Source<RawDeal> = {
  of: 'quote',
  type: 'deals',
  modified: 'hs_lastmodifieddate',
  prefix: DEAL_PREFIX,
  isWhole: false,
  properties: () => DEAL_PROPERTIES,
  async gather(context, objects) {
    const owns = await dealBundlesOf(context, objects);
    const quotesOf = await bundlesByOwner(
      context,
      new Map(owns.map(({ deal, quotes }) => [deal.id, quotes.map(({ id }) => id)])),
    );
    const bare = owns.filter(({ quotes }) => quotes.length === 0).map(({ deal }) => deal.id);
    const countsDeals = context.settings.dealsWithoutQuote === 'quotes';
    const lines = countsDeals ? await linesOf(context, 'deals', bare) : null;
    return owns.map((own) => ({ own, lines: lines?.get(own.deal.id) ?? [], quotes: quotesOf.get(own.deal.id)! }));
  },
  partsOf: ({ own, lines, quotes }) => [
    { modifiedAt: modifiedBy(own.deal), isOwn: true, facts: [own.companies, own.contacts] },
    ...lines.map((line) => ({ modifiedAt: modifiedBy(line), isOwn: false, facts: line.id })),
    ...othersIn(quotes),
  ],
  read(value, settings) {
    const raw = readWire(rawDealShape, value);
    isClosed(raw.own);
    const changes = raw.quotes.flatMap((bundle) => quoteChanges(bundle, settings));
    return settings.dealsWithoutQuote === 'quotes' ? [...changes, ...dealAsQuote(raw, settings)] : changes;
  },
};

function dealAsQuote({ own, lines }: RawDeal, settings: Settings): Change[] {
  const { deal, companies, contacts, quotes } = own;
  const externalId = DEAL_PREFIX + deal.id;
  const sourceVersion = newest([deal, ...lines].map(modifiedBy));
  if (quotes.length > 0) return [{ kind: 'deleted', record: 'quote', externalId, sourceVersion }];
  const customerExternalId = customerAmong(`deal ${deal.id}`, companies, contacts);
  const closed = isClosed(own);
  if (lines.length === 0 || (customerExternalId === null && closed !== 'won')) return [];
  if (customerExternalId === null)
    throw rejected(`deal ${deal.id}: expected a company or contact that it is for, got none`);
  const closesAt = instantOf(needed(deal, 'closedate') ?? '') ?? sourceVersion;
  return [
    {
      kind: 'quote',
      quote: {
        externalId,
        externalUrl: recordUrl(settings, 'deals', deal.id),
        sourceVersion,
        status: closed === null ? 'DRAFT' : closed === 'won' ? 'ACCEPTED' : 'DECLINED',
        isWon: closed === 'won',
        customerExternalId,
        currency: currencyOf(deal, 'deal_currency_code', settings),
        validUntil: new Date(closesAt.getTime() + DEAL_HOLDS_MS),
        lines: lines.map((line) => lineOf(line, settings)),
      },
    },
  ];
}

const rawLineShape = z.object({ line: objectShape, quotes: bundles });
type RawLine = z.infer<typeof rawLineShape>;

/** Line items that change without their quote, such as a description. */
export const lineItems: Source<RawLine> = {
  of: 'quote',
  type: 'line_items',
  modified: 'hs_lastmodifieddate',
  prefix: LINE_PREFIX,
  isWhole: false,
  properties: () => LINE_PROPERTIES,
  async gather(context, objects) {
    const ids = objects.map(({ id }) => id);
    const owners = await associated(context, { from: 'line_items', to: 'quotes' }, ids);
    const quoteIds = new Map([...owners].map(([id, quotes]) => [id, quotes.map((quote) => quote.id)]));
    const quotesOf = await bundlesByOwner(context, quoteIds);
    return objects.map((line) => ({ line, quotes: quotesOf.get(line.id)! }));
  },
  partsOf: ({ line, quotes }) => [{ modifiedAt: modifiedBy(line), isOwn: true, facts: undefined }, ...othersIn(quotes)],
  read: (value, settings) => readWire(rawLineShape, value).quotes.flatMap((bundle) => quoteChanges(bundle, settings)),
};

function othersIn(quotes: readonly Bundle[]) {
  return quotes.flatMap(partsOfBundle).map((part) => ({ ...part, isOwn: false }));
}

async function bundlesByOwner(
  context: Context,
  quoteIdsOf: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, Bundle[]>> {
  const ids = [...new Set([...quoteIdsOf.values()].flat())];
  const quotes: CrmObject[] = [...(await objectsById(context, 'quotes', ids, QUOTE_PROPERTIES)).values()];
  const found = new Map(
    (quotes.length > 0 ? await bundlesOf(context, quotes) : []).map((each) => [each.quote.id, each]),
  );
  return new Map([...quoteIdsOf].map(([owner, own]) => [owner, own.flatMap((id) => found.get(id) ?? [])]));
}
