import { badInput } from '../shared/failures.js';

/** A place in the event log. `index` tells apart messages that one event gives rise to; 0 where there is one. */
export interface EventPlace {
  epoch: string;
  position: number;
  index: number;
}

const PLACE = /^([0-9a-z]{4,32})\.(0|[1-9]\d{0,15})(?:\.([1-9]\d{0,5}))?$/;

export function encodeCursor(epoch: string, position: number, index = 0): string {
  const text = index === 0 ? `${epoch}.${position}` : `${epoch}.${position}.${index}`;
  return Buffer.from(text, 'latin1').toString('base64url');
}

/** Throws BAD_USER_INPUT for any text that `encodeCursor` could not have made. */
export function decodeCursor(cursor: string): EventPlace {
  const match = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const place = match && { epoch: match[1]!, position: Number(match[2]), index: Number(match[3] ?? 0) };
  // Decoding skips characters that are not base64url: only what encodes to the same text is ours.
  if (!place || encodeCursor(place.epoch, place.position, place.index) !== cursor) {
    throw badInput('after', 'a cursor that a stream or timeline gave out', cursor);
  }
  return place;
}
