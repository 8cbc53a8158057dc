/** Writes the sticky comment on the pull request, where the report has one to write. */
import type { Clock } from '../clock.ts';
import { NOT_CHECKED, type Context } from '../github/context.ts';
import type { Host } from '../github/host.ts';
import type { StickyResult, writeStickyComment, WriteDecision } from '../github/sticky-comment.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { proxyFor } from '../inputs/proxy.ts';
import type { Report } from '../report/report.ts';
import type { Conclusion } from '../runs/verdict.ts';
import { appendUntrusted, trustedLine } from '../text/escape.ts';
import { compareWithMemory, draftComment, type CommentDraft } from './draft.ts';
import { commentOf } from './memory.ts';
import {
  decideComment,
  isStillInForce,
  NEWER_RED,
  type CommentDecision,
  type ExistingComment,
} from './rule.ts';
import { renderComment } from './text.ts';

export interface CommentParts {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly writeStickyComment: typeof writeStickyComment;
  readonly redact: (text: string) => string;
}

interface WrittenComment {
  /** Of the comment; empty: there is none. */
  readonly url: string;
  /** Compared with what the comment remembered, and with notices about the comment. */
  readonly report: Report;
}

/** Without a verdict there is nothing for a reviewer to see. */
const WITHOUT_VERDICT: ReadonlySet<Conclusion> = new Set(['pending', 'skipped', 'interrupted']);

/** Never fails the job: what goes wrong is a notice or a warning. */
export async function writeComment(parts: CommentParts, report: Report): Promise<WrittenComment> {
  const { host, signal, redact } = parts;
  const { inputs, context } = report;
  if (inputs === null || context === null || inputs.comment === 'never') return { url: '', report };
  const target = findTarget(report, inputs, context);
  if (typeof target !== 'number') return { url: '', report: withNotices(report, logRemark(host, target)) };
  const draft = draftComment(report, inputs, context, [
    host.environment.GITHUB_JOB ?? '',
    host.environment.GITHUB_ACTION ?? '',
  ]);
  try {
    const { result, decision } = await parts.writeStickyComment(
      {
        apiUrl: context.apiUrl,
        token: inputs.githubToken,
        repository: context.repository,
        pullRequest: target,
        commit: context.head,
        marker: draft.marker,
        decide: (existing, earlier: RenderedDecision | null, isHeadKnown) =>
          decideText(report, draft, { existing, earlier, isHeadKnown }),
        isKept: (existing) => isStillInForce(existing, draft),
        isShared: inputs.isCommentShared,
      },
      {
        clock: parts.clock,
        signal,
        proxy: proxyFor(context.apiUrl, host.environment)?.href ?? null,
      },
    );
    const outdated = logRemark(host, {
      level: decision?.isOutdated === true ? 'notice' : 'none',
      text: NEWER_RED,
    });
    const isLogged = outdated.length > 0 && decision?.action === 'leave';
    const written = isLogged
      ? []
      : logRemark(host, { level: noticeLevelOf(result, context), text: result.text });
    // Redact before cutting: half a secret would not be recognised.
    if (result.detail !== '') host.line(appendUntrusted('    Detail', redact(result.detail).slice(0, 300)));
    return { url: result.url, report: withNotices(decision?.report ?? report, [...outdated, ...written]) };
  } catch (error) {
    if (!signal.aborted)
      host.warning(
        `No comment: ${error instanceof Error ? redact(error.message) : 'an unknown fault'}.`,
        'loss',
      );
    return { url: '', report };
  }
}

type RenderedDecision = WriteDecision &
  Pick<CommentDecision, 'previous' | 'isOutdated'> & {
    /** Compared with what the comment remembered. */
    readonly report: Report;
  };

/** Decides whether the comment is written, and renders its text. */
function decideText(report: Report, draft: CommentDraft, situation: ExistingComment): RenderedDecision {
  const decision = decideComment(situation, draft);
  const { previous, isOutdated } = decision;
  const compared = compareWithMemory(report, draft, previous);
  if (decision.action !== 'report') return { ...decision, report: compared };
  const body = commentOf(renderComment(compared, draft.marker), decision.memory);
  return { action: 'write', body, previous, isOutdated, report: compared };
}

/** `notice`: a line of log and report. */
interface CommentNotice {
  readonly level: 'none' | 'line' | 'notice' | 'warning';
  readonly text: string;
}

/** The number of the pull request to comment on, or why there is no comment. */
function findTarget({ verdict }: Report, inputs: Inputs, context: Context): number | CommentNotice {
  // A later job evaluates the run and comments: launching it changes nothing in the comment, not even where it fails.
  if (!inputs.wait) return { level: 'notice', text: 'No comment: with `wait: false` there is no verdict.' };
  if (WITHOUT_VERDICT.has(verdict.conclusion)) return { level: 'none', text: '' };
  const { pullRequest } = context;
  if (pullRequest.kind === 'none' || pullRequest.kind === 'commented') {
    const reason = pullRequest.kind === 'none' ? pullRequest.reason : NOT_CHECKED;
    return { level: 'notice', text: `No comment: ${reason}.` };
  }
  if (pullRequest.kind === 'named' && !pullRequest.isOpen)
    return { level: 'warning', text: `No comment: pull request #${pullRequest.number} is closed.` };
  if (inputs.githubToken === '')
    return {
      level: 'warning',
      text: 'No comment: `github_token` is empty. Leave it out, or give `${{ github.token }}`.',
    };
  return pullRequest.number;
}

/** The author expects a comment on a pull request that the step names, whatever became of it since. */
function noticeLevelOf({ level }: StickyResult, { pullRequest }: Context): CommentNotice['level'] {
  return level === 'notice' && pullRequest.kind === 'named' ? 'warning' : level;
}

/** @returns the notices that it logged */
function logRemark(host: Host, { level, text }: CommentNotice): readonly string[] {
  switch (level) {
    case 'none':
      return [];
    case 'line':
      if (text !== '') host.line(trustedLine(text));
      return [];
    case 'notice':
      host.line(trustedLine(`note: ${text}`));
      return [text];
    case 'warning':
      host.warning(text, 'loss');
      return [];
  }
}

function withNotices(report: Report, notices: readonly string[]): Report {
  return { ...report, notices: [...report.notices, ...notices] };
}
