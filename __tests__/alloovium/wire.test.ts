import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ResponseShapeError } from '../../src/alloovium/errors.ts';
import {
  bucketOf,
  countIn,
  launchAnswer,
  parseBody,
  problemOf,
  requestIdOf,
  runOf,
  workflowPage,
  type Redact,
} from '../../src/alloovium/wire.ts';
import { ID, type JsonObject } from '../../src/json.ts';
import { API_KEY, answerOf, poll } from '../fakes.ts';

const redact: Redact = (text) => text.replaceAll(API_KEY, '***');
const body = (value: unknown): JsonObject => parseBody(answerOf({ body: value }), redact);
const run = (more: Record<string, unknown>) =>
  runOf(body({ ...(poll('run_1', 'running').body as object), ...more }), 'run_1');

function shapeError(act: () => unknown): ResponseShapeError {
  try {
    act();
  } catch (error) {
    if (error instanceof ResponseShapeError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the vendor’s own examples are read field for field', () => {
  test('the answer to a launch', () => {
    expect(
      launchAnswer(
        body({
          run_id: 'run_c1d2e3f4-5a6b-7c8d-9e0f-1a2b3c4d5e6f',
          workflow_id: 'wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c31',
          status: 'pending',
          started_at: null,
        }),
        'wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c31',
      ),
    ).toEqual({
      runId: 'run_c1d2e3f4-5a6b-7c8d-9e0f-1a2b3c4d5e6f',
      status: 'pending',
    });
  });

  test('a poll of a completed run', () => {
    const outputs = { summary: '5 submittals reviewed', items: [{ id: 'a', status: 'compliant' }] };
    expect(
      run({
        status: 'completed',
        progress: 100,
        stage: 'completed',
        inputs: { start_date: '2026-04-01' },
        outputs,
        error_message: null,
        started_at: '2026-04-08T10:00:05+00:00',
        completed_at: '2026-04-08T10:02:10.123456+00:00',
        created_at: '2026-04-08T10:00:00Z',
        a_new_field: { of: 'tomorrow' },
      }),
    ).toEqual({
      runId: 'run_1',
      workflowId: 'wf_1',
      status: 'completed',
      progress: 100,
      stage: 'completed',
      outputs,
      errorMessage: null,
      startedAt: '2026-04-08T10:00:05+00:00',
      completedAt: '2026-04-08T10:02:10.123456+00:00',
      createdAt: '2026-04-08T10:00:00Z',
    });
  });
});

describe('IDs', () => {
  test.each(['run_1', 'wf_1f02d9ef-6c1e-4b7a', 'A', 'a.b-c_d', 'a'.repeat(128)])('%s is one', (id) => {
    expect(ID.test(id)).toBe(true);
  });
  test.each([
    '',
    '../x',
    'run_1\n',
    '\nrun_1',
    'run_1\u0000',
    '::set-output name=a::b',
    '-run',
    'a'.repeat(129),
  ])('%j is none', (id) => {
    expect(ID.test(id)).toBe(false);
  });
});

describe('fields of no use are left out, and the rest is used', () => {
  test.each([7, {}, [], true])('stage and error_message %j are none', (value) => {
    expect(run({ stage: value, error_message: value })).toMatchObject({ stage: null, errorMessage: null });
  });

  test.each([
    'yesterday',
    '2026-04-08',
    '2026-04-08T10:00:00',
    '2026-04-08T10:00:00Z\n::x::',
    `2026-04-08T10:00:00.${'0'.repeat(100)}Z`,
    1_775_642_400,
    null,
  ])('%j is no time', (created_at) => {
    expect(run({ created_at }).createdAt).toBe('');
  });

  test('a field that is only inherited is not there', () => {
    expect(
      shapeError(() => runOf(body('{"__proto__":{"run_id":"run_1","status":"completed"}}'), 'run_1')),
    ).toBeDefined();
    expect(({} as Record<string, unknown>).run_id).toBeUndefined();
  });
});

describe('a body that is no JSON object is not usable', () => {
  test.each(['', ' ', '[]', 'null', '"x"', '7', '{', "{'a':1}", '{"a":1}\u0000'])('%j', (text) => {
    expect(shapeError(() => body(text)).fault).toBe('unusable');
  });
  test('the message never quotes the body', () => {
    expect(shapeError(() => body('::set-output name=x::y')).message).not.toContain('::');
  });
});

test('secrets are gone before anything else sees the answer, in values and keys', () => {
  const outputs = { [API_KEY]: [`Bearer ${API_KEY}`] };
  expect(JSON.stringify(run({ stage: API_KEY, error_message: API_KEY, outputs }))).not.toContain(API_KEY);
});

describe('a page of workflows', () => {
  const page = (value: unknown) => workflowPage(body(value));

  test('goes on while has_more says so, and only then', () => {
    const data: unknown[] = [];
    expect(page({ data, next_cursor: 'c', has_more: true }).nextCursor).toBe('c');
    for (const end of [
      { has_more: false, next_cursor: 'c' },
      { has_more: 'yes', next_cursor: 'c' },
      { has_more: true, next_cursor: null },
      { has_more: true, next_cursor: '' },
      { has_more: true },
      {},
    ])
      expect(page({ data, ...end }).nextCursor).toBeNull();
  });

  test('entries that are none, or have no usable ID, are passed over', () => {
    const data = [
      { id: 'wf_1', name: 'One', enabled: true, description: 'x' },
      { id: 'wf_2' },
      { id: '../x', name: 'Evil', enabled: true },
      null,
      7,
      [],
      'wf_3',
    ];
    expect(page({ data }).workflows).toEqual([
      { id: 'wf_1', name: 'One', enabled: true },
      { id: 'wf_2', name: '', enabled: false },
    ]);
  });

  test.each([undefined, null, {}, 'x'])('data %j is no list', (data) => {
    expect(shapeError(() => page({ data }))).toBeDefined();
  });
});

describe('an error’s answer', () => {
  const problem = (value: unknown, headers = {}) =>
    problemOf(answerOf({ status: 422, headers, body: value }), redact);

  test('problem+json gives code, detail, request ID, scopes and hint', () => {
    expect(
      problem({
        type: 'https://api.alloovium.com/errors/insufficient_scope',
        title: 'Insufficient scope',
        status: 403,
        detail: 'The key lacks workflows:write.',
        code: 'insufficient_scope',
        request_id: 'req_1',
        missing_scopes: ['workflows:write'],
        retry_after_seconds: 30,
      }),
    ).toEqual({
      status: 422,
      isProblem: true,
      code: 'insufficient_scope',
      detail: 'The key lacks workflows:write.',
      requestId: 'req_1',
      missingScopes: ['workflows:write'],
      retryAfterSeconds: 30,
    });
  });

  test.each(['', '<html>502</html>', '{"code":', '[]', 'null', Buffer.from([0xff, 0xfe])])(
    '%p: nothing but the status',
    (value) => {
      expect(problem(value)).toEqual({
        status: 422,
        isProblem: false,
        code: null,
        detail: '',
        requestId: '',
        missingScopes: [],
        retryAfterSeconds: null,
      });
    },
  );

  test('the title stands in for the detail, a header for the request ID', () => {
    expect(problem({ title: 'Bad' }, { 'x-request-id': 'req_2' })).toMatchObject({
      detail: 'Bad',
      requestId: 'req_2',
    });
  });

  test.each(['Bad Code', 'a\nb', '::error::', 'x'.repeat(65), 7, null])('%j is no code', (code) => {
    expect(problem({ code }).code).toBeNull();
  });

  test.each(['30', null, {}, [30]])('retry_after_seconds %j is no hint', (retry_after_seconds) => {
    expect(problem({ retry_after_seconds }).retryAfterSeconds).toBeNull();
  });
  test.each([
    ['1e999', null],
    ['1e3', 1_000],
    ['30.0', 30],
  ])('retry_after_seconds %s, as written, is %p', (source, seconds) => {
    expect(problem(`{"retry_after_seconds":${source}}`).retryAfterSeconds).toBe(seconds);
  });

  test('secrets are gone from all of it', () => {
    expect(
      JSON.stringify([
        problem({ detail: `key ${API_KEY}`, request_id: API_KEY, missing_scopes: [API_KEY] }),
        problem('', { 'x-request-id': API_KEY }),
      ]),
    ).not.toContain(API_KEY);
    expect(requestIdOf(answerOf({ headers: { 'x-request-id': API_KEY } }).headers, redact)).toBe('');
  });

  test('is one line: further ones would read as ours', () => {
    expect(
      problem({ detail: ' a\r\n  b\u2028c\n', request_id: 'req_1\nx', missing_scopes: ['a\nb'] }),
    ).toMatchObject({ detail: 'a b c', requestId: '', missingScopes: ['a b'] });
  });

  test('of any JSON is bounded', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          code: fc.jsonValue(),
          detail: fc.oneof(fc.jsonValue(), fc.constant('x'.repeat(10_000))),
          title: fc.jsonValue(),
          request_id: fc.oneof(fc.jsonValue(), fc.constant('x'.repeat(10_000))),
          missing_scopes: fc.oneof(fc.jsonValue(), fc.constant(Array(100).fill('y'.repeat(500)))),
          retry_after_seconds: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(value, (any) => {
        expect(JSON.stringify(problem(any)).length).toBeLessThan(10_000);
      }),
    );
  });
});

