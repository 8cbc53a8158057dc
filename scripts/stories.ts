/**
 * `npm run stories [-- NAME…]`: plays the stories below `__tests__/stories/` and lists those that differ. With `--write` it writes their
 * sections as they are now, so that you can read the difference.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playStory } from '../simulator/play-story.ts';
import { formatStory, readStories, STORIES_FOLDER } from '../simulator/story.ts';

const PLAYED_AT_ONCE = 4;

const parameters = process.argv.slice(2);
const isWritten = parameters.includes('--write');
const wanted = parameters.filter((one) => one !== '--write');
const stories = [...readStories()].filter(([file]) => wanted.length === 0 || wanted.some((name) => file.includes(name)));
const waiting = [...stories];
let differing = 0;
let failed = 0;

async function playWaiting(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, story] = next;
    try {
      const played = formatStory(story, await playStory(story));
      if (played === formatStory(story, story.sections)) continue;
      differing++;
      console.log(`${name} differs${isWritten ? ', and is written' : ''}`);
      if (isWritten) writeFileSync(join(STORIES_FOLDER, `${name}.md`), played);
    } catch (error) {
      failed++;
      console.log(`${name}: ${String(error)}`);
    }
  }
}

await Promise.all(Array.from({ length: PLAYED_AT_ONCE }, playWaiting));
console.log(`${differing} of ${stories.length} stories differ, ${failed} cannot be played`);
if (failed > 0 || (differing > 0 && !isWritten)) process.exitCode = 1;
