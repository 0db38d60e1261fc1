import type { ServiceKey } from '../../graph/context.js';
import type { Policy } from './claims.rules.js';
import type { FieldPolicyRow } from './field-claim.queries.js';

/** What this module needs to know of a connector. */
export interface ConnectorHabits {
  policies?: { customer?: Partial<Record<string, Policy>>; product?: Partial<Record<string, Policy>> };
  /** Its pull streams: what their records are, and the usual pause between two walks. */
  pull?: ReadonlyMap<string, { of: string; everyMs: number }>;
}
/** The hub's connectors, by code: the same that the integrations know by more of their sides. */
export const connectorHabits: ServiceKey<ReadonlyMap<string, ConnectorHabits>> = { name: 'connectors' };

/** The fields that connected systems have a say in, by the graph's names; the same as the connector kit's. */
export const POLICY_FIELDS = {
  customer: [
    'name',
    'kind',
    'email',
    'phone',
    'taxId',
    'isActive',
    'billingAddress',
    'shippingAddresses',
    'tags',
    'contacts',
  ],
  product: ['name', 'description', 'weightGrams', 'isActive', 'isStocked', 'requiresShipping'],
} as const;
export type PolicyRecord = keyof typeof POLICY_FIELDS;

/** Of whose fields policies are: a contact's are those of its customer's contacts. */
export function policyField(kind: string, field: string): { record: PolicyRecord; field: string } {
  if (kind === 'contact') return { record: 'customer', field: 'contacts' };
  return { record: kind as PolicyRecord, field };
}

/** The policy that counts for what an integration says of a field: the company's, else its connector's, else LATEST. */
export function policyOf(
  kind: string,
  field: string,
  integration: { id: string; connector: string },
  chosen: readonly FieldPolicyRow[],
  connectors: ReadonlyMap<string, ConnectorHabits>,
): Policy {
  const asked = policyField(kind, field);
  const own = chosen.find(
    (row) => row.integration_id === integration.id && row.record_kind === asked.record && row.field === asked.field,
  );
  return own?.policy ?? connectors.get(integration.connector)?.policies?.[asked.record]?.[asked.field] ?? 'LATEST';
}
