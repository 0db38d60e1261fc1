import pg from 'pg';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

/** A few rows: reading all of them is the best plan. */
const SMALL = new Set(['channel', 'stock_location', 'price_list', 'tax_rate', 'product', 'price', 'stock_level']);

/** Throws where PostgreSQL would read a whole table that grows for a statement. */
export async function assertNoFullScan(databaseUrl: string, statements: Record<string, string>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [name, text] of Object.entries(statements)) {
      const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `explain (generic_plan, format json) ${text}`,
      );
      const scanned = fullScans(rows[0]!['QUERY PLAN'][0]!.Plan).filter((table) => !SMALL.has(table));
      if (scanned.length > 0) throw new Error(`the floor's ${name} reads all of ${scanned.join(', ')}`);
    }
  } finally {
    await client.end();
  }
}

function fullScans(node: PlanNode): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? 'a table'] : [];
  return [...own, ...(node.Plans ?? []).flatMap(fullScans)];
}
