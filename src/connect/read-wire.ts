import type { ZodType } from 'zod';
import { show } from '../shared/failures.js';
import { ConnectorFailure } from './failures.js';
import { valueAt } from './value-at.js';

const SHOWN = 3;

/** What came over the wire, in the shape expected; throws a ConnectorFailure that names each field that differs. */
export function readWire<T>(schema: ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const faults = issues.slice(0, SHOWN).map((issue) => {
    const path = issue.path.map(String);
    return `${path.join('.') || 'body'}: ${issue.message}, got ${show(valueAt(value, path))}`;
  });
  if (issues.length > SHOWN) faults.push(`and ${issues.length - SHOWN} more`);
  throw new ConnectorFailure('unexpected_shape', faults.join('; '));
}
