/** `npm run demo [-- NAME | --list | --help]`: plays a story with the bundle and the simulator, and shows what GitHub would show. */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { documentsOf } from './preview/played.ts';
import { writePage } from './preview.ts';
import { playSteps } from '../simulator/play-story.ts';
import { readStories } from '../simulator/story.ts';

const DEFAULT_STORY = 'gate-red';
const USAGE = `Usage: npm run demo [-- STORY]

Plays a story of \`__tests__/stories/\`: the action, as it ships, against a simulator of the API, with everything that GitHub would
show. Without a name it plays "${DEFAULT_STORY}". \`npm run demo -- --list\` names all stories.`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) console.log(USAGE);
  else if (values.list) {
    const stories = readStories();
    const width = Math.max(...[...stories.keys()].map((name) => name.length));
    for (const [name, { title }] of stories) console.log(`${name.padEnd(width)}  ${title}`);
  } else await playStoryByName(positionals[0] ?? DEFAULT_STORY);
} catch (error) {
  if (!(error instanceof TypeError) || !('code' in error)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function playStoryByName(name: string): Promise<void> {
  const story = readStories().get(name);
  if (story === undefined) {
    console.error(`There is no story "${name}"; --list names them all.`);
    process.exitCode = 2;
    return;
  }
  console.log(`${story.title}.\n(dist/index.js against a simulator of the API, whose waits are skipped. --list names more stories.)`);
  const { steps, api, github } = await playSteps(story);
  for (const [at, { result, comments }] of steps.entries()) {
    printTitle(steps.length === 1 ? 'The log' : `Step ${at + 1}: the log`);
    console.log(result.shownLog.trimEnd());
    printTitle('Step outputs');
    for (const [output, value] of Object.entries(result.outputs)) {
      console.log(`${output} = ${value.length > 160 ? `${value.slice(0, 159)}…` : value}`);
    }
    printTitle('Job summary');
    console.log(result.summary.trimEnd());
    for (const comment of comments) {
      printTitle('Comment on the pull request');
      // GitHub hides HTML comments.
      console.log(comment.replaceAll(/<!--.*?-->\n?/gs, '').trimEnd());
    }
  }
  await api.close();
  await github.close();
  const page = pathToFileURL(await writePage(documentsOf(name, steps))).href;
  printTitle('In short');
  console.log(`Requests to the API: ${api.journal.length}, runs made: ${api.runs.length}.`);
  for (const [at, { result }] of steps.entries()) {
    const what = steps.length === 1 ? 'The step' : `Step ${at + 1}`;
    console.log(`${what} ended ${result.exitCode === 0 ? 'green' : 'red'}: ${result.outputs.headline ?? ''}`);
  }
  console.log(`As GitHub shows it: ${page}`);
}

function printTitle(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 96 - text.length))}`);
}
