import type { ActionScope } from '../../../graph/mutation.js';
import { recordGoneProduct } from '../../catalog/index.js';
import { recordGoneContact, recordGoneCustomer } from '../../customers/index.js';
import { endForeign, type Origin, type StatedEffect } from '../../references/index.js';
import { STOCK } from '../../stock/index.js';

/** A foreign record that is no longer there. */
export interface StatedDeletion {
  record: 'customer' | 'contact' | 'product' | 'stock';
  externalId: string;
  sourceVersion: Date;
}

/**
 * Hears that a record is no longer there. Nothing that orders refer to is deleted here: a customer or product is no longer
 * active where nobody else knows it, a contact is removed, and a stock level stays as it was counted last.
 */
export async function recordDeletion(
  scope: ActionScope,
  deletion: StatedDeletion,
  origin: Origin,
): Promise<{ effect: StatedEffect }> {
  switch (deletion.record) {
    case 'customer':
      return { effect: await recordGoneCustomer(scope, deletion, origin) };
    case 'contact':
      return { effect: await recordGoneContact(scope, deletion, origin) };
    case 'product':
      return { effect: await recordGoneProduct(scope, deletion, origin) };
    case 'stock':
      return { effect: (await endForeign(scope, STOCK, deletion, origin)).effect };
  }
}
