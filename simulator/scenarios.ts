/** Scenarios of the action in use, which the demo, the preview and the end-to-end tests play. */
import type { Launch } from './api-state.ts';
import { startApi, type Api, type ApiOptions } from './api.ts';
import { startGithub, type Github } from './github.ts';
import { runAction, type RunOptions, type RunResult } from './runner.ts';
import {
  IRREGULAR_OUTPUTS,
  CLAUSE_OUTPUTS,
  DEEP_OUTPUTS,
  GREEN_CLAUSE_OUTPUTS,
  ROOM_OUTPUTS,
} from './sample-outputs.ts';
import { steadyLifecycle, type Lifecycle } from './run-lifecycle.ts';
import { GREEN_OUTPUTS, INPUTS, PROJECT_ID, TEST_KEY, WORKFLOW_ID } from './vendor-example.ts';
import { conditionOf, outputsOf, type Shape } from './finding-shapes.ts';

/** How much faster than real time the simulator's clock and the bundle's timers run. */
export const SPEED = 12;

export interface Scenario {
  /** One line that says what it shows. */
  readonly about: string;
  readonly api?: ApiOptions;
  /** Runs of the action, one after another, in one pull request or branch. */
  readonly steps: readonly Step[];
}

export interface Step extends RunOptions {
  /** The head of the pull request at that time; undefined: there is no pull request. */
  readonly head?: string;
  /** The expected exit code. */
  readonly exitCode: 0 | 1;
  /** Changes the API just before the step. */
  readonly prepare?: (api: Api) => void;
  /** More inputs, from the result of the step before. */
  readonly inputsAfter?: (before: RunResult) => Readonly<Record<string, string>>;
}

export interface PlayedScenario {
  readonly steps: readonly {
    readonly step: Step;
    readonly result: RunResult;
    readonly comment: string | null;
  }[];
  readonly api: Api;
  readonly github: Github;
}

const GATE = [
  "not compliant: outputs.items.filter(i, i.status != 'compliant')",
  'nothing reviewed: size(outputs.items) == 0',
].join('\n');

const baseInputs = {
  api_key: TEST_KEY,
  workflow_id: WORKFLOW_ID,
  project_id: PROJECT_ID,
  inputs: `start_date: '${INPUTS.start_date}'\nend_date: '${INPUTS.end_date}'`,
};
const gatedInputs = { ...baseInputs, fail_if: GATE, comment: 'always' };
const KNOWN_BY = 'document_id, clause, status';
const COLUMNS = 'document, clause, reason';
const clauseInputs = { ...gatedInputs, known_by: KNOWN_BY, columns: COLUMNS };

/** Several projects of one company in one step, each with its own run. */
const TOWER = PROJECT_ID;
const CAR_PARK = '5d0c7b2e-9a41-4f3d-8b6c-2e1f0a9d8c7b';
const BRIDGE = 'b41f6a90-3c7e-4d28-9f15-6e8a7c0d2b34';
const runsInputs = {
  ...gatedInputs,
  project_id: '',
  runs: `Tower:    { project_id: ${TOWER} }\nCar park: { project_id: ${CAR_PARK} }\nBridge:   { project_id: ${BRIDGE} }`,
  timeout_minutes: '3',
  known_by: KNOWN_BY,
  columns: COLUMNS,
};

/** Each issue with its document and clause. */
const ISSUES =
  "outputs.documents.map(d, d.clauses.map(c, c.issues.map(i, {'document': d.name, 'clause': c.clause, 'issue': i.text, 'severity': i.severity}))).flatten(2)";

const [, WAIVED] = CLAUSE_OUTPUTS.items;
const WAIVERS = `
- match: { document_id: ${WAIVED?.document_id ?? ''}, clause: '${WAIVED?.clause ?? ''}', status: non-compliant }
  because: The supplier sends a new data sheet with the delivery
  until: 2030-12-31
`;

const newOnlyInputs = { ...clauseInputs, fail_on: 'new' };
const baseline = ({ outputs }: RunResult) => ({ baseline_file: outputs.gate_file ?? '' });

/** The head of the pull request when the step runs. */
export function headOf({ head, event }: Pick<Step, 'head' | 'event'>): string | undefined {
  const { pull_request: pull } = (event ?? {}) as { pull_request?: { head?: { sha: string } } };
  return head ?? pull?.head?.sha;
}

/** A pull request event at this commit. */
function push(commit: string): Pick<Step, 'eventName' | 'event' | 'head'> {
  const repo = { full_name: 'octo-org/tower', default_branch: 'main' };
  return {
    eventName: 'pull_request',
    head: commit,
    event: {
      repository: repo,
      number: 7,
      pull_request: {
        number: 7,
        head: { sha: commit, repo },
        user: { login: 'octocat' },
        base: { repo, ref: 'main' },
      },
    },
  };
}
const FIRST = '3f9c1ab2d4e5f60718293a4b5c6d7e8f90a1b2c3';
const SECOND = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';

