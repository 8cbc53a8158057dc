import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ResponseShapeError } from '../../src/alloovium/errors.ts';
import {
  parseBucket,
  readWholeNumber,
  parseLaunch,
  parseBody,
  parseProblem,
  readRequestId,
  parseRun,
  parseWorkflowPage,
  type Redact,
} from '../../src/alloovium/wire.ts';
import { ID, type JsonObject } from '../../src/json.ts';
import { API_KEY, httpAnswerOf, pollAnswer } from '../fakes.ts';

const redact: Redact = (text) => text.replaceAll(API_KEY, '***');
const body = (value: unknown): JsonObject => parseBody(httpAnswerOf({ body: value }), redact);
const run = (more: Record<string, unknown>) => parseRun(body({ ...(pollAnswer('run_1', 'running').body as object), ...more }), 'run_1');

function shapeError(act: () => unknown): ResponseShapeError {
  try {
    act();
  } catch (error) {
    if (error instanceof ResponseShapeError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the examples of the vendor', () => {
  test('are parsed field by field for the answer to a launch', () => {
    expect(
      parseLaunch(
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

  test('are parsed field by field for a poll of a completed run', () => {
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

describe('an ID', () => {
  test.each(['run_1', 'wf_1f02d9ef-6c1e-4b7a', 'A', 'a.b-c_d', 'a'.repeat(128)])('accepts the text %s', (id) => {
    expect(ID.test(id)).toBe(true);
  });
  test.each(['', '../x', 'run_1\n', '\nrun_1', 'run_1\u0000', '::set-output name=a::b', '-run', 'a'.repeat(129)])(
    'does not accept the text %j',
    (id) => {
      expect(ID.test(id)).toBe(false);
    },
  );
});

describe('an invalid optional field', () => {
  test.each([7, {}, [], true])('is null for the stage and the error_message %j', (value) => {
    expect(run({ stage: value, error_message: value })).toMatchObject({ stage: null, errorMessage: null });
  });

  test.each([
    'yesterday',
    '2026-04-08',
    '2026-04-08T10:00:00',
    '2026-04-08T10:00:00Z\n::x::',
    '2026-13-08T10:00:00Z',
    `2026-04-08T10:00:00.${'0'.repeat(100)}Z`,
    1_775_642_400,
    null,
  ])('is empty for the created_at %j', (created_at) => {
    expect(run({ created_at }).createdAt).toBe('');
  });

  test('is not read from the prototype', () => {
    expect(shapeError(() => parseRun(body('{"__proto__":{"run_id":"run_1","status":"completed"}}'), 'run_1'))).toBeDefined();
    expect(({} as Record<string, unknown>).run_id).toBeUndefined();
  });
});

describe('a body that is not a JSON object', () => {
  test.each(['', ' ', '[]', 'null', '"x"', '7', '{', "{'a':1}", '{"a":1}\u0000'])('is unusable if it is %j', (text) => {
    expect(shapeError(() => body(text)).fault).toBe('unusable');
  });
  test('is never quoted in the message', () => {
    expect(shapeError(() => body('::set-output name=x::y')).message).not.toContain('::');
  });
});

test('redacts secrets in values and keys of the answer', () => {
  const outputs = { [API_KEY]: [`Bearer ${API_KEY}`] };
  expect(JSON.stringify(run({ stage: API_KEY, error_message: API_KEY, outputs }))).not.toContain(API_KEY);
});

describe('a page of workflows', () => {
  const page = (value: unknown) => parseWorkflowPage(body(value));

  test('has a next cursor only if has_more is true', () => {
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

  test('skips entries that are not objects or have no usable ID', () => {
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

  test.each([undefined, null, {}, 'x'])('is refused if data is %j', (data) => {
    expect(shapeError(() => page({ data }))).toBeDefined();
  });
});

describe('an error’s answer', () => {
  const problem = (value: unknown, headers = {}) => parseProblem(httpAnswerOf({ status: 422, headers, body: value }), redact);

  test('has the code, detail, request ID, scopes and hint of problem+json', () => {
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
    'has only the status if the body is %p',
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

  test('takes the title for a missing detail, and a header for a missing request ID', () => {
    expect(problem({ title: 'Bad' }, { 'x-request-id': 'req_2' })).toMatchObject({
      detail: 'Bad',
      requestId: 'req_2',
    });
  });

  test.each(['Bad Code', 'a\nb', '::error::', 'x'.repeat(65), 7, null])('ignores the code %j', (code) => {
    expect(problem({ code }).code).toBeNull();
  });

  test.each(['30', null, {}, [30]])('ignores retry_after_seconds %j', (retry_after_seconds) => {
    expect(problem({ retry_after_seconds }).retryAfterSeconds).toBeNull();
  });
  test.each([
    ['1e999', null],
    ['1e3', 1_000],
    ['30.0', 30],
  ])('reads retry_after_seconds %s as %p', (source, seconds) => {
    expect(problem(`{"retry_after_seconds":${source}}`).retryAfterSeconds).toBe(seconds);
  });

  test('has no secret in any field', () => {
    expect(
      JSON.stringify([
        problem({ detail: `key ${API_KEY}`, request_id: API_KEY, missing_scopes: [API_KEY] }),
        problem('', { 'x-request-id': API_KEY }),
      ]),
    ).not.toContain(API_KEY);
    expect(readRequestId(httpAnswerOf({ headers: { 'x-request-id': API_KEY } }).headers, redact)).toBe('');
  });

  test('joins lines of text, which could pass for lines of the action', () => {
    expect(problem({ detail: ' a\r\n  b\u2028c\n', request_id: 'req_1\nx', missing_scopes: ['a\nb'] })).toMatchObject({
      detail: 'a b c',
      requestId: '',
      missingScopes: ['a b'],
    });
  });

  test('is bounded for any JSON', () => {
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

describe('the parser of rate headers', () => {
  const now = 1_000_000;
  const headers = (limit: string, remaining: string, reset: string) =>
    httpAnswerOf({
      headers: { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset },
    }).headers;

  test('returns the bucket and the time until it is full', () => {
    expect(parseBucket(headers('120', '95', '1025'), [now])).toEqual({
      limit: 120,
      remaining: 95,
      fullInMs: 25_000,
    });
    expect(parseBucket(headers('120', '120', '900'), [now])).toEqual({
      limit: 120,
      remaining: 120,
      fullInMs: 0,
    });
  });

  const DAY = 86_400_000;
  test.each([
    ['the time until the bucket is full by the second clock if the first is a day behind', [now - DAY, now], 25_000],
    ['0 as the time until the bucket is full if both clocks are a day behind', [now - DAY, now - DAY], 0],
    ['0 as the time until the bucket is full if the first clock is a day ahead', [now + DAY, now], 0],
    ['the time until the bucket is full by the first clock if the second is a day ahead', [now, now + DAY], 25_000],
    ['a time of ten minutes until the bucket is full', [425_000, now], 600_000],
    ['the time by the second clock if the first gives more than ten minutes', [424_999, now], 25_000],
  ])('returns %s', (_, clocks, fullInMs) => {
    expect(parseBucket(headers('120', '95', '1025'), clocks)).toMatchObject({ fullInMs });
  });

  test.each([
    ['120', '121', '1000'],
    ['120', '-1', '1000'],
    ['120', '1.5', '1000'],
    ['120', '', '1000'],
    ['120', '5', '9'.repeat(30)],
    ['0', '0', '1000'],
  ])('ignores an invalid limit %j, remaining %j or reset %j', (limit, remaining, reset) => {
    expect(parseBucket(headers(limit, remaining, reset), [now])).toBeNull();
  });

  test('returns null without headers', () => {
    expect(parseBucket(new Map(), [now])).toBeNull();
    expect(readWholeNumber(new Map(), 'x-ratelimit-cost')).toBeNull();
  });

  test.each([
    ['25', 25],
    ['-1', null],
    ['', null],
    ['25, 25', null],
  ])('reads the cost %j as %p', (text, cost) => {
    expect(readWholeNumber(new Map([['x-ratelimit-cost', text]]), 'x-ratelimit-cost')).toBe(cost);
  });
});

const HTML = { 'content-type': 'text/html; charset=utf-8' };
test.each<[string, headline: string, fault: string, detail: string, act: () => unknown]>([
  [
    'a key twice in the outputs',
    "the run's outputs have a key twice",
    'key_twice',
    'it has "a" twice',
    () => body('{"outputs":{"a":1,"a":2}}'),
  ],
  [
    'a key twice outside the outputs',
    'the answer has a key twice',
    'unusable',
    'it has "status" twice',
    () => body('{"status":"a","status":"b"}'),
  ],
  [
    'a secret and long key twice',
    'the answer has a key twice',
    'unusable',
    `it has "***${'k'.repeat(96)}…" twice`,
    () => {
      const key = JSON.stringify(API_KEY + 'k'.repeat(200));
      return body(`{${key}:1,${key}:2}`);
    },
  ],
  [
    'HTML by its content type',
    'the server answered with a web page, not the API',
    'web_page',
    '',
    () => parseBody(httpAnswerOf({ headers: HTML, body: 'Sign in' }), redact),
  ],
  ['markup by its start', 'the server answered with a web page, not the API', 'web_page', '', () => body('\n <p>Sign in</p>')],
  ['text with markup later on', 'the answer is not usable: the text is not valid JSON', 'unusable', '', () => body('Sign in <b>here</b>')],
  [
    'an empty body that is called HTML',
    'the answer is not usable: the text is not valid JSON',
    'unusable',
    '',
    () => parseBody(httpAnswerOf({ headers: HTML, body: '' }), redact),
  ],
  [
    'deep nesting in an answer that is called HTML',
    'the answer is not usable: the text is nested more than 64 deep',
    'over_cap',
    '',
    () => parseBody(httpAnswerOf({ headers: HTML, body: '['.repeat(65) }), redact),
  ],
  ['a list', 'the answer is not a JSON object', 'unusable', '', () => body('[]')],
  [
    'a launch without a run ID',
    'the answer to the launch has no usable `run_id`',
    'unusable',
    '',
    () => parseLaunch(body({ run_id: '../x' }), 'wf_1'),
  ],
  [
    'a launch of another workflow',
    'the API gave a run of another workflow than the one launched',
    'wrong_run',
    'run run_1',
    () => parseLaunch(body({ run_id: 'run_1', workflow_id: 'wf_2' }), 'wf_1'),
  ],
  ['a run without its ID', 'the answer has no usable `run_id`', 'unusable', '', () => run({ run_id: 7 })],
  ['another run', 'the answer is about another run', 'other_run', '', () => run({ run_id: 'run_2' })],
  ['a run without a status', 'the answer has no usable `status`', 'unusable', '', () => run({ status: '' })],
  ['no list of workflows', 'the list of workflows has no `data`', 'unusable', '', () => parseWorkflowPage({})],
])('refuses an answer with %s: “%s” (%s)', (_, headline, fault, detail, act) => {
  expect(shapeError(act)).toMatchObject({ headline, fault, detail });
});

test.each([
  [-1, 0],
  [0, 0],
  [40.5, 40.5],
  [100, 100],
  [101, 100],
  ['40', null],
  [null, null],
])('reads the progress %j as %j', (progress, becomes) => {
  expect(run({ progress }).progress).toBe(becomes);
});

test('accepts a launch that does not name its workflow or status', () => {
  expect(parseLaunch(body({ run_id: 'run_1' }), 'wf_1')).toEqual({ runId: 'run_1', status: '' });
});

test('keeps at most 500 characters of a problem’s detail, and ten scopes of 64 characters', () => {
  const problem = { detail: 'd'.repeat(501), missing_scopes: [7, ...Array<string>(11).fill('s'.repeat(65))] };
  expect(parseProblem(httpAnswerOf({ status: 403, body: problem }), redact)).toMatchObject({
    detail: 'd'.repeat(500),
    missingScopes: Array<string>(10).fill('s'.repeat(64)),
  });
});

test.each([
  ['application/problem+json', true],
  ['Application/Problem+JSON; charset=utf-8', true],
  ['application/json', false],
])('takes an answer without a code and with the content type %s for the API’s: %p', (type, isProblem) => {
  const answer = httpAnswerOf({ status: 503, headers: { 'content-type': type }, body: '{}' });
  expect(parseProblem(answer, redact).isProblem).toBe(isProblem);
});
