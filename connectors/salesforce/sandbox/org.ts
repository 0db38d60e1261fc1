import { NO_FAULTS, type Faults } from '#connect';
import { withChecks } from './ids.js';
import { SCHEMA, TYPES, type Type } from './schema.js';

export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;
export interface Thing {
  type: Type;
  id: string;
  values: Values;
  /** Whole seconds: Salesforce has no more. */
  modifiedAt: Date;
  createdAt: Date;
  modifiedBy: string;
  isDeleted: boolean;
}

/** What is asked for by its time of change; the rest is only read with what it belongs to. */
const LISTED: readonly Type[] = ['Account', 'Contact', 'Opportunity', 'Order', 'SBQQ__Quote__c'];
const BUSINESS_USER = 'sales@example.com.sandbox';

/** What an org holds: records, those in the recycle bin included. */
export class Org {
  readonly #things = new Map<Type, Map<string, Thing>>(TYPES.map((type) => [type, new Map()]));
  /** By type, field and value, of the fields that no two records have alike; some of them may be deleted. */
  readonly #byUnique = new Map<string, Set<Thing>>();
  /** Written, but by a transaction that has not ended: lists do not show it yet. */
  readonly #unseen = new Set<Thing>();

  constructor(
    private readonly tick: () => Date,
    private readonly faults: Faults = NO_FAULTS,
  ) {}

  find(type: Type, id: string): Thing | undefined {
    const thing = this.#things.get(type)!.get(withChecks(id));
    return thing?.isDeleted === false ? thing : undefined;
  }

  all(type: Type): Thing[] {
    return [...this.#things.get(type)!.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  live(type: Type): Thing[] {
    return this.all(type).filter(({ isDeleted }) => !isDeleted);
  }

  /** What a list of changes shows: now and then it lags by one question. */
  shown(type: Type): Thing[] {
    const shown = this.all(type).filter((thing) => !this.#unseen.has(thing));
    for (const thing of [...this.#unseen]) if (thing.type === type) this.#unseen.delete(thing);
    return shown;
  }

  /** By one of its type's external ids. */
  byUnique(type: Type, field: string, value: Value): Thing | undefined {
    const live = [...(this.#byUnique.get(nameOf(type, field, value)) ?? [])].filter(({ isDeleted }) => !isDeleted);
    return live.sort((a, b) => (a.id < b.id ? -1 : 1))[0];
  }

  make(type: Type, id: string, values: Values, by = BUSINESS_USER): Thing {
    const empty = Object.fromEntries(SCHEMA[type].fields.map((name): [string, null] => [name, null]));
    const at = this.tick();
    const thing: Thing = {
      type,
      id,
      values: { ...empty, ...values },
      modifiedAt: at,
      createdAt: at,
      modifiedBy: by,
      isDeleted: false,
    };
    this.#things.get(type)!.set(id, thing);
    this.#index(thing);
    this.#mayHide(thing);
    return thing;
  }

  change(thing: Thing, values: Values, by = BUSINESS_USER): void {
    this.#forget(thing);
    Object.assign(thing.values, values);
    this.#index(thing);
    thing.modifiedAt = this.tick();
    thing.modifiedBy = by;
    this.#mayHide(thing);
  }

  #index(thing: Thing): void {
    for (const name of namesOf(thing)) {
      const known = this.#byUnique.get(name);
      if (known) known.add(thing);
      else this.#byUnique.set(name, new Set([thing]));
    }
  }

  #forget(thing: Thing): void {
    for (const name of namesOf(thing)) this.#byUnique.get(name)?.delete(thing);
  }

  #mayHide(thing: Thing): void {
    if (LISTED.includes(thing.type) && this.faults.strikes('delay')) this.#unseen.add(thing);
  }

  remove(thing: Thing): void {
    thing.isDeleted = true;
    this.change(thing, {});
  }

  restore(thing: Thing): void {
    thing.isDeleted = false;
    this.change(thing, {});
  }

  /** Gone from the recycle bin too. */
  purge(thing: Thing): void {
    this.#forget(thing);
    this.#things.get(thing.type)!.delete(thing.id);
  }

  /** Without times: they tell when something was written. */
  state(): Record<string, Record<string, unknown>> {
    const stateOf = ({ values }: Thing) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([, v]) => v !== null)
          .sort(),
      );
    return Object.fromEntries(
      TYPES.map((type) => [type, Object.fromEntries(this.live(type).map((thing) => [thing.id, stateOf(thing)]))]),
    );
  }
}

/** Times as Salesforce writes them: the offset without its colon. */
export function timeText(time: Date): string {
  return time.toISOString().replace('Z', '+0000');
}

function nameOf(type: Type, field: string, value: Value): string {
  return `${type} ${field} ${String(value).toLowerCase()}`;
}

function namesOf({ type, values }: Thing): string[] {
  const { unique } = SCHEMA[type];
  return unique.flatMap((field) => (values[field] == null ? [] : nameOf(type, field, values[field])));
}
