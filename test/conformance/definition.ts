import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connector } from '../../src/connect/index.js';
import { SECRET } from './run.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export function projectFolder(folder: string): string {
  return `${ROOT}${folder}`;
}

/** What a definition lacks to be complete, a line each. `sources`: where its folder is. */
export function lacksOf(connector: Connector, sources: string): string[] {
  return [
    ...lacksOfHead(connector),
    ...lacksOfStreams(connector),
    ...lacksOfSettings(connector),
    ...lacksOfWebhooks(connector),
    ...lacksOfFolder(sources),
  ];
}

function lacksOfHead({ name, kinds, channelKind, pull, http }: Connector): string[] {
  const takesOrders = [...pull.values()].some(({ of }) => of === 'order');
  const { burst = 0, perSecond = 0 } = http?.limits.default ?? {};
  return said([
    [name.trim() === '', 'it has no name'],
    [kinds.length === 0, 'it says of no kind of system that it is one'],
    [takesOrders && channelKind === null, 'orders come from it, and it does not say what kind of channel it is'],
    [http !== null && !(burst > 0 && perSecond > 0), 'its limit "default" lets nothing through'],
  ]);
}

function lacksOfStreams({ streams, pull, push }: Connector): string[] {
  const idle = streams.filter((stream) => !pull.has(stream) && !push.has(stream));
  return said([
    [streams.length === 0, 'it keeps nothing in step'],
    [idle.length > 0, `nothing is pulled or pushed by ${idle.join(', ')}`],
    ...[...pull].map(([stream, { everyMs, overlapMs }]): [boolean, string] => [
      !(everyMs > 0) || !(overlapMs >= 0),
      `pull ${stream}: everyMs and overlapMs say no time`,
    ]),
    ...[...push].map(([stream, { most }]): [boolean, string] => [
      !(most >= 1),
      `push ${stream}: a call takes no record`,
    ]),
  ]);
}

function lacksOfSettings(connector: Connector): string[] {
  const { settingsSchema, credentialsSchema, sandbox } = connector;
  const secrets = fieldsOf(credentialsSchema).filter(([, { writeOnly }]) => writeOnly);
  const undescribed = [...fieldsOf(settingsSchema), ...fieldsOf(credentialsSchema)].filter(
    ([, { description }]) => !description,
  );
  const lacks = said([
    [secrets.length === 0, 'none of its credentials is a secret'],
    [undescribed.length > 0, `nothing says what ${undescribed.map(([field]) => field).join(', ')} is for`],
    [sandbox === null, 'it has no sandbox'],
  ]);
  if (!sandbox) return lacks;
  const { settings, credentials } = sandbox.connection(SECRET);
  const { issues } = connector.check({ ...settings, baseUrl: 'http://127.0.0.1:1' }, credentials);
  return [...lacks, ...issues.map(({ message }) => `what its sandbox is connected with is refused: ${message}`)];
}

function lacksOfWebhooks(connector: Connector): string[] {
  const { webhooks, sandbox } = connector;
  if (!webhooks || !sandbox) return [];
  const { settings, credentials } = sandbox.connection(SECRET);
  const request = { method: 'POST', url: 'https://hub.example/webhooks/x', receivedAt: new Date(0) };
  const unsigned = { ...request, headers: {}, rawBody: Buffer.from('{}') };
  const isTaken = webhooks.verify({
    ...unsigned,
    settings: { ...settings, baseUrl: 'http://127.0.0.1:1' },
    credentials,
  });
  return said([
    [webhooks.topics.length === 0, 'its webhooks have no topic'],
    [isTaken, 'a delivery that nobody signed is taken'],
  ]);
}

function lacksOfFolder(path: string): string[] {
  const tests = existsSync(`${path}/test`)
    ? readdirSync(`${path}/test`).filter((file) => file.endsWith('.test.ts'))
    : [];
  const readme = existsSync(`${path}/README.md`) ? readFileSync(`${path}/README.md`, 'utf8') : '';
  return said([
    [tests.length === 0, 'it has no test of its own'],
    [!readme.startsWith('# '), 'its README.md does not say what it is'],
  ]);
}

function fieldsOf(schema: object): [name: string, field: { description?: string; writeOnly?: boolean }][] {
  const { properties = {} } = schema as { properties?: Record<string, { description?: string; writeOnly?: boolean }> };
  return Object.entries(properties);
}

function said(checks: [isLacking: boolean, what: string][]): string[] {
  return checks.filter(([isLacking]) => isLacking).map(([, what]) => what);
}
