/** The documentation is held to what is there, and the check that does so can fail. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function check(...files: string[]): { lines: string[]; exitCode: number | null } {
  // In a process of its own: jest does not know the hook that the language service needs.
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/check-docs.ts', ...files], {
    encoding: 'utf8',
  });
  return { lines: `${stdout}${stderr}`.trim().split('\n'), exitCode: status };
}

test('finds no fault in README, guides, examples and workflows', () => {
  const { lines, exitCode } = check();
  expect(lines).toEqual([expect.stringMatching(/^\d+ files, 0 faults$/)]);
  expect(exitCode).toBe(0);
}, 60_000);

const STEP = '- uses: alloovium/run-workflow@v1\n  id: review\n  with:\n    workflow_id: wf_1\n';
const yaml = (text: string) => `\`\`\`yaml\n${text}\n\`\`\`\n`;
const workflow = (job: string, top = 'permissions: {}\n') =>
  yaml(`name: x\non: push\n${top}jobs:\n  a:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    permissions: {}\n${job}`);

const FAULTS: readonly (readonly [what: string, markdown: string, stated: string])[] = [
  ['an input that the action has not', yaml(`${STEP}    fail-if: 'true'`), "Invalid action input 'fail-if'"],
  [
    'an input that the action has not, with `uses: ./`',
    workflow(`    steps:\n      - uses: ./\n        with:\n          wfid: wf_1`),
    "Invalid action input 'wfid'",
  ],
  [
    'a raw title of a pull request in `inputs`',
    yaml(`${STEP}    inputs: |\n      title: \${{ github.event.pull_request.title }}`),
    'only through toJSON',
  ],
  [
    'a raw branch in `inputs` after something else',
    yaml(`${STEP}    inputs: |\n      ref: \${{ toJSON(github.event) && github.head_ref }}`),
    'only through toJSON',
  ],
  [
    'a raw text of a pull request as the whole `inputs`',
    yaml(`${STEP}    inputs: \${{ github.event.pull_request.body }}`),
    'only through toJSON',
  ],
  ['an output in a script', yaml(`${STEP}- run: echo "\${{ steps.review.outputs.summary }}"`), 'a script gets values through `env:`'],
  [
    'an output in a script of github-script',
    yaml(`${STEP}- uses: actions/github-script@${'a'.repeat(40)} # v8.0.0\n  with:\n    script: x(\${{ steps.review.outputs.items }})`),
    'a script gets values through `env:`',
  ],
  [
    'an output printed into the log',
    yaml(`${STEP}- env:\n    TEXT: \${{ steps.review.outputs.summary }}\n  run: printf '%s > x' "$TEXT"`),
    'is printed into the log',
  ],
  ['a condition that does not compile', yaml(`fail_if: size(outputs.items) = 0`), 'write == for equality'],
  ['a condition that does not compile in a block of CEL', '```cel\noutputs.items.matches("x")\n```\n', 'there is no matches()'],
  ['inputs that are no mapping', yaml('inputs: |\n  - 1'), 'must be a JSON object or a YAML mapping'],
  ['an action that is not pinned', yaml('- uses: actions/cache@v5'), 'not pinned to a full commit SHA'],
  ['a checkout that keeps its token', yaml(`- uses: actions/checkout@${'a'.repeat(40)} # v7.0.1`), 'persist-credentials'],
  [
    'a workflow with permissions for all jobs',
    workflow('    steps:\n      - run: "true"', 'permissions:\n  contents: read\n'),
    'begins with `permissions: {}`',
  ],
  [
    'a gate that is skipped where another job fails',
    yaml(
      `name: x\non: push\npermissions: {}\njobs:\n  b:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - run: "true"\n` +
        `  a:\n    needs: b\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - uses: ./\n        with:\n          workflow_id: wf_1`,
    ),
    'a job that needs others has `!cancelled()`',
  ],
  ['a workflow that actionlint refuses', workflow(`    needs: nobody\n    steps:\n      - run: "true"`), 'nobody'],
  ['YAML of no known kind', yaml('a: 1'), 'a YAML block is a workflow'],
  ['a link to nowhere', '[x](nowhere.md)\n', 'the link nowhere.md leads nowhere'],
  ['a picture that is not there', '<img src="nowhere.png">\n', 'the link nowhere.png leads nowhere'],
  ['an anchor without its heading', '# One\n\n[x](#two)\n', 'there is no heading for #two'],
  ['a script that is not there', 'npm run nothing\n', 'there is no script `npm run nothing`'],
  ['a path that is not there', 'see `src/nowhere.ts`\n', 'there is no `src/nowhere.ts`'],
];

describe('check-docs', () => {
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(join('.cache', 'docs-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  let lines: string[] | undefined;
  // All in one process: it takes a second to load what it checks with.
  const linesOf = (at: number) => {
    if (lines === undefined) {
      const files = FAULTS.map(([, markdown], index) => {
        const place = join(folder, String(index));
        mkdirSync(place);
        writeFileSync(join(place, 'CONTRIBUTING.md'), markdown);
        return join(place, 'CONTRIBUTING.md');
      });
      ({ lines } = check(...files));
    }
    return lines.filter((line) => line.includes(join(folder, String(at), '/')));
  };

  test.each(FAULTS.map(([what, , stated], at) => ({ what, stated, at })))('names $what', ({ stated, at }) => {
    expect(linesOf(at)).toContainEqual(expect.stringContaining(stated));
  });
});
