/** The options and the result of a step. */
import type { FoundCommand } from '../workflow-commands.ts';
import type { Annotation } from './log.ts';
import type { Stream } from './output.ts';

export interface RunOptions {
  /** As under `with:`; undeclared names are set too, as the runner does. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Applied last; undefined removes a variable, GITHUB_OUTPUT for instance. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `push`. */
  readonly eventName?: string;
  /** The event's payload; default: a plausible one for the event. */
  readonly event?: unknown;
  /** The exact text of the payload file; null: no such file. */
  readonly eventPayload?: string | null;
  /** For so long from the step's start the payload file is truncated, because a parallel step of the job rewrites it. */
  readonly eventTruncatedMs?: number;
  readonly attempt?: number;
  readonly runId?: number;
  /** The `matrix` context. */
  readonly matrix?: unknown;
  /** `github.token`. */
  readonly token?: string;
  /** Secrets of the job besides its token: masked from the first line on. */
  readonly secrets?: readonly string[];
  /** Each is sent once, at the first of its moments. `cancel` sends the signals of a cancelled job. */
  readonly signals?: readonly {
    readonly afterMs?: number;
    readonly whenStdout?: RegExp;
    readonly whenDone?: Promise<unknown>;
    readonly signal: NodeJS.Signals | 'cancel';
  }[];
  readonly nodeArgs?: readonly string[];
  /** Modules for `--import`. */
  readonly preload?: readonly string[];
  /** Default `dist/index.js`. */
  readonly bundle?: string;
  /** Default `action.yml`. */
  readonly actionYml?: string;
  /** RUNNER_TEMP; steps with the same folder are of one job. Default: a new one. */
  readonly temp?: string;
  /** `closed`: writing fails with EPIPE; `full`: /dev/full. */
  readonly stdout?: 'closed' | 'full';
  readonly stderr?: 'closed' | 'full';
  readonly uid?: number;
  /** SIGKILL after this long. */
  readonly timeoutMs?: number;
  readonly onLine?: (line: string, stream: Stream) => void;
}

export interface RunResult {
  /** null: a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The value of `steps.x.outcome`, which depends on more than the exit code. */
  readonly outcome: 'success' | 'failure' | 'cancelled';
  /** Whether `timeoutMs` ended it. */
  readonly hasTimedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** From its start to the first output: shows how busy the machine is. */
  readonly startMs: number;
  /** From the last output to the end. */
  readonly exitDelayMs: number;
  /** From the first signal to the end; null without one. */
  readonly afterSignalMs: number | null;
  /** Peak memory; null where the system does not report it. */
  readonly peakMiB: number | null;
  /** The values of `steps.x.outputs`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly outputPairs: readonly (readonly [string, string])[];
  /** The errors for which the runner would fail the step. */
  readonly outputErrors: readonly string[];
  /** The files' texts; '' where there is none. */
  readonly files: {
    readonly output: string;
    readonly env: string;
    readonly path: string;
    readonly state: string;
  };
  /** As written. */
  readonly summary: string;
  /** As GitHub shows it: masked; '' where it is dropped. */
  readonly shownSummary: string;
  /** Every command in the streams, whether the runner acted on it or not. */
  readonly commands: readonly (FoundCommand & { readonly stream: Stream })[];
  readonly annotations: readonly Annotation[];
  /** The values of `add-mask`. */
  readonly masks: readonly string[];
  /** Each group of the log is closed, and none is inside another. */
  readonly hasBalancedGroups: boolean;
  /** The raw log, without timestamps. */
  readonly log: string;
  /** The log as GitHub's page shows it. */
  readonly shownLog: string;
  /** RUNNER_TEMP; removed when this process ends. */
  readonly temp: string;
}
