import { expect, test } from '@jest/globals';
import { createGateTimeError } from '../src/time-limit.ts';

test('names the waivers in the error of a gate that takes too long, if there are any', () => {
  const { headline, remedy } = createGateTimeError(true);
  expect(`${headline}. ${remedy}`).toMatch(/^The conditions and waivers take too long .*, and fewer waivers\. /);
  expect(createGateTimeError(false).remedy).not.toContain('waivers');
});
