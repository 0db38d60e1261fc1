import { createHash } from 'node:crypto';
import type { FieldChange } from '../../events/append.js';
import { Role } from '../../graph/access.js';
import type { Refusals } from '../../shared/failures.js';

const SECRET_PREFIX = 'hub_';

/** Secrets are 256 random bits: one round of SHA-256 is enough to keep them from being read back. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function secretOf(randomPart: string): string {
  return `${SECRET_PREFIX}${randomPart}`;
}

export function checkKey(
  key: { name: string; roles: readonly Role[]; customerId?: string | null; expiresAt?: Date | null },
  now: Date,
  refusals: Refusals,
): void {
  if (key.name.trim() === '' || key.name.length > 100) {
    refusals.add('INVALID', `name: expected 1 to 100 characters, got "${key.name.slice(0, 100)}"`, ['name']);
  }
  if (key.roles.length === 0) refusals.add('REQUIRED', 'roles: expected at least one', ['roles']);
  const forCustomer = key.roles.includes(Role.CUSTOMER);
  if (forCustomer && new Set(key.roles).size > 1) refusals.add('INVALID', 'roles: CUSTOMER stands alone', ['roles']);
  if (forCustomer && key.customerId == null)
    refusals.add('REQUIRED', 'customerId: required with the role CUSTOMER', ['customerId']);
  if (!forCustomer && key.customerId != null)
    refusals.add('INVALID', 'customerId: only with the role CUSTOMER', ['customerId']);
  if (key.expiresAt && key.expiresAt <= now) {
    refusals.add('INVALID', `expiresAt: expected a time to come, got ${key.expiresAt.toISOString()}`, ['expiresAt']);
  }
}

/** What the event of a new key says of it; never its secret. */
export function keyMade(key: {
  name: string;
  roles: readonly Role[];
  customerId?: string | null;
  expiresAt?: Date | null;
}): FieldChange[] {
  return Object.entries(key).flatMap(([field, to]) => (to == null ? [] : [{ field, from: null, to }]));
}
