import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { baseUrl, defineConnector, secret, type ConnectorDefinition } from '../../../src/connect/index.js';

const settings = z.strictObject({
  shop: z.string(),
  baseUrl: baseUrl().default('https://shop.example'),
  pages: z.array(z.object({ size: z.number() })).optional(),
});
const credentials = z.strictObject({ token: secret('The token.') });
const definition: ConnectorDefinition<z.infer<typeof settings>, z.infer<typeof credentials>> = {
  code: 'a-shop',
  name: 'A shop',
  kinds: ['CHANNEL'],
  settings,
  credentials,
  streams: ['orders'],
};
const connector = defineConnector(definition);

describe('a connector’s check of its configuration', () => {
  test('fills in what has a default', () => {
    expect(connector.check({ shop: 'x' }, { token: 't' })).toEqual({
      settings: { shop: 'x', baseUrl: 'https://shop.example' },
      credentials: { token: 't' },
      issues: [],
      onlyListens: false,
    });
  });

  test('names every fault by its path, and says which values are missing', () => {
    const { issues } = connector.check({ baseUrl: 'ftp://x', pages: [{ size: 'big' }], colour: 'red' }, {});
    expect(issues.map(({ path, isMissing }) => `${path.join('.')}${isMissing ? ' is missing' : ''}`).sort()).toEqual([
      'credentials.token is missing',
      'settings.baseUrl',
      'settings.colour',
      'settings.pages.0.size',
      'settings.shop is missing',
    ]);
  });

  test('repeats no value: it may be a secret', () => {
    const { issues } = connector.check(
      { shop: 'x', baseUrl: 'https://user:hush@shop.example' },
      { token: { hush: 'hush' }, other: 'hush' },
    );
    expect(issues).toHaveLength(3);
    expect(JSON.stringify(issues)).not.toContain('hush');
  });

  test.each(['not an object', null, undefined, 7])('takes %p for no settings', (given) => {
    expect(connector.check(given, { token: 't' }).issues.length).toBeGreaterThan(0);
  });

  test.each([
    'https://shop.example/',
    'https://shop.example?a=1',
    'https://shop.example#a',
    'shop.example',
    'file:///etc',
  ])('takes %s for no base address', (address) => {
    expect(connector.check({ shop: 'x', baseUrl: address }, { token: 't' }).issues).toHaveLength(1);
  });
});

describe('a connector’s schemas', () => {
  test('ask for what has no default, and mark what is secret', () => {
    expect(connector.settingsSchema).toMatchObject({ type: 'object', required: ['shop'], additionalProperties: false });
    expect(connector.credentialsSchema).toMatchObject({
      properties: { token: { writeOnly: true } },
      required: ['token'],
    });
  });
});

describe('defineConnector', () => {
  test('refuses a definition without baseUrl, with a code that is no folder name, or with webhooks but no topic', () => {
    expect(() => defineConnector({ ...definition, settings: z.object({}) as never })).toThrow(
      'its settings have no baseUrl',
    );
    expect(() => defineConnector({ ...definition, code: 'A shop' })).toThrow('expected a code such as');
    const webhooks = { verify: () => true, identify: () => [{ topic: 't', eventId: 'e' }], topics: {} };
    expect(() => defineConnector({ ...definition, webhooks })).toThrow('its webhooks have no topic');
  });

  test('does not take a name of every object for a topic', () => {
    const webhooks = {
      verify: () => true,
      identify: () => [{ topic: 't', eventId: 'e' }],
      topics: { orders: () => [] },
    };
    const { webhooks: untyped } = defineConnector({ ...definition, webhooks });
    expect(() => untyped!.read('constructor', Buffer.from('{}'), { shop: 'x' })).toThrow(
      'topic: expected one of orders, got "constructor"',
    );
  });
});
