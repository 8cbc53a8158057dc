/** Whether the sticky comment is written, and over what: joins the report with the pull request. */
import type { Facts } from './runs/facts.ts';
import type { Decision } from './github/sticky-comment.ts';
import { proxyFor } from './inputs/proxy.ts';
import type { PublishParts } from './publish.ts';
import { conditionsIn, decodeState, encodeState, type Earlier } from './report/changes.ts';
import {
  markerDigest,
  parseMarker,
  renderComment,
  stateOf,
  describePrevious,
  verdictDigest,
  type Marker,
} from './report/comment.ts';
import type { Conclusion, Report, Verdict } from './report/report.ts';

interface Placed {
  /** Empty: there is none. */
  readonly url: string;
  /** What this report is to be compared with: what the comment remembered, else the baseline. */
  readonly earlier: Earlier | null;
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
  facts: Facts,
  verdict: Verdict,
  baseline: Earlier | null,
  report: (earlier: Earlier | null) => Report,
): Promise<Placed> {
  const { inputs, context } = facts;
  const nothing: Placed = { url: '', earlier: baseline };
  if (!inputs || !context || inputs.comment === 'never' || !COMMENTED.has(verdict.conclusion)) return nothing;
  const notice = (text: string) => {
    facts.notices.push(text);
    host.line(`note: ${text}`);
  };
  if (typeof context.pullRequest === 'string') {
    notice(`No comment: ${context.pullRequest}.`);
    return nothing;
  }
  if (inputs.githubToken === '') {
    host.warning('No comment: `github_token` is empty.');
    return nothing;
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
  let earlier = baseline;
  let forgotten = '';
  const worthShowing =
    inputs.comment === 'always' ||
    verdict.exitCode !== 0 ||
    facts.results.some(({ result }) => result !== 'does_not_hold');

  const decide = (existing: string | null): Decision => {
    const before = existing === null ? null : parseMarker(existing);
    const wasRed = before !== null && before.conclusion !== 'success';
    if (before !== null && isNewer(before, Number(context.jobRunId), context.attempt)) {
      return { action: 'leave', reason: 'a newer run of this job wrote it' };
    }
    const remembered = existing === null ? null : decodeState(stateOf(existing));
    earlier = remembered ?? baseline;
    const now = report(earlier);
    const marker: Marker = {
      digest,
      jobRunId: Number(context.jobRunId),
      attempt: context.attempt,
      runId: facts.runId,
      conclusion: verdict.conclusion,
      verdict: verdictDigest(now),
      commit: context.commit,
    };
    // Its first line goes on naming the job run that wrote it: to raise that would be an edit that shows nothing new.
    if (
      before !== null &&
      before.runId !== '' &&
      before.runId === marker.runId &&
      before.verdict === marker.verdict
    ) {
      return { action: 'leave', reason: 'it already shows this run and verdict' };
    }
    // Over a comment that says otherwise, a red one, a warning or a damaged one, all clear is news too.
    if (!worthShowing && (existing === null || before?.verdict === marker.verdict)) {
      return { action: 'leave', reason: 'there is nothing to report' };
    }
    const state = encodeState(facts.results, facts.runId, context.commit, earlier);
    const judged = facts.results.filter(({ result }) => result !== 'cannot_be_evaluated').length;
    const kept = conditionsIn(state);
    forgotten =
      kept < judged
        ? `The comment has room to remember ${kept} of ${judged} conditions: what changes is told of these alone`
        : '';
    const isAllClear = verdict.exitCode === 0 && existing !== null && (wasRed || !worthShowing);
    return {
      action: 'write',
      body: renderComment(
        now,
        marker,
        state,
        isAllClear ? describePrevious(before, remembered, facts.results) : undefined,
      ),
    };
  };

  try {
    const proxy = proxyFor(context.apiUrl, host.environment);
    const placed = await stick(
      {
        apiUrl: context.apiUrl,
        token: inputs.githubToken,
        repository: { owner, repo },
        pullRequest: context.pullRequest,
        isOurs: (line) => line.startsWith(`<!-- alloovium:${digest} `),
        decide,
      },
      { clock, signal, proxy: proxy?.href ?? null },
    );
    if (placed.outcome !== 'failed') {
      if (placed.outcome !== 'left' && forgotten !== '') notice(`${forgotten}.`);
      host.line(
        placed.outcome === 'left'
          ? `Comment left as it is: ${placed.reason}.`
          : `Comment ${placed.outcome}${placed.url === '' ? '' : `: ${placed.url}`}`,
      );
      return { url: placed.url, earlier };
    }
    if (placed.level === 'warning') host.warning(placed.text);
    else notice(placed.text);
    if (placed.detail !== '') {
      // A secret that is cut in two would not be known again.
      host.line(`    Detail: ${redact(placed.detail).slice(0, 300)}`);
    }
  } catch (error) {
    if (!signal.aborted)
      host.warning(`No comment: ${error instanceof Error ? redact(error.message) : 'an unknown fault'}.`);
  }
  return { url: '', earlier };
}

/** Does the comment tell of a later attempt of this job run, or of a later job run? */
function isNewer({ jobRunId, attempt }: Marker, ours: number, ourAttempt: number): boolean {
  return jobRunId === ours ? attempt > ourAttempt : jobRunId > ours;
}
