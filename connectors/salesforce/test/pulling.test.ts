import { afterEach, describe, expect, test } from '@jest/globals';
import { loneHttp, type Change } from '#connect';
import salesforce from '../index.js';
import { census, faultsOf, openOrg, outcome, readAll, walk, type OpenOrg } from './account.js';

const orgs: OpenOrg[] = [];
afterEach(async () => {
  for (const org of orgs.splice(0)) await org.close();
});
async function open(options: Parameters<typeof openOrg>[0] = {}): Promise<OpenOrg> {
  const org = await openOrg(options);
  orgs.push(org);
  return org;
}
const STREAMS = [
  ['accounts', 'Account'],
  ['contacts', 'Contact'],
  ['quotes', 'SBQQ__Quote__c'],
  ['orders', 'Order'],
] as const;
const quotesIn = (changes: Change[]) => changes.flatMap((change) => (change.kind === 'quote' ? [change.quote] : []));

describe('a walk', () => {
  test('finds every record of the org and every deleted one, oldest change first', async () => {
    const { sandbox, context } = await open();
    sandbox.act(150);
    for (const [stream, type] of STREAMS) {
      const { records, pages } = await walk(context, stream);
      expect(pages.length).toBeGreaterThan(1);
      const ids = records.map(({ externalId }) => externalId).sort();
      expect(ids).toEqual(sandbox.org.all(type).map(({ id }) => id));
      const times = records.map(({ modifiedAt }) => modifiedAt.getTime());
      expect(times).toEqual([...times].sort((a, b) => a - b));
      const there = new Set(sandbox.org.live(type).map(({ id }) => id));
      const versions = records.flatMap(({ externalId, version }) => {
        return there.has(externalId) ? [[externalId, version] as const] : [];
      });
      expect(new Map(versions)).toEqual(await census(context, stream));
    }
  });

  test('tells of merged and deleted records what they became', async () => {
    const { sandbox, context } = await open();
    const [winner, loser, gone] = ['1', '2', '3'].map((n) => {
      return sandbox.org.make('Account', `00100000000000${n}AAA`, { Name: `Firm ${n}` });
    });
    loser!.values.MasterRecordId = winner!.id;
    sandbox.org.remove(loser!);
    sandbox.org.remove(gone!);
    const changes = readAll(context, 'accounts', (await walk(context, 'accounts')).records);
    expect(changes).toMatchObject([
      { kind: 'customer', customer: { externalId: winner!.id } },
      { kind: 'merged', record: 'customer', externalId: winner!.id, mergedIds: [loser!.id] },
      { kind: 'deleted', record: 'customer', externalId: gone!.id, sourceVersion: gone!.modifiedAt },
    ]);
  });

  test('begins where the last one ended and brings only what changed', async () => {
    const { sandbox, context } = await open();
    sandbox.act(30);
    const newest = (await walk(context, 'accounts')).records.at(-1)!.modifiedAt;
    const [account] = sandbox.org.live('Account');
    sandbox.org.change(account!, { Phone: '+39 1' });
    const later = await walk(context, 'accounts', new Date(newest.getTime() + 1));
    expect(readAll(context, 'accounts', later.records)).toMatchObject([
      { customer: { externalId: account!.id, phone: '+39 1' } },
    ]);
  });

  test('goes on behind the last record when Salesforce no longer keeps its pages', async () => {
    const { sandbox, context } = await open();
    for (let n = 10; n < 40; n += 1) {
      const account = sandbox.org.make('Account', `0010000000000${n}AAA`, { Name: `Firm ${n}` });
      if (n < 36) account.modifiedAt = new Date('2026-03-01T09:00:00Z');
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const from: { since: null; cursor: string | null } = { since: null, cursor };
      const page = await salesforce.pull.get('accounts')!.page(context, from);
      seen.push(...page.records.map(({ externalId }) => externalId));
      cursor = page.next;
      sandbox.reading.forget();
    } while (cursor !== null);
    expect(seen.sort()).toEqual(sandbox.org.live('Account').map(({ id }) => id));
  });

  test.each([
    ['that Salesforce keeps', false],
    ['that Salesforce has forgotten behind it', true],
  ])('is not led over what follows by a record that changes meanwhile, on pages %s', async (_, isForgotten) => {
    const { sandbox, context } = await open();
    for (let n = 100; n < 200; n += 1) {
      const account = sandbox.org.make('Account', `001000000000${n}AAA`, { Name: `Firm ${n}` });
      account.modifiedAt = new Date(Date.parse('2026-03-01T09:00:00Z') + n * 1_000);
    }
    const seen = new Set<string>();
    let cursor: string | null = null;
    for (let pages = 0; pages === 0 || cursor !== null; pages += 1) {
      const from: { since: null; cursor: string | null } = { since: null, cursor };
      const page = await salesforce.pull.get('accounts')!.page(context, from);
      for (const { externalId } of page.records) seen.add(externalId);
      cursor = page.next;
      // What changed behind the walk's back says nothing of how far it came.
      if (cursor === null && !isForgotten)
        expect(page.reachedTo!.getTime()).toBeLessThan(Date.parse('2026-03-01T10:00:00Z'));
      if (pages === 0) {
        const changed = sandbox.org.find('Account', '001000000000110AAA')!;
        changed.modifiedAt = new Date('2026-03-01T12:00:00Z');
      }
      if (pages === 1 && isForgotten) sandbox.reading.forget();
    }
    expect([...seen].sort()).toEqual(sandbox.org.live('Account').map(({ id }) => id));
  });

  test('ends the same whatever goes wrong with its pages and records', async () => {
    const friendly = await open();
    friendly.sandbox.act(60);
    const modes = ['429', '500', 'reset', 'html', 'empty-page', 'repeated-page', 'cursor-loop'] as const;
    const all = [...modes, 'missing-field', 'unknown-enum', 'clock-skew', 'delay'] as const;
    const faults = faultsOf([...all]);
    const hostile = await open({ faults });
    hostile.sandbox.act(60);
    for (const [stream, type] of [...STREAMS, ['opportunities', null] as const]) {
      const expected = outcome(friendly.context, stream, (await walk(friendly.context, stream)).records);
      const records = [];
      for (let round = 0; round < 2; round += 1) records.push(...(await walk(hostile.context, stream)).records);
      expect(outcome(hostile.context, stream, records)).toEqual(expected);
      if (type === null) continue;
      const own = friendly.sandbox.org.live(type).map(({ id }) => id);
      expect([...(await census(hostile.context, stream)).keys()].sort()).toEqual(own);
    }
    for (const mode of all) expect([mode, faults.count(mode)]).not.toEqual([mode, 0]);
  });

  test('gives up a place that leads nowhere', async () => {
    const { sandbox, context } = await open({ faults: faultsOf(['empty-page'], 1) });
    sandbox.act(5);
    await expect(walk(context, 'accounts')).rejects.toMatchObject({ kind: 'transient' });
  });

  test('asks nothing of what an org does not have', async () => {
    const { sandbox, context } = await open({ settings: { quotes: 'ignore', orders: 'ignore' } });
    sandbox.act(30);
    for (const stream of ['quotes', 'opportunities', 'orders'])
      expect((await walk(context, stream)).records).toEqual([]);
    expect(await census(context, 'quotes')).toEqual(new Map());
  });
});

