import { sql, unnamed, type Statement } from '../../db/statement.js';
import { condition, numbered, type Condition } from '../../graph/list-query.js';
import { Department, orderCount } from '../orders/index.js';
import { factsOf, rankSql, WORK_FACTS, type WorkFact } from './work-facts.js';
import { rankOf, type WorkItemKind, type WorkRow } from './work-item.type.js';

/** Which items of a queue: of these kinds, and with whoever has this key; null does not narrow. */
export interface Wanted {
  department: Department;
  kinds: readonly WorkItemKind[] | null;
  assigneeId: string | null;
}

/** The place of an item in its queue. */
export interface WorkPlace {
  rank: number;
  openedAt: string;
  id: string;
}

const assigneeSql = (fact: WorkFact, department: Department): string =>
  fact.assigneeId ?? `case when o.department = '${department}' then o.assignee_id end`;

function selectSql(fact: WorkFact, department: Department): string {
  const { kind, id, openedAt, dueAt, orderId, quoteId, shipmentId, number, detail, note } = fact;
  return `select '${kind}' as kind, ${id} as id, ${rankSql(fact)} as rank, ${openedAt} as opened_at,
    ${dueAt ?? 'null::timestamptz'} as due_at, ${orderId ?? 'null::bigint'} as order_id,
    ${quoteId ?? 'null::bigint'} as quote_id, ${shipmentId ?? 'null::bigint'} as shipment_id,
    ${assigneeSql(fact, department)} as assignee_id, ${number ?? 'null::text'} as number,
    ${detail ?? 'null::text'} as detail, ${note ?? 'null::text'} as note`;
}

function conditionsOf(fact: WorkFact, { department, assigneeId }: Omit<Wanted, 'kinds'>): Condition[] {
  const all = [condition(fact.where)];
  if (fact.ofDepartment) all.push(condition(fact.ofDepartment(department)));
  if (assigneeId === null) return all;
  if (fact.assigneeId) return [...all, condition(`${fact.assigneeId} = $1::bigint`, assigneeId)];
  return [...all, condition(`o.department = '${department}'`), condition('o.assignee_id = $1::bigint', assigneeId)];
}

/** What of a fact lies behind a place; null where all of it comes before. */
function behind(fact: WorkFact, after: WorkPlace | null): Condition[] | null {
  if (after === null) return [];
  const { rank, openedAt, id } = after;
  if (fact.priority === null)
    return [
      condition(
        `(w.priority_rank, ${fact.openedAt}, ${fact.id}) > ($1::int, $2::timestamptz, $3::bigint)`,
        rank,
        openedAt,
        id,
      ),
    ];
  const own = rankOf(fact.priority);
  if (own < rank) return null;
  if (own > rank) return [];
  return [condition(`(${fact.openedAt}, ${fact.id}) > ($1::timestamptz, $2::bigint)`, openedAt, id)];
}

/**
 * The next items of a queue. Each kind is read by its own index from the place on and no further than the page goes, so
 * that a page costs the same at any depth of a queue of any length.
 */
export function selectWorkPage(wanted: Wanted, after: WorkPlace | null, limit: number): Statement<WorkRow> {
  const values: unknown[] = [limit];
  const parts = factsOf(wanted.department, wanted.kinds).flatMap((fact) => {
    const rest = behind(fact, after);
    if (rest === null) return [];
    const where = [...conditionsOf(fact, wanted), ...rest].map((one) => numbered(one, values)).join(' and ');
    const order = `${fact.priority === null ? 'w.priority_rank, ' : ''}${fact.openedAt}, ${fact.id}`;
    return [`(${selectSql(fact, wanted.department)} from ${fact.from} where ${where} order by ${order} limit $1)`];
  });
  if (parts.length === 0) return unnamed('select where false and $1::int > 0', values);
  return unnamed(`select * from (${parts.join(' union all ')}) q order by rank, opened_at, id limit $1`, values);
}

export interface WorkCountRow {
  kind: WorkItemKind;
  count: number;
  oldest_at: string | null;
}

/** How many items of each kind there are, and since when the oldest waits. */
export function selectWorkCounts(wanted: Omit<Wanted, 'kinds'>): Statement<WorkCountRow> {
  const values: unknown[] = [];
  const parts = factsOf(wanted.department).map((fact) => {
    const where = conditionsOf(fact, wanted)
      .map((one) => numbered(one, values))
      .join(' and ');
    const all = `from ${fact.from} where ${where}`;
    if (fact.orderStatus === undefined || wanted.assigneeId !== null)
      return `select '${fact.kind}' as kind, count(*)::int as count, min(${fact.openedAt}) as oldest_at ${all}`;
    const count = orderCount({ status: [fact.orderStatus], onHold: false })!;
    const oldest = `select ${fact.openedAt} ${all} order by ${fact.openedAt}, ${fact.id} limit 1`;
    return `select '${fact.kind}' as kind, (${numbered(count, values)}) as count, (${oldest}) as oldest_at`;
  });
  const who = wanted.assigneeId === null ? '' : '-of-one';
  return { name: `departments.work-counts${who}.${wanted.department}`, text: parts.join(' union all '), values };
}

/** What work is about: by these, the messages of `workQueueChanged` name it. */
export type AboutKind = 'order' | 'quote' | 'item';

const ABOUT: Record<AboutKind, (fact: WorkFact) => string | undefined> = {
  order: ({ orderId }) => orderId,
  quote: ({ quoteId }) => quoteId,
  item: ({ priority }) => (priority === null ? 'w.id' : undefined),
};

const ABOUT_STATEMENTS = new Map(
  Object.values(Department).flatMap((department) =>
    (Object.keys(ABOUT) as AboutKind[]).map((about) => {
      const parts = factsOf(department).flatMap((fact) => {
        const column = ABOUT[about](fact);
        if (column === undefined) return [];
        const where = conditionsOf(fact, { department, assigneeId: null }).map(({ text }) => text);
        return [
          `${selectSql(fact, department)}, ${column} as about_id from ${fact.from}
            where ${column} = any($1::bigint[]) and ${where.join(' and ')}`,
        ];
      });
      const text = `${parts.join(' union all ')} order by rank, opened_at, id`;
      const statement = sql<WorkRow & { about_id: string }>(`departments.work-about-${about}.${department}`, text);
      return [`${department} ${about}`, statement] as const;
    }),
  ),
);

/** What of these records stands in a department's queue. */
export function selectWorkAbout(department: Department, about: AboutKind, ids: readonly string[]) {
  return ABOUT_STATEMENTS.get(`${department} ${about}`)!(ids);
}

const BY_ID = new Map(
  WORK_FACTS.map((fact) => {
    const parts = fact.departments.map((department) => {
      const where = conditionsOf(fact, { department, assigneeId: null }).map(({ text }) => text);
      const select = `${selectSql(fact, department)}, '${department}' as department`;
      return `${select} from ${fact.from} where ${fact.id} = any($1::bigint[]) and ${where.join(' and ')}`;
    });
    const name = `departments.work-by-id.${fact.kind}`;
    return [fact.kind, sql<WorkRow & { department: Department }>(name, parts.join(' union all '))] as const;
  }),
);

/** Those of a kind that stand, in whichever queue. */
export function selectWorkByIds(kind: WorkItemKind, ids: readonly string[]) {
  return BY_ID.get(kind)!(ids);
}
