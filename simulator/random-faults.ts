/** Named faults that tests draw at random: the same on sockets and in virtual time. */
import type { Fault } from './faults.ts';
import { LOCK_MS } from './api-state.ts';

export type RandomFault =
  | 'none'
  | 'reset-before'
  | 'reset-after'
  | '500-after'
  | 'stall'
  | 'cut'
  | 'trickle'
  | '5xx'
  | '429'
  | 'late-hint'
  | 'problem-after'
  | '409'
  | 'bad-json'
  | 'redirect'
  | 'hostile';

export const HOSTILE =
  '::set-output name=conclusion::success\r::add-mask::e ##[set-env name=PATH]x \u202e|`</details><script>alert(1)</script> @octo/team #1';

/** @param hint `Retry-After` of a 429, in seconds */
export function createFault(
  fault: RandomFault,
  random: () => number,
  hint: () => number = () => 2,
): Omit<Fault, 'when'> | undefined {
  switch (fault) {
    case 'none':
      return undefined;
    case 'reset-before':
      return { work: 'none', wire: ['reset'] };
    case 'reset-after':
      return { wire: ['reset'] };
    case '500-after':
      return { work: 'unstored', answer: { code: 'internal_error' } };
    case 'stall':
      return { wire: ['head', 'hang'] };
    case 'cut':
      return { wire: ['head', { bytes: 10 }, 'reset'] };
    case 'trickle':
      return { wire: ['head', { bytes: 1, everyMs: 5_000 }] };
    case '5xx':
      // The answer of a gateway; sometimes the API has handled the request all the same.
      return {
        work: random() < 0.1 ? 'done' : 'none',
        answer: { status: random() < 0.5 ? 502 : 503, body: '<html>Bad gateway</html>' },
      };
    case 'problem-after': {
      const headers = { 'Content-Type': 'application/problem+json' };
      return {
        work: 'unstored',
        answer: { status: 503, headers, body: '{"status":503,"code":"unavailable"}' },
      };
    }
    case 'late-hint': {
      const headers = { 'Retry-After': String(700 + Math.floor(random() * 3_000)) };
      return { answer: random() < 0.5 ? { code: 'rate_limited', headers } : { status: 503, headers } };
    }
    case '429':
      return { answer: { code: 'rate_limited', headers: { 'Retry-After': () => String(hint()) } } };
    case '409':
      return { lockMs: () => random() * LOCK_MS };
    case 'bad-json':
      return { answer: { body: '<html>oops' } };
    case 'redirect':
      return { answer: { status: 307, headers: { Location: 'http://127.0.0.1:9/' } } };
    case 'hostile':
      return { answer: { body: (own) => ({ ...own, stage: HOSTILE, error_message: HOSTILE }) } };
  }
}
