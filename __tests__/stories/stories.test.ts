/** Plays each story with the shipped bundle: what it shows must be what people see. `npm run stories -- --write` writes them. */
import { expect, test } from '@jest/globals';
import { playSteps, playStory } from '../../simulator/play-story.ts';
import { formatStory, readStories, type Step } from '../../simulator/story.ts';

test.concurrent.each([...readStories().values()].map((story) => [story.title, story] as const))(
  '%s',
  async (_, story) => expect(formatStory(story, await playStory(story))).toBe(formatStory(story, story.sections)),
  60_000,
);

const FAILING = { run: 'submittals', with: { fail_if: 'outputs.items' } } as const;
const PRINTED = 're-run this job to start a new run';

test.concurrent.each<[what: string, sequel: Step, error: string]>([
  ['changes the inputs of a re-run', { attempt: 2, follows: PRINTED, with: { fail_if: '' } }, 'a re-run cannot change with'],
  ['changes the event of a re-run', { attempt: 2, follows: PRINTED, on: 'push' }, 'a re-run cannot change on'],
  ['follows what is not printed', { attempt: 2, follows: 'restart the job' }, 'no step before prints “restart the job”'],
  ['does not pass', { attempt: 2, follows: PRINTED }, `the check of “${PRINTED}” does not pass`],
])('refuses a sequel that %s', async (_, sequel, error) => {
  await expect(playSteps({ ...FAILING, then: [sequel] })).rejects.toThrow(error);
});
