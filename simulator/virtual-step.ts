/**
 * Plays a step in virtual time: the action's `run` with the real writer of log and files, against the API in virtual time. This is
 * the only file of the tests in virtual time that knows the parts of `run` and its error classes.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { connectionFailure, type ConnectionCode } from '../src/alloovium/errors.ts';
import type { Transport } from '../src/alloovium/transport.ts';
import { createRunner } from '../src/github/runner.ts';
import { run } from '../src/main.ts';
import { Interrupted } from '../src/runs/outcome.ts';
import { Broken, WORKFLOW_ID, type Breakage, type VirtualApi } from './virtual-api.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { TEST_KEY } from './vendor-example.ts';
import { parseOutputFile } from './workflow-commands.ts';

export interface VirtualStep {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a push to main. */
  readonly event?: unknown;
  /** Of the job run; default 1. */
  readonly attempt?: number;
  /** When the runner stops the step, in ms after its start. */
  readonly stopAfterMs?: number;
  /** GitHub; default: it cannot be reached. */
  readonly fetch?: typeof fetch;
  /** In [0, 1); default: always the middle, which no jitter moves. */
  readonly random?: () => number;
}

export interface VirtualResult {
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** Names and values in the order in which they were written. */
  readonly outputPairs: readonly (readonly [name: string, value: string])[];
  readonly outputErrors: readonly string[];
  readonly stdout: string;
  readonly summary: string;
  /** The texts of the files that the step wrote. */
  readonly files: readonly string[];
  /** On the clock. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export const JOB_RUN = '17000000001';
export const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';

const { inputs: declared, outputs: declaredOutputs } = parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8')) as {
  readonly inputs: Record<string, { readonly default?: string }>;
  readonly outputs: object;
};

export const OUTPUT_NAMES = Object.keys(declaredOutputs);

/** @param folder an existing folder of the test's own, for the files of one step after another */
export async function playVirtualStep(
  api: VirtualApi,
  clock: VirtualClock,
  folder: string,
  step: VirtualStep = {},
): Promise<VirtualResult> {
  const files = emptyFiles(folder);
  writeFileSync(files.event, JSON.stringify(step.event ?? { repository: { default_branch: 'main' } }));
  const environment = environmentOf(step, files);
  const stop = new AbortController();
  let isOver = false;
  const startedAt = clock.now();
  if (step.stopAfterMs !== undefined)
    clock.at(startedAt + step.stopAfterMs, () => {
      if (!isOver) stop.abort(new Interrupted('SIGINT'));
    });
  const before = { GITHUB_OUTPUT: process.env.GITHUB_OUTPUT, GITHUB_STEP_SUMMARY: process.env.GITHUB_STEP_SUMMARY };
  Object.assign(process.env, { GITHUB_OUTPUT: files.output, GITHUB_STEP_SUMMARY: files.summary });
  const captured = captureStdout();
  let exitCode: number;
  try {
    exitCode = await run({
      runner: createRunner(environment),
      transport: transportOf(api),
      fetch: step.fetch ?? (() => Promise.reject(new Error('there is no GitHub in virtual time'))),
      clock,
      random: step.random ?? (() => 0.5),
      signal: stop.signal,
      eventPath: files.event,
    });
  } finally {
    captured.end();
    Object.assign(process.env, before);
    isOver = true;
    // Node keeps dependent signals and their listeners until the source is aborted.
    stop.abort();
  }
  const { pairs, outputs, errors } = parseOutputFile(readFileSync(files.output, 'utf8'));
  return {
    exitCode,
    outputs,
    outputPairs: pairs,
    outputErrors: errors,
    stdout: captured.text(),
    summary: readFileSync(files.summary, 'utf8'),
    files: writtenFiles(files.temp),
    startedAt,
    endedAt: clock.now(),
  };
}

interface StepFiles {
  readonly output: string;
  readonly summary: string;
  readonly temp: string;
  readonly event: string;
}

/** @actions/core remembers the path of the summary, so that all steps of a process use the same files. */
function emptyFiles(folder: string): StepFiles {
  const files = {
    output: join(folder, 'output'),
    summary: join(folder, 'summary'),
    temp: join(folder, 'temp'),
    event: join(folder, 'event'),
  };
  writeFileSync(files.output, '');
  writeFileSync(files.summary, '');
  rmSync(files.temp, { recursive: true, force: true });
  mkdirSync(files.temp);
  return files;
}

function writtenFiles(temp: string): string[] {
  const entries = readdirSync(temp, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

function environmentOf({ inputs, env, attempt = 1 }: VirtualStep, files: StepFiles): Record<string, string> {
  const values = Object.entries({
    ...Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, input.default ?? ''])),
    api_key: TEST_KEY,
    workflow_id: inputs?.run_id === undefined ? WORKFLOW_ID : '',
    ...inputs,
  });
  return {
    GITHUB_REPOSITORY: 'octo-org/tower',
    GITHUB_SHA: SHA,
    GITHUB_RUN_ID: JOB_RUN,
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_JOB: 'review',
    GITHUB_ACTION: '__self',
    GITHUB_WORKFLOW_REF: 'octo-org/tower/.github/workflows/review.yml@refs/heads/main',
    GITHUB_WORKFLOW: 'Review',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_TEMP: files.temp,
    ...Object.fromEntries(
      values.map(([name, value]) => [
        `INPUT_${name.toUpperCase()}`,
        value.replace(/\$\{\{ toJSON.*\}\}/, 'null').replace(/\$\{\{.*\}\}/, ''),
      ]),
    ),
    ...env,
  };
}

/** Keeps what is written to stdout from the terminal. */
function captureStdout() {
  const pieces: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (piece: string | Uint8Array) => {
    pieces.push(typeof piece === 'string' ? piece : Buffer.from(piece).toString());
    return true;
  };
  return {
    text: () => pieces.join(''),
    end: () => {
      process.stdout.write = write;
      if (process.env.SHOW_LOG) appendFileSync('/dev/stderr', pieces.join(''));
    },
  };
}

const FAULTS = {
  refused: 'no_connection',
  no_name: 'unknown_host',
  no_tls: 'no_connection',
  proxy: 'proxy_refused',
  certificate: 'certificate',
  reset: 'connection_lost',
  timeout: 'timeout',
  too_large: 'too_large',
  encoding: 'unreadable',
} as const satisfies Record<Breakage, ConnectionCode>;

/** A proxy's 5xx is no refusal. */
function codeOf({ breakage, code }: Broken): ConnectionCode {
  return breakage === 'proxy' && code.startsWith('5') ? 'no_connection' : FAULTS[breakage];
}

export function transportOf(api: Pick<VirtualApi, 'send'>): Transport {
  return async (request) => {
    try {
      const { status, headers, body, broken } = await api.send(request);
      const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
      return { status, headers: new Map(named), body, broken: broken ? codeOf(broken.by) : null };
    } catch (error) {
      throw error instanceof Broken ? connectionFailure(codeOf(error)) : error;
    }
  };
}
