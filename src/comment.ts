/** Whether the sticky comment is written, and over what: joins the report with the pull request. */
import type { Clock } from './clock.ts';
import { isWarning } from './gate/condition.ts';
import { inputsDigest } from './gate/baseline.ts';
import { digest } from './gate/items.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { stick } from './github/sticky-comment.ts';
import type { Inputs } from './inputs/inputs.ts';
import { proxyFor } from './inputs/proxy.ts';
import { ordersOf, type Entry, type Order } from './inputs/entries.ts';
import { canonicalJson } from './intent.ts';
import type { JsonValue } from './json.ts';
import { compare } from './report/changes.ts';
import { renderComment } from './report/document.ts';
import {
  decideComment,
  isKept,
  NEWER_RED,
  type CommentDecision,
  type CommentDraft,
} from './report/comment-rule.ts';
import { markerLine, type Memory } from './report/comment-memory.ts';
import type { Report } from './report/report.ts';
import { snapshotOf } from './report/snapshot.ts';
import type { Conclusion } from './runs/verdict.ts';
import { trustedLine, saying } from './text/escape.ts';

export interface PublishParts {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stick: typeof stick;
  readonly redact: (text: string) => string;
}

/** They tell of no verdict: nothing for a reviewer to see. */
const UNTOLD: ReadonlySet<Conclusion> = new Set(['pending', 'skipped', 'interrupted']);

/**
 * Never fails the job: what goes wrong is a notice or a warning.
 * @returns the comment's URL, empty: there is none; what is told now: compared with what was remembered, with its notices
 */
export async function placeComment({ host, clock, signal, stick, redact }: PublishParts, report: Report) {
  const { inputs, context, verdict } = report;
  const end = (url: string, of: Report, notices: readonly string[]) => {
    return { url, report: { ...of, notices: [...of.notices, ...notices] } };
  };
  const none = (...notices: string[]) => end('', report, notices);
  if (!inputs || !context || inputs.comment === 'never') return none();
  const notice = (text: string) => {
    host.line(trustedLine(`note: ${text}`));
    return text;
  };
  // Whoever judges later comments: a launch says nothing over it, not even that it failed.
  if (!inputs.wait) return none(notice('No comment: with `wait: false` there is no verdict.'));
  if (UNTOLD.has(verdict.conclusion)) return none();
  if (typeof context.pullRequest === 'string') {
    const text = `No comment: ${context.pullRequest}.`;
    if (!context.isPullRequestNamed) return none(notice(text));
    host.warning(text, 'loss');
    return none();
  }
  if (inputs.githubToken === '') {
    host.warning('No comment: `github_token` is empty.', 'loss');
    return none();
  }
  const draft = draftComment(report, inputs, context, host.environment);
  try {
    const proxy = proxyFor(context.apiUrl, host.environment);
    const { placed, decision } = await stick(
      {
        apiUrl: context.apiUrl,
        token: inputs.githubToken,
        repository: context.repository,
        pullRequest: context.pullRequest,
        commit: context.head,
        firstLine: draft.firstLine,
        decide: (existing, earlier: CommentDecision | null, isHeadKnown) =>
          decideComment(existing, earlier, isHeadKnown, draft),
        isKept: (existing) => isKept(existing, draft),
        isShared: inputs.isCommentShared,
      },
      { clock, signal, proxy: proxy?.href ?? null },
    );
    const notices = decision?.isOutdated === true ? [notice(NEWER_RED)] : [];
    const { url, level, text, detail } = placed;
    // A pull request that the author named has another head by now, or no comment for another reason.
    if (level === 'notice' && !context.isPullRequestNamed) notices.push(notice(text));
    else if (level !== 'line') host.warning(text, 'loss');
    else if (text !== '') host.line(trustedLine(text));
    // A secret that is cut in two would not be known again.
    if (detail !== '') host.line(saying('    Detail', redact(detail).slice(0, 300)));
    return end(url, draft.since(decision?.previous ?? null), notices);
  } catch (error) {
    if (!signal.aborted)
      host.warning(
        `No comment: ${error instanceof Error ? redact(error.message) : 'an unknown fault'}.`,
        'loss',
      );
    return none();
  }
}

