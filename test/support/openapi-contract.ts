import { z } from 'zod';

/** One call as it went over the wire. */
export interface Traffic {
  method: string;
  path: string;
  query: URLSearchParams;
  /** JSON or the fields of a form; undefined where there was no body. */
  request: unknown;
  status: number;
  response: unknown;
}

export interface OpenapiContract {
  /** What of the call the contract does not have; fields that it does not know are one. */
  faultsOf(traffic: Traffic): string[];
  /** "GET /path/{of}/template", or the call itself where the contract has no such path. */
  operationOf(traffic: Traffic): string;
  faultsOfValue(schemaName: string, value: unknown): string[];
}

type Json = Record<string, unknown>;
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Json;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, Json>;
}

/** Holds calls against an OpenAPI 3.0 document, strictly: what it does not name is wrong. */
export function openapiContract(document: unknown): OpenapiContract {
  const { paths, components } = document as {
    paths: Record<string, Json>;
    components: { schemas: Record<string, Json> };
  };
  const checks = new Map<string, z.ZodType>();
  const templates = Object.keys(paths).map((template) => {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    return { template, names, pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`) };
  });

  const find = ({ method, path }: Traffic) => {
    const fitting = templates.filter(
      ({ template, pattern }) => pattern.test(path) && paths[template]![method.toLowerCase()],
    );
    // The one with the fewest blanks: /batch/read is no object’s id.
    const [best] = fitting.sort((a, b) => a.names.length - b.names.length);
    if (!best) return null;
    const operation = paths[best.template]![method.toLowerCase()] as Operation;
    const shared = (paths[best.template]!.parameters ?? []) as Parameter[];
    return { ...best, operation, parameters: [...shared, ...(operation.parameters ?? [])] };
  };

  const valueFaults = (schema: Json, value: unknown, isStrict: boolean): string[] => {
    const key = `${isStrict} ${JSON.stringify(schema)}`;
    const plain = () => resolved(schema, components.schemas, isStrict) as Parameters<typeof z.fromJSONSchema>[0];
    const check = checks.get(key) ?? z.fromJSONSchema(plain(), { defaultTarget: 'openapi-3.0' });
    checks.set(key, check);
    const result = check.safeParse(value);
    return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  return {
    operationOf(traffic) {
      return `${traffic.method} ${find(traffic)?.template ?? traffic.path}`;
    },
    faultsOfValue: (name, value) => valueFaults({ $ref: `#/components/schemas/${name}` }, value, true),
    faultsOf(traffic) {
      const found = find(traffic);
      const at = `${traffic.method} ${found?.template ?? traffic.path}`;
      if (!found) return [`${at}: no such operation`];
      const { operation, parameters, names, pattern } = found;
      const inPath = pattern
        .exec(traffic.path)!
        .slice(1)
        .map((value, index) => [names[index]!, value] as const);
      return [
        ...parameterFaults('path', parameters, inPath),
        ...parameterFaults('query', parameters, [...traffic.query]),
        ...bodyFaults(operation.requestBody?.content, traffic.request).map((fault) => `request ${fault}`),
        ...answerFaults(operation, traffic),
      ].map((fault) => `${at}: ${fault}`);
    },
  };

  function parameterFaults(place: string, parameters: Parameter[], given: (readonly [string, string])[]): string[] {
    const known = new Map(parameters.filter((each) => each.in === place).map((each) => [each.name, each]));
    const missing = [...known.values()].filter(
      ({ name, required }) => required && !given.some(([own]) => own === name),
    );
    return [
      ...missing.map(({ name }) => `${place} ${name}: missing`),
      ...given.flatMap(([name, value]) => {
        const schema = known.get(name)?.schema;
        if (!schema) return [`${place} ${name}: not in the contract`];
        return valueFaults(schema, typed(schema, value), true).map((fault) => `${place} ${name} ${fault}`);
      }),
    ];
  }

  function bodyFaults(content: Record<string, { schema: Json }> | undefined, body: unknown): string[] {
    const [schema] = Object.values(content ?? {}).map((each) => each.schema);
    if (schema) return valueFaults(schema, body, true);
    return body === undefined ? [] : ['body: expected none'];
  }

  function answerFaults({ responses }: Operation, { status, response }: Traffic): string[] {
    // A server may fail anywhere: no contract lists that.
    if (status >= 500) return [];
    const named = responses[String(status)];
    if (!named) return [`answer ${status}: not in the contract`];
    const answer = (named.$ref ? at(document as Json, named.$ref as string) : named) as {
      content?: Record<string, { schema: Json }>;
    };
    const [schema] = Object.values(answer.content ?? {}).map((each) => each.schema);
    if (!schema) return [];
    return valueFaults(schema, response, status < 300).map((fault) => `answer ${status} ${fault}`);
  }
}

function typed(schema: Json, value: string): unknown {
  if (schema.type === 'integer') return /^-?\d+$/.test(value) ? Number(value) : value;
  if (schema.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return schema.type === 'array' ? value.split(',') : value;
}

function at(document: Json, ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, key) => (value as Json)[key], document);
}

/** Without references; where it is to be strict, an object has no field that is not named. */
function resolved(schema: Json, schemas: Record<string, Json>, isStrict: boolean): Json {
  if (typeof schema.$ref === 'string') return resolved(schemas[schema.$ref.split('/').at(-1)!]!, schemas, isStrict);
  if (Array.isArray(schema.allOf)) {
    const parts = (schema.allOf as Json[]).map((part) => resolved(part, schemas, isStrict));
    const properties = Object.assign({}, ...parts.map((part) => part.properties)) as Json;
    return {
      ...parts[0],
      properties,
      required: parts.flatMap((part) => (part.required as string[] | undefined) ?? []),
    };
  }
  const inner = (value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? resolved(value as Json, schemas, isStrict)
      : value;
  const properties = schema.properties as Record<string, Json> | undefined;
  return {
    ...schema,
    ...(schema.items !== undefined && { items: inner(schema.items) }),
    ...(schema.additionalProperties !== undefined && { additionalProperties: inner(schema.additionalProperties) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, inner(value)])),
      ...(isStrict && schema.additionalProperties === undefined && { additionalProperties: false }),
    }),
  };
}
