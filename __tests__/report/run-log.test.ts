/** What the log says of one order, rule by rule. */
import { describe, expect, test } from '@jest/globals';
import { unknownBucket } from '../../src/alloovium/bucket.ts';
import { createLogState, formatOrderTitle, logEvent, type LogEntry, type LoggedEvent, type LogState } from '../../src/report/run-log.ts';
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
  kind: 'run_seen',
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
    'opens a group at the launch, with the commit',
    { kind: 'launching', sharedBy: 'commit', isResumed: false },
    {},
    ['group: Launch wf_1', 'commit a81d0c4'],
  ],
  ['logs the key only for debugging', { kind: 'key', key: 'gha_1' }, {}, ['debug: idempotency key gha_1']],
  ['logs the reason of a pause, and when the next attempt is', pause, {}, [`${error.headline}; retrying in 7 s, for up to 15 min`]],
  ['does not repeat a pause of the same reason within a minute', pause, { shown: error.headline, loggedAt: NOW - 59_000 }, []],
  [
    'repeats a pause of the same reason after a minute, with its duration',
    pause,
    { shown: error.headline, loggedAt: NOW - 60_000, failingSince: NOW - 60_000 },
    ['still failing (503) after 1 min; retrying in 7 s, for up to 15 min'],
  ],
  [
    'logs a pause of another reason within a minute',
    pause,
    { shown: 'another', loggedAt: NOW - 1_000, failingSince: NOW - 1_000 },
    [`${error.headline}; retrying in 7 s, for up to 15 min`],
  ],
  [
    'does not log a pause of another reason within a minute after a minute of failures',
    pause,
    { shown: 'another', loggedAt: NOW - 1_000, failingSince: NOW - 60_000 },
    [],
  ],
  ['does not repeat a pause of 30 s within a minute', { ...pause, delayMs: 30_000 }, { shown: error.headline, loggedAt: NOW - 59_999 }, []],
  [
    'repeats a pause of more than 30 s',
    { ...pause, delayMs: 30_001 },
    { shown: error.headline, loggedAt: NOW - 1_000, failingSince: NOW - 1_000 },
    ['still failing (503) after 1 s; retrying in 30 s, for up to 15 min'],
  ],
  ['logs a pause of half a second as 1 s', { ...pause, delayMs: 500 }, {}, [`${error.headline}; retrying in 1 s, for up to 15 min`]],
  [
    'logs a shorter pause as “now”, with the attempts that are left',
    { ...pause, delayMs: 499, left: { sends: 1 } },
    {},
    [`${error.headline}; retrying now, once`],
  ],
  [
    'logs how many attempts are left after a pause',
    { ...pause, left: { sends: 2 } },
    {},
    [`${error.headline}; retrying in 7 s, up to 2 times`],
  ],
  [
    'logs “once” for a pause with less than half a second left',
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
    `logs that the step queues for tokens at a rate limit, with ${remaining} of 25`,
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
  ['logs the line about an earlier run', { kind: 'earlier_run', line: logLine`run_0 ended red` }, {}, ['run_0 ended red']],
  ['logs nothing about earlier runs without a red one', { kind: 'resumed', redCount: 0, redNotice: '' }, {}, []],
  ['logs a note about earlier red runs', { kind: 'resumed', redCount: 1, redNotice: 'a' }, {}, ['note: a']],
  ['logs that a run was started', { kind: 'run', runId: 'run_2', origin: { kind: 'new' }, status: '' }, {}, ['Started run_2']],
  [
    'logs that the step attached to a run',
    { kind: 'run', runId: 'run_2', origin: { kind: 'attached' }, status: '' },
    {},
    ['Attached to run_2: nothing is launched'],
  ],
  [
    'does not log a joined run before its age is known',
    { kind: 'run', runId: 'run_2', origin: { kind: 'joined', ageMs: null }, status: '' },
    {},
    [],
  ],
  ['logs how old a joined run is', { ...joined, isLaunchedHere: false }, {}, ['Joined run_1 (1 min old)']],
  [
    'logs that a run was started by an attempt whose answer was lost',
    { ...joined, isLaunchedHere: true },
    {},
    ['Started run_1 by an earlier attempt of this launch, whose answer was lost'],
  ],
  ['ends the group when the launch is over', { kind: 'launch_over' }, { isGrouped: true }, ['end of group']],
  ['logs a joined run when the launch is over if nothing else did', { kind: 'launch_over' }, { isJoinToLog: true }, ['Joined run_1']],
  ['opens a group for the polls', { kind: 'following', leftMs: 900_000, isSeen: false }, {}, ['group: Wait for run_1, for up to 15 min']],
  ['logs nothing for a poll that has ended', { kind: 'poll_ended' }, {}, []],
  [
    'logs how a run ended, after how many status checks',
    polled({ status: 'completed' }),
    { isGrouped: true },
    ['completed after 20 s (3 status checks, 30 tokens)', 'end of group'],
  ],
  ['logs a change of the stage', polled({ stage: 'Reading' }), {}, [expect.stringMatching(/^░+ +Reading +20 s$/) as unknown as string]],
  ['does not repeat a stage that is shown', polled({ stage: 'Reading' }), { shown: 'running Reading 0' }, []],
  [
    'does not log a change within seconds of the last line',
    polled({ stage: 'Reading' }),
    { shown: 'running Waiting 0', loggedAt: NOW - 1_000 },
    [],
  ],
  [
    'warns of an unknown status',
    polled({ status: 'dreaming', stage: 'Reading' }),
    { shown: 'dreaming Reading 0' },
    ['warning: Unknown run status “dreaming”; still waiting.'],
  ],
  ['warns of an unknown status only once', polled({ status: 'dreaming' }), { shown: 'dreaming  0', isUnknownStatusLogged: true }, []],
  ['logs a failed poll at once', failedPoll, {}, ['status check failed (failed (503)); retrying for up to 5 min']],
  [
    'logs failed polls again after a minute, with their duration',
    failedPoll,
    { shown: 'failed (503)', failingSince: NOW - 60_000, failureLoggedAt: NOW - 60_000 },
    ['no status for 1 min (failed (503)); retrying for up to 5 min'],
  ],
  ['does not repeat a failed poll within a minute', failedPoll, { shown: 'failed (503)', failureLoggedAt: NOW - 59_000 }, []],
  ['logs nothing for an evaluated gate', { kind: 'evaluated', results: [] }, {}, []],
  ['logs a notice as a note', { kind: 'notice', text: 'a' }, {}, ['note: a']],
  ['logs a note for the log alone', { kind: 'log_note', text: 'a' }, {}, ['note: a']],
  [
    'ends the group when the order is over',
    { kind: 'over', ending: { kind: 'launched', errorMessage: '' } },
    { isGrouped: true },
    ['end of group'],
  ],
  ['logs nothing after a silence where the step waits for nothing', { kind: 'silence' }, {}, []],
  [
    'logs what the step waits for after a silence',
    { kind: 'silence' },
    { pending: { kind: 'check', isSeen: false } },
    ['waiting for the first status check'],
  ],
])('%s', (_, event, before, lines) => {
  expect(after(event, before).lines).toEqual(lines);
});

