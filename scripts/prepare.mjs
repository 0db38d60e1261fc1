// Makes the working copy ready to run: installs what package-lock.json names, then compiles into dist/.
// Runs before anything is installed, so it and what it loads import nothing but Node itself.
//
//   node scripts/prepare.mjs                  install and build, each only where needed
//   node scripts/prepare.mjs --install-only   install only
import process from 'node:process';

const oldestNode = 20;
const major = Number(process.versions.node.split('.')[0]);
if (major < oldestNode) {
  process.stderr.write(
    `prepare: Node ${oldestNode} or newer is needed to install and build, this is Node ${process.versions.node}.\n` +
      'prepare: get a current one from https://nodejs.org and run the same command again.\n',
  );
  process.exit(1);
}

// Loaded only after the check above: on an older Node these files may not even parse.
const { prepare } = await import('./prepare/prepare.mjs');
process.exitCode = await prepare({ installOnly: process.argv.includes('--install-only') });
