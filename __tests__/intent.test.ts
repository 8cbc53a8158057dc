import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalJson,
  createFreshKey,
  createIntentKey,
  isOfThisAttempt,
  createLaunchBody,
  MAX_RERUN_KEYS,
  createResumeKeys,
  type Intent,
} from '../src/intent.ts';
import { readContext } from '../src/github/context.ts';
import { parseJson, type JsonObject, type JsonValue } from '../src/json.ts';
import { anyText } from './support/arbitrary-text.ts';

const intent: Intent = {
  keyScope: 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b',
  repository: 'acme/tower',
  workflowId: 'wf_1f02d9ef',
  projectId: '8f2e3c1a',
  inputs: { start_date: '2026-04-01', sections: ['03', '08'], limits: { days: 7, strict: true } },
};

const anyJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const anyInputs = fc.dictionary(anyText(), anyJson) as fc.Arbitrary<JsonObject>;
const anyId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,20}$/);
const anyIntent: fc.Arbitrary<Intent> = fc.record({
  keyScope: fc.stringMatching(/^[A-Za-z0-9_-]{1,100}$/),
  repository: fc.tuple(anyId, anyId).map((names) => names.join('/')),
  workflowId: anyId.map((id) => `wf_${id}`),
  projectId: fc.oneof(fc.constant(''), anyId),
  inputs: anyInputs,
});

/** The same value with the keys of every object in reverse order. */
function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as JsonValue[]).map(reversed);
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  );
}

describe('the key (K1, K4, K8, K9)', () => {
  test('starts with the commit and never changes, since another key would launch every run again', () => {
    expect(createIntentKey(intent)).toBe('gha_a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b_536b729850a97be9ea5e4c4a084ca95d');
  });

  test('is the same for the same intent, as is the body, in whatever order its keys come (K1)', () => {
    fc.assert(
      fc.property(anyIntent, (one) => {
        const other = { ...one, inputs: reversed(one.inputs) as JsonObject };
        expect(createIntentKey(other)).toBe(createIntentKey(one));
        expect(createLaunchBody(other)).toBe(createLaunchBody(one));
      }),
    );
  });

  test.each<[string, Partial<Intent>]>([
    ['another project', { projectId: '8f2e3c1b' }],
    ['another order of a list', { inputs: { ...intent.inputs, sections: ['08', '03'] } }],
    ['a value that is null', { inputs: { ...intent.inputs, end_date: null } }],
    ['an empty list for an empty object', { inputs: { ...intent.inputs, limits: [] } }],
  ])('differs with %s (K9)', (_, change) => {
    expect(createIntentKey({ ...intent, ...change })).not.toBe(createIntentKey(intent));
  });

  test('differs for two intents, as do the keys of their re-runs (K4, K9)', () => {
    const runs = (of: Intent) => [...createResumeKeys(createIntentKey(of)), createFreshKey(createIntentKey(of), '7', 2)];
    fc.assert(
      fc.property(anyIntent, anyIntent, (one, other) => {
        fc.pre(canonicalJson({ ...one }) !== canonicalJson({ ...other }));
        expect(new Set([...runs(one), ...runs(other)]).size).toBe(2 * (MAX_RERUN_KEYS + 1));
      }),
    );
  });

  test('depends on where one field ends and the next begins', () => {
    const key = (repository: string, workflowId: string, projectId: string) =>
      createIntentKey({ ...intent, repository, workflowId, projectId });
    expect(new Set([key('a/b', 'wf_c', 'd'), key('a/b', 'wf_', 'cd'), key('a/b"', 'wf_c', 'd')]).size).toBe(3);
  });

  test('never equals the key of another repository through `idempotency_key` (K9)', () => {
    const ours = createIntentKey(intent);
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,100}$/), (when) => {
        expect(createIntentKey({ ...intent, keyScope: when, repository: 'evil/tower' })).not.toBe(ours);
      }),
    );
    expect(createIntentKey({ ...intent, keyScope: ours, repository: 'evil/tower' })).not.toBe(ours);
  });

  test('has 1 to 255 of `A-Z a-z 0-9 _ -`, for any intent and environment (K8)', () => {
    const hex = fc.stringMatching(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
    const words = anyText();
    fc.assert(
      fc.property(
        anyIntent,
        fc.record({
          GITHUB_SHA: hex,
          GITHUB_RUN_ID: fc.stringMatching(/^[0-9]{1,20}$/),
          GITHUB_REPOSITORY: fc.stringMatching(/^[^/\s]+\/[^/\s]+$/u),
          GITHUB_EVENT_NAME: fc.oneof(words, fc.constantFrom('push', 'merge_group', 'schedule')),
          GITHUB_JOB: words,
          GITHUB_RUN_ATTEMPT: words,
        }),
        anyJson,
        (one, environment, event) => {
          const { keyScope: when, repository, jobRunId, attempt } = readContext(environment, event);
          for (const key of [createIntentKey({ ...one, keyScope: when, repository }), createIntentKey(one)]) {
            for (const each of [...createResumeKeys(key), createFreshKey(key, jobRunId, attempt), createFreshKey(key, jobRunId, 999_999)]) {
              expect(each).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
            }
          }
        },
      ),
    );
  });

  test('contains nothing of the inputs (K8)', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[g-z]{4,30}$/), (secret) => {
        const key = createIntentKey({ ...intent, inputs: { [secret]: secret } });
        expect(key.slice('gha_'.length)).not.toContain(secret);
      }),
    );
  });
});

