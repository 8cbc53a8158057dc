import { describe, expect, test } from '@jest/globals';
import { deriveNaming } from '../../src/inputs/naming.ts';

interface Step {
  readonly commentKey: string;
  readonly title: string;
  readonly job: string;
  readonly action: string;
  readonly workflow: string;
}

const STEP: Step = {
  commentKey: 'review __self null',
  title: '',
  job: 'review',
  action: '__self',
  workflow: 'Submittals',
};
const naming = (change: Partial<Step>) => {
  const { job, action, workflow, ...given } = { ...STEP, ...change };
  return deriveNaming(given, { GITHUB_JOB: job, GITHUB_ACTION: action, GITHUB_WORKFLOW: workflow });
};
const key = (change: Partial<Step>) => naming(change).commentKey;
const title = (change: Partial<Step>) => naming(change).title;

describe('the comment’s key', () => {
  test.each<[string, Partial<Step>]>([
    ['another job', { job: 'other', commentKey: 'other __self null' }],
    ['another step', { action: 'second', commentKey: 'review second null' }],
    ['other matrix values', { commentKey: 'review __self {"level": 3}' }],
    ['another title, as two calls of one reusable workflow may have', { title: 'Doors' }],
    ['another `comment_key`', { commentKey: 'mine' }],
  ])('differs by default for %s', (_, change) => {
    expect(key(change)).not.toEqual(key({}));
  });

  test.each<[string, Partial<Step>]>([
    ['another job', { job: 'other' }],
    ['another step', { action: 'second' }],
    ['another title', { title: 'Doors' }],
  ])('is the same for %s with the same `comment_key`', (_, change) => {
    expect(key({ ...change, commentKey: 'mine' })).toEqual(key({ commentKey: 'mine' }));
  });

  test('is job and step if `comment_key` is empty', () => {
    expect(key({ commentKey: '' })).toEqual(['review __self ']);
  });

  test.each([
    ['the default of action.yml', 'review __self null', false],
    ['an empty text', '', false],
    ['a text of the author', 'mine', true],
  ])('is shared between jobs or not for %s, %j: %s', (_, commentKey, isShared) => {
    expect(naming({ commentKey }).isCommentShared).toBe(isShared);
  });

  test('is the text itself if it looks like the default of another step', () => {
    expect(key({ commentKey: 'review __selfie null' })).toEqual(['review __selfie null']);
  });
});

describe('the title in headings', () => {
  test.each<[string, Partial<Step>, string]>([
    ['is the author’s, without matrix values', { title: 'Doors', commentKey: 'review __self {"a":1}' }, 'Doors'],
    ['is the name of the workflow file', {}, 'Submittals'],
    [
      'is the name of the workflow file with the matrix values',
      { commentKey: 'review __self {"project":"Tower","level":3}' },
      'Submittals (Tower, 3)',
    ],
    ['contains nested matrix values', { commentKey: 'review __self {"at":{"a":"x","b":[true,null]}}' }, 'Submittals (x, true)'],
    [
      'contains no matrix value that is a UUID, code, JSON, long or of several lines',
      {
        commentKey: `review __self ${JSON.stringify({
          project: 'Tower',
          id: '8f2e3c1a-9b8c-4d7e-8f6a-5b4c3d2e1f0a',
          gate: "outputs.items.filter(i, i.status != 'ok')",
          text: 'x'.repeat(41),
          lines: 'a\nb',
          json: '{"a":1}',
          none: '',
        })}`,
      },
      'Submittals (Tower)',
    ],
    ['contains no values of a `comment_key` of the author', { commentKey: '{"project":"Tower"}' }, 'Submittals'],
    ['contains no matrix values that are not JSON', { commentKey: 'review __self {' }, 'Submittals'],
    ['contains no values of an empty matrix', { commentKey: 'review __self {}' }, 'Submittals'],
    ['is empty where the workflow is unknown', { workflow: '' }, ''],
  ])('%s', (_, change, expected) => {
    expect(title(change)).toBe(expected);
  });

  test('has at most 100 characters, for any matrix', () => {
    expect(title({ commentKey: `review __self ${JSON.stringify(Array(9).fill('x'.repeat(40)))}` })).toHaveLength(100);
  });
});

describe('the values of the matrix', () => {
  const of = (json: string) => naming({ commentKey: `review __self ${json}` });
  const ID = '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6';

  test.each([
    ['{"a": "x", "b": ""}', ['x']],
    ['{"a": ["x", 1], "b": {"c": true}}', ['x', '1', 'true']],
    ['null', []],
    ['{"a": null}', []],
    ['', []],
    ['{', []],
  ])('are, for %s: %j', (json, values) => {
    expect(of(json).matrixValues).toEqual(values);
  });

  test.each([
    [ID, false],
    [ID.toUpperCase(), false],
    [`x${ID}`, true],
    [`${ID}0`, true],
    ['v'.repeat(40), true],
    ['v'.repeat(41), false],
  ])('have in the title %s: %j', (value, isShown) => {
    expect(of(JSON.stringify({ a: value })).title.includes(value)).toBe(isShown);
  });

  test('are none of a key that the author wrote', () => {
    expect(naming({ commentKey: 'mine {"a": "x"}' }).matrixValues).toEqual([]);
  });
});
