/** The shell steps of release.yml that decide something, run against stand-ins for git and gh. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';

type Step = Readonly<{ name?: string; run?: string }>;
type Job = Readonly<{ needs?: string; environment?: unknown; permissions: Record<string, string>; steps: readonly Step[] }>;
const { jobs } = parse(readFileSync('.github/workflows/release.yml', 'utf8')) as { jobs: Record<string, Job> };
const folder = mkdtempSync(join(tmpdir(), 'release-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the step as GitHub does, with this program before all others. */
function run(job: string, step: string, program: string, text: string) {
  writeFileSync(join(folder, program), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  const script = jobs[job]!.steps.find(({ name }) => name?.startsWith(step) === true)!.run!;
  const variables = { GITHUB_REF_NAME: 'v1.4.0', GITHUB_SHA: 'c0ffee', GH_REPO: 'octo-org/x' };
  const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, ...variables };
  return spawnSync('bash', ['-e', '-c', script], { cwd: folder, encoding: 'utf8', env });
}

test.each([
  ['is made where there is none', 1, '', 'WROTE api -X POST'],
  ['moves forward', 0, 'ahead', 'WROTE api -X PATCH'],
  ['does not move back for an older release', 0, 'behind', '::notice::v1 stays'],
  ['does not move to another line of commits', 0, 'diverged', '::notice::v1 stays'],
])('v1 %s', (_what, exists, compared, message) => {
  const gh = `case "$*" in *git/ref/tags/v1*) exit ${exists} ;; *compare/v1...c0ffee*) echo ${compared} ;; *) echo "WROTE $*" ;; esac`;
  const { status, stdout } = run('move', 'Move', 'gh', gh);
  expect([status, stdout.match(/WROTE|::notice/g)?.length, stdout.includes(message)]).toEqual([0, 1, true]);
});

test.each([
  ['on main, of this version and in the changelog', 0, '1.4.0', '## [1.4.0] - 2027-01-01', 0],
  ['not on main', 1, '1.4.0', '## [1.4.0] - 2027-01-01', 1],
  ['of another version', 0, '1.3.9', '## [1.4.0] - 2027-01-01', 1],
  ['not in the changelog', 0, '1.4.0', '## [1.4.0-rc] - 2027-01-01', 1],
])('accepts only a tag on main, of this version and in the changelog: %s', (_what, ancestor, version, changelog, status) => {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
  writeFileSync(join(folder, 'CHANGELOG.md'), `${changelog}\n`);
  const git = `[ "$*" = 'merge-base --is-ancestor c0ffee refs/remotes/origin/main' ] && exit ${ancestor}; exit 9`;
  expect(run('build', 'The commit is on main', 'git', git).status).toBe(status);
});

test('signs, publishes and moves nothing before the approval', () => {
  const before = (name: string): string[] => [name, ...(jobs[name]!.needs === undefined ? [] : before(jobs[name]!.needs))];
  for (const [name, { permissions }] of Object.entries(jobs))
    if (Object.values(permissions).includes('write')) expect(before(name).map((one) => jobs[one]!.environment)).toContain('release');
});
