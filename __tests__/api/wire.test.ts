import { describe, expect, test } from '@jest/globals';
import { RequestError } from '../../src/api/errors.ts';
import { isEnded, parseBody, parseLaunch, parseProblem, parseRetryAfter, parseRun, parseWorkflows } from '../../src/api/wire.ts';
import type { JsonObject } from '../../src/json.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const keep = (text: string): string => text;

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RequestError) return error.failure.code;
    throw error;
  }
  return 'none';
}

describe('a body', () => {
  test.each<[title: string, body: string | Buffer, code: string]>([
    ['is an object', '{"a":1}', 'none'],
    ['is empty', '', 'unreadable'],
    ['is torn', '{"a":', 'unreadable'],
    ['is a list', '[]', 'unreadable'],
    ['is a number', '1', 'unreadable'],
    ['is a page', ' <!DOCTYPE html><html>', 'web_page'],
    ['is not UTF-8', Buffer.from([0xff, 0xfe, 0x7b, 0x00]), 'unreadable'],
    ['has a string that is not UTF-8', Buffer.from('{"a":"\xe4"}', 'latin1'), 'unreadable'],
    ['is compressed', Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 'unreadable'],
    ['has 300,000 values', `{"a":[${'1,'.repeat(299_996)}{}]}`, 'none'],
    ['has 300,001 values', `{"a":[${'1,'.repeat(299_996)}{},1]}`, 'too_large'],
    ['has a text of brackets and commas', `{"a":"\\"${'[{,'.repeat(200_000)}"}`, 'none'],
    ['is nested until the parser fails', '{"a":'.repeat(100_000), 'unreadable'],
  ])('%s', (_, body, code) => {
    expect(codeOf(() => parseBody(Buffer.from(body), keep))).toBe(code);
  });

  test('may begin with a byte order mark, as that of a proxy', () => {
    expect(parseBody(bytes('\ufeff{"a":1}'), keep).json).toEqual({ a: 1 });
  });

  test('is redacted, and says so', () => {
    const redact = (text: string): string => text.replaceAll('hunter22', '***');
    expect(parseBody(bytes('{"a":"x hunter22","hunter22":1}'), redact)).toEqual({ json: { a: 'x ***', '***': 1 }, hasSecret: true });
    expect(parseBody(bytes('{"a":"x"}'), redact).hasSecret).toBe(false);
  });
});

const RUN = {
  run_id: 'run_1',
  workflow_id: 'wf_1',
  status: 'running',
  progress: 42,
  stage: 'Analysing',
  inputs: {},
  outputs: null,
  error_message: null,
  started_at: '2026-04-08T10:00:02+00:00',
  completed_at: null,
  invented: true,
};

describe('a status check', () => {
  test('reads the documented fields and lets others pass', () => {
    expect(parseRun(RUN, 'run_1')).toEqual({
      runId: 'run_1',
      workflowId: 'wf_1',
      status: 'running',
      progress: 42,
      stage: 'Analysing',
      outputs: null,
      errorMessage: '',
      startedAt: '2026-04-08T10:00:02+00:00',
      completedAt: '',
    });
  });

  test.each<[title: string, change: JsonObject, expected: object]>([
    ['has no outputs', { outputs: undefined as never }, { outputs: undefined }],
    ['has a progress above 100', { progress: 180 }, { progress: 100 }],
    ['has a progress below 0', { progress: -3 }, { progress: 0 }],
    ['has a progress that is a text', { progress: '42' }, { progress: null }],
    ['has a stage that is no text', { stage: 7 }, { stage: '' }],
    ['has a time that is none', { started_at: 'soon' }, { startedAt: '' }],
    ['has a time of an impossible day', { started_at: '2026-13-45T00:00:00Z' }, { startedAt: '' }],
    ['has a status that is not documented', { status: 'paused' }, { status: 'paused' }],
    ['has a workflow that is no ID', { workflow_id: '../x' }, { workflowId: '' }],
  ])('%s', (_, change, expected) => {
    expect(parseRun({ ...RUN, ...change }, 'run_1')).toMatchObject(expected);
  });

  test.each<[title: string, change: JsonObject, code: string]>([
    ['without a status', { status: null }, 'unreadable'],
    ['about another run', { run_id: 'run_2' }, 'wrong_run'],
    ['without a run', { run_id: null }, 'wrong_run'],
  ])('%s cannot be used', (_, change, code) => {
    expect(codeOf(() => parseRun({ ...RUN, ...change }, 'run_1'))).toBe(code);
  });
});

