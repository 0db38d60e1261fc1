import { expect, test } from '@jest/globals';
import { DocumentTexts } from '../../../src/graph/trusted/document-texts.js';
import { hashOf, RegisteredDocuments } from '../../../src/graph/trusted/registered-documents.js';

const named = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } } });
const query = (n: number) => `query Number${n} { viewer { roles } }`;

function texts(isTrustedOnly = false, registered = new RegisteredDocuments([], [])): DocumentTexts {
  return new DocumentTexts(registered, isTrustedOnly, 4_000);
}

test('keeps the texts that were used last, and a bounded number of them', () => {
  const open = texts();
  for (let n = 0; n < 5_000; n += 1) open.textOf({ query: query(n), ...named(query(n)) });
  expect(open.textOf(named(query(4_999)))).toBe(query(4_999));
  const kept = Array.from({ length: 5_000 }, (_, n) => n).filter((n) => {
    try {
      return open.textOf(named(query(n))) === query(n);
    } catch {
      return false;
    }
  });
  expect(kept.length).toBeGreaterThanOrEqual(1_000);
  expect(kept.length).toBeLessThanOrEqual(2_000);
});

test('runs a text that is too long to be kept, and forgets it', () => {
  const open = texts();
  const long = `{ viewer { roles } } #${'x'.repeat(20_000)}`;
  expect(open.textOf({ query: long, ...named(long) })).toBe(long);
  expect(() => open.textOf(named(long))).toThrow('PersistedQueryNotFound');
});

test('a request without a document has none', () => {
  for (const request of [{}, { query: '' }, { query: null }, { query: 5 }, { extensions: null }, { extensions: {} }]) {
    expect(texts(true).textOf(request)).toBeUndefined();
  }
});

test('registers each operation of a text with the fragments that it uses', () => {
  const text = 'query A { ...f } query B { viewer { roles } } fragment f on Query { viewer { keyId } }';
  const trusted = texts(true, new RegisteredDocuments([text], []));
  for (const part of [
    text,
    'query A { ...f } fragment f on Query { viewer { keyId } }',
    'query B { viewer { roles } }',
  ]) {
    expect(trusted.textOf({ query: part })).toBe(part);
  }
  expect(() => trusted.textOf({ query: 'query A { viewer { keyId } }' })).toThrow('registered documents only');
  expect(trusted.textOf({ documentId: hashOf('query B {\n  viewer {\n    roles\n    __typename\n  }\n}') })).toMatch(
    /^query B/,
  );
});

test('a text that differs within a string is another', () => {
  const trusted = texts(true, new RegisteredDocuments(['{ product(sku: "a b") { sku } }'], []));
  expect(() => trusted.textOf({ query: '{ product(sku: "a  b") { sku } }' })).toThrow('registered documents only');
  expect(() => trusted.textOf({ query: '{ product(sku: "a") { sku } }' })).toThrow('registered documents only');
});
