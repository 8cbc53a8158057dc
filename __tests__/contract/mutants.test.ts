/** The seeded faults are run by hand (`npm run mutants`): that they still fit the source is seen here. */
import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';

test('finds the place of every seeded fault in the source', () => {
  const { stderr, status } = spawnSync(process.execPath, ['scripts/mutants.ts', '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