test.each([
  ['pending', false],
  ['running', false],
  ['completed', true],
  ['failed', true],
  ['cancelled', true],
  ['Completed', false],
  ['constructor', false],
])('a run that is %s has ended: %s', (status, expected) => {
  expect(isEnded({ status })).toBe(expected);
});

describe('the answer to a launch', () => {
  test.each<[title: string, json: JsonObject, code: string]>([
    ['names the run', { run_id: 'run_1', workflow_id: 'wf_1', status: 'pending' }, 'none'],
    ['may lack the workflow and the status', { run_id: 'run_1' }, 'none'],
    ['names no run', { status: 'pending' }, 'unreadable'],
    ['names a run that is no ID', { run_id: 'a b' }, 'unreadable'],
    ['names a run that would leave the path', { run_id: '../../me' }, 'unreadable'],
    ['names another workflow', { run_id: 'run_1', workflow_id: 'wf_2' }, 'wrong_workflow'],
  ])('%s', (_, json, code) => {
    expect(codeOf(() => parseLaunch(json, 'wf_1'))).toBe(code);
  });
});

test('a page of workflows skips what has no ID', () => {
  const data = [{ id: 'wf_1', name: 'Review', enabled: true }, { name: 'x' }, 'y', { id: 'wf_2' }];
  expect(parseWorkflows({ data })).toEqual({
    workflows: [
      { id: 'wf_1', name: 'Review', enabled: true },
      { id: 'wf_2', name: '', enabled: false },
    ],
  });
  expect(codeOf(() => parseWorkflows({}))).toBe('unreadable');
});

describe('the content of an error', () => {
  const json = new Map([['content-type', 'application/problem+json; charset=utf-8']]);

  test('is that of the API', () => {
    const body =
      '{"title":"No","detail":" Scopes\\nare missing. ","code":"insufficient_scope","missing_scopes":["workflows:write",7],"request_id":"req_1","retry_after_seconds":3}';
    expect(parseProblem(bytes(body), json, keep)).toEqual({
      isProblem: true,
      apiCode: 'insufficient_scope',
      detail: 'Scopes are missing.',
      requestId: 'req_1',
      missingScopes: ['workflows:write', ''],
      retryAfterSeconds: 3,
    });
  });

  test.each<[title: string, body: string, headers: ReadonlyMap<string, string>, expected: object]>([
    ['may be a page', '<html>', new Map(), { isProblem: false, apiCode: '', detail: '', requestId: '' }],
    ['may be torn', '{"code":"inter', json, { isProblem: true, apiCode: '' }],
    ['may have a title alone', '{"title":"Conflict"}', json, { detail: 'Conflict' }],
    ['may have the code without the content type', '{"code":"internal_error"}', new Map(), { isProblem: true }],
    ['is cut', `{"detail":"${'x'.repeat(900)}"}`, json, { detail: 'x'.repeat(500) }],
  ])('%s', (_, body, headers, expected) => {
    expect(parseProblem(bytes(body), headers, keep)).toMatchObject(expected);
  });
});

const NOW = Date.UTC(2026, 3, 8, 10);

test.each<[title: string, header: string, bodySeconds: number | null, ms: number | null]>([
  ['seconds', '25', null, 25_000],
  ['a part of a second', '0.25', null, 250],
  ['a date', 'Wed, 08 Apr 2026 10:00:30 GMT', null, 30_000],
  ['a date in the past', 'Wed, 08 Apr 2026 09:00:00 GMT', null, 0],
  ['nothing', '', null, null],
  ['no time', 'later', null, null],
  ['the body alone', '', 7, 7_000],
  ['the longer of header and body', '5', 7, 7_000],
  ['a negative number in the body', '', -7, 0],
])('Retry-After: %s', (_, header, bodySeconds, ms) => {
  expect(parseRetryAfter(header, bodySeconds, NOW)).toBe(ms);
});