describe("the launch's body", () => {
  test('equals the example of the API, field by field', () => {
    const inputs = { start_date: '2026-04-01', end_date: '2026-04-08' };
    const projectId = '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6';
    expect(JSON.parse(createLaunchBody({ ...intent, projectId, inputs }))).toEqual({
      inputs,
      project_id: projectId,
    });
  });

  test('omits empty inputs and an empty project', () => {
    expect(createLaunchBody({ ...intent, inputs: {}, projectId: '' })).toBe('{}');
    expect(createLaunchBody({ ...intent, inputs: {} })).toBe('{"project_id":"8f2e3c1a"}');
    expect(createLaunchBody({ ...intent, inputs: { a: 1 }, projectId: '' })).toBe('{"inputs":{"a":1}}');
  });

  test('contains every input unchanged', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        fc.pre(Object.keys(inputs).length > 0);
        expect(JSON.parse(createLaunchBody({ ...intent, projectId: '', inputs }))).toEqual(JSON.parse(JSON.stringify({ inputs })));
      }),
    );
  });
});

test.each([
  ['sorts the keys of canonical JSON by their code units', '{"b":1,"a":2,"B":3}', '{"B":3,"a":2,"b":1}'],
  ['sorts the keys of canonical JSON in lists and objects', '[{"b":{"d":1,"c":2},"a":3}]', '[{"a":3,"b":{"c":2,"d":1}}]'],
  ['keeps the order of lists in canonical JSON', '[2,1]', '[2,1]'],
  ['keeps the key `__proto__` in canonical JSON', '{"b":1,"__proto__":2}', '{"__proto__":2,"b":1}'],
  ['keeps the source text of a number in canonical JSON', '{"a":1.0}', '{"a":1.0}'],
  ['keeps an object in canonical JSON that looks like an exact number', '{"rawJSON":"1.0"}', '{"rawJSON":"1.0"}'],
])('%s', (_, text, expected) => {
  expect(canonicalJson(parseJson(Buffer.from(text)))).toBe(expected);
});

describe('the keys of a re-run (K2, K3)', () => {
  test('are the key itself, then `_2`, `_3`, to twenty in all, for `resume`', () => {
    const keys = createResumeKeys('k');
    expect(keys.slice(0, 3)).toEqual(['k', 'k_2', 'k_3']);
    expect(keys.at(-1)).toBe('k_20');
    expect(keys).toHaveLength(20);
  });

  test('differ for each attempt of each job run, for `fresh`', () => {
    expect(createFreshKey('k', '77', 2)).toBe('k_run-77-2');
    const keys = [createFreshKey('k', '77', 2), createFreshKey('k', '77', 3), createFreshKey('k', '78', 2), createFreshKey('k', '7', 72)];
    expect(new Set(keys).size).toBe(4);
  });
});

describe('isOfThisAttempt', () => {
  const began = Date.parse('2026-04-08T10:00:00Z');
  test.each([
    ['accepts a run created later', '2026-04-08T10:00:05Z', true],
    ['accepts a run created as the attempt began', '2026-04-08T10:00:00Z', true],
    ['accepts a run created 2 s before, within the tolerance of clocks', '2026-04-08T09:59:58Z', true],
    ['refuses a run created before that', '2026-04-08T09:59:57.999Z', false],
    ['accepts a time in another zone', '2026-04-08T12:00:00+02:00', true],
    ['refuses an earlier time in another zone', '2026-04-08T11:59:00+02:00', false],
    ['refuses an unknown time', '', false],
    ['refuses an invalid time', 'yesterday', false],
  ])('%s', (_, createdAt, expected) => {
    expect(isOfThisAttempt(createdAt, began)).toBe(expected);
  });
});
