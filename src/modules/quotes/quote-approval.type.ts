import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Role } from '../../graph/access.js';
import { DateTime } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import type { ActorKind } from '../../shared/actor.js';
import { typeId } from '../../shared/ids.js';

const APPROVAL_PREFIX = 'qap';

export enum ApprovalStatus {
  PENDING = 'PENDING',
  APPROVED = 'APPROVED',
  REJECTED = 'REJECTED',
}
registerEnumType(ApprovalStatus, {
  name: 'ApprovalStatus',
  description: 'What came of an approval that a rule asked for.',
  valuesConfig: {
    PENDING: { description: 'Nobody has decided; where the quote is no longer PENDING_APPROVAL, nobody needs to.' },
    APPROVED: { description: 'Approved.' },
    REJECTED: { description: 'Not approved, and so the quote is REJECTED.' },
  },
});

export interface ApprovalRow {
  id: string;
  quote_id: string;
  rule_id: string;
  code: string;
  approver_roles: Role[];
  status: ApprovalStatus;
  reason: string;
  asked_by_kind: ActorKind;
  asked_by_id: string | null;
  asked_by_name: string;
  asked_at: string;
  decided_by_kind: ActorKind | null;
  decided_by_id: string | null;
  decided_by_name: string | null;
  decided_at: string | null;
  comment: string | null;
}

@ObjectType('QuoteApproval', { description: 'An approval that a rule asked for when the quote was submitted.' })
export class QuoteApprovalType {
  constructor(readonly row: ApprovalRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(APPROVAL_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The rule’s code.' })
  get rule(): string {
    return this.row.code;
  }
  @Field(() => String, { description: 'What of the quote the rule is about, in words.' })
  get reason(): string {
    return this.row.reason;
  }
  @Field(() => [Role], { description: 'Who may decide, besides ADMIN: any one of these roles.' })
  get approverRoles(): Role[] {
    return this.row.approver_roles;
  }
  @Field(() => ApprovalStatus, { description: 'What came of it.' })
  get status(): ApprovalStatus {
    return this.row.status;
  }
  @Field(() => ActorType, { description: 'Who submitted the quote.' })
  get askedBy(): ActorType {
    const { asked_by_kind: kind, asked_by_id: id, asked_by_name: name } = this.row;
    return new ActorType({ kind, id, name });
  }
  @Field(() => DateTime, { description: 'When the quote was submitted.' })
  get askedAt(): string {
    return this.row.asked_at;
  }
  @Field(() => ActorType, { nullable: true, description: 'Who decided.' })
  get decidedBy(): ActorType | null {
    const { decided_by_kind: kind, decided_by_id: id, decided_by_name: name } = this.row;
    return kind && new ActorType({ kind, id, name: name ?? '' });
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was decided.' })
  get decidedAt(): string | null {
    return this.row.decided_at;
  }
  @Field(() => String, { nullable: true, description: 'What was said with the decision.' })
  get comment(): string | null {
    return this.row.comment;
  }
}
