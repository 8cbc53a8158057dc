/** What the log says of one order, rule by rule. */
import { describe, expect, test } from '@jest/globals';
import { unknownBucket } from '../../src/alloovium/bucket.ts';
import {
  createLogState,
  logEvent,
  type LogEntry,
  type LoggedEvent,
  type LogState,
} from '../../src/report/run-log.ts';
import type { Origin } from '../../src/runs/events.ts';
import { logLine } from '../../src/text/escape.ts';
import { anEntry, anOrder, apiError } from '../fakes.ts';
import { aPolledRun } from '../runs/a-run.ts';

const NOW = 100_000;
const about = logLine`commit a81d0c4`;
const ofOne = { order: anOrder(), titles: null, about, urlTemplate: '' };
const ONE = { ...createLogState(ofOne, 0), runId: 'run_1', polls: 3 };
const tower = anOrder({ entries: [anEntry({ name: 'Tower' })] });
const ofSeveral = { ...ofOne, order: tower, titles: ['Tower', 'Bridge'] };
const OF_SEVERAL = { ...createLogState(ofSeveral, 0), runId: 'run_1', polls: 3 };
const FACTS = { now: NOW, tokens: 30 };

/** Each entry as one text: a line as it is, all else behind its kind. */
function textOf(entry: LogEntry): string {
  switch (entry.kind) {
    case 'line':
      return entry.line.safe.trim();
    case 'group':
      return `group: ${typeof entry.title === 'string' ? entry.title : entry.title.safe}`;
    case 'end_group':
      return 'end of group';
    case 'warning':
    case 'debug':
      return `${entry.kind}: ${entry.text}`;
  }
}

const after = (event: LoggedEvent, about: Partial<LogState> = {}, from: LogState = ONE) => {
  const { state, entries } = logEvent(event, { ...from, ...about }, FACTS);
  return { state, lines: entries.map(textOf) };
};

const error = apiError({ status: 503 });
const failure = { error, hintMs: null, bucketState: unknownBucket, cost: 25, redacted: false };
const pause = { kind: 'pause', failure, delayMs: 7_000, left: { ms: 900_000 } } as const;
const polled = (about: Parameters<typeof aPolledRun>[0]): LoggedEvent => ({
  kind: 'polled',
  run: aPolledRun(about),
  elapsedMs: 20_000,
});
const failedPoll = {
  kind: 'failed_poll',
  headline: 'failed (503)',
  elapsedMs: 20_000,
  left: { ms: 300_000 },
} as const;
const joined = { kind: 'joined', ageMs: 60_000, isOlder: true, run: null } as const;

