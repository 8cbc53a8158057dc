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

/** The README's text with its tables as action.yml has them. @throws Error where a mark is missing */
export function withTables(readme: string, actionYml: string): string {
  const { inputs, outputs } = parse(actionYml) as ActionYml;
  const ofInputs = table(
    ['Input', 'Default', 'Meaning'],
    Object.entries(inputs).map(([name, input]) => [code(name), code(input.default ?? ''), input.description]),
  );
  const ofOutputs = table(
    ['Output', 'Meaning'],
    Object.entries(outputs).map(([name, { description }]) => [code(name), description]),
  );
  return between(between(readme, 'inputs', ofInputs), 'outputs', ofOutputs);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(heads), `|${':--|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function between(text: string, mark: string, content: string): string {
  const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close, from);
  if (from < 0 || to < 0) throw new Error(`The README has no ${open} … ${close}`);
  // Prettier would pad every cell to the width of the longest, and one new word would change every line.
  return `${text.slice(0, from + open.length)}\n\n<!-- prettier-ignore -->\n${content}\n\n${text.slice(to)}`;
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
