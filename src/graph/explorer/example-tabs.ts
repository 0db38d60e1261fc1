import { readdir, readFile } from 'node:fs/promises';
import { getOperationAST, parse } from 'graphql';

/** One tab of the explorer: an operation, and variables to begin with. */
export interface ExampleTab {
  query: string;
  variables: string;
}

const FOLDER = new URL('../../../../schema/operations/', import.meta.url);
const VARIABLES = /^# variables: (.*)\n/m;
const KINDS = ['query', 'subscription', 'mutation'];

/** The example operations: what reads first, then what streams, then what changes, each by file name. */
export async function exampleTabs(): Promise<ExampleTab[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.graphql')).sort();
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, FOLDER), 'utf8')));
  const tabs = texts.map((text) => ({ kind: KINDS.indexOf(getOperationAST(parse(text))?.operation ?? 'query'), text }));
  return tabs.sort((a, b) => a.kind - b.kind).map(({ text }) => tabOf(text));
}

/** A line `# variables: {…}` of an example goes to the variables editor. */
function tabOf(text: string): ExampleTab {
  const given = VARIABLES.exec(text)?.[1];
  return {
    query: text.replace(VARIABLES, ''),
    variables: given ? JSON.stringify(JSON.parse(given), null, 2) : '',
  };
}
