import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CONNECTION,
  ConnectionError,
  ResponseShapeError,
  type ConnectionFault,
} from '../../src/alloovium/errors.ts';
import { StepError } from '../../src/step-error.ts';
import { apiError } from '../fakes.ts';

/** `{again}` and the like stand for one. */
const SENTENCES = /^(?:[A-Z]|\{\w+\} [A-Z]).*(?:\.|\{\w+\})$/s;

describe('an answer without a documented code is told by its status', () => {
  test.each([
    [307, /redirect, which is never followed/],
    [400, /refused the request as invalid/],
    [401, /did not accept the API key/],
    [403, /denied/],
    [404, /not found/],
    [409, /conflicts with another/],
    [413, /too large/],
    [407, /proxy asks for credentials/],
    [422, /refused the request as invalid/],
    [429, /bucket .* is empty/],
    [502, /gateway/],
    [418, /refused the request/],
  ])('%d', (status, words) => {
    const error = apiError({ status });
    expect(error.headline).toMatch(words);
    expect(error.headline).toContain(`(${status})`);
    expect(error.remedy).toMatch(SENTENCES);
  });

  test.each(['constructor', '__proto__', 'to_string', 'brand_new_code'])(
    'the code %s is the server’s text: in the detail, never in the headline',
    (code) => {
      const error = apiError({ code });
      expect(error.headline).not.toContain(code);
      expect(error.detail).toBe(`Alloovium reported: code ${code}`);
    },
  );
});

test.each([
  [404, 'not_found'],
  [422, 'validation_error'],
  [429, 'rate_limited'],
])('a documented code that says no more than its status, %d, says the same, and is named', (status, code) => {
  const [withCode, without] = [apiError({ status, code }), apiError({ status })];
  expect(withCode.remedy).toBe(without.remedy);
  expect(withCode.headline).toBe(without.headline.replace(`(${status})`, `(${status} ${code})`));
});

test('what the server says goes into the detail alone, the request ID with it', () => {
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

test('drops a detail that says what the headline says', () => {
  const detail = 'The API key was revoked.';
  expect(apiError({ status: 401, code: 'api_key_revoked', detail }).detail).toBe('');
});

test('no problem of any kind gets the server’s text into headline or remedy', () => {
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

test.each(Object.keys(CONNECTION) as ConnectionFault[])(
  'a connection error, %s says what to do, and names the code where there is one (D3)',
  (fault) => {
    const error = new ConnectionError(fault, 'SOME_CODE');
    expect(error).toBeInstanceOf(StepError);
    expect(error.headline).toMatch(/ \(SOME_CODE\)$/);
    expect(new ConnectionError(fault).headline).not.toContain('(');
    expect(error.remedy).toMatch(SENTENCES);
  },
);

test('an answer of the wrong shape: over a cap the remedy is to write less', () => {
  expect(new ResponseShapeError('x', 'over_cap').remedy).toMatch(/write fewer/);
  expect(new ResponseShapeError('x').remedy).toMatch(/api_url/);
});
