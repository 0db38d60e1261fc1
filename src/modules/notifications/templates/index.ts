import type { LetterTemplates } from './facts.js';
import { holdPlaced, shipmentException } from './for-departments.js';
import { orderConfirmed } from './order-confirmed.js';
import { delivered, shipped } from './parcel.js';
import { refunded } from './refunded.js';

/** What is told, by the name that the graph has for it. */
export const templates: LetterTemplates = {
  ORDER_CONFIRMED: orderConfirmed,
  SHIPPED: shipped,
  DELIVERED: delivered,
  REFUNDED: refunded,
  HOLD_PLACED: holdPlaced,
  SHIPMENT_EXCEPTION: shipmentException,
};

export type { Facts } from './facts.js';
export { FOOT, writeLetter, type Written } from './write-letter.js';
