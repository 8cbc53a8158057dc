/** The action in use: what the demo shows, the preview draws and the end-to-end tests hold to. */
import type { Launch } from './api-state.ts';
import { startApi, type Api, type ApiOptions } from './api.ts';
import { startGithub, type Github } from './github.ts';
import { runAction, type RunOptions, type RunResult } from './runner.ts';
import {
  BAD_DAY_OUTPUTS,
  CLAUSE_OUTPUTS,
  DEEP_OUTPUTS,
  GREEN_CLAUSE_OUTPUTS,
  ROOM_OUTPUTS,
} from './samples.ts';
import {
  GREEN_OUTPUTS,
  INPUTS,
  PROJECT_ID,
  steadyCourse,
  TEST_KEY,
  WORKFLOW_ID,
  type Course,
} from './seed.ts';
import { conditionOf, outputsOf, type Shape } from './shapes.ts';

/** How much faster than real time the simulator's clock and the bundle's timers run. */
export const SPEED = 12;

export interface Scenario {
  /** One line: what it shows. */
  readonly about: string;
  readonly api?: ApiOptions;
  /** Runs of the action, one after the other, in one pull request or branch. */
  readonly steps: readonly Step[];
}

export interface Step extends RunOptions {
  /** What is the head of the pull request by then; left out: it is of none. */
  readonly head?: string;
  /** What the exit code has to be. */
  readonly exits: 0 | 1;
  /** Done just before, by the simulator's side. */
  readonly before?: (api: Api) => void;
  /** More inputs, by what the step before it left. */
  readonly inputsAfter?: (before: RunResult) => Readonly<Record<string, string>>;
}

