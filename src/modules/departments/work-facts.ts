import { Department, type HoldReason } from '../orders/index.js';
import { rankOf, WorkItemKind, WorkPriority } from './work-item.type.js';

/** Where a kind of work is found: which rows of which tables are each an item, as SQL. */
export interface WorkFact {
  kind: WorkItemKind;
  departments: readonly Department[];
  /** Of all its items; null where each has its own. */
  priority: WorkPriority | null;
  from: string;
  where: string;
  /** Whether an item is the department's, where it is not that of all. */
  ofDepartment?: (department: Department) => string;
  id: string;
  openedAt: string;
  dueAt?: string;
  orderId?: string;
  quoteId?: string;
  shipmentId?: string;
  number?: string;
  detail?: string;
  note?: string;
  /** Whose it is; left out: whoever has the order, in the order's department. */
  assigneeId?: string;
  /** Set where the items are the orders of this status that are not on hold: those are counted beforehand. */
  orderStatus?: 'RECEIVED' | 'CONFIRMED';
}

const { SALES, WAREHOUSE, FINANCE, LOGISTICS, SUPPORT } = Department;
const ALL = Object.values(Department);

const HOLD_DEPARTMENTS: Partial<Record<HoldReason, Department>> = {
  PAYMENT: FINANCE,
  CREDIT: FINANCE,
  PRICE: FINANCE,
  TAX: FINANCE,
  FRAUD: FINANCE,
  STOCK: WAREHOUSE,
  ADDRESS: SUPPORT,
};

/** Null for a hold that is its order's department's; where the order is with none, that is SALES. */
export function departmentOfHold(reason: string): Department | null {
  return reason === 'MANUAL' ? null : (HOLD_DEPARTMENTS[reason as HoldReason] ?? SALES);
}

/** Told apart by the hold alone as far as that goes, so that only holds that may be the department's are looked up. */
function isHoldOf(department: Department): string {
  const listed = (reasons: string[]) => reasons.map((reason) => `'${reason}'`).join(', ');
  const known = Object.entries(HOLD_DEPARTMENTS);
  const own = known.filter(([, each]) => each === department).map(([reason]) => reason);
  const byOrder = `h.reason = 'MANUAL' and coalesce(o.department, 'SALES') = '${department}'`;
  if (department === SALES)
    return `(h.reason not in (${listed([...known.map(([reason]) => reason), 'MANUAL'])}) or ${byOrder})`;
  return own.length === 0 ? byOrder : `(h.reason in (${listed(own)}) or ${byOrder})`;
}

const OPEN = `o.status not in ('COMPLETED', 'CANCELED')`;
const AN_ORDER = { id: 'o.id', openedAt: 'o.placed_at', orderId: 'o.id', number: 'o.number' };
const A_SHIPMENT = {
  from: 'shipment s join orders o on o.id = s.order_id',
  id: 's.id',
  orderId: 's.order_id',
  shipmentId: 's.id',
  number: 's.number',
  detail: 's.status',
};

/** Each is found in its order by one index; docs/decisions/0025 names them. An id stands for one item of a department. */
export const WORK_FACTS: readonly WorkFact[] = [
  {
    kind: WorkItemKind.HOLD,
    departments: ALL,
    priority: WorkPriority.HIGH,
    from: 'order_hold h join orders o on o.id = h.order_id',
    where: `h.released_at is null and ${OPEN}`,
    ofDepartment: isHoldOf,
    id: 'h.id',
    openedAt: 'h.placed_at',
    orderId: 'h.order_id',
    number: 'o.number',
    detail: 'h.reason',
    note: 'h.note',
  },
  {
    ...AN_ORDER,
    kind: WorkItemKind.CONFIRM_ORDER,
    departments: [SALES],
    priority: WorkPriority.NORMAL,
    from: 'orders o',
    where: `o.status = 'RECEIVED' and o.open_holds = 0`,
    orderStatus: 'RECEIVED',
  },
  {
    ...AN_ORDER,
    kind: WorkItemKind.RELEASE_ORDER,
    departments: [WAREHOUSE],
    priority: WorkPriority.NORMAL,
    from: 'orders o',
    where: `o.status = 'CONFIRMED' and o.open_holds = 0`,
    dueAt: 'o.promised_at',
    orderStatus: 'CONFIRMED',
  },
  {
    ...A_SHIPMENT,
    kind: WorkItemKind.SHIP,
    departments: [WAREHOUSE],
    priority: WorkPriority.NORMAL,
    where: `s.status in ('PENDING', 'PICKING', 'PACKED')`,
    openedAt: 's.created_at',
    dueAt: 'o.promised_at',
  },
  {
    ...A_SHIPMENT,
    kind: WorkItemKind.DELIVERY_PROBLEM,
    departments: [LOGISTICS],
    priority: WorkPriority.HIGH,
    where: `s.status in ('EXCEPTION', 'DELIVERY_FAILED')`,
    openedAt: 's.status_at',
    dueAt: 'o.promised_at',
  },
  {
    ...AN_ORDER,
    kind: WorkItemKind.PAYMENT_FAILED,
    departments: [FINANCE],
    priority: WorkPriority.HIGH,
    from: 'orders o',
    where: `o.payment_status = 'FAILED' and ${OPEN}`,
  },
  {
    kind: WorkItemKind.PAYMENT_DUE,
    departments: [FINANCE],
    priority: WorkPriority.LOW,
    from: 'payment p join orders o on o.id = p.order_id',
    where: `p.due_at is not null and p.status in ('AUTHORIZED', 'PARTIALLY_CAPTURED')`,
    id: 'p.id',
    openedAt: 'p.begun_at',
    dueAt: 'p.due_at',
    orderId: 'p.order_id',
    number: 'o.number',
  },
  {
    kind: WorkItemKind.APPROVE_QUOTE,
    departments: [SALES],
    priority: WorkPriority.NORMAL,
    from: 'quote q',
    where: `q.status = 'PENDING_APPROVAL'`,
    id: 'q.id',
    openedAt: 'q.submitted_at',
    dueAt: 'q.valid_until',
    quoteId: 'q.id',
    number: 'q.number',
    assigneeId: 'null::bigint',
  },
  {
    ...AN_ORDER,
    kind: WorkItemKind.ASSIGNED,
    departments: ALL,
    priority: WorkPriority.NORMAL,
    from: 'orders o',
    where: `o.department is not null and ${OPEN} and not (o.open_holds = 0
      and (o.department = 'SALES' and o.status = 'RECEIVED' or o.department = 'WAREHOUSE' and o.status = 'CONFIRMED'))`,
    ofDepartment: (department) => `o.department = '${department}'`,
    openedAt: 'o.assigned_at',
    dueAt: 'o.promised_at',
  },
  {
    kind: WorkItemKind.TASK,
    departments: ALL,
    priority: null,
    from: 'work_item w',
    where: 'w.resolved_at is null',
    ofDepartment: (department) => `w.department = '${department}'`,
    id: 'w.id',
    openedAt: 'w.opened_at',
    dueAt: 'w.due_at',
    orderId: 'w.order_id',
    quoteId: 'w.quote_id',
    detail: 'w.title',
    note: 'w.note',
    assigneeId: 'w.assignee_id',
  },
];

export function factsOf(department: Department, kinds?: readonly WorkItemKind[] | null): WorkFact[] {
  return WORK_FACTS.filter((fact) => fact.departments.includes(department) && (kinds?.includes(fact.kind) ?? true));
}

export function rankSql(fact: WorkFact): string {
  return fact.priority === null ? 'w.priority_rank::int' : String(rankOf(fact.priority));
}
