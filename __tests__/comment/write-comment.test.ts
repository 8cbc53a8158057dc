/** For which reports a comment is written, and what log and report say of it. */
import { describe, expect, test } from '@jest/globals';
import { writeComment, type CommentParts } from '../../src/comment/write-comment.ts';
import type { Context, StepPullRequest } from '../../src/github/context.ts';
import type { StickyResult } from '../../src/github/sticky-comment.ts';
import { readInputs, type Inputs } from '../../src/inputs/inputs.ts';
import type { Conclusion } from '../../src/runs/verdict.ts';
import { memoryHost } from '../../simulator/memory-host.ts';
import { virtualClock } from '../fakes.ts';
import { aReport, COMMIT } from '../report/a-report.ts';

const OPEN: StepPullRequest = { kind: 'of_event', number: 7 };
const CONTEXT = {
  commit: COMMIT,
  head: COMMIT,
  repository: 'acme/site',
  workflowPath: 'acme/site/.github/workflows/a.yml',
  apiUrl: 'https://api.github.com',
  jobRunId: '77',
  attempt: 1,
  jobValues: [],
  pullRequest: OPEN,
} as unknown as Context;
const INPUTS = await readInputs({
  INPUT_WORKFLOW_ID: 'wf_1',
  INPUT_COMMENT: 'always',
  INPUT_GITHUB_TOKEN: 't',
});
const WRITTEN: StickyResult = { level: 'line', text: 'Comment: x', detail: '', url: 'https://x.example' };

/** Writes the comment on a red report. @param result of GitHub's calls; an error is thrown */
async function write({
  inputs = {},
  pullRequest = OPEN,
  conclusion = 'gate_failed',
  result = WRITTEN,
  isStopped = false,
  hasContext = true,
  body = null,
}: {
  readonly inputs?: Partial<Inputs>;
  readonly pullRequest?: StepPullRequest;
  readonly conclusion?: Conclusion;
  readonly result?: StickyResult | Error;
  readonly isStopped?: boolean;
  readonly hasContext?: boolean;
  readonly body?: string | null;
}) {
  const host = memoryHost({ GITHUB_JOB: 'review', GITHUB_ACTION: 'run' });
  const numbers: number[] = [];
  const writeStickyComment: CommentParts['writeStickyComment'] = (comment) => {
    numbers.push(comment.pullRequest);
    if (result instanceof Error) return Promise.reject(result);
    return Promise.resolve({ result, decision: comment.decide(body, null, true) });
  };
  const { url, report } = await writeComment(
    {
      host,
      clock: virtualClock(),
      signal: isStopped ? AbortSignal.abort() : new AbortController().signal,
      writeStickyComment,
      redact: (text) => text.replaceAll('hunter2', '***'),
    },
    {
      ...aReport({ verdict: { conclusion } }),
      inputs: { ...INPUTS, ...inputs },
      context: hasContext ? { ...CONTEXT, pullRequest } : null,
    },
  );
  const { lines, warnings } = host;
  return { url, notices: report.notices, lines, warnings, numbers };
}

describe('the comment of a step', () => {
  test.each<[string, Parameters<typeof write>[0]]>([
    ['the pull request of the event', {}],
    ['an open pull request that the step names', { pullRequest: { kind: 'named', number: 7, isOpen: true } }],
    ['any red verdict', { conclusion: 'error' }],
    ['a green verdict', { conclusion: 'success' }],
    ['a red verdict with `comment: on_failure`', { inputs: { comment: 'on_failure' } }],
  ])('is written for %s', async (_, about) => {
    expect(await write(about)).toMatchObject({ numbers: [7], url: WRITTEN.url, warnings: [], notices: [] });
  });

  test.each<[string, Parameters<typeof write>[0], notice: RegExp | null, warning: RegExp | null]>([
    ['`comment: never`', { inputs: { comment: 'never' } }, null, null],
    ['a step without a context', { hasContext: false }, null, null],
    ['`wait: false`', { inputs: { wait: false } }, /`wait: false`/, null],
    [
      'a failed launch with `wait: false`',
      { inputs: { wait: false }, conclusion: 'error' },
      /`wait: false`/,
      null,
    ],
    ['a pending verdict', { conclusion: 'pending' }, null, null],
    ['a skipped step', { conclusion: 'skipped' }, null, null],
    ['an interrupted step', { conclusion: 'interrupted' }, null, null],
    [
      'no pull request',
      { pullRequest: { kind: 'none', reason: 'because' } },
      /^No comment: because\.$/,
      null,
    ],
    [
      'a step that a comment started and whose head is not known',
      { pullRequest: { kind: 'commented', number: 7 } },
      /was checked/,
      null,
    ],
    [
      'a closed pull request',
      { pullRequest: { kind: 'named', number: 7, isOpen: false } },
      null,
      /#7 is closed/,
    ],
    ['no token', { inputs: { githubToken: '' } }, null, /`github_token` is empty/],
  ])('is not written for %s', async (_, about, notice, warning) => {
    const { numbers, url, notices, warnings } = await write(about);
    expect([numbers, url]).toEqual([[], '']);
    expect(notices).toEqual(notice === null ? [] : [expect.stringMatching(notice)]);
    expect(warnings).toEqual(warning === null ? [] : [expect.stringMatching(warning)]);
  });

  const named: StepPullRequest = { kind: 'named', number: 7, isOpen: true };
  test.each<[StickyResult['level'], StepPullRequest, 'a line' | 'a notice' | 'a warning']>([
    ['line', OPEN, 'a line'],
    ['notice', OPEN, 'a notice'],
    ['warning', OPEN, 'a warning'],
    ['notice', named, 'a warning'],
    ['line', named, 'a line'],
  ])('has its result of the level %s on %j reported as %s', async (level, pullRequest, where) => {
    const { lines, notices, warnings } = await write({ pullRequest, result: { ...WRITTEN, level } });
    const isNotice = where === 'a notice';
    expect(lines).toHaveLength(isNotice || where === 'a line' ? 1 : 0);
    expect(notices).toHaveLength(isNotice ? 1 : 0);
    expect(warnings).toHaveLength(where === 'a warning' ? 1 : 0);
  });

  test('has the server’s detail in one short line of the log, without secrets', async () => {
    const { lines } = await write({
      result: { ...WRITTEN, detail: `${'a'.repeat(294)}hunter2${'b'.repeat(99)}` },
    });
    expect(lines.at(-1)).toMatch(/a\*\*\*bbb\W*$/);
    expect((await write({})).lines).toEqual([expect.not.stringContaining('Detail')]);
  });

  test('is reported by a warning if it cannot be written, unless the runner stopped the step', async () => {
    const result = new Error('hunter2 broke');
    expect((await write({ result })).warnings).toEqual(['No comment: *** broke.']);
    expect((await write({ result, isStopped: true })).warnings).toEqual([]);
  });
});
