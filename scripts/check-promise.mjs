// Whether the schema keeps what an earlier release has promised: scripts/promise.mjs. schema/promised.graphql is the
// schema of the last release and changes by --extend alone, which refuses to take anything back.
//
//   node scripts/check-promise.mjs [--extend] [--promised file] [--schema file]
import process from 'node:process';
import { checkPromise } from './promise.mjs';

const { code, output } = await checkPromise(process.argv.slice(2));
process.stdout.write(output);
process.exitCode = code;
