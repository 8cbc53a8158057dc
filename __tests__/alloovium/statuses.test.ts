import { expect, test } from '@jest/globals';
import { isKnownStatus, isTerminal } from '../../src/alloovium/statuses.ts';

test.each(['completed', 'failed', 'cancelled'])('knows %s as terminal', (status) => {
  expect(isTerminal(status)).toBe(true);
});

test.each(['pending', 'running'])('knows %s as not terminal', (status) => {
  expect([isKnownStatus(status), isTerminal(status)]).toEqual([true, false]);
});

test.each(['Completed', 'completed ', 'COMPLETED', 'toString', '__proto__', 'awaiting_review', ''])(
  'treats %j as unknown and not terminal',
  (status) => {
    expect([isKnownStatus(status), isTerminal(status)]).toEqual([false, false]);
  },
);
