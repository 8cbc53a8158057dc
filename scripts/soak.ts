/**
 * `npm run soak [-- --full] [--seed N] [--only N] [--tier virtual|process]`: many jobs, each with faults by chance.
 * The virtual tier runs the whole library in virtual time, the process tier the built bundle through the runner
 * stand-in. Every session has its own seed, printed where it fails: `--only N` plays it again alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { realClock } from '../src/clock.ts';
import { Interrupted } from '../src/runs/ending.ts';
import { run } from '../src/main.ts';
import { OUTPUT_NAMES } from '../src/report/declared.ts';
import { startApi } from '../simulator/api.ts';
import { drawBaseline, drawItems, type FlaggedItem } from '../simulator/baselines.ts';
import { TIERS } from '../simulator/bucket.ts';
import { findCommands } from '../simulator/commands.ts';
import { breaches } from '../simulator/invariants.ts';
import { runsPerKey, type Seen } from '../simulator/journal.ts';
import { memoryHost } from '../simulator/memory-host.ts';
import { faultOf, type Mishap } from '../simulator/mishaps.ts';
import { runAction } from '../simulator/runner.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/seed.ts';
import { seeded } from '../simulator/random.ts';
import { virtualApi } from '../simulator/virtual.ts';
import { virtualClock } from '../simulator/virtual-clock.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    tier: { type: 'string' },
  },
});

/** How one job ended, beside what really happened. */
interface Tally {
  sessions: number;
  jobs: number;
  runs: number;
  green: number;
  complaints: string[];
}

/** Of a request, in the order of the table in docs/reliability.md; the rest is clean. */
const MIX: readonly (readonly [share: number, mishap: Mishap])[] = [
  [0.04, 'reset-before'],
  [0.04, 'reset-after'],
  [0.06, 'stall'],
  [0.05, 'cut'],
  [0.04, 'trickle'],
  [0.08, '5xx'],
  [0.06, '429'],
  [0.03, '409'],
  [0.02, 'bad-json'],
  [0.01, 'redirect'],
  [0.02, 'hostile'],
];

function drawn(roll: number): Mishap {
  let sum = 0;
  for (const [share, mishap] of MIX) {
    sum += share;
    if (roll < sum) return mishap;
  }
  return 'none';
}

const HOSTILE = '::error::x\r\n##[add-mask]e\u202e|`</details>';
/** With the key of the job in it, plain and in base64. */
const LEAK = `key ${TEST_KEY} ${Buffer.from(TEST_KEY).toString('base64')}`;
const [NAME, EXPRESSION] = ['bad', "outputs.items.filter(i, i.status != 'ok')"];
const GATE = `${NAME}: ${EXPRESSION}`;
const JOB_RUN = '17000000001';

interface Outputs {
  readonly summary: string;
  readonly items: readonly FlaggedItem[];
}

/** Of half of the sessions the gate goes by what is new. */
interface Gating {
  readonly inputs: Readonly<Record<string, string>>;
  /** The baseline; null: there is none. */
  readonly text: string | null;
  /** Must this turn the step red? */
  readonly isRed: (outputs: Outputs) => boolean;
}

const BASELINE = 'baseline.json';

function gating(random: () => number, workflowId: string): Gating {
  const isAny = random() < 0.5;
  const { text, newOf } = drawBaseline(random, {
    jobRun: JOB_RUN,
    workflowId,
    name: NAME,
    expression: EXPRESSION,
  });
  return {
    inputs: { baseline_file: BASELINE, fail_on: isAny ? 'any' : 'new' },
    text,
    isRed: ({ items }) => (isAny ? items.some(({ status }) => status === 'bad') : newOf(items) > 0),
  };
}

function course(random: () => number): { ms: number; ending: string; outputs: Outputs } {
  const roll = random();
  return {
    ms: 5_000 + random() ** 2 * 400_000,
    ending: roll < 0.75 ? 'completed' : roll < 0.9 ? 'failed' : 'cancelled',
    outputs: {
      summary: random() < 0.2 ? LEAK : HOSTILE,
      items: drawItems(random, random() < 0.5 ? 0 : 0.5, HOSTILE),
    },
  };
}

const TIMEOUT_MINUTES = 10;

const ENVIRONMENT = {
  GITHUB_REPOSITORY: 'octo-org/tower',
  GITHUB_SHA: 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b',
  GITHUB_RUN_ID: JOB_RUN,
  GITHUB_REF: 'refs/heads/main',
  GITHUB_EVENT_NAME: 'push',
  INPUT_API_KEY: TEST_KEY,
  INPUT_WORKFLOW_ID: 'wf_1',
  INPUT_FAIL_IF: GATE,
  INPUT_TIMEOUT_MINUTES: String(TIMEOUT_MINUTES),
};

