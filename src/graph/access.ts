import { Authorized, registerEnumType } from 'type-graphql';
import type { Actor } from '../shared/actor.js';

export enum Role {
  ADMIN = 'ADMIN',
  SALES = 'SALES',
  WAREHOUSE = 'WAREHOUSE',
  FINANCE = 'FINANCE',
  LOGISTICS = 'LOGISTICS',
  SUPPORT = 'SUPPORT',
  INTEGRATION = 'INTEGRATION',
  VIEWER = 'VIEWER',
  CUSTOMER = 'CUSTOMER',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'What a key may do. A key may have several roles, except that CUSTOMER stands alone.',
  valuesConfig: {
    ADMIN: { description: 'Everything, API keys and integrations included.' },
    SALES: { description: 'Customers, prices, quotes and orders.' },
    WAREHOUSE: { description: 'Stock, reservations and shipments.' },
    FINANCE: { description: 'Prices, payments and invoices.' },
    LOGISTICS: { description: 'Shipments and tracking.' },
    SUPPORT: { description: 'Orders after they were placed: cancel, return, notes.' },
    INTEGRATION: { description: 'A connected system: writes what it is the source of, reads everything.' },
    VIEWER: { description: 'Reads everything, changes nothing.' },
    CUSTOMER: {
      description:
        'One customer: reads its own record, orders and quotes and the active catalog, and orders for itself.',
    },
  },
});

/** Whoever holds the key that came with the request. */
export interface Viewer {
  keyId: string;
  /** Whose idempotency keys these are. */
  caller: string;
  actor: Actor;
  roles: readonly Role[];
  /** With the role CUSTOMER: all that this viewer may see belongs to this customer. */
  customerId: string | null;
  expiresAt: Date | null;
}

export const STAFF = [Role.ADMIN, Role.SALES, Role.WAREHOUSE, Role.FINANCE, Role.LOGISTICS, Role.SUPPORT];
/** Everyone inside the company, and its systems. */
export const INSIDE = [...STAFF, Role.INTEGRATION, Role.VIEWER];
/** The same, and customers: what they see is narrowed row by row. */
export const EVERYONE = [...INSIDE, Role.CUSTOMER];
export const SELLERS = [Role.ADMIN, Role.SALES, Role.INTEGRATION];

/** Guards a root field: without one of the roles it answers FORBIDDEN. Every root field has one. */
export function Allow(roles: readonly Role[]): MethodDecorator & PropertyDecorator {
  return Authorized<Role>([...roles]);
}

/** Viewers whose scope is the same see the same rows: what a shared live result is keyed by. */
export function visibilityScope(viewer: Viewer): string {
  return `${[...viewer.roles].sort().join(',')}:${viewer.customerId ?? ''}`;
}

export function isCustomer(viewer: Viewer): boolean {
  return viewer.customerId !== null;
}

/** Whether a row that belongs to this customer may be shown. */
export function maySee(viewer: Pick<Viewer, 'customerId'>, ownerId: string | null): boolean {
  return viewer.customerId === null || viewer.customerId === ownerId;
}
