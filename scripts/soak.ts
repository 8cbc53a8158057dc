/**
 * `npm run soak [-- --full] [--seed N] [--only N] [--tier virtual|process|signals]`: many jobs, each with faults by chance.
 * The virtual tier runs the whole library in virtual time, the process tier the built bundle through the runner
 * stand-in. A third of the steps have `runs`: one to six of them. The tier of signals, only where it is asked for, cancels steps
 * with `runs` at any moment and re-runs each once, with the bundle. Every session has its own seed, printed where it fails:
 * `--only N` plays it again alone.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { realClock } from '../src/clock.ts';
import { Interrupted } from '../src/runs/ending.ts';
import { run } from '../src/main.ts';
import { OUTPUT_NAMES } from '../simulator/runner/context.ts';
import { startApi } from '../simulator/api.ts';
import { inputsDigest } from '../src/gate/inputs-digest.ts';
import { randomBaseline, randomItems, type FlaggedItem } from '../simulator/baselines.ts';
import { TIERS } from '../simulator/bucket.ts';
import { findCommands } from '../simulator/workflow-commands.ts';
import { findViolations, scaledLimitMs } from '../simulator/invariants.ts';
import { findRunViolations, type ExpectedRun, type ReportedRun } from '../simulator/invariants-of-runs.ts';
import {
  attemptsPerKey,
  bindsAcrossRuns,
  maxInFlight,
  runsPerKey,
  type JournalEntry as Journalled,
  type ReceivedRequest,
} from '../simulator/journal.ts';
import { memoryHost } from '../simulator/memory-host.ts';
import { createFault, type RandomFault } from '../simulator/random-faults.ts';
import { runAction } from '../simulator/runner.ts';
import { type Lifecycle } from '../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import { seededRandom } from '../simulator/random.ts';
import { virtualApi } from '../simulator/virtual-api.ts';
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
  jobs: number;
  runs: number;
  green: number;
  complaints: string[];
}

/** Of a request, in the order of the table in __tests__/faults/README.md; the rest is clean. */
const MIX: readonly (readonly [share: number, mishap: RandomFault])[] = [
  [0.04, 'reset-before'],
  [0.04, 'reset-after'],
  [0.06, 'stall'],
  [0.05, 'cut'],
  [0.04, 'trickle'],
  [0.08, '5xx'],
  [0.057, '429'],
  [0.003, 'late-hint'],
  [0.027, '409'],
  [0.003, 'problem-after'],
  [0.02, 'bad-json'],
  [0.01, 'redirect'],
  [0.02, 'hostile'],
];

function drawn(roll: number): RandomFault {
  let sum = 0;
  for (const [share, fault] of MIX) {
    sum += share;
    if (roll < sum) return fault;
  }
  return 'none';
}

/** A sixth of the sessions have an outage of 5 s to 10 min: nobody listens, or a gateway answers. */
function drawOutage(random: () => number): {
  readonly isOn: (at: number) => boolean;
  readonly isDown: boolean;
} {
  const ms = random() < 1 / 6 ? 5_000 * 120 ** random() : 0;
  const earlierRequests = random() ** 2 * 120_000;
  return { isOn: (at) => at >= earlierRequests && at < earlierRequests + ms, isDown: random() < 0.5 };
}

const HOSTILE = '::error::x\r\n##[add-mask]e\u202e|`</details>';
/** With the key of the job in it, plain and in base64. */
const LEAK = `key ${TEST_KEY} ${Buffer.from(TEST_KEY).toString('base64')}`;
const NAME = 'bad';
const EXPRESSION = "outputs.items.filter(i, i.status != 'ok')";
const GATE = `${NAME}: ${EXPRESSION}`;
const JOB_RUN = '17000000001';

interface Outputs {
  readonly summary: string;
  readonly items: readonly FlaggedItem[];
  /** No two runs of a session have the same. */
  readonly of: number;
}

