import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  BucketTooSmallError,
  CONNECTION,
  ConnectionError,
  ResponseShapeError,
  type ConnectionFault,
  type FailureKind,
  type ShapeFault,
} from '../../src/alloovium/errors.ts';
import { StepError } from '../../src/step-error.ts';
import { apiError } from '../fakes.ts';

/** `{again}` and the like are placeholders for sentences. */
const SENTENCES = /^(?:[A-Z]|\{\w+\} [A-Z]).*(?:\.|\{\w+\})$/s;

describe('an error without a documented code', () => {
  test.each([
    [307, /redirect, which is never followed/],
    [400, /rejected the request as invalid/],
    [401, /did not accept the API key/],
    [403, /denied/],
    [404, /not found/],
    [409, /conflicts with another/],
    [413, /too large/],
    [407, /proxy asks for credentials/],
    [422, /rejected the request as invalid/],
    [429, /bucket .* is empty/],
    [502, /gateway/],
    [418, /rejected the request/],
  ])('is described by its status %d, with a remedy', (status, words) => {
    const error = apiError({ status });
    expect(error.headline).toMatch(words);
    expect(error.headline).toContain(`(${status})`);
    expect(error.remedy).toMatch(SENTENCES);
  });

  test.each(['constructor', '__proto__', 'to_string', 'brand_new_code'])('has its code %s in the detail, never in the headline', (code) => {
    const error = apiError({ code });
    expect(error.headline).not.toContain(code);
    expect(error.detail).toBe(`Alloovium reported: code ${code}`);
  });
});

test.each([
  [20, 'at most 20 (the free tier)'],
  [24, 'at most 24'],
  [10, 'at most 10'],
])('describes a bucket of %d tokens that is too small as “%s”', (limit, end) => {
  expect(new BucketTooSmallError(limit, 25).headline.split(' bucket holds ')[1]).toBe(end);
});

test.each([
  [404, 'not_found'],
  [422, 'validation_error'],
  [429, 'rate_limited'],
])('describes status %d the same with its generic code %s, and names the code', (status, code) => {
  const withCode = apiError({ status, code });
  const without = apiError({ status });
  expect(withCode.remedy).toBe(without.remedy);
  expect(withCode.headline).toBe(without.headline.replace(`(${status})`, `(${status} ${code})`));
});

test('keeps the server’s texts and the request ID in the detail only', () => {
  const error = apiError({
    status: 403,
    code: 'insufficient_scope',
    detail: 'Untrusted words.',
    requestId: 'req_1',
    missingScopes: ['workflows:write'],
  });
  expect(error.detail).toBe('Alloovium reported: Untrusted words; missing: workflows:write\nrequest req_1');
  expect(error.headline + error.remedy).not.toContain('Untrusted');
  expect(error.message).toBe(`${error.headline}: ${error.detail}`);
});

test('drops a detail that repeats the headline', () => {
  const detail = 'The API key was revoked.';
  expect(apiError({ status: 401, code: 'api_key_revoked', detail }).detail).toBe('');
});

test('has no text of the server in headline or remedy, for any problem', () => {
  const word = fc.constantFrom('EVIL', '::set-output::EVIL', 'EVIL\n');
  fc.assert(
    fc.property(
      fc.record({
        status: fc.integer({ min: 100, max: 599 }),
        code: fc.option(fc.constantFrom('evil', 'validation_error')),
        detail: word,
        requestId: word,
        missingScopes: fc.array(word, { maxLength: 3 }),
      }),
      (problem) => {
        const { headline, remedy } = apiError(problem);
        expect(headline + remedy).not.toMatch(/evil/i);
      },
    ),
  );
});

test.each(Object.keys(CONNECTION) as ConnectionFault[])('has a remedy for the connection error %s, and names its code (D3)', (fault) => {
  const error = new ConnectionError(fault, 'SOME_CODE');
  expect(error).toBeInstanceOf(StepError);
  expect(error.headline).toMatch(/ \(SOME_CODE\)$/);
  expect(new ConnectionError(fault).headline).not.toContain('(');
  expect(error.remedy).toMatch(SENTENCES);
});

