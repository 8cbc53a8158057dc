/** What a step is given, and what comes back. */
import type { FoundCommand } from '../commands.ts';
import type { Annotation, Stream } from './output.ts';

export interface RunOptions {
  /** As under `with:`; names the action does not declare are set too, as the runner does. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Applied last; undefined takes a variable away, GITHUB_OUTPUT for instance. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `push`. */
  readonly eventName?: string;
  /** The event's payload; default: a plausible one for the event. */
  readonly event?: unknown;
  /** The payload file's text, whatever it is; null: no such file. */
  readonly eventPayload?: string | null;
  /** For so long from the step's start on the payload's file is cut: another step of the job, that runs beside it, begins. */
  readonly eventTornMs?: number;
  readonly attempt?: number;
  readonly runId?: number;
  /** The `matrix` context. */
  readonly matrix?: unknown;
  /** `github.token`. */
  readonly token?: string;
  /** Values that the job knows as secrets besides its token: shown as `***` from the first line on. */
  readonly secrets?: readonly string[];
  /** Sent once each, when the first of the given moments comes. `cancel` is what the runner does to a cancelled job. */
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
  /** Where RUNNER_TEMP is; steps that have it in common are of one job. Default: a new one. */
  readonly temp?: string;
  /** `closed`: nobody reads it (EPIPE); `full`: /dev/full. */
  readonly stdout?: 'closed' | 'full';
  readonly stderr?: 'closed' | 'full';
  readonly uid?: number;
  /** SIGKILL after this long. */
  readonly timeoutMs?: number;
  readonly onLine?: (line: string, stream: Stream) => void;
}

export interface RunResult {
  /** null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** As `steps.x.outcome` would have it: red for more than its exit code. */
  readonly outcome: 'success' | 'failure' | 'cancelled';
  /** Whether `timeoutMs` had to end it. */
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** From its start to the first output: how slow the machine is just now. */
  readonly startMs: number;
  /** From the last output to the end. */
  readonly lingerMs: number;
  /** From the first signal to the end; null without one. */
  readonly afterSignalMs: number | null;
  /** The most memory it had, in MiB; null where the system does not tell. */
  readonly peakMiB: number | null;
  /** As `steps.x.outputs` would have them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly outputPairs: readonly (readonly [string, string])[];
  /** What the runner would fail the step for. */
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
  /** As GitHub shows it: without the job's secrets; '' where it is dropped. */
  readonly summaryShown: string;
  /** Every command in the streams, whether the runner acted on it or not. */
  readonly commands: readonly (FoundCommand & { readonly stream: Stream })[];
  readonly annotations: readonly Annotation[];
  /** What `add-mask` had masked. */
  readonly masks: readonly string[];
  /** Every group opened is closed, none inside another. */
  readonly groupsBalanced: boolean;
  /** The raw log, without its times. */
  readonly log: string;
  /** The log as GitHub's page shows it. */
  readonly shown: string;
  /** RUNNER_TEMP; removed when this process ends. */
  readonly temp: string;
}
