import { createHash } from 'node:crypto';
import { Kind, parse, print, separateOperations, visit, type DocumentNode, type FieldNode } from 'graphql';

/** A document that somebody who runs the hub has named, by its hash or by any other id. */
export interface TrustedOperation {
  id: string;
  body: string;
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The documents that are known before anybody sends one. Throws for an operation's text that is no GraphQL. */
export class RegisteredDocuments {
  readonly #texts = new Map<string, string>();
  #waiting: readonly string[];

  /** `examples` are the project's own, and read when a document is looked for first: a start need not wait for them. */
  constructor(examples: readonly string[], operations: readonly TrustedOperation[]) {
    this.#waiting = examples;
    for (const { body } of operations) this.#add(body);
    for (const { id, body } of operations) this.#texts.set(id, body);
  }

  textOf(name: string): string | undefined {
    return this.#known().get(name);
  }

  /** Whether a text says the same as a registered one; blanks and comments say nothing. */
  includes(text: string, maxTokens: number): boolean {
    const known = this.#known();
    if (known.has(hashOf(text))) return true;
    try {
      return known.has(hashOf(print(parse(text, { maxTokens }))));
    } catch {
      return false;
    }
  }

  #known(): ReadonlyMap<string, string> {
    for (const text of this.#waiting) this.#add(text);
    this.#waiting = [];
    return this.#texts;
  }

  /** By its own hash, and by those of the texts that clients make of it. */
  #add(text: string): void {
    const document = parse(text);
    this.#texts.set(hashOf(text), text);
    for (const part of [document, ...Object.values(separateOperations(document))]) {
      for (const form of [print(part), print(withTypenames(part))]) this.#texts.set(hashOf(form), form);
    }
  }
}

/** Apollo Client asks for the type's name in each selection set below the root, unless that is asked for already. */
function withTypenames(document: DocumentNode): DocumentNode {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return visit(document, {
    SelectionSet(set, _key, parent) {
      const isRoot = parent && !Array.isArray(parent) && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION;
      const asks = set.selections.some((one) => one.kind === Kind.FIELD && one.name.value.startsWith('__'));
      return isRoot || asks ? undefined : { ...set, selections: [...set.selections, typename] };
    },
  });
}
