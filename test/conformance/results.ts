import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { FAULT_MODES, type Connector, type FaultMode } from '../../src/connect/index.js';
import { connectorFolders, connectorIn } from './folders.js';
import { SECOND_READING, type Finding } from './matrix.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README = `${ROOT}connectors/README.md`;
const [BEGIN, END] = ['<!-- conformance: begin -->', '<!-- conformance: end -->'];

/** What a run has shown of a connector, as it is kept in the connector's folder. */
interface Result {
  /** What the connector was at the time: another needs another run. */
  definition: Record<string, string>;
  findings: Record<string, Pick<Finding, 'outcome' | 'shown'>>;
}

/** Keeps what a run has shown, beside what other runs have shown of the same definition. */
export function record(folder: string, connector: Connector, findings: readonly Finding[]): void {
  const definition = definitionOf(connector);
  const before = resultIn(folder);
  const isSame = before !== null && isDeepStrictEqual(before.definition, definition);
  const shown = Object.fromEntries(findings.map(({ name, outcome, shown: text }) => [name, { outcome, shown: text }]));
  const kept: Result = { definition, findings: { ...(isSame && before.findings), ...shown } };
  writeFileSync(`${ROOT}${folder}/conformance.json`, `${JSON.stringify(kept, null, 2)}\n`);
}

function resultIn(folder: string): Result | null {
  const path = `${ROOT}${folder}/conformance.json`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result) : null;
}

/** What the table in connectors/README.md should be, and why it cannot be trusted where it cannot. */
export async function table(): Promise<{ text: string; doubts: string[] }> {
  const doubts: string[] = [];
  const results = new Map<string, Result>();
  for (const folder of connectorFolders()) {
    const code = folder.split('/').at(-1)!;
    const result = resultIn(folder);
    if (!result) {
      doubts.push(`${code} was never tried out: npm run connector:check ${code} -- --record`);
      continue;
    }
    if (!isDeepStrictEqual(result.definition, definitionOf(await connectorIn(folder))))
      doubts.push(`${code} is another than when it was tried out: npm run connector:check ${code} -- --record`);
    results.set(code, result);
  }
  return { text: textOf(results), doubts };
}

export function writeTable(text: string): void {
  writeFileSync(README, withTable(readFileSync(README, 'utf8'), text));
}

export function isInReadme(text: string): boolean {
  const readme = readFileSync(README, 'utf8');
  return readme === withTable(readme, text);
}

function withTable(readme: string, text: string): string {
  const [before = '', rest = ''] = readme.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return `${before}${BEGIN}\n${text}\n${END}${after}`;
}

function textOf(results: ReadonlyMap<string, Result>): string {
  const codes = [...results.keys()];
  const names = inOrder([...new Set([...results.values()].flatMap(({ findings }) => Object.keys(findings)))]);
  const notes: string[] = [];
  const cell = (code: string, name: string): string => {
    const found = results.get(code)!.findings[name];
    if (!found) return '';
    if (found.outcome !== 'none') return found.shown;
    const known = notes.indexOf(found.shown);
    return `– (${1 + (known >= 0 ? known : notes.push(found.shown) - 1)})`;
  };
  const rows = names.map((name) => [labelOf(name), ...codes.map((code) => cell(code, name))]);
  const lines = [['', ...codes], ['---', ...codes.map(() => '---')], ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  return [...lines, '', ...notes.map((note, index) => `(${index + 1}) does not apply: ${note}.`)].join('\n').trim();
}

/** The faults together, behind the runs without any. */
function inOrder(names: readonly string[]): string[] {
  const faults = names.filter((name) => name in FAULT_MODES);
  const others = names.filter((name) => !(name in FAULT_MODES));
  const place = others.indexOf(SECOND_READING) + 1;
  return [...others.slice(0, place), ...faults, ...others.slice(place)];
}

function labelOf(name: string): string {
  const fault = FAULT_MODES[name as FaultMode] as string | undefined;
  return fault === undefined ? name : `\`${name}\``;
}

export function definitionOf(connector: Connector): Record<string, string> {
  const { pull, push, webhooks, sandbox } = connector;
  return {
    pull: [...pull.keys()].join(', '),
    push: [...push.keys()].join(', '),
    topics: (webhooks?.topics ?? []).join(', '),
    cannot: Object.keys(sandbox?.cannot ?? {}).join(', '),
  };
}
