import { mutation, query } from './document.js';

const OPERATION = '{ id status errorCode url objectCount rootObjectCount }';

/** Grouped, so that a record's parts stand behind it and a file can be read in pages. */
export const runBulk = mutation(
  'RunBulk',
  { isRepeatable: false },
  `($query: String!) { bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation ${OPERATION} userErrors { field message code } } }`,
);

export const bulkState = query('BulkState', 1, `($id: ID!) { bulkOperation(id: $id) ${OPERATION} }`);
