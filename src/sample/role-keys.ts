import type { Hub } from '../app.js';
import { sql } from '../db/statement.js';
import { admitGivenKey } from '../modules/access/index.js';
import { CUSTOMERS } from './customers.js';

export interface RoleKey {
  role: string;
  secret: string;
}

/** Everybody but the administrator, whose key is there before the company is. */
const ROLES = ['SALES', 'WAREHOUSE', 'FINANCE', 'LOGISTICS', 'SUPPORT', 'INTEGRATION', 'VIEWER', 'CUSTOMER'] as const;

const findCustomer = sql<{ id: string }>('sample.key-customer', `select id from customer where number = $1`);

/** A key for each role, so that the company can be seen through everybody's eyes; none where there is no such company. */
export async function admitRoleKeys(hub: Hub, secretOf: (role: string) => string): Promise<RoleKey[]> {
  const customer = await hub.db.readOne(findCustomer(CUSTOMERS[0]!.number));
  if (!customer) return [];
  const keys: RoleKey[] = [];
  for (const role of ROLES) {
    const secret = secretOf(role);
    const name = `Sample ${role.toLowerCase()}`;
    const customerId = role === 'CUSTOMER' ? customer.id : null;
    await admitGivenKey(hub.db, hub.clock, secret, { name, roles: [role as never], customerId });
    keys.push({ role, secret });
  }
  return keys;
}