describe('rate headers', () => {
  const now = 1_000_000;
  const headers = (limit: string, remaining: string, reset: string) =>
    answerOf({
      headers: { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset },
    }).headers;

  test('give the bucket and when it is full', () => {
    expect(bucketOf(headers('120', '95', '1025'), [now])).toEqual({
      limit: 120,
      remaining: 95,
      fullInMs: 25_000,
    });
    expect(bucketOf(headers('120', '120', '900'), [now])).toEqual({
      limit: 120,
      remaining: 120,
      fullInMs: 0,
    });
  });

  const DAY = 86_400_000;
  test.each([
    ['the first clock is a day behind', [now - DAY, now], 25_000],
    ['both are', [now - DAY, now - DAY], 0],
    ['the first is a day ahead', [now + DAY, now], 0],
    ['the second is', [now, now + DAY], 25_000],
  ])('%s: a clock that is far off tells nothing', (_, clocks, fullInMs) => {
    expect(bucketOf(headers('120', '95', '1025'), clocks)).toMatchObject({ fullInMs });
  });

  test.each([
    ['120', '121', '1000'],
    ['120', '-1', '1000'],
    ['120', '1.5', '1000'],
    ['120', '', '1000'],
    ['120', '5', '9'.repeat(30)],
  ])('%j, %j, %j are nonsense', (limit, remaining, reset) => {
    expect(bucketOf(headers(limit, remaining, reset), [now])).toBeNull();
  });

  test('that are missing say nothing', () => {
    expect(bucketOf(new Map(), [now])).toBeNull();
    expect(countIn(new Map(), 'x-ratelimit-cost')).toBeNull();
  });

  test.each([
    ['25', 25],
    ['-1', null],
    ['', null],
    ['25, 25', null],
  ])('cost %j is %p', (text, cost) => {
    expect(countIn(new Map([['x-ratelimit-cost', text]]), 'x-ratelimit-cost')).toBe(cost);
  });
});
