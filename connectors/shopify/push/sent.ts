import type { ConnectorFailure, Sending, Sent } from '#connect';
import { levelId } from '../wire/stock.js';

export type StockSending = Sending<'stock'>;
export type Outcome = Sent | ConnectorFailure;

export function levelSent(itemId: string, locationId: string, updatedAt: Date | undefined): Sent {
  return {
    externalId: levelId(itemId, locationId),
    ...(updatedAt && { version: secondsText(updatedAt), modifiedAt: updatedAt }),
  };
}

/** As GraphQL writes a time, which is what a pull calls a version. */
export function secondsText(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}
