/** What the runner passes to a step: its inputs, its event, its environment. */
import { readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RunOptions } from './runner.ts';

const ACTION_YML = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');

interface Declared {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: object;
}

// The runner reads scalars as text: `true` is the string "true".
const declared = parse(ACTION_YML, { schema: 'failsafe' }) as Declared;

/** The outputs that action.yml declares. */
export const OUTPUT_NAMES = Object.keys(declared.outputs);

export type DeclaredInput = readonly [name: string, value: string];

/** The inputs that action.yml declares, with their defaults evaluated for a step with these options; '' where there is none. */
export function declaredInputs({ matrix = null, env = {} }: Pick<RunOptions, 'matrix' | 'env'>, token: string): DeclaredInput[] {
  const contexts: Readonly<Record<string, string>> = {
    'github.token': token,
    'github.job': env.GITHUB_JOB ?? JOB,
    'github.action': env.GITHUB_ACTION ?? ACTION,
    'toJSON(matrix)': JSON.stringify(matrix, null, 2),
  };
  return Object.entries(declared.inputs).map(([name, input]) => [
    name,
    (input.default ?? '').replace(/\$\{\{\s*(.*?)\s*\}\}/gs, (whole, expression: string) => {
      const value = contexts[expression];
      if (value === undefined) throw new Error(`the default of "${name}" has an expression that the stand-in does not know: ${whole}`);
      return value;
    }),
  ]);
}

const JOB = 'review';
const ACTION = '__self';
/** GITHUB_SHA: of main, or the merge commit of a pull request. */
export const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const HEAD_SHA = '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2';
const REPOSITORY = {
  id: 987654321,
  full_name: 'octo-org/tower',
  default_branch: 'main',
  owner: { login: 'octo-org', id: 4242 },
};

/** A payload with the fields that an action may use. */
export function defaultEvent(name: string): Record<string, unknown> {
  const base = { repository: REPOSITORY, sender: { login: 'octocat', id: 1, type: 'User' } };
  const pull_request = {
    number: 7,
    state: 'open',
    head: { sha: HEAD_SHA, ref: 'fix-doors', repo: REPOSITORY },
    base: { sha: SHA, ref: 'main', repo: REPOSITORY },
    user: { login: 'octocat', id: 1, type: 'User' },
  };
  switch (name) {
    case 'push':
      return { ...base, ref: 'refs/heads/main', before: HEAD_SHA, after: SHA };
    case 'pull_request':
    case 'pull_request_target':
      return { ...base, action: 'synchronize', number: 7, pull_request };
    case 'pull_request_review':
      return { ...base, action: 'submitted', review: { id: 80, state: 'approved' }, pull_request };
    case 'pull_request_review_comment':
      return { ...base, action: 'created', comment: { id: 90, pull_request_review_id: 80 }, pull_request };
    case 'merge_group':
      return {
        ...base,
        action: 'checks_requested',
        merge_group: { head_sha: SHA, base_sha: HEAD_SHA, base_ref: 'refs/heads/main' },
      };
    case 'issue_comment':
      return { ...base, action: 'created', issue: { number: 7, pull_request: {} }, comment: { id: 91, body: '/review' } };
    case 'schedule':
      return { ...base, schedule: '0 3 * * *' };
    case 'workflow_run':
      return {
        ...base,
        action: 'completed',
        workflow_run: {
          event: 'pull_request',
          head_sha: HEAD_SHA,
          pull_requests: [{ number: 7, head: { sha: HEAD_SHA }, base: { repo: { id: REPOSITORY.id } } }],
        },
      };
    default:
      return base;
  }
}

/** The variables of a step's environment apart from its inputs and files. */
export function contextEnvironment(
  options: RunOptions,
  eventName: string,
  event: unknown,
  paths: { workspace: string; temp: string; eventPath: string },
): Record<string, string> {
  const pull = (event as { pull_request?: { number?: number; head?: { ref?: string }; base?: { ref?: string } } } | null)?.pull_request;
  const isPull = /^pull_request(?:_review(?:_comment)?)?$/.test(eventName);
  const branch = eventName === 'merge_group' ? 'gh-readonly-queue/main/pr-7' : 'main';
  const refName = isPull ? `${pull?.number ?? 7}/merge` : branch;
  const ref = isPull ? `refs/pull/${refName}` : `refs/heads/${branch}`;
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: ACTION,
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTOR_ID: '1',
    // An address without a server: a test that needs GitHub's API sets its own.
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_BASE_REF: isPull ? (pull?.base?.ref ?? '') : '',
    GITHUB_HEAD_REF: isPull ? (pull?.head?.ref ?? '') : '',
    GITHUB_EVENT_NAME: eventName,
    GITHUB_EVENT_PATH: paths.eventPath,
    GITHUB_JOB: JOB,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: refName,
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: REPOSITORY.full_name,
    GITHUB_REPOSITORY_ID: String(REPOSITORY.id),
    GITHUB_REPOSITORY_OWNER: REPOSITORY.owner.login,
    GITHUB_REPOSITORY_OWNER_ID: String(REPOSITORY.owner.id),
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(options.attempt ?? 1),
    GITHUB_RUN_ID: String(options.runId ?? 17_000_000_001),
    GITHUB_RUN_NUMBER: '42',
    GITHUB_SHA: SHA,
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'Submittals',
    GITHUB_WORKFLOW_REF: `${REPOSITORY.full_name}/.github/workflows/submittals.yml@${ref}`,
    GITHUB_WORKFLOW_SHA: SHA,
    GITHUB_WORKSPACE: paths.workspace,
    RUNNER_ARCH: arch() === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'stand-in',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: paths.temp,
    RUNNER_TOOL_CACHE: join(paths.temp, '_tools'),
    RUNNER_WORKSPACE: paths.workspace,
    HOME: paths.temp,
    LANG: 'C.UTF-8',
    PATH: process.env.PATH ?? '/usr/bin:/bin',
  };
}

/** The variables of the inputs: those of the step, and the defaults of the others. */
export function inputEnvironment(inputs: Readonly<Record<string, string>>, declared: readonly DeclaredInput[]): Record<string, string> {
  const stated = Object.entries(inputs);
  const isStated = (name: string) => stated.some(([other]) => other.toLowerCase() === name.toLowerCase());
  return Object.fromEntries(
    [...stated, ...declared.filter(([name]) => !isStated(name))].map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}
