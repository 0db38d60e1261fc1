import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Role } from '../../graph/access.js';
import { Node } from '../../graph/node.js';
import { DateTime, DecimalScalar } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { MoneyInput, MoneyType } from '../../graph/values.type.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import type { Bounds } from './approval.rules.js';

export const APPROVAL_RULE_PREFIX = 'apr';

const LINE_DISCOUNT =
  'A line is further below its list price than this fraction, by its discount, its unit price or both: "0.15" is 15 %.';
const DISCOUNT = 'The lines together are further below their list prices than this fraction.';
const TOTAL = 'The quote’s total is more than this; quotes in other currencies are not meant.';
const TERM = 'A recurring line runs for more months than this: 3 × YEAR is 36.';

export interface ApprovalRuleRow extends Bounds {
  id: string;
  code: string;
  name: string;
  approver_roles: Role[];
  is_active: boolean;
  created_at: string;
  updated_at: string;
  version: number;
}

@ObjectType('ApprovalRule', {
  implements: Node,
  description: 'When a quote must be approved, and by whom: it asks where a quote is beyond all bounds that are given.',
})
export class ApprovalRuleType {
  readonly __typename = 'ApprovalRule';
  constructor(readonly row: ApprovalRuleRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(APPROVAL_RULE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The name it goes by.' })
  get code(): string {
    return this.row.code;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => DecimalScalar, { nullable: true, description: LINE_DISCOUNT })
  get lineDiscountOver(): string | null {
    return this.row.line_discount_over && decimalText(this.row.line_discount_over);
  }
  @Field(() => DecimalScalar, { nullable: true, description: DISCOUNT })
  get discountOver(): string | null {
    return this.row.discount_over && decimalText(this.row.discount_over);
  }
  @Field(() => MoneyType, { nullable: true, description: TOTAL })
  get totalOver(): Money | null {
    const { total_over_minor: minor, total_over_currency: currency } = this.row;
    return minor === null ? null : moneyOfMinor(minor, currency!);
  }
  @Field(() => Int, { nullable: true, description: TERM })
  get termMonthsOver(): number | null {
    return this.row.term_months_over;
  }
  @Field(() => [Role], { description: 'Who may approve, besides ADMIN: any one of these roles.' })
  get approverRoles(): Role[] {
    return this.row.approver_roles;
  }
  @Field(() => Boolean, { description: 'False: it asks no more. What it asked before stands.' })
  get isActive(): boolean {
    return this.row.is_active;
  }
  @Field(() => DateTime, { description: 'When it was made.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { description: 'When it changed last.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@InputType('UpsertApprovalRuleInput', {
  description:
    'Found by `code`, created if there is none (then `approverRoles` and a bound are required). A field left out stays, ' +
    'null empties it; one bound at least remains.',
})
export class UpsertApprovalRuleInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The name it goes by: 1 to 40 letters, digits, dashes.' })
  code!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'A name to show; of a new rule its code.' })
  name?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: LINE_DISCOUNT })
  lineDiscountOver?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: DISCOUNT })
  discountOver?: string | null;
  @Field(() => MoneyInput, { nullable: true, description: TOTAL })
  totalOver?: MoneyInput | null;
  @Field(() => Int, { nullable: true, description: TERM })
  termMonthsOver?: number | null;
  @Field(() => [Role], {
    nullable: true,
    description: 'Who may approve, besides ADMIN: any one of these roles of staff. Holds for what waits, too.',
  })
  approverRoles?: Role[] | null;
  @Field(() => Boolean, { nullable: true, description: 'False: it asks no more.' })
  isActive?: boolean | null;
}

@ObjectType('ApprovalRulePayload', { simpleResolvers: true, description: 'What became of a change to a rule.' })
export class ApprovalRulePayload {
  @Field(() => ApprovalRuleType, { nullable: true, description: 'The rule; null where the change was refused.' })
  approvalRule!: ApprovalRuleType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