describe('the log of one of several runs', () => {
  test.each<[rule: string, event: LoggedEvent, lines: readonly string[]]>([
    ['has the name of the run before a line', { kind: 'notice', text: 'a' }, ['Tower   note: a']],
    ['opens no group at the launch', { kind: 'launching', sharedBy: 'commit', isResumed: false }, []],
    ['opens no group for the polls', { kind: 'following', leftMs: 1, isSeen: true }, []],
    ['has no tokens in the line about the end', polled({ status: 'failed' }), ['Tower   failed after 20 s (3 status checks)']],
    [
      'has the name of the run in a warning',
      { ...polled({ status: 'dreaming' }) },
      ['warning: Tower: Unknown run status “dreaming”; still waiting.', expect.any(String) as unknown as string],
    ],
    [
      'has the headline of an error when the run is over',
      { kind: 'over', ending: { kind: 'error', headline: 'Refused (402)', remedy: '', errorMessage: '' } },
      ['Tower   Refused (402)'],
    ],
  ])('%s', (_, event, lines) => {
    expect(after(event, {}, OF_SEVERAL).lines).toEqual(lines);
  });
});

test.each<[rule: string, event: LoggedEvent, before: Partial<LogState>, change: Partial<LogState>]>([
  [
    'is in the phase `running` without failures once a run is known',
    { kind: 'run', runId: 'run_2', origin: { kind: 'new' }, status: '' },
    { failingSince: 7, shown: 'x' },
    { phase: 'running', runId: 'run_2', failingSince: null, shown: '', loggedAt: NOW },
  ],
  [
    'remembers to log a joined run',
    { kind: 'run', runId: 'run_2', origin: { kind: 'joined', ageMs: null }, status: '' },
    {},
    { phase: 'running', isJoinToLog: true },
  ],
  ['counts a status check', { kind: 'poll_ended' }, {}, { polls: 4 }],
  [
    'keeps the time of the first of several failures',
    failedPoll,
    { failingSince: 7, failureLoggedAt: NOW, shown: 'failed (503)' },
    { failingSince: 7 },
  ],
  ['ends the failures after a good poll', polled({}), { failingSince: 7 }, { failingSince: null }],
  [
    'waits for nothing once an order is over',
    { kind: 'over', ending: { kind: 'launched', errorMessage: '' } },
    { pending: { kind: 'check', isSeen: true } },
    { phase: 'done', pending: { kind: 'nothing' } },
  ],
])('%s', (_, event, before, change) => {
  expect(after(event, before).state).toMatchObject(change);
});

