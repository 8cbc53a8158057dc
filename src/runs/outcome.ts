/** What is known of an order: one record, filled on the way, that can be reported at any moment, and how it ended, as data. */
import type { Client } from '../alloovium/client.ts';
import { RequestError, type RequestFailure } from '../alloovium/errors.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Clock } from '../clock.ts';
import type { BaselineState, Evaluated } from '../gate/baseline.ts';
import { Ended } from '../fault.ts';
import type { GateFault } from '../gate/gate.ts';
import type { GithubFailure } from '../github/api.ts';
import type { Context } from '../github/context.ts';
import type { Runner } from '../github/runner.ts';
import type { InputFault, Inputs, Order } from '../inputs/inputs.ts';
import type { JsonValue } from '../json.ts';
import type { Turns } from './turns.ts';

/** How an order, or the whole step, ended. `endings.ts` has one row for each. */
export type Ending =
  // An order.
  /** The run completed and each entry was evaluated: the gate decides. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'cancelled' }
  /** `wait: false` */
  | { readonly kind: 'launched' }
  | {
      readonly kind: 'timed_out';
      /** Waiting for a run ID, for the run's end, or for the evaluation of an ended run. */
      readonly phase: 'launch' | 'run' | 'evaluation';
      /** What the launch waited for. */
      readonly waitedFor: 'tokens' | 'turn' | null;
      /** The API asked to wait this long, beyond the deadline; null: it did not. */
      readonly askedMs: number | null;
      /** The last request's failure; null: it had a usable answer. */
      readonly last: RequestFailure | null;
    }
  | { readonly kind: 'request_failed'; readonly failure: RequestFailure }
  /** Status checks failed for five minutes, or 30 s where the API rejects them. */
  | { readonly kind: 'lost_sight'; readonly failure: RequestFailure; readonly forMs: number }
  /** The gate took more than 4 s. */
  | { readonly kind: 'gate_timeout' }
  // An order or the step.
  | { readonly kind: 'interrupted'; readonly signal: string }
  | { readonly kind: 'crashed'; readonly message: string }
  // The step, before its orders.
  | {
      readonly kind: 'invalid_inputs';
      readonly faults: readonly InputFault[];
      readonly gateFaults: readonly GateFault[];
    }
  /** `isWithheld`: GitHub gives the job no secrets. */
  | { readonly kind: 'missing_key'; readonly isWithheld: boolean }
  | { readonly kind: 'skipped' }
  /** Only the event's file tells the commit, and it does not. */
  | { readonly kind: 'no_commit' }
  /** A variable that every runner sets is missing. */
  | { readonly kind: 'not_a_runner'; readonly variable: string }
  | { readonly kind: 'pull_request'; readonly number: number; readonly failure: GithubFailure }
  /** The `pending` status could not be set, or the file of `config` not read. */
  | { readonly kind: 'commit_status' | 'config'; readonly failure: GithubFailure }
  | { readonly kind: 'no_outputs'; readonly message: string };

/** A line for log and report. */
export type Notice =
  /** An answer of the API contained a secret of this job. */
  | { readonly code: 'secret_in_answer' }
  /** Untrusted. */
  | { readonly code: 'unknown_status'; readonly status: string }
  /** An earlier attempt of the launch may have started another run. */
  | { readonly code: 'maybe_another_run'; readonly key: string };

/** How the order got its run. `joined`: the launch was answered with a run that existed. */
export type Origin = 'started' | 'joined' | 'given';

/** Mutable: the order fills it, and whoever reports reads it. */
export interface RunRecord {
  readonly order: Order;
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
  evaluated: readonly Evaluated[];
  readonly notices: Notice[];
  /** What there is at Alloovium without an end. `perhaps`: a launch was sent and its answer is not known. */
  left: 'nothing' | 'run' | 'perhaps';
  /** null: it is not over. */
  ending: Ending | null;
}

/** What the log learns on the way; each may be called many times. */
export interface Listener {
  /** The order has its run. */
  found(record: RunRecord): void;
  /** A status check showed the run. `elapsedMs`: since the order has it. */
  checked(record: RunRecord, elapsedMs: number): void;
  /** A request failed, and is sent again after so long. */
  waiting(record: RunRecord, ms: number, why: RequestFailure): void;
  /** A re-run leaves a run of an earlier job, which ended red. */
  left(record: RunRecord, why: 'red' | 'failed' | 'cancelled'): void;
  ended(record: RunRecord): void;
}

export interface StepParts extends Pick<Inputs, 'onRerun' | 'wait' | 'failOn' | 'hasSeveral'> {
  readonly client: Client;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted with `Interrupted` when the runner stops the step, with any other reason after a crash. */
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly context: Context;
  readonly baseline: Promise<BaselineState>;
  readonly listener: Listener;
  readonly runner: Pick<Runner, 'writeFile'>;
  readonly redact: (text: string) => string;
  /** `2026-11-30`, UTC */
  today(): string;
}

export interface RunParts extends StepParts {
  readonly turns: Turns;
  /** The key under which the step has each run. */
  readonly keyOfRun: Map<string, string>;
}

/** The runner stops the step. */
export class Interrupted extends Error {
  readonly signalName: string;

  constructor(signalName: string) {
    super(signalName);
    this.signalName = signalName;
  }
}

type TimedOut = Extract<Ending, { kind: 'timed_out' }>;

export function outOfTime(phase: TimedOut['phase'], more: Partial<TimedOut> = {}): Ended {
  return new Ended({ kind: 'timed_out', phase, waitedFor: null, askedMs: null, last: null, ...more });
}

export function endingOf(error: unknown, redact: (text: string) => string): Ending {
  if (error instanceof Ended) return error.ending;
  if (error instanceof RequestError) return { kind: 'request_failed', failure: error.failure };
  if (error instanceof Interrupted) return { kind: 'interrupted', signal: error.signalName };
  return { kind: 'crashed', message: redact(error instanceof Error ? error.message : String(error)) };
}

export function createRecord(order: Order): RunRecord {
  return {
    order,
    key: '',
    runId: order.runId,
    origin: null,
    redRunsBefore: null,
    workflowId: order.workflowId,
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
    evaluated: [],
    notices: [],
    left: order.runId === '' ? 'nothing' : 'run',
    ending: null,
  };
}

/** Takes over what a status check shows of the run, but for its outputs. */
export function updateRecord(record: RunRecord, run: Run): void {
  record.workflowId = run.workflowId || record.workflowId;
  record.status = run.status;
  record.progress = run.progress;
  record.stage = run.stage;
  record.startedAt = run.startedAt;
  record.completedAt = run.completedAt;
  record.errorMessage = run.errorMessage;
}

/** Adds a notice, once for each code. */
export function addNotice({ notices }: RunRecord, notice: Notice): void {
  if (!notices.some(({ code }) => code === notice.code)) notices.push(notice);
}
