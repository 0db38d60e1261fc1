/** A transition table as data. */
export interface Machine<Status extends string> {
  name: string;
  statuses: readonly Status[];
  canMove(from: Status, to: Status): boolean;
  allowed(from: Status): readonly Status[];
  isInitial(status: Status): boolean;
  /** The steps of a shortest way there, in the table's order where there are several; null where there is none. */
  path(from: Status, to: Status): Status[] | null;
}

interface Table<Status extends string> {
  initial: readonly Status[];
  moves: Record<Status, readonly Status[]>;
}

/** Makes a machine of a table; throws where a target is unknown or a status can never be reached. */
export function machine<Status extends string>(
  name: string,
  statuses: readonly Status[],
  table: Table<Status>,
): Machine<Status> {
  const known = new Set<string>(statuses);
  const targets = [...table.initial, ...statuses.flatMap((status) => table.moves[status])];
  const unknown = targets.filter((target) => !known.has(target));
  if (unknown.length > 0) throw new Error(`${name}: unknown status ${unknown.join(', ')}`);
  const reached = new Set<Status>(table.initial);
  for (const status of reached) for (const target of table.moves[status]) reached.add(target);
  const unreachable = statuses.filter((status) => !reached.has(status));
  if (unreachable.length > 0) throw new Error(`${name}: no way leads to ${unreachable.join(', ')}`);
  return {
    name,
    statuses,
    canMove: (from, to) => table.moves[from].includes(to),
    allowed: (from) => table.moves[from],
    isInitial: (status) => table.initial.includes(status),
    path: (from, to) => shortestPath(table.moves, from, to),
  };
}

function shortestPath<Status extends string>(
  moves: Record<Status, readonly Status[]>,
  from: Status,
  to: Status,
): Status[] | null {
  const ways = new Map<Status, Status[]>([[from, []]]);
  for (const [status, way] of ways) {
    if (status === to) return way;
    for (const next of moves[status]) if (!ways.has(next)) ways.set(next, [...way, next]);
  }
  return null;
}