/** Outputs at the first push: the data sheet is wrong already, the doors are missing, the shop drawing is unsigned. */
const FIRST_OUTPUTS = {
  summary: '4 submittals reviewed, 2 flagged for non-compliance.',
  items: CLAUSE_OUTPUTS.items
    .slice(1)
    .map((item) =>
      item.clause.startsWith('05 12 00')
        ? { ...item, status: 'non-compliant', reason: 'The shop drawing is not signed.' }
        : item,
    ),
};

/** Takes tokens at the moment of the launch, so that a slow start does not refill the bucket. */
const drainAtLaunch = (tokens: number) => (api: Api) => {
  api.faults.push(({ call, nth }) => {
    if (call === 'launch' && nth === 1) api.bucket(TEST_KEY).spendUpTo(tokens, api.now());
    return undefined;
  });
};

const greenLifecycle = steadyLifecycle({ outputs: GREEN_OUTPUTS });
const failedLifecycle = steadyLifecycle({
  ending: 'failed',
  runningMs: 40_000,
  errorMessage: 'Document 4a1c2b3d has no text layer.',
});
const cancelledLifecycle = steadyLifecycle({
  ending: 'cancelled',
  runningMs: 40_000,
  outputs: { summary: '2 of 5 submittals reviewed.' },
});

