import { availableParallelism } from 'node:os';
import process from 'node:process';

const isSoak = Boolean(process.env.HUB_SOAK);

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/dist'],
  // Without <rootDir>: a parenthesis in the path of the working copy would be read as part of the pattern.
  testMatch: ['**/dist/test/**/*.test.js', '**/dist/connectors/*/test/**/*.test.js'],
  transform: {},
  testRunner: '<rootDir>/scripts/jest-runner.mjs',
  reporters: ['default', ...(process.env.HUB_TEST_RESULTS ? ['<rootDir>/scripts/jest-results.mjs'] : [])],
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  // Tests wait for Postgres more than they compute, so that two workers pay off on two cores as well.
  maxWorkers: Math.min(6, Math.max(2, availableParallelism() - 1)),
  workerIdleMemoryLimit: '1GB',
  testTimeout: isSoak ? 3_600_000 : 120_000,
};
