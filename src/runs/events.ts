/** What happens to an order under way. Everything that is known of an order is learned from these events. Pure. */
import type { Meta } from '../alloovium/exchange.ts';
import type { Failure, RetriesLeft, Retry } from '../alloovium/retry.ts';
import type { TerminalStatus } from '../alloovium/statuses.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Finding } from '../gate/finding.ts';
import type { BaselineResult } from '../gate/baseline.ts';
import type { Entry } from '../inputs/runs-input.ts';
import type { LogLine } from '../text/escape.ts';

/** What an unfinished order leaves at Alloovium; `maybe_run`: a launch was sent and its result is unknown. */
type LeftAtServer = 'run' | 'maybe_run' | 'nothing';

/** How the order ended. */
export type Ending = {
  /** Why the step is red beyond the verdict. Untrusted; may be empty. */
  readonly errorMessage: string;
} & /** The run has ended. */ (
  | { readonly kind: 'ended'; readonly status: TerminalStatus }
  /** `wait: false` */
  | { readonly kind: 'launched' }
  | {
      readonly kind: 'timed_out';
      /** Of a launch that was held up, in our words; or empty. */
      readonly waitedFor: string;
      /** How long the API wanted no request, beyond the deadline; null: it did not say so. */
      readonly askedMs: number | null;
      /** Why the API gave no usable answer in the end, in our words: "503", "ECONNREFUSED"; empty: it gave one. */
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

/** The failure that ended the step before its orders or independently of them. */
export type StepEnding =
  | Extract<Ending, { readonly kind: 'error' | 'interrupted' }>
  | { readonly kind: 'skipped'; readonly errorMessage: '' };

/** How the order got its run. */
export type Origin =
  | { readonly kind: 'new' }
  /** `ageMs`: since the run was created, null where the API did not say. */
  | { readonly kind: 'joined'; readonly ageMs: number | null }
  | { readonly kind: 'attached' };

/** What this run and earlier runs of its intent have in common. */
export type SharedBy = 'commit' | 'job run' | 'key';

/** Where what a run brought, or several, was written. */
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
  /** Why they could not be written; null: they were. */
  readonly error: string | null;
}

/** What an entry's gate made of the run. */
export interface Evaluated extends Pick<
  BaselineResult,
  'baselineUnusedReason' | 'baselineNotes' | 'since' | 'used'
> {
  readonly entry: Entry;
  /** Of a completed run; else empty. */
  readonly findings: readonly Finding[];
  /** null: the run has not ended, or was not evaluated. */
  readonly stored: Stored | null;
}

export type RunEvent =
  /** `isResumed`: a re-run checks earlier runs first. */
  | { readonly kind: 'launching'; readonly sharedBy: SharedBy; readonly isResumed: boolean }
  | { readonly kind: 'key'; readonly key: string }
  /** A request failed, and is sent again after `delayMs`. */
  | ({ readonly kind: 'pause'; readonly failure: Failure } & Retry)
  /** A re-run found an earlier run, or has checked it. */
  | { readonly kind: 'earlier_run'; readonly line: LogLine }
  /** The re-run has checked all earlier runs that it had to; `redCount` of them were red by their gate. */
  | { readonly kind: 'resumed'; readonly redCount: number }
  /** The run is ours. A `joined` event follows with more about a run that was joined. `status`: untrusted; empty: not known. */
  | { readonly kind: 'run'; readonly runId: string; readonly origin: Origin; readonly status: string }
  /** What a replay brought. */
  | {
      readonly kind: 'joined';
      /** An earlier attempt of this launch had started the run. */
      readonly isLaunchedHere: boolean;
      /** null: not known. */
      readonly ageMs: number | null;
      /** The run is older than this attempt of the job, or its age is not known. */
      readonly isOlder: boolean;
      /** null: no poll has shown it. */
      readonly run: Run | null;
    }
  | { readonly kind: 'launch_over' }
  /** `isSeen`: a poll has shown the run before. */
  | { readonly kind: 'following'; readonly leftMs: number; readonly isSeen: boolean }
  /** A status check is over, whatever came of it. */
  | { readonly kind: 'poll' }
  /** A status check showed the run that is followed. `elapsedMs`: since the launch. */
  | { readonly kind: 'polled'; readonly run: Run; readonly elapsedMs: number }
  /** `left`: how much longer the run is polled if all goes on so; null: it is not. */
  | {
      readonly kind: 'failed_poll';
      readonly headline: string;
      readonly elapsedMs: number;
      readonly left: RetriesLeft | null;
    }
  | { readonly kind: 'evaluated'; readonly results: readonly Evaluated[] }
  /** A notice, shown once in the log and in the report. Trusted words, which may quote the run. */
  | { readonly kind: 'notice'; readonly text: string }
  /** The same for the log alone: the report says it elsewhere, or must not say it. */
  | { readonly kind: 'log_note'; readonly text: string }
  | { readonly kind: 'over'; readonly ending: Ending };

export type Emit = (event: RunEvent) => void;

/** Notices from the metadata of an answer. */
export function metaNotices({
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
