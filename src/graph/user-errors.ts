import { Field, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { REFUSALS, type RefusalCode, type UserErrorFacts } from '../shared/failures.js';
import { DateTime } from './scalars.js';

export const UserErrorCode = Object.fromEntries(Object.keys(REFUSALS).map((code) => [code, code]));
registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a mutation was refused. The list may grow: treat an unknown code as INVALID.',
  valuesConfig: Object.fromEntries(Object.entries(REFUSALS).map(([code, description]) => [code, { description }])),
});

const FIELD = 'Path into the input, e.g. ["lines", "0", "quantity"]; null where it concerns the whole.';

@InterfaceType('UserError', {
  description:
    'Something the caller can mend. Every mutation reports these as data in `userErrors`; several may come at once. ' +
    'Errors that carry facts have a type of their own.',
})
export abstract class UserError {
  @Field(() => UserErrorCode, { description: 'For programs.' })
  code!: RefusalCode;
  @Field(() => String, { description: 'For people: what was expected, what came, and which record.' })
  message!: string;
  @Field(() => [String], { nullable: true, description: FIELD })
  field?: string[] | null;
}

const SIMPLE = { implements: UserError, simpleResolvers: true };

@ObjectType('InputError', { ...SIMPLE, description: 'An error that needs no facts of its own.' })
export class InputError extends UserError {}

@ObjectType('VersionConflictError', { ...SIMPLE, description: 'The record has changed since it was read.' })
export class VersionConflictError extends UserError {
  @Field(() => Int, { description: 'The version it has now.' })
  currentVersion!: number;
}

@ObjectType('TransitionError', { ...SIMPLE, description: 'The record cannot go there from its status.' })
export class TransitionError extends UserError {
  @Field(() => String, { description: 'The status it has.' })
  from!: string;
  @Field(() => [String], { description: 'The statuses it may go to.' })
  allowed!: string[];
}

@ObjectType('IdempotencyConflictError', { ...SIMPLE, description: 'The key was used before with another input.' })
export class IdempotencyConflictError extends UserError {
  @Field(() => DateTime, { description: 'When the key took effect.' })
  firstUsedAt!: Date;
}

/** An error as the graph resolves it: the type's name decides. */
export function toUserError(error: UserErrorFacts): object {
  const { type, facts, ...rest } = error;
  return { __typename: type ?? 'InputError', ...rest, ...facts };
}

export function versionConflict(record: string, expected: number, current: number): UserErrorFacts {
  return {
    code: 'VERSION_CONFLICT',
    message: `${record} is at version ${current}, not ${expected}`,
    field: ['expectedVersion'],
    type: 'VersionConflictError',
    facts: { currentVersion: current },
  };
}

export function transitionError(record: string, from: string, to: string, allowed: readonly string[]): UserErrorFacts {
  return {
    code: 'INVALID_TRANSITION',
    message: `${record} is ${from} and cannot become ${to}; allowed: ${allowed.join(', ') || 'nothing'}`,
    type: 'TransitionError',
    facts: { from, allowed: [...allowed] },
  };
}
