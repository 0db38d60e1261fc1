type Json = Record<string, unknown>;
interface Parameter extends Json {
  name: string;
  in: string;
  schema?: Json;
}
interface Operation extends Json {
  parameters?: Parameter[];
  responses: Record<string, Json>;
}

const JSON_TYPE = 'application/json';
const VERBS = new Set(['get', 'put', 'post', 'patch', 'delete']);

/** A Swagger 2.0 document in the words of OpenAPI 3.0, as far as calls are held against it. */
export function swaggerAsOpenapi(document: unknown): Json {
  const { paths, definitions } = JSON.parse(
    JSON.stringify(document).replaceAll('#/definitions/', '#/components/schemas/'),
  ) as { paths: Record<string, Json>; definitions: Record<string, Json> };
  const translated = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, translate(name, value)])),
  ]);
  return { openapi: '3.0.0', paths: Object.fromEntries(translated) as Json, components: { schemas: definitions } };
}

function translate(name: string, value: unknown): unknown {
  if (name === 'parameters') return (value as Parameter[]).map(parameterOf);
  return VERBS.has(name) ? operationOf(value as Operation) : value;
}

function operationOf({ parameters = [], responses }: Operation): Json {
  const body = parameters.find((each) => each.in === 'body');
  return {
    parameters: parameters.filter((each) => each.in !== 'body').map(parameterOf),
    ...(body && { requestBody: { content: { [JSON_TYPE]: { schema: body.schema } } } }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, { schema }]) => [
        status,
        schema ? { content: { [JSON_TYPE]: { schema } } } : {},
      ]),
    ),
  };
}

function parameterOf({ name, in: place, required, type, format, items, enum: words, ...rest }: Parameter): Json {
  const said = { type, format, items, enum: words, minItems: rest.minItems, maxItems: rest.maxItems };
  const schema = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return { name, in: place, required: required === true, schema };
}
