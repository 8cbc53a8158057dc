import { describe, expect, test } from '@jest/globals';
import { namingOf, type Named } from '../../src/inputs/naming.ts';

const STEP: Named = {
  commentKey: 'review __self null',
  title: '',
  workflowId: 'wf_1',
  projectId: 'p1',
  job: 'review',
  action: '__self',
  workflow: 'Submittals',
};
const key = (change: Partial<Named>) => namingOf({ ...STEP, ...change }).commentKey;
const title = (change: Partial<Named>) => namingOf({ ...STEP, ...change }).title;

describe('what a comment belongs to', () => {
  test.each<[string, Partial<Named>]>([
    ['another job', { job: 'other', commentKey: 'other __self null' }],
    ['another step', { action: 'second', commentKey: 'review second null' }],
    ['another leg of the matrix', { commentKey: 'review __self {"level": 3}' }],
    ['another workflow', { workflowId: 'wf_2' }],
    ['another project', { projectId: 'p2' }],
    ['another text', { commentKey: 'mine' }],
  ])('by default %s has a comment of its own', (_, change) => {
    expect(key(change)).not.toEqual(key({}));
  });

  test.each<[string, Partial<Named>]>([
    ['another job', { job: 'other' }],
    ['another step', { action: 'second' }],
    ['another workflow', { workflowId: 'wf_2' }],
    ['another project, or none', { projectId: '' }],
    ['no workflow but a run', { workflowId: '', projectId: '' }],
  ])('%s that gives the same text shares it', (_, change) => {
    expect(key({ ...change, commentKey: 'mine' })).toEqual(key({ commentKey: 'mine' }));
  });

  test('an empty text means job and step alone, workflow and project as by default', () => {
    expect(key({ commentKey: '' })).toEqual(['review __self ', 'wf_1', 'p1']);
  });

  test('a text that only looks like the default of another step is a text like any other', () => {
    expect(key({ commentKey: 'review __selfie null' })).toEqual(['review __selfie null']);
  });
});

describe('what headings call the review', () => {
  test.each<[string, Partial<Named>, string]>([
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
    ['not the leg where the text is another', { commentKey: '{"project":"Tower"}' }, 'Submittals'],
    ['no values where they cannot be read', { commentKey: 'review __self {' }, 'Submittals'],
    ['nor of an empty matrix', { commentKey: 'review __self {}' }, 'Submittals'],
    ['nothing where nothing is known', { workflow: '' }, ''],
  ])('%s', (_, change, expected) => {
    expect(title(change)).toBe(expected);
  });

  test('at most 100 characters, whatever the matrix holds', () => {
    expect(title({ commentKey: `review __self ${JSON.stringify({ a: 'x'.repeat(500) })}` })).toHaveLength(
      100,
    );
  });
});
