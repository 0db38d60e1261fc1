import 'reflect-metadata';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { connectorFolders } from '../conformance/folders.js';
import { ALL_AT_ONCE, tryOut, type Finding } from '../conformance/matrix.js';
import { IS_SOAK, scaled } from '../support/scale.js';

/** Of those that deliver and of those that are only asked, one each: a day of work is minutes of waiting. */
const SHARE = ['connectors/shopify', 'connectors/salesforce'];
const folders = connectorFolders().filter((folder) => IS_SOAK || SHARE.includes(folder));

// `npm run soak -- conformance` tries all, each fault by itself too, and kills; `npm run connector:check` is the same for people.
describe.each(folders)('%s', (folder) => {
  let findings: Finding[];
  beforeAll(async () => {
    findings = await tryOut(folder, { acts: scaled(12, 16), days: scaled(1, 2), isWhole: IS_SOAK });
  });

  test('keeps what is promised of a connector, whatever goes wrong on the way', () => {
    const bad = findings.filter(({ outcome }) => outcome === 'bad');
    expect(bad.map(({ name, details }) => ({ name, details: details.slice(0, 10) }))).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'definition complete',
        'a second reading changes nothing',
        ALL_AT_ONCE,
        'secrets stay secret',
      ]),
    );
  });
});
