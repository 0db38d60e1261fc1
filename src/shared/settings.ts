/** One environment variable. `parse` answers undefined for a value that is not as expected. */
export interface Setting<T> {
  about: string;
  /** The text that is parsed when the variable is left out; null: nothing. */
  fallback: string | null;
  /** What documents show as the default where `fallback` does not say it. */
  shown?: string;
  expected: string;
  /** Its value is never shown, in no fault and no log. */
  isSecret?: boolean;
  parse(value: string): T | undefined;
}
export type SettingTable = Record<string, Setting<unknown>>;

/** Of an environment without faults: what has no fallback may be left out. */
export type SettingValues<Table extends SettingTable> = {
  [Name in keyof Table]: Table[Name]['fallback'] extends string
    ? Exclude<ReturnType<Table[Name]['parse']>, undefined>
    : ReturnType<Table[Name]['parse']> | undefined;
};

/** Parses every variable of the table; all faults are found, not only the first. An empty value counts as left out. */
export function parseSettings<Table extends SettingTable>(
  table: Table,
  environment: Record<string, string | undefined>,
): { values: SettingValues<Table>; faults: string[] } {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, setting] of Object.entries(table)) {
    const given = environment[name] || setting.fallback;
    if (given === null) continue;
    const value = setting.parse(given);
    if (value === undefined) {
      faults.push(
        `${name}: expected ${setting.expected}, got ${setting.isSecret ? 'another value (not shown)' : `"${given}"`}`,
      );
    }
    values[name] = value;
  }
  return { values: values as SettingValues<Table>, faults };
}

/** What of the settings each start compares with the last one; what is as usual goes without saying, as null. */
export interface AuditedSettings {
  open?: Record<string, string | null>;
  /** Kept as a fingerprint alone. */
  secret?: Record<string, string | null>;
}

/** What a module is set up by. It is also the key by which its value is asked for, like that of a service. */
export interface SettingsPart<Name extends string = string, T = unknown> {
  /** As which a start is told another value than the usual one. */
  readonly name: Name;
  readonly variables: SettingTable;
  /** What an empty environment comes to, and a start that says nothing of it. */
  readonly usual: T;
  /** What no variable shows alone. One with a fault is there as undefined; one that is left out is not there. */
  faults(values: object): string[];
  /** What variables without faults come to. */
  read(values: object): T;
  audit(value: T): AuditedSettings;
  /** Carries the type only; never set. */
  readonly type?: T;
}

/** By the names of the parts. */
export type ValuesOf<Part extends SettingsPart> = { readonly [P in Part as P['name']]: P['usual'] };
/** The same for a start: what is left out is as usual, but what is off where it is left out is given whole. */
export type GivenSettings<Part extends SettingsPart> = {
  [P in Part as P['name']]?: null extends P['usual'] ? P['usual'] : Partial<P['usual']>;
};

/** Keeps what variables are parsed to and what the module takes of one type. */
export function defineSettings<Name extends string, Table extends SettingTable, T>(
  name: Name,
  variables: Table,
  part: {
    faults?(values: Partial<SettingValues<Table>>): string[];
    read(values: SettingValues<Table>): T;
    audit?(value: T, usual: T): AuditedSettings;
  },
): SettingsPart<Name, T> {
  const usual = part.read(parseSettings(variables, {}).values);
  return {
    name,
    variables,
    usual,
    faults: (values) => part.faults?.(values as Partial<SettingValues<Table>>) ?? [],
    read: (values) => part.read(values as SettingValues<Table>),
    audit: (value) => part.audit?.(value, usual) ?? {},
  };
}

/** For the audit: null where a value is as usual. */
export function unusual<T>(value: T, usual: T, text = String(value)): string | null {
  return value === usual ? null : text;
}
