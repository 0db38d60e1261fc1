import type { RefusalCode } from '../../shared/failures.js';
import { HoldReason } from './order-hold.type.js';

/** What an order is held for where a refusal with this code may not stop it, or nobody is there to read it. */
export const HOLD_REASONS: Partial<Record<RefusalCode, HoldReason>> = {
  ADDRESS_INVALID: HoldReason.ADDRESS,
  CREDIT_LIMIT_EXCEEDED: HoldReason.CREDIT,
  INSUFFICIENT_STOCK: HoldReason.STOCK,
  LIKELY_DUPLICATE: HoldReason.DUPLICATE,
  PAYMENT_DECLINED: HoldReason.PAYMENT,
  PAYMENT_REQUIRED: HoldReason.PAYMENT,
  PRICE_CHANGED: HoldReason.PRICE,
  PRICE_MISSING: HoldReason.PRICE,
  PRODUCT_INACTIVE: HoldReason.STOCK,
  TAX_MISSING: HoldReason.TAX,
};
