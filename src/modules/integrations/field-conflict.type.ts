import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { typeId } from '../../shared/ids.js';
import { PRODUCT_PREFIX } from '../catalog/index.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../customers/index.js';

export const FIELD_CONFLICT_PREFIX = 'fcf';

const PREFIXES: Record<string, string> = {
  customer: CUSTOMER_PREFIX,
  contact: CONTACT_PREFIX,
  product: PRODUCT_PREFIX,
};

export interface FieldConflictRow {
  id: string;
  record_kind: string;
  record_id: string;
  field: string;
  opened_at: string;
  closed_at: string | null;
}

@ObjectType('FieldConflict', {
  implements: Node,
  description: 'A field of which systems say different things, where a person is to decide.',
})
export class FieldConflictType {
  readonly __typename = 'FieldConflict';
  constructor(readonly row: FieldConflictRow) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(FIELD_CONFLICT_PREFIX, this.row.id);
  }
  @Field(() => ID, { description: 'Of the customer, contact or product it is about.' })
  get recordId(): string {
    return typeId(PREFIXES[this.row.record_kind]!, this.row.record_id);
  }
  @Field(() => String, { description: 'The field’s name in the graph.' })
  get field(): string {
    return this.row.field;
  }
  @Field(() => DateTime, { description: 'Since when it waits.' })
  get openedAt(): string {
    return this.row.opened_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was decided, or nothing differed any more.' })
  get closedAt(): string | null {
    return this.row.closed_at;
  }
}

@ObjectType('FieldConflictConnection', { description: 'A page of conflicts.' })
export class FieldConflictConnection extends connectionTypes('FieldConflict', () => FieldConflictType) {}

@InputType('ResolveFieldConflictInput', {
  description: 'What is to stand: give exactly one of `integration` and `keep`.',
})
export class ResolveFieldConflictInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The conflict’s id.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'Code of the integration whose word is to stand.' })
  integration?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'True: the field stays as it is.' })
  keep?: boolean | null;
}

@ObjectType('FieldConflictPayload', { simpleResolvers: true, description: 'What became of a conflict.' })
export class FieldConflictPayload {
  @Field(() => FieldConflictType, { nullable: true, description: 'The conflict; null where the change was refused.' })
  conflict!: FieldConflictType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
