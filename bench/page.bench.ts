// The newest 50 orders with customer and lines: the hub against one prepared statement behind a bare HTTP server.
import { deepStrictEqual, ok } from 'node:assert/strict';
import { PAGE } from './floor/documents.js';
import { floorSql } from './floor/floor-sql.js';
import { graphOrder, type FloorOrder } from './floor/shape.js';
import { httpBench } from './run/http-bench.js';
import { assertNoFullScan } from './run/plans.js';

await httpBench({
  workload: 'page',
  prove: async ({ databaseUrl, hub, floor }) => {
    await assertNoFullScan(databaseUrl, { page: await floorSql('page') });
    const { orders } = (await hub(PAGE)) as { orders: { nodes: object[] } };
    const shaped = ((await floor('/page')) as FloorOrder[]).map(graphOrder);
    ok(shaped.length > 0, 'the page is empty');
    deepStrictEqual(orders.nodes, shaped);
  },
});
