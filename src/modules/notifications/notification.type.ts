import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { typeId } from '../../shared/ids.js';
import { ChannelKind } from '../orders/index.js';
import { FOOT } from './templates/index.js';
import { TEMPLATES, type Audience, type Language, type Template } from './notification.rules.js';

export const NOTIFICATION_PREFIX = 'ntf';

export const NotificationTemplate = Object.fromEntries(TEMPLATES.map((template) => [template, template]));
registerEnumType(NotificationTemplate, {
  name: 'NotificationTemplate',
  description: 'What is told. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    ORDER_CONFIRMED: { description: 'To the customer: the order is confirmed.' },
    SHIPPED: { description: 'To the customer: a shipment left, and how to track it.' },
    DELIVERED: { description: 'To the customer: a shipment arrived.' },
    REFUNDED: { description: 'To the customer: money was given back.' },
    HOLD_PLACED: { description: 'To the department that deals with it: a hold was placed.' },
    SHIPMENT_EXCEPTION: { description: 'To logistics: something happened to a shipment on its way.' },
  },
});

export enum NotificationStatus {
  QUEUED = 'QUEUED',
  SENT = 'SENT',
  FAILED = 'FAILED',
  OPTED_OUT = 'OPTED_OUT',
}
registerEnumType(NotificationStatus, {
  name: 'NotificationStatus',
  description: 'How far a letter is. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    QUEUED: { description: 'It is to be sent, or sent again.' },
    SENT: { description: 'The mail server took it. Whether it was read, nobody knows.' },
    FAILED: { description: 'Given up; `reason` says why.' },
    OPTED_OUT: { description: 'Not sent: the address wants no letters.' },
  },
});

export interface NotificationRow {
  id: string;
  order_id: string;
  template: Template;
  audience: Audience;
  recipient: string;
  language: Language;
  status: NotificationStatus;
  subject: string | null;
  body_text: string | null;
  repeats: number;
  reason: string | null;
  tries: number;
  created_at: string;
  sent_at: string | null;
  version: number;
}
export interface SettingRow {
  template: Template;
  channel_kind: ChannelKind;
  is_on: boolean;
  version: number;
}
export interface OptOutRow {
  address: string;
  at: string;
}

@ObjectType('Notification', {
  implements: Node,
  description: 'A letter by e-mail that tells somebody of one event of an order.',
})
export class NotificationType {
  readonly __typename = 'Notification';
  constructor(readonly row: NotificationRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(NOTIFICATION_PREFIX, this.row.id);
  }
  @Field(() => NotificationTemplate, { description: 'What it tells.' })
  get template(): Template {
    return this.row.template;
  }
  @Field(() => NotificationStatus, { description: 'How far it is.' })
  get status(): NotificationStatus {
    return this.row.status;
  }
  @Field(() => String, { description: 'The address it goes to.' })
  get recipient(): string {
    return this.row.recipient;
  }
  @Field(() => String, { description: 'Its language: "en" or "it".' })
  get language(): string {
    return this.row.language;
  }
  @Field(() => String, { nullable: true, description: 'Its subject; null before it was written.' })
  get subject(): string | null {
    return this.row.subject;
  }
  @Field(() => String, {
    nullable: true,
    description: 'Its text without the foot, whose link is for the recipient alone; null before it was written.',
  })
  get text(): string | null {
    return this.row.body_text?.split(FOOT)[0] ?? null;
  }
  @Field(() => String, { nullable: true, description: 'Why it was not sent, or not at the last try.' })
  get reason(): string | null {
    return this.row.reason;
  }
  @Field(() => Int, { description: 'How often it was tried.' })
  get tries(): number {
    return this.row.tries;
  }
  @Field(() => DateTime, { description: 'When there was cause for it.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When the mail server took it.' })
  get sentAt(): string | null {
    return this.row.sent_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('NotificationConnection', { description: 'A page of letters.' })
export class NotificationConnection extends connectionTypes('Notification', () => NotificationType) {}

@InputType('NotificationFilter', { description: 'Which letters; what is left out does not narrow.' })
export class NotificationFilter {
  @Field(() => [NotificationStatus], { nullable: true, description: 'In one of these.' })
  status?: NotificationStatus[] | null;
  @Field(() => [NotificationTemplate], { nullable: true, description: 'Of one of these.' })
  template?: Template[] | null;
  @Field(() => String, { nullable: true, description: 'To this address; upper and lower case are the same.' })
  recipient?: string | null;
}

const KEY = 'The same key and input is carried out once.';

@InputType('ResendNotificationInput', { description: 'Which letter is sent once more.' })
export class ResendNotificationInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The letter; one that is not waiting to be sent.' })
  notificationId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the letter has another version.' })
  expectedVersion?: number | null;
}

@ObjectType('NotificationPayload', { simpleResolvers: true, description: 'What became of sending a letter once more.' })
export class NotificationPayload {
  @Field(() => NotificationType, { nullable: true, description: 'The letter; null where it was refused.' })
  notification!: NotificationType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@ObjectType('NotificationSetting', {
  simpleResolvers: true,
  description: 'Whether something is told of the orders of one kind of channel.',
})
export class NotificationSettingType {
  @Field(() => NotificationTemplate, { description: 'What is told.' })
  template!: Template;
  @Field(() => ChannelKind, { description: 'Of orders from channels of this kind.' })
  channelKind!: ChannelKind;
  @Field(() => Boolean, { description: 'Whether it is told.' })
  isOn!: boolean;
  @Field(() => Boolean, { description: 'False: somebody has decided it.' })
  isDefault!: boolean;
}

@InputType('SetNotificationSettingInput', { description: 'Whether something is told.' })
export class SetNotificationSettingInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => NotificationTemplate, { description: 'What is told.' })
  template!: Template;
  @Field(() => ChannelKind, { description: 'Of orders from channels of this kind.' })
  channelKind!: ChannelKind;
  @Field(() => Boolean, { description: 'Whether it is told from now on.' })
  isOn!: boolean;
}

@ObjectType('NotificationSettingPayload', { simpleResolvers: true, description: 'What became of a setting.' })
export class NotificationSettingPayload {
  @Field(() => NotificationSettingType, { nullable: true, description: 'The setting; null where it was refused.' })
  setting!: NotificationSettingType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@ObjectType('NotificationOptOut', { simpleResolvers: true, description: 'An address that gets no letters.' })
export class NotificationOptOutType {
  @Field(() => String, { description: 'In lower case.' })
  address!: string;
  @Field(() => DateTime, { description: 'Since when.' })
  at!: string;
}

@InputType('SetNotificationOptOutInput', { description: 'Whether an address gets letters.' })
export class SetNotificationOptOutInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The address; upper and lower case are the same.' })
  address!: string;
  @Field(() => Boolean, { description: 'True: it gets none from now on.' })
  isOptedOut!: boolean;
}

@ObjectType('NotificationOptOutPayload', { simpleResolvers: true, description: 'What became of opting out or in.' })
export class NotificationOptOutPayload {
  @Field(() => String, { nullable: true, description: 'The address, in lower case; null where it was refused.' })
  address!: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether it gets no letters; null where it was refused.' })
  isOptedOut!: boolean | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
