import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Policy } from '../references/index.js';

export enum FieldPolicyRecord {
  CUSTOMER = 'CUSTOMER',
  PRODUCT = 'PRODUCT',
}
registerEnumType(FieldPolicyRecord, {
  name: 'FieldPolicyRecord',
  description: 'Records of which several systems may have a say.',
  valuesConfig: { CUSTOMER: { description: 'Customers.' }, PRODUCT: { description: 'Products.' } },
});

export enum FieldPolicyKind {
  SOURCE_WINS = 'SOURCE_WINS',
  LATEST = 'LATEST',
  NON_EMPTY = 'NON_EMPTY',
  HUMAN_DECIDES = 'HUMAN_DECIDES',
}
registerEnumType(FieldPolicyKind, {
  name: 'FieldPolicyKind',
  description: 'Who is believed where several know a field.',
  valuesConfig: {
    SOURCE_WINS: {
      description:
        'This system’s word stands, whatever others say and whenever; the hub’s own users are overruled too.',
    },
    LATEST: { description: 'The word that was said last stands, whoever said it.' },
    NON_EMPTY: { description: 'The last word stands, but nothing said never replaces something said.' },
    HUMAN_DECIDES: { description: 'What differs waits for a person; until then the field stays as it is.' },
  },
});

@ObjectType('FieldPolicy', { description: 'What counts of what a system says of a field.' })
export class FieldPolicyType {
  constructor(
    private readonly facts: { record: FieldPolicyRecord; field: string; policy: Policy; isChosen: boolean },
  ) {}

  @Field(() => FieldPolicyRecord, { description: 'Of which records.' })
  get record(): FieldPolicyRecord {
    return this.facts.record;
  }
  @Field(() => String, { description: 'The field’s name in the graph.' })
  get field(): string {
    return this.facts.field;
  }
  @Field(() => FieldPolicyKind, { description: 'Who is believed.' })
  get policy(): Policy {
    return this.facts.policy;
  }
  @Field(() => Boolean, {
    description: 'The company chose it by `setFieldPolicy`; false: the connector’s own, or LATEST.',
  })
  get isChosen(): boolean {
    return this.facts.isChosen;
  }
}

@InputType('SetFieldPolicyInput', { description: 'What is to count of what a system says of a field.' })
export class SetFieldPolicyInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The integration’s code.' })
  integration!: string;
  @Field(() => FieldPolicyRecord, { description: 'Of which records.' })
  record!: FieldPolicyRecord;
  @Field(() => String, { description: 'The field’s name in the graph, e.g. "email".' })
  field!: string;
  @Field(() => FieldPolicyKind, {
    nullable: true,
    description: 'Who is believed from now on; null: as the connector has it.',
  })
  policy?: FieldPolicyKind | null;
}
