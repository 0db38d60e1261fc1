import type { OutgoingRequest } from '#connect';

/** What kinds of value each field of each model was answered with; "scalar" is a text or a number. */
export type Kinds = Record<string, Record<string, string[]>>;

/** Looks at all that a server answers to reading, so that two servers can be held against each other. */
export class Answers {
  readonly #seen = new Map<string, Map<string, Set<string>>>();

  note({ operation }: OutgoingRequest, body: unknown): void {
    const model = /^model\.(.+)\.search_read$/.exec(operation)?.[1];
    const rows = (body as { result?: unknown } | null)?.result;
    if (model === undefined || !Array.isArray(rows)) return;
    for (const row of rows) this.#noteRow(model, row as Record<string, unknown>, '');
  }

  #noteRow(model: string, row: Record<string, unknown>, under: string): void {
    const fields = this.#seen.get(model) ?? new Map<string, Set<string>>();
    this.#seen.set(model, fields);
    for (const [field, value] of Object.entries(row)) {
      const path = `${under}${field}`;
      const kind = kindOf(value);
      fields.set(path, (fields.get(path) ?? new Set()).add(kind));
      if (kind === 'record') this.#noteRow(model, value as Record<string, unknown>, path);
    }
  }

  kinds(): Kinds {
    const sorted = <T>(entries: Iterable<[string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      sorted(this.#seen).map(([model, fields]) => [
        model,
        Object.fromEntries(sorted(fields).map(([field, kinds]) => [field, [...kinds].sort()])),
      ]),
    );
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'object') return typeof value === 'boolean' ? 'flag' : 'scalar';
  const { __class__: name } = value as { __class__?: string };
  return name ?? 'record';
}

/** Kinds and fields of one that the other never had. */
export function strangers(found: Kinds, known: Kinds): string[] {
  return Object.entries(found).flatMap(([model, fields]) =>
    Object.entries(fields).flatMap(([field, kinds]) =>
      kinds.filter((kind) => !known[model]?.[field]?.includes(kind)).map((kind) => `${model} ${field}: ${kind}`),
    ),
  );
}
