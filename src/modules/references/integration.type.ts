import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { INSIDE, Allow } from '../../graph/access.js';
import { Node } from '../../graph/node.js';
import { typeId } from '../../shared/ids.js';

export const INTEGRATION_PREFIX = 'int';

export interface IntegrationRow {
  id: string;
  code: string;
  connector: string;
  name: string;
  status: IntegrationStatus;
  last_error: string | null;
  version: number;
}

export enum IntegrationStatus {
  HEALTHY = 'HEALTHY',
  DEGRADED = 'DEGRADED',
  FAILING = 'FAILING',
  UNAUTHORIZED = 'UNAUTHORIZED',
  PAUSED = 'PAUSED',
  DISCONNECTED = 'DISCONNECTED',
}
registerEnumType(IntegrationStatus, {
  name: 'IntegrationStatus',
  description: 'How a connected system is doing.',
  valuesConfig: {
    HEALTHY: { description: 'Everything it sent was taken.' },
    DEGRADED: { description: 'Some of what it sent could not be taken; see its dead letters.' },
    FAILING: { description: 'Nothing gets through at present.' },
    UNAUTHORIZED: { description: 'It refuses the hub’s credentials.' },
    PAUSED: { description: 'Stopped by a person.' },
    DISCONNECTED: { description: 'No longer connected; kept for its history.' },
  },
});

@ObjectType('Integration', {
  implements: Node,
  description: 'A configured connector: which system, how it is doing, and how far behind it is.',
})
export class IntegrationType {
  readonly __typename = 'Integration';
  constructor(readonly row: IntegrationRow) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(INTEGRATION_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The name it goes by in inputs, e.g. "shop-eu".' })
  get code(): string {
    return this.row.code;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => IntegrationStatus, { description: 'How it is doing.' })
  get status(): IntegrationStatus {
    return this.row.status;
  }
  @Allow(INSIDE)
  @Field(() => String, { nullable: true, description: 'What went wrong last, in words; null when nothing did.' })
  lastError(): string | null {
    return this.row.last_error;
  }
  @Field(() => Int, { description: 'Rises when its configuration or status changes.' })
  get version(): number {
    return this.row.version;
  }
}
