// What may not stand in any file: an open point without its issue, a path of someone's machine, a vendor named in src, and a
// registry in the lock (it must install from whichever registry the user has).
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './prepare/paths.mjs';
import { isGenerated, projectFiles, readProjectFile } from './project-files.mjs';

const isText = (path) => !/\.(png|ico|jpe?g|gif|webp|woff2?|gz|zip|pdf)$/.test(path);
// Written so that this file does not find itself.
const todo = new RegExp('\\b(TO' + 'DO|FIX' + 'ME|XX' + 'X)\\b(?!\\(#\\d+\\): )');
const machinePath = new RegExp(
  '(?<![\\w.~*})/-])/(work|root(?!/\\.npm)|Users/[\\w.-]+|home/(?!node/)[\\w.-]+)/[\\w.-]+|\\b[A-Z]:\\\\\\\\?Users\\\\',
);
const vendors = existsSync(join(root, 'connectors'))
  ? readdirSync(join(root, 'connectors'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^[a-z]/.test(entry.name))
      .map((entry) => entry.name)
  : [];
// `woo-shop` is also woo_shop, wooShop and "Woo Shop".
const vendor =
  vendors.length > 0 &&
  new RegExp(`(?<![a-z])(${vendors.map((name) => name.replaceAll('-', '[-_ ]?')).join('|')})(?![a-z])`, 'i');

const complaints = [];
for (const path of projectFiles().filter((each) => isText(each) && !each.includes('/fixtures/'))) {
  const text = readProjectFile(path);
  if (path === 'package-lock.json') {
    if (/"resolved": "https?:/.test(text))
      complaints.push(`${path}: names a registry; lock with omit-lockfile-registry-resolved`);
    continue;
  }
  if (path === '.npmrc' && /registry\s*=/.test(text)) complaints.push(`${path}: names a registry`);
  text.split('\n').forEach((line, index) => {
    const at = `${path}:${index + 1}`;
    if (todo.test(line)) complaints.push(`${at}: an open point names its issue, as in TO${'DO'}(#123): …`);
    if (machinePath.test(line)) complaints.push(`${at}: a path of one machine: ${line.trim().slice(0, 100)}`);
    if (vendor && path.startsWith('src/') && !isGenerated(path, text)) {
      const named = vendor.exec(line)?.[0];
      if (named) complaints.push(`${at}: src names no vendor, this names "${named}"`);
    }
  });
}

for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;
