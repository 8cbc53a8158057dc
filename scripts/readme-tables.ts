/**
 * Writes the table of inputs in README.md and that of outputs in docs/outputs.md from action.yml, between their marks, and the
 * files of examples/ where the README has a mark for one. With `--check` it writes nothing, and fails where they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

interface ActionYml {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

/** What the inputs are for, in the order of the README. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Launch: [
    ...['api_key', 'workflow_id', 'project_id', 'inputs', 'runs', 'run_id', 'wait', 'timeout_minutes'],
    ...['on_rerun', 'on_missing_key', 'idempotency_key', 'api_url'],
  ],
  Gate: ['fail_if', 'warn_if', 'fail_on', 'known_by', 'baseline', 'baseline_file', 'waivers'],
  Report: [
    ...['comment', 'comment_key', 'pull_request', 'commit_status', 'title', 'columns', 'run_url', 'item_url'],
    ...['job_summary', 'github_token'],
  ],
};

/** The README's text with the inputs that action.yml has. @throws Error where a mark is missing, or an input in no group */
export function withInputs(readme: string, actionYml: string): string {
  const { inputs } = parse(actionYml) as ActionYml;
  const grouped = Object.values(GROUPS).flat();
  for (const name of Object.keys(inputs)) {
    if (!grouped.includes(name))
      throw new Error(`The input ${name} is in no group of scripts/readme-tables.ts`);
  }
  const tables = Object.entries(GROUPS).flatMap(([group, names]) => {
    const rows = names.flatMap((name) => {
      const input = inputs[name];
      // What the runner fills in has no default that a reader could use.
      const given = input?.default?.startsWith('${{') === true ? '' : (input?.default ?? '');
      return input === undefined ? [] : [[code(name), code(given), input.description]];
    });
    return rows.length === 0 ? [] : [table([group, 'Default', 'Meaning'], rows)];
  });
  return between(readme, 'inputs', tables.join('\n\n'));
}

/** The text of docs/outputs.md with the outputs that action.yml has. @throws Error where a mark is missing */
export function withOutputs(document: string, actionYml: string): string {
  const { outputs } = parse(actionYml) as ActionYml;
  const rows = Object.entries(outputs).map(([name, { description }]) => [code(name), description]);
  return between(document, 'outputs', table(['Output', 'Meaning'], rows));
}

/** The README's text with the files of examples/ as they are. */
export function withExamples(readme: string): string {
  return readme.replaceAll(
    /^<!-- example: (\S+) -->\n\n(?:```yaml\n(.*?)^```\n)?/gms,
    (_whole, name: string) =>
      `<!-- example: ${name} -->\n\n\`\`\`yaml\n${readFileSync(pathOf(`examples/${name}`), 'utf8')}\`\`\`\n`,
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  // Prettier would pad every cell to the width of the longest, and one new word would change every line.
  return ['<!-- prettier-ignore -->', line(heads), `|${':--|'.repeat(heads.length)}`, ...rows.map(line)].join(
    '\n',
  );
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function between(text: string, mark: string, content: string): string {
  const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close, from);
  if (from < 0 || to < 0) throw new Error(`There is no ${open} … ${close}`);
  return `${text.slice(0, from + open.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

function main(): void {
  const actionYml = readFileSync(pathOf('action.yml'), 'utf8');
  for (const [name, withTable] of [
    ['README.md', withInputs],
    ['docs/outputs.md', withOutputs],
    ['README.md', withExamples],
  ] as const) {
    const text = readFileSync(pathOf(name), 'utf8');
    const wanted = withTable(text, actionYml);
    if (text === wanted) continue;
    if (process.argv.includes('--check')) {
      console.error(`${name} is not what action.yml and examples/ say: run \`npm run docs\`.`);
      process.exitCode = 1;
    } else {
      writeFileSync(pathOf(name), wanted);
    }
  }
}

if (import.meta.main) main();
