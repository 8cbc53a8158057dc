/** What is known of an order: one record, filled on the way, so that it can be reported at any moment. */
import type { Run } from '../api/wire.ts';
import type { Outcome } from '../outcome.ts';
import type { Review } from '../gate/findings.ts';
import type { RunPlan } from '../inputs/inputs.ts';
import type { JsonValue } from '../json.ts';

/** A value above 128 KiB that is passed to `env:` keeps the next step from starting. */
export const MAX_OUTPUT_BYTES = 100_000;

/** A line for log and report. */
export type Notice =
  /** An answer of the API contained a secret of this job. */
  | { readonly code: 'secret_in_answer' }
  /** Untrusted. */
  | { readonly code: 'unknown_status'; readonly status: string }
  /** An earlier attempt of the launch may have started another run. */
  | { readonly code: 'maybe_another_run'; readonly key: string };

/** How the order got its run. `joined`: the launch was answered with a run that existed. */
type Origin = 'started' | 'joined' | 'given';

/** Mutable: the order fills it, and whoever reports reads it. */
export interface RunState {
  readonly runPlan: RunPlan;
  /** The key of the last launch; empty: none was sent. */
  key: string;
  /** Empty: no run is known. */
  runId: string;
  origin: Origin | null;
  /** Earlier runs of this intent that a re-run left because their gate was red; null: not known. */
  redRunsBefore: number | null;
  workflowId: string;
  /** The last status that the API reported; empty: none. Untrusted. */
  status: string;
  /** 0 to 100 */
  progress: number | null;
  /** Untrusted. */
  stage: string;
  /** ISO 8601; empty: not known. */
  startedAt: string;
  completedAt: string;
  /** The run's `error_message`. Untrusted, may be empty. */
  errorMessage: string;
  /** undefined: none, or not kept (of several runs only small ones are). Untrusted. */
  outputs: JsonValue | undefined;
  /** As JSON where they fit into a step output; empty: none; null: too large. */
  outputsJson: string | null;
  /** Path; empty: none. Of several runs each has a file of its own, which `writeStepFiles` joins. */
  outputsFile: string;
  /** Paths of the entries' parts of `gate_file`. */
  gateFiles: readonly string[];
  /** One for each entry of the order; empty: not evaluated. */
  reviews: readonly Review[];
  readonly notices: Notice[];
  /** What there is at Alloovium without an end. `perhaps`: a launch was sent and its answer is not known. */
  openRun: 'nothing' | 'run' | 'perhaps';
  /** Until it is over, what is never green. */
  outcome: Outcome;
}

export function createRunState(runPlan: RunPlan): RunState {
  return {
    runPlan,
    key: '',
    runId: runPlan.runId,
    origin: null,
    redRunsBefore: null,
    workflowId: runPlan.workflowId,
    status: '',
    progress: null,
    stage: '',
    startedAt: '',
    completedAt: '',
    errorMessage: '',
    outputs: undefined,
    outputsJson: '',
    outputsFile: '',
    gateFiles: [],
    reviews: [],
    notices: [],
    openRun: runPlan.runId === '' ? 'nothing' : 'run',
    outcome: { kind: 'crashed', message: '' },
  };
}

/** Takes over what a status check shows of the run, but for its outputs. */
export function updateRunState(runState: RunState, run: Run): void {
  runState.workflowId = run.workflowId || runState.workflowId;
  runState.status = run.status;
  runState.progress = run.progress;
  runState.stage = run.stage;
  runState.startedAt = run.startedAt;
  runState.completedAt = run.completedAt;
  runState.errorMessage = run.errorMessage;
}

/** Adds a notice, once for each code. */
export function addNotice({ notices }: RunState, notice: Notice): void {
  if (!notices.some(({ code }) => code === notice.code)) notices.push(notice);
}
