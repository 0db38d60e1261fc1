import {
  execute,
  GraphQLList,
  GraphQLNonNull,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';
import type { Reading } from './lists.js';
import { digits, gid } from './shop.js';

const MOST_CONNECTIONS = 5;
const MOST_NESTED = 2;

interface Operation {
  id: string;
  status: 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED';
  errorCode: 'INTERNAL_SERVER_ERROR' | null;
  query: DocumentNode;
  lines: string[];
  roots: number;
}
type Node = Record<string, unknown> & { id: string };

/** Bulk operations: each is looked at twice before its file is there. */
export class BulkOperations {
  readonly #operations = new Map<string, Operation>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly root: () => unknown,
    private readonly fileUrl: (id: string) => string,
  ) {}

  run({ query, groupObjects }: { query: string; groupObjects: boolean }) {
    const faults = groupObjects ? this.#faultsOf(query) : ['This sandbox groups objects only.'];
    if (faults.length > 0) {
      const userErrors = faults.map((message) => ({ field: ['query'], message, code: 'INVALID' }));
      return { bulkOperation: null, userErrors };
    }
    const id = String(7_933_223_797_000 + this.#operations.size + 1);
    this.#operations.set(id, { id, status: 'CREATED', errorCode: null, query: parse(query), lines: [], roots: 0 });
    return { bulkOperation: this.#view(id), userErrors: [] };
  }

  /** Looking brings it on. */
  async look(globalId: string, reading: Reading) {
    const operation = this.#operations.get(digits(globalId));
    if (!operation) return null;
    if (operation.status === 'RUNNING') await this.#finish(operation, reading);
    else if (operation.status === 'CREATED') operation.status = 'RUNNING';
    return this.#view(operation.id);
  }

  file(id: string): string | null {
    const operation = this.#operations.get(id);
    return operation?.status === 'COMPLETED' ? operation.lines.map((line) => `${line}\n`).join('') : null;
  }

  async #finish(operation: Operation, reading: Reading): Promise<void> {
    if (reading.faults.strikes('500')) {
      operation.status = 'FAILED';
      operation.errorCode = 'INTERNAL_SERVER_ERROR';
      return;
    }
    const { data, errors } = await execute({
      schema: this.schema,
      document: operation.query,
      rootValue: this.root(),
      contextValue: { ...reading, isBulk: true } satisfies Reading,
    });
    if (errors) throw errors[0]!;
    for (const list of Object.values(data!)) {
      for (const node of nodesOf(list)) {
        operation.roots += 1;
        operation.lines.push(...linesOf(node));
      }
    }
    operation.status = 'COMPLETED';
  }

  #view(id: string) {
    const { status, errorCode, lines, roots } = this.#operations.get(id)!;
    return {
      id: gid('BulkOperation', id),
      status,
      errorCode,
      // Nothing found: no file.
      url: status === 'COMPLETED' && lines.length > 0 ? this.fileUrl(id) : null,
      objectCount: String(lines.length),
      rootObjectCount: String(roots),
    };
  }

  /** The vendor's own words for what it does not run. */
  #faultsOf(query: string): string[] {
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return [(error as Error).message];
    }
    const errors = validate(this.schema, document);
    if (errors.length > 0) return errors.map(({ message }) => message);
    return shapeFaults(this.schema, document);
  }
}

function shapeFaults(schema: GraphQLSchema, document: DocumentNode): string[] {
  const faults = new Set<string>();
  const info = new TypeInfo(schema);
  let connections = 0;
  let depth = 0;
  let lists = 0;
  const around: FieldNode[] = [];
  const kindOf = (): 'connection' | 'list' | 'other' => {
    const type = info.getType();
    const bare = type instanceof GraphQLNonNull ? type.ofType : type;
    if (bare instanceof GraphQLList) return info.getFieldDef()?.name === 'edges' ? 'other' : 'list';
    return String(bare).endsWith('Connection') ? 'connection' : 'other';
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter(field) {
          const kind = kindOf();
          if (kind === 'list') lists += 1;
          if (kind !== 'connection') return;
          connections += 1;
          depth += 1;
          if (lists > 0)
            faults.add('Queries that contain a connection field within a list field are not currently supported.');
          if (depth > MOST_NESTED + 1)
            faults.add('Bulk queries cannot contain connections with a nesting depth greater than 2.');
          if (fieldIn(field, 'nodes')) faults.add(viaNodes(field.name.value));
          const parent = around.at(-1);
          if (parent && !hasIds(parent)) faults.add(withoutId(parent.name.value));
          around.push(field);
        },
        leave() {
          const kind = kindOf();
          if (kind === 'list') lists -= 1;
          if (kind !== 'connection') return;
          depth -= 1;
          around.pop();
        },
      },
    }),
  );
  if (connections === 0) faults.add('Bulk queries must contain at least one connection.');
  if (connections > MOST_CONNECTIONS) faults.add('Bulk queries cannot contain more than 5 connections.');
  return [...faults];
}

/** Whether the records of a list say who they are, under that name. */
function hasIds(connection: FieldNode): boolean {
  const node = fieldIn(fieldIn(connection, 'edges'), 'node');
  const id = fieldIn(node, 'id');
  return id !== undefined && id.alias === undefined;
}

function fieldIn(parent: FieldNode | undefined, name: string): FieldNode | undefined {
  const all = parent?.selectionSet?.selections ?? [];
  return all.find((each): each is FieldNode => each.kind === 'Field' && each.name.value === name);
}

function withoutId(name: string): string {
  return `The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': ${name}.`;
}

function viaNodes(name: string): string {
  return `All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: '${name} { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: '${name}'.`;
}

/** A record's line, and behind it those of its lists: each names the record it belongs to. */
function linesOf(node: Node, parentId?: string): string[] {
  const own: Record<string, unknown> = {};
  const below: Node[] = [];
  for (const [name, value] of Object.entries(node)) {
    if (isConnection(value)) below.push(...nodesOf(value));
    else own[name] = value;
  }
  if (parentId !== undefined) own.__parentId = parentId;
  return [JSON.stringify(own), ...below.flatMap((each) => linesOf(each, node.id))];
}

function isConnection(value: unknown): value is { edges: { node: Node }[] } {
  return value !== null && typeof value === 'object' && 'edges' in value;
}

function nodesOf(value: unknown): Node[] {
  return isConnection(value) ? value.edges.map(({ node }) => node) : [];
}
