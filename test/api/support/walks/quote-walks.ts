import { quoteMachine, type QuoteStatus } from '../../../../src/modules/quotes/quote.states.js';
import { eur, fresh, type Payload, type Quote } from '../desk.js';
import type { WalkDesk } from './walk-desk.js';
import { row, type Walk, type Walks } from './walk.js';

interface Kept {
  id: string;
}
const A_MONTH_MS = 30 * 86_400_000;

/** Quotes of two for a customer, and how each of their statuses is come to. */
class Quotes {
  constructor(private readonly open: () => WalkDesk) {}

  get desk(): WalkDesk {
    return this.open();
  }

  made(): Promise<Kept> {
    const { customerId, goods } = this.desk.beside;
    return this.desk.quote({ customerId, lines: [{ sku: goods, quantity: '2' }] });
  }

  /** Which a rule wants to be approved. */
  async large(): Promise<Kept> {
    const { seller, customerId, goods } = this.desk.beside;
    const francs = (amount: string) => ({ amount, currency: 'CHF' });
    await this.desk.done('upsertApprovalRule', {
      code: 'francs',
      totalOver: francs('0.00'),
      approverRoles: ['FINANCE'],
    });
    const lines = [{ sku: goods, quantity: '2', unitPrice: francs('5.00') }];
    return seller.quote({ customerId, currency: 'CHF', lines });
  }

  act(name: string, { id }: Kept, more: object = {}): Promise<unknown> {
    return this.desk.done(name, { quoteId: id, ...more });
  }

  submit({ id }: Kept): Promise<unknown> {
    return this.desk.beside.seller.done('submitQuote', { quoteId: id });
  }

  async convertSome(kept: Kept): Promise<void> {
    const [line] = (await this.desk.readQuote(kept.id)).lines;
    await this.act('convertQuoteToOrder', kept, { lines: [{ lineId: line!.id, quantity: '1' }] });
  }

  /** Behind its validity. */
  async expire(): Promise<void> {
    this.desk.test.clock.forward(A_MONTH_MS);
    await this.desk.test.hub.upkeep.run('expire-quotes');
  }

  async in(status: QuoteStatus): Promise<Kept> {
    const kept = await (status === 'PENDING_APPROVAL' || status === 'REJECTED' ? this.large() : this.made());
    for (const step of WAYS[status]) await step(this, kept);
    return kept;
  }

  /** As a quoting tool of its own states it. */
  async statedBy(tool: string, status: string): Promise<Kept> {
    const { customerId, goods } = this.desk.beside;
    const external = { integration: tool, externalId: fresh('deal') };
    const validUntil = new Date(this.desk.test.clock.now().getTime() + A_MONTH_MS).toISOString();
    const lines = [{ lineId: 'a', sku: goods, quantity: '2', unitPrice: eur('9.00') }];
    const input = { external, sourceVersion: '1', status, customerId, currency: 'EUR', validUntil, lines };
    return (await this.desk.done<Payload<'quote', Quote>>('upsertExternalQuote', input)).quote!;
  }

  async read({ id }: Kept) {
    const query = `query($id: ID!) { quote(id: $id) { status version
      history(first: 100) { nodes { type changes { field from to } } } } }`;
    interface Told {
      status: string;
      version: number;
      history: { nodes: { type: string; changes: { field: string; from: unknown; to: unknown }[] }[] };
    }
    const { status, version, history } = (await this.desk.ask<{ quote: Told }>(query, { id })).quote;
    const events = history.nodes.filter(({ type }) => type === 'STATUS_CHANGED');
    const changes = events.flatMap((event) => event.changes.filter(({ field }) => field === 'status'));
    return { status, version, moves: changes.map(({ from, to }) => row(String(from), String(to))) };
  }
}

type Step = (quotes: Quotes, kept: Kept) => Promise<unknown>;
const by =
  (name: string): Step =>
  (quotes, kept) =>
    quotes.act(name, kept);
const SUBMIT: Step = (quotes, kept) => quotes.submit(kept);
const WAYS: Record<QuoteStatus, Step[]> = {
  DRAFT: [],
  PENDING_APPROVAL: [SUBMIT],
  APPROVED: [SUBMIT],
  SENT: [by('sendQuote')],
  ACCEPTED: [by('sendQuote'), by('acceptQuote')],
  DECLINED: [by('sendQuote'), by('declineQuote')],
  REJECTED: [SUBMIT, by('rejectQuote')],
  EXPIRED: [(quotes) => quotes.expire()],
  PARTIALLY_CONVERTED: [by('acceptQuote'), (quotes, kept) => quotes.convertSome(kept)],
  CONVERTED: [by('acceptQuote'), by('convertQuoteToOrder')],
  SUPERSEDED: [by('reviseQuote')],
  CANCELED: [by('cancelQuote')],
};

