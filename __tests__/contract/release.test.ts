/** The shell steps of release.yml that decide something, run against stand-ins for git and gh. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Job {
  readonly needs?: string;
  readonly environment?: string | { readonly name: string };
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name?: string; readonly run?: string }[];
}
const { jobs } = parse(readFileSync('.github/workflows/release.yml', 'utf8')) as {
  jobs: Record<string, Job>;
};

const folder = mkdtempSync(join(tmpdir(), 'release-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The step as GitHub runs it, with programs of these names before all others. */
function run(job: string, step: string, programs: Readonly<Record<string, string>>, cwd = '.') {
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }
  const script = jobs[job]!.steps.find(({ name }) => name?.startsWith(step) === true)!.run!;
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      GITHUB_REF_NAME: 'v1.4.0',
      GITHUB_SHA: 'c0ffee',
      GH_REPO: 'octo-org/x',
    },
  });
  return { status, message: stdout + stderr };
}

describe('the tag v1', () => {
  // Asked whether v1 exists, how it stands to the commit, and told to write.
  const gh = (exists: boolean, compared: string) => ({
    gh: `case "$*" in
      *git/ref/tags/v1*) exit ${exists ? 0 : 1} ;;
      *compare/v1...c0ffee*) echo ${compared} ;;
      *) echo "WROTE $*" ;;
    esac`,
  });
  test.each([
    ['is made where there is none', gh(false, ''), 'WROTE api -X POST'],
    ['moves forward', gh(true, 'ahead'), 'WROTE api -X PATCH'],
    ['does not move back for an older release', gh(true, 'behind'), '::notice::v1 stays'],
    ['does not move to another line of commits', gh(true, 'diverged'), '::notice::v1 stays'],
  ])('%s', (_what, programs, message) => {
    const ended = run('move', 'Move', programs);
    expect(ended.status).toBe(0);
    expect(ended.message).toContain(message);
    expect(ended.message.match(/WROTE|::notice/g)).toHaveLength(1);
  });
});

test.each([
  ['on main, of this version and in the changelog', 0, '1.4.0', '## [1.4.0] - 2027-01-01', 0],
  ['not on main', 1, '1.4.0', '## [1.4.0] - 2027-01-01', 1],
  ['of another version', 0, '1.3.9', '## [1.4.0] - 2027-01-01', 1],
  ['not in the changelog', 0, '1.4.0', '## [1.4.0-rc] - 2027-01-01', 1],
])('accepts only a tag on main, of this version and in the changelog: %s', (_what, ancestor, version, changelog, status) => {
  const cwd = mkdtempSync(join(folder, 'tree-'));
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ version }));
  writeFileSync(join(cwd, 'CHANGELOG.md'), `${changelog}\n`);
  const git = `[ "$*" = 'merge-base --is-ancestor c0ffee refs/remotes/origin/main' ] && exit ${ancestor}; exit 9`;
  expect(run('build', 'The commit is on main', { git }, cwd).status).toBe(status);
});

test('signs, publishes and moves nothing before the approval, and gives the build no permission for it', () => {
  const before = (name: string): string[] => [name, ...(jobs[name]!.needs === undefined ? [] : before(jobs[name]!.needs))];
  for (const [name, { permissions }] of Object.entries(jobs)) {
    if (!Object.values(permissions).includes('write')) continue;
    expect(before(name).map((one) => jobs[one]!.environment)).toContain('release');
  }
  for (const name of ['build', 'page']) expect(jobs[name]!.permissions).toEqual({ contents: 'read' });
  expect(jobs.pages!.steps).toHaveLength(1);
});