/** Of half of the sessions the gate goes by what is new. */
interface Gating {
  readonly inputs: Readonly<Record<string, string>>;
  /** The baseline; null: there is none. */
  readonly text: string | null;
  /** Must this turn the run of this entry red? */
  readonly isRed: (outputs: Outputs, entry: Entry | null) => boolean;
}

const BASELINE = 'baseline.json';

function gating(random: () => number, workflowId: string, entries: readonly Entry[] | null): Gating {
  const isAny = random() < 0.5;
  const { text, countNew } = randomBaseline(
    random,
    { jobRun: JOB_RUN, workflowId, inputsDigest: inputsDigest({}, []), name: NAME, expression: EXPRESSION },
    entries,
  );
  return {
    inputs: { baseline_file: BASELINE, fail_on: isAny ? 'any' : 'new', known_by: 'id, title' },
    text,
    isRed: ({ items }, entry) => {
      if (entry?.isLax === true) return false;
      // Of a run that is only joined by its ID the project is not known.
      return isAny || entry?.isAttached === true
        ? items.some(({ status }) => status === 'bad')
        : countNew(items, entry?.name) > 0;
    },
  };
}

/** One entry of `runs`. */
interface Entry {
  readonly name: string;
  readonly projectId: string;
  /** Its own gate never holds. */
  readonly isLax: boolean;
  /** A condition of its own that never warns: an entry with the intent of one before it has another gate. */
  readonly warnIf: string;
  /** It is given by `run_id`, and was there before. */
  readonly isAttached: boolean;
}

interface Step {
  /** null: a step without `runs`. */
  readonly entries: readonly Entry[] | null;
  /** All its runs are green, else few steps with many would be. */
  readonly isCalm: boolean;
}

const NAMES = ['Tower', '10', '2', '__proto__', 'constructor', '::error::x'];
const LAX = 'lax: size(outputs.items) > 9';

function drawStep(random: () => number, shareOfRuns = 1 / 3): Step {
  if (random() >= shareOfRuns) return { entries: null, isCalm: false };
  const count = 1 + Math.floor(random() * NAMES.length);
  const from = Math.floor(random() * NAMES.length);
  const entries = Array.from({ length: count }, (_, at): Entry => {
    // Now and then an entry has the intent of one before it.
    const project = random() < 0.2 ? Math.floor(random() * (at + 1)) : at;
    const gate = random();
    return {
      name: NAMES[(from + at) % NAMES.length]!,
      projectId: `p${project}`,
      isLax: gate < 0.2,
      warnIf: project === at ? '' : `more than ${at}: size(outputs.items) > ${100 + at}`,
      isAttached: random() < 0.1,
    };
  });
  return { entries, isCalm: random() < 0.5 };
}

/** @param there gives the ID of a run that existed before */
function runsInput(entries: readonly Entry[], there: (projectId: string) => string): string {
  return entries
    .map(({ name, projectId, isLax, warnIf, isAttached }) => {
      const run = isAttached ? { run_id: there(projectId) } : { project_id: projectId };
      const gate = isLax ? { fail_if: LAX } : {};
      const warning = warnIf === '' ? {} : { warn_if: warnIf };
      return `${JSON.stringify(name)}: ${JSON.stringify({ ...run, ...gate, ...warning })}`;
    })
    .join('\n');
}

let runsDrawn = 0;

function randomPlan(random: () => number, isCalm = false): { ms: number; ending: string; outputs: Outputs } {
  const roll = random();
  return {
    ms: 5_000 + random() ** 2 * 400_000,
    ending: roll < 0.75 || isCalm ? 'completed' : roll < 0.9 ? 'failed' : 'cancelled',
    outputs: {
      summary: random() < 0.2 ? LEAK : HOSTILE,
      items: randomItems(random, random() < 0.5 || isCalm ? 0 : 0.5, HOSTILE),
      of: ++runsDrawn,
    },
  };
}

/** A run as the simulator made it. */
interface Made extends ExpectedRun {
  readonly outputs: Outputs;
  readonly ending: string;
}

