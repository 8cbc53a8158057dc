/** The documentation is held to what is there, and the check that does so can fail. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insertEndings } from '../../scripts/outcomes-table.ts';
import { insertExamples, insertInputs, insertOutputs } from '../../scripts/readme-tables.ts';

/** In a process of its own: jest does not know the hook that the language service needs. */
function check(...files: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['scripts/check-docs.ts', ...files], { encoding: 'utf8' });
  return `${stdout}${stderr}`.trim().split('\n');
}

test('finds no fault in README, guides, examples and workflows', () => {
  expect(check().at(-1)).toMatch(/^\d{2,} files, 0 faults$/);
}, 60_000);

const read = (path: string) => readFileSync(path, 'utf8');
test('has the tables of inputs, outputs, examples and endings as the code has them (`npm run docs` writes them)', () => {
  expect(insertExamples(insertInputs(read('README.md'), read('action.yml')))).toBe(read('README.md'));
  expect(insertOutputs(read('docs/outputs.md'), read('action.yml'))).toBe(read('docs/outputs.md'));
  expect(insertEndings(read('docs/troubleshooting.md'))).toBe(read('docs/troubleshooting.md'));
});

const yaml = (text: string) => `\`\`\`yaml\n${text}\n\`\`\`\n`;
const step = (more: string) => yaml(`- uses: alloovium/run-workflow@v1\n  id: review\n  with:\n    workflow_id: wf_1\n${more}`);
const NEEDED = '    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    permissions: {}\n';
const workflow = (job: string, top = 'permissions: {}\n') => yaml(`name: x\non: push\n${top}jobs:\n  a:\n${NEEDED}${job}`);
const PINNED = 'a'.repeat(40);

const FAULTS: readonly (readonly [what: string, markdown: string, stated: string])[] = [
  ['an input that the action has not', step("    fail-if: 'true'"), "Invalid action input 'fail-if'"],
  ['a wrong input of `uses: ./`', workflow('    steps: [{ uses: ./, with: { wfid: wf_1 } }]'), '`wfid` is not an input'],
  ['a raw text of others in `inputs`', step('    inputs: |\n      t: ${{ github.head_ref }}'), 'only through toJSON'],
  ['a raw text as the whole of `inputs`', step('    inputs: ${{ github.event.pull_request.body }}'), 'only through toJSON'],
  ['an output in a script', step('- run: echo "${{ steps.review.outputs.summary }}"'), 'a script takes values through `env:`'],
  ['a printed output', step('- env:\n    T: ${{ steps.review.outputs.summary }}\n  run: echo "$T"'), 'is printed into the log'],
  ['a condition that does not compile', yaml('fail_if: size(outputs.items) = 0'), '`=`'],
  ['a block of CEL that does not compile', '```cel\noutputs.items.matches("x")\n```\n', 'matches()'],
  ['inputs that are no mapping', yaml('inputs: |\n  - 1'), 'must be a mapping'],
  ['an action that is not pinned', yaml('- uses: actions/cache@v5'), 'not pinned to a full commit SHA'],
  ['a checkout that keeps its token', yaml(`- uses: actions/checkout@${PINNED} # v7.0.1`), 'persist-credentials'],
  ['permissions for all jobs', workflow('    steps: [{ run: "x" }]', 'permissions: { contents: read }\n'), 'begins with `permissions: {}`'],
  ['a gate that is skipped where another job fails', workflow('    needs: a\n    steps: [{ uses: ./, with: {} }]'), '`!cancelled()`'],
  ['a workflow that actionlint refuses', workflow('    needs: nobody\n    steps: [{ run: "true" }]'), 'nobody'],
  ['YAML of no known kind', yaml('a: 1'), 'a YAML block is a workflow'],
  ['a link to nowhere', '[x](nowhere.md)\n', 'the link nowhere.md has no target'],
  ['an anchor without its heading', '# One\n\n[x](#two)\n', 'there is no heading for #two'],
  ['a script that is not there', 'npm run nothing\n', 'there is no script `npm run nothing`'],
  ['a path that is not there', 'see `src/nowhere.ts`\n', 'there is no `src/nowhere.ts`'],
];

mkdirSync('.cache', { recursive: true });
const folder = mkdtempSync(join('.cache', 'docs-'));
let lines: string[] = [];
beforeAll(() => {
  for (const [at, [, markdown]] of FAULTS.entries()) {
    mkdirSync(join(folder, String(at)));
    writeFileSync(join(folder, String(at), 'CONTRIBUTING.md'), markdown);
  }
  // All in one process: it takes a second to load what it checks with.
  lines = check(...FAULTS.map((_fault, at) => join(folder, String(at), 'CONTRIBUTING.md')));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(FAULTS.map(([what, , stated], at) => ({ what, stated, at })))('names $what', ({ stated, at }) => {
  const own = lines.filter((line) => line.includes(join(folder, String(at), '/')));
  expect(own).toContainEqual(expect.stringContaining(stated));
});