async function virtualSession(seed: number, tally: Tally): Promise<void> {
  const random = seeded(seed);
  const clock = virtualClock();
  const roll = random();
  const api = virtualApi({
    clock,
    random,
    bucket: random() < 0.5 ? TIERS.standard : TIERS.pro,
    course: () => course(random),
    fault: (call, nth) =>
      call === 'launch' && nth === 1 && roll < 0.35
        ? roll < 0.25
          ? 'reset-after'
          : '500-after'
        : drawn(random()),
  });
  const { inputs, text, isRed } = gating(seeded(seed + 2_000_000), 'wf_1');
  const complain = (what: string) => tally.complaints.push(`virtual session ${seed}: ${what}`);

  async function job(attempt: number): Promise<void> {
    tally.jobs++;
    const host = memoryHost({
      ...ENVIRONMENT,
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      GITHUB_RUN_ATTEMPT: String(attempt),
    });
    if (text !== null) host.writeFile(BASELINE, text);
    const stop = new AbortController();
    const startedAt = clock.now();
    let stoppedAt = Infinity;
    let isOver = false;
    if (random() < 0.1) {
      clock.at(startedAt + random() ** 2 * 300_000, () => {
        if (isOver) return;
        stoppedAt = clock.now();
        stop.abort(new Interrupted('SIGINT'));
      });
    }
    const exitCode = await run({
      host,
      transport: api.transport,
      clock,
      random,
      signal: stop.signal,
      readEvent: () => ({ repository: { default_branch: 'main' } }),
      jobAgeMs: () => 0,
      stick: () => Promise.reject(new Error('no comment was asked for')),
    });
    isOver = true;
    const { outputs } = host;
    const made = api.runs.find(({ id }) => id === outputs.get('run_id'));
    if (exitCode === 0) {
      tally.green++;
      if (made?.ending !== 'completed' || made.endsAt > clock.now() || isRed(made.outputs as Outputs))
        complain('a false green');
      if (outputs.get('gate') !== 'passed') complain('green without a gate that passed');
    }
    if (outputs.get('gate') === 'failed' && made && !isRed(made.outputs as Outputs)) complain('a false red');
    if (clock.now() - startedAt > TIMEOUT_MINUTES * 60_000 + 5_000) complain('it ended too late');
    if (clock.now() - stoppedAt > 7_000) complain('it took more than 7 s to stop');
    if (OUTPUT_NAMES.some((name) => !outputs.has(name))) complain('an output is missing');
    const told = [
      ...host.lines,
      ...host.errors,
      ...host.warnings,
      host.summaryText,
      ...outputs.values(),
    ].join('\n');
    if (told.includes(TEST_KEY) || told.includes(Buffer.from(TEST_KEY).toString('base64')))
      complain('a leaked key');
    if (findCommands(host.lines.join('\n')).length > 0) complain('an injected command');
    if (host.errors.length > 1) complain('more than one error annotation');
  }

  const jobs = random() < 0.3 ? 2 : 1;
  const all = async () => {
    await Promise.all(Array.from({ length: jobs }, () => job(1)));
    if (random() < 0.3) await Promise.all(Array.from({ length: jobs }, () => job(2)));
  };
  await clock.run(all()).catch((error: unknown) => complain(String(error)));
  if ([...runsPerKey(api.runs).values()].some(({ kept }) => kept > 1)) complain('two runs under one key');
  if (api.early > 0) complain('a request before the hint had passed');
  if (api.mostInFlight > jobs) complain('more than one request in flight');
  tally.runs += api.runs.length;
}

const SPEED = 20;

