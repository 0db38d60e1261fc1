import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Actor, ActorKind } from '../shared/actor.js';
import { parseTypeId, typeId } from '../shared/ids.js';
import type { Money } from '../shared/money.js';
import { CountryCode, CurrencyCode, DateTime, DecimalScalar } from './scalars.js';

@ObjectType('Money', { simpleResolvers: true, description: 'An exact amount of one currency.' })
export class MoneyType implements Money {
  @Field(() => DecimalScalar, {
    description: 'Totals have exactly the currency’s digits; unit prices may carry up to six more.',
  })
  amount!: string;
  @Field(() => CurrencyCode, { description: 'ISO 4217 code.' })
  currency!: string;
}

@InputType('MoneyInput', { description: 'An exact amount of one currency.' })
export class MoneyInput implements Money {
  @Field(() => DecimalScalar, {
    description: 'With no more digits than the currency has; unit prices may carry six more.',
  })
  amount!: string;
  @Field(() => CurrencyCode, { description: 'ISO 4217 code.' })
  currency!: string;
}

@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where a page stands in its list (Relay).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follows; false when paging backwards unless known.' })
  hasNextPage!: boolean;
  @Field(() => Boolean, { description: 'More comes before; false when paging forwards unless known.' })
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  startCursor!: string | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null on an empty page.' })
  endCursor!: string | null;
}

export interface Address {
  name?: string | null;
  company?: string | null;
  line1: string;
  line2?: string | null;
  city: string;
  region?: string | null;
  postalCode?: string | null;
  country: string;
  phone?: string | null;
}

const NAME = 'Who receives it.';
const COMPANY = 'The company at this address.';
const LINE1 = 'Street and number.';
const LINE2 = 'Floor, building, c/o.';
const CITY = 'City or town.';
const REGION = 'State, province or county.';
const POSTAL = 'Postal code as written in that country.';
const COUNTRY = 'ISO 3166-1 alpha-2 code; decides the tax.';
const PHONE = 'For the carrier.';

@ObjectType('Address', { simpleResolvers: true, description: 'A postal address.' })
export class AddressType implements Address {
  @Field(() => String, { nullable: true, description: NAME }) name?: string | null;
  @Field(() => String, { nullable: true, description: COMPANY }) company?: string | null;
  @Field(() => String, { description: LINE1 }) line1!: string;
  @Field(() => String, { nullable: true, description: LINE2 }) line2?: string | null;
  @Field(() => String, { description: CITY }) city!: string;
  @Field(() => String, { nullable: true, description: REGION }) region?: string | null;
  @Field(() => String, { nullable: true, description: POSTAL }) postalCode?: string | null;
  @Field(() => CountryCode, { description: COUNTRY }) country!: string;
  @Field(() => String, { nullable: true, description: PHONE }) phone?: string | null;
}

@InputType('AddressInput', { description: 'A postal address.' })
export class AddressInput implements Address {
  @Field(() => String, { nullable: true, description: NAME }) name?: string | null;
  @Field(() => String, { nullable: true, description: COMPANY }) company?: string | null;
  @Field(() => String, { description: LINE1 }) line1!: string;
  @Field(() => String, { nullable: true, description: LINE2 }) line2?: string | null;
  @Field(() => String, { description: CITY }) city!: string;
  @Field(() => String, { nullable: true, description: REGION }) region?: string | null;
  @Field(() => String, { nullable: true, description: POSTAL }) postalCode?: string | null;
  @Field(() => CountryCode, { description: COUNTRY }) country!: string;
  @Field(() => String, { nullable: true, description: PHONE }) phone?: string | null;
}

export enum ActorKindEnum {
  USER = 'USER',
  API_KEY = 'API_KEY',
  INTEGRATION = 'INTEGRATION',
  RULE = 'RULE',
  CUSTOMER = 'CUSTOMER',
  SYSTEM = 'SYSTEM',
}
registerEnumType(ActorKindEnum, {
  name: 'ActorKind',
  description: 'What kind of actor did it.',
  valuesConfig: {
    USER: { description: 'A person.' },
    API_KEY: { description: 'The holder of an API key.' },
    INTEGRATION: { description: 'A connected system.' },
    RULE: { description: 'An automation rule.' },
    CUSTOMER: { description: 'The customer, by a key of its own.' },
    SYSTEM: { description: 'The hub itself.' },
  },
});

const ACTOR_PREFIX: Partial<Record<ActorKind, string>> = {
  API_KEY: 'key',
  INTEGRATION: 'int',
  RULE: 'rul',
  CUSTOMER: 'cus',
};

/** The actor whose record has that id; null for any other text. */
export function actorOfId(text: string): { kind: ActorKind; id: string } | null {
  const parsed = parseTypeId(text);
  const found = Object.entries(ACTOR_PREFIX).find(([, prefix]) => prefix === parsed?.prefix);
  return found ? { kind: found[0] as ActorKind, id: parsed!.id } : null;
}

@ObjectType('Actor', { description: 'Who did it.' })
export class ActorType {
  constructor(private readonly actor: Actor) {}
  @Field(() => ActorKindEnum, { description: 'What kind of actor it is.' })
  get kind(): ActorKind {
    return this.actor.kind;
  }
  @Field(() => ID, { nullable: true, description: 'The actor’s own record, where it has one.' })
  get id(): string | null {
    const prefix = ACTOR_PREFIX[this.actor.kind];
    return prefix && this.actor.id ? typeId(prefix, this.actor.id) : null;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.actor.name;
  }
}

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Which end comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest or oldest first.' },
    DESC: { description: 'Largest or newest first.' },
  },
});

@InputType('DateTimeRange', { description: 'Instants between bounds; all that are given hold.' })
export class DateTimeRange {
  @Field(() => DateTime, { nullable: true, description: 'At or after.' }) gte?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'After.' }) gt?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'At or before.' }) lte?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Before.' }) lt?: Date | null;
}

@InputType('DecimalRange', { description: 'Numbers between bounds; all that are given hold.' })
export class DecimalRange {
  @Field(() => DecimalScalar, { nullable: true, description: 'At least.' }) gte?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'More than.' }) gt?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'At most.' }) lte?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'Less than.' }) lt?: string | null;
}
