import { expect, test } from '@jest/globals';
import { outcomesOf, type Outcome } from '../../src/runs/outcome.ts';
import { createEmptyRecord } from '../../src/runs/record.ts';
import { describeStoppedBefore, describeStoppedRun, describeStoppedRuns } from '../../src/runs/describe-stopped.ts';
import type { RerunTerms } from '../../src/runs/rerun-advice.ts';
import { anEntry, anOrder } from '../fakes.ts';

type Left = 'run' | 'unknown' | 'nothing';

function stopped(left: Left, change: Partial<Outcome> = {}, name = ''): Outcome {
  const entry = anEntry({ name });
  const known = {
    runId: left === 'run' ? 'run_1' : '',
    status: 'running',
    idempotencyKey: 'gha_k',
    ...change,
  };
  const record = { ...createEmptyRecord(anOrder({ entries: [entry] })), ...known };
  const [outcome] = outcomesOf(record, {
    kind: 'interrupted',
    signal: 'SIGINT',
    left,
    errorMessage: '',
  });
  return outcome!;
}

const RESUME = { onRerun: 'resume' } as const;
const FRESH = { onRerun: 'fresh' } as const;
const QUEUE = { onRerun: 'resume', isMergeQueue: true } as const;
const GIVEN = { origin: { kind: 'attached' } } as const;
const TIMEOUT = " If the step's `timeout-minutes` ended it, allow more.";

const STOPPED_RUNS: readonly [string, Left, Partial<Outcome>, RerunTerms, string][] = [
  ['goes on', 'run', {}, RESUME, 'Run run_1 goes on at Alloovium: re-run this job, and it joins it.'],
  [
    'goes on, with `on_rerun: fresh`',
    'run',
    {},
    FRESH,
    'Run run_1 goes on at Alloovium: to evaluate it, give `run_id: run_1`. A re-run starts another.',
  ],
  ['goes on and is named by `run_id`', 'run', GIVEN, FRESH, 'Run run_1 goes on at Alloovium: re-run this job, and it joins it.'],
  [
    'goes on, in a merge queue',
    'run',
    {},
    QUEUE,
    'Run run_1 goes on at Alloovium, and its result is not used. Queue the pull request again: this starts a new run.',
  ],
  ['has ended', 'run', { status: 'completed' }, RESUME, 'Run run_1 has ended: re-run this job, and it evaluates that run.'],
  [
    'has ended, with `on_rerun: fresh`',
    'run',
    { status: 'completed' },
    FRESH,
    'Run run_1 has ended: to evaluate it, give `run_id: run_1`. A re-run starts another.',
  ],
  [
    'has ended, in a merge queue',
    'run',
    { status: 'completed' },
    QUEUE,
    'Run run_1 has ended without evaluation. Queue the pull request again: this starts a new run.',
  ],
  [
    'may have started',
    'unknown',
    {},
    RESUME,
    'A run may have started (key `gha_k`): re-run this job, and it joins that run if there is one.',
  ],
  [
    'may have started, with `on_rerun: fresh`',
    'unknown',
    {},
    FRESH,
    'A run may have started (key `gha_k`): look for it in the Alloovium dashboard. With `on_rerun: fresh` a re-run launches another.',
  ],
  [
    'may have started, in a merge queue',
    'unknown',
    {},
    QUEUE,
    'A run may have started (key `gha_k`). Queue the pull request again: this starts a new run.',
  ],
  ['was not started', 'nothing', {}, RESUME, 'Nothing was started: re-run this job.'],
  ['was not started, in a merge queue', 'nothing', {}, QUEUE, 'Nothing was started: queue the pull request again.'],
];
test.each(STOPPED_RUNS.map(([what, left, change, terms, nextStep]) => [what, nextStep, left, change, terms] as const))(
  'says of a run that %s: “%s”',
  (_, nextStep, left, change, terms) => {
    expect(describeStoppedRun(stopped(left, change), terms)).toMatchObject({
      lead: 'No verdict: the runner stopped this step',
      nextStep: nextStep + TIMEOUT,
    });
  },
);

test.each<[Left, Partial<Outcome>, string]>([
  ['run', {}, 'the run goes on at Alloovium'],
  ['run', { status: 'failed' }, 'the run has ended without evaluation'],
  ['unknown', {}, 'a run may have started'],
  ['nothing', {}, 'nothing was started'],
])('describes what is left (%s %j) in the headline without an ID: “%s”', (left, change, becomes) => {
  expect(describeStoppedRun(stopped(left, change), RESUME).headline).toBe(`No verdict: the runner stopped this step; ${becomes}`);
});

test('says of a step that had not begun that nothing was started', () => {
  expect(describeStoppedBefore(RESUME)).toEqual(describeStoppedRun(stopped('nothing'), RESUME));
});

