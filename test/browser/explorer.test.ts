import { afterEach, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { HubParts } from '../../src/app.js';
import { testUnless } from '../embedded/support/skips.js';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, newKey, startTestHub, type TestHub } from '../support/hub.js';
import { CREATE_ORDER, makeProducts, must } from '../support/shop.js';
import { needsBrowser, openBrowser, type OpenBrowser } from './support/browser.js';

const TIMEOUT_MS = 180_000;

let hub: TestHub | undefined;
let browser: OpenBrowser | undefined;
afterEach(async () => {
  await browser?.close();
  await hub?.stop();
  browser = hub = undefined;
});

async function visit(parts: Partial<HubParts> = {}): Promise<OpenBrowser & { hub: TestHub }> {
  hub = await startTestHub(parts);
  browser = await openBrowser();
  browser.page.setDefaultTimeout(60_000);
  await browser.page.goto(hub.hub.url);
  await browser.page.locator('.graphiql-execute-button').waitFor();
  return { hub, ...browser };
}

/** Puts the key in the place of the headers' "<key>", as a visitor would. */
async function typeKey(page: Page): Promise<void> {
  await page.locator('.graphiql-editor-tool .monaco-editor:visible .view-lines').click();
  for (const press of ['ControlOrMeta+Home', 'ArrowDown', 'End', 'ArrowLeft']) await page.keyboard.press(press);
  for (const _ of '<key>') await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.insertText(ADMIN_KEY);
}

/** The answer once it shows this; the editor writes blanks as non-breaking ones. */
function untilShown(page: Page, part: string): Promise<string> {
  const lines = page.locator('.graphiql-response .view-lines');
  return eventually(`${part} in the answer`, async () => {
    const text = (await lines.innerText()).replaceAll('\u00a0', ' ');
    return text.includes(part) && text;
  });
}

async function untilSubscribed({ hub: { url } }: TestHub): Promise<void> {
  await eventually('the subscription', async () =>
    /^hub_live_subscriptions 1$/m.test(await (await fetch(`${url}/metrics`)).text()),
  );
}

describe('the explorer', () => {
  testUnless(
    needsBrowser,
    'runs a query and a subscription with the key of its headers, and asks no other host',
    async () => {
      const { hub, page, origins, complaints } = await visit();
      await makeProducts(hub.graph, ['LAMP-1'], '10');
      await typeKey(page);
      await page.locator('.graphiql-execute-button').click();
      expect(await untilShown(page, 'totalCount')).toContain('"totalCount": 0');

      await page.getByRole('tab', { name: 'OrderStatusChanges' }).click();
      await page.locator('.graphiql-execute-button').click();
      await untilSubscribed(hub);
      const lines = [{ sku: 'LAMP-1', quantity: '1' }];
      const input = { idempotencyKey: newKey(), channel: 'api', currency: 'EUR', lines };
      await must(hub.graph(CREATE_ORDER, { input }));
      expect(await untilShown(page, '"kind": "LIVE"')).toContain('"to": "RECEIVED"');

      expect([...origins].sort()).toEqual([hub.hub.url, hub.hub.url.replace('http', 'ws')].sort());
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  testUnless(
    needsBrowser,
    'where registered documents alone run, says so, runs its examples and shows why another is refused',
    async () => {
      const { hub, page, complaints } = await visit({ trusted: { only: true, operations: [] } });
      expect(
        (await page.locator('.graphiql-query-editor .view-lines').innerText()).replaceAll('\u00a0', ' '),
      ).toContain('This hub runs registered documents only');
      await typeKey(page);
      await page.locator('.graphiql-execute-button').click();
      expect(await untilShown(page, 'totalCount')).toContain('"totalCount": 0');

      await page.locator('.graphiql-query-editor .view-lines').click();
      await page.keyboard.press('ControlOrMeta+End');
      await page.keyboard.insertText(' fragment x on Query { __typename }');
      await page.locator('.graphiql-execute-button').click();
      await untilShown(page, 'DOCUMENT_NOT_TRUSTED');

      await page.getByRole('tab', { name: 'OrderStatusChanges' }).click();
      await page.locator('.graphiql-execute-button').click();
      await untilSubscribed(hub);
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  testUnless(
    needsBrowser,
    'shows the schema once a key is typed, and takes that key for the tabs that name none',
    async () => {
      const { page } = await visit();
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await typeKey(page);
      await page.locator('.graphiql-doc-explorer').getByText('Subscription', { exact: true }).waitFor();
      await page.getByRole('tab', { name: 'OrderWithTimeline' }).click();
      await page.locator('.graphiql-execute-button').click();
      expect(await untilShown(page, '"order"')).toContain('"order": null');
    },
    TIMEOUT_MS,
  );

  testUnless(
    needsBrowser,
    'may reach no other host even if it tried',
    async () => {
      const { hub, page } = await visit();
      const outcomes = await page.evaluate(async (own) => {
        const other = own.replace('127.0.0.1', 'localhost');
        const asked = await fetch(`${other}/healthz`).then(
          () => 'fetched',
          () => 'refused',
        );
        const socket = await new Promise((resolve) => {
          const opened = new WebSocket(`${other.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
          opened.onopen = () => resolve('opened');
          opened.onerror = () => resolve('refused');
        }).catch(() => 'refused');
        return { asked, socket, self: await fetch(`${own}/healthz`).then((answer) => answer.status) };
      }, hub.hub.url);
      expect(outcomes).toEqual({ asked: 'refused', socket: 'refused', self: 200 });
    },
    TIMEOUT_MS,
  );
});
