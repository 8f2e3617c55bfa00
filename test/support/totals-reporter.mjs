import { writeFileSync } from 'node:fs';

/** Writes `N passed, N failed` to the file named in TEST_TOTALS, for machines that want one line. */
export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_TOTALS;
    if (file === undefined) return;
    // a file that cannot even be loaded counts as one failed test, or nobody would see it
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    writeFileSync(file, `${results.numPassedTests} passed, ${failed} failed\n`);
  }
}