test.each<[rule: string, event: LoggedEvent, before: Partial<LogState>, lines: readonly string[]]>([
  [
    'launching opens a group, with what the step is about',
    { kind: 'launching', sharedBy: 'commit', isResumed: false },
    {},
    ['group: Launch wf_1', 'commit a81d0c4'],
  ],
  ['key is for debugging', { kind: 'key', key: 'gha_1' }, {}, ['debug: idempotency key gha_1']],
  [
    'pause says why, and when the next attempt is',
    pause,
    {},
    [`${error.headline}; retrying in 7 s, for up to 15 min`],
  ],
  ['pause is not repeated while it is short', pause, { shown: error.headline, loggedAt: NOW - 59_000 }, []],
  [
    'pause is repeated after a minute, and says since when',
    pause,
    { shown: error.headline, loggedAt: NOW - 60_000, failingSince: NOW - 60_000 },
    ['still failing (503) after 1 min; retrying in 7 s, for up to 15 min'],
  ],
  [
    'pause is repeated within a minute for another reason',
    pause,
    { shown: 'another', loggedAt: NOW - 1_000, failingSince: NOW - 1_000 },
    [`${error.headline}; retrying in 7 s, for up to 15 min`],
  ],
  [
    'pause is not repeated for other reasons after a minute of failures',
    pause,
    { shown: 'another', loggedAt: NOW - 1_000, failingSince: NOW - 60_000 },
    [],
  ],
  [
    'pause of half a minute is short',
    { ...pause, delayMs: 30_000 },
    { shown: error.headline, loggedAt: NOW - 59_999 },
    [],
  ],
  [
    'pause of more is repeated',
    { ...pause, delayMs: 30_001 },
    { shown: error.headline, loggedAt: NOW - 1_000, failingSince: NOW - 1_000 },
    ['still failing (503) after 1 s; retrying in 30 s, for up to 15 min'],
  ],
  [
    'pause of half a second has a length',
    { ...pause, delayMs: 500 },
    {},
    [`${error.headline}; retrying in 1 s, for up to 15 min`],
  ],
  [
    'pause of less has none, and says how often it is repeated',
    { ...pause, delayMs: 499, left: { sends: 1 } },
    {},
    [`${error.headline}; retrying now, once`],
  ],
  [
    'pause says how many attempts are left',
    { ...pause, left: { sends: 2 } },
    {},
    [`${error.headline}; retrying in 7 s, up to 2 times`],
  ],
  [
    'pause says that less than half a second is left',
    { ...pause, left: { ms: 499 } },
    {},
    [`${error.headline}; retrying in 7 s, once`],
  ],
  ...(
    [
      [24, 'queueing for 25 tokens (24 of 100 left)'],
      [25, 'queueing for 25 tokens'],
      [null, 'queueing for 25 tokens'],
    ] as const
  ).map(([remaining, words]): [string, LoggedEvent, Partial<LogState>, readonly string[]] => [
    `pause of a limit says that tokens are missing, with ${remaining} of 25`,
    {
      ...pause,
      failure: {
        ...failure,
        error: apiError({ status: 429 }),
        bucketState: {
          ...unknownBucket,
          last: remaining === null ? null : { at: 0, limit: 100, remaining },
        },
      },
    },
    {},
    [`${words}; retrying in 7 s, for up to 15 min`],
  ]),
  [
    'earlier_run is its line',
    { kind: 'earlier_run', line: logLine`run_0 ended red` },
    {},
    ['run_0 ended red'],
  ],
  ['resumed adds nothing without red runs', { kind: 'resumed', redCount: 0, redNotice: '' }, {}, []],
  ['resumed is a note about red runs', { kind: 'resumed', redCount: 1, redNotice: 'a' }, {}, ['note: a']],
  [
    'run says that it was started',
    { kind: 'run', runId: 'run_2', origin: { kind: 'new' }, status: '' },
    {},
    ['Started run_2'],
  ],
  [
    'run says that it was attached to',
    { kind: 'run', runId: 'run_2', origin: { kind: 'attached' }, status: '' },
    {},
    ['Attached to run_2: nothing is launched'],
  ],
  [
    'run waits for more where it was joined',
    { kind: 'run', runId: 'run_2', origin: { kind: 'joined', ageMs: null }, status: '' },
    {},
    [],
  ],
  ['joined says how old the run is', { ...joined, isLaunchedHere: false }, {}, ['Joined run_1 (1 min old)']],
  [
    'joined says where the run is of a lost answer',
    { ...joined, isLaunchedHere: true },
    {},
    ['Started run_1 by an earlier attempt of this launch, whose answer was lost'],
  ],
  ['launch_over ends the group', { kind: 'launch_over' }, { isGrouped: true }, ['end of group']],
  [
    'launch_over says that a run was joined where nothing else did',
    { kind: 'launch_over' },
    { isJoinToLog: true },
    ['Joined run_1'],
  ],
  [
    'following opens a group',
    { kind: 'following', leftMs: 900_000, isSeen: false },
    {},
    ['group: Wait for run_1, for up to 15 min'],
  ],
  ['poll is only counted', { kind: 'poll' }, {}, []],
  [
    'polled says how the run ended, after how many status checks',
    polled({ status: 'completed' }),
    { isGrouped: true },
    ['completed after 20 s (3 status checks, 30 tokens)', 'end of group'],
  ],
  [
    'polled shows a change',
    polled({ stage: 'Reading' }),
    {},
    [expect.stringMatching(/^░+ +Reading +20 s$/) as unknown as string],
  ],
  ['polled does not repeat what is shown', polled({ stage: 'Reading' }), { shown: 'running Reading 0' }, []],
  [
    'polled keeps back a change that comes in a flood',
    polled({ stage: 'Reading' }),
    { shown: 'running Waiting 0', loggedAt: NOW - 1_000 },
    [],
  ],
  [
    'polled warns of a status that nobody knows',
    polled({ status: 'dreaming', stage: 'Reading' }),
    { shown: 'dreaming Reading 0' },
    ['warning: Unknown run status “dreaming”; still waiting.'],
  ],
  [
    'polled warns of it once',
    polled({ status: 'dreaming' }),
    { shown: 'dreaming  0', isUnknownStatusLogged: true },
    [],
  ],
  [
    'failed_poll is logged at once',
    failedPoll,
    {},
    ['status check failed (failed (503)); retrying for up to 5 min'],
  ],
  [
    'failed_poll is logged again after a minute, with since when',
    failedPoll,
    { shown: 'failed (503)', failingSince: NOW - 60_000, failureLoggedAt: NOW - 60_000 },
    ['no status for 1 min (failed (503)); retrying for up to 5 min'],
  ],
  [
    'failed_poll is not repeated before',
    failedPoll,
    { shown: 'failed (503)', failureLoggedAt: NOW - 59_000 },
    [],
  ],
  ['evaluated adds nothing', { kind: 'evaluated', results: [] }, {}, []],
  ['notice is a note', { kind: 'notice', text: 'a' }, {}, ['note: a']],
  ['log_note is a note', { kind: 'log_note', text: 'a' }, {}, ['note: a']],
  [
    'over ends the group',
    { kind: 'over', ending: { kind: 'launched', errorMessage: '' } },
    { isGrouped: true },
    ['end of group'],
  ],
  ['silence has nothing to say where nothing is waited for', { kind: 'silence' }, {}, []],
  [
    'silence says what is waited for',
    { kind: 'silence' },
    { pending: { kind: 'check', isSeen: false } },
    ['waiting for the first status check'],
  ],
])('%s', (_, event, before, lines) => {
  expect(after(event, before).lines).toEqual(lines);
});

