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

export type SettingValues<Table extends SettingTable> = {
  [Name in keyof Table]: ReturnType<Table[Name]['parse']>;
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

/** .env.example: every variable, commented out at its default. */
export function exampleText(table: SettingTable): string {
  const entries = Object.entries(table).map(([name, setting]) => {
    const value = setting.fallback ?? '';
    return `# ${setting.about} Expected: ${setting.expected}. Left out: ${setting.shown ?? setting.fallback}.\n# ${name}=${value}\n`;
  });
  return `# Made by "npm run hub -- settings" from src/config/config.ts.\n\n${entries.join('\n')}`;
}

/** The table of docs/operations.md. */
export function tableText(table: SettingTable): string {
  const rows = Object.entries(table).map(
    ([name, setting]) =>
      `| \`${name}\` | ${setting.about} | ${setting.expected} | ${setting.shown ?? setting.fallback} |`,
  );
  return ['| variable | what for | expected | left out |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
