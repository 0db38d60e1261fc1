import type { Machine } from '../../../../src/shared/state-machine.js';

/** Where a record stands by the graph, and the moves that its timeline tells, oldest first: "FROM → TO". */
export interface Standing {
  status: string;
  version: number;
  moves: string[];
}

/**
 * One change of a record: from the first status through all that follow, each with one event. What begins with null makes
 * the record.
 */
export interface Walk<Status extends string, Kept> {
  path: readonly [Status | null, Status, ...Status[]];
  how: string;
  /** Brings a record to the first status, or makes it; as `in` does where it is left out. */
  make?: () => Promise<Kept>;
  step?: (kept: Kept) => Promise<unknown>;
}

/** A mutation that asks for a status. */
export interface Ask<Status extends string, Kept> {
  mutation: string;
  to: Status;
  input: (kept: Kept) => object | Promise<object>;
  /** Where it is none of a move, but leaves the status as it is: amounts decide, or nothing happens. */
  stays?: readonly Status[];
  /** Rows of the table that it is not the way of. */
  isNotTheWayFrom?: readonly Status[];
  /** Where it is refused by a code that says more. */
  codes?: Partial<Record<Status, string>>;
}

/** What a machine's table means in the graph. */
export interface Walks<Status extends string, Kept> {
  machine: Machine<Status>;
  in: (status: Status) => Promise<Kept>;
  read: (kept: Kept) => Promise<Standing>;
  walks: Walk<Status, Kept>[];
  asks: Ask<Status, Kept>[];
  /** Rows that nothing leads along yet, and why. */
  unreached: Record<string, string>;
}

export function row(from: string | null, to: string): string {
  return `${from ?? '(none)'} → ${to}`;
}

export function rowsOf<Status extends string>(machine: Machine<Status>): string[] {
  const first = machine.statuses.filter((status) => machine.isInitial(status)).map((status) => row(null, status));
  return [...first, ...machine.statuses.flatMap((from) => machine.allowed(from).map((to) => row(from, to)))];
}

/** The moves that a walk has an event of; what makes a record is told as that. */
export function movesOf(path: readonly (string | null)[]): string[] {
  return path.slice(1).flatMap((to, index) => (path[index] === null ? [] : [row(path[index]!, to!)]));
}

/** The rows that walks go along: each of their moves, and from where a change begins to where it ends. */
export function rowsWalked<Status extends string, Kept>({ machine, walks }: Walks<Status, Kept>): string[] {
  const rows = walks.flatMap(({ path }) => {
    const [from, ...all] = path;
    const [first, last] = [all[0]!, all.at(-1)!];
    const isRow = from !== null && machine.canMove(from, last);
    return [...(from === null ? [row(null, first)] : []), ...movesOf(path), ...(isRow ? [row(from, last)] : [])];
  });
  return [...new Set(rows)];
}

/** What an ask is refused with where a record stands; null where the table lets it go there, or it stays. */
export function refusedAs<Status extends string, Kept>(
  machine: Machine<Status>,
  { to, stays = [], isNotTheWayFrom = [], codes = {} }: Ask<Status, Kept>,
  from: Status,
): object | null {
  if (stays.includes(from) || (machine.canMove(from, to) && !isNotTheWayFrom.includes(from))) return null;
  const code = (codes as Partial<Record<string, string>>)[from];
  if (code) return { code };
  const allowed = machine.allowed(from).filter((status) => status !== to);
  return { __typename: 'TransitionError', code: 'INVALID_TRANSITION', from, allowed };
}
