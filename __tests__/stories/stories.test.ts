/** Plays each story with the shipped bundle: what it shows must be what people see. `npm run stories -- --write` writes them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { playStory } from '../../simulator/play-story.ts';
import { formatStory, parseStory } from '../../simulator/story.ts';

const folder = new URL('./', import.meta.url);
const stories = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'));

test.concurrent.each(stories.map((written) => [parseStory(written).title, written]))(
  '%s',
  async (_, written) => {
    const story = parseStory(written);
    expect(formatStory(story, await playStory(story))).toBe(written);
  },
  60_000,
);
