/** Why a launch was answered with 404, by the list of workflows; and the list in the log. */
import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/alloovium/errors.ts';
import type { Meta } from '../../src/alloovium/exchange.ts';
import { createMetaNotices } from '../../src/runs/events.ts';
import { createUnknownWorkflowError, listWorkflowLines } from '../../src/runs/unknown-workflow.ts';
import {
  anOrder,
  apiError,
  clientOf,
  fakeTransport,
  jobOf,
  problemAnswer,
  retryOptionsOf,
  virtualClock,
  type ScriptedAnswer,
  type ScriptStep,
} from '../fakes.ts';

interface Listed {
  readonly id: string;
  readonly enabled?: boolean;
  readonly name?: string;
}

/** A page of the list. @param next the cursor of the next page */
const page = (workflows: readonly Listed[], next: string | null = null): ScriptedAnswer => ({
  body: {
    data: workflows.map(({ id, name = `Name of ${id}`, enabled = true }) => ({ id, name, enabled })),
    next_cursor: next,
    has_more: next !== null,
  },
});

/** Explains a 404. @param list the answers of the list */
async function explain(
  list: readonly ScriptStep[],
  {
    projectId = '',
    isPrivate = true,
    problem = {},
    hintMs = null,
  }: {
    projectId?: string;
    isPrivate?: boolean;
    problem?: Parameters<typeof apiError>[0];
    hintMs?: number | null;
  } = {},
) {
  const clock = virtualClock();
  const { transport, sent } = fakeTransport(clock, list);
  const log: string[] = [];
  const job = jobOf(clock, {
    client: clientOf(clock, transport),
    context: { isPrivate },
    emit: (event) => {
      if (event.kind === 'log_note') log.push(event.text);
    },
  });
  const { problem: stated } = apiError({ status: 404, code: 'not_found', isProblem: true, ...problem });
  const error = new ApiError(stated, hintMs);
  const order = anOrder({ workflowId: 'wf_1', projectId });
  const { takeTurn, onFailure } = retryOptionsOf(clock);
  const { headline, remedy, detail } = await createUnknownWorkflowError(error, order, {
    ...job,
    takeTurn,
    onFailure,
  });
  return { headline, remedy, detail, log, sent, endedAt: clock.now() };
}

const OTHER = page([{ id: 'wf_2' }]);
const FOUND = page([{ id: 'wf_2' }, { id: 'wf_1' }]);
const DISABLED = page([{ id: 'wf_1', enabled: false }]);

