// Sizes and names of files. A long file is a file with two subjects.
import process from 'node:process';
import { isGenerated, projectFiles, readProjectFile } from './project-files.mjs';

const vague = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'manager', 'base', 'data', 'info']);
const isTest = (path) => path.startsWith('test/') || /^connectors\/[^/]+\/test\//.test(path);
const isCode = (path) => /\.(ts|js|mjs|cjs)$/.test(path);

const complaints = [];
for (const path of projectFiles().filter((each) => isCode(each) && !each.includes('/fixtures/'))) {
  const text = readProjectFile(path);
  if (isGenerated(path, text)) continue;
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const limit = /^src\/modules\/[^/]+\/index\.ts$/.test(path) ? 40 : isTest(path) ? 600 : 400;
  if (lines > limit) complaints.push(`${path}: ${lines} lines, at most ${limit}`);
  if (/^(src|connectors|test|bench)\//.test(path)) complaints.push(...nameComplaints(path));
}

for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;

function nameComplaints(path) {
  const parts = path.split('/').slice(1);
  const found = [];
  for (const part of parts) {
    const word =
      part
        .split('.')
        .slice(0, -1)
        .find((each) => vague.has(each)) ?? (vague.has(part) ? part : undefined);
    if (word) found.push(`${path}: "${word}" says nothing; name what it does`);
    const isIssue = path.startsWith('test/issues/') && /^GH-\d+\.test\.ts$/.test(part);
    if (!isIssue && !/^_?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(part)) {
      found.push(`${path}: file and folder names are kebab-case with a role suffix`);
    }
  }
  return found;
}