/** The tower's runs are passed in; the car park is in order; the bridge takes longer than the step waits. */
const lifecyclesOf =
  (tower: (nth: number) => Lifecycle) =>
  ({ projectId, count }: Launch): Lifecycle =>
    projectId === TOWER
      ? tower(count)
      : projectId === CAR_PARK
        ? steadyLifecycle({ runningMs: 62_000, outputs: GREEN_CLAUSE_OUTPUTS })
        : steadyLifecycle({ runningMs: 300_000, outputs: GREEN_CLAUSE_OUTPUTS });

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  review: {
    about: 'a weekly submittal review with a gate that holds: two of five items are not compliant',
    steps: [{ inputs: gatedInputs, ...push(SECOND), exitCode: 1 }],
  },
  green: {
    about: 'the same with everything in order',
    api: { lifecycle: greenLifecycle },
    steps: [{ inputs: gatedInputs, ...push(SECOND), exitCode: 0 }],
  },
  deep: {
    about: 'documents with clauses with issues: each issue is a row that names its document and clause',
    api: { lifecycle: steadyLifecycle({ outputs: DEEP_OUTPUTS }) },
    steps: [
      {
        inputs: {
          ...baseInputs,
          comment: 'always',
          fail_if: `serious: ${ISSUES}.filter(i, i.severity == 'high')`,
        },
        ...push(SECOND),
        exitCode: 1,
      },
    ],
  },
  rooms: {
    about: 'items without any ID',
    api: { lifecycle: steadyLifecycle({ outputs: ROOM_OUTPUTS }) },
    steps: [
      {
        inputs: {
          ...baseInputs,
          title: 'Fire safety',
          comment: 'always',
          fail_if: "dangerous: outputs.hazards.filter(i, i.severity in ['high', 'critical'])",
        },
        ...push(SECOND),
        exitCode: 1,
      },
    ],
  },
  'bad-day': {
    about: 'what a model writes on a bad day: types that change, empty texts, one value in another case',
    api: { lifecycle: steadyLifecycle({ outputs: IRREGULAR_OUTPUTS }) },
    steps: [{ inputs: gatedInputs, ...push(SECOND), exitCode: 1 }],
  },
  waived: {
    about: 'one of the two findings is waived, with a reason and a last day',
    api: { lifecycle: steadyLifecycle({ outputs: CLAUSE_OUTPUTS }) },
    steps: [{ inputs: { ...clauseInputs, waivers: WAIVERS }, ...push(SECOND), exitCode: 1 }],
  },
  'no-gate': {
    about: 'no gate: green because the run completed',
    steps: [{ inputs: baseInputs, exitCode: 0 }],
  },
  'second-push': {
    about: 'after a second push the comment says what is new, still open and no longer matching',
    api: {
      lifecycle: ({ count }) => steadyLifecycle({ outputs: count === 1 ? FIRST_OUTPUTS : CLAUSE_OUTPUTS }),
    },
    steps: [
      { inputs: clauseInputs, ...push(FIRST), exitCode: 1 },
      { inputs: clauseInputs, ...push(SECOND), runId: 17_000_000_002, exitCode: 1 },
    ],
  },
  'known-findings': {
    about: 'with `fail_on: new` what main has already is shown as known, and the check is green',
    steps: [
      { inputs: newOnlyInputs, eventName: 'workflow_dispatch', exitCode: 1 },
      { inputs: newOnlyInputs, inputsAfter: baseline, ...push(FIRST), runId: 17_000_000_002, exitCode: 0 },
    ],
  },
  'one-new': {
    about: 'the same with one finding that main does not have: red by that one',
    api: {
      lifecycle: ({ count }) => steadyLifecycle({ outputs: count === 1 ? FIRST_OUTPUTS : CLAUSE_OUTPUTS }),
    },
    steps: [
      { inputs: newOnlyInputs, eventName: 'workflow_dispatch', exitCode: 1 },
      { inputs: newOnlyInputs, inputsAfter: baseline, ...push(FIRST), runId: 17_000_000_002, exitCode: 1 },
    ],
  },
  'no-baseline': {
    about:
      '`fail_on: new` without a baseline, since the cache has none: every finding counts as new, and it says so',
    steps: [
      { inputs: { ...newOnlyInputs, baseline_file: 'main-has/gate.json' }, ...push(FIRST), exitCode: 1 },
    ],
  },
  'cannot-be-evaluated': {
    about: 'a condition over a key that is not there is red, not passed over',
    steps: [
      {
        inputs: { ...gatedInputs, fail_if: "rejected: outputs.findings.filter(f, f.status == 'rejected')" },
        ...push(SECOND),
        exitCode: 1,
      },
    ],
  },
  warn: {
    about: 'a condition that only warns, for rolling a gate out',
    steps: [
      { inputs: { ...baseInputs, warn_if: GATE, comment: 'on_failure' }, ...push(SECOND), exitCode: 0 },
    ],
  },
  'many-runs': {
    about:
      'several projects in one step, at the second push: one red by its gate, one green, one not finished',
    api: {
      lifecycle: lifecyclesOf((count) =>
        steadyLifecycle({ outputs: count <= 3 ? FIRST_OUTPUTS : CLAUSE_OUTPUTS }),
      ),
    },
    steps: [
      { inputs: runsInputs, ...push(FIRST), exitCode: 1 },
      { inputs: runsInputs, ...push(SECOND), runId: 17_000_000_002, exitCode: 1 },
    ],
  },
  'many-runs-rerun': {
    about:
      'its job is re-run: the green run and the one that goes on are joined, only the red one is launched anew',
    api: {
      lifecycle: lifecyclesOf((count) =>
        steadyLifecycle({ outputs: count <= 3 ? CLAUSE_OUTPUTS : GREEN_CLAUSE_OUTPUTS }),
      ),
    },
    steps: [
      { inputs: runsInputs, ...push(SECOND), exitCode: 1 },
      { inputs: runsInputs, ...push(SECOND), attempt: 2, exitCode: 0, prepare: (api) => api.advance(30_000) },
    ],
  },
  queue: {
    about:
      'several runs on a bucket that fills slowly: launches queue, and the log says when the next can be paid for',
    api: {
      keys: { [TEST_KEY]: { bucketSize: { burst: 120, perMinute: 30 } } },
      lifecycle: steadyLifecycle({ runningMs: 30_000, outputs: GREEN_CLAUSE_OUTPUTS }),
    },
    steps: [
      {
        inputs: { ...runsInputs, comment: 'never', timeout_minutes: '10' },
        exitCode: 0,
        prepare: drainAtLaunch(100),
      },
    ],
  },
  failed: {
    about: 'the run fails at Alloovium',
    api: { lifecycle: failedLifecycle },
    steps: [{ inputs: gatedInputs, ...push(SECOND), exitCode: 1 }],
  },
  cancelled: {
    about: 'the run is cancelled at Alloovium; what it wrote until then is published',
    api: { lifecycle: cancelledLifecycle },
    steps: [{ inputs: gatedInputs, ...push(SECOND), exitCode: 1 }],
  },
  'timed-out': {
    about: 'the clock runs out before the run ends; a re-run would join it',
    steps: [{ inputs: { ...gatedInputs, timeout_minutes: '1' }, ...push(SECOND), exitCode: 1 }],
  },
  'rate-limited': {
    about: 'the bucket of the key cannot pay for a launch at first: the job queues, and says so',
    api: {
      keys: { [TEST_KEY]: { tier: 'standard' } },
      lifecycle: steadyLifecycle({ runningMs: 40_000, outputs: GREEN_OUTPUTS }),
    },
    steps: [
      {
        inputs: baseInputs,
        exitCode: 0,
        prepare: drainAtLaunch(115),
      },
    ],
  },
  'lost-answer': {
    about: 'the answer to the launch is lost after the run was made: the same key finds the same run',
    api: {
      lifecycle: greenLifecycle,
      faults: [{ when: { call: 'launch', nth: 1 }, wire: ['reset'] }],
    },
    steps: [{ inputs: baseInputs, exitCode: 0 }],
  },
  replayed: {
    about: 'a second job with the same intent joins the run of the first; no second run is made',
    api: { lifecycle: greenLifecycle },
    steps: [
      { inputs: baseInputs, exitCode: 0 },
      { inputs: baseInputs, runId: 17_000_000_002, exitCode: 0 },
    ],
  },
  'not-found': {
    about: 'a workflow ID that is not there: the nearest ones are named',
    steps: [
      { inputs: { ...baseInputs, workflow_id: 'wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c32' }, exitCode: 1 },
    ],
  },
  'bad-input': {
    about: 'several inputs are wrong: all are named at once, nothing is sent',
    steps: [
      {
        inputs: {
          ...baseInputs,
          inputs: 'zip: 033000\nfrom: 1.10',
          timeout_minutes: 'soon',
          'fail-if': 'true',
        },
        exitCode: 1,
      },
    ],
  },
  'missing-key': {
    about: 'no API key: red, and it says where to put one',
    steps: [{ inputs: { ...baseInputs, api_key: '' }, exitCode: 1 }],
  },
  'free-tier': {
    about: 'a key of the free tier can never pay for a launch: red at once',
    api: { keys: { [TEST_KEY]: { tier: 'free' } } },
    steps: [{ inputs: baseInputs, exitCode: 1 }],
  },
  interrupted: {
    about: 'the job is cancelled while it waits: the run ID is out, the run goes on',
    steps: [{ inputs: baseInputs, signals: [{ whenStdout: /20 %/, signal: 'cancel' }], exitCode: 1 }],
  },
};

