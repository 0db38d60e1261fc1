import {
  parseJsonExactly,
  readWire,
  type Change,
  type Deletion,
  type WebhookDefinition,
  type WebhookMessage,
  type WebhookRequest,
} from '#connect';
import { z } from 'zod';
import { PERSON_PREFIX } from './contacts.js';
import { DEAL_PREFIX, LINE_PREFIX } from './deals.js';
import type { Credentials, Settings } from './settings.js';
import { isSigned } from './signature.js';
import { eventShape, instantOf, type WebhookEvent } from './wire.js';

const deliveryShape = z.array(z.unknown(), { error: 'expected a list of events' });

type Subject = 'company' | 'contact' | 'deal' | 'quote' | 'line_item';
type Happening = (typeof HAPPENINGS)[number];

const STREAMS: Readonly<Record<Subject, { stream: string; prefix: string; record: Deletion['record'] }>> = {
  company: { stream: 'companies', prefix: '', record: 'customer' },
  contact: { stream: 'contacts', prefix: '', record: 'contact' },
  deal: { stream: 'deals', prefix: DEAL_PREFIX, record: 'quote' },
  quote: { stream: 'quotes', prefix: '', record: 'quote' },
  line_item: { stream: 'lineItems', prefix: LINE_PREFIX, record: 'quote' },
};
const SUBJECTS = Object.keys(STREAMS) as Subject[];
const HAPPENINGS = [
  'creation',
  'propertyChange',
  'deletion',
  'privacyDeletion',
  'restore',
  'merge',
  'associationChange',
] as const;
/** How the general kind of subscription ("object.…") names the types. */
const TYPE_IDS: Readonly<Record<string, Subject>> = {
  '0-1': 'contact',
  '0-2': 'company',
  '0-3': 'deal',
  '0-8': 'line_item',
  '0-14': 'quote',
};

export const webhooks: WebhookDefinition<Settings, Credentials> = {
  verify: isSigned,

  /** One message for each event; a public app delivers those of all its accounts to one address. */
  identify({ rawBody, settings }: WebhookRequest<Settings, Credentials>): WebhookMessage[] {
    const delivered = readWire(deliveryShape, parseJsonExactly(rawBody));
    return delivered.flatMap((each) => {
      const event = readWire(eventShape, each);
      if (event.portalId !== settings.portalId) return [];
      const { eventId, subscriptionId, occurredAt, subscriptionType: topic } = event;
      const about = event.newObjectId ?? event.objectId ?? event.fromObjectId;
      return [
        {
          topic,
          // An event’s number comes again some day.
          eventId: `${eventId}-${subscriptionId}-${occurredAt}`,
          ...(about != null && { externalId: about }),
          occurredAt: instantOf(occurredAt)!,
          body: Buffer.from(JSON.stringify(each)),
        },
      ];
    });
  },

  topics: Object.fromEntries([
    ...SUBJECTS.flatMap((subject) =>
      HAPPENINGS.map((happening) => [
        `${subject}.${happening}`,
        (payload: unknown) => changesOf(subject, happening, readWire(eventShape, payload)),
      ]),
    ),
    ...HAPPENINGS.map((happening) => [`object.${happening}`, (payload: unknown) => generalChanges(happening, payload)]),
  ]) as WebhookDefinition<Settings, Credentials>['topics'],
};

/** Of types that the connector does not keep nothing is said. */
function generalChanges(happening: Happening, payload: unknown): Change[] {
  const event = readWire(eventShape, payload);
  const subject = TYPE_IDS[event.objectTypeId ?? ''];
  return subject ? changesOf(subject, happening, event) : [];
}

/** No event has the record: all but its end is a reason to read it. */
function changesOf(subject: Subject, happening: Happening, event: WebhookEvent): Change[] {
  if (happening === 'associationChange') return associationHints(event);
  const id = event.newObjectId ?? event.objectId ?? event.primaryObjectId;
  if (id == null) return [];
  if (happening === 'deletion' || happening === 'privacyDeletion') return deletions(subject, id, event);
  const { stream, prefix } = STREAMS[subject];
  const hint: Change = { kind: 'hint', stream, externalId: prefix + id };
  return happening === 'merge' ? [...mergersIn(subject, id, event), hint] : [hint];
}

function deletions(subject: Subject, id: string, { occurredAt }: WebhookEvent): Change[] {
  const { prefix, record } = STREAMS[subject];
  const sourceVersion = instantOf(occurredAt)!;
  const gone: Change = { kind: 'deleted', record, externalId: prefix + id, sourceVersion };
  if (subject !== 'contact') return [gone];
  return [gone, { kind: 'deleted', record: 'customer', externalId: PERSON_PREFIX + id, sourceVersion }];
}

/** The record’s own list of what it was made of says the same, where this event never comes. */
function mergersIn(subject: Subject, id: string, event: WebhookEvent): Change[] {
  if (subject !== 'company' && subject !== 'contact') return [];
  const merged = [...(event.mergedObjectIds ?? []), ...(event.primaryObjectId == null ? [] : [event.primaryObjectId])];
  const mergedIds = [...new Set(merged)].filter((each) => each !== id);
  if (mergedIds.length === 0) return [];
  const record = subject === 'company' ? 'customer' : 'contact';
  return [{ kind: 'merged', record, externalId: id, mergedIds, sourceVersion: instantOf(event.occurredAt)! }];
}

/** CONTACT_TO_COMPANY and the like: of the two, the one whose record says whom it belongs to is read. */
const READS: Readonly<Record<string, Subject>> = {
  CONTACT_TO_COMPANY: 'contact',
  DEAL_TO_COMPANY: 'deal',
  DEAL_TO_CONTACT: 'deal',
  DEAL_TO_LINE_ITEM: 'deal',
  DEAL_TO_QUOTE: 'deal',
  QUOTE_TO_COMPANY: 'quote',
  QUOTE_TO_CONTACT: 'quote',
  QUOTE_TO_LINE_ITEM: 'quote',
  QUOTE_TO_DEAL: 'quote',
};

function associationHints({ associationType, fromObjectId, toObjectId }: WebhookEvent): Change[] {
  const [from, to] = (associationType ?? '').split('_TO_');
  const hint = (subject: Subject | undefined, id: string | null | undefined): Change[] => {
    if (subject === undefined || id == null) return [];
    const { stream, prefix } = STREAMS[subject];
    return [{ kind: 'hint', stream, externalId: prefix + id }];
  };
  const forward = hint(READS[`${from}_TO_${to}`], fromObjectId);
  return forward.length > 0 ? forward : hint(READS[`${to}_TO_${from}`], toObjectId);
}
