import DataLoader from 'dataloader';
import type { Database } from '../db/database.js';
import type { Clock } from '../shared/clock.js';
import type { Log } from '../shared/log.js';
import type { Viewer } from './access.js';
import type { SelectedFields } from './columns.js';
import type { Selection } from './selection.js';

/** What a batch function may use: the database, the time, and whose eyes it reads with. */
export interface ReadScope {
  db: Database;
  clock: Clock;
  viewer: Viewer;
  service<T>(key: ServiceKey<T>): T;
  /** Which fields of a type are asked for. */
  selected(type: string): SelectedFields;
}

/** A batch of reads by key; one set of loaders serves one request of one viewer. */
export interface LoaderDefinition<Key, Value> {
  name: string;
  batch(keys: readonly Key[], scope: ReadScope): Promise<(Value | Error)[]>;
  cacheKey?(key: Key): string;
}

export function defineLoader<Key, Value>(
  name: string,
  batch: (keys: readonly Key[], scope: ReadScope) => Promise<(Value | Error)[]>,
  cacheKey?: (key: Key) => string,
): LoaderDefinition<Key, Value> {
  return { name, batch, ...(cacheKey && { cacheKey }) };
}

/** Puts rows in the order of the keys; a key without a row gives null. */
export function inOrderOf<Row>(keys: readonly string[], rows: Row[], keyOf: (row: Row) => string): (Row | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}

/** Puts rows into one list for each key, in the order in which they came. */
export function listsOf<Row>(keys: readonly string[], rows: Row[], keyOf: (row: Row) => string): Row[][] {
  const lists = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) lists.get(keyOf(row))?.push(row);
  return keys.map((key) => lists.get(key)!);
}

/** Names a value that app.ts supplies and a module needs, so that the graph need not know either. */
export interface ServiceKey<T> {
  name: string;
  /** Carries the type only; never set. */
  type?: T;
}

export class Services {
  readonly #values = new Map<string, unknown>();
  provide<T>(key: ServiceKey<T>, value: T): this {
    this.#values.set(key.name, value);
    return this;
  }
  get<T>(key: ServiceKey<T>): T {
    if (!this.#values.has(key.name)) throw new Error(`service ${key.name} was not provided`);
    return this.#values.get(key.name) as T;
  }
}

/** What lives as long as the process and serves every request. */
export interface GraphServices {
  db: Database;
  clock: Clock;
  log: Log;
  services: Services;
}

export class GraphContext implements ReadScope {
  // Not #private: Apollo copies the context, and a copy has no private members.
  private loaders = new Map<string, DataLoader<unknown, unknown, unknown>>();
  /** Set where the context serves one document alone. */
  selection: Selection | null = null;

  constructor(
    private readonly graph: GraphServices,
    readonly viewer: Viewer,
    readonly requestId: string,
  ) {}

  get db(): Database {
    return this.graph.db;
  }
  get clock(): Clock {
    return this.graph.clock;
  }
  get log(): Log {
    return this.graph.log;
  }

  service<T>(key: ServiceKey<T>): T {
    return this.graph.services.get(key);
  }

  selected(type: string): SelectedFields {
    return this.selection?.get(type) ?? null;
  }

  load<Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value> {
    return this.loader(definition).load(key);
  }

  loadMany<Key, Value>(definition: LoaderDefinition<Key, Value>, keys: Key[]): Promise<Value[]> {
    return Promise.all(keys.map((key) => this.load(definition, key)));
  }

  prime<Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key, value: Value): void {
    this.loader(definition).prime(key, value);
  }

  /** Fields behind a mutation are read afresh. */
  forget(): void {
    this.loaders = new Map();
  }

  private loader<Key, Value>(definition: LoaderDefinition<Key, Value>): DataLoader<Key, Value, unknown> {
    let loader = this.loaders.get(definition.name);
    if (!loader) {
      const created = new DataLoader<Key, Value, unknown>((keys) => definition.batch(keys, this), {
        ...(definition.cacheKey && { cacheKeyFn: definition.cacheKey }),
      });
      loader = created as unknown as DataLoader<unknown, unknown, unknown>;
      this.loaders.set(definition.name, loader);
    }
    return loader as unknown as DataLoader<Key, Value, unknown>;
  }
}
