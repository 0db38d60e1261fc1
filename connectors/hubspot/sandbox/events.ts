import { createHmac } from 'node:crypto';
import type { Delivery } from '#connect';

export const PORTAL_ID = '24680135';
const APP_ID = 1357911;

export interface Happened {
  type: string;
  at: Date;
  objectId?: string;
  more?: Record<string, unknown>;
}

/** Deliveries of events, in lists of a few, signed anew for each attempt. */
export class Post {
  #events = 0;

  constructor(
    private readonly from: { webhookUrl: string | null; secret: string; firstEvent: number; now: () => Date },
  ) {}

  deliveries(happened: readonly Happened[], atOnce: number): (() => Delivery)[] {
    const events = happened.map((each) => this.#eventOf(each));
    const lists: Record<string, unknown>[][] = [];
    for (let at = 0; at < events.length; at += atOnce) lists.push(events.slice(at, at + atOnce));
    return lists.map((list) => {
      let attempts = -1;
      return () => {
        attempts += 1;
        return this.#signed(list.map((event) => ({ ...event, attemptNumber: attempts })));
      };
    });
  }

  #eventOf({ type, at, objectId, more }: Happened): Record<string, unknown> {
    this.#events += 1;
    return {
      eventId: this.from.firstEvent + this.#events,
      subscriptionId: 1000 + type.length,
      portalId: Number(PORTAL_ID),
      appId: APP_ID,
      occurredAt: at.getTime(),
      subscriptionType: type,
      attemptNumber: 0,
      changeSource: 'CRM_UI',
      ...(objectId !== undefined && { objectId: Number(objectId) }),
      ...more,
    };
  }

  #signed(events: readonly Record<string, unknown>[]): Delivery {
    const { webhookUrl, secret, now } = this.from;
    const body = Buffer.from(JSON.stringify(events));
    const timestamp = String(now().getTime());
    const signed = Buffer.concat([Buffer.from(`POST${webhookUrl}`), body, Buffer.from(timestamp)]);
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'x-hubspot-signature-v3': createHmac('sha256', secret).update(signed).digest('base64'),
        'x-hubspot-request-timestamp': timestamp,
      },
    };
  }
}
