/**
 * `npm run demo`: plays five pull requests with the built action, against simulators of the runner, Alloovium and GitHub. `-- NAME …` plays
 * stories of `__tests__/stories/`, and `-- --list` lists them. `-- --outputs FILE --fail-if TEXT` evaluates the outputs of your own run, and
 * `-- --outputs FILE --config FILE` evaluates them with your `config` file, whose tests run first.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { playSteps, type Played } from '../simulator/play-story.ts';
import { REPOSITORY } from '../simulator/runner-context.ts';
import { readStories, type Step, type Story } from '../simulator/story.ts';

const SHOWN = ['gate-fails', 'rerun-after-a-failure', 'baseline-one-new', 'launch-answer-lost', 'conditions-misspelt'];
const CONFIG_PATH = '.github/alloovium.yml';
const USAGE = 'Give your own data as --outputs FILE with --fail-if TEXT or --config FILE.';
/** A line breaks at spaces only. */
const WRAP = /(?<= )(?! )(?:.{0,139}\S|\S+)(?= |$)|^ *(?:.{0,139}\S|\S+)(?= |$)/g;

/** The command cannot be followed; the message says why. */
class UsageError extends Error {}

try {
  for (const [name, story] of readCommand()) await show(name, story);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

type Playable = Step & Pick<Story, 'title' | 'then'>;

/** @throws UsageError */
function readCommand(): (readonly [name: string, story: Playable])[] {
  const stories = readStories();
  const text = { type: 'string' } as const;
  const options = { list: { type: 'boolean' }, outputs: text, 'fail-if': text, config: text } as const;
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const { outputs, config, 'fail-if': failIf } = values;
  if (values.list === true) {
    for (const [name, { title }] of stories) console.log(`${name.padEnd(32)} ${title}`);
    return [];
  }
  if ((outputs ?? config ?? failIf) !== undefined) {
    if (outputs === undefined || (config === undefined) === (failIf === undefined)) throw new UsageError(USAGE);
    return [[outputs, createStory(outputs, config, failIf)]];
  }
  return (positionals.length > 0 ? positionals : SHOWN).map((name) => {
    const story = stories.get(name);
    if (story === undefined) throw new UsageError(`There is no story ${name}. \`npm run demo -- --list\` lists all.`);
    return [name, story];
  });
}

/** Creates a story from the reader's files. @throws UsageError */
function createStory(outputsPath: string, configPath: string | undefined, failIf: string | undefined): Playable {
  let outputs: unknown;
  try {
    outputs = JSON.parse(readFile(outputsPath));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${outputsPath} is not JSON: ${(error as Error).message}`);
  }
  const story = { title: 'Your outputs', run: { outputs } };
  if (configPath === undefined) return { ...story, with: { fail_if: failIf, comment: 'always' } };
  const files = { [REPOSITORY.full_name]: { [`${CONFIG_PATH}@`]: readFile(configPath) } };
  return { ...story, files, with: { config: CONFIG_PATH, comment: 'always' } };
}

/** @throws UsageError */
function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the file: ${(error as Error).message}`);
  }
}

async function show(name: string, story: Playable): Promise<void> {
  const { steps, api, github } = await playSteps(story);
  await Promise.all([api.close(), github.close()]);
  console.log(`\n━━ ${name} ${'━'.repeat(Math.max(0, 96 - name.length))}\n${story.title}.`);
  for (const step of steps.slice(0, -1)) console.log(`\nFirst: ${describe(step)}`);
  const last = steps.at(-1)!;
  console.log('\n── Log ──');
  printLines(last.result.shownLog);
  // GitHub hides HTML comments.
  const comment = last.comments.at(-1)?.replaceAll(/<!--.*?-->\n?/gs, '');
  if (comment !== undefined) {
    console.log('\n── Comment on the pull request, as Markdown ──');
    printLines(comment);
  }
  console.log(`\n→ ${describe(last)} (runs started: ${api.runs.length}, requests to the API: ${api.journal.length})`);
}

function printLines(text: string): void {
  for (const line of text.trim().split('\n').filter(Boolean)) {
    const [first = '', ...rest] = line.startsWith('|') ? [line] : (line.match(WRAP) ?? [line]);
    const indent = ' '.repeat(first.search(/\S/) + 4);
    console.log([first, ...rest.map((part) => indent + part)].join('\n'));
  }
}

function describe({ result }: Played): string {
  const { headline = '', conclusion = '' } = result.outputs;
  return `The check ${result.exitCode === 0 ? 'passes' : 'fails'} (${conclusion}): ${headline}`;
}