describe('the lines of one of several runs', () => {
  test.each<[rule: string, event: LoggedEvent, lines: readonly string[]]>([
    ['a line has its name', { kind: 'notice', text: 'a' }, ['Tower   note: a']],
    ['launching opens no group', { kind: 'launching', sharedBy: 'commit', isResumed: false }, []],
    ['following opens no group', { kind: 'following', leftMs: 1, isSeen: true }, []],
    ['the end says no tokens', polled({ status: 'failed' }), ['Tower   failed after 20 s (3 status checks)']],
    [
      'a warning has its name',
      { ...polled({ status: 'dreaming' }) },
      [
        'warning: Tower: Unknown run status “dreaming”; still waiting.',
        expect.any(String) as unknown as string,
      ],
    ],
    [
      'an error is said when the run is over',
      { kind: 'over', ending: { kind: 'error', headline: 'Refused (402)', remedy: '', errorMessage: '' } },
      ['Tower   Refused (402)'],
    ],
  ])('%s', (_, event, lines) => {
    expect(after(event, {}, OF_SEVERAL).lines).toEqual(lines);
  });
});

test.each<[rule: string, event: LoggedEvent, before: Partial<LogState>, change: Partial<LogState>]>([
  [
    'a run that is known is running, and nothing fails',
    { kind: 'run', runId: 'run_2', origin: { kind: 'new' }, status: '' },
    { failingSince: 7, shown: 'x' },
    { phase: 'running', runId: 'run_2', failingSince: null, shown: '', loggedAt: NOW },
  ],
  [
    'a run that was joined is still to be named',
    { kind: 'run', runId: 'run_2', origin: { kind: 'joined', ageMs: null }, status: '' },
    {},
    { phase: 'running', isJoinToLog: true },
  ],
  ['a status check is counted', { kind: 'poll' }, {}, { polls: 4 }],
  [
    'a failure goes on from the first',
    failedPoll,
    { failingSince: 7, failureLoggedAt: NOW, shown: 'failed (503)' },
    { failingSince: 7 },
  ],
  ['a status that is known ends the failures', polled({}), { failingSince: 7 }, { failingSince: null }],
  [
    'an order that is over waits for nothing',
    { kind: 'over', ending: { kind: 'launched', errorMessage: '' } },
    { pending: { kind: 'check', isSeen: true } },
    { phase: 'done', pending: { kind: 'nothing' } },
  ],
])('%s', (_, event, before, change) => {
  expect(after(event, before).state).toMatchObject(change);
});

describe('the address of the run', () => {
  const PAGE = 'https://app.example.com/w/{workflow_id}/{run_id}';
  const known = (origin: Origin): LoggedEvent => ({ kind: 'run', runId: 'run_1', origin, status: '' });
  const address = 'https://app.example.com/w/wf_1/run_1';

  test.each<[what: string, event: LoggedEvent, about: Partial<LogState>, lines: readonly string[]]>([
    ['stands below a run that was started', known({ kind: 'new' }), {}, ['Started run_1', address]],
    [
      'stands below a run that was attached to',
      known({ kind: 'attached' }),
      {},
      ['Attached to run_1: nothing is launched', address],
    ],
    [
      'stands below a run that was joined',
      { ...joined, isLaunchedHere: false },
      { runUrl: address },
      ['Joined run_1 (1 min old)', address],
    ],
    [
      'stands below a run that no status check has shown',
      { kind: 'launch_over' },
      { runUrl: address, isJoinToLog: true },
      ['Joined run_1', address],
    ],
    [
      'is left out while a placeholder has no value',
      known({ kind: 'attached' }),
      { order: anOrder({ workflowId: '' }) },
      ['Attached to run_1: nothing is launched'],
    ],
  ])('%s', (_, event, about, lines) => {
    expect(after(event, { urlTemplate: PAGE, ...about }).lines).toEqual(lines);
  });

  test('has the name of one of several runs before it', () => {
    const { lines } = after(known({ kind: 'new' }), { urlTemplate: PAGE }, OF_SEVERAL);
    expect(lines).toEqual(['Tower   Started run_1', `Tower   ${address}`]);
  });
});

test('after a minute without a line, the log repeats what the step waits for at that time', () => {
  const line = (event: LoggedEvent) => {
    const { state } = logEvent(event, ONE, FACTS);
    const { entries } = logEvent({ kind: 'silence' }, state, { ...FACTS, now: NOW + 61_000 });
    return entries.map(textOf).join();
  };
  expect(line(pause)).toBe(
    'still failing (503) after 1 min 1 s; waiting for an answer, retrying for up to 13 min 59 s',
  );
  expect(line(failedPoll)).toBe('no status for 1 min 1 s (failed (503)); retrying for up to 3 min 59 s');
  expect(line(polled({ stage: 'Reading' }))).toMatch(/Reading +1 min 21 s$/);
});
