import { describe, expect, test } from '@jest/globals';
import { namingOf } from '../../src/inputs/naming.ts';

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
  return namingOf(given, { GITHUB_JOB: job, GITHUB_ACTION: action, GITHUB_WORKFLOW: workflow });
};
const key = (change: Partial<Step>) => naming(change).commentKey;
const title = (change: Partial<Step>) => naming(change).title;

describe('what a comment belongs to', () => {
  test.each<[string, Partial<Step>]>([
    ['another job', { job: 'other', commentKey: 'other __self null' }],
    ['another step', { action: 'second', commentKey: 'review second null' }],
    ['another leg of the matrix', { commentKey: 'review __self {"level": 3}' }],
    ['a title, as two calls of one reusable workflow may give', { title: 'Doors' }],
    ['another text', { commentKey: 'mine' }],
  ])('by default %s has a comment of its own', (_, change) => {
    expect(key(change)).not.toEqual(key({}));
  });

  test.each<[string, Partial<Step>]>([
    ['another job', { job: 'other' }],
    ['another step', { action: 'second' }],
    ['another title', { title: 'Doors' }],
  ])('%s that gives the same text shares it', (_, change) => {
    expect(key({ ...change, commentKey: 'mine' })).toEqual(key({ commentKey: 'mine' }));
  });

  test('an empty text means job and step alone', () => {
    expect(key({ commentKey: '' })).toEqual(['review __self ']);
  });

  test.each([
    ['the default', 'review __self null', false],
    ['none', '', false],
    ['a given one', 'mine', true],
  ])('%s is shared with others: %s → %s', (_, commentKey, isShared) => {
    expect(naming({ commentKey }).isCommentShared).toBe(isShared);
  });

  test('a text that only looks like the default of another step is a text like any other', () => {
    expect(key({ commentKey: 'review __selfie null' })).toEqual(['review __selfie null']);
  });
});

describe('what headings call the review', () => {
  test.each<[string, Partial<Step>, string]>([
    [
      'the given title, whatever the matrix',
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
      'nested ones too',
      { commentKey: 'review __self {"at":{"a":"x","b":[true,null]}}' },
      'Submittals (x, true)',
    ],
    [
      'not those that name nothing: a UUID, code, a long text, several lines',
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

  test('at most 100 characters, whatever the matrix holds', () => {
    expect(
      title({ commentKey: `review __self ${JSON.stringify(Array(9).fill('x'.repeat(40)))}` }),
    ).toHaveLength(100);
  });
});