export function quoteWalks(open: () => WalkDesk): Walks<QuoteStatus, Kept> {
  const quotes = new Quotes(open);
  const input = ({ id: quoteId }: Kept) => ({ quoteId });
  const EXPIRED = 'QUOTE_EXPIRED';
  return {
    machine: quoteMachine,
    in: (status) => quotes.in(status),
    read: (kept) => quotes.read(kept),
    walks: walksOf(quotes),
    asks: [
      { mutation: 'submitQuote', to: 'PENDING_APPROVAL', input, codes: { EXPIRED } },
      // What waits for no approval is submitted first.
      { mutation: 'approveQuote', to: 'APPROVED', input, isNotTheWayFrom: ['DRAFT'] },
      { mutation: 'rejectQuote', to: 'REJECTED', input },
      { mutation: 'sendQuote', to: 'SENT', input, codes: { EXPIRED } },
      { mutation: 'acceptQuote', to: 'ACCEPTED', input, codes: { EXPIRED, SUPERSEDED: 'QUOTE_SUPERSEDED' } },
      { mutation: 'declineQuote', to: 'DECLINED', input, codes: { EXPIRED } },
      { mutation: 'cancelQuote', to: 'CANCELED', input, codes: { EXPIRED } },
      {
        mutation: 'reviseQuote',
        to: 'SUPERSEDED',
        input,
        // What has come to its end stays so, and a new revision begins as a DRAFT; of what was superseded, the newest.
        stays: ['REJECTED', 'DECLINED', 'EXPIRED', 'CONVERTED', 'CANCELED'],
        codes: { SUPERSEDED: 'QUOTE_SUPERSEDED' },
      },
    ],
    unreached: {},
  };
}

function walksOf(quotes: Quotes): Walk<QuoteStatus, Kept>[] {
  const one = (from: QuoteStatus, to: QuoteStatus, how: string, more: Partial<Walk<QuoteStatus, Kept>> = {}) => ({
    ...{ path: [from, to] as const, how, step: (kept: Kept) => quotes.act(how, kept) },
    ...more,
  });
  const clock = { step: () => quotes.expire() };
  const open: QuoteStatus[] = ['DRAFT', 'PENDING_APPROVAL', 'APPROVED', 'SENT'];
  const accepted: QuoteStatus[] = ['ACCEPTED', 'PARTIALLY_CONVERTED'];
  const submit = { step: (kept: Kept) => quotes.submit(kept) };
  return [
    { path: [null, 'DRAFT'], how: 'createQuote', make: () => quotes.in('DRAFT') },
    {
      path: [null, 'DRAFT', 'SENT', 'DECLINED'],
      how: 'upsertExternalQuote',
      make: async () => quotes.statedBy(await quotes.desk.integration(), 'DECLINED'),
    },
    one('DRAFT', 'PENDING_APPROVAL', 'submitQuote', { make: () => quotes.large(), ...submit }),
    one('DRAFT', 'APPROVED', 'submitQuote', submit),
    one('DRAFT', 'SENT', 'sendQuote'),
    one('DRAFT', 'ACCEPTED', 'acceptQuote'),
    one('PENDING_APPROVAL', 'APPROVED', 'approveQuote'),
    one('PENDING_APPROVAL', 'REJECTED', 'rejectQuote'),
    one('APPROVED', 'SENT', 'sendQuote'),
    one('APPROVED', 'ACCEPTED', 'acceptQuote'),
    one('SENT', 'ACCEPTED', 'acceptQuote'),
    one('SENT', 'DECLINED', 'declineQuote'),
    one('ACCEPTED', 'PARTIALLY_CONVERTED', 'convertQuoteToOrder of some', { step: (kept) => quotes.convertSome(kept) }),
    one('ACCEPTED', 'CONVERTED', 'convertQuoteToOrder'),
    one('PARTIALLY_CONVERTED', 'CONVERTED', 'convertQuoteToOrder'),
    ...open.map((from) => one(from, 'SUPERSEDED', 'reviseQuote')),
    ...[...open, ...accepted].flatMap((from) => [
      one(from, 'CANCELED', 'cancelQuote'),
      one(from, 'EXPIRED', 'the clock', clock),
    ]),
  ];
}
