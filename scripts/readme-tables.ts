/**
 * Writes the tables of inputs and outputs in README.md from action.yml, between their marks. With `--check` it
 * writes nothing, and fails where they differ.
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
  Gate: ['fail_if', 'warn_if', 'fail_on', 'baseline_file'],
  Report: ['comment', 'comment_key', 'title', 'job_summary', 'github_token'],
};

/** The README's text with its tables as action.yml has them. @throws Error where a mark is missing, or an input in no group */
export function withTables(readme: string, actionYml: string): string {
  const { inputs, outputs } = parse(actionYml) as ActionYml;
  const grouped = Object.values(GROUPS).flat();
  for (const name of Object.keys(inputs)) {
    if (!grouped.includes(name))
      throw new Error(`The input ${name} is in no group of scripts/readme-tables.ts`);
  }
  const ofInputs = Object.entries(GROUPS).flatMap(([group, names]) => {
    const rows = names.flatMap((name) => {
      const input = inputs[name];
      if (input === undefined) return [];
      const { required, meaning } = parted(input.description);
      return [[code(name), required, code(input.default ?? ''), meaning]];
    });
    if (rows.length === 0) return [];
    return [`### ${group}\n\n${table(['Input', 'Required', 'Default', 'Meaning'], rows)}`];
  });
  const ofOutputs = table(
    ['Output', 'Meaning'],
    Object.entries(outputs).map(([name, { description }]) => [code(name), description]),
  );
  return between(between(readme, 'inputs', ofInputs.join('\n\n')), 'outputs', ofOutputs);
}

/** A sentence that begins with "Required" says when: it has a column of its own. */
function parted(description: string): { readonly required: string; readonly meaning: string } {
  const sentences = description.split(/(?<=\.) (?=\S)/);
  const when = sentences.find((sentence) => sentence.startsWith('Required '));
  return {
    required: when?.slice('Required '.length, -1) ?? 'no',
    meaning: sentences.filter((sentence) => sentence !== when).join(' '),
  };
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
  if (from < 0 || to < 0) throw new Error(`The README has no ${open} … ${close}`);
  return `${text.slice(0, from + open.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function main(): void {
  const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const readme = readFileSync(path('README.md'), 'utf8');
  const wanted = withTables(readme, readFileSync(path('action.yml'), 'utf8'));
  if (readme === wanted) return;
  if (process.argv.includes('--check')) {
    console.error('The tables of README.md are not those of action.yml: run `npm run docs`.');
    process.exitCode = 1;
  } else {
    writeFileSync(path('README.md'), wanted);
  }
}

if (import.meta.main) main();
