import { writeFileSync } from 'node:fs';
import process from 'node:process';

/** Leaves the outcome of each test for scripts/test.mjs, which counts them. */
export default class ResultsReporter {
  onRunComplete(_, { testResults }) {
    const suites = testResults.map((suite) => ({
      isBroken: Boolean(suite.failureMessage) || Boolean(suite.testExecError),
      tests: suite.testResults.map(({ fullName, status }) => ({ title: fullName, status })),
    }));
    writeFileSync(process.env.HUB_TEST_RESULTS, JSON.stringify(suites));
  }
}
