/** What can go wrong, and how a run or the whole step ends: data alone. `report/outcomes.ts` has the words. */

export interface InputFault {
  /** A trusted sentence without its full stop: `code` in backquotes, foreign text only as JSON strings. */
  readonly text: string;
  readonly input: string;
  /** The entry of `runs`; empty: the step. */
  readonly entry: string;
  /** Where the author corrects it. */
  readonly place:
    | 'workflow_file'
    /** The `config` file on the default branch, or at the `@ref` that the input names. */
    | 'config_file'
    /** The copy of the `config` file in the pull request. */
    | 'own_config_file';
}

export type ValueKind = 'null' | 'text' | 'number' | 'boolean' | 'list' | 'object';

/** Why a condition cannot be used, or cannot be evaluated. */
export type ProblemCause =
  // Rejected before a run starts.
  | {
      readonly code:
        | 'no_condition'
        | 'dash'
        | 'comment_with_outputs'
        | 'comment_behind'
        | 'unfilled'
        | 'syntax'
        | 'literal'
        | 'empty_text'
        | 'never_ordered'
        | 'no_outputs';
    }
  | { readonly code: 'invisible'; readonly character: string }
  | { readonly code: 'duplicate_name'; readonly severity: 'fail' | 'warn'; readonly line: number }
  | {
      readonly code: 'unknown_function' | 'unknown_variable';
      readonly name: string;
      readonly known: readonly string[];
    }
  /** The type checker's code and sentence. */
  | { readonly code: 'types'; readonly error: string; readonly sentence: string }
  | { readonly code: 'result_type'; readonly type: string }
  /** The conditions that are meant if each item should be so, and if the problem is that all are. */
  | { readonly code: 'all_alone'; readonly filter: string; readonly exists: string }
  | { readonly code: 'nested_list'; readonly levels: number }
  // Met in the outputs of a run.
  /** Untrusted, as are the keys that there are. */
  | { readonly code: 'missing_key'; readonly key: string; readonly keys: readonly string[] }
  | { readonly code: 'not_boolean' | 'not_list' | 'not_object'; readonly kind: ValueKind }
  | { readonly code: 'no_operation'; readonly kinds: readonly ValueKind[] }
  | { readonly code: 'no_value'; readonly operation: string }
  | {
      readonly code: 'near_text';
      /** `has` if `subject` contains the run's string, `in` if it is compared as a whole. */
      readonly operation: string;
      /** The run's string. Untrusted. */
      readonly theirs: string;
      /** The condition's string. */
      readonly ours: string;
      /** The expression that has the run's string. */
      readonly subject: string;
    }
  | { readonly code: 'two_forms'; readonly haveDays: boolean }
  | { readonly code: 'large_number' };

export type Problem = ProblemCause & {
  /** The part of the condition. */
  readonly source: string;
  /** The item of the innermost macro, counted from 1, and its list. Left out: outside of macros. */
  readonly item?: { readonly at: number; readonly list: string };
};

/** A fault of `fail_if` or `warn_if`, which fails the check before a run starts. */
export interface GateFault {
  readonly input: 'fail_if' | 'warn_if';
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The whole line. */
  readonly expression: string;
  readonly problem: Problem;
}

/** A fault of a condition, at its line in the file that has it. */
export interface PlacedGateFault extends GateFault, Pick<InputFault, 'entry' | 'place'> {
  /** "`.github/alloovium.yml` on `main`"; empty: the GitHub workflow file, where the line is that of the input. */
  readonly file: string;
}

export type ErrorCode =
  | 'no_connection'
  | 'unknown_host'
  | 'certificate'
  | 'proxy_refused'
  | 'connection_lost'
  | 'timeout'
  | 'unreadable'
  | 'web_page'
  | 'wrong_run'
  | 'too_large'
  | 'wrong_workflow'
  | 'run_of_other_key'
  | 'redirected'
  | 'invalid_key'
  | 'key_revoked'
  | 'key_expired'
  | 'account_disabled'
  | 'payment_required'
  | 'missing_scopes'
  | 'forbidden'
  | 'not_found'
  | 'key_reused'
  | 'locked'
  | 'invalid_request'
  | 'rate_limited'
  | 'bucket_too_small'
  /** A 5xx of the API itself. */
  | 'server_error'
  /** A 5xx, 408 or 425 of a gateway. */
  | 'unavailable'
  | 'not_implemented'
  | 'rejected';

