/**
 * `npm run stories [-- NAME…]`: plays the stories below `__tests__/stories/` and says which differ; with `--write` it writes their
 * sections as they are now, for a person to read the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playStory } from '../simulator/play-story.ts';
import { formatStory, parseStory, STORIES_FOLDER } from '../simulator/story.ts';

const PLAYED_AT_ONCE = 4;

const parameters = process.argv.slice(2);
const isWritten = parameters.includes('--write');
const wanted = parameters.filter((one) => one !== '--write');
const files = readdirSync(STORIES_FOLDER)
  .filter((file) => file.endsWith('.md') && (wanted.length === 0 || wanted.some((name) => file.includes(name))))
  .sort();
const waiting = [...files];
let differing = 0;
let failed = 0;

async function playWaiting(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const path = join(STORIES_FOLDER, file);
    const written = readFileSync(path, 'utf8');
    try {
      const story = parseStory(written);
      const played = formatStory(story, await playStory(story));
      if (played === written) continue;
      differing++;
      console.log(`${file} differs${isWritten ? ', and is written' : ''}`);
      if (isWritten) writeFileSync(path, played);
    } catch (error) {
      failed++;
      console.log(`${file}: ${String(error)}`);
    }
  }
}

await Promise.all(Array.from({ length: PLAYED_AT_ONCE }, playWaiting));
console.log(`${differing} of ${files.length} stories differ, ${failed} cannot be played`);
if (failed > 0 || (differing > 0 && !isWritten)) process.exitCode = 1;
