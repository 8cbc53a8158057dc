/** Whether the sticky comment is written, and over what: joins the report with the pull request. */
import type { Clock } from './clock.ts';
import { digest } from './gate/finding.ts';
import { isRed, isWarning } from './gate/condition.ts';
import type { Host } from './github/host.ts';
import { sameText, type Decision, type stick } from './github/sticky-comment.ts';
import { proxyFor } from './inputs/proxy.ts';
import type { Order } from './inputs/entries.ts';
import { canonicalJson } from './intent.ts';
import { compare } from './report/changes.ts';
import { renderComment } from './report/comment.ts';
import { markerDigest, markerLine, parseComment, withMemory } from './report/marker.ts';
import {
  isResolved,
  judgesRed,
  mustYield,
  nextMemory,
  rememberedOf,
  type Memory,
  type Reported,
} from './report/memory.ts';
import { reportOf, type Changes, type Report, type Told } from './report/report.ts';
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
  /** What the comment remembered that stood there. */
  readonly memory: Memory | null;
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
): Promise<CommentResult> {
  const { inputs, context, verdict } = told;
  const none = (...notices: string[]): CommentResult => ({ url: '', memory: null, notices });
  if (!inputs || !context || inputs.comment === 'never') return none();
  const notice = (text: string) => {
    host.line(`note: ${text}`);
    return text;
  };
  // Whoever judges later comments: a launch says nothing over it, not even that it failed.
  if (!inputs.wait) return none(notice('No comment: with `wait: false` there is no verdict.'));
  if (!COMMENTED.has(verdict.conclusion)) return none();
  if (typeof context.pullRequest === 'string') return none(notice(`No comment: ${context.pullRequest}.`));
  if (inputs.githubToken === '') {
    host.warning('No comment: `github_token` is empty.');
    return none();
  }
  const [owner = '', repo = ''] = context.repository.split('/');
  const firstLine = markerLine(markerDigest([context.workflowPath, ...inputs.commentKey]));
  try {
    const proxy = proxyFor(context.apiUrl, host.environment);
    const { placed, decision } = await stick(
      {
        apiUrl: context.apiUrl,
        token: inputs.githubToken,
        repository: { owner, repo },
        pullRequest: context.pullRequest,
        commit: context.head,
        isOurs: (line) => line.trimEnd() === firstLine,
        decide: (existing) => decide(existing, firstLine, told),
      },
      { clock, signal, proxy: proxy?.href ?? null },
    );
    const memory = decision?.memory ?? null;
    switch (placed.outcome) {
      case 'interrupted':
        return { url: '', memory, notices: [] };
      case 'left':
        host.line(`Comment left as it is: ${placed.reason}.`);
        return { url: placed.url, memory, notices: [] };
      case 'none':
        host.line(`No comment: ${placed.reason}.`);
        return { url: '', memory, notices: [] };
      case 'outdated': {
        const moved = `the pull request has come to ${placed.head.slice(0, 7)}, and this report is of ${context.commit.slice(0, 7)}`;
        // What a newer report remembers is no past of ours.
        return { url: placed.url, memory: null, notices: [notice(`No comment is written: ${moved}.`)] };
      }
      case 'failed': {
        const notices = placed.level === 'notice' ? [notice(placed.text)] : [];
        if (placed.level === 'warning') host.warning(placed.text);
        // A secret that is cut in two would not be known again.
        if (placed.detail !== '') host.line(`    Detail: ${redact(placed.detail).slice(0, 300)}`);
        return { url: '', memory, notices };
      }
      case 'created':
      case 'updated': {
        const forgotten = decision?.action === 'write' ? decision.forgotten : '';
        const notices = forgotten === '' ? [] : [notice(forgotten)];
        host.line(`Comment ${placed.outcome}${placed.url === '' ? '' : `: ${placed.url}`}`);
        return { url: placed.url, memory, notices };
      }
    }
  } catch (error) {
    if (!signal.aborted)
      host.warning(`No comment: ${error instanceof Error ? redact(error.message) : 'an unknown fault'}.`);
    return none();
  }
}

