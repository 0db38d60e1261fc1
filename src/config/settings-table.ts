import type { SettingsPart, SettingTable } from '../shared/settings.js';

/**
 * Where each run of variables begins, in the order of documents and faults. What follows in its table comes behind it, up
 * to the next of these; a table that is not named here comes at the end.
 */
const HEADS = [
  'PORT',
  'HUB_SELLER_COUNTRY',
  'HUB_SELLER_NAME',
  'HUB_INVOICE_AT',
  'HUB_DOCUMENT_LINK_HOURS',
  'HUB_VERIFY_ADDRESSES',
  'HUB_RETURN_DAYS',
  'HUB_AUTOMATION',
  'HUB_DUPLICATE_MINUTES',
  'HUB_EGRESS_ALLOW',
  'HUB_STRIPE_KEY',
  'HUB_EASYPOST_KEY',
  'SMTP_PORT',
  'HUB_MAIL_KEEP_DAYS',
  'HUB_SMTP_URL',
  'LOG_LEVEL',
];

/** The variables of the hub and of its modules in one table; throws where two have one name. */
export function settingsTable(own: SettingTable, parts: readonly SettingsPart[]): SettingTable {
  const table: SettingTable = {};
  const runs = new Map<string, string[]>(HEADS.map((head) => [head, []]));
  for (const variables of [own, ...parts.map((part) => part.variables)]) {
    let run: string[] = [];
    for (const [index, [name, setting]] of Object.entries(variables).entries()) {
      if (name in table) throw new Error(`the variable ${name} is there already`);
      table[name] = setting;
      if (runs.has(name)) run = runs.get(name)!;
      else if (index === 0) runs.set(name, run);
      run.push(name);
    }
  }
  return Object.fromEntries([...runs.values()].flat().map((name) => [name, table[name]!]));
}
