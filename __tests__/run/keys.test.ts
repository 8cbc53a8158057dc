import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, parseJson, type JsonObject, type JsonValue } from '../../src/json.ts';
import { createIntentKey, createLaunchBody, listKeys, type Intent } from '../../src/run/keys.ts';

const INTENT: Intent = {
  keyScope: 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b',
  repository: 'acme/tower',
  workflowId: 'wf_1f02d9ef',
  projectId: '8f2e3c1a',
  inputs: { start_date: '2026-04-01', sections: ['03', '08'], limits: { days: 7, strict: true } },
};
const KEY = 'gha_a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b_536b729850a97be9ea5e4c4a084ca95d';

const anyText = fc.string({ unit: 'binary', maxLength: 20 });
const anyJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const anyIntent: fc.Arbitrary<Intent> = fc.record({
  keyScope: fc.stringMatching(/^[A-Za-z0-9_-]{1,100}$/),
  repository: fc.stringMatching(/^[a-z]{1,5}\/[a-z]{1,5}$/),
  workflowId: fc.stringMatching(/^wf_[a-z0-9]{1,10}$/),
  projectId: fc.stringMatching(/^[a-z0-9]{0,10}$/),
  inputs: fc.dictionary(anyText, anyJson),
});

function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as JsonValue[]).map(reversed);
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  );
}

describe('the key of an intent', () => {
  // Another key would launch every run again.
  test.each<[title: string, change: Partial<Intent>, key: string]>([
    ['of a commit', {}, KEY],
    ['of a job run', { keyScope: 'a81d0c4-77' }, 'gha_a81d0c4-77_536b729850a97be9ea5e4c4a084ca95d'],
    [
      'without project and inputs',
      { projectId: '', inputs: {} },
      'gha_a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b_c1c7fa46240fd48a1e392bf3e2602fe4',
    ],
  ])('never changes: %s', (_, change, key) => {
    expect(createIntentKey({ ...INTENT, ...change })).toBe(key);
  });

  test('is the same for the same intent, as is the body, in whatever order its keys come', () => {
    fc.assert(
      fc.property(anyIntent, (intent) => {
        const other = { ...intent, inputs: reversed(intent.inputs) as JsonObject };
        expect(createIntentKey(other)).toBe(createIntentKey(intent));
        expect(createLaunchBody(other)).toBe(createLaunchBody(intent));
      }),
    );
  });

  test.each<[title: string, change: Partial<Intent>]>([
    ['another project', { projectId: '8f2e3c1b' }],
    ['another repository', { repository: 'acme/tower2' }],
    ['another order of a list', { inputs: { ...INTENT.inputs, sections: ['08', '03'] } }],
    ['a value that is null', { inputs: { ...INTENT.inputs, end_date: null } }],
    ['a field that ends elsewhere', { workflowId: 'wf_1f02d9e', projectId: 'f8f2e3c1a' }],
  ])('differs with %s', (_, change) => {
    expect(createIntentKey({ ...INTENT, ...change })).not.toBe(KEY);
  });

  test('has 1 to 255 of `A-Z a-z 0-9 _ -`, also for a re-run', () => {
    fc.assert(
      fc.property(anyIntent, (intent) => {
        for (const key of listKeys(intent, 50)) expect(key).toMatch(/^[\w-]{1,255}$/);
      }),
    );
  });
});

describe('the keys of a job', () => {
  test.each<[attempt: number, suffixes: string[]]>([
    [1, ['']],
    [3, ['', '_2', '_3']],
  ])('in attempt %i', (attempt, suffixes) => {
    expect(listKeys(INTENT, attempt)).toEqual(suffixes.map((suffix) => KEY + suffix));
  });
});

describe('the body of a launch', () => {
  test.each<[title: string, of: Pick<Intent, 'projectId' | 'inputs'>, body: string]>([
    ['has inputs and project', { projectId: 'p', inputs: { b: 1, a: 'x' } }, '{"inputs":{"a":"x","b":1},"project_id":"p"}'],
    ['leaves out an empty project', { projectId: '', inputs: { a: 1 } }, '{"inputs":{"a":1}}'],
    ['leaves out empty inputs', { projectId: 'p', inputs: {} }, '{"project_id":"p"}'],
    ['may be empty', { projectId: '', inputs: {} }, '{}'],
  ])('%s', (_, of, body) => {
    expect(createLaunchBody(of)).toBe(body);
  });
});

test.each([
  ['sorts keys by their code units', '{"b":1,"a":2,"B":3}', '{"B":3,"a":2,"b":1}'],
  ['sorts keys in lists and objects', '[{"b":{"d":1,"c":2},"a":3}]', '[{"a":3,"b":{"c":2,"d":1}}]'],
  ['keeps the order of lists', '[2,1]', '[2,1]'],
  ['keeps the key `__proto__`', '{"b":1,"__proto__":2}', '{"__proto__":2,"b":1}'],
  ['keeps the source text of a number', '{"a":1.0}', '{"a":1.0}'],
  ['keeps an object that looks like an exact number', '{"rawJSON":"1.0"}', '{"rawJSON":"1.0"}'],
])('canonical JSON %s', (_, text, expected) => {
  expect(canonicalJson(parseJson(text))).toBe(expected);
});