/** What is wrong with what a step says of its runs; a step without `runs` has one row. */
function complaintsOfRows(
  rows: readonly ReportedRun[],
  entries: readonly Entry[],
  isRed: Gating['isRed'],
  made: (runId: string) => Made | undefined,
): string[] {
  return rows.flatMap(({ name, run_id: runId, conclusion, gate }) => {
    const run = made(runId);
    const entry = entries.find((one) => one.name === name);
    if (entry === undefined) return [];
    const isRedReally = run !== undefined && isRed(run.outputs, entry);
    return [
      ...(run !== undefined && run.projectId !== entry.projectId ? [`${name} has another's run`] : []),
      ...(conclusion === 'success' && (run?.ending !== 'completed' || isRedReally)
        ? [`a false green of ${name}`]
        : []),
      ...(conclusion === 'success' && gate !== 'passed' ? [`${name} is green without its gate`] : []),
      ...(gate === 'failed' && run !== undefined && !isRedReally ? [`a false red of ${name}`] : []),
    ];
  });
}

/**
 * What one process sent: neither too often nor too fast under one key, and no run of which it says nothing.
 * @param lastAt from then on the deadline may cut a pause
 */
function complaintsOfLaunches(
  own: readonly Journalled[],
  log: string,
  annotation: string,
  lastAt: number,
): string[] {
  const started = Map.groupBy(
    own.filter(({ call, runId }) => call === 'launch' && runId !== null),
    ({ idempotencyKey }) => idempotencyKey ?? '',
  );
  const unnamed = [...started].filter(
    ([key, launches]) =>
      !launches.some(({ runId }) => log.includes(runId ?? '')) &&
      !(log.includes(key) && annotation.includes(key)),
  );
  // Behind a run that is named there may be another, made for an answer that was not kept.
  const isSilent =
    !/may have (been )?started/.test(log) &&
    [...started.values()].flat().some(({ runId }) => !log.includes(runId ?? ''));
  return [
    ...[...attemptsPerKey(own).values()].flatMap(({ accepted, tooEarlyAt }) => [
      ...(accepted > 5 ? [`${accepted} launches under one key that may have been taken`] : []),
      ...(tooEarlyAt.some((at) => at < lastAt) ? ['a launch sent again too soon'] : []),
    ]),
    ...(unnamed.length > 0 ? ['an ending without the key of a run that started'] : []),
    ...(isSilent ? ['a second run of which nothing is said'] : []),
  ];
}

const TIMEOUT_MINUTES = 10;
/** The last launch leaves a second before the deadline, however long its pause should be. */
const CUT_MS = 2_000;

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