describe('a 404 to a launch', () => {
  test.each<[string, list: ScriptStep, projectId: string, headline: RegExp, remedy: RegExp]>([
    [
      'says “Workflow not found” for a complete list without the workflow',
      OTHER,
      'p1',
      /^Workflow not found/,
      /^Copy the workflow's ID[^`]*`workflow_id`\.$/,
    ],
    [
      'says “Workflow not found” without a list and a project',
      problemAnswer(403, 'x'),
      '',
      /^Workflow not found/,
      /^Copy the workflow's ID[^`]*`workflow_id`\.$/,
    ],
    [
      'says “Workflow or project not found” without a list, with a project',
      problemAnswer(403, 'x'),
      'p1',
      /^Workflow or project not found/,
      /A wrong `project_id`/,
    ],
    ['says that the workflow is disabled', DISABLED, 'p1', /exists, but is disabled/, /^Enable it/],
    ['says that `project_id` is empty for a list with the workflow', FOUND, '', /`project_id` is empty/, /^Give `project_id`/],
    [
      'says that the project was probably not found for a list with the workflow',
      FOUND,
      '0123456789',
      /project 01234567… was probably not found/,
      /^Check `project_id`\.$/,
    ],
  ])('%s', async (_, list, projectId, headline, remedy) => {
    const error = await explain([list], { projectId });
    expect(error.headline).toMatch(headline);
    expect(error.headline).toMatch(/ \(404 not_found\)$/);
    expect(error.remedy).toMatch(remedy);
  });

  test('has, if it is not the API’s, a remedy for `api_url` and the server’s text', async () => {
    const problem = { code: null, detail: 'Nope', requestId: 'req_1' };
    const { headline, remedy, detail } = await explain([OTHER], { problem });
    expect(headline).toMatch(/ \(404\)$/);
    expect(remedy).toMatch(/^Check that `api_url`/);
    expect(detail).toBe('The server reported: Nope\nrequest req_1');
    expect((await explain([OTHER], { problem: { code: null } })).detail).toBe('');
    expect((await explain([OTHER], { problem: { detail: 'Nope' } })).detail).toBe('');
  });

  const near = page([{ id: 'wf_9' }, { id: 'wf_1x', enabled: false }, { id: 'wf_zzzzz' }, { id: 'wf_yyyyyy' }]);
  test.each<[string, readonly ScriptStep[], isPrivate: boolean, logged: boolean]>([
    ['lists the nearest workflows in the log of a private repository', [near], true, true],
    ['lists the only workflow in the log of a private repository', [OTHER], true, true],
    ['lists no workflow in the log of a public repository', [near], false, false],
    [
      'lists no workflow from an incomplete list',
      [{ ...near, body: page([{ id: 'wf_1x' }], 'c').body }, problemAnswer(403, 'x')],
      true,
      false,
    ],
    ['lists no workflow from an empty list', [page([])], true, false],
    ['lists no workflow if the workflow exists', [FOUND], true, false],
  ])('%s', async (_, list, isPrivate, logged) => {
    expect((await explain(list, { isPrivate })).log).toHaveLength(logged ? 1 : 0);
  });

  test('suggests three workflows, those with the nearest ID or name first', async () => {
    expect((await explain([near])).log).toEqual([
      'did you mean wf_9 “Name of wf_9” or wf_1x “Name of wf_1x” (disabled) or wf_zzzzz “Name of wf_zzzzz”?',
    ]);
    const byName = page([{ id: 'wf_2222' }, { id: 'wf_3333', name: '1' }]);
    expect((await explain([byName])).log[0]).toMatch(/^did you mean wf_3333/);
  });

  test('is explained without the list if the server asks to wait', async () => {
    const { sent, headline } = await explain([FOUND], { projectId: 'p1', hintMs: 5_000 });
    expect(sent).toEqual([]);
    expect(headline).toMatch(/^Workflow or project not found/);
  });

  test('requests no page twice, and no page after a wait that the server asks for', async () => {
    const loop = await explain([page([], 'a'), page([], 'b'), page([], 'a')]);
    expect(loop.sent).toHaveLength(3);
    const waiting = { ...page([], 'a'), headers: { 'retry-after': '5' } };
    expect((await explain([waiting])).sent).toHaveLength(1);
  });

  test('waits for a page for 15 s, and for the list for a minute', async () => {
    const { sent, endedAt } = await explain(['hang']);
    expect(sent[0]?.timeoutMs).toBe(15_000);
    expect(endedAt).toBeGreaterThan(50_000);
    expect(endedAt).toBeLessThanOrEqual(60_000);
  });

  test('looks for the workflow among the first 100 of an answer only', async () => {
    const others = Array.from({ length: 99 }, (_, at) => ({ id: `wf_x${at}` }));
    const at100 = await explain([page([...others, { id: 'wf_1' }])], { projectId: 'p1' });
    expect(at100.headline).toMatch(/^The workflow exists/);
    const at101 = await explain([page([...others, { id: 'wf_x' }, { id: 'wf_1' }])], { projectId: 'p1' });
    expect(at101.headline).toMatch(/^Workflow not found/);
  });
});

describe('the workflows that the key may run', () => {
  const lines = (answer: ScriptStep) => {
    const clock = virtualClock();
    const client = clientOf(clock, fakeTransport(clock, [answer]).transport);
    return listWorkflowLines(client, new AbortController().signal);
  };
  const many = (count: number) => page(Array.from({ length: count }, (_, at) => ({ id: `wf_${at}` })));
  const MORE = '    and more: see the dashboard';

  test.each<[string, ScriptStep, count: number, hasMore: boolean]>([
    ['20 of them, in one page', many(20), 21, false],
    ['20 of 21, with a note that there are more', many(21), 22, true],
    ['those of the first of two pages, with a note that there are more', page([{ id: 'wf_1' }], 'c'), 3, true],
    ['or a line says that there are none', page([]), 1, false],
  ])('are listed, %s', async (_, answer, count, hasMore) => {
    const listed = await lines(answer);
    expect(listed).toHaveLength(count);
    expect(listed.at(-1) === MORE).toBe(hasMore);
    expect(listed[0]).toMatch(count === 1 ? /can run no workflow/ : /can run:$/);
  });

  test('are listed with at most 80 characters of their names', async () => {
    expect((await lines(page([{ id: 'wf_1', name: 'n'.repeat(81) }])))[1]).toBe(`    wf_1 “${'n'.repeat(80)}”`);
  });

  test('are not listed if the request fails', async () => {
    expect(await lines(problemAnswer(403, 'x'))).toEqual([]);
  });
});

test.each<[string, Pick<Meta, 'redacted' | 'wrongContentType'>, count: number]>([
  ['makes no notice of an ordinary answer', { redacted: false, wrongContentType: false }, 0],
  ['makes a notice of an answer with a secret', { redacted: true, wrongContentType: false }, 1],
  ['makes a notice of an answer with another content type', { redacted: false, wrongContentType: true }, 1],
  ['makes two notices of an answer with a secret and another content type', { redacted: true, wrongContentType: true }, 2],
])('%s', (_, meta, count) => {
  expect(createMetaNotices(meta)).toHaveLength(count);
});