function draftComment(report: Report, inputs: Inputs, context: Context, environment: Host['environment']) {
  const { outcomes, verdict } = report;
  const { jobRunId: jobRun, attempt, commit, own } = context;
  // What cannot be launched was ordered all the same.
  const orders =
    report.orders.length > 0 ? report.orders : ordersOf(inputs.runs ?? [{ ...inputs, name: '' }]);
  const step = [environment.GITHUB_JOB ?? '', environment.GITHUB_ACTION ?? ''];
  // Not the path, which differs by runner, nor the commit, which moves: both would leave a red report behind.
  const baseline = [inputs.baseline, report.hasBaseline];
  const gates = orders.map((order) => [
    reviewOf(order, own),
    ...order.entries.map((one) => gateOf(one, inputs)),
  ]);
  const judged = outcomes.map(({ runId, entry }) => [runId, gateOf(entry, inputs)]);
  const isKnown = judged.length > 0 && outcomes.every(({ runId }) => runId !== '');
  const warns = outcomes.some(({ findings }) => findings.some(isWarning));
  const shows = verdict.exitCode !== 0 ? 'red' : warns ? 'warned' : 'green';
  const isMissing =
    outcomes.length > 0 && outcomes.every(({ ending }) => ending.kind === 'error' && ending.isNotFound);
  const isNoNews = inputs.comment === 'on_failure' && shows === 'green';
  const firstLine = markerLine(context.workflowPath, ...inputs.commentKey);
  // Several that share a comment may call their runs alike, and what another review found is no news of this one.
  const keys = outcomes.map(({ order, entry: { name } }) =>
    digest(canonicalJson([name, ...step, reviewOf(order, own)])),
  );
  const created = outcomes.flatMap(({ entry: { name }, run }) => {
    const ms = Date.parse(run?.createdAt ?? '');
    return Number.isNaN(ms) ? [] : [[digest(name), ms] as const];
  });
  /** Where a run has no baseline, since what is remembered of it. */
  const since = (memory: Memory | null): Report => {
    const runs = report.runs.map((one, at) => {
      if (one.since !== null) return one;
      const last = memory?.runs.get(keys[at] ?? '');
      // Not with itself, nor with what is younger: a force-push may lead back to an older run.
      const isBefore = last !== undefined && last.madeAt < Date.parse(one.run?.createdAt ?? '');
      return { ...one, changes: compare(one.findings, isBefore ? last : null) };
    });
    return { ...report, runs };
  };
  // What the job that launched a run says of it, one that joined it says too.
  const launched = report.runs.map((one) => ({ ...one, origin: one.origin && ({ kind: 'new' } as const) }));
  const draft: CommentDraft & { readonly since: typeof since } = {
    ...{ firstLine, commit, shows, isNoNews, since },
    writer: {
      id: digest(canonicalJson([step, baseline, gates])),
      review: digest(canonicalJson([step, orders.map((order) => reviewOf(order, own))])),
      judged: isKnown ? digest(canonicalJson([baseline, judged])) : '',
      jobRun,
      attempt,
      createdAt: new Map(created),
    },
    ownsReview: !inputs.isCommentShared,
    whyNone: isMissing ? 'there is no such workflow or project' : '',
    says: digest(`${attempt} ${renderComment({ ...report, runs: launched }, firstLine)}`),
    snapshots: new Map(
      outcomes.flatMap(({ entry, findings, run }, at) => {
        const madeAt = Date.parse(run?.createdAt ?? '');
        if (findings.length === 0 || Number.isNaN(madeAt)) return [];
        return [[keys[at] ?? '', snapshotOf(findings, { madeAt, commit }, entry.columns)]];
      }),
    ),
    textOf: (memory) => renderComment(since(memory), firstLine),
  };
  return draft;
}

/** What a run is asked for, as baselines compare it: what differs from day to day by nature is left out. */
function reviewOf({ runId, workflowId, projectId, inputs }: Order, own: Context['own']): JsonValue {
  return runId === '' ? [workflowId, projectId, inputsDigest(inputs, own)] : [runId];
}

/** All that decides who is red: a more lenient gate is another writer. */
function gateOf({ gate, knownBy, waivers }: Entry, { failOn }: Inputs): JsonValue {
  return [
    failOn,
    gate.conditions.map(({ severity, name, expression }) => [severity, name, expression]),
    [...knownBy].map(([name, fields]) => [name, fields]),
    waivers.map(({ match, condition, until, count }) => [
      [...match].map((pair) => [...pair]),
      condition,
      until,
      count,
    ]),
  ];
}
