import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime, DecimalScalar } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import type { ActorKind } from '../../shared/actor.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { StockMovementKind } from './stock.type.js';

export const MOVEMENT_PREFIX = 'mov';

export interface MovementRow {
  id: string;
  product_id: string;
  location_id: string;
  kind: StockMovementKind;
  quantity: string;
  balance_after: string;
  order_id: string | null;
  reason: string | null;
  actor_kind: ActorKind;
  actor_id: string | null;
  actor_name: string;
  at: string;
}

@ObjectType('StockMovement', {
  implements: Node,
  description:
    'The ledger: on-hand is always the sum of its movements. `quantity` is signed: what leaves is negative. Never changed, ' +
    'never removed.',
})
export class StockMovementType {
  readonly __typename = 'StockMovement';
  constructor(readonly row: MovementRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(MOVEMENT_PREFIX, this.row.id);
  }
  @Field(() => StockMovementKind, { description: 'Why it came or went.' })
  get kind(): StockMovementKind {
    return this.row.kind;
  }
  @Field(() => DecimalScalar, { description: 'Positive for what came, negative for what left.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
  @Field(() => DecimalScalar, { description: 'On hand behind it.' })
  get balanceAfter(): string {
    return decimalText(this.row.balance_after);
  }
  @Field(() => String, { nullable: true, description: 'Why, in words.' })
  get reason(): string | null {
    return this.row.reason;
  }
  @Field(() => ActorType, { description: 'Who did it.' })
  get actor(): ActorType {
    return new ActorType({ kind: this.row.actor_kind, id: this.row.actor_id, name: this.row.actor_name });
  }
  @Field(() => DateTime, { description: 'When.' })
  get at(): string {
    return this.row.at;
  }
}

@ObjectType('StockMovementConnection', { description: 'A page of movements.' })
export class StockMovementConnection extends connectionTypes('StockMovement', () => StockMovementType) {}
