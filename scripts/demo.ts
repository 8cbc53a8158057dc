/** `npm run demo [-- --list | --scenario NAME]`: the bundle against the simulator, as GitHub would show it. */
import { parseArgs } from 'node:util';
import { documentsOf } from './preview/played.ts';
import { writePage } from './preview.ts';
import { play, SCENARIOS, SPEED } from '../simulator/scenarios.ts';

const { values } = parseArgs({
  options: { scenario: { type: 'string', default: 'review' }, list: { type: 'boolean', default: false } },
});

if (values.list) {
  const width = Math.max(...Object.keys(SCENARIOS).map((name) => name.length));
  for (const [name, { about }] of Object.entries(SCENARIOS)) console.log(`${name.padEnd(width)}  ${about}`);
} else {
  await show(values.scenario);
}

async function show(name: string): Promise<void> {
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
    title(steps.length === 1 ? 'The log' : `Step ${at + 1}: the log`);
    console.log(result.shown.trimEnd());
    title('Step outputs');
    for (const [output, value] of Object.entries(result.outputs)) {
      console.log(`${output} = ${value.length > 160 ? `${value.slice(0, 159)}…` : value}`);
    }
    title('Job summary');
    console.log(result.summary.trimEnd());
    if (comment !== null) {
      title('Comment on the pull request');
      console.log(comment.trimEnd());
    }
    console.log();
    console.log(
      `The step ended ${result.exitCode === 0 ? 'green' : 'red'} (exit code ${result.exitCode}) after ${(result.durationMs / 1000).toFixed(1)} s.`,
    );
    if (result.exitCode !== step.exits) {
      console.error(`It should have ended with ${step.exits}.`);
      process.exitCode = 1;
    }
  }
  console.log(`As GitHub shows it: ${await writePage(documentsOf(name, { steps }))}`);
  console.log(`Requests to the API: ${api.journal.length}, runs made: ${api.runs.length}.`);
  await api.close();
  await github.close();
}

function title(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 96 - text.length))}`);
}
