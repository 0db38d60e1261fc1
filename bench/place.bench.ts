// Placing a confirmed order of three lines: the hub against the same transaction in raw SQL behind a bare HTTP server, each
// on a database of its own of the same server, so that neither does the other's work on what it wrote.
import { floorSql } from './floor/floor-sql.js';
import { httpBench } from './run/http-bench.js';
import { assertNoFullScan } from './run/plans.js';

await httpBench({
  workload: 'place',
  writes: true,
  prove: async ({ databaseUrl }) => {
    const [known, lock] = await Promise.all([floorSql('place-known'), floorSql('place-lock')]);
    await assertNoFullScan(databaseUrl, { 'place-known': known, 'place-lock': lock });
  },
});