/** @param isSignalled the step has `runs`, is cancelled at any moment, and re-run once; below likewise */
async function virtualSession(seed: number, tally: Tally, isSignalled = false): Promise<void> {
  const random = seededRandom(seed);
  const clock = virtualClock();
  const roll = random();
  const { entries, isCalm } = drawStep(seededRandom(seed + 3_000_000), isSignalled ? 1 : 1 / 3);
  const outage = drawOutage(seededRandom(seed + 4_000_000));
  const length = seededRandom(seed + 5_000_000);
  // Rarely right, as an author's word may be.
  const known = length() < 0.25 ? { INPUT_EXPECTED_MINUTES: (0.1 + 9 * length()).toFixed(1) } : {};
  const api = virtualApi({
    clock,
    random,
    bucket: random() < 0.5 ? TIERS.standard : TIERS.pro,
    planOf: () => randomPlan(random, isCalm),
    ...(entries === null ? {} : { binds: bindsAcrossRuns }),
    isDown: (at) => outage.isDown && outage.isOn(at),
    fault: (call, nth) =>
      call === 'launch' && nth === 1 && roll < 0.35
        ? roll < 0.25
          ? 'reset-after'
          : '500-after'
        : outage.isOn(clock.now())
          ? '5xx'
          : drawn(random()),
  });
  const { inputs, text, isRed } = gating(seededRandom(seed + 2_000_000), 'wf_1', entries);
  const complain = (what: string) => tally.complaints.push(`virtual session ${seed}: ${what}`);
  const runs =
    entries && runsInput(entries, (projectId) => api.addRun(randomPlan(random, isCalm), projectId));
  let clients = 0;
  /** Of the runs that a first attempt told green in all their entries, the keys. */
  const green = new Map<string, string>();

  async function job(attempt: number): Promise<void> {
    tally.jobs++;
    const host = memoryHost({
      ...ENVIRONMENT,
      ...known,
      ...Object.fromEntries(
        Object.entries({ ...inputs, ...(runs === null ? {} : { runs }) }).map(([name, value]) => [
          `INPUT_${name.toUpperCase()}`,
          value,
        ]),
      ),
      GITHUB_RUN_ATTEMPT: String(attempt),
    });
    if (text !== null) host.writeFile(BASELINE, text);
    const stop = new AbortController();
    const startedAt = clock.now();
    let stoppedAt = Infinity;
    let isOver = false;
    if (random() < (isSignalled ? 2 - attempt : 0.1)) {
      clock.at(startedAt + random() ** 2 * 300_000, () => {
        if (isOver) return;
        stoppedAt = clock.now();
        stop.abort(new Interrupted('SIGINT'));
      });
    }
    const { transport } = api;
    const client = ++clients;
    const exitCode = await run({
      host,
      transport,
      clock,
      random,
      signal: stop.signal,
      readEvent: async () => ({ payload: { repository: { default_branch: 'main' } }, fault: '' }),
      jobAgeMs: () => 0,
      writeStickyComment: () => Promise.reject(new Error('no comment was asked for')),
    });
    isOver = true;
    // Node keeps signals that were made of others, and all that listens to them, until these are aborted.
    stop.abort();
    const { outputs } = host;
    const own = api.journal.filter(({ connection }) => connection === client);
    const lastAt = startedAt + TIMEOUT_MINUTES * 60_000 - CUT_MS;
    for (const what of complaintsOfLaunches(own, host.lines.join('\n'), host.errors.join('\n'), lastAt))
      complain(what);
    if (exitCode === 0) {
      tally.green++;
      if (outputs.get('gate') !== 'passed') complain('green without a gate that passed');
    }
    if (entries === null) {
      const made = madeOf(outputs.get('run_id') ?? '');
      if (exitCode === 0 && (made?.ending !== 'completed' || isRed(made.outputs, null)))
        complain('a false green');
      if (outputs.get('gate') === 'failed' && made && !isRed(made.outputs, null)) complain('a false red');
    } else {
      const rows = JSON.parse(outputs.get('runs_json') ?? '[]') as ReportedRun[];
      const file = host.readFile('outputs.json', 0);
      for (const what of findRunViolations({
        rows,
        names: entries.map(({ name }) => name),
        conclusion: outputs.get('conclusion') ?? '',
        gate: outputs.get('gate') ?? '',
        file: typeof file === 'string' ? null : Buffer.from(file).toString(),
        expectedRun: madeOf,
      }))
        complain(what);
      for (const what of complaintsOfRows(rows, entries, isRed, madeOf)) complain(what);
      if (exitCode === 0 && rows.some(({ conclusion }) => conclusion !== 'success'))
        complain('a false green of the step');
      const launches = own.filter(({ call }) => call === 'launch');
      // The last polls go out together.
      const deadline = startedAt + TIMEOUT_MINUTES * 60_000;
      const polls = own.filter(({ call, at }) => call !== 'launch' && at < deadline);
      if (maxInFlight(launches) > 1 || maxInFlight(polls) > 1)
        complain('more than one launch or poll of a step in flight');
      for (const { idempotency_key: key, run_id: runId } of rows) {
        const then = green.get(key);
        if (attempt > 1 && then !== undefined && runId !== '' && runId !== then)
          complain('a green run launched anew');
        if (
          attempt === 1 &&
          key !== '' &&
          rows.every((row) => row.idempotency_key !== key || row.conclusion === 'success')
        )
          green.set(key, runId);
      }
    }
    if (clock.now() - startedAt > TIMEOUT_MINUTES * 60_000 + 5_000) complain('it ended too late');
    if (clock.now() - stoppedAt > 7_000) complain('it took more than 7 s to stop');
    if (OUTPUT_NAMES.some((name) => !outputs.has(name))) complain('an output is missing');
    const reported = [
      ...host.lines,
      ...host.errors,
      ...host.warnings,
      host.summaryText,
      ...outputs.values(),
    ].join('\n');
    if (reported.includes(TEST_KEY) || reported.includes(Buffer.from(TEST_KEY).toString('base64')))
      complain('a leaked key');
    if (findCommands(host.lines.join('\n')).length > 0) complain('an injected command');
    if (host.errors.length > 1) complain('more than one error annotation');
  }

  /** As far as it has ended by now. */
  const madeOf = (runId: string): Made | undefined => {
    const found = api.runs.find(({ id }) => id === runId);
    if (found === undefined) return undefined;
    const hasEnded = found.endsAt <= clock.now();
    const outputs = found.outputs as Outputs;
    return { projectId: found.projectId, outputs, ending: hasEnded ? found.ending : 'running' };
  };
  const jobs = random() < 0.3 ? 2 : 1;
  const all = async () => {
    await Promise.all(Array.from({ length: jobs }, () => job(1)));
    if (isSignalled || random() < 0.3) await Promise.all(Array.from({ length: jobs }, () => job(2)));
  };
  await clock.run(all()).catch((error: unknown) => complain(String(error)));
  if ([...runsPerKey(api.runs).values()].some(({ stored }) => stored > 1)) complain('two runs under one key');
  if (api.earlyRequests > 0) complain('a request before the hint had passed');
  if (entries === null && api.mostInFlight > jobs) complain('more than one request in flight');
  tally.runs += api.runs.length;
}

