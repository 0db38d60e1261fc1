import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAULT_MODES, type Connector, type FaultMode } from '../../src/connect/index.js';
import { connectorFolders, connectorIn } from './folders.js';
import { SECOND_READING, type Finding } from './matrix.js';
import { modesOf } from './run.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README = `${ROOT}connectors/README.md`;
const [BEGIN, END] = ['<!-- conformance: begin -->', '<!-- conformance: end -->'];

/** What a run has shown of a connector, as it is kept in the connector's folder. */
interface Result {
  /** What the connector was at the time: another needs another run. */
  definition: Record<string, string>;
  findings: Record<string, Pick<Finding, 'outcome' | 'shown'>>;
}

export function record(folder: string, connector: Connector, findings: readonly Finding[]): void {
  const kept: Result = {
    definition: definitionOf(connector),
    findings: Object.fromEntries(findings.map(({ name, outcome, shown }) => [name, { outcome, shown }])),
  };
  writeFileSync(`${ROOT}${folder}/conformance.json`, `${JSON.stringify(kept, null, 2)}\n`);
}

/** What the table in connectors/README.md should be, and why it cannot be trusted where it cannot. */
export async function table(): Promise<{ text: string; doubts: string[] }> {
  const doubts: string[] = [];
  const results = new Map<string, Result>();
  for (const folder of connectorFolders()) {
    const code = folder.split('/').at(-1)!;
    const path = `${ROOT}${folder}/conformance.json`;
    if (!existsSync(path)) {
      doubts.push(`${code} was never tried out: npm run connector:check ${code} -- --record`);
      continue;
    }
    const result = JSON.parse(readFileSync(path, 'utf8')) as Result;
    const now = JSON.stringify(definitionOf(await connectorIn(folder)));
    if (JSON.stringify(result.definition) !== now)
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

function definitionOf(connector: Connector): Record<string, string> {
  const { pull, push, webhooks } = connector;
  const { can, cannot } = modesOf(connector);
  return {
    pull: [...pull.keys()].join(', '),
    push: [...push.keys()].join(', '),
    topics: (webhooks?.topics ?? []).join(', '),
    faults: can.join(', '),
    cannot: Object.keys(cannot).join(', '),
  };
}