/** A review of findings of this shape in a pull request. Its title does not describe them. */
export function reviewOf(shape: Shape): Scenario {
  return {
    about: `findings of the shape of \`outputs.${shape.name}\``,
    api: { lifecycle: steadyLifecycle({ outputs: outputsOf(shape) }) },
    steps: [
      {
        inputs: {
          ...baseInputs,
          title: 'Review',
          fail_if: conditionOf(shape, shape.condition),
          comment: 'always',
        },
        ...push(SECOND),
        exitCode: 1,
      },
    ],
  };
}

export interface PlayOptions {
  readonly onLine?: (line: string) => void;
  /** Default `dist/index.js`. */
  readonly bundle?: string;
  /** Skips waits, unless a step is sent a signal: for plays that nobody watches. */
  readonly skipsWaits?: boolean;
}

/** Runs all steps of a scenario. The caller closes `api` and `github`. */
export async function play(scenario: Scenario, options: PlayOptions = {}): Promise<PlayedScenario> {
  const { onLine, bundle } = options;
  const skipsWaits =
    options.skipsWaits === true && scenario.steps.every(({ signals }) => signals === undefined);
  const api = await startApi({ speed: SPEED, isClientDriven: skipsWaits, ...scenario.api });
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
  });
  const steps: { step: Step; result: RunResult; comment: string | null }[] = [];
  for (const step of scenario.steps) {
    step.prepare?.(api);
    const pushed = headOf(step);
    if (pushed !== undefined) github.setHead(7, pushed);
    const before = steps.at(-1);
    const result = await runAction({
      timeoutMs: 60_000,
      ...step,
      inputs: {
        api_url: api.url,
        ...step.inputs,
        ...(before === undefined ? {} : step.inputsAfter?.(before.result)),
      },
      token: 'ghs_simulated',
      secrets: [TEST_KEY],
      preload: ['simulator/fast-time.mjs'],
      env: {
        FAST_TIME_SPEED: String(SPEED),
        // Longer than a busy machine delays an answer, so that no wait depends on the machine.
        ...(skipsWaits ? { FAST_TIME_SKIPS_WAITS: '1', FAST_TIME_FROZEN_MS: '6000' } : {}),
        GITHUB_API_URL: github.apiUrl,
        ...step.env,
      },
      ...(onLine ? { onLine: (line: string) => onLine(line) } : {}),
      ...(bundle === undefined ? {} : { bundle }),
    });
    steps.push({ step, result, comment: github.comments().at(-1)?.body ?? null });
  }
  return { steps, api, github };
}

/** Plays scenarios, three at a time. The caller closes their servers. */
export async function playAll(
  scenarios: Readonly<Record<string, Scenario>> = SCENARIOS,
): Promise<ReadonlyMap<string, PlayedScenario>> {
  const played = new Map<string, PlayedScenario>();
  const left = Object.entries(scenarios);
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, scenario] = next;
      played.set(name, await play(scenario, { skipsWaits: true }));
    }
  };
  await Promise.all(Array.from({ length: 3 }, worker));
  return played;
}
