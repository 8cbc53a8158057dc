/** The order of test files: first the long ones, then by size. A long file that started last would leave the other cores idle. */
import { statSync } from 'node:fs';

const LONG = ['stories/stories', 'contract/docs', 'properties/hostile-text', 'properties/faults', 'text/escape'];

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
