/**
 * The order of test files where jest has no times of earlier runs, as in CI: first the known long ones, then by size. A long file that
 * started last would leave the other cores idle.
 */
import { statSync } from 'node:fs';

const LONG = [
  'faults/webhooks',
  'faults/payload',
  'faults/time',
  'faults/rate',
  'report/document',
  'e2e/examples',
  'recordings/quick',
  'contract/docs',
  'github/sticky-comment',
  'text/escape',
  'contract/release',
  'gate/meaning',
];

export default class LongestFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(`/__tests__/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    const size = ({ path }) => statSync(path).size;
    return tests.toSorted((one, other) => rank(one) - rank(other) || size(other) - size(one));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
