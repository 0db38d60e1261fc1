import { unnamed, type Statement } from '../../db/statement.js';
import type { ExportDefinition } from './export.js';

export const beginSnapshot = 'begin isolation level repeatable read read only';

export type ExportRow = { export_id: string; export_at: string } & object;

/** The next rows behind the last one, by keyset within the snapshot: each trip costs the same however far it is. */
export function selectNext(
  { select, from, updatedAt, id, sortedBy }: ExportDefinition,
  since: string | null,
  last: ExportRow | null,
  limit: number,
): Statement<ExportRow> {
  const values: unknown[] = [limit];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = [];
  if (since !== null) where.push(`${updatedAt} >= ${parameter(since)}::timestamptz`);
  if (last && sortedBy === 'id') where.push(`${id} > ${parameter(last.export_id)}::bigint`);
  if (last && sortedBy === 'updatedAt') {
    const behind = `(${parameter(last.export_at)}::timestamptz, ${parameter(last.export_id)}::bigint)`;
    where.push(`(${updatedAt}, ${id}) > ${behind}`);
  }
  const condition = where.length > 0 ? `where ${where.join(' and ')}` : '';
  const order = sortedBy === 'id' ? id : `${updatedAt}, ${id}`;
  return unnamed(
    `select ${select}, ${id}::text as export_id, ${updatedAt}::text as export_at from ${from} ${condition} order by ${order} limit $1`,
    values,
  );
}
