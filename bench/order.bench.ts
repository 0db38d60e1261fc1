// One order by its id, with customer, lines and addresses: the hub against one prepared statement behind a bare HTTP server.
import { deepStrictEqual } from 'node:assert/strict';
import { typeId } from '../src/shared/ids.js';
import { ONE_ORDER } from './floor/documents.js';
import { floorSql } from './floor/floor-sql.js';
import { graphOrder, type FloorOrder } from './floor/shape.js';
import { httpBench } from './run/http-bench.js';
import { assertNoFullScan } from './run/plans.js';

await httpBench({
  workload: 'order',
  prove: async ({ databaseUrl, ids, hub, floor }) => {
    await assertNoFullScan(databaseUrl, { order: await floorSql('order') });
    for (const id of ids.orders.slice(0, 20)) {
      const { order } = await hub(ONE_ORDER, { id: typeId('ord', id) });
      deepStrictEqual(order, graphOrder((await floor(`/order/${id}`)) as FloorOrder));
    }
  },
});
