import { afterEach, describe, expect, test } from '@jest/globals';
import { loneHttp, type Change } from '#connect';
import hubspot from '../index.js';
import { census, faultsOf, openAccount, outcome, readAll, walk, type Account } from './account.js';

const accounts: Account[] = [];
afterEach(async () => {
  for (const account of accounts.splice(0)) await account.close();
});
async function open(options: Parameters<typeof openAccount>[0] = {}): Promise<Account> {
  const account = await openAccount(options);
  accounts.push(account);
  return account;
}
const quotesIn = (changes: Change[]) => changes.flatMap((change) => (change.kind === 'quote' ? [change.quote] : []));

describe('a walk', () => {
  test('finds every company, contact and quote of the account, oldest change first', async () => {
    const { sandbox, context } = await open();
    sandbox.act(60);
    for (const [stream, type] of [
      ['companies', 'companies'],
      ['contacts', 'contacts'],
      ['quotes', 'quotes'],
    ] as const) {
      const { records } = await walk(context, stream);
      expect(records.map(({ externalId }) => externalId).sort()).toEqual(
        sandbox.crm
          .live(type)
          .map(({ id }) => id)
          .sort(),
      );
      const times = records.map(({ modifiedAt }) => modifiedAt.getTime());
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(new Map(records.map(({ externalId, version }) => [externalId, version]))).toEqual(
        await census(context, stream),
      );
    }
  });

  test('begins where the last one ended and brings only what changed', async () => {
    const { sandbox, context } = await open();
    sandbox.act(30);
    const { records } = await walk(context, 'companies');
    const newest = records.at(-1)!.modifiedAt;
    const [company] = sandbox.crm.live('companies');
    sandbox.crm.change(company!, { phone: '+39 1' });
    const later = await walk(context, 'companies', new Date(newest.getTime() + 1));
    expect(later.records.map(({ externalId }) => externalId)).toEqual([company!.id]);
    expect(readAll(context, 'companies', later.records)).toMatchObject([{ customer: { phone: '+39 1' } }]);
  });

  test('loses nothing where records change while it is under way', async () => {
    const { sandbox, context } = await open();
    for (let n = 1; n <= 450; n += 1) sandbox.crm.make('companies', String(41_000_000_000 + n), { name: `Firm ${n}` });
    const pull = hubspot.pull.get('companies')!;
    const first = await pull.page(context, { since: null, cursor: null });
    expect(first).toMatchObject({ total: 450 });
    // Those move to the end: counted pages would skip as many that nobody has read.
    for (const { externalId } of first.records.slice(0, 50)) {
      sandbox.crm.change(sandbox.crm.find('companies', externalId)!, { phone: '1' });
    }
    const seen = new Set(first.records.map(({ externalId }) => externalId));
    for (let cursor = first.next; cursor !== null;) {
      const page = await pull.page(context, { since: null, cursor });
      for (const { externalId } of page.records) seen.add(externalId);
      cursor = page.next;
    }
    expect(seen.size).toBe(450);
  });

  test('gets past more records of one moment than a page holds, and never to the 10,000 that search shows', async () => {
    const { sandbox, context } = await open();
    for (let n = 1; n <= 450; n += 1) {
      const company = sandbox.crm.make('companies', String(41_000_000_000 + n), { name: `Firm ${n}` });
      if (n <= 10 || n > 440) continue;
      company.updatedAt = '2026-03-01T09:30:00.000Z';
      company.properties.hs_lastmodifieddate = company.updatedAt;
    }
    const { records, pages } = await walk(context, 'companies');
    expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(450);
    const cursors = pages.map(({ next }) => next);
    expect(new Set(cursors).size).toBe(cursors.length);
    expect(cursors.join()).not.toContain('after');
  });

  test('ends the same whatever goes wrong with its pages and records', async () => {
    const friendly = await open();
    friendly.sandbox.act(40);
    const modes = ['429', '500', 'reset', 'html', 'empty-page', 'repeated-page', 'cursor-loop'] as const;
    const faults = faultsOf([...modes, 'missing-field', 'unknown-enum', 'clock-skew', 'delay']);
    const hostile = await open({ faults });
    hostile.sandbox.act(40);
    for (const stream of ['companies', 'contacts', 'quotes'] as const) {
      const expected = outcome(friendly.context, stream, (await walk(friendly.context, stream)).records);
      const records = [];
      for (let round = 0; round < 2; round += 1) records.push(...(await walk(hostile.context, stream)).records);
      expect(outcome(hostile.context, stream, records)).toEqual(expected);
      const own = friendly.sandbox.crm.live(stream).map(({ id }) => id);
      expect([...(await census(hostile.context, stream)).keys()].sort()).toEqual(own.sort());
    }
    for (const mode of [...modes, 'missing-field', 'unknown-enum', 'clock-skew', 'delay'] as const) {
      expect([mode, faults.count(mode)]).not.toEqual([mode, 0]);
    }
  });

  test('gives up a place that leads nowhere', async () => {
    const { sandbox, context } = await open({ faults: faultsOf(['empty-page'], 1) });
    sandbox.act(5);
    const going = walk(context, 'companies');
    await expect(going).rejects.toMatchObject({ kind: 'transient' });
  });
});

