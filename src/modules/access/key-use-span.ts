import { ArgsType, Field } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';
import { badInput } from '../../shared/failures.js';

const DAY_MS = 86_400_000;
const MAX_DAYS = 92;
const DEFAULT_DAYS = 30;

@ArgsType()
export class UseSpanArgs {
  @Field(() => DateTime, {
    nullable: true,
    description: `From this instant’s day in UTC; ${DEFAULT_DAYS} days before \`to\`, if left out.`,
  })
  from?: Date | null;
  @Field(() => DateTime, {
    nullable: true,
    description: `To this instant’s day in UTC, at most ${MAX_DAYS} days behind \`from\`; today, if left out.`,
  })
  to?: Date | null;
}

/** The first and last day that are asked for. */
export function daysOf({ from, to }: UseSpanArgs, now: Date): { first: string; last: string } {
  const end = to ?? now;
  const start = from ?? new Date(end.getTime() - (DEFAULT_DAYS - 1) * DAY_MS);
  if (start > end) throw badInput('from', 'an instant not after `to`', start);
  if (end.getTime() - start.getTime() > MAX_DAYS * DAY_MS) throw badInput('from', `at most ${MAX_DAYS} days`, start);
  return { first: start.toISOString().slice(0, 10), last: end.toISOString().slice(0, 10) };
}
