import { Field, InputType, Int } from 'type-graphql';
import { Json } from '../../graph/scalars.js';
import { DateTimeRange } from '../../graph/values.type.js';

@InputType('ConnectIntegrationInput', {
  description:
    '`settings` and `credentials` follow the connector’s own schemas; credentials are stored encrypted and never read back.',
})
export class ConnectIntegrationInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, {
    description: 'The name it will go by, e.g. "shop-eu": lower case letters, digits and hyphens.',
  })
  code!: string;
  @Field(() => String, { description: 'The connector’s code; `connectors` lists them.' })
  connector!: string;
  @Field(() => String, { nullable: true, description: 'A name to show; the connector’s, if left out.' })
  name?: string | null;
  @Field(() => Json, { description: 'As the connector’s `settingsSchema` says.' })
  settings!: unknown;
  @Field(() => Json, { nullable: true, description: 'As the connector’s `credentialsSchema` says.' })
  credentials?: unknown;
}

@InputType('UpdateIntegrationInput', {
  description:
    'How a system is reached from now on; what is left out stays. `settings` and `credentials` are given whole.',
})
export class UpdateIntegrationInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The integration’s code.' })
  code!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'A name to show.' })
  name?: string | null;
  @Field(() => Json, { nullable: true, description: 'As the connector’s `settingsSchema` says.' })
  settings?: unknown;
  @Field(() => Json, { nullable: true, description: 'As the connector’s `credentialsSchema` says.' })
  credentials?: unknown;
}

@InputType('IntegrationActionInput', { description: 'Which integration is meant.' })
export class IntegrationActionInput {
  @Field(() => String, { nullable: true, description: 'The same key and input is carried out once.' })
  idempotencyKey?: string | null;
  @Field(() => String, { description: 'The integration’s code.' })
  code!: string;
  @Field(() => String, {
    nullable: true,
    description: 'One of its streams; only for `syncIntegration` and `reconcileIntegration`.',
  })
  stream?: string | null;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
}

@InputType('ReplayDeadLettersInput', { description: 'Which dead letters of an integration; what is left out is any.' })
export class ReplayDeadLettersInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The integration’s code.' })
  code!: string;
  @Field(() => String, { nullable: true, description: 'Of this topic or stream.' })
  stream?: string | null;
  @Field(() => String, { nullable: true, description: 'Of the record with this id there.' })
  externalId?: string | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Given up then; `gte` and `lt` count.' })
  failedAt?: DateTimeRange | null;
  @Field(() => Int, { nullable: true, description: 'The oldest so many; 1,000 at most, and if left out.' })
  first?: number | null;
}