describe('one record', () => {
  test('is read whole, is what a merged one became, and is null once it is gone', async () => {
    const { sandbox, context } = await open();
    const one = (stream: string, id: string) => hubspot.pull.get(stream)!.one!(context, id);
    const [a, b] = ['1', '2'].map((id) => sandbox.crm.make('companies', `4100000000${id}`, { name: `Firm ${id}` }));
    const merged = sandbox.crm.merge(a!, b!, '41000000009');
    const record = (await one('companies', a!.id))!;
    expect(record.externalId).toBe(merged.id);
    expect(readAll(context, 'companies', [record])).toMatchObject([
      { kind: 'merged', record: 'customer', externalId: merged.id, mergedIds: [a!.id, b!.id] },
      { kind: 'customer', customer: { externalId: merged.id, name: 'Firm 1' } },
    ]);
    sandbox.crm.archive(merged);
    expect(await one('companies', merged.id)).toBeNull();
  });

  test('of a deal or a line item are its quotes', async () => {
    const { sandbox, context } = await open();
    sandbox.act(40);
    const [quote] = sandbox.crm.live('quotes');
    const [deal] = sandbox.crm.linked(quote!, 'deals');
    const [line] = sandbox.crm.linked(quote!, 'line_items');
    for (const [stream, id] of [
      ['deals', `deal-${deal!.id}`],
      ['lineItems', `line-${line!.id}`],
    ] as const) {
      const record = (await hubspot.pull.get(stream)!.one!(context, id))!;
      expect(record.externalId).toBe(id);
      expect(quotesIn(readAll(context, stream, [record])).map(({ externalId }) => externalId)).toEqual([quote!.id]);
    }
  });
});

describe('a deal that is closed as won', () => {
  test('makes its quote a won one, under a newer version, though the quote itself did not change', async () => {
    const { sandbox, context } = await open();
    sandbox.act(60);
    const sent = sandbox.crm.live('quotes').find((quote) => {
      const [deal] = sandbox.crm.linked(quote, 'deals');
      const { hs_status: status, hs_esign_num_signers_completed: signed } = quote.properties;
      return (
        status === 'APPROVAL_NOT_NEEDED' &&
        signed !== '1' &&
        sandbox.crm.find('deals', deal!.id)!.properties.hs_is_closed === 'false'
      );
    })!;
    const before = await hubspot.pull.get('quotes')!.one!(context, sent.id);
    const deal = sandbox.crm.find('deals', sandbox.crm.linked(sent, 'deals')[0]!.id)!;
    sandbox.crm.change(deal, { dealstage: 'closedwon', hs_is_closed: 'true', hs_is_closed_won: 'true' });
    const after = (await walk(context, 'deals', new Date(deal.updatedAt))).records;
    const [was] = quotesIn(readAll(context, 'quotes', [before!]));
    const [is] = quotesIn(readAll(context, 'deals', after));
    expect([was, is]).toMatchObject([
      { externalId: sent.id, status: 'SENT', isWon: false },
      { externalId: sent.id, status: 'ACCEPTED', isWon: true, sourceVersion: new Date(deal.updatedAt) },
    ]);
    const again = await hubspot.pull.get('quotes')!.one!(context, sent.id);
    expect(again!.version).not.toBe(before!.version);
    expect(quotesIn(readAll(context, 'quotes', [again!]))).toEqual([is]);
  });
});

describe('access', () => {
  test('is got with the refresh token, and again once it is refused', async () => {
    const { sandbox, context } = await open();
    sandbox.act(3);
    await walk(context, 'companies');
    sandbox.tokens.revokeAll();
    expect((await walk(context, 'companies')).records.length).toBeGreaterThan(0);
  });

  test('is a person’s matter where the refresh token is not taken', async () => {
    const account = await open();
    const credentials = { clientSecret: 'other', clientId: 'sandbox-app', refreshToken: 'stale' };
    const http = loneHttp(hubspot, { settings: account.context.settings, credentials, now: account.context.now });
    const going = hubspot.pull
      .get('companies')!
      .page({ ...account.context, credentials, http }, { since: null, cursor: null });
    await expect(going).rejects.toMatchObject({ kind: 'unauthorized' });
    http.close();
  });

  test('waits as long as HubSpot says, else as long as the policy takes', async () => {
    const { context } = await open({ faults: faultsOf(['429'], 1) });
    const going = hubspot.pull.get('companies')!.page(context, { since: null, cursor: null });
    await expect(going).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 100 });
    const refused = (policyName: string) =>
      hubspot.http!.failure!(
        { status: 429, headers: {}, body: { status: 'error', message: 'slow down', policyName } },
        { operation: 'list companies', method: 'GET' },
      );
    expect(['SECONDLY', 'TEN_SECONDLY_ROLLING', 'DAILY'].map((policy) => refused(policy)!.retryAfterMs)).toEqual([
      1_000, 10_000, 900_000,
    ]);
  });
});