/** A request to Alloovium that failed. */
export interface RequestFailure {
  /** It says what the API may have done, and decides about a retry. */
  readonly kind:
    /** It did not reach the API, which started nothing. */
    | 'unreached'
    /** The API may have accepted it. */
    | 'maybe'
    /** The API had an error of its own, and may have accepted the request before. */
    | 'failed'
    /** The API refused it, and started nothing. */
    | 'rejected'
    /** 401: the API rejects the API key, and so every request of the step. */
    | 'unauthorised'
    /** The answer is about another run. */
    | 'unusable';
  readonly code: ErrorCode;
  /** The HTTP status; null: there was no answer. */
  readonly status: number | null;
  /** The API's own code; empty: none. Untrusted. */
  readonly apiCode: string;
  /** What the server or Node says, in one line, redacted: untrusted, may be empty. */
  readonly detail: string;
  /** Empty: none. */
  readonly requestId: string;
  readonly missingScopes: readonly string[];
  /** null: the answer does not ask to wait. */
  readonly retryAfterMs: number | null;
}

/** Why GitHub could not be called. `message` is what GitHub or Node says: untrusted, may be empty. */
export class GithubFailure extends Error {
  readonly code:
    | 'no_token'
    /** Behind a proxy, on a runner whose Node is older than 24.14. */
    | 'proxy_needs_newer_runner'
    | 'proxy_invalid'
    /** No usable answer in three attempts. */
    | 'no_answer'
    | 'rate_limited'
    | 'unauthorised'
    | 'forbidden'
    | 'not_found'
    /** Any other 4xx. */
    | 'rejected'
    /** The signal ended it. */
    | 'out_of_time';
  /** The HTTP status of the last answer; null: there was none. */
  readonly status: number | null;
  /** null: GitHub does not say. */
  readonly retryAfterMs: number | null;

  constructor(
    code: GithubFailure['code'],
    message = '',
    status: number | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export type Outcome =
  // A run.
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
      /** Another run of the step was still being started. */
      readonly isQueued: boolean;
      /** Why the last request failed; null: its answer was usable. */
      readonly last: RequestFailure | null;
      /** The time that was left when it failed, before the deadline. */
      readonly leftMs: number;
    }
  | { readonly kind: 'request_failed'; readonly failure: RequestFailure }
  /** Status checks failed for five minutes, or for 30 s if the API rejects them. */
  | { readonly kind: 'lost_sight'; readonly failure: RequestFailure; readonly forMs: number }
  /** The run has ended, and its outputs are over the limit. */
  | { readonly kind: 'outputs_too_large' }
  /** The gate took more than 4 s. */
  | { readonly kind: 'gate_timeout' }
  // A run or the step.
  | { readonly kind: 'interrupted'; readonly signal: string }
  | {
      readonly kind: 'crashed';
      readonly message: string;
      /** Redacted; it may quote anything. */
      readonly stack?: string;
    }
  // The step, before its runs.
  | {
      readonly kind: 'invalid_inputs';
      readonly faults: readonly InputFault[];
      readonly gateFaults: readonly PlacedGateFault[];
    }
  /** `isWithheld`: GitHub gives the job no secrets. */
  | { readonly kind: 'missing_key'; readonly isWithheld: boolean }
  | { readonly kind: 'skipped' }
  /** Only the event's file tells the commit, and it does not. */
  | { readonly kind: 'no_commit' }
  /** A variable that every runner sets is missing. */
  | { readonly kind: 'not_a_runner'; readonly variable: string }
  | { readonly kind: 'pull_request'; readonly number: number; readonly failure: GithubFailure }
  /** The `pending` status could not be set. */
  | { readonly kind: 'commit_status'; readonly failure: GithubFailure }
  /** The `config` file could not be read. */
  | { readonly kind: 'config'; readonly failure: GithubFailure }
  | { readonly kind: 'no_outputs'; readonly message: string };

/** The step, or one of its runs, ends with this. It is also the reason of the signal if the runner stops the step. */
export class Ended extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

export type OutcomeOf<K> = Extract<Outcome, { readonly kind: K }>;

export function outOfTime(
  phase: OutcomeOf<'timed_out'>['phase'],
  more: Partial<OutcomeOf<'timed_out'>> = {},
): Ended {
  return new Ended({ kind: 'timed_out', phase, isQueued: false, last: null, leftMs: 0, ...more });
}

/**
 * A value that cannot be used. The message continues a sentence that begins with the input's name, and never quotes the value, which may
 * be a secret.
 */
export class Fault extends Error {
  /** The index of the faulty item, if the value is a list. */
  readonly item: number | undefined;

  constructor(message: string, item?: number) {
    super(message);
    this.item = item;
  }
}
