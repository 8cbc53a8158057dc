/** What headline, brief and next step of a run say that had no verdict in time. */
import { expect, test } from '@jest/globals';
import { aPolledRun } from './a-run.ts';
import { judged, late, type Circumstances, type Ended } from './an-outcome.ts';

const HOUR = 3_600_000;
const NO_RUN: Circumstances = { runId: '' };
const at = (progress: number | null, status = 'running'): Circumstances => ({
  status,
  run: aPolledRun({ status, progress }),
});
const ENDED: Circumstances = { status: 'completed' };

test.each<[headline: string, brief: string, about: Partial<Ended>, change: Circumstances]>([
  ['The run ended too late to be evaluated within 15 min', 'not evaluated', {}, ENDED],
  ['Not finished after 15 min', 'not finished', {}, {}],
  ['Not finished after 15 min (41 %)', 'not finished', {}, at(41.9)],
  ['Not finished after 15 min (running)', 'not finished', {}, at(null)],
  ['Not finished after 15 min (queued)', 'not finished', {}, at(0, 'pending')],
  ['Not finished after 15 min', 'not finished', {}, at(50, 'awaiting_review')],
  ['Not finished after 15 min (41 %; last status check: 503)', 'not finished', { lastFailure: '503' }, at(41.9)],
  ['Not finished after 15 min (last status check: 503)', 'not finished', { lastFailure: '503' }, { status: 'pending', run: null }],
  ['Not finished after 15 min (queued)', 'not finished', {}, { status: 'pending', run: null }],
  ['Not finished after 15 min (the API asked to wait 20 min more)', 'not finished', { askedMs: 1_200_000 }, {}],
  ['Not started after 15 min', 'not started', {}, NO_RUN],
  [
    'Not started after 15 min (waiting for tokens of the API key)',
    'not started',
    { waitedFor: 'waiting for tokens of the API key' },
    NO_RUN,
  ],
  [
    'Not started (the API asked to wait 20 min more, longer than the rest of the 15 min allowed)',
    'not started',
    { askedMs: 1_200_000 },
    NO_RUN,
  ],
  [
    'Not started (the API asked to wait 1 d more, longer than the rest of the 15 min allowed)',
    'not started',
    { askedMs: 24 * HOUR },
    NO_RUN,
  ],
  ['Not started (the API asked to wait more than a day)', 'not started', { askedMs: 24 * HOUR + 1 }, NO_RUN],
  ['No run ID after 15 min', 'no run ID', { left: 'unknown' }, NO_RUN],
  ['Alloovium could not be reached for 15 min (ECONNREFUSED)', 'Alloovium could not be reached', { lastFailure: 'ECONNREFUSED' }, NO_RUN],
  [
    'Alloovium could not be reached for 15 min (502 of the proxy)',
    'Alloovium could not be reached',
    { lastFailure: '502 of the proxy' },
    NO_RUN,
  ],
  ['Alloovium gave no usable answer for 15 min (last: 503)', 'no usable answer', { lastFailure: '503' }, NO_RUN],
  [
    'Alloovium gave no usable answer for 15 min (last: ECONNRESET)',
    'no usable answer',
    { lastFailure: 'ECONNRESET', left: 'unknown' },
    NO_RUN,
  ],
])('has the headline “%s” and the brief “%s”', (headline, brief, about, change) => {
  const verdict = judged({ ...late, ...about } as Ended, change);
  expect(verdict).toMatchObject({ conclusion: 'timed_out', headline, brief });
});

const CHECK_CONNECTION = /^Nothing was started\. Check that the runner can reach the API .* Re-run this job\.$/;
const UNKNOWN_STATUS = /^Look at the run in the Alloovium dashboard: .* its status\. Re-run this job: .*\.$/;
const MORE_TIME = / If this happens often, raise `timeout_minutes`\.$/;

test.each<[what: string, about: Partial<Ended>, change: Circumstances, words: RegExp]>([
  ['to raise the time where the API was reached', {}, {}, MORE_TIME],
  ['to raise the time where nothing was started', {}, NO_RUN, MORE_TIME],
  ['to raise the time where an unknown status is not that of a run', {}, { runId: '', status: 'odd' }, MORE_TIME],
  ['only to join the run where the API failed', { lastFailure: '503' }, {}, /^Re-run this job: [^.]*\.$/],
  ['to check the connection where nothing was reached', { lastFailure: 'EAI_AGAIN' }, NO_RUN, CHECK_CONNECTION],
  ['to join the run where it cannot be reached any more', { lastFailure: 'EAI_AGAIN' }, {}, /^Re-run this job: [^.]*\.$/],
  ['to re-run the job where the API asks to wait for days', { askedMs: 24 * HOUR + 1 }, NO_RUN, /^Re-run this job\.$/],
  ['to look at a run whose status the action does not know', {}, { status: 'odd' }, UNKNOWN_STATUS],
])('advises %s', (_, about, change, words) => {
  expect(judged({ ...late, ...about } as Ended, change).nextStep).toMatch(words);
});
