// Lists at two sizes of the company: the newest page, filtered pages, pages from anywhere in the list, and 50 customers with 5
// orders each; each against one prepared statement behind a bare HTTP server, and what both keep of their rate at the larger size.
import { deepStrictEqual, ok } from 'node:assert/strict';
import process from 'node:process';
import { CUSTOMERS, DEEP, FILTERED } from './floor/documents.js';
import { floorSql } from './floor/floor-sql.js';
import { graphCustomer, graphOrder, type FloorCustomer, type FloorOrder } from './floor/shape.js';
import type { Workload } from './load/requests.js';
import { optionsOf, withSides, type ProofSides } from './run/http-bench.js';
import { assertNoFullScan } from './run/plans.js';
import type { Measured } from './run/report.js';

const WORKLOADS: Workload[] = ['page', 'filtered', 'deep', 'customers'];
const PROVED = 10;

const options = optionsOf(process.argv.slice(2), '10000,1000000');
const bySize = new Map<number, Map<Workload, Measured[]>>();
for (const orders of options.orders) {
  process.stdout.write(`\n${orders} orders\n`);
  await withSides(options, { orders }, async (sides) => {
    await prove(sides);
    const measured = new Map<Workload, Measured[]>();
    for (const workload of WORKLOADS) measured.set(workload, await sides.measure(workload));
    bySize.set(orders, measured);
  });
}
const [small, large] = [options.orders[0]!, options.orders.at(-1)!];
if (small !== large) compare(small, large);

/** Both sides answer the same, whatever is asked. */
async function prove({ databaseUrl, places, hub, floor }: ProofSides): Promise<void> {
  await assertNoFullScan(databaseUrl, { deep: await floorSql('deep'), filtered: await floorSql('filtered') });
  const customers = (await hub(CUSTOMERS)) as { customers: { nodes: object[] } };
  deepStrictEqual(customers.customers.nodes, ((await floor('/customers')) as FloorCustomer[]).map(graphCustomer));
  for (const { cursor, placedAt, id } of places.slice(0, PROVED)) {
    const deep = (await hub(DEEP, { after: cursor })) as { orders: { nodes: object[] } };
    deepStrictEqual(deep.orders.nodes, ((await floor(`/deep/${placedAt}/${id}`)) as FloorOrder[]).map(graphOrder));
    const filter = { status: ['CONFIRMED'], channel: ['web'], placedAt: { lt: placedAt } };
    const filtered = (await hub(FILTERED, { filter })) as { orders: { nodes: object[] } };
    const stated = (await floor(`/filtered/CONFIRMED/web/${placedAt}`)) as FloorOrder[];
    deepStrictEqual(filtered.orders.nodes, stated.map(graphOrder));
  }
  ok(places.length > PROVED, 'there are too few places to page from');
}

function compare(from: number, to: number): void {
  process.stdout.write(`\nrate at ${to} orders as a share of that at ${from}\n`);
  for (const workload of WORKLOADS) {
    const [before, after] = [bySize.get(from)!.get(workload)!, bySize.get(to)!.get(workload)!];
    before.forEach(({ connections, hub, floor }, index) => {
      const kept = {
        hub: after[index]!.hub.perSecond / hub.perSecond,
        floor: after[index]!.floor.perSecond / floor.perSecond,
      };
      const line = `${workload.padEnd(10)}${`${connections}`.padStart(4)} conns   hub ${kept.hub.toFixed(2)}   floor ${kept.floor.toFixed(2)}`;
      process.stdout.write(`${line}   difference ${(kept.hub - kept.floor).toFixed(2)}\n`);
    });
  }
}
