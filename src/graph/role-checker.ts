import type { AuthCheckerInterface, ResolverData } from 'type-graphql';
import { RequestError } from '../shared/failures.js';
import type { Role } from './access.js';
import type { GraphContext } from './context.js';

/** Runs the guards that `Allow` puts on fields. */
export class RoleChecker implements AuthCheckerInterface<GraphContext, Role> {
  check({ context, info }: ResolverData<GraphContext>, roles: Role[]): boolean {
    if (context.viewer.roles.some((role) => roles.includes(role))) return true;
    throw new RequestError('FORBIDDEN', `${info.fieldName}: needs one of the roles ${roles.join(', ')}`, {
      field: info.fieldName,
    });
  }
}
