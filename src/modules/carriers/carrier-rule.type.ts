import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { CountryCode } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { MoneyInput, MoneyType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import type { Money } from '../../shared/money.js';
import type { CarrierRuleRow } from './carrier-rule.queries.js';
import { PREFERENCES, type Conditions, type Effect, type Preference } from './choice.rules.js';

export const CARRIER_RULE = 'carrier_rule';
export const CARRIER_RULE_PREFIX = 'crl';

export const PreferenceEnum = Object.fromEntries(PREFERENCES.map((preference) => [preference, preference]));
registerEnumType(PreferenceEnum, {
  name: 'CarrierPreference',
  description: 'Which offer goes first. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    CHEAPEST: { description: 'The one that costs least, then the fastest.' },
    FASTEST: { description: 'The one that takes the fewest days, then the cheapest.' },
  },
});

const COUNTRIES = 'It goes to one of these; empty: anywhere.';
const REGIONS = 'It goes to one of these regions, by their codes in addresses; empty: any.';
const CHANNELS = 'Its order came by one of these channels, by their codes; empty: any.';
const OVER_GRAMS = 'It weighs more.';
const UP_TO_GRAMS = 'It weighs no more.';
const VALUE_OVER = 'Its order comes to more; orders in other currencies are not meant.';
const VALUE_UP_TO = 'Its order comes to no more; orders in other currencies are not meant.';
const WITHIN = 'Delivery is asked for within so many days.';
const EXCLUDE = 'Carriers that are dropped, as "USPS", or with a service as "USPS/Express".';
const MOST_DAYS = 'Drops what takes longer, or nobody knows how long.';
const MOST_PRICE = 'Drops what costs more; offers in other currencies are not meant.';
const PREFER = 'Which offer goes first. The first rule that fits and prefers something decides.';
const PREFERRED = 'Carriers that go before all others, the first of them first; written like those to exclude.';

@ObjectType('CarrierRuleConditions', { simpleResolvers: true, description: 'For which shipments a rule is: all hold.' })
export class CarrierRuleConditions implements Conditions {
  @Field(() => [CountryCode], { description: COUNTRIES }) countries!: string[];
  @Field(() => [String], { description: REGIONS }) regions!: string[];
  @Field(() => [String], { description: CHANNELS }) channels!: string[];
  @Field(() => Int, { nullable: true, description: OVER_GRAMS }) weightOverGrams?: number | null;
  @Field(() => Int, { nullable: true, description: UP_TO_GRAMS }) weightUpToGrams?: number | null;
  @Field(() => MoneyType, { nullable: true, description: VALUE_OVER }) valueOver?: Money | null;
  @Field(() => MoneyType, { nullable: true, description: VALUE_UP_TO }) valueUpTo?: Money | null;
  @Field(() => Int, { nullable: true, description: WITHIN }) requestedWithinDays?: number | null;
}
@ObjectType('CarrierRuleEffect', { simpleResolvers: true, description: 'What a rule does with the offers.' })
export class CarrierRuleEffect implements Effect {
  @Field(() => [String], { description: EXCLUDE }) exclude!: string[];
  @Field(() => Int, { nullable: true, description: MOST_DAYS }) mostDays?: number | null;
  @Field(() => MoneyType, { nullable: true, description: MOST_PRICE }) mostPrice?: Money | null;
  @Field(() => PreferenceEnum, { nullable: true, description: PREFER }) prefer?: Preference | null;
  @Field(() => [String], { description: PREFERRED }) preferCarriers!: string[];
}
@InputType('CarrierRuleConditionsInput', { description: 'For which shipments a rule is: all hold.' })
export class CarrierRuleConditionsInput implements Conditions {
  @Field(() => [CountryCode], { nullable: true, description: COUNTRIES }) countries?: string[];
  @Field(() => [String], { nullable: true, description: REGIONS }) regions?: string[];
  @Field(() => [String], { nullable: true, description: CHANNELS }) channels?: string[];
  @Field(() => Int, { nullable: true, description: OVER_GRAMS }) weightOverGrams?: number | null;
  @Field(() => Int, { nullable: true, description: UP_TO_GRAMS }) weightUpToGrams?: number | null;
  @Field(() => MoneyInput, { nullable: true, description: VALUE_OVER }) valueOver?: MoneyInput | null;
  @Field(() => MoneyInput, { nullable: true, description: VALUE_UP_TO }) valueUpTo?: MoneyInput | null;
  @Field(() => Int, { nullable: true, description: WITHIN }) requestedWithinDays?: number | null;
}
@InputType('CarrierRuleEffectInput', { description: 'What a rule does with the offers.' })
export class CarrierRuleEffectInput implements Effect {
  @Field(() => [String], { nullable: true, description: EXCLUDE }) exclude?: string[];
  @Field(() => Int, { nullable: true, description: MOST_DAYS }) mostDays?: number | null;
  @Field(() => MoneyInput, { nullable: true, description: MOST_PRICE }) mostPrice?: MoneyInput | null;
  @Field(() => PreferenceEnum, { nullable: true, description: PREFER }) prefer?: Preference | null;
  @Field(() => [String], { nullable: true, description: PREFERRED }) preferCarriers?: string[];
}

@ObjectType('CarrierRule', {
  implements: Node,
  description: 'Which carriers’ offers are dropped, and which is chosen, for which shipments.',
})
export class CarrierRuleType {
  readonly __typename = 'CarrierRule';
  constructor(readonly row: CarrierRuleRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(CARRIER_RULE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The name it goes by; stands in the reasons of offers.' })
  get code(): string {
    return this.row.code;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => Int, { description: 'The smallest goes first.' })
  get priority(): number {
    return this.row.priority;
  }
  @Field(() => CarrierRuleConditions, { description: 'For which shipments it is.' })
  get conditions(): CarrierRuleConditions {
    return { countries: [], regions: [], channels: [], ...this.row.conditions };
  }
  @Field(() => CarrierRuleEffect, { description: 'What it does with the offers.' })
  get effect(): CarrierRuleEffect {
    return { exclude: [], preferCarriers: [], ...this.row.effect };
  }
  @Field(() => Boolean, { description: 'It is applied.' })
  get isActive(): boolean {
    return this.row.is_active;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@InputType('UpsertCarrierRuleInput', {
  description:
    'Found by `code`, created if there is none. A field left out stays; conditions and effect are replaced whole.',
})
export class UpsertCarrierRuleInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The name it goes by.' })
  code!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'A name to show; left out of a new rule: its code.' })
  name?: string | null;
  @Field(() => Int, { nullable: true, description: 'The smallest goes first; left out of a new rule: 100.' })
  priority?: number | null;
  @Field(() => CarrierRuleConditionsInput, { nullable: true, description: 'For which shipments; left out: for all.' })
  conditions?: CarrierRuleConditionsInput | null;
  @Field(() => CarrierRuleEffectInput, { nullable: true, description: 'What it does with the offers.' })
  effect?: CarrierRuleEffectInput | null;
  @Field(() => Boolean, { nullable: true, description: 'False: it is not applied.' })
  isActive?: boolean | null;
}

@ObjectType('CarrierRulePayload', { simpleResolvers: true, description: 'What became of a change to a rule.' })
export class CarrierRulePayload {
  @Field(() => CarrierRuleType, { nullable: true, description: 'The rule; null where the change was refused.' })
  carrierRule!: CarrierRuleType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
