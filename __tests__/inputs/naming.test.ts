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
    ['another leg of the matrix', { commentKey: 'review __self {"level": 3}' }],
    ['a title, as two calls of one reusable workflow may give', { title: 'Doors' }],
    ['another text', { commentKey: 'mine' }],
  ])('by default differs for %s', (_, change) => {
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
    ['the default', 'review __self null', false],
    ['none', '', false],
    ['a given one', 'mine', true],
  ])('is shared or not with %s: %s → %s', (_, commentKey, isShared) => {
    expect(naming({ commentKey }).isCommentShared).toBe(isShared);
  });

  test('may look like the default of another step', () => {
    expect(key({ commentKey: 'review __selfie null' })).toEqual(['review __selfie null']);
  });
});

describe('the title in headings', () => {
  test.each<[string, Partial<Step>, string]>([
    [
      'is the author’s, without matrix values',
      { title: 'Doors', commentKey: 'review __self {"a":1}' },
      'Doors',
    ],
    ["the workflow file's name", {}, 'Submittals'],
    [
      "then the leg's values",
      { commentKey: 'review __self {"project":"Tower","level":3}' },
      'Submittals (Tower, 3)',
    ],
    [
      'has nested matrix values',
      { commentKey: 'review __self {"at":{"a":"x","b":[true,null]}}' },
      'Submittals (x, true)',
    ],
    [
      'has no UUID, code, long text or several lines',
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
    ['not the leg where the text is another', { commentKey: '{"project":"Tower"}' }, 'Submittals'],
    ['no values where they cannot be read', { commentKey: 'review __self {' }, 'Submittals'],
    ['nor of an empty matrix', { commentKey: 'review __self {}' }, 'Submittals'],
    ['nothing where nothing is known', { workflow: '' }, ''],
  ])('%s', (_, change, expected) => {
    expect(title(change)).toBe(expected);
  });

  test('has at most 100 characters, for any matrix', () => {
    expect(
      title({ commentKey: `review __self ${JSON.stringify(Array(9).fill('x'.repeat(40)))}` }),
    ).toHaveLength(100);
  });
});