export interface Played {
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

const asked = {
  api_key: TEST_KEY,
  workflow_id: WORKFLOW_ID,
  project_id: PROJECT_ID,
  inputs: `start_date: '${INPUTS.start_date}'\nend_date: '${INPUTS.end_date}'`,
};
const gated = { ...asked, fail_if: GATE, comment: 'always' };
const KNOWN_BY = 'document_id, clause, status';
const COLUMNS = 'document, clause, reason';
const withClauses = { ...gated, known_by: KNOWN_BY, columns: COLUMNS };

/** Several projects of one company in one step, each with a run of its own. */
const TOWER = PROJECT_ID;
const CAR_PARK = '5d0c7b2e-9a41-4f3d-8b6c-2e1f0a9d8c7b';
const BRIDGE = 'b41f6a90-3c7e-4d28-9f15-6e8a7c0d2b34';
const several = {
  ...gated,
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

const onlyNew = { ...withClauses, fail_on: 'new' };
const baseline = ({ outputs }: RunResult) => ({ baseline_file: outputs.gate_file ?? '' });

/** What is the head of the pull request when the step runs. */
export function headOf({ head, event }: Pick<Step, 'head' | 'event'>): string | undefined {
  const { pull_request: pull } = (event ?? {}) as { pull_request?: { head?: { sha: string } } };
  return head ?? pull?.head?.sha;
}

/** A pull request at a given commit. */
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

/** At the first push: the data sheet was wrong already, the doors were not in yet, the shop drawing was unsigned. */
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

/** Others take so many tokens at the launch itself, so that a slow start does not refill the bucket. */
const drainedAtLaunch = (tokens: number) => (api: Api) => {
  api.faults.push(({ call, nth }) => {
    if (call === 'launch' && nth === 1) api.bucket(TEST_KEY).drain(tokens, api.now());
    return undefined;
  });
};

const greenCourse = steadyCourse({ outputs: GREEN_OUTPUTS });
const failedCourse = steadyCourse({
  ending: 'failed',
  runningMs: 40_000,
  errorMessage: 'Document 4a1c2b3d has no text layer.',
});
const cancelledCourse = steadyCourse({
  ending: 'cancelled',
  runningMs: 40_000,
  outputs: { summary: '2 of 5 submittals reviewed.' },
});

/** The tower has what a single run of it has; the car park is in order; the bridge takes longer than the step waits. */
const coursesOf =
  (tower: (nth: number) => Course) =>
  ({ projectId, count }: Launch): Course =>
    projectId === TOWER
      ? tower(count)
      : projectId === CAR_PARK
        ? steadyCourse({ runningMs: 62_000, outputs: GREEN_CLAUSE_OUTPUTS })
        : steadyCourse({ runningMs: 300_000, outputs: GREEN_CLAUSE_OUTPUTS });

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  review: {
    about: 'a weekly submittal review with a gate that holds: two of five items are not compliant',
    steps: [{ inputs: gated, ...push(SECOND), exits: 1 }],
  },
  green: {
    about: 'the same with everything in order',
    api: { course: greenCourse },
    steps: [{ inputs: gated, ...push(SECOND), exits: 0 }],
  },
  deep: {
    about: 'documents with clauses with issues: each issue is a row that names its document and clause',
    api: { course: steadyCourse({ outputs: DEEP_OUTPUTS }) },
    steps: [
      {
        inputs: {
          ...asked,
          comment: 'always',
          fail_if: `serious: ${ISSUES}.filter(i, i.severity == 'high')`,
        },
        ...push(SECOND),
        exits: 1,
      },
    ],
  },
  rooms: {
    about: 'items without any ID',
    api: { course: steadyCourse({ outputs: ROOM_OUTPUTS }) },
    steps: [
      {
        inputs: {
          ...asked,
          title: 'Fire safety',
          comment: 'always',
          fail_if: "dangerous: outputs.hazards.filter(i, i.severity in ['high', 'critical'])",
        },
        ...push(SECOND),
        exits: 1,
      },
    ],
  },
  'bad-day': {
    about: 'what a model writes on a bad day: types that change, empty texts, one value in another case',
    api: { course: steadyCourse({ outputs: BAD_DAY_OUTPUTS }) },
    steps: [{ inputs: gated, ...push(SECOND), exits: 1 }],
  },
  waived: {
    about: 'one of the two findings is waived, with a reason and a last day',
    api: { course: steadyCourse({ outputs: CLAUSE_OUTPUTS }) },
    steps: [{ inputs: { ...withClauses, waivers: WAIVERS }, ...push(SECOND), exits: 1 }],
  },
  'no-gate': {
    about: 'no gate: green because the run completed',
    steps: [{ inputs: asked, exits: 0 }],
  },
  'second-push': {
    about: 'after a second push the comment says what is new, still open and no longer matching',
    api: { course: ({ count }) => steadyCourse({ outputs: count === 1 ? FIRST_OUTPUTS : CLAUSE_OUTPUTS }) },
    steps: [
      { inputs: withClauses, ...push(FIRST), exits: 1 },
      { inputs: withClauses, ...push(SECOND), runId: 17_000_000_002, exits: 1 },
    ],
  },
  'known-findings': {
    about: 'with `fail_on: new` what main has already is shown as known, and the check is green',
    steps: [
      { inputs: onlyNew, eventName: 'workflow_dispatch', exits: 1 },
      { inputs: onlyNew, inputsAfter: baseline, ...push(FIRST), runId: 17_000_000_002, exits: 0 },
    ],
  },
  'one-new': {
    about: 'the same with one finding that main does not have: red by that one',
    api: { course: ({ count }) => steadyCourse({ outputs: count === 1 ? FIRST_OUTPUTS : CLAUSE_OUTPUTS }) },
    steps: [
      { inputs: onlyNew, eventName: 'workflow_dispatch', exits: 1 },
      { inputs: onlyNew, inputsAfter: baseline, ...push(FIRST), runId: 17_000_000_002, exits: 1 },
    ],
  },
  'no-baseline': {
    about:
      '`fail_on: new` without a baseline, since the cache has none: every finding counts as new, and it says so',
    steps: [{ inputs: { ...onlyNew, baseline_file: 'main-has/gate.json' }, ...push(FIRST), exits: 1 }],
  },
  'cannot-be-evaluated': {
    about: 'a condition over a key that is not there is red, not passed over',
    steps: [
      {
        inputs: { ...gated, fail_if: "rejected: outputs.findings.filter(f, f.status == 'rejected')" },
        ...push(SECOND),
        exits: 1,
      },
    ],
  },
  warn: {
    about: 'a condition that only warns, for rolling a gate out',
    steps: [{ inputs: { ...asked, warn_if: GATE, comment: 'on_failure' }, ...push(SECOND), exits: 0 }],
  },
  'many-runs': {
    about:
      'several projects in one step, at the second push: one red by its gate, one green, one not finished',
    api: {
      course: coursesOf((count) => steadyCourse({ outputs: count <= 3 ? FIRST_OUTPUTS : CLAUSE_OUTPUTS })),
    },
    steps: [
      { inputs: several, ...push(FIRST), exits: 1 },
      { inputs: several, ...push(SECOND), runId: 17_000_000_002, exits: 1 },
    ],
  },
  'many-runs-rerun': {
    about:
      'its job is re-run: the green run and the one that goes on are joined, only the red one is launched anew',
    api: {
      course: coursesOf((count) =>
        steadyCourse({ outputs: count <= 3 ? CLAUSE_OUTPUTS : GREEN_CLAUSE_OUTPUTS }),
      ),
    },
    steps: [
      { inputs: several, ...push(SECOND), exits: 1 },
      { inputs: several, ...push(SECOND), attempt: 2, exits: 0, before: (api) => api.advance(30_000) },
    ],
  },
  queue: {
    about:
      'several runs on a bucket that fills slowly: launches queue, and the log says when the next can be paid for',
    api: {
      keys: { [TEST_KEY]: { bucketSize: { burst: 120, perMinute: 30 } } },
      course: steadyCourse({ runningMs: 30_000, outputs: GREEN_CLAUSE_OUTPUTS }),
    },
    steps: [
      {
        inputs: { ...several, comment: 'never', timeout_minutes: '10' },
        exits: 0,
        before: drainedAtLaunch(100),
      },
    ],
  },
  failed: {
    about: 'the run fails at Alloovium',
    api: { course: failedCourse },
    steps: [{ inputs: gated, ...push(SECOND), exits: 1 }],
  },
  cancelled: {
    about: 'the run is cancelled at Alloovium; what it wrote until then is published',
    api: { course: cancelledCourse },
    steps: [{ inputs: gated, ...push(SECOND), exits: 1 }],
  },
  'timed-out': {
    about: 'the clock runs out before the run ends; a re-run would join it',
    steps: [{ inputs: { ...gated, timeout_minutes: '1' }, ...push(SECOND), exits: 1 }],
  },
  'rate-limited': {
    about: 'the bucket of the key cannot pay for a launch at first: the job queues, and says so',
    api: {
      keys: { [TEST_KEY]: { tier: 'standard' } },
      course: steadyCourse({ runningMs: 40_000, outputs: GREEN_OUTPUTS }),
    },
    steps: [
      {
        inputs: asked,
        exits: 0,
        before: drainedAtLaunch(115),
      },
    ],
  },
  'lost-answer': {
    about: 'the answer to the launch is lost after the run was made: the same key finds the same run',
    api: {
      course: greenCourse,
      faults: [{ when: { call: 'launch', nth: 1 }, wire: ['reset'] }],
    },
    steps: [{ inputs: asked, exits: 0 }],
  },
  replayed: {
    about: 'a second job with the same intent joins the run of the first; no second run is made',
    api: { course: greenCourse },
    steps: [
      { inputs: asked, exits: 0 },
      { inputs: asked, runId: 17_000_000_002, exits: 0 },
    ],
  },
  'not-found': {
    about: 'a workflow ID that is not there: the nearest ones are named',
    steps: [{ inputs: { ...asked, workflow_id: 'wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c32' }, exits: 1 }],
  },
  'bad-input': {
    about: 'several inputs are wrong: all are named at once, nothing is sent',
    steps: [
      {
        inputs: { ...asked, inputs: 'zip: 033000\nfrom: 1.10', timeout_minutes: 'soon', 'fail-if': 'true' },
        exits: 1,
      },
    ],
  },
  'missing-key': {
    about: 'no API key: red, and it says where to put one',
    steps: [{ inputs: { ...asked, api_key: '' }, exits: 1 }],
  },
  'free-tier': {
    about: 'a key of the free tier can never pay for a launch: red at once',
    api: { keys: { [TEST_KEY]: { tier: 'free' } } },
    steps: [{ inputs: asked, exits: 1 }],
  },
  interrupted: {
    about: 'the job is cancelled while it waits: the run ID is out, the run goes on',
    steps: [{ inputs: asked, signals: [{ whenStdout: /20 %/, signal: 'cancel' }], exits: 1 }],
  },
};

/** A review of findings of this shape in a pull request. Its title gives no hint of what they are. */
export function reviewOf(shape: Shape): Scenario {
  return {
    about: `findings of the shape of \`outputs.${shape.name}\``,
    api: { course: steadyCourse({ outputs: outputsOf(shape) }) },
    steps: [
      {
        inputs: {
          ...asked,
          title: 'Review',
          fail_if: conditionOf(shape, shape.condition),
          comment: 'always',
        },
        ...push(SECOND),
        exits: 1,
      },
    ],
  };
}

export interface PlayOptions {
  readonly onLine?: (line: string) => void;
  /** Default `dist/index.js`. */
  readonly bundle?: string;
  /** Waits are leapt over, where no step is sent a signal: for those who do not watch. */
  readonly leaps?: boolean;
}

/** Plays a scenario to its end. The caller closes `api` and `github`. */
export async function play(scenario: Scenario, options: PlayOptions = {}): Promise<Played> {
  const { onLine, bundle } = options;
  const leaps = options.leaps === true && scenario.steps.every(({ signals }) => signals === undefined);
  const api = await startApi({ speed: SPEED, led: leaps, ...scenario.api });
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
  });
  const steps: { step: Step; result: RunResult; comment: string | null }[] = [];
  for (const step of scenario.steps) {
    step.before?.(api);
    const pushed = headOf(step);
    if (pushed !== undefined) github.push(7, pushed);
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
        // A busy machine keeps an answer back for less, so that no wait depends on it.
        ...(leaps ? { FAST_TIME_LEAPS: '1', FAST_TIME_STANDS: '6000' } : {}),
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

/** Plays scenarios, a few at a time. The caller closes what they leave. */
export async function playAll(
  scenarios: Readonly<Record<string, Scenario>> = SCENARIOS,
): Promise<ReadonlyMap<string, Played>> {
  const played = new Map<string, Played>();
  const left = Object.entries(scenarios);
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, scenario] = next;
      played.set(name, await play(scenario, { leaps: true }));
    }
  };
  await Promise.all(Array.from({ length: 3 }, worker));
  return played;
}
