import type { RuleStep } from './automation.queries.js';
import type { RuleCondition } from './condition.rules.js';
import type { Trigger } from './trigger.rules.js';

export interface SeedRule {
  code: string;
  name: string;
  description: string;
  triggers: Trigger[];
  condition: RuleCondition | null;
  actions: RuleStep[];
  priority: number;
  isActive: boolean;
}

const A_DAY_MINUTES = 24 * 60;
const is = (field: string, value: unknown): RuleCondition => ({ field, operator: 'eq', value });
const step = (action: string, values: Record<string, unknown> = {}): RuleStep => ({ action, arguments: values });
const IS_FREE = is('openHolds', 0);

/** Those that are the same in every hub, in the order of their turn. */
const ALWAYS: SeedRule[] = [
  {
    code: 'confirm-on-arrival',
    name: 'Confirm on arrival',
    description: 'Confirms an order that is received, when all checks pass; what a check says holds it.',
    triggers: [{ status: 'RECEIVED' }, { event: 'HOLD_RELEASED' }],
    condition: { all: [is('status', 'RECEIVED'), IS_FREE] },
    actions: [step('CONFIRM_ORDER')],
    priority: 10,
    isActive: true,
  },
  {
    code: 'release-when-paid',
    name: 'Release when paid or on account',
    description: 'Gives a confirmed order to the warehouse as soon as it is paid for, or on account.',
    triggers: [
      { status: 'CONFIRMED' },
      { event: 'PAYMENT_AUTHORIZED' },
      { event: 'PAYMENT_CAPTURED' },
      { event: 'STOCK_RESERVED' },
      { event: 'HOLD_RELEASED' },
    ],
    condition: {
      all: [is('status', 'CONFIRMED'), IS_FREE, is('requiresShipping', true), is('isPaidOrOnAccount', true)],
    },
    actions: [step('RELEASE_TO_WAREHOUSE')],
    priority: 20,
    isActive: true,
  },
  {
    code: 'invoice-at-shipment',
    name: 'Invoice at shipment',
    description:
      'Invoices what has left. The hub does that by itself (HUB_INVOICE_AT); to be switched on where a rule is to do it, ' +
      'with HUB_INVOICE_AT=manual.',
    triggers: [{ event: 'SHIPMENT_UPDATED' }],
    condition: null,
    actions: [step('ISSUE_INVOICE')],
    priority: 30,
    isActive: false,
  },
  {
    code: 'cancel-unpaid',
    name: 'Cancel what is not paid',
    description:
      'Cancels a confirmed order that nobody has paid for two weeks. To be switched on where that is wanted.',
    triggers: [{ status: 'CONFIRMED', afterMinutes: 14 * A_DAY_MINUTES }],
    condition: {
      all: [
        is('status', 'CONFIRMED'),
        { field: 'paymentStatus', operator: 'in', value: ['PENDING', 'VOIDED', 'FAILED'] },
      ],
    },
    actions: [step('CANCEL_ORDER', { reason: 'Not paid in time' })],
    priority: 60,
    isActive: false,
  },
];

function completion(returnWindowDays: number): SeedRule {
  return {
    code: 'complete-after-return-window',
    name: 'Complete after the return window',
    description: 'Completes an order that is delivered and paid, once it can no longer be returned.',
    triggers: [
      { status: 'DELIVERED', afterMinutes: returnWindowDays * A_DAY_MINUTES },
      { event: 'PAYMENT_CAPTURED' },
      { event: 'HOLD_RELEASED' },
    ],
    condition: {
      all: [is('status', 'DELIVERED'), IS_FREE, is('isNothingDue', true), is('isReturnWindowClosed', true)],
    },
    actions: [step('COMPLETE_ORDER')],
    priority: 40,
    isActive: true,
  };
}

/** Where people have a list of work it goes there; otherwise a hold shows it. */
function escalation(hasWorkItems: boolean): SeedRule {
  const hold = step('HOLD_ORDER', { reason: 'MANUAL', note: 'It has not moved on for a long time' });
  return {
    code: 'escalate-standstill',
    name: 'Escalate what stands still',
    description:
      'Shows somebody an order that has stood in one place for too long and waits for nothing that is known.',
    triggers: [
      { status: 'RECEIVED', afterMinutes: A_DAY_MINUTES },
      { status: 'CONFIRMED', afterMinutes: 3 * A_DAY_MINUTES },
      { status: 'PROCESSING', afterMinutes: 3 * A_DAY_MINUTES },
    ],
    condition: { all: [IS_FREE, is('isBackordered', false)] },
    actions: [hasWorkItems ? step('OPEN_WORK_ITEM', { title: 'It has not moved on for a long time' }) : hold],
    priority: 50,
    isActive: true,
  };
}

/** What a new hub begins with, as far as its modules have the actions. */
export function seedRules(returnWindowDays: number, hasAction: (code: string) => boolean): SeedRule[] {
  const seeds = [...ALWAYS, completion(returnWindowDays), escalation(hasAction('OPEN_WORK_ITEM'))];
  return seeds.filter(({ actions }) => actions.every(({ action }) => hasAction(action)));
}