async function processSession(seed: number, tally: Tally): Promise<void> {
  const random = seeded(seed);
  /** Of the faults' own, so that the fates of the requests do not hang on it. */
  const chance = seeded(seed + 1_000_000);
  const roll = random();
  const fates = new Map<number, Mishap>();
  const fateOf = ({ n, call, nth }: Seen): Mishap => {
    let fate = fates.get(n);
    if (fate === undefined) {
      fate =
        call === 'launch' && nth === 1 && roll < 0.35
          ? roll < 0.25
            ? 'reset-after'
            : '500-after'
          : drawn(random());
      if (fate === '409' && call !== 'launch') fate = 'none';
      fates.set(n, fate);
    }
    return fate;
  };
  const { ms, ending, outputs } = course(random);
  const { inputs, text, isRed } = gating(seeded(seed + 2_000_000), WORKFLOW_ID);
  const temp = mkdtempSync(join(tmpdir(), 'soak-'));
  const path = join(temp, BASELINE);
  if (text !== null) writeFileSync(path, text);
  const signal = random();
  const killed = signal > 0.97;
  /** A signal comes by real time. */
  const leaps = signal >= 0.1 && !killed;
  const api = await startApi({
    speed: SPEED,
    led: leaps,
    faults: [(request) => faultOf(fateOf(request), chance)],
    course: [
      { atMs: 0, status: 'pending' },
      { atMs: ms / 3, status: 'running', progress: 33, stage: 'Reading' },
      {
        atMs: ms,
        status: ending,
        outputs: ending === 'failed' ? null : outputs,
        error_message: ending === 'failed' ? HOSTILE : null,
      },
    ],
  });
  const complain = (what: string) => tally.complaints.push(`process session ${seed}: ${what}`);
  try {
    tally.jobs++;
    const result = await runAction({
      inputs: {
        api_key: TEST_KEY,
        api_url: api.url,
        workflow_id: WORKFLOW_ID,
        fail_if: GATE,
        timeout_minutes: String(TIMEOUT_MINUTES),
        ...inputs,
        baseline_file: path,
      },
      preload: ['simulator/fast-time.mjs'],
      env: { FAST_TIME_SPEED: String(SPEED), ...(leaps ? { FAST_TIME_LEAPS: '1' } : {}) },
      timeoutMs: 90_000,
      signals:
        signal < 0.1
          ? [{ afterMs: random() * 8_000, signal: 'cancel' }]
          : killed
            ? [{ afterMs: random() * 8_000, signal: 'SIGKILL' }]
            : [],
    });
    // A signal that comes before Node has read the bundle ends it as it ends any process; nothing was sent then.
    const hadNotBegun = result.signal !== null && result.stdout === '' && api.journal.length === 0;
    for (const breach of breaches({
      result,
      api,
      secrets: [TEST_KEY],
      outputsLost: hadNotBegun || result.signal === 'SIGKILL',
      toleranceMs: leaps ? 0 : 200 * SPEED,
    }))
      complain(breach);
    if (result.exitCode === 0) {
      tally.green++;
      if (ending !== 'completed' || isRed(outputs)) complain('a false green');
    }
    if (result.outputs.gate === 'failed' && !isRed(outputs)) complain('a false red');
    if (result.afterSignalMs !== null && result.afterSignalMs > 7_000)
      complain('it took more than 7 s to stop');
    const took = leaps ? api.elapsed() : (result.durationMs - 3_000) * SPEED;
    if (took > (TIMEOUT_MINUTES + 1) * 60_000) complain('it ended too late');
    tally.runs += api.runs.length;
  } finally {
    await api.close();
    rmSync(temp, { recursive: true });
  }
}

async function tier(
  name: string,
  sessions: number,
  atOnce: number,
  first: number,
  session: (seed: number, tally: Tally) => Promise<void>,
): Promise<boolean> {
  const tally: Tally = { sessions, jobs: 0, runs: 0, green: 0, complaints: [] };
  const startedAt = realClock.now();
  let next = first;
  const worker = async () => {
    while (next < first + sessions) await session(next++, tally);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, sessions) }, worker));
  const seconds = ((realClock.now() - startedAt) / 1000).toFixed(0);
  const count = (what: RegExp) => tally.complaints.filter((complaint) => what.test(complaint)).length;
  console.log(
    `${name}: ${sessions} sessions from seed ${first}, ${tally.jobs} jobs, ${tally.runs} runs, ${tally.green} green, in ${seconds} s: ` +
      `${count(/two runs|I1/)} double runs, ${count(/false green|I2/)} false greens, ${count(/false red/)} false reds, ${count(/leak|I3/)} leaks, ` +
      `${count(/command|I6/)} injected commands, ${count(/too late|to stop|I4/)} late, ${tally.complaints.length} complaints in all`,
  );
  for (const complaint of tally.complaints.slice(0, 20)) console.log(`  ${complaint}`);
  return tally.complaints.length === 0;
}

const first = Number(values.only ?? values.seed);
const sizes =
  values.only !== undefined
    ? { virtual: 1, process: 1 }
    : values.full
      ? { virtual: 100_000, process: 2_000 }
      : { virtual: 20_000, process: 200 };
let clean = true;
if (values.tier !== 'process')
  clean = (await tier('virtual', sizes.virtual, 1, first, virtualSession)) && clean;
if (values.tier !== 'virtual')
  clean = (await tier('process', sizes.process, 32, first, processSession)) && clean;
if (!clean) process.exitCode = 1;
