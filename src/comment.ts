/** Whether the sticky comment is written, and over what: joins the report with the pull request. */
import type { Clock } from './clock.ts';
import type { Host } from './github/host.ts';
import type { Decision, stick } from './github/sticky-comment.ts';
import { proxyFor } from './inputs/proxy.ts';
import { compare, conditionsIn, decodeState, encodeState, type Earlier } from './report/changes.ts';
import {
  describePrevious,
  markerDigest,
  parseMarker,
  renderComment,
  stateOf,
  verdictDigest,
  type Marker,
} from './report/comment.ts';
import { reportOf, type Told } from './report/report.ts';
import type { Conclusion } from './runs/verdict.ts';

export interface PublishParts {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stick: typeof stick;
  readonly redact: (text: string) => string;
}

export interface CommentResult {
  /** Empty: there is none. */
  readonly url: string;
  /** What the report is to be compared with: what the comment remembered, else the baseline. */
  readonly previous: Earlier | null;
  readonly notices: readonly string[];
}

/** The others tell of no verdict: nothing for a reviewer to see. */
const COMMENTED: ReadonlySet<Conclusion> = new Set([
  'success',
  'failure',
  'cancelled',
  'timed_out',
  'gate_failed',
  'error',
]);

/** Never fails the job: what goes wrong is a notice or a warning. */
export async function placeComment(
  { host, clock, signal, stick, redact }: PublishParts,
  told: Told,
  baseline: Earlier | null,
): Promise<CommentResult> {
  const { inputs, context, verdict } = told;
  const none = (...notices: string[]): CommentResult => ({ url: '', previous: baseline, notices });
  if (!inputs || !context || inputs.comment === 'never' || !COMMENTED.has(verdict.conclusion)) return none();
  const notice = (text: string) => {
    host.line(`note: ${text}`);
    return text;
  };
  if (typeof context.pullRequest === 'string') return none(notice(`No comment: ${context.pullRequest}.`));
  if (inputs.githubToken === '') {
    host.warning('No comment: `github_token` is empty.');
    return none();
  }
  const [owner = '', repo = ''] = context.repository.split('/');
  const digest = markerDigest([
    context.workflowPath,
    context.job,
    // As the user wrote it: what the API says is not known on every ending.
    inputs.workflowId,
    inputs.projectId,
    inputs.commentKey,
  ]);
  try {
    const proxy = proxyFor(context.apiUrl, host.environment);
    const { placed, decision } = await stick(
      {
        apiUrl: context.apiUrl,
        token: inputs.githubToken,
        repository: { owner, repo },
        pullRequest: context.pullRequest,
        isOurs: (line) => line.startsWith(`<!-- alloovium:${digest} `),
        decide: (existing) => decide(existing, digest, told, baseline),
      },
      { clock, signal, proxy: proxy?.href ?? null },
    );
    const previous = decision === null ? baseline : decision.previous;
    switch (placed.outcome) {
      case 'interrupted':
        return { url: '', previous, notices: [] };
      case 'left':
        host.line(`Comment left as it is: ${placed.reason}.`);
        return { url: placed.url, previous, notices: [] };
      case 'failed': {
        const notices = placed.level === 'notice' ? [notice(placed.text)] : [];
        if (placed.level === 'warning') host.warning(placed.text);
        // A secret that is cut in two would not be known again.
        if (placed.detail !== '') host.line(`    Detail: ${redact(placed.detail).slice(0, 300)}`);
        return { url: '', previous, notices };
      }
      case 'created':
      case 'updated': {
        const forgotten = decision?.action === 'write' ? decision.forgotten : '';
        const notices = forgotten === '' ? [] : [notice(forgotten)];
        host.line(`Comment ${placed.outcome}${placed.url === '' ? '' : `: ${placed.url}`}`);
        return { url: placed.url, previous, notices };
      }
    }
  } catch (error) {
    if (!signal.aborted)
      host.warning(`No comment: ${error instanceof Error ? redact(error.message) : 'an unknown fault'}.`);
    return none();
  }
}

/** `previous`: what the report is compared with. `forgotten`: a sentence on what the comment has no room for, or empty. */
type CommentDecision = { readonly previous: Earlier | null } & (
  | Extract<Decision, { action: 'leave' }>
  | (Extract<Decision, { action: 'write' }> & { readonly forgotten: string })
);

/** What to do over the comment's text that stands there; null: there is none. */
function decide(
  existing: string | null,
  digest: string,
  told: Told,
  baseline: Earlier | null,
): CommentDecision {
  const { inputs, context, verdict, outcomes } = told;
  const results = outcomes[0]?.findings ?? [];
  const runId = outcomes[0]?.runId ?? '';
  const worthShowing =
    inputs?.comment === 'always' ||
    verdict.exitCode !== 0 ||
    results.some(({ result }) => result !== 'does_not_hold');
  const jobRunId = Number(context?.jobRunId);
  const attempt = context?.attempt ?? 1;
  const commit = context?.commit ?? '';

  const before = existing === null ? null : parseMarker(existing);
  const wasRed = before !== null && before.conclusion !== 'success';
  if (before !== null && isNewer(before, jobRunId, attempt)) {
    return { action: 'leave', reason: 'a newer run of this job wrote it', previous: baseline };
  }
  const remembered = existing === null ? null : decodeState(stateOf(existing));
  const previous = remembered ?? baseline;
  const report = reportOf(told, [compare(results, runId, previous)], []);
  const marker: Marker = {
    ...{ digest, jobRunId, attempt, runId, commit },
    conclusion: verdict.conclusion,
    verdict: verdictDigest(report),
  };
  // Its first line goes on naming the job run that wrote it: to raise that would be an edit that shows nothing new.
  if (
    before !== null &&
    before.runId !== '' &&
    before.runId === marker.runId &&
    before.verdict === marker.verdict
  ) {
    return { action: 'leave', reason: 'it already shows this run and verdict', previous };
  }
  // Over a comment that says otherwise, a red one, a warning or a damaged one, all clear is news too.
  if (!worthShowing && (existing === null || before?.verdict === marker.verdict)) {
    return { action: 'leave', reason: 'there is nothing to report', previous };
  }
  const state = encodeState(results, runId, commit, previous);
  const judged = results.filter(({ result }) => result !== 'cannot_be_evaluated').length;
  const kept = conditionsIn(state);
  const isAllClear = verdict.exitCode === 0 && existing !== null && (wasRed || !worthShowing);
  return {
    action: 'write',
    body: renderComment(
      report,
      marker,
      state,
      isAllClear ? describePrevious(before, remembered, results) : undefined,
    ),
    previous,
    forgotten:
      kept < judged
        ? `The comment has room to remember ${kept} of ${judged} conditions: what changes is told of these alone.`
        : '',
  };
}
/** Does the comment tell of a later attempt of this job run, or of a later job run? */
function isNewer({ jobRunId, attempt }: Marker, ours: number, ourAttempt: number): boolean {
  return jobRunId === ours ? attempt > ourAttempt : jobRunId > ours;
}
