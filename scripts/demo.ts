/**
 * `npm run demo`: plays a pull request whose review is red, and a few other stories, each in one screen: the action as it ships, as GitHub's
 * runner starts it, against a simulator of the API. `-- NAME …` plays stories of `__tests__/stories/`, `-- --list` names all.
 */
import { parseArgs } from 'node:util';
import { playSteps, type Played } from '../simulator/play-story.ts';
import { readStories, type Story } from '../simulator/story.ts';

const SHOWN = ['gate-red', 'rerun-after-red', 'baseline-one-new', 'launch-answer-lost', 'conditions-misspelt'];
const MAX_COLUMNS = 140;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean' } } });
const stories = readStories();
const unknown = positionals.filter((name) => !stories.has(name));
if (values.list === true) {
  for (const [name, { title }] of stories) console.log(`${name.padEnd(32)} ${title}`);
} else if (unknown.length > 0) {
  console.error(`There is no story ${unknown.join(', ')}: \`npm run demo -- --list\` names all.`);
  process.exitCode = 2;
} else {
  for (const name of positionals.length > 0 ? positionals : SHOWN) await show(name, stories.get(name)!);
}

async function show(name: string, story: Story): Promise<void> {
  const { steps, api, github } = await playSteps(story);
  await api.close();
  await github.close();
  console.log(`\n━━ ${name} ${'━'.repeat(Math.max(0, 96 - name.length))}\n${story.title}.`);
  for (const step of steps.slice(0, -1)) console.log(`\nFirst: ${describe(step)}`);
  const last = steps.at(-1)!;
  console.log('\n── The log ──');
  printLines(last.result.shownLog);
  // GitHub hides HTML comments.
  const comment = last.comments.at(-1)?.replaceAll(/<!--.*?-->\n?/gs, '');
  if (comment !== undefined) {
    console.log('\n── The comment on the pull request, as Markdown ──');
    printLines(comment);
  }
  console.log(`\n→ ${describe(last)} (runs launched: ${api.runs.length}, requests to the API: ${api.journal.length})`);
}

function printLines(text: string): void {
  for (const line of text.trim().split('\n'))
    if (line !== '') console.log(line.length > MAX_COLUMNS ? `${line.slice(0, MAX_COLUMNS - 1)}…` : line);
}

function describe({ result }: Played): string {
  const { headline = '', conclusion = '' } = result.outputs;
  return `${result.exitCode === 0 ? 'green' : 'red'}, ${conclusion}: ${headline}`;
}
