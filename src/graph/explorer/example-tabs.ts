import { getOperationAST, parse } from 'graphql';
import { exampleOperations } from '../example-operations.js';

/** One tab of the explorer: an operation, and variables to begin with. */
export interface ExampleTab {
  query: string;
  variables: string;
}

const VARIABLES = /^# variables: (.*)\n/m;
const KINDS = ['query', 'subscription', 'mutation'];
/** What a newcomer sees first: it answers something in every hub. */
const FIRST = 'ListOrders';

/** The example operations: the list of orders, then what else reads, what streams and what changes, each by file name. */
export async function exampleTabs(): Promise<ExampleTab[]> {
  const texts = await exampleOperations();
  const tabs = texts.map((text) => {
    const operation = getOperationAST(parse(text));
    return { place: operation?.name?.value === FIRST ? -1 : KINDS.indexOf(operation?.operation ?? 'query'), text };
  });
  return tabs.sort((a, b) => a.place - b.place).map(({ text }) => tabOf(text));
}

/** A line `# variables: {…}` of an example goes to the variables editor. */
function tabOf(text: string): ExampleTab {
  const given = VARIABLES.exec(text)?.[1];
  return {
    query: text.replace(VARIABLES, ''),
    variables: given ? JSON.stringify(JSON.parse(given), null, 2) : '',
  };
}