/** `memory`: of the text that stands there. `forgotten`: a sentence on what the comment has no room for, or empty. */
type CommentDecision = { readonly memory: Memory | null } & (
  | Extract<Decision, { action: 'leave' }>
  | (Extract<Decision, { action: 'write' }> & { readonly forgotten: string })
);

/** What to do over the comment's text that stands there; null: there is none. */
function decide(existing: string | null, firstLine: string, told: Told): CommentDecision {
  const { inputs, context, verdict, outcomes } = told;
  const { visible = '', memory = null } = existing === null ? {} : parseComment(existing);
  const leave = (reason: string) => ({ action: 'leave', reason, memory }) as const;
  const commit = context?.commit ?? '';
  const reported = reportedOf(told);
  const warns = outcomes.some(({ findings }) => findings.some(isWarning));
  const shows = verdict.exitCode !== 0 ? 'red' : warns ? 'warned' : 'green';
  const write = (text: string, next: Memory) => {
    const body = withMemory(text, next);
    return { action: 'write', body, memory, forgotten: forgotten(body, reported) } as const;
  };

  if (shows !== 'red' && mustYield(memory, reported, commit)) {
    // What it judged is red no more, though what is left keeps the comment red.
    if (judgesRed(memory, reported, commit))
      return write(visible, nextMemory(memory, reported, commit, 'red'));
    return leave('it shows what else is red at this commit');
  }
  // Over a red one, a warning or a damaged one all clear is news.
  const isNews = existing !== null && memory?.shows !== 'green';
  if (inputs?.comment === 'on_failure' && shows === 'green' && !isNews)
    return leave('there is nothing to report');
  const report = reportOf(told, changesOf(told, memory), []);
  const next = nextMemory(memory, reported, commit, shows);
  const textOf = (one: Report) => renderComment(one, firstLine, isResolved(memory, reported));
  // What the job that launched the run wrote of it says as much as one that joined it would.
  const says = (one: Report) => existing !== null && sameText(existing, withMemory(textOf(one), next));
  return says(report) || says(asLaunched(report)) ? leave('it says so already') : write(textOf(report), next);
}

function asLaunched(report: Report): Report {
  const runs = report.runs.map((one) => ({
    ...one,
    run: one.run && { ...one.run, origin: { kind: 'new' } as const },
  }));
  return { ...report, runs };
}

/** What changed for each outcome: since its baseline, else since what the comment remembers. */
export function changesOf(told: Told, memory: Memory | null): readonly (Changes | null)[] {
  const { baseline, inputs, outcomes } = told;
  const reported = reportedOf(told);
  return outcomes.map((outcome, at) => {
    const own = reported[at];
    const then = baseline.snapshotFor(outcome) ?? (own ? rememberedOf(memory, own) : null);
    return compare(outcome.findings, then, inputs?.failOn);
  });
}

/** The runs of the report; where there is none, what was to be run. */
function reportedOf({ orders, outcomes, failure }: Told): Reported[] {
  if (outcomes.length === 0) {
    return orders.map((order) => {
      return { subject: subjectOf(order), runId: order.runId, isRed: true, findings: [] };
    });
  }
  return outcomes.map(({ order, runId, ending, findings }) => {
    const isGreen = ending.kind === 'ended' && ending.status === 'completed' && !findings.some(isRed);
    return { subject: subjectOf(order), runId, isRed: failure !== null || !isGreen, findings };
  });
}

/** What two reports must be of to be compared: the intent without its *when*, or the run. */
function subjectOf({ runId, workflowId, projectId, inputs }: Order): string {
  return digest(canonicalJson(runId === '' ? [workflowId, projectId, inputs] : [runId]));
}

function forgotten(body: string, reported: readonly Reported[]): string {
  const { memory } = parseComment(body);
  const kept = reported.reduce((sum, one) => {
    const subject = memory?.subjects.find(({ runId }) => runId === one.runId);
    return sum + (one.findings.length === 0 ? 0 : (subject?.last?.conditions.length ?? 0));
  }, 0);
  const judged = reported.reduce((sum, { findings }) => sum + findings.length, 0);
  return kept < judged
    ? `The comment has room to remember ${kept} of ${judged} conditions: what changes is told of these alone.`
    : '';
}
