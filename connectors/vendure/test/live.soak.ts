import { afterAll, describe, expect, test } from '@jest/globals';
import { loneHttp, type StreamContext } from '#connect';
import { buildClientSchema, getIntrospectionQuery, parse, validate, type IntrospectionQuery } from 'graphql';
import { DOCUMENTS } from '../documents.js';
import vendure from '../index.js';
import { schema } from '../sandbox/api.js';
import { walk } from './shop.js';
import { differences } from './subset.js';

// A real server, where one runs: VENDURE_URL says where, and then it has to be there.
const asked = process.env.VENDURE_URL;
const baseUrl = asked ?? 'http://127.0.0.1:3900';
const username = process.env.VENDURE_USERNAME ?? 'hub@company.example';
const password = process.env.VENDURE_PASSWORD ?? 'hub-password';

async function post(query: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(20_000);
  return fetch(`${baseUrl}/admin-api`, { method: 'POST', headers, body: JSON.stringify({ query }), signal });
}
const answers =
  asked !== undefined ||
  (await post('{ __typename }').then(
    ({ ok }) => ok,
    () => false,
  ));
const whenThere = (title: string, run: () => Promise<void>) =>
  answers ? test(title, run, 60_000) : test.skip(`${title} (skipped: no Vendure server answers at ${baseUrl})`, run);

const settings = { baseUrl, locations: { MAIN: '1' }, stockCountedBy: 'SHOP', orderReferenceField: 'externalRef' };
const credentials = { username, password };
const now = () => new Date();
const lone = loneHttp(vendure, { settings, credentials, now });
afterAll(() => lone.close());
const context: StreamContext<unknown, unknown> = { settings, credentials, http: lone, now };

describe('a live Vendure server', () => {
  whenThere('has all that the sandbox has, and takes every document', async () => {
    const { data } = (await (await post(getIntrospectionQuery())).json()) as { data: IntrospectionQuery };
    const live = buildClientSchema(data);
    expect(differences(schema, live)).toEqual([]);
    const faults = DOCUMENTS.flatMap(({ name, text }) =>
      validate(live, parse(text)).map(({ message }) => `${name}: ${message}`),
    );
    expect(faults).toEqual([]);
  });

  whenThere('is walked, stream by stream, and every record of it can be read', async () => {
    for (const [stream, pull] of vendure.pull) {
      const { records } = await walk(stream, { context }, null);
      expect([stream, records.length > 0]).toEqual([stream, true]);
      const changes = records.flatMap(({ raw }) => pull.read(raw, { settings }));
      expect([stream, changes.length > 0]).toEqual([stream, true]);
    }
  });

  whenThere('tells the same state in the same version, by a later walk and by one record', async () => {
    for (const [stream, pull] of vendure.pull) {
      const first = new Map(
        (await walk(stream, { context }, null)).records.map((each) => [each.externalId, each.version]),
      );
      const later = await walk(stream, { context }, new Date(0));
      expect([stream, new Map(later.records.map((each) => [each.externalId, each.version]))]).toEqual([stream, first]);
      const [id] = first.keys();
      if (pull.one) expect((await pull.one(context, id!))?.version).toBe(first.get(id!));
    }
  });
});