const SPEED = 20;
/** More starve each other: what takes a request 5 ms takes it 300 ms, which is 6 s of the fast clock. */
const AT_ONCE = 2 * availableParallelism();

async function processSession(seed: number, tally: Tally, isSignalled = false): Promise<void> {
  const random = seededRandom(seed);
  /** Of the faults' own, so that the fates of the requests do not hang on it. */
  const chance = seededRandom(seed + 1_000_000);
  const roll = random();
  const faultsByCall = new Map<number, RandomFault>();
  const outage = drawOutage(seededRandom(seed + 4_000_000));
  let startedAt = NaN;
  const faultFor = ({ number, call, nth, at }: ReceivedRequest): RandomFault => {
    if (Number.isNaN(startedAt)) startedAt = at;
    let oneFault = faultsByCall.get(number);
    if (oneFault === undefined) {
      oneFault =
        call === 'launch' && nth === 1 && roll < 0.35
          ? roll < 0.25
            ? 'reset-after'
            : '500-after'
          : outage.isOn(at - startedAt)
            ? '5xx'
            : drawn(random());
      if (oneFault === '409' && call !== 'launch') oneFault = 'none';
      faultsByCall.set(number, oneFault);
    }
    return oneFault;
  };
  const { entries, isCalm } = drawStep(seededRandom(seed + 3_000_000), isSignalled ? 1 : 1 / 3);
  const { inputs, text, isRed } = gating(seededRandom(seed + 2_000_000), WORKFLOW_ID, entries);
  /** In the order in which they are made. */
  const plans: ReturnType<typeof randomPlan>[] = [];
  const plan = (): Lifecycle => {
    const { ms, ending, outputs } = randomPlan(random, isCalm);
    plans.push({ ms, ending, outputs });
    return [
      { atMs: 0, status: 'pending' },
      { atMs: ms / 3, status: 'running', progress: 33, stage: 'Reading' },
      {
        atMs: ms,
        status: ending,
        outputs: ending === 'failed' ? null : outputs,
        error_message: ending === 'failed' ? HOSTILE : null,
      },
    ];
  };
  const temp = mkdtempSync(join(tmpdir(), 'soak-'));
  const path = join(temp, BASELINE);
  if (text !== null) writeFileSync(path, text);
  const signal = isSignalled ? 0 : random();
  const killed = signal > 0.97;
  /** A signal comes by real time. */
  const skipsWaits = signal >= 0.1 && !killed;
  const api = await startApi({
    speed: SPEED,
    isClientDriven: skipsWaits,
    faults: [(request) => createFault(faultFor(request), chance)],
    lifecycle: () => plan(),
  });
  const complain = (what: string) => tally.complaints.push(`process session ${seed}: ${what}`);
  const madeOf = (runId: string): Made | undefined => {
    const at = api.runs.findIndex(({ id }) => id === runId);
    const made = api.runs[at];
    const planned = plans[at];
    return made && planned && { ...planned, projectId: made.projectId };
  };
  const runs = entries && runsInput(entries, (projectId) => api.addRun({ projectId, lifecycle: plan() }));
  const play = async (attempt: number): Promise<void> => {
    tally.jobs++;
    const from = api.journal.length;
    const began = api.elapsed();
    let cancelledAt = NaN;
    const cancelled = async (): Promise<void> => {
      await realClock.sleep(random() * 8_000, new AbortController().signal);
      cancelledAt = api.now();
    };
    const result = await runAction({
      attempt,
      inputs: {
        api_key: TEST_KEY,
        api_url: api.url,
        workflow_id: WORKFLOW_ID,
        fail_if: GATE,
        timeout_minutes: String(TIMEOUT_MINUTES),
        ...inputs,
        baseline_file: path,
        ...(runs === null ? {} : { runs }),
      },
      preload: ['simulator/fast-time.mjs'],
      env: { FAST_TIME_SPEED: String(SPEED), ...(skipsWaits ? { FAST_TIME_SKIPS_WAITS: '1' } : {}) },
      timeoutMs: 90_000,
      signals:
        attempt > 1
          ? []
          : signal < 0.1
            ? [{ whenDone: cancelled(), signal: 'cancel' }]
            : killed
              ? [{ afterMs: random() * 8_000, signal: 'SIGKILL' }]
              : [],
    });
    // A signal that comes before Node has read the bundle ends it as it ends any process; nothing was sent then.
    const hadNotBegun = result.signal !== null && result.stdout === '' && api.journal.length === 0;
    // The grace of a launch that is in flight at the signal is 150 ms here, which a busy machine may not give.
    const mayMiss = api.journal
      .slice(from)
      .some(({ call, endedAt }) => call === 'launch' && (endedAt ?? Infinity) >= cancelledAt - 1_000 * SPEED);
    for (const breach of findViolations({
      result,
      api,
      secrets: [TEST_KEY],
      earlierRequests: from,
      mayLackOutputs: hadNotBegun || result.signal === 'SIGKILL',
      // With several runs a request may cross with the answer that would have held it.
      toleranceMs: skipsWaits && entries === null ? 0 : 200 * SPEED,
      timeoutMs: TIMEOUT_MINUTES * 60_000,
      ...(entries === null ? {} : { names: entries.map(({ name }) => name) }),
    })) {
      // I5 is not asked of a process that was killed.
      if ((!mayMiss && !killed) || !breach.startsWith('I5')) complain(breach);
    }
    const { outputs, exitCode } = result;
    const error = result.annotations.find(({ level }) => level === 'error')?.message ?? '';
    if (!killed && !hadNotBegun)
      // How fast it sends is seen in virtual time, where no machine is late.
      for (const what of complaintsOfLaunches(api.journal.slice(from), result.stdout, error, -Infinity))
        complain(what);
    if (exitCode === 0) tally.green++;
    if (entries === null) {
      const made = madeOf(outputs.run_id ?? '');
      if (exitCode === 0 && (made?.ending !== 'completed' || isRed(made.outputs, null)))
        complain('a false green');
      if (outputs.gate === 'failed' && made && !isRed(made.outputs, null)) complain('a false red');
    } else if ((outputs.runs_json ?? '') !== '') {
      const rows = JSON.parse(outputs.runs_json ?? '') as ReportedRun[];
      for (const what of complaintsOfRows(rows, entries, isRed, madeOf)) complain(what);
    }
    if (result.afterSignalMs !== null && result.afterSignalMs > 7_000)
      complain('it took more than 7 s to stop');
    const took = skipsWaits
      ? api.elapsed() - began
      : (result.durationMs - scaledLimitMs(3_000, result)) * SPEED;
    if (took > (TIMEOUT_MINUTES + 1) * 60_000) complain('it ended too late');
  };
  try {
    await play(1);
    if (isSignalled) await play(2);
    tally.runs += api.runs.length;
  } finally {
    await api.close();
    rmSync(temp, { recursive: true });
  }
}

