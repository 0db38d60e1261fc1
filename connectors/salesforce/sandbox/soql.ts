import { Refusal } from './errors.js';

export interface Soql {
  fields: string[];
  type: string;
  condition: Condition | null;
  orderBy: string[];
}
export type Condition =
  { any: Condition[] } | { all: Condition[] } | { field: string; operator: string; values: string[] };

const TOKEN = /\s*('(?:[^'\\]|\\.)*'|>=|<=|!=|[=<>(),]|[A-Za-z0-9_.:+-]+)/y;

/** So much of SOQL as lists of records need. */
export function parseSoql(text: string): Soql {
  return new Parser(tokensOf(text)).query();
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new Refusal('MALFORMED_QUERY', `unexpected token at ${at}`);
    tokens.push(token);
  }
  return tokens;
}

class Parser {
  #at = 0;
  constructor(private readonly tokens: string[]) {}

  query(): Soql {
    this.#expect('SELECT');
    const fields = this.#list();
    this.#expect('FROM');
    const type = this.#next();
    const condition = this.#accept('WHERE') ? this.#either() : null;
    const orderBy = this.#accept('ORDER') ? (this.#expect('BY'), this.#list()) : [];
    if (this.#at < this.tokens.length) throw new Refusal('MALFORMED_QUERY', `unexpected token: ${this.#next()}`);
    return { fields, type, condition, orderBy };
  }

  /** Salesforce wants AND and OR of one level kept apart by parentheses. */
  #either(): Condition {
    const parts = [this.#term()];
    const word = this.#peek();
    if (word !== 'AND' && word !== 'OR') return parts[0]!;
    while (this.#accept(word)) parts.push(this.#term());
    return word === 'AND' ? { all: parts } : { any: parts };
  }

  #term(): Condition {
    if (this.#accept('(')) {
      const inner = this.#either();
      this.#expect(')');
      return inner;
    }
    const field = this.#next();
    const operator = this.#next();
    if (operator !== 'IN') return { field, operator, values: [literal(this.#next())] };
    this.#expect('(');
    const values = this.#list().map(literal);
    this.#expect(')');
    return { field, operator, values };
  }

  #list(): string[] {
    const items = [this.#next()];
    while (this.#accept(',')) items.push(this.#next());
    return items;
  }

  #peek(): string | undefined {
    return this.tokens[this.#at];
  }
  #next(): string {
    const token = this.tokens[this.#at];
    if (token === undefined) throw new Refusal('MALFORMED_QUERY', 'unexpected end of query');
    this.#at += 1;
    return token;
  }
  #accept(word: string): boolean {
    if (this.#peek() !== word) return false;
    this.#at += 1;
    return true;
  }
  #expect(word: string): void {
    if (!this.#accept(word)) throw new Refusal('MALFORMED_QUERY', `expected ${word}, got ${this.#peek() ?? 'the end'}`);
  }
}

function literal(token: string): string {
  return token.startsWith("'") ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
}
