// Begins a connector: a folder of a made-up vendor that compiles, has a sandbox and passes its check, to be grown.
//
//   npm run connector:new -- my-vendor                  connectors/my-vendor
//   npm run connector:new -- my-vendor --into <folder>  elsewhere
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { makeConnector, whyNot } from './connector-new/make.mjs';
import { root } from './prepare/paths.mjs';

const [code, flag, into] = process.argv.slice(2);
const folder = flag === '--into' && into ? into : join(root, 'connectors', code ?? '');
const reason = whyNot(code) ?? (existsSync(folder) ? `${folder} is there already` : null);
if (reason) {
  process.stderr.write(`connector:new: ${reason}\n`);
  process.exitCode = 1;
} else {
  makeConnector(code, folder);
  process.stdout.write(`${folder} is made. Next: npm run connector:check ${code}, then README.md in it.\n`);
}
