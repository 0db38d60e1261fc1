import { getOperationAST, parse } from 'graphql';
import { exampleOperations } from '../example-operations.js';

/** One tab of the explorer: an operation, and variables to begin with. */
export interface ExampleTab {
  query: string;
  variables: string;
}

const VARIABLES = /^# variables: (.*)\n/m;
const KINDS = ['query', 'subscription', 'mutation'];

/** The example operations: what reads first, then what streams, then what changes, each by file name. */
export async function exampleTabs(): Promise<ExampleTab[]> {
  const texts = await exampleOperations();
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
