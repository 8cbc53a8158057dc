/** The events of an order in progress. Everything known about an order comes from these events. Pure. */
import type { Meta } from '../alloovium/exchange.ts';
import type { Failure, RetriesLeft, Retry } from '../alloovium/retry.ts';
import type { TerminalStatus } from '../alloovium/statuses.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Finding } from '../gate/finding.ts';
import type { BaselineResult } from '../gate/baseline.ts';
import type { Entry } from '../inputs/runs-input.ts';
import type { LogLine } from '../text/escape.ts';

/** What an unfinished order leaves at Alloovium. `unknown`: a launch was sent and its result is unknown. */
type LeftAtServer = 'run' | 'unknown' | 'nothing';

/** How the order ended. */
export type Ending = {
  /** Details beyond the headline: the message of the run or of an error. Untrusted; may be empty. */
  readonly errorMessage: string;
} &
  /** The run has ended. */
  (
    | { readonly kind: 'ended'; readonly status: TerminalStatus }
    /** `wait: false` */
    | { readonly kind: 'launched' }
    | {
        readonly kind: 'timed_out';
        /** What a launch was waiting for, in trusted words; or empty. */
        readonly waitedFor: string;
        /** For how long the API asked to wait, which was beyond the deadline; null: it did not ask. */
        readonly askedMs: number | null;
        /** Why the last requests had no usable answer, in trusted words: "503", "ECONNREFUSED"; empty: they had one. */
        readonly lastFailure: string;
        readonly left: LeftAtServer;
      }
    | { readonly kind: 'interrupted'; readonly signal: string; readonly left: LeftAtServer }
    | {
        readonly kind: 'error';
        readonly headline: string;
        readonly remedy: string;
        /** Left out: nothing. */
        readonly left?: LeftAtServer;
        /** The API knows no such workflow or project. */
        readonly isNotFound?: boolean;
      }
  );

/** The failure that ended the step before its orders, or for all of them. */
export type StepEnding =
  | Extract<Ending, { readonly kind: 'error' | 'interrupted' }>
  | { readonly kind: 'skipped'; readonly errorMessage: '' };

/** How the order got its run. */
export type Origin =
  | { readonly kind: 'new' }
  /** `ageMs`: since the run was created; null: not known. */
  | { readonly kind: 'joined'; readonly ageMs: number | null }
  | { readonly kind: 'attached' };

/** What this run has in common with earlier runs of the same intent. */
export type SharedBy = 'commit' | 'job run' | 'key';

/** Where the results of one or several runs were written. */
export interface Files {
  /** The outputs as JSON; empty: there are none; null: too large for a step output. */
  readonly outputsJson: string | null;
  /** Paths; empty: there was nothing to write. */
  readonly outputsFile: string;
  readonly gateFile: string;
}

export interface Stored extends Files {
  /** Number of matches that did not fit into `gateFile`. */
  readonly leftOut: number;
  /** Why they could not be written; null: they were written. */
  readonly error: string | null;
}

/** The result of an entry's gate for the run. */
export interface Evaluated extends Pick<
  BaselineResult,
  'baselineUnusedReason' | 'baselineNotes' | 'since' | 'used'
> {
  readonly entry: Entry;
  /** Empty unless the run completed. */
  readonly findings: readonly Finding[];
  /** null: the run has not ended, or was not evaluated. */
  readonly stored: Stored | null;
}

export type RunEvent =
  /** `isResumed`: a re-run checks earlier runs first. */
  | { readonly kind: 'launching'; readonly sharedBy: SharedBy; readonly isResumed: boolean }
  | { readonly kind: 'key'; readonly key: string }
  /** A request failed, and will be retried after `delayMs`. */
  | ({ readonly kind: 'pause'; readonly failure: Failure } & Retry)
  /** A re-run found an earlier run, or has checked it. */
  | { readonly kind: 'earlier_run'; readonly line: LogLine }
  /** The re-run has checked the earlier runs; `redCount` of them failed their gate. `redNotice` says so; empty: none did. */
  | { readonly kind: 'resumed'; readonly redCount: number; readonly redNotice: string }
  /** The order has its run. For a joined run a `joined` event follows. `status`: untrusted; empty: not known. */
  | { readonly kind: 'run'; readonly runId: string; readonly origin: Origin; readonly status: string }
  /** The launch was answered with an existing run. */
  | {
      readonly kind: 'joined';
      /** An earlier attempt of this launch had started the run. */
      readonly isLaunchedHere: boolean;
      /** null: not known. */
      readonly ageMs: number | null;
      /** The run is older than this attempt of the job, or its age is not known. */
      readonly isOlder: boolean;
      /** null: it could not be polled. */
      readonly run: Run | null;
    }
  | { readonly kind: 'launch_over' }
  /** `isSeen`: a poll has shown the run before. */
  | { readonly kind: 'following'; readonly leftMs: number; readonly isSeen: boolean }
  /** A status check has ended, successful or not. */
  | { readonly kind: 'poll_ended' }
  /** A status check showed the followed run. `elapsedMs`: since the launch. */
  | { readonly kind: 'run_seen'; readonly run: Run; readonly elapsedMs: number }
  /** `left`: how much longer the run is polled if all polls fail; null: no longer. */
  | {
      readonly kind: 'failed_poll';
      readonly headline: string;
      readonly elapsedMs: number;
      readonly left: RetriesLeft | null;
    }
  | { readonly kind: 'evaluated'; readonly results: readonly Evaluated[] }
  /** A notice for the log and the report, once in each. Trusted words, which may quote the run. */
  | { readonly kind: 'notice'; readonly text: string }
  /** A notice only for the log: the report has it elsewhere, or must not contain it. */
  | { readonly kind: 'log_note'; readonly text: string }
  | { readonly kind: 'over'; readonly ending: Ending };

export type Emit = (event: RunEvent) => void;

/** Creates notices from the metadata of an answer. */
export function createMetaNotices({
  redacted,
  wrongContentType = false,
}: Pick<Meta, 'redacted'> & Partial<Pick<Meta, 'wrongContentType'>>): readonly RunEvent[] {
  const texts = [
    redacted &&
      'an answer of the API contained a secret of this job, such as its API key, which is shown as ***',
    wrongContentType && 'an answer of the API was JSON without the content type of JSON',
  ];
  return texts.filter((text) => text !== false).map((text) => ({ kind: 'notice', text }));
}
