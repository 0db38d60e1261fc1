import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';
import type { AddressKind } from '../../graph/authenticate.js';

export enum KeyUseOutcomeEnum {
  ADMITTED = 'ADMITTED',
  UNKNOWN = 'UNKNOWN',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}
export type KeyUseOutcome = `${KeyUseOutcomeEnum}`;
registerEnumType(KeyUseOutcomeEnum, {
  name: 'KeyUseOutcome',
  description: 'What became of an attempt to use a key.',
  valuesConfig: {
    ADMITTED: { description: 'It opened the hub.' },
    UNKNOWN: { description: 'Refused: no such key was ever made.' },
    EXPIRED: { description: 'Refused: the key had reached its end.' },
    REVOKED: { description: 'Refused: the key had been taken back.' },
  },
});

export enum AddressKindEnum {
  LOOPBACK = 'LOOPBACK',
  PRIVATE = 'PRIVATE',
  PUBLIC = 'PUBLIC',
}
registerEnumType(AddressKindEnum, {
  name: 'AddressKind',
  description: 'From where a connection came; behind a proxy that is where the proxy stands.',
  valuesConfig: {
    LOOPBACK: { description: 'The machine of the hub itself.' },
    PRIVATE: { description: 'A private network.' },
    PUBLIC: { description: 'Any other address.' },
  },
});

export interface KeyUseRow {
  api_key_id: string;
  day: string;
  outcome: KeyUseOutcome;
  address_kind: AddressKind;
  agent: string;
  uses: number | string;
  first_used_at: string;
  last_used_at: string;
}

@ObjectType('ApiKeyUse', {
  description: 'How often a key was used on one day in one way. A count reaches the record within seconds.',
})
export class ApiKeyUseType {
  constructor(readonly row: KeyUseRow) {}
  @Field(() => String, { description: 'The day in UTC, e.g. "2026-03-01".' })
  get day(): string {
    return this.row.day;
  }
  @Field(() => KeyUseOutcomeEnum, { description: 'Whether it opened the hub, or why not.' })
  get outcome(): KeyUseOutcome {
    return this.row.outcome;
  }
  @Field(() => AddressKindEnum, { description: 'From where.' })
  get addressKind(): AddressKind {
    return this.row.address_kind;
  }
  @Field(() => String, {
    description: 'The program, as it names itself; "unknown" where it does not, "other" for many.',
  })
  get agent(): string {
    return this.row.agent;
  }
  @Field(() => Float, { description: 'How many requests and sockets opened; a whole number.' })
  get count(): number {
    return Number(this.row.uses);
  }
  @Field(() => DateTime, { description: 'The first of the day.' })
  get firstUsedAt(): string {
    return this.row.first_used_at;
  }
  @Field(() => DateTime, { description: 'The last of the day.' })
  get lastUsedAt(): string {
    return this.row.last_used_at;
  }
}
