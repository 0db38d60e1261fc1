import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { DateTime } from '../../graph/scalars.js';
import { typeId } from '../../shared/ids.js';
import { Department, ORDER_PREFIX } from '../orders/index.js';
import { QUOTE_PREFIX } from '../quotes/index.js';

/** The subject of events about work that somebody, or a rule, has asked for. */
export const WORK_ITEM = 'work_item';
export const WORK_ITEM_PREFIX = 'wrk';

export enum WorkItemKind {
  HOLD = 'HOLD',
  CONFIRM_ORDER = 'CONFIRM_ORDER',
  RELEASE_ORDER = 'RELEASE_ORDER',
  SHIP = 'SHIP',
  DELIVERY_PROBLEM = 'DELIVERY_PROBLEM',
  PAYMENT_FAILED = 'PAYMENT_FAILED',
  PAYMENT_DUE = 'PAYMENT_DUE',
  APPROVE_QUOTE = 'APPROVE_QUOTE',
  ASSIGNED = 'ASSIGNED',
  TASK = 'TASK',
}
registerEnumType(WorkItemKind, {
  name: 'WorkItemKind',
  description: 'What is to be done. The list grows: treat an unknown value as "other".',
  valuesConfig: {
    HOLD: {
      description:
        'A hold is open. FINANCE has those for PAYMENT, CREDIT, PRICE, TAX and FRAUD, WAREHOUSE those for STOCK, SUPPORT ' +
        'those for ADDRESS, the order’s department those that are MANUAL, SALES all others.',
    },
    CONFIRM_ORDER: { description: 'SALES: an order is RECEIVED and not on hold.' },
    RELEASE_ORDER: { description: 'WAREHOUSE: an order is CONFIRMED, not on hold, and no shipment of it is prepared.' },
    SHIP: { description: 'WAREHOUSE: a shipment is PENDING, PICKING or PACKED.' },
    DELIVERY_PROBLEM: { description: 'LOGISTICS: a shipment is in EXCEPTION or DELIVERY_FAILED.' },
    PAYMENT_FAILED: { description: 'FINANCE: every attempt to pay an order has failed.' },
    PAYMENT_DUE: { description: 'FINANCE: a customer is trusted with a payment on account until `dueAt`.' },
    APPROVE_QUOTE: { description: 'SALES: a quote is PENDING_APPROVAL.' },
    ASSIGNED: {
      description:
        'An order was handed to the department, and does not stand in its queue to be confirmed or released.',
    },
    TASK: { description: 'Somebody, or a rule, has asked for it; it stands until it is resolved.' },
  },
});

export enum WorkPriority {
  URGENT = 'URGENT',
  HIGH = 'HIGH',
  NORMAL = 'NORMAL',
  LOW = 'LOW',
}
registerEnumType(WorkPriority, {
  name: 'WorkPriority',
  description: 'What comes first.',
  valuesConfig: {
    URGENT: { description: 'Before all else.' },
    HIGH: { description: 'Something has gone wrong, or stands still.' },
    NORMAL: { description: 'The daily work.' },
    LOW: { description: 'When there is time.' },
  },
});
/** By their ranks: 0 comes first. */
export const PRIORITIES = [WorkPriority.URGENT, WorkPriority.HIGH, WorkPriority.NORMAL, WorkPriority.LOW] as const;

export function rankOf(priority: WorkPriority): number {
  return PRIORITIES.indexOf(priority);
}

/** One item of a queue, whatever it derives from. Exactly one of what it is about is set, or none. */
export interface WorkRow {
  kind: WorkItemKind;
  /** Of the record that it derives from. */
  id: string;
  rank: number;
  opened_at: string;
  due_at: string | null;
  order_id: string | null;
  quote_id: string | null;
  shipment_id: string | null;
  assignee_id: string | null;
  /** The number of the order, shipment or quote. */
  number: string | null;
  /** What else its title says: a hold's reason, a status, a task's own title. */
  detail: string | null;
  note: string | null;
  /** Of a task that is done. */
  resolved_at?: string | null;
  resolution?: string | null;
}

