import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { typeId } from '../../shared/ids.js';

export const DEAD_LETTER_PREFIX = 'dead';

export interface DeadLetterRow {
  id: string;
  stream: string;
  external_id: string | null;
  error: string;
  attempts: number;
  failed_at: string;
}

@ObjectType('DeadLetter', {
  implements: Node,
  description:
    'Something a connected system sent that could not be taken. `payload` is for administrators and the integration’s keepers only.',
})
export class DeadLetterType {
  readonly __typename = 'DeadLetter';
  constructor(readonly row: DeadLetterRow) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(DEAD_LETTER_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The topic or stream it came by.' })
  get stream(): string {
    return this.row.stream;
  }
  @Field(() => String, { nullable: true, description: 'The id of the record there, where it could be told.' })
  get externalId(): string | null {
    return this.row.external_id;
  }
  @Field(() => String, { description: 'Why it could not be taken: the field, what was expected and what came.' })
  get error(): string {
    return this.row.error;
  }
  @Field(() => Int, { description: 'How often it was tried.' })
  get attempts(): number {
    return this.row.attempts;
  }
  @Field(() => DateTime, { description: 'When it was given up.' })
  get failedAt(): string {
    return this.row.failed_at;
  }
}

@ObjectType('DeadLetterConnection', { description: 'A page of dead letters.' })
export class DeadLetterConnection extends connectionTypes('DeadLetter', () => DeadLetterType) {}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** What was sent, to look at: a number that JavaScript cannot hold exactly comes as text, what is no JSON as text too. */
export function shownPayload(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return parse(text, (_, value, { source }) =>
      typeof value === 'number' && String(value) !== source ? source : value,
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return text;
    throw error;
  }
}
