import { expect, test } from '@jest/globals';
import { gateTimeError } from '../src/time-limit.ts';

test('names the waivers if there are any', () => {
  const { headline, remedy } = gateTimeError(true);
  expect(`${headline}. ${remedy}`).toMatch(
    /^The conditions and waivers take too long .*, and fewer waivers\. /,
  );
  expect(gateTimeError(false).remedy).not.toContain('waivers');
});
