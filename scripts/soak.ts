/**
 * `npm run soak [-- --full] [--seed N] [--only N] [--tier virtual|process|signals]`: many jobs, each with random faults. The virtual
 * tier runs the library in virtual time, the process tier runs the built bundle in the simulated runner. A third of the steps have
 * `runs`: one to six of them. The signals tier, which runs only on request, cancels steps with `runs` at random moments and re-runs
 * each once. Each session has its own seed, which a failure prints: `--only N` repeats that session.
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
import { digestInputs } from '../src/gate/inputs-digest.ts';
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
  type JournalEntry,
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

/** Sums over the sessions. */
interface SoakResults {
  jobs: number;
  runs: number;
  green: number;
  complaints: string[];
}

/** The share of requests with each fault, in the order of the table in __tests__/faults/README.md; the others have none. */
const FAULT_SHARES: readonly (readonly [share: number, fault: RandomFault])[] = [
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

function randomFault(roll: number): RandomFault {
  let sum = 0;
  for (const [share, fault] of FAULT_SHARES) {
    sum += share;
    if (roll < sum) return fault;
  }
  return 'none';
}

/** A sixth of the sessions have an outage of 5 s to 10 min: connections are refused, or a gateway answers. */
function randomOutage(random: () => number): {
  readonly isOn: (at: number) => boolean;
  readonly isDown: boolean;
} {
  const ms = random() < 1 / 6 ? 5_000 * 120 ** random() : 0;
  const startMs = random() ** 2 * 120_000;
  return { isOn: (at) => at >= startMs && at < startMs + ms, isDown: random() < 0.5 };
}

const HOSTILE = '::error::x\r\n##[add-mask]e\u202e|`</details>';
/** A text with the job's API key, plain and in base64. */
const LEAK = `key ${TEST_KEY} ${Buffer.from(TEST_KEY).toString('base64')}`;
const NAME = 'bad';
const EXPRESSION = "outputs.items.filter(i, i.status != 'ok')";
const GATE = `${NAME}: ${EXPRESSION}`;
const JOB_RUN = '17000000001';

interface Outputs {
  readonly summary: string;
  readonly items: readonly FlaggedItem[];
  /** The number of the run: unique within a session. */
  readonly number: number;
}

/** The gate of a session: half of them have `fail_on: new`. */
interface GateSetup {
  readonly inputs: Readonly<Record<string, string>>;
  /** The baseline; null: there is none. */
  readonly text: string | null;
  /** Whether the gate must make the run of this entry red. */
  readonly isRed: (outputs: Outputs, entry: Entry | null) => boolean;
}

const BASELINE = 'baseline.json';

function randomGate(random: () => number, workflowId: string, entries: readonly Entry[] | null): GateSetup {
  const isAny = random() < 0.5;
  const { text, countNew } = randomBaseline(
    random,
    { jobRun: JOB_RUN, workflowId, inputsDigest: digestInputs({}, []), name: NAME, expression: EXPRESSION },
    entries,
  );
  return {
    inputs: { baseline_file: BASELINE, fail_on: isAny ? 'any' : 'new', known_by: 'id, title' },
    text,
    isRed: ({ items }, entry) => {
      if (entry?.isLax === true) return false;
      // The project of a run that is joined by its ID is not known, so the baseline does not apply.
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
  /** Its own condition never matches. */
  readonly isLax: boolean;
  /** Its own condition, which never warns: it gives an entry with the intent of an earlier one another gate. */
  readonly warnIf: string;
  /** It has a `run_id`, of a run that existed before. */
  readonly isAttached: boolean;
}

interface Step {
  /** null: a step without `runs`. */
  readonly entries: readonly Entry[] | null;
  /** All its runs are green: by chance few steps with many runs would be. */
  readonly isAllGreen: boolean;
}

const NAMES = ['Tower', '10', '2', '__proto__', 'constructor', '::error::x'];
const LAX = 'lax: size(outputs.items) > 9';

function randomStep(random: () => number, shareOfRuns = 1 / 3): Step {
  if (random() >= shareOfRuns) return { entries: null, isAllGreen: false };
  const count = 1 + Math.floor(random() * NAMES.length);
  const from = Math.floor(random() * NAMES.length);
  const entries = Array.from({ length: count }, (_, at): Entry => {
    // Sometimes an entry has the intent of an earlier one.
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
  return { entries, isAllGreen: random() < 0.5 };
}

/** @param addRun gives the ID of a run that existed before */
function runsInput(entries: readonly Entry[], addRun: (projectId: string) => string): string {
  return entries
    .map(({ name, projectId, isLax, warnIf, isAttached }) => {
      const run = isAttached ? { run_id: addRun(projectId) } : { project_id: projectId };
      const gate = isLax ? { fail_if: LAX } : {};
      const warning = warnIf === '' ? {} : { warn_if: warnIf };
      return `${JSON.stringify(name)}: ${JSON.stringify({ ...run, ...gate, ...warning })}`;
    })
    .join('\n');
}

let runsDrawn = 0;

function randomPlan(
  random: () => number,
  isAllGreen = false,
): { ms: number; ending: string; outputs: Outputs } {
  const roll = random();
  return {
    ms: 5_000 + random() ** 2 * 400_000,
    ending: roll < 0.75 || isAllGreen ? 'completed' : roll < 0.9 ? 'failed' : 'cancelled',
    outputs: {
      summary: random() < 0.2 ? LEAK : HOSTILE,
      items: randomItems(random, random() < 0.5 || isAllGreen ? 0 : 0.5, HOSTILE),
      number: ++runsDrawn,
    },
  };
}

/** A run as the simulator created it. */
interface SimulatedRun extends ExpectedRun {
  readonly outputs: Outputs;
  readonly ending: string;
}

/** Checks what a step reports of its runs. */
function checkRuns(
  rows: readonly ReportedRun[],
  entries: readonly Entry[],
  isRed: GateSetup['isRed'],
  made: (runId: string) => SimulatedRun | undefined,
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
 * Checks the launches of one process: not too many or too early with one key, and each run that started is reported.
 * @param lastAt from then on the deadline may shorten a pause
 */
function checkLaunches(
  own: readonly JournalEntry[],
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
  // Besides a reported run there may be another, created for an answer that was not stored.
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
/** The last launch is sent a second before the deadline, however long its pause should be. */
const DEADLINE_MARGIN_MS = 2_000;

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
async function virtualSession(seed: number, results: SoakResults, isSignalled = false): Promise<void> {
  const random = seededRandom(seed);
  const clock = virtualClock();
  const roll = random();
  const { entries, isAllGreen } = randomStep(seededRandom(seed + 3_000_000), isSignalled ? 1 : 1 / 3);
  const outage = randomOutage(seededRandom(seed + 4_000_000));
  const length = seededRandom(seed + 5_000_000);
  // A random estimate, which is rarely right.
  const known = length() < 0.25 ? { INPUT_EXPECTED_MINUTES: (0.1 + 9 * length()).toFixed(1) } : {};
  const api = virtualApi({
    clock,
    random,
    bucket: random() < 0.5 ? TIERS.standard : TIERS.pro,
    planOf: () => randomPlan(random, isAllGreen),
    ...(entries === null ? {} : { binds: bindsAcrossRuns }),
    isDown: (at) => outage.isDown && outage.isOn(at),
    fault: (call, nth) =>
      call === 'launch' && nth === 1 && roll < 0.35
        ? roll < 0.25
          ? 'reset-after'
          : '500-after'
        : outage.isOn(clock.now())
          ? '5xx'
          : randomFault(random()),
  });
  const { inputs, text, isRed } = randomGate(seededRandom(seed + 2_000_000), 'wf_1', entries);
  const complain = (what: string) => results.complaints.push(`virtual session ${seed}: ${what}`);
  const runs =
    entries && runsInput(entries, (projectId) => api.addRun(randomPlan(random, isAllGreen), projectId));
  let clients = 0;
  /** By key, the runs that a first attempt reported as green in all their entries. */
  const green = new Map<string, string>();

  async function job(attempt: number): Promise<void> {
    results.jobs++;
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
    // Node keeps dependent signals and their listeners until the source is aborted.
    stop.abort();
    const { outputs } = host;
    const own = api.journal.filter(({ connection }) => connection === client);
    const lastAt = startedAt + TIMEOUT_MINUTES * 60_000 - DEADLINE_MARGIN_MS;
    for (const what of checkLaunches(own, host.lines.join('\n'), host.errors.join('\n'), lastAt))
      complain(what);
    if (exitCode === 0) {
      results.green++;
      if (outputs.get('gate') !== 'passed') complain('green without a gate that passed');
    }
    if (entries === null) {
      const made = runOf(outputs.get('run_id') ?? '');
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
        expectedRun: runOf,
      }))
        complain(what);
      for (const what of checkRuns(rows, entries, isRed, runOf)) complain(what);
      if (exitCode === 0 && rows.some(({ conclusion }) => conclusion !== 'success'))
        complain('a false green of the step');
      const launches = own.filter(({ call }) => call === 'launch');
      // The last polls are sent together.
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

  /** A run in its state at this moment. */
  const runOf = (runId: string): SimulatedRun | undefined => {
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
  if (entries === null && api.maxInFlight > jobs) complain('more than one request in flight');
  results.runs += api.runs.length;
}

const SPEED = 20;
/** More processes slow each other down: a request of 5 ms takes 300 ms, which is 6 s of the fast clock. */
const MAX_PARALLEL = 2 * availableParallelism();

async function processSession(seed: number, tally: SoakResults, isSignalled = false): Promise<void> {
  const random = seededRandom(seed);
  /** Separate random numbers for details of faults, so that the choice of faults does not depend on them. */
  const faultRandom = seededRandom(seed + 1_000_000);
  const roll = random();
  const faultsByCall = new Map<number, RandomFault>();
  const outage = randomOutage(seededRandom(seed + 4_000_000));
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
            : randomFault(random());
      if (oneFault === '409' && call !== 'launch') oneFault = 'none';
      faultsByCall.set(number, oneFault);
    }
    return oneFault;
  };
  const { entries, isAllGreen } = randomStep(seededRandom(seed + 3_000_000), isSignalled ? 1 : 1 / 3);
  const { inputs, text, isRed } = randomGate(seededRandom(seed + 2_000_000), WORKFLOW_ID, entries);
  /** In the order in which the runs are created. */
  const plans: ReturnType<typeof randomPlan>[] = [];
  const plan = (): Lifecycle => {
    const { ms, ending, outputs } = randomPlan(random, isAllGreen);
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
  const isKilled = signal > 0.97;
  /** A signal arrives in real time, so waits are not skipped then. */
  const skipsWaits = signal >= 0.1 && !isKilled;
  const api = await startApi({
    speed: SPEED,
    isClientDriven: skipsWaits,
    faults: [(request) => createFault(faultFor(request), faultRandom)],
    lifecycle: () => plan(),
  });
  const complain = (what: string) => tally.complaints.push(`process session ${seed}: ${what}`);
  const runOf = (runId: string): SimulatedRun | undefined => {
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
            : isKilled
              ? [{ afterMs: random() * 8_000, signal: 'SIGKILL' }]
              : [],
    });
    // A signal that arrives before Node has read the bundle ends the process at once; nothing was sent then.
    const hadNotBegun = result.signal !== null && result.stdout === '' && api.journal.length === 0;
    // At this speed a launch in flight gets 150 ms after the signal, which may be too short on a busy machine.
    const mayMiss = api.journal
      .slice(from)
      .some(({ call, endedAt }) => call === 'launch' && (endedAt ?? Infinity) >= cancelledAt - 1_000 * SPEED);
    for (const breach of findViolations({
      result,
      api,
      secrets: [TEST_KEY],
      earlierRequests: from,
      mayLackOutputs: hadNotBegun || result.signal === 'SIGKILL',
      // With several runs a request may be sent while an answer that delays it is in transfer.
      toleranceMs: skipsWaits && entries === null ? 0 : 200 * SPEED,
      timeoutMs: TIMEOUT_MINUTES * 60_000,
      ...(entries === null ? {} : { names: entries.map(({ name }) => name) }),
    })) {
      // I5 does not apply to a process that was killed.
      if ((!mayMiss && !isKilled) || !breach.startsWith('I5')) complain(breach);
    }
    const { outputs, exitCode } = result;
    const error = result.annotations.find(({ level }) => level === 'error')?.message ?? '';
    if (!isKilled && !hadNotBegun)
      // The virtual tier checks how early launches are sent; here the machine may be slow.
      for (const what of checkLaunches(api.journal.slice(from), result.stdout, error, -Infinity))
        complain(what);
    if (exitCode === 0) tally.green++;
    if (entries === null) {
      const made = runOf(outputs.run_id ?? '');
      if (exitCode === 0 && (made?.ending !== 'completed' || isRed(made.outputs, null)))
        complain('a false green');
      if (outputs.gate === 'failed' && made && !isRed(made.outputs, null)) complain('a false red');
    } else if ((outputs.runs_json ?? '') !== '') {
      const rows = JSON.parse(outputs.runs_json ?? '') as ReportedRun[];
      for (const what of checkRuns(rows, entries, isRed, runOf)) complain(what);
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

/** The sessions of the virtual tier that one thread plays. */
interface Share {
  readonly seeds: readonly number[];
  readonly isSignalled: boolean;
}

const noResults = (): SoakResults => ({ jobs: 0, runs: 0, green: 0, complaints: [] });

/** Runs sessions in virtual time, which only compute, with one thread per core. */
async function inThreads(seeds: readonly number[], isSignalled = false): Promise<SoakResults> {
  const cores = availableParallelism();
  const tallies = await Promise.all(
    Array.from({ length: cores }, async (_, core) => {
      const share: Share = { seeds: seeds.filter((_seed, at) => at % cores === core), isSignalled };
      const [tally] = (await once(
        new Worker(new URL(import.meta.url), { workerData: share, argv: process.argv.slice(2) }),
        'message',
      )) as [SoakResults];
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

async function inProcesses(seeds: readonly number[], isSignalled = false): Promise<SoakResults> {
  const tally = noResults();
  const left = seeds.values();
  await Promise.all(
    Array.from({ length: MAX_PARALLEL }, async () => {
      for (const seed of left) await processSession(seed, tally, isSignalled);
    }),
  );
  return tally;
}

async function report(
  name: string,
  sessions: number,
  play: (seeds: number[]) => Promise<SoakResults>,
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
  const tally = noResults();
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
