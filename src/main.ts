import 'reflect-metadata';
import { once } from 'node:events';
import { ConfigError, readConfig } from './config/config.js';
import { processLog } from './process-log.js';
import { launch, type Launched } from './launch.js';
import { SETTINGS } from './module-list.js';
import type { Log } from './shared/log.js';

const MIN_NODE = 22;
const STOP_WITHIN_MS = 9_500;

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

function assertNode(): void {
  if (Number(process.versions.node.split('.')[0]) >= MIN_NODE) return;
  say(`The hub needs Node ${MIN_NODE} or newer; this is ${process.version}. "npm start" brings its own.`);
  process.exit(1);
}

/** In one piece, so that whoever reads along never sees half of it. */
function printReady({ hub, sampleKey, roleKeys }: Launched, seconds: string, isTrustedOnly: boolean): void {
  const lines = [
    '',
    `The hub is ready (${seconds} s).`,
    `  graph          ${hub.url}/graphql`,
    `  subscriptions  ${hub.url.replace(/^http/, 'ws')}/graphql`,
    `  explorer       ${hub.url}/`,
  ];
  if (sampleKey && isTrustedOnly)
    lines.push(`  sample key     ${sampleKey}`, '', 'Try it: the examples of the explorer.');
  else if (sampleKey) {
    const body = JSON.stringify({
      query: '{ orders(first: 3) { nodes { number status total { amount currency } } } }',
    });
    const headers = `-H 'content-type: application/json' -H 'authorization: Bearer ${sampleKey}'`;
    const others = roleKeys.map(({ role, secret }) => `    ${role.padEnd(12)} ${secret}`);
    lines.push(`  sample key     ${sampleKey}`, ...(others.length > 0 ? ['  by role', ...others] : []));
    lines.push('', 'Try it:', `  curl -s ${hub.url}/graphql ${headers} -d '${body}'`);
  }
  say([...lines, ''].join('\n'));
}

async function main(): Promise<void> {
  assertNode();
  const started = performance.now();
  const elapsed = () => ((performance.now() - started) / 1000).toFixed(1);
  const config = readConfig(SETTINGS);
  const log = processLog(config.logLevel);
  const stopping = stoppedBySignal(log);
  try {
    const launched = await launch(config, log, (message) => say(`[${elapsed()} s] ${message}`), stopping);
    printReady(launched, elapsed(), config.trusted.only);
    if (!stopping.aborted) await once(stopping, 'abort');
    await launched.stop();
  } catch (error) {
    if (!stopping.aborted) throw error;
    if (!(error instanceof Error && error.name === 'AbortError')) {
      log.error({ err: error }, 'the stop failed');
      process.exit(1);
    }
  }
  say('The hub has stopped.');
  process.exit(0);
}

/** Aborted by the first SIGTERM or SIGINT, also while the hub starts; from then on the process ends within ten seconds. */
function stoppedBySignal(log: Log): AbortSignal {
  const stopping = new AbortController();
  const stop = (signal: string) => {
    if (stopping.signal.aborted) return;
    say(`${signal}: finishing what is in flight`);
    setTimeout(() => {
      log.error({}, 'the stop took too long');
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    stopping.abort();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return stopping.signal;
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) say(error.message);
  else say(`The hub could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
});
