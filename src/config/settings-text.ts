import type { SettingTable } from '../shared/settings.js';

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
