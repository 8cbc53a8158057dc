/** For which reports a comment is written, and what log and report say of it. */
import { describe, expect, test } from '@jest/globals';
import { writeComment, type CommentParts } from '../../src/comment/write-comment.ts';
import { parseComment } from '../../src/comment/memory.ts';
import { NEWER_RED } from '../../src/comment/rule.ts';
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
  hasInputs = true,
  body = null,
  environment = {},
  decided = {},
}: {
  readonly inputs?: Partial<Inputs>;
  readonly pullRequest?: StepPullRequest;
  readonly conclusion?: Conclusion;
  readonly result?: StickyResult | Error;
  readonly isStopped?: boolean;
  readonly hasContext?: boolean;
  readonly hasInputs?: boolean;
  readonly body?: string | null;
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the decision; null: there is none. */
  readonly decided?: Readonly<Record<string, unknown>> | null;
}) {
  const host = memoryHost({ GITHUB_JOB: 'review', GITHUB_ACTION: 'run', ...environment });
  const numbers: number[] = [];
  const proxies: (string | null)[] = [];
  const bodies: (string | null)[] = [];
  const writeStickyComment: CommentParts['writeStickyComment'] = (comment, { proxy }) => {
    numbers.push(comment.pullRequest);
    proxies.push(proxy);
    if (result instanceof Error) return Promise.reject(result);
    const decision = comment.decide(body, null, true);
    bodies.push(decision.action === 'write' ? decision.body : null);
    return Promise.resolve({ result, decision: decided && { ...decision, ...decided } });
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
      inputs: hasInputs ? { ...INPUTS, ...inputs } : null,
      context: hasContext ? { ...CONTEXT, pullRequest } : null,
    },
  );
  const { lines, warnings } = host;
  return { url, report, notices: report.notices, lines, warnings, numbers, proxies, bodies };
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
    ['a step without inputs', { hasInputs: false }, null, null],
    ['`wait: false`', { inputs: { wait: false } }, /`wait: false`/, null],
    ['a failed launch with `wait: false`', { inputs: { wait: false }, conclusion: 'error' }, /`wait: false`/, null],
    ['a pending verdict', { conclusion: 'pending' }, null, null],
    ['a skipped step', { conclusion: 'skipped' }, null, null],
    ['an interrupted step', { conclusion: 'interrupted' }, null, null],
    ['no pull request', { pullRequest: { kind: 'none', reason: 'because' } }, /^No comment: because\.$/, null],
    ['a step that a comment started and whose head is not known', { pullRequest: { kind: 'commented', number: 7 } }, /was checked/, null],
    ['a closed pull request', { pullRequest: { kind: 'named', number: 7, isOpen: false } }, null, /#7 is closed/],
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

  test('has the server’s whole detail in the log if it is short', async () => {
    const { lines } = await write({ result: { ...WRITTEN, detail: 'hunter2 is wrong' } });
    expect(lines).toEqual([expect.stringMatching(/x$/), '    Detail: *** is wrong']);
  });

  test('has a body that begins with its marker, and none where it is left as it is', async () => {
    const [body] = (await write({})).bodies;
    expect(body).toMatch(/^<!-- alloovium:[0-9a-f]{32} -->\n/);
    expect((await write({ body: body ?? '' })).bodies).toEqual([null]);
  });

  test.each([
    ['job', { GITHUB_JOB: 'other' }],
    ['step', { GITHUB_ACTION: 'other' }],
  ])('remembers its %s as its author', async (_, environment) => {
    const authorOf = async (about: Parameters<typeof write>[0]) => parseComment((await write(about)).bodies[0] ?? '').memory?.author.id;
    const author = await authorOf({});
    expect(author).toBeDefined();
    expect(await authorOf({ environment })).not.toBe(author);
  });

  test.each([
    ['without a proxy', {}, null],
    ['through the proxy of the environment', { https_proxy: 'http://proxy:8080' }, 'http://proxy:8080/'],
  ])('is written %s', async (_, environment, proxy) => {
    expect((await write({ environment })).proxies).toEqual([proxy]);
  });

  test('gives the report compared with the comment, or the report as it is without a decision', async () => {
    const compared = { ...aReport(), title: 'compared' };
    expect((await write({ decided: { report: compared } })).report.title).toBe('compared');
    expect((await write({ decided: null })).report.title).toBe(aReport().title);
  });

  test.each<[string, Readonly<Record<string, unknown>>, notices: string[], lines: string[]]>([
    [
      'is left as it is: one notice says that a newer run is red',
      { action: 'leave', isOutdated: true },
      [NEWER_RED],
      [`note: ${NEWER_RED}`],
    ],
    ['is written: the log has its result too', { action: 'write', isOutdated: true }, [NEWER_RED], [`note: ${NEWER_RED}`, WRITTEN.text]],
    ['is left and not outdated: the log has its result', { action: 'leave' }, [], [WRITTEN.text]],
  ])('%s', async (_, decided, notices, lines) => {
    expect(await write({ decided })).toMatchObject({ notices, lines });
  });

  test('is reported by a warning if it cannot be written, unless the runner stopped the step', async () => {
    const result = new Error('hunter2 broke');
    expect((await write({ result })).warnings).toEqual(['No comment: *** broke.']);
    expect((await write({ result, isStopped: true })).warnings).toEqual([]);
  });
});
