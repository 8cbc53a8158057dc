import { expect, test } from '@jest/globals';
import { isKnownStatus, isTerminal } from '../../src/alloovium/statuses.ts';

test.each(['completed', 'failed', 'cancelled'])('takes %s for an end', (status) => {
  expect(isTerminal(status)).toBe(true);
});

test.each(['pending', 'running'])('knows %s, and takes it for no end', (status) => {
  expect([isKnownStatus(status), isTerminal(status)]).toEqual([true, false]);
});

test.each(['Completed', 'completed ', 'COMPLETED', 'toString', '__proto__', 'awaiting_review', ''])(
  'neither knows %j nor takes it for an end',
  (status) => {
    expect([isKnownStatus(status), isTerminal(status)]).toEqual([false, false]);
  },
);
