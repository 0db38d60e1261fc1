import { expect, test } from '@jest/globals';
import { mediaTypeFor } from '../../../src/graph/media-type.js';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

test.each([
  [undefined, JSON_TYPE],
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/*', JSON_TYPE],
  [JSON_TYPE, JSON_TYPE],
  ['Application/JSON; charset=utf-8', JSON_TYPE],
  [GRAPHQL_TYPE, GRAPHQL_TYPE],
  [`${JSON_TYPE}, ${GRAPHQL_TYPE}`, JSON_TYPE],
  [`${GRAPHQL_TYPE}, ${JSON_TYPE}`, GRAPHQL_TYPE],
  [`${JSON_TYPE};q=0.5, ${GRAPHQL_TYPE};q=0.8`, GRAPHQL_TYPE],
  [`*/*, ${GRAPHQL_TYPE}`, GRAPHQL_TYPE],
  [`${JSON_TYPE};q=0, */*`, GRAPHQL_TYPE],
  [`${JSON_TYPE};q=0, ${GRAPHQL_TYPE};q=0.0`, null],
  [`${JSON_TYPE};q=many`, null],
  ['text/html', null],
  ['text/html, */*;q=0.1', JSON_TYPE],
])('takes "accept: %s" for %s', (accept, expected) => {
  expect(mediaTypeFor(accept)).toBe(expected);
});
