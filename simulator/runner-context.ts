/** The runner's part of a step: inputs, event and environment. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Declared {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: object;
}

// The runner reads all scalars as strings.
const declared = parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8'), { schema: 'failsafe' }) as Declared;

/** The outputs that action.yml declares. */
export const OUTPUT_NAMES = Object.keys(declared.outputs);

type Pairs = readonly (readonly [name: string, value: string])[];

/** The context of a step and its job. */
export interface StepContext {
  /** The `matrix` context. */
  readonly matrix?: unknown;
  readonly attempt?: number;
  readonly runId?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Returns the inputs that action.yml declares, with their defaults evaluated for a step, or '' without a default. */
export function declaredInputs({ matrix = null, env = {} }: StepContext, token: string): Pairs {
  const contexts: Readonly<Record<string, string>> = {
    'github.token': token,
    'github.job': env.GITHUB_JOB ?? JOB,
    'github.action': env.GITHUB_ACTION ?? ACTION,
    'toJSON(matrix)': JSON.stringify(matrix, null, 2),
    'job.check_run_id': CHECK_RUN_ID,
    'job.workflow_ref': '',
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

/** Returns the environment variables of the step's inputs, and of the defaults of all others. */
export function inputEnvironment(inputs: Readonly<Record<string, string>>, defaults: Pairs): Record<string, string> {
  const all = [...defaults, ...Object.entries(inputs)];
  return Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]));
}

const JOB = 'review';
const CHECK_RUN_ID = '52000000001';
const ACTION = '__self';
/** GITHUB_SHA, which is main's commit or a pull request's merge commit. */
export const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
/** The commit at the head of pull request 7. */
export const HEAD_SHA = '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2';
export const REPOSITORY = { id: 987654321, full_name: 'octo-org/tower', default_branch: 'main', owner: { login: 'octo-org', id: 4242 } };

/** A payload with the fields that an action can use. */
export function defaultEvent(name: string): Record<string, unknown> {
  const base = { repository: REPOSITORY, sender: { login: 'octocat', id: 1, type: 'User' } };
  const pull_request = {
    number: 7,
    state: 'open',
    head: { sha: HEAD_SHA, ref: 'fix-doors', repo: REPOSITORY },
    base: { sha: SHA, ref: 'main', repo: REPOSITORY },
    user: { login: 'octocat', id: 1, type: 'User' },
  };
  const behind = { number: 7, head: { sha: HEAD_SHA }, base: { repo: { id: REPOSITORY.id } } };
  const fields: Readonly<Record<string, object>> = {
    push: { ref: 'refs/heads/main', before: HEAD_SHA, after: SHA },
    pull_request: { action: 'synchronize', number: 7, pull_request },
    pull_request_target: { action: 'synchronize', number: 7, pull_request },
    pull_request_review: { action: 'submitted', review: { id: 80, state: 'approved' }, pull_request },
    pull_request_review_comment: { action: 'created', comment: { id: 90, pull_request_review_id: 80 }, pull_request },
    merge_group: { action: 'checks_requested', merge_group: { head_sha: SHA, base_sha: HEAD_SHA, base_ref: 'refs/heads/main' } },
    issue_comment: { action: 'created', issue: { number: 7, pull_request: {} }, comment: { id: 91, body: '/review' } },
    schedule: { schedule: '0 3 * * *' },
    workflow_run: { action: 'completed', workflow_run: { event: 'pull_request', head_sha: HEAD_SHA, pull_requests: [behind] } },
  };
  return { ...base, ...fields[name] };
}

/** Returns the environment variables that the action and its libraries read, apart from inputs and files. */
export function contextEnvironment(
  { attempt = 1, runId = 17_000_000_001 }: StepContext,
  eventName: string,
  paths: { readonly workspace: string; readonly temp: string; readonly eventPath: string },
): Record<string, string> {
  const isPull = /^pull_request(?:_review(?:_comment)?)?$/.test(eventName);
  const branch = eventName === 'merge_group' ? 'gh-readonly-queue/main/pr-7' : 'main';
  const ref = isPull ? 'refs/pull/7/merge' : `refs/heads/${branch}`;
  return {
    GITHUB_ACTION: ACTION,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    // No server listens here. A test that needs GitHub's API sets its own URL.
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: eventName,
    GITHUB_EVENT_PATH: paths.eventPath,
    GITHUB_JOB: JOB,
    GITHUB_REF: ref,
    GITHUB_REPOSITORY: REPOSITORY.full_name,
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_RUN_ID: String(runId),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: SHA,
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'Submittals',
    GITHUB_WORKFLOW_REF: `${REPOSITORY.full_name}/.github/workflows/submittals.yml@${ref}`,
    GITHUB_WORKSPACE: paths.workspace,
    RUNNER_TEMP: paths.temp,
    HOME: paths.temp,
    PATH: process.env.PATH ?? '/usr/bin:/bin',
  };
}