/** Which sessions of the virtual tier a thread plays. */
interface Share {
  readonly seeds: readonly number[];
  readonly isSignalled: boolean;
}

const noTally = (): Tally => ({ jobs: 0, runs: 0, green: 0, complaints: [] });

/** Sessions in virtual time do nothing but compute: each core plays its share. */
async function inThreads(seeds: readonly number[], isSignalled = false): Promise<Tally> {
  const cores = availableParallelism();
  const tallies = await Promise.all(
    Array.from({ length: cores }, async (_, core) => {
      const share: Share = { seeds: seeds.filter((_seed, at) => at % cores === core), isSignalled };
      const [tally] = (await once(
        new Worker(new URL(import.meta.url), { workerData: share, argv: process.argv.slice(2) }),
        'message',
      )) as [Tally];
      return tally;
    }),
  );
  return {
    jobs: sum(tallies.map(({ jobs }) => jobs)),
    runs: sum(tallies.map(({ runs }) => runs)),
    green: sum(tallies.map(({ green }) => green)),
    complaints: tallies.flatMap(({ complaints }) => complaints),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

async function inProcesses(seeds: readonly number[], isSignalled = false): Promise<Tally> {
  const tally = noTally();
  const left = seeds.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const seed of left) await processSession(seed, tally, isSignalled);
    }),
  );
  return tally;
}