test.each<[ConnectionFault, code: string, kind: FailureKind, word: string]>([
  ['unreached', 'ENOTFOUND', 'dns_not_found', 'ENOTFOUND'],
  ['unreached', 'ECONNREFUSED', 'unreached', 'ECONNREFUSED'],
  ['broken', 'ENOTFOUND', 'ambiguous', 'ENOTFOUND'],
  ['broken', '502', 'ambiguous', '502'],
  ['proxy', '502', 'unreached', '502 of the proxy'],
  ['proxy', '407', 'rejected', '407 of the proxy'],
  ['timeout', '', 'ambiguous', CONNECTION.timeout[1]],
])('classifies the connection error %s with the code %j as %s', (fault, code, kind, word) => {
  expect(new ConnectionError(fault, code)).toMatchObject({ kind, word });
});

test.each<[status: number, about: { code?: string; isProblem?: boolean }, kind: FailureKind]>([
  [429, {}, 'limited'],
  [409, { code: 'idempotency_in_progress' }, 'locked'],
  [409, { code: 'idempotency_key_reused' }, 'rejected'],
  [429, { code: 'idempotency_in_progress' }, 'limited'],
  [502, {}, 'gateway'],
  [503, {}, 'gateway'],
  [502, { isProblem: true }, 'ambiguous'],
  [503, { isProblem: true }, 'ambiguous'],
  [504, {}, 'ambiguous'],
  [504, { isProblem: true }, 'ambiguous'],
  [408, {}, 'ambiguous'],
  [425, {}, 'ambiguous'],
  [499, {}, 'rejected'],
  [501, { isProblem: true }, 'rejected'],
  [500, {}, 'ambiguous_final'],
  [500, { isProblem: true }, 'ambiguous_final'],
  [505, { isProblem: true }, 'ambiguous_final'],
  [507, { isProblem: true }, 'ambiguous'],
  [507, {}, 'ambiguous_final'],
])('classifies status %d with %j as %s', (status, about, kind) => {
  expect(apiError({ status, ...about }).kind).toBe(kind);
});

test('advises to write fewer values if an answer exceeds a limit', () => {
  expect(new ResponseShapeError('x', 'over_cap').remedy).toMatch(/write fewer/);
  expect(new ResponseShapeError('x').remedy).toMatch(/api_url/);
});

test.each<[ShapeFault, kind: FailureKind, remedy: string]>([
  ['unusable', 'unreadable', 'Check `api_url` and any proxy between the runner and the API; if both are right, report it to Alloovium.'],
  ['other_run', 'unreadable', 'Report it to Alloovium.'],
  ['wrong_run', 'ambiguous_final', 'The action does not evaluate that run. Report it to Alloovium.'],
  ['web_page', 'unreadable', 'Is a proxy asking for a sign-in? Then let the runner through. If not, {again}'],
  ['over_cap', 'of_the_run', 'Make the workflow write fewer and less deeply nested values into its outputs, then {new_run}'],
  ['key_twice', 'of_the_run', 'Make the workflow write each key once, then {new_run}'],
])('classifies an unusable answer (%s) as %s, and advises: “%s”', (fault, kind, remedy) => {
  expect(new ResponseShapeError('x', fault)).toMatchObject({ kind, remedy, headline: 'x', fault });
});

const CHECK_NETWORK = 'Check that the runner can reach the API (DNS, firewall, proxy). {again}';
test.each<[ConnectionFault, kind: FailureKind, headline: string, remedy: string]>([
  ['unreached', 'unreached', 'Alloovium could not be reached', CHECK_NETWORK],
  ['broken', 'ambiguous', 'the connection failed', CHECK_NETWORK],
  ['timeout', 'ambiguous', 'no complete answer came in time', CHECK_NETWORK],
  ['encoding', 'unreadable', 'the answer is compressed, which the request does not allow', 'Check the proxy between runner and API.'],
  [
    'tls',
    'rejected',
    "the server's certificate was not accepted",
    'Check `api_url` and the clock of the runner. Behind a proxy with its own CA, NODE_EXTRA_CA_CERTS must name a readable file that has it.',
  ],
  ['no_tls', 'rejected', 'the server does not speak TLS', 'Check `api_url`: its port must be one for HTTPS.'],
  [
    'proxy',
    'rejected',
    'the proxy rejected the connection',
    'Check the address, user name and password in the proxy variables of the runner, and what the proxy lets through.',
  ],
  ['too_large', 'of_the_run', 'the answer is larger than 8 MiB', 'Make the workflow write less into its outputs, then {new_run}'],
])('classifies the connection error %s without a code as %s: “%s”, and advises: “%s”', (fault, kind, headline, remedy) => {
  expect(new ConnectionError(fault)).toMatchObject({ kind, headline, remedy, word: headline });
});
