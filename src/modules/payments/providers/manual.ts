import type { PaymentFigures } from '../payment.rules.js';
import type { LocalProvider } from '../provider.js';
import { statusOfSums } from '../standing.rules.js';

export const MANUAL = 'manual';
/** Money that is to come by itself, and what the customer is trusted with for a term. */
export const MANUAL_METHODS = ['TRANSFER', 'CASH', 'ON_ACCOUNT'] as const;
export type ManualMethod = (typeof MANUAL_METHODS)[number];

/** Transfer, cash, and on account: people move the money and say so. */
export const manual: LocalProvider = {
  code: MANUAL,
  isRemote: false,
  after(before, step, amount, method) {
    switch (step) {
      case 'AUTHORIZE':
        return settled({ ...before, authorized: method === 'ON_ACCOUNT' ? amount : 0n });
      case 'CAPTURE': {
        const captured = before.captured + amount;
        const least = captured + before.voided;
        // A transfer is promised by nobody: no more is authorized than came.
        return settled({ ...before, captured, authorized: least > before.authorized ? least : before.authorized });
      }
      case 'REFUND':
        return settled({ ...before, refunded: before.refunded + amount });
      case 'VOID': {
        const voided = before.authorized - before.captured;
        return settled({ ...before, voided, status: before.captured > 0n ? before.status : 'VOIDED' });
      }
    }
  },
};

function settled(figures: PaymentFigures): PaymentFigures {
  return { ...figures, status: statusOfSums(figures, figures.status) };
}