describe('the address of the run in the log', () => {
  const PAGE = 'https://app.example.com/w/{workflow_id}/{run_id}';
  const known = (origin: Origin): LoggedEvent => ({ kind: 'run', runId: 'run_1', origin, status: '' });
  const address = 'https://app.example.com/w/wf_1/run_1';

  test.each<[what: string, event: LoggedEvent, about: Partial<LogState>, lines: readonly string[]]>([
    ['follows the line about a run that was started', known({ kind: 'new' }), {}, ['Started run_1', address]],
    ['follows the line about an attached run', known({ kind: 'attached' }), {}, ['Attached to run_1: nothing is launched', address]],
    [
      'follows the line about a joined run',
      { ...joined, isLaunchedHere: false },
      { runUrl: address },
      ['Joined run_1 (1 min old)', address],
    ],
    [
      'follows the line about a joined run that no status check has shown',
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

test('repeats after a minute without a line what the step waits for at that time', () => {
  const line = (event: LoggedEvent) => {
    const { state } = logEvent(event, ONE, FACTS);
    const { entries } = logEvent({ kind: 'silence' }, state, { ...FACTS, now: NOW + 61_000 });
    return entries.map(textOf).join();
  };
  expect(line(pause)).toBe('still failing (503) after 1 min 1 s; waiting for an answer, retrying for up to 13 min 59 s');
  expect(line(failedPoll)).toBe('no status for 1 min 1 s (failed (503)); retrying for up to 3 min 59 s');
  expect(line(polled({ stage: 'Reading' }))).toMatch(/Reading +1 min 21 s$/);
});

const locked = apiError({ status: 409, code: 'idempotency_in_progress' });

test.each<[rule: string, event: LoggedEvent, before: Partial<LogState>, lines: readonly string[]]>([
  [
    'names the project and the inputs at the launch',
    { kind: 'launching', sharedBy: 'commit', isResumed: false },
    { order: anOrder({ projectId: 'p1', inputs: { a: '1', b: '2' } }) },
    ['group: Launch wf_1 on project p1 (inputs: a, b)', 'commit a81d0c4'],
  ],
  ['logs a joined run without an age that is not known', { ...joined, ageMs: null, isLaunchedHere: false }, {}, ['Joined run_1']],
  [
    'does not log the error of a single run when it is over',
    { kind: 'over', ending: { kind: 'error', headline: 'Refused (402)', remedy: '', errorMessage: '' } },
    {},
    [],
  ],
  [
    'logs that the step waits for the next status check after a silence',
    { kind: 'silence' },
    { pending: { kind: 'check', isSeen: true } },
    ['waiting for the next status check'],
  ],
  ['logs a failed poll without a limit that is not known', { ...failedPoll, left: null }, {}, ['status check failed (failed (503))']],
  [
    'warns of a status that is no word, without quoting it',
    polled({ status: 'two words' }),
    { shown: 'two words  0' },
    ['warning: Unknown run status; still waiting.'],
  ],
  [
    'logs a change of the percentage',
    polled({ stage: 'Reading', progress: 42 }),
    { shown: 'running Reading 41' },
    [expect.stringMatching(/^█+░+ +42 % +Reading +20 s$/) as unknown as string],
  ],
  ['does not log a change below a percent', polled({ stage: 'x', progress: 42.9 }), { shown: 'running x 42' }, []],
  [
    'logs a pause with half a second left with its limit',
    { ...pause, left: { ms: 500 } },
    {},
    [`${error.headline}; retrying in 7 s, for up to 1 s`],
  ],
  [
    'logs that another job still holds the lock',
    { ...pause, failure: { ...failure, error: locked } },
    { shown: locked.headline, failingSince: NOW - 60_000 },
    ['still waiting after 1 min; retrying in 7 s, for up to 15 min'],
  ],
  [
    'logs that tokens are still missing',
    { ...pause, failure: { ...failure, error: apiError({ status: 429 }) } },
    { shown: apiError({ status: 429 }).headline, failingSince: NOW - 60_000 },
    ['still queueing after 1 min; retrying in 7 s, for up to 15 min'],
  ],
])('%s', (_, event, before, lines) => {
  expect(after(event, before).lines).toEqual(lines);
});

test.each([
  ['logs a change 1.5 s after the last line', 20_000, 1_500, true],
  ['does not log a change within 1.5 s of the last line', 20_000, 1_499, false],
  ['logs a change of a run of 60 s 2 s after the last line', 60_000, 2_000, true],
  ['does not log a change of a run of 60 s within 2 s of the last line', 60_000, 1_999, false],
])('%s', (_, elapsedMs, agoMs, isShown) => {
  const event: LoggedEvent = { kind: 'run_seen', run: aPolledRun({ stage: 'Reading' }), elapsedMs };
  const { lines } = after(event, { shown: 'running Waiting 0', loggedAt: NOW - agoMs });
  expect(lines).toHaveLength(isShown ? 1 : 0);
});

test('logs the first status at once', () => {
  expect(after(polled({ stage: 'Reading' }), { shown: '', loggedAt: NOW }).lines).toHaveLength(1);
});

test('does not log a changed percentage alone of one of several runs', () => {
  const { lines } = after(polled({ stage: 'Reading', progress: 42 }), { shown: 'running Reading ' }, OF_SEVERAL);
  expect(lines).toEqual([]);
});

test('logs nothing when one of several runs is over without an error', () => {
  const ended = { kind: 'over', ending: { kind: 'launched', errorMessage: '' } } as const;
  expect(after(ended, {}, OF_SEVERAL).lines).toEqual([]);
});

test.each([
  ['a failed status check', { kind: 'failed_poll', headline: 'x', left: null, since: 0, failedAt: 0 }, NOW],
  ['a status check', { kind: 'check', isSeen: true }, 7],
] as const)('counts a line after a silence about %s as one about a failure only if it is one', (_, pending, loggedAt) => {
  const { state } = after({ kind: 'silence' }, { pending, failureLoggedAt: 7 });
  expect(state.failureLoggedAt).toBe(loggedAt);
});

test.each([
  ['logs a wait for an answer after a minute, without the number of attempts left', { sends: 2 }, 'waiting for an answer'],
  ['logs a wait for an answer after a minute, with the time left', { ms: 61_500 }, 'waiting for an answer, retrying for up to 1 s'],
  [
    'logs a wait for an answer after a minute, with “once” for less than half a second left',
    { ms: 61_499 },
    'waiting for an answer, retrying once',
  ],
] as const)('%s', (_, left, text) => {
  const { state } = logEvent({ ...pause, left }, ONE, FACTS);
  const { entries } = logEvent({ kind: 'silence' }, state, { ...FACTS, now: NOW + 61_000 });
  expect(entries.map(textOf)).toEqual([`still failing (503) after 1 min 1 s; ${text}`]);
});

test('counts the status checks from the first', () => {
  const checked = logEvent({ kind: 'poll_ended' }, createLogState(ofOne, 0), FACTS).state;
  expect(after(polled({ status: 'completed' }), {}, checked).lines[0]).toContain('(1 status check, ');
});

test('remembers no last line at the start of the log of one of several runs', () => {
  expect(createLogState(ofOne, NOW).loggedAt).toBe(NOW);
  expect(createLogState(ofSeveral, NOW).loggedAt).toBe(-Infinity);
});

test.each([
  [['Tower'], 'Tower'],
  [['Tower', 'Bridge'], 'Tower +1'],
  [['Tower', 'Bridge', 'Park'], 'Tower +2'],
])('names an order of the entries %j %s', (names, title) => {
  expect(formatOrderTitle(anOrder({ entries: names.map((name) => anEntry({ name })) }))).toBe(title);
});
