/** What the runner passes to a step: its inputs, its event, its environment. */
import { readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { RunOptions } from './runner.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ACTION_YML = readFileSync(join(ROOT, 'action.yml'), 'utf8');

/** The outputs that action.yml declares. */
export const OUTPUT_NAMES = Object.keys((parse(ACTION_YML) as { readonly outputs: object }).outputs);

/** The declared inputs with the defaults that a step with these options gets. */
export function actionInputs({ actionYml, matrix = null, env = {} }: RunOptions, token: string): DeclaredInput[] {
  const text = actionYml === undefined ? ACTION_YML : readFileSync(resolve(ROOT, actionYml), 'utf8');
  return declaredInputs(text, { token, matrix, job: env.GITHUB_JOB ?? JOB, action: env.GITHUB_ACTION ?? ACTION });
}

interface Declaration {
  readonly inputs?: Readonly<Record<string, { readonly default?: string } | null>>;
}

/** Parsed files by their text: a suite starts the same action hundreds of times. */
const declarations = new Map<string, Declaration>();

export type DeclaredInput = readonly [name: string, value: string];

/** The inputs that action.yml declares, with their defaults evaluated; '' where there is none. */
export function declaredInputs(
  actionYml: string,
  contexts: {
    readonly token: string;
    readonly matrix: unknown;
    readonly job: string;
    readonly action: string;
  },
): DeclaredInput[] {
  // The runner reads scalars as text: `true` is the string "true".
  const parsed = declarations.get(actionYml) ?? (parse(actionYml, { schema: 'failsafe' }) as Declaration);
  declarations.set(actionYml, parsed);
  return Object.entries(parsed.inputs ?? {}).map(([name, input]) => [
    name,
    (input?.default ?? '').replace(/\$\{\{(.*?)\}\}/gs, (whole, expression: string) => {
      switch (expression.trim()) {
        case 'github.token':
          return contexts.token;
        case 'github.job':
          return contexts.job;
        case 'github.action':
          return contexts.action;
        case 'toJSON(matrix)':
          return JSON.stringify(contexts.matrix, null, 2);
        default:
          throw new Error(`the default of "${name}" has an expression that the stand-in does not know: ${whole}`);
      }
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
