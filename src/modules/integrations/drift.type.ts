import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime, Json } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { ActorType } from '../../graph/values.type.js';
import type { Actor } from '../../shared/actor.js';
import { typeId } from '../../shared/ids.js';
import { PRODUCT_PREFIX } from '../catalog/index.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../customers/index.js';
import { SHIPMENT_PREFIX } from '../fulfillment/index.js';
import { ORDER_PREFIX } from '../orders/index.js';
import { QUOTE_PREFIX } from '../quotes/index.js';
import { IntegrationType } from '../references/index.js';
import { LEVEL_PREFIX } from '../stock/index.js';

export const DRIFT_PREFIX = 'drf';

const RECORD_PREFIXES: Record<string, string> = {
  customer: CUSTOMER_PREFIX,
  contact: CONTACT_PREFIX,
  product: PRODUCT_PREFIX,
  stock: LEVEL_PREFIX,
  order: ORDER_PREFIX,
  quote: QUOTE_PREFIX,
  shipment: SHIPMENT_PREFIX,
};

export enum DriftStatus {
  OPEN = 'OPEN',
  REPAIRED = 'REPAIRED',
  SETTLED = 'SETTLED',
  IGNORED = 'IGNORED',
}
registerEnumType(DriftStatus, {
  name: 'DriftStatus',
  description: 'What became of a difference between the hub and a connected system.',
  valuesConfig: {
    OPEN: { description: 'It is still there, as far as the hub knows.' },
    REPAIRED: {
      description: 'Its repair is under way or done; where it fails, the next compare finds the drift anew.',
    },
    SETTLED: { description: 'A later compare found it gone, or found other values in its place.' },
    IGNORED: { description: 'Both sides may stay as they are; other values are drift anew.' },
  },
});

export enum DriftRepair {
  TAKE_SOURCE = 'TAKE_SOURCE',
  TELL_SOURCE = 'TELL_SOURCE',
  IGNORE = 'IGNORE',
}
registerEnumType(DriftRepair, {
  name: 'DriftRepair',
  description: 'What is done about a difference.',
  valuesConfig: {
    TAKE_SOURCE: { description: 'The hub takes over what the system has: read again now, not as it was found.' },
    TELL_SOURCE: { description: 'The system is told again what the hub has.' },
    IGNORE: { description: 'Nothing: both stay as they are.' },
  },
});

export interface DriftRow {
  id: string;
  integration_id: string;
  stream: string;
  push_stream: string | null;
  record_kind: string;
  record_id: string | null;
  external_id: string;
  field: string;
  hub_value: unknown;
  source_value: unknown;
  hub_value_at: string | null;
  source_value_at: string | null;
  reason: string | null;
  proposed_repair: Exclude<`${DriftRepair}`, 'IGNORE'> | null;
  status: `${DriftStatus}`;
  found_at: string;
  closed_at: string | null;
  repair: `${DriftRepair}` | null;
  decided_kind: Actor['kind'] | null;
  decided_id: string | null;
  decided_name: string | null;
}

@ObjectType('DriftItem', {
  implements: Node,
  description:
    'A field of which the hub and a connected system say different things although neither has news for the other.',
})
export class DriftItemType {
  readonly __typename = 'DriftItem';
  constructor(
    readonly row: DriftRow,
    private readonly now: Date,
  ) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(DRIFT_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The stream that was compared, e.g. "customers".' })
  get stream(): string {
    return this.row.stream;
  }
  @Field(() => String, { description: 'What kind of record it is about, e.g. "customer" or "stock".' })
  get record(): string {
    return this.row.record_kind;
  }
  @Field(() => ID, { nullable: true, description: 'The hub’s record; null where it has none.' })
  get recordId(): string | null {
    const prefix = RECORD_PREFIXES[this.row.record_kind];
    return prefix === undefined || this.row.record_id === null ? null : typeId(prefix, this.row.record_id);
  }
  @Field(() => String, { description: 'The record’s id in the system.' })
  get externalId(): string {
    return this.row.external_id;
  }
  @Field(() => String, {
    description: 'The field’s name in the graph; "exists" where a whole record is on one side only.',
  })
  get field(): string {
    return this.row.field;
  }
  @Field(() => Json, { nullable: true, description: 'What the hub had when it was found.' })
  get hubValue(): unknown {
    return this.row.hub_value;
  }
  @Field(() => Json, { nullable: true, description: 'What the system had then.' })
  get sourceValue(): unknown {
    return this.row.source_value;
  }
  @Field(() => DateTime, { nullable: true, description: 'Since when the hub had its value, as far as it knows.' })
  get hubValueAt(): string | null {
    return this.row.hub_value_at;
  }
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the system’s record last changed, as far as it tells.',
  })
  get sourceValueAt(): string | null {
    return this.row.source_value_at;
  }
  @Field(() => String, { nullable: true, description: 'Why the system’s word cannot be taken; null where it can.' })
  get reason(): string | null {
    return this.row.reason;
  }
  @Field(() => DriftRepair, {
    nullable: true,
    description: 'What the policies of the field suggest; null where a person has to mend one of the two sides.',
  })
  get proposedRepair(): string | null {
    return this.row.proposed_repair;
  }
  @Field(() => DriftStatus, { description: 'What became of it.' })
  get status(): string {
    return this.row.status;
  }
  @Field(() => DateTime, { description: 'When it was found.' })
  get foundAt(): string {
    return this.row.found_at;
  }
  @Field(() => Float, { description: 'For how many seconds it has been known, or was until it was closed.' })
  get ageSeconds(): number {
    const until = this.row.closed_at === null ? this.now.getTime() : Date.parse(this.row.closed_at);
    return Math.max(0, (until - Date.parse(this.row.found_at)) / 1000);
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was repaired, ignored or found gone.' })
  get closedAt(): string | null {
    return this.row.closed_at;
  }
  @Field(() => DriftRepair, { nullable: true, description: 'What was decided; null where nobody had to decide.' })
  get repair(): string | null {
    return this.row.repair;
  }
  @Field(() => ActorType, { nullable: true, description: 'Who decided it.' })
  get decidedBy(): ActorType | null {
    const { decided_kind: kind, decided_id: id, decided_name: name } = this.row;
    return kind === null ? null : new ActorType({ kind, id, name: name! });
  }
}

@ObjectType('DriftItemConnection', { description: 'A page of drift.' })
export class DriftItemConnection extends connectionTypes('DriftItem', () => DriftItemType) {}

@ObjectType('DriftPayload', { simpleResolvers: true, description: 'What became of a repair.' })
export class DriftPayload {
  @Field(() => DriftItemType, { nullable: true, description: 'The drift; null where the repair was refused.' })
  drift!: DriftItemType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@ObjectType('RepairDriftsPayload', { simpleResolvers: true, description: 'What became of repairs.' })
export class RepairDriftsPayload {
  @Field(() => IntegrationType, { nullable: true, description: 'The integration; null where it was refused.' })
  integration!: IntegrationType | null;
  @Field(() => Int, { description: 'How many differences are repaired or ignored.' })
  count!: number;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