describe('one record', () => {
  test('is found by either form of its id, and is null once it is deleted', async () => {
    const { sandbox, context } = await open();
    sandbox.act(3);
    const [account] = sandbox.org.live('Account');
    const one = (id: string) => salesforce.pull.get('accounts')!.one!(context, id);
    const record = await one(account!.id.slice(0, 15));
    expect(record).toMatchObject({ externalId: account!.id });
    expect(await one(account!.id)).toEqual(record);
    sandbox.org.remove(account!);
    expect(await one(account!.id)).toBeNull();
  });
});

describe('an opportunity that is won', () => {
  test('makes its primary quote a won one, though the quote itself did not change', async () => {
    const { sandbox, context } = await open();
    sandbox.act(150);
    const { org } = sandbox;
    const shown = org.live('SBQQ__Quote__c').find(({ values }) => {
      return (
        values.SBQQ__Status__c === 'Presented' && values.SBQQ__Ordered__c === false && values.SBQQ__NetAmount__c !== 0
      );
    })!;
    const opportunity = org.find('Opportunity', String(shown.values.SBQQ__Opportunity2__c))!;
    org.change(opportunity, { StageName: 'Proposal', IsWon: false, IsClosed: false });
    const before = await salesforce.pull.get('quotes')!.one!(context, shown.id);
    org.change(opportunity, { StageName: 'Closed Won', IsWon: true, IsClosed: true });
    const told = (await walk(context, 'opportunities', opportunity.modifiedAt)).records;
    const [was] = quotesIn(readAll(context, 'quotes', [before!]));
    const [is] = quotesIn(readAll(context, 'opportunities', told));
    expect([was, is]).toMatchObject([
      { externalId: shown.id, status: 'SENT', isWon: false },
      { externalId: shown.id, status: 'ACCEPTED', isWon: true, sourceVersion: opportunity.modifiedAt },
    ]);
    const again = await salesforce.pull.get('quotes')!.one!(context, shown.id);
    expect(again!.version).not.toBe(before!.version);
    expect(quotesIn(readAll(context, 'quotes', [again!]))).toEqual([is]);
  });
});

describe('access', () => {
  test('is got with a signed assertion, and again once the session is ended', async () => {
    const { sandbox, context } = await open();
    sandbox.act(3);
    await walk(context, 'accounts');
    sandbox.tokens.revokeAll();
    expect((await walk(context, 'accounts')).records.length).toBeGreaterThan(0);
  });

  test('is a person’s matter where the assertion is not taken', async () => {
    const org = await open();
    for (const wrong of [{ username: 'other@example.com' }, { consumerKey: '3MVG9other' }]) {
      const credentials = { ...org.context.credentials, ...wrong };
      const http = loneHttp(salesforce, { ...org.context, credentials });
      const going = salesforce.pull
        .get('accounts')!
        .page({ ...org.context, credentials, http }, { since: null, cursor: null });
      await expect(going).rejects.toMatchObject({ kind: 'unauthorized' });
      http.close();
    }
  });

  test('waits where the day’s calls are used up, and slows down before', async () => {
    const { context } = await open({ faults: faultsOf(['429'], 1) });
    const going = salesforce.pull.get('accounts')!.page(context, { since: null, cursor: null });
    await expect(going).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 100 });
    const told = (usage: string) =>
      salesforce.http!.allowance!({ status: 200, headers: { 'sforce-limit-info': `api-usage=${usage}` }, body: null });
    expect(told('100/5000')).toEqual({ limit: 'default', burst: 20, perSecond: 10 });
    expect(told('4745/5000')).toMatchObject({ available: 5, perSecond: 5000 / 86_400 });
    expect(told('5000/5000')).toMatchObject({ available: 0 });
  });
});
