import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Role } from '../../graph/access.js';
import { Node } from '../../graph/node.js';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { ActorType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';

export const API_KEY_PREFIX = 'key';

export interface ApiKeyRow {
  id: string;
  name: string;
  roles: Role[];
  customer_id: string | null;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
}

@ObjectType('ApiKey', {
  implements: Node,
  description: 'A key that opens the graph; its secret is not kept, only a hash of it.',
})
export class ApiKeyType {
  readonly __typename = 'ApiKey';
  constructor(readonly row: ApiKeyRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(API_KEY_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'Who or what uses it; stands as the actor’s name on what it does.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => [Role], { description: 'What it may do.' })
  get roles(): Role[] {
    return this.row.roles;
  }
  @Field(() => DateTime, { description: 'When it was made.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was used last, known within seconds; null if never.' })
  get lastUsedAt(): string | null {
    return this.row.last_used_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'It opens nothing from then on; null: no end.' })
  get expiresAt(): string | null {
    return this.row.expires_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was taken back; null while it is good.' })
  get revokedAt(): string | null {
    return this.row.revoked_at;
  }
}

@ObjectType('Viewer', { simpleResolvers: true, description: 'Who is asking.' })
export class ViewerType {
  @Field(() => ActorType, { description: 'As it stands on what the viewer does.' })
  actor!: ActorType;
  @Field(() => [Role], { description: 'What the viewer may do.' })
  roles!: readonly Role[];
}

@InputType('CreateApiKeyInput', { description: 'A new key.' })
export class CreateApiKeyInput {
  @Field(() => String, {
    description: 'The same key and input is carried out once; a replay answers without the secret.',
  })
  idempotencyKey!: string;
  @Field(() => String, { description: 'Who or what uses it.' })
  name!: string;
  @Field(() => [Role], { description: 'At least one; CUSTOMER stands alone.' })
  roles!: Role[];
  @Field(() => ID, {
    nullable: true,
    description: 'Required with the role CUSTOMER: the key then reads and orders for that customer alone.',
  })
  customerId?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'It opens nothing from then on; left out: no end.' })
  expiresAt?: Date | null;
}

@ObjectType('CreateApiKeyPayload', {
  simpleResolvers: true,
  description: '`secret` is shown this once; a replay answers without it.',
})
export class CreateApiKeyPayload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key; null where it was refused.' })
  apiKey!: ApiKeyType | null;
  @Field(() => String, { nullable: true, description: 'Send it as "Authorization: Bearer <secret>".' })
  secret!: string | null;
  @Field(() => Boolean, { description: 'The idempotency key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@ObjectType('RevokeApiKeyPayload', { simpleResolvers: true, description: 'What became of taking back a key.' })
export class RevokeApiKeyPayload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key; null where it was refused.' })
  apiKey!: ApiKeyType | null;
  @Field(() => Boolean, { description: 'The idempotency key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
