import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { DateTimeRange } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import type { Finding } from './mail-lines.rules.js';

export const INBOUND_MAIL_PREFIX = 'mal';

export enum InboundMailStatus {
  RECEIVED = 'RECEIVED',
  READ = 'READ',
  UNREADABLE = 'UNREADABLE',
  REFUSED = 'REFUSED',
}
registerEnumType(InboundMailStatus, {
  name: 'InboundMailStatus',
  description: 'What became of a mail. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    RECEIVED: { description: 'It is kept and will be read in a moment.' },
    READ: { description: 'A draft was made of all of it.' },
    UNREADABLE: {
      description:
        'Not all of it was understood. Of what was, there is a draft with a hold; of nothing, there is none.',
    },
    REFUSED: { description: 'Kept, but no draft is made of it: its sender is not known here, or is a machine.' },
  },
});

export interface InboundMailRow {
  id: string;
  message_id: string | null;
  envelope_from: string;
  envelope_to: string[];
  size_bytes: number;
  deliveries: number;
  status: InboundMailStatus;
  sender: string | null;
  sender_name: string | null;
  subject: string | null;
  order_id: string | null;
  reason: string | null;
  findings: Finding[];
  received_at: string;
  settled_at: string | null;
  version: number;
}

@ObjectType('MailFinding', { simpleResolvers: true, description: 'A piece of a mail that was not understood.' })
export class MailFindingType {
  @Field(() => String, { description: 'Where it stands: a line of the text, a row of an attachment.' })
  place!: string;
  @Field(() => String, { description: 'As the sender wrote it; never to be shown as HTML.' })
  text!: string;
  @Field(() => String, { description: 'Why it was not understood.' })
  reason!: string;
}

@ObjectType('InboundMail', { implements: Node, description: 'A mail that came for the orders address.' })
export class InboundMailType {
  readonly __typename = 'InboundMail';
  constructor(readonly row: InboundMailRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(INBOUND_MAIL_PREFIX, this.row.id);
  }
  @Field(() => InboundMailStatus, { description: 'What became of it.' })
  get status(): InboundMailStatus {
    return this.row.status;
  }
  @Field(() => String, { nullable: true, description: 'The address that it says to come from. Nobody has proved it.' })
  get from(): string | null {
    return this.row.sender;
  }
  @Field(() => String, { nullable: true, description: 'The name that it says to come from.' })
  get fromName(): string | null {
    return this.row.sender_name;
  }
  @Field(() => [String], { description: 'The addresses here that it was sent to.' })
  get to(): string[] {
    return this.row.envelope_to;
  }
  @Field(() => String, { nullable: true, description: 'Its subject.' })
  get subject(): string | null {
    return this.row.subject;
  }
  @Field(() => String, { nullable: true, description: 'Its Message-ID.' })
  get messageId(): string | null {
    return this.row.message_id;
  }
  @Field(() => Int, { description: 'How large it is.' })
  get sizeBytes(): number {
    return this.row.size_bytes;
  }
  @Field(() => Int, { description: 'How often it was delivered; it is taken once.' })
  get deliveries(): number {
    return this.row.deliveries;
  }
  @Field(() => String, { nullable: true, description: 'Why no draft was made of it, or not of all of it.' })
  get reason(): string | null {
    return this.row.reason;
  }
  @Field(() => [MailFindingType], { description: 'What was not understood, piece by piece.' })
  get findings(): Finding[] {
    return this.row.findings;
  }
  @Field(() => DateTime, { description: 'When it came first.' })
  get receivedAt(): string {
    return this.row.received_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was read or refused.' })
  get settledAt(): string | null {
    return this.row.settled_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('InboundMailConnection', { description: 'A page of the mail that came.' })
export class InboundMailConnection extends connectionTypes('InboundMail', () => InboundMailType) {}

@InputType('InboundMailFilter', { description: 'Which mail; what is left out does not narrow.' })
export class InboundMailFilter {
  @Field(() => [InboundMailStatus], { nullable: true, description: 'In one of these.' })
  status?: InboundMailStatus[] | null;
  @Field(() => String, { nullable: true, description: 'From this address; upper and lower case are the same.' })
  sender?: string | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Came then.' })
  receivedAt?: DateTimeRange | null;
}

@InputType('RereadMailInput', { description: 'Which mail is read once more.' })
export class RereadMailInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The mail; one that no order was made of.' })
  mailId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the mail has another version.' })
  expectedVersion?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Take it although its sender is not known, or seems to be a machine: somebody has looked at it.',
  })
  acceptSender?: boolean | null;
}

@ObjectType('InboundMailPayload', { simpleResolvers: true, description: 'What became of reading a mail once more.' })
export class InboundMailPayload {
  @Field(() => InboundMailType, { nullable: true, description: 'The mail; null where it was refused.' })
  mail!: InboundMailType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
