import { createHash } from 'node:crypto';
import { NO_FAULTS, type Faults } from '#connect';
import { ASSOCIATION_TYPES, modifiedName, PROPERTIES, TYPES, UNIQUE, type Type } from './schema.js';

export interface Thing {
  type: Type;
  id: string;
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archivedAt: string | null;
}
export interface End {
  type: Type;
  id: string;
}

/** What an account holds: objects, what they are associated with, and what search knows of them. */
export class Crm {
  readonly #things = new Map<Type, Map<string, Thing>>(TYPES.map((type) => [type, new Map()]));
  readonly #links = new Map<string, Map<string, { end: End; typeIds: Set<number> }>>();
  readonly #mergedInto = new Map<string, string>();
  /** What search still shows of an object; null where it does not show it yet. */
  readonly #behind = new Map<string, Thing | null>();

  constructor(
    private readonly tick: () => Date,
    private readonly faults: Faults = NO_FAULTS,
  ) {}

  /** An id that was merged away finds what it became. */
  find(type: Type, id: string): Thing | undefined {
    const thing = this.#things.get(type)!.get(this.#mergedInto.get(key({ type, id })) ?? id);
    return thing?.archivedAt === null ? thing : undefined;
  }

  live(type: Type): Thing[] {
    return [...this.#things.get(type)!.values()].filter(({ archivedAt }) => archivedAt === null).sort(byId);
  }

  byUnique(type: Type, property: string, value: string): Thing | undefined {
    const wanted = value.toLowerCase();
    return this.live(type).find(({ properties }) => properties[property]?.toLowerCase() === wanted);
  }

  /** What search shows: now and then it lags by one question. */
  searched(type: Type): Thing[] {
    const shown = this.live(type).flatMap((thing) => {
      const before = this.#behind.get(key(thing));
      return before === undefined ? thing : (before ?? []);
    });
    for (const name of [...this.#behind.keys()]) if (name.startsWith(`${type} `)) this.#behind.delete(name);
    return shown;
  }

  make(type: Type, id: string, given: Record<string, string | null>): Thing {
    const at = this.tick().toISOString();
    const empty = Object.fromEntries(PROPERTIES[type].map((name) => [name, null]));
    const thing: Thing = {
      type,
      id,
      createdAt: at,
      updatedAt: at,
      archivedAt: null,
      properties: {
        ...empty,
        ...given,
        createdate: at,
        [modifiedName(type)]: at,
        hs_object_id: id,
        hs_merged_object_ids: null,
      },
    };
    if (this.faults.strikes('delay')) this.#behind.set(key(thing), null);
    this.#things.get(type)!.set(id, thing);
    return thing;
  }

  change(thing: Thing, given: Record<string, string | null>): void {
    if (this.faults.strikes('delay') && !this.#behind.has(key(thing))) {
      this.#behind.set(key(thing), { ...thing, properties: { ...thing.properties } });
    }
    const at = this.tick().toISOString();
    thing.updatedAt = at;
    // Emptied by an empty text.
    for (const [name, value] of Object.entries(given)) thing.properties[name] = value === '' ? null : value;
    thing.properties[modifiedName(thing.type)] = at;
  }

  archive(thing: Thing): Date {
    const at = this.tick();
    thing.archivedAt = at.toISOString();
    return at;
  }

  restore({ type, id }: End): Thing {
    const thing = this.#things.get(type)!.get(id)!;
    thing.archivedAt = null;
    this.change(thing, {});
    return thing;
  }

  /** Both go on as one under a new id, with the first one’s values where it has any. */
  merge(first: Thing, second: Thing, id: string): Thing {
    const values = Object.entries(first.properties).map(([name, value]) => [name, value ?? second.properties[name]!]);
    for (const old of [first, second]) {
      this.archive(old);
      this.#mergedInto.set(key(old), id);
    }
    const merged = this.make(first.type, id, Object.fromEntries(values) as Record<string, string | null>);
    merged.properties.hs_merged_object_ids = `${first.id};${second.id}`;
    for (const old of [first, second]) {
      for (const { end, typeIds } of this.#links.get(key(old))?.values() ?? []) {
        for (const typeId of typeIds) this.#associate(merged, end, typeId);
      }
      this.unlink(old);
    }
    return merged;
  }

  /** False where there is no such type of association. */
  link(from: End, to: End, typeId: number): boolean {
    const known = ASSOCIATION_TYPES.find(({ there, ...each }) => {
      return each.from === from.type && each.to === to.type && there === typeId;
    });
    if (!known) return false;
    this.#associate(from, to, known.there);
    return true;
  }

  #associate(from: End, to: End, typeId: number): void {
    const types = ASSOCIATION_TYPES.find(({ there, back }) => there === typeId || back === typeId)!;
    const back = types.there === typeId ? types.back : types.there;
    this.#put(from, to, typeId);
    this.#put(to, from, back);
  }

  #put(from: End, to: End, typeId: number): void {
    const own = this.#links.get(key(from)) ?? new Map<string, { end: End; typeIds: Set<number> }>();
    this.#links.set(key(from), own);
    const link = own.get(key(to)) ?? { end: { type: to.type, id: to.id }, typeIds: new Set() };
    own.set(key(to), link);
    link.typeIds.add(typeId);
  }

  unlink(from: End, to?: End): void {
    for (const { end } of [...(this.#links.get(key(from))?.values() ?? [])]) {
      if (to && key(end) !== key(to)) continue;
      this.#links.get(key(from))!.delete(key(end));
      this.#links.get(key(end))?.delete(key(from));
    }
  }

  linked(from: End, to: Type): { id: string; typeIds: number[] }[] {
    return [...(this.#links.get(key(from))?.values() ?? [])]
      .filter(({ end }) => end.type === to && this.find(to, end.id) !== undefined)
      .map(({ end, typeIds }) => ({ id: end.id, typeIds: [...typeIds].sort((a, b) => a - b) }))
      .sort(byId);
  }

  /** Without times: they tell when something was written. */
  state(): Record<string, Record<string, unknown>> {
    const stateOf = (thing: Thing) => {
      const values = Object.entries(thing.properties).filter(
        ([name, value]) => value !== null && name !== 'createdate' && name !== modifiedName(thing.type),
      );
      const links = TYPES.flatMap((to) => this.linked(thing, to).map(({ id, typeIds }) => `${to} ${id} ${typeIds}`));
      return { properties: Object.fromEntries(values.sort()), links };
    };
    return Object.fromEntries(
      TYPES.map((type) => [type, Object.fromEntries(this.live(type).map((thing) => [thing.id, stateOf(thing)]))]),
    );
  }
}

/** The id of what the hub makes: the same for the same, in whatever order things come. */
export function idOfValue(type: Type, value: string): string {
  const hash = createHash('sha256').update(`${type} ${value.toLowerCase()}`).digest();
  return String(9_000_000_000_000n + (hash.readBigUInt64BE() % 999_999_999_999n));
}

export function uniqueIn(type: Type, given: Record<string, string | null>): [property: string, value: string] | null {
  for (const property of UNIQUE[type]) if (given[property]) return [property, given[property]];
  return null;
}

function key({ type, id }: End): string {
  return `${type} ${id}`;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
