import { getOperationAST, Kind, visit, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Operation } from '../execution.js';

const AFTER = 'after';
const cursorVariables = new WeakMap<OperationDefinitionNode, string | null>();

/**
 * Subscriptions with the same key get the same live messages. Where each began does not matter for these: a crowd
 * that reconnects, every member behind its own cursor, is one group again.
 */
export function groupKey({ document, hash, operationName, variables }: Operation, scope: string): string {
  const definition = getOperationAST(document, operationName);
  const cursor = definition && cursorVariable(document, definition);
  const rest = Object.entries(variables).filter(([name]) => name !== cursor);
  rest.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([hash, operationName ?? '', scope, rest]);
}

/** The variable that the root field takes as `after`, if that is all it is used for. */
function cursorVariable(document: DocumentNode, definition: OperationDefinitionNode): string | null {
  const known = cursorVariables.get(definition);
  if (known !== undefined) return known;
  const root = definition.selectionSet.selections[0];
  const after = root?.kind === Kind.FIELD ? root.arguments?.find((arg) => arg.name.value === AFTER)?.value : undefined;
  const name = after?.kind === Kind.VARIABLE ? after.name.value : null;
  const cursor = name !== null && usesOf(document, name) === 1 ? name : null;
  cursorVariables.set(definition, cursor);
  return cursor;
}

function usesOf(document: DocumentNode, name: string): number {
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable(node) {
      if (node.name.value === name) uses += 1;
    },
  });
  return uses;
}
