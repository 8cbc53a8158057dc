/**
 * Writes action.yml's inputs into README.md and its outputs into docs/outputs.md, as tables between their markers, and copies
 * the files of examples/ for which the README has a marker.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

interface ActionYml {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

/** The groups of inputs, in the order of the README, which collapses all but the first. */
const GROUPS: Readonly<Record<string, string>> = {
  'Common input': 'api_key workflow_id project_id inputs fail_if warn_if baseline known_by comment timeout_minutes',
  Start: 'runs run_id wait on_rerun on_missing_key idempotency_key api_url',
  Gate: 'waivers config',
  Report: 'pull_request commit_status title columns run_url item_url job_summary github_token',
};

/** GitHub sets them, so nobody writes them. */
const INTERNAL = ['matrix', 'check_run_id', 'workflow_ref'];

/** Inserts the inputs of action.yml into the README. @throws Error if a marker is missing, or an input has no group */
export function insertInputs(readme: string, actionYml: string): string {
  const { inputs } = parse(actionYml) as ActionYml;
  const grouped = [...INTERNAL, ...Object.values(GROUPS).flatMap((names) => names.split(' '))];
  const lost = Object.keys(inputs).filter((name) => !grouped.includes(name));
  if (lost.length > 0) throw new Error(`${lost.join(', ')}: in no group of scripts/readme-tables.ts`);
  const tables = Object.entries(GROUPS).map(([group, names]) => {
    const rows = names.split(' ').flatMap((name) => {
      const input = inputs[name];
      // A default that the runner evaluates does not help a reader.
      const fallback = input?.default?.startsWith('${{') === true ? '' : (input?.default ?? '');
      return input === undefined ? [] : [[code(name), code(fallback), input.description]];
    });
    return formatTable([group, 'Default', 'Meaning'], rows);
  });
  const [common, ...others] = tables;
  const collapsed = ['<details>', '<summary>All other inputs</summary>', '', others.join('\n\n'), '', '</details>'];
  return replaceBetween(readme, 'inputs', [common, '', ...collapsed].join('\n'));
}

/** Inserts the outputs of action.yml into docs/outputs.md. @throws Error if a marker is missing */
export function insertOutputs(document: string, actionYml: string): string {
  const { outputs } = parse(actionYml) as ActionYml;
  const rows = Object.entries(outputs).map(([name, { description }]) => [code(name), description]);
  return replaceBetween(document, 'outputs', formatTable(['Output', 'Meaning'], rows));
}

/** Inserts the files of examples/ into the README. */
export function insertExamples(readme: string): string {
  return readme.replaceAll(
    /^<!-- example: (\S+) -->\n\n(?:```yaml\n(.*?)^```\n)?/gms,
    (_whole, name: string) => `<!-- example: ${name} -->\n\n\`\`\`yaml\n${readFileSync(pathOf(`examples/${name}`), 'utf8')}\`\`\`\n`,
  );
}

function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  // Prettier would pad all cells to the width of the longest, so that one new word changes every line.
  return ['<!-- prettier-ignore -->', line(heads), `|${':--|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function replaceBetween(text: string, marker: string, content: string): string {
  const open = `<!-- ${marker} -->`;
  const close = `<!-- /${marker} -->`;
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
  for (const [name, insert] of [
    ['README.md', insertInputs],
    ['docs/outputs.md', insertOutputs],
    ['README.md', insertExamples],
  ] as const) {
    const text = readFileSync(pathOf(name), 'utf8');
    const wanted = insert(text, actionYml);
    if (text !== wanted) writeFileSync(pathOf(name), wanted);
  }
}

if (import.meta.main) main();
