/** A branch's findings as last saved, their text in the artifact, and why a baseline cannot be used. Pure. */
import type { GithubFailure } from './outcome.ts';

/** A finding as the baseline has it. */
export interface SavedFinding {
  /** By `digestItem`. */
  readonly digest: string;
  /** Of the first two fields of `known_by`; empty: withheld, or there are too many findings. Untrusted. */
  readonly values: readonly string[];
  /** How many saved reviews in a row lack it. */
  readonly missed: number;
  /** The day on which it was first saved, `2026-12-31`. */
  readonly since: string;
  /** The login of whoever saved it first. */
  readonly by: string;
}

export interface SavedEntry {
  readonly name: string;
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  /** Those of `fail_if` that have `known_by`. */
  readonly conditions: readonly {
    /** By `digestScope`, with the fields of `known_by`. */
    readonly id: string;
    /** By `digestScope`, without fields. */
    readonly name: string;
    /** Equal ones in the order of `missed`. */
    readonly findings: readonly SavedFinding[];
    /** Digests of waived findings. */
    readonly waived: readonly string[];
  }[];
}

/** The baseline of the step or of an entry: usable, or why every finding is new. */
export type BaselineState =
  | {
      readonly code: 'usable';
      readonly commit: string;
      /** ISO 8601 */
      readonly savedAt: string;
      /** ISO 8601; empty: unknown. */
      readonly expiresAt: string;
      readonly entries: readonly SavedEntry[];
    }
  /** The step has no `baseline`. */
  | { readonly code: 'none' }
  /**
   * - `enterprise_server`: it has no such artifacts
   * - `damaged`: over 8 MiB, unreadable, or the content differs from the digest that GitHub states
   * - `timed_out`: not fetched within 20 s
   * - `no_entry`, `other_workflow`, `other_project`: saved without this entry of `runs`, or for another workflow or project
   */
  | {
      readonly code:
        'enterprise_server' | 'damaged' | 'timed_out' | 'no_entry' | 'other_workflow' | 'other_project';
    }
  /** There is no such branch, or it has no artifact of that name. */
  | { readonly code: 'no_branch' | 'missing'; readonly branch: string }
  | { readonly code: 'expired'; readonly savedAt: string }
  | {
      readonly code: 'untrusted';
      readonly branch: string;
      /** There are only artifacts that do not count, because of who wrote them: why the newest does not. */
      readonly why:
        'fork' | 'other_branch' | 'this_job_run' | 'other_event' | 'other_file' | 'commit_not_on_branch';
    }
  /** Forbidden: the job needs `actions: read` and `contents: read`. */
  | { readonly code: 'not_fetched'; readonly failure: GithubFailure };

/** Did a time-out, a 5xx or a rate limit keep GitHub from giving the baseline? Then a later attempt may get it. */
export function isTransient(state: BaselineState): boolean {
  if (state.code !== 'not_fetched') return state.code === 'timed_out';
  return ['no_answer', 'rate_limited', 'out_of_time'].includes(state.failure.code);
}

export const BASELINE_EVENTS: readonly string[] = ['push', 'schedule', 'workflow_dispatch'];

/** Can the server keep artifacts as files? GitHub Enterprise Server cannot. */
export function hasArtifacts(serverUrl: string): boolean {
  return /^(?:github\.com|.*\.ghe\.com|(?:.*\.)?localhost)$/i.test(new URL(serverUrl).hostname);
}

const VERSION = 2;

/** Formats the artifact's file. @param hasValues false: digests alone, on a public repository or with `job_summary: false` */
export function formatBaseline(entries: readonly SavedEntry[], hasValues: boolean): string {
  const dropValues = (key: string, value: unknown) => (key === 'values' && !hasValues ? [] : value);
  return `${JSON.stringify({ version: VERSION, entries }, dropValues)}\n`;
}

/** Reads the artifact's file, whose origin and digest were checked. @returns null: of another version. @throws Error it is damaged */
export function readBaseline(text: string): readonly SavedEntry[] | null {
  const { version, entries } = JSON.parse(text) as { version?: number; entries?: readonly SavedEntry[] };
  if (typeof version !== 'number') throw new Error('not a baseline');
  return version === VERSION && entries ? entries : null;
}
