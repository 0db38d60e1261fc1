import { ConnectorFailure, show } from '#connect';

export type Line = Record<string, unknown>;
/** What hangs below what, by the types in the ids: the lines of a file do not say which list they belong to. */
export type Tree = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The rows of a file, each with its lists as a page would have brought them. */
export function rowsOf(lines: readonly Line[], tree: Tree): Line[] {
  const rows: Line[] = [];
  let within = new Map<string, Line>();
  for (const { __parentId: parentId, ...value } of lines) {
    const id = String(value.id);
    const row = { ...value, ...emptyLists(id, tree) };
    if (parentId === undefined) {
      // Grouped: nothing of an earlier row comes behind it.
      within = new Map();
      rows.push(row);
    } else hang(row, { id, parent: within.get(String(parentId)), parentId: String(parentId), tree });
    within.set(id, row);
  }
  return rows;
}

function hang(
  row: Line,
  { id, parent, parentId, tree }: { id: string; parent: Line | undefined; parentId: string; tree: Tree },
): void {
  const list = tree[typeOf(parentId)]?.[typeOf(id)];
  if (!parent || list === undefined) {
    throw new ConnectorFailure(
      'unexpected_shape',
      `bulk file: ${show(id)} stands behind ${show(parentId)}, where it has no place`,
    );
  }
  (parent[list] as { nodes: Line[] }).nodes.push(row);
}

function emptyLists(id: string, tree: Tree): Record<string, { nodes: Line[] }> {
  const lists = Object.values(tree[typeOf(id)] ?? {});
  return Object.fromEntries(lists.map((name): [string, { nodes: Line[] }] => [name, { nodes: [] }]));
}

function typeOf(id: string): string {
  return /^gid:\/\/shopify\/(\w+)\//.exec(id)?.[1] ?? '';
}
