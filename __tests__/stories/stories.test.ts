/** Plays each story with the shipped bundle: what it shows must be what people see. `npm run stories -- --write` writes them. */
import { expect, test } from '@jest/globals';
import { playStory } from '../../simulator/play-story.ts';
import { formatStory, readStories } from '../../simulator/story.ts';

test.concurrent.each([...readStories().values()].map((story) => [story.title, story] as const))(
  '%s',
  async (_, story) => expect(formatStory(story, await playStory(story))).toBe(formatStory(story, story.sections)),
  60_000,
);
