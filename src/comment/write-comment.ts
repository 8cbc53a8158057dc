/** Writes the sticky comment on the pull request. */
import type { Clock } from '../clock.ts';
import { NOT_CHECKED, type Context } from '../github/context.ts';
import type { Host } from '../github/host.ts';
import type { StickyResult, writeStickyComment, WriteDecision } from '../github/sticky-comment.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { findProxy } from '../inputs/proxy.ts';
import type { Report } from '../report/report.ts';
import type { Conclusion } from '../runs/verdict.ts';
import { appendUntrusted, formatTrusted } from '../text/escape.ts';
import { compareWithMemory, draftComment, type CommentDraft } from './draft.ts';
import { formatComment } from './memory.ts';
import {
  decideComment,
  isReportKept,
  NEWER_RED,
  type CommentDecision,
  type CommentSituation,
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
  /** The URL of the comment; empty: there is none. */
  readonly url: string;
  /** The report compared with what the comment remembered, and with notices about the comment. */
  readonly report: Report;
}

/** Conclusions for which no comment is written, since there is no verdict. */
const CONCLUSIONS_WITHOUT_COMMENT: ReadonlySet<Conclusion> = new Set(['pending', 'skipped', 'interrupted']);

/** Writes the comment, if the inputs ask for one. Never fails the job: a failure becomes a notice or a warning. */
export async function writeComment(parts: CommentParts, report: Report): Promise<WrittenComment> {
  const { host, signal, redact } = parts;
  const { inputs, context } = report;
  if (inputs === null || context === null || inputs.comment === 'never') return { url: '', report };
  const target = findPullRequestToCommentOn(report, inputs, context);
  if (typeof target !== 'number') return { url: '', report: addNotices(report, logNotice(host, target)) };
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
        decide: (existing, lastDecision: RenderedDecision | null, isHeadKnown) =>
          decideAndRender(report, draft, { existing, lastDecision, isHeadKnown }),
        isKept: (existing) => isReportKept(existing, draft),
        isShared: inputs.isCommentShared,
      },
      {
        clock: parts.clock,
        signal,
        proxy: findProxy(context.apiUrl, host.environment)?.href ?? null,
      },
    );
    const outdated = logNotice(host, {
      level: decision?.isOutdated === true ? 'notice' : 'none',
      text: NEWER_RED,
    });
    const isLogged = outdated.length > 0 && decision?.action === 'leave';
    const written = isLogged
      ? []
      : logNotice(host, { level: noticeLevelOf(result, context), text: result.text });
    // Redact before cutting: half a secret would not be recognised.
    if (result.detail !== '') host.line(appendUntrusted('    Detail', redact(result.detail).slice(0, 300)));
    return { url: result.url, report: addNotices(decision?.report ?? report, [...outdated, ...written]) };
  } catch (error) {
    if (!signal.aborted)
      host.warning(
        `No comment: ${error instanceof Error ? redact(error.message) : 'an unknown fault'}.`,
        'loss',
      );
    return { url: '', report };
  }
}

/** A decision with the text to write. */
type RenderedDecision = WriteDecision &
  Pick<CommentDecision, 'memoryBefore' | 'isOutdated'> & {
    /** Compared with what the comment remembered. */
    readonly report: Report;
  };

/** Decides whether the comment is written, and renders its text. */
function decideAndRender(report: Report, draft: CommentDraft, situation: CommentSituation): RenderedDecision {
  const decision = decideComment(situation, draft);
  const { memoryBefore, isOutdated } = decision;
  const compared = compareWithMemory(report, draft, memoryBefore);
  if (decision.action !== 'report') return { ...decision, report: compared };
  const body = formatComment(renderComment(compared, draft.marker), decision.memory);
  return { action: 'write', body, memoryBefore, isOutdated, report: compared };
}

/** A text about the comment. `notice`: a line in log and report. */
interface CommentNotice {
  readonly level: 'none' | 'line' | 'notice' | 'warning';
  readonly text: string;
}

/** Returns the number of the pull request to comment on, or why there is no comment. */
function findPullRequestToCommentOn(
  { verdict }: Report,
  inputs: Inputs,
  context: Context,
): number | CommentNotice {
  // A later job evaluates the run and comments. A launch never changes the comment, not even if it fails.
  if (!inputs.wait) return { level: 'notice', text: 'No comment: with `wait: false` there is no verdict.' };
  if (CONCLUSIONS_WITHOUT_COMMENT.has(verdict.conclusion)) return { level: 'none', text: '' };
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

/**
 * Returns the level at which the result is reported. On a pull request that the step names a notice becomes a warning, because
 * its author expects a comment.
 */
function noticeLevelOf({ level }: StickyResult, { pullRequest }: Context): CommentNotice['level'] {
  return level === 'notice' && pullRequest.kind === 'named' ? 'warning' : level;
}

/** Logs the text by its level. @returns the notices that it logged */
function logNotice(host: Host, { level, text }: CommentNotice): readonly string[] {
  switch (level) {
    case 'none':
      return [];
    case 'line':
      if (text !== '') host.line(formatTrusted(text));
      return [];
    case 'notice':
      host.line(formatTrusted(`note: ${text}`));
      return [text];
    case 'warning':
      host.warning(text, 'loss');
      return [];
  }
}

/** Returns the report with further notices. */
function addNotices(report: Report, notices: readonly string[]): Report {
  return { ...report, notices: [...report.notices, ...notices] };
}