test.each<[string, RerunTerms, string]>([
  ['resume', RESUME, 'Re-run this job: it joins the existing runs that are not red, and starts new runs for the others.'],
  ['fresh', FRESH, 'To evaluate an existing run, give its ID as `run_id`: with `on_rerun: fresh` a re-run starts new runs.'],
  ['merge queue', QUEUE, 'Queue the pull request again: this starts new runs.'],
])('names each of several runs with its state, and those that are red, with the next step for `%s`', (_, terms, again) => {
  const runs = [
    stopped('run', {}, 'A'),
    stopped('run', {}, 'B'),
    stopped('unknown', {}, 'C'),
    stopped('run', { status: 'completed' }, 'D'),
    ...['E', 'F', 'G', 'H'].map((name) => stopped('nothing', {}, name)),
  ];
  expect(describeStoppedRuns(runs, 2, ['Red'], terms)).toEqual({
    headline:
      'No verdict on 8 of 10 runs: the runner stopped this step. A and B go on at Alloovium; D has ended without evaluation; C may have started; E, F, G and 1 more were not started; Red is red',
    lead: 'No verdict on 8 of 10 runs: the runner stopped this step',
    nextStep: `A and B go on at Alloovium; D has ended without evaluation; C (key \`gha_k\`) may have started; E, F, G and H were not started; Red is red. ${again}${TIMEOUT}`,
  });
});

test('asks only for a re-run if none of several runs was started', () => {
  const runs = ['A', 'B'].map((name) => stopped('nothing', {}, name));
  expect(describeStoppedRuns(runs, 0, [], FRESH).nextStep).toBe(`A and B were not started. Re-run this job.${TIMEOUT}`);
});

test('keeps the headline of many long names within a title', () => {
  const long = (name: string) => name.repeat(64);
  const runs = [
    ...['A', 'B'].map((name) => stopped('run', {}, long(name))),
    ...['C', 'D'].map((name) => stopped('unknown', {}, long(name))),
    ...['E', 'F'].map((name) => stopped('nothing', {}, long(name))),
  ];
  expect(describeStoppedRuns(runs, 1, [long('R')], RESUME).headline).toBe(
    'No verdict on 6 of 7 runs: the runner stopped this step. 2 go on at Alloovium; 2 may have started; 2 were not started; 1 is red',
  );
});

const named = (left: Left, ...names: string[]) => names.map((name) => stopped(left, {}, name));
const repeated = (length: number, ...letters: string[]) => letters.map((letter) => letter.repeat(length));

test.each<[string, Outcome[], readonly string[], string]>([
  [
    'counts no runs if none has a verdict',
    named('nothing', 'a', 'b'),
    [],
    'No verdict: the runner stopped this step. a and b were not started',
  ],
  [
    'names two red runs',
    named('nothing', 'a'),
    ['b', 'c'],
    'No verdict on 1 of 3 runs: the runner stopped this step. a was not started; b and c are red',
  ],
  [
    'names three runs if that makes 240 characters',
    named('nothing', ...repeated(58, 'A', 'B', 'C')),
    [],
    `No verdict: the runner stopped this step. ${'A'.repeat(58)}, ${'B'.repeat(58)} and ${'C'.repeat(58)} were not started`,
  ],
  [
    'names two of three runs if three do not fit into 240 characters',
    named('nothing', ...repeated(59, 'A', 'B', 'C')),
    [],
    `No verdict: the runner stopped this step. ${'A'.repeat(59)}, ${'B'.repeat(59)} and 1 more were not started`,
  ],
  [
    'names one of three runs if two do not fit into 240 characters',
    [...named('run', ...repeated(64, 'A', 'B', 'C')), ...named('nothing', ...repeated(64, 'D', 'E', 'F'))],
    [],
    `No verdict: the runner stopped this step. ${'A'.repeat(64)} and 2 more go on at Alloovium; ${'D'.repeat(64)} and 2 more were not started`,
  ],
])('%s in the headline', (_, runs, red, headline) => {
  expect(describeStoppedRuns(runs, red.length, red, RESUME).headline).toBe(headline);
});

test.each<[string, Outcome[], RerunTerms, string]>([
  [
    'names the merge queue if none of its runs was started',
    named('nothing', 'a', 'b'),
    QUEUE,
    'a and b were not started. Queue the pull request again: this starts new runs.',
  ],
  [
    'names the same runs if `run_id` names all of them',
    [stopped('run', GIVEN, 'a'), stopped('run', GIVEN, 'b')],
    FRESH,
    'a and b go on at Alloovium. Re-run this job: it evaluates the same runs.',
  ],
  [
    'follows `on_rerun` if `run_id` names only one of the runs',
    [stopped('run', GIVEN, 'a'), stopped('run', {}, 'b')],
    FRESH,
    'a and b go on at Alloovium. To evaluate an existing run, give its ID as `run_id`: with `on_rerun: fresh` a re-run starts new runs.',
  ],
])('%s in the next step for several runs', (_, runs, terms, nextStep) => {
  expect(describeStoppedRuns(runs, 0, [], terms).nextStep).toBe(nextStep + TIMEOUT);
});