async function report(
  name: string,
  sessions: number,
  play: (seeds: number[]) => Promise<Tally>,
): Promise<void> {
  const startedAt = realClock.now();
  const { jobs, runs, green, complaints } = await play(
    Array.from({ length: sessions }, (_, at) => first + at),
  );
  const seconds = ((realClock.now() - startedAt) / 1000).toFixed(0);
  const count = (what: RegExp) => complaints.filter((complaint) => what.test(complaint)).length;
  console.log(
    `${name}: ${sessions} sessions from seed ${first}, ${jobs} jobs, ${runs} runs, ${green} green, in ${seconds} s: ` +
      `${count(/two runs|I1/)} double runs, ${count(/false green|I2/)} false greens, ${count(/false red/)} false reds, ${count(/leak|I3/)} leaks, ` +
      `${count(/command|I6/)} injected commands, ${count(/too late|to stop|I4/)} late, ${count(/without the key/)} endings without their key, ` +
      `${count(/taken/)} keys sent too often, ${complaints.length} complaints in all`,
  );
  for (const complaint of complaints.slice(0, 20)) console.log(`  ${complaint}`);
  if (complaints.length > 0) process.exitCode = 1;
}

const first = Number(values.only ?? values.seed);
if (!isMainThread) {
  const { seeds, isSignalled } = workerData as Share;
  const tally = noTally();
  for (const seed of seeds) await virtualSession(seed, tally, isSignalled);
  parentPort?.postMessage(tally);
} else {
  const sessions = (few: number, many: number) => (values.only !== undefined ? 1 : values.full ? many : few);
  const { tier } = values;
  if (tier === 'signals') {
    await report('signals, virtual', sessions(340, 340), (seeds) => inThreads(seeds, true));
    await report('signals, process', sessions(340, 340), (seeds) => inProcesses(seeds, true));
  }
  if (tier === undefined || tier === 'virtual') await report('virtual', sessions(1_500, 100_000), inThreads);
  if (tier === undefined || tier === 'process') await report('process', sessions(40, 2_000), inProcesses);
}
