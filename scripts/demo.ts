/** `npm run demo [-- NAME | --list | --help]`: plays a scenario with the bundle and the simulator, and shows what GitHub would show. */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { documentsOf } from './preview/played.ts';
import { writePage } from './preview.ts';
import { play, SCENARIOS, SPEED } from '../simulator/scenarios.ts';

const USAGE = `Usage: npm run demo [-- SCENARIO]

Plays a scenario: the action, as it ships, against a simulator of the API, with everything that GitHub would show.
Without a name it plays "review". \`npm run demo -- --list\` names all scenarios.`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scenario: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) console.log(USAGE);
  else if (values.list) {
    const width = Math.max(...Object.keys(SCENARIOS).map((name) => name.length));
    for (const [name, { about }] of Object.entries(SCENARIOS)) console.log(`${name.padEnd(width)}  ${about}`);
  } else await playScenario(values.scenario ?? positionals[0] ?? 'review');
} catch (error) {
  if (!(error instanceof TypeError) || !('code' in error)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function playScenario(name: string): Promise<void> {
  const scenario = SCENARIOS[name];
  if (!scenario) {
    console.error(`There is no scenario "${name}"; --list names them all.`);
    process.exitCode = 2;
    return;
  }
  console.log(`Scenario "${name}": ${scenario.about}.`);
  console.log(
    `(dist/index.js against a simulator of the API; its clock runs ${SPEED} times faster. --list names more.)`,
  );
  const { steps, api, github } = await play(scenario);
  for (const [at, { step, result, comment }] of steps.entries()) {
    printTitle(steps.length === 1 ? 'The log' : `Step ${at + 1}: the log`);
    console.log(result.shownLog.trimEnd());
    printTitle('Step outputs');
    for (const [output, value] of Object.entries(result.outputs)) {
      console.log(`${output} = ${value.length > 160 ? `${value.slice(0, 159)}…` : value}`);
    }
    printTitle('Job summary');
    console.log(result.summary.trimEnd());
    if (comment !== null) {
      printTitle('Comment on the pull request');
      // GitHub hides HTML comments, such as the comment's memory.
      console.log(comment.replaceAll(/<!--.*?-->\n?/gs, '').trimEnd());
    }
    if (result.exitCode !== step.exitCode) {
      console.error(`It should have ended with ${step.exitCode}.`);
      process.exitCode = 1;
    }
  }
  await api.close();
  await github.close();
  const page = pathToFileURL(await writePage(documentsOf(name, { steps }))).href;
  printTitle('In short');
  console.log(`Requests to the API: ${api.journal.length}, runs made: ${api.runs.length}.`);
  for (const [at, { result }] of steps.entries()) {
    const what = steps.length === 1 ? 'The step' : `Step ${at + 1}`;
    const colour = result.exitCode === 0 ? 'green' : 'red';
    const seconds = (result.durationMs / 1000).toFixed(1);
    console.log(`${what} ended ${colour} after ${seconds} s: ${result.outputs.headline}`);
  }
  console.log(`As GitHub shows it: ${page}`);
}

function printTitle(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 96 - text.length))}`);
}
