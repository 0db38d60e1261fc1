// Runs suites by jest-circus, as Jest does by itself, but imports them as Node does and not in a context of their own.
// What suites share is loaded and compiled once for a worker, where Jest's modules would do it for each suite again.
// Before all else, as main.ts has it: a suite imports parts of the graph in any order.
import 'reflect-metadata';
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { useGlobals } from './jest-globals.mjs';

const require = createRequire(import.meta.url);
const runSuite = require('jest-circus/runner').default;
const stackDepth = Error.stackTraceLimit;
const standIn = new URL('./jest-globals.mjs', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});

export default async function run(globalConfig, config, environment, runtime, path, sendMessageToJest) {
  runtime.requireInternalModule = loadAnew;
  runtime.unstable_shouldLoadAsEsm = () => true;
  runtime.unstable_importModule = (file) => import(pathToFileURL(file).href);
  runtime.setGlobalsForRuntime = useGlobals;
  const { console } = globalThis;
  globalThis.console = environment.global.console;
  // Jest has set it to 100 by now, which makes each error of a test that provokes many a dear one.
  Error.stackTraceLimit = stackDepth;
  try {
    return await runSuite(globalConfig, config, environment, runtime, path, sendMessageToJest);
  } finally {
    globalThis.console = console;
    forgetSuite();
  }
}

/** jest-circus keeps the tests of a suite in its module: each suite has one of its own. */
function loadAnew(path) {
  delete require.cache[path];
  return require(path);
}

function forgetSuite() {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    if (symbol.description === 'JEST_STATE_SYMBOL') delete globalThis[symbol];
  }
}