/** By these `node` knows what kind of work an id is of; of the others the number is that of what they follow from. */
export const KIND_PREFIXES: Record<WorkItemKind, string> = {
  HOLD: 'wrkhold',
  CONFIRM_ORDER: 'wrkconfirm',
  RELEASE_ORDER: 'wrkrelease',
  SHIP: 'wrkship',
  DELIVERY_PROBLEM: 'wrkdelivery',
  PAYMENT_FAILED: 'wrkunpaid',
  PAYMENT_DUE: 'wrkdue',
  APPROVE_QUOTE: 'wrkapprove',
  ASSIGNED: 'wrkassigned',
  TASK: WORK_ITEM_PREFIX,
};

const TITLES: Record<WorkItemKind, (number: string, detail: string) => string> = {
  HOLD: (number, detail) => `Order ${number} is on hold: ${detail}`,
  CONFIRM_ORDER: (number) => `Confirm order ${number}`,
  RELEASE_ORDER: (number) => `Release order ${number}`,
  SHIP: (number, detail) => `Shipment ${number} is ${detail}`,
  DELIVERY_PROBLEM: (number, detail) => `Shipment ${number} is in ${detail}`,
  PAYMENT_FAILED: (number) => `Order ${number} could not be paid`,
  PAYMENT_DUE: (number) => `Order ${number} is to be paid`,
  APPROVE_QUOTE: (number) => `Approve quote ${number}`,
  ASSIGNED: (number) => `Order ${number} was handed over`,
  TASK: (_, detail) => detail,
};

@ObjectType('WorkItem', {
  implements: Node,
  description:
    'Something that waits for a department. All but a TASK follow from the records themselves, and end with them.',
})
export class WorkItemType {
  readonly __typename = 'WorkItem';
  constructor(
    readonly row: WorkRow,
    private readonly of: Department,
  ) {}
  @Field(() => ID, {
    description:
      'Opaque and typed; finds it as long as it stands, a TASK for ever. Of a TASK: what `resolveWorkItem` takes.',
  })
  get id(): string {
    return typeId(KIND_PREFIXES[this.row.kind], this.row.id);
  }
  @Field(() => WorkItemKind, { description: 'What is to be done.' })
  get kind(): WorkItemKind {
    return this.row.kind;
  }
  @Field(() => Department, { description: 'In whose queue it stands.' })
  get department(): Department {
    return this.of;
  }
  @Field(() => WorkPriority, { description: 'What comes first.' })
  get priority(): WorkPriority {
    return PRIORITIES[this.row.rank]!;
  }
  @Field(() => String, { description: 'What it is, in words.' })
  get title(): string {
    return TITLES[this.row.kind](this.row.number ?? '', this.row.detail ?? '');
  }
  @Field(() => DateTime, {
    description: 'Since when it waits; of orders to confirm, release or be paid: when the customer ordered.',
  })
  get openedAt(): string {
    return this.row.opened_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'By when it should be done, where that is known.' })
  get dueAt(): string | null {
    return this.row.due_at;
  }
  @Field(() => String, { nullable: true, description: 'More of it, in words, where somebody wrote some.' })
  get note(): string | null {
    return this.row.note;
  }
  @Field(() => DateTime, { nullable: true, description: 'Of a TASK: when it was done; null while it stands.' })
  get resolvedAt(): string | null {
    return this.row.resolved_at ?? null;
  }
  @Field(() => String, { nullable: true, description: 'Of a TASK that is done: what came of it.' })
  get resolution(): string | null {
    return this.row.resolution ?? null;
  }
  @Field(() => ID, {
    description: 'The order or quote that it is about, or the item itself; by this `workQueueChanged` names it.',
  })
  get recordId(): string {
    const { order_id: order, quote_id: quote } = this.row;
    if (order !== null) return typeId(ORDER_PREFIX, order);
    return quote === null ? this.id : typeId(QUOTE_PREFIX, quote);
  }
}
