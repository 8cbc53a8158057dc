/** What is known of a run: one value, filled on the way, so that it can be reported at any moment. */
import type { Client } from '../api/client.ts';
import type { BaselineState } from '../baseline.ts';
import type { Context } from '../github/context.ts';
import type { Deps } from '../step.ts';
import type { createTurns } from './turns.ts';
import type { Run } from '../api/wire.ts';
import type { GateResult } from '../gate/findings.ts';
import type { Entry, RunPlan } from '../inputs/runs.ts';
import type { JsonValue } from '../json.ts';
import type { Outcome, RequestFailure } from '../outcome.ts';
import type { Decision } from './retry-policy.ts';

/** A line for log and report. */
export type Notice =
  /** An answer of the API contained a secret of this job. */
  | { readonly code: 'secret_in_answer' }
  /** Untrusted. */
  | { readonly code: 'unknown_status'; readonly status: string }
  /** An earlier attempt to start the run may have started another one. */
  | { readonly code: 'maybe_another_run'; readonly key: string };

/** A run that a re-run skipped because it failed its gate. */
type EarlierRun = Pick<RunState, 'runId' | 'gateResults'>;

/** Mutable: the run fills it, and whoever reports reads it. */
export interface RunState {
  readonly runPlan: RunPlan;
  /** The idempotency key of the last attempt to start it; empty: there was none. */
  key: string;
  /** Empty: no run is known. */
  runId: string;
  /** `picked_up`: the API replayed an earlier answer, so the run existed. `given`: by `run_id`. */
  origin: 'started' | 'picked_up' | 'given' | null;
  /** Earlier runs of this intent that a re-run skipped because they failed their gate; null: not known. */
  redRunsBefore: number | null;
  /** The last of them; null: there is none. */
  earlier: EarlierRun | null;
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
  /** undefined: there are none. Untrusted. */
  outputs: JsonValue | undefined;
  /** One per entry of the plan; empty: not evaluated. */
  gateResults: readonly GateResult[];
  readonly notices: Notice[];
  /**
   * What may be running in Alloovium. `perhaps`: a start was sent, and its answer is not known; `unkept`: the answer was an error after
   * which the idempotency key may not find the run.
   */
  openRun: 'nothing' | 'run' | 'perhaps' | 'unkept';
  /** Until the run is over, an outcome that fails the check. */
  outcome: Outcome;
}

export function createRunState(runPlan: RunPlan): RunState {
  return {
    runPlan,
    key: '',
    runId: runPlan.runId,
    origin: null,
    redRunsBefore: null,
    earlier: null,
    workflowId: runPlan.workflowId,
    status: '',
    progress: null,
    stage: '',
    startedAt: '',
    completedAt: '',
    errorMessage: '',
    outputs: undefined,
    gateResults: [],
    notices: [],
    openRun: runPlan.runId === '' ? 'nothing' : 'run',
    outcome: { kind: 'crashed', message: '' },
  };
}

/** Takes over what a status check shows of the run, except its outputs. */
export function updateRunState(runState: RunState, run: Run): void {
  runState.workflowId = run.workflowId || runState.workflowId;
  runState.status = run.status;
  runState.progress = run.progress;
  runState.stage = run.stage;
  runState.startedAt = run.startedAt;
  runState.completedAt = run.completedAt;
  runState.errorMessage = run.errorMessage;
}

/** Adds a notice, once per code. */
export function addNotice({ notices }: RunState, notice: Notice): void {
  if (!notices.some(({ code }) => code === notice.code)) notices.push(notice);
}

/** One entry with its run, whatever happened. */
export interface EntryResult {
  readonly entry: Entry;
  readonly runState: RunState;
  /** null: not evaluated. */
  readonly gateResult: GateResult | null;
  /** The run that a re-run skipped, with the results of the same gate; null: there is none. */
  readonly earlier: { readonly runId: string; readonly gateResult: GateResult } | null;
}

/** Why a re-run starts another run. `gate`: the run does not pass it, or takes longer than its time limit. */
export type SkipReason = 'failed' | 'cancelled' | 'gate' | 'too_large' | 'not_found';

/** What the log learns on the way; each function may be called many times. */
export interface Listener {
  /** The run is started, picked up or given. */
  found(runState: RunState): void;
  /** A status check showed the run. `elapsedMs`: since the step has it. */
  checked(runState: RunState, elapsedMs: number): void;
  /** A request failed. */
  decided(runState: RunState, failure: RequestFailure, decision: Decision): void;
  /** A re-run does not pick up the run of an earlier attempt. */
  skipped(runState: RunState, why: SkipReason): void;
  ended(runState: RunState): void;
}

/** What the runs of a step share. */
export interface RunDeps extends Deps {
  readonly client: Client;
  readonly context: Context;
  readonly onRerun: 'resume' | 'fresh';
  readonly wait: boolean;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly baseline: Promise<BaselineState>;
  readonly listener: Listener;
  readonly turns: ReturnType<typeof createTurns>;
  /** The idempotency key of each run that the step has. */
  readonly keyOfRun: Map<string, string>;
}
