/**
 * Plays a step in virtual time: the action's `run` with the real writer of log and files, against the API in virtual time. This is
 * the only file of the tests in virtual time that knows the parts of `run` and its error classes.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ConnectionError, type ConnectionFault } from '../src/alloovium/errors.ts';
import type { Transport } from '../src/alloovium/transport.ts';
import { createHost } from '../src/github/host.ts';
import { run } from '../src/main.ts';
import { Interrupted } from '../src/runs/ending.ts';
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
  readonly comments: readonly string[];
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
  const environment = environmentOf(step, files);
  const stop = new AbortController();
  let isOver = false;
  const startedAt = clock.now();
  if (step.stopAfterMs !== undefined)
    clock.at(startedAt + step.stopAfterMs, () => {
      if (!isOver) stop.abort(new Interrupted('SIGINT'));
    });
  const comments: string[] = [];
  const before = { GITHUB_OUTPUT: process.env.GITHUB_OUTPUT, GITHUB_STEP_SUMMARY: process.env.GITHUB_STEP_SUMMARY };
  Object.assign(process.env, { GITHUB_OUTPUT: files.output, GITHUB_STEP_SUMMARY: files.summary });
  const captured = captureStdout();
  let exitCode: number;
  try {
    exitCode = await run({
      host: holdTime(createHost(environment), clock),
      transport: transportOf(api),
      clock,
      random: step.random ?? (() => 0.5),
      signal: stop.signal,
      readEvent: async () => ({ payload: step.event ?? { repository: { default_branch: 'main' } }, fault: '' }),
      jobAgeMs: () => 0,
      writeStickyComment: async ({ decide }) => {
        const decision = decide(null, null, true);
        if (decision.action === 'write') comments.push(decision.body);
        const result = { url: '', level: 'line', text: '', detail: '' } as never;
        return { result, decision };
      },
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
    comments,
    startedAt,
    endedAt: clock.now(),
  };
}

interface StepFiles {
  readonly output: string;
  readonly summary: string;
  readonly temp: string;
}

/** @actions/core remembers the path of the summary, so that all steps of a process use the same files. */
function emptyFiles(folder: string): StepFiles {
  const files = { output: join(folder, 'output'), summary: join(folder, 'summary'), temp: join(folder, 'temp') };
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
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_TEMP: files.temp,
    ...Object.fromEntries(values.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value.replace(/\$\{\{.*\}\}/, '')])),
    ...env,
  };
}

/** Time must not pass while a function of the writer waits for the file system. */
function holdTime<T extends object>(writer: T, clock: VirtualClock): T {
  return new Proxy(writer, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, given);
        return result instanceof Promise ? clock.hold(result) : result;
      };
    },
  });
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
  refused: 'unreached',
  no_name: 'unreached',
  no_tls: 'no_tls',
  proxy: 'proxy',
  certificate: 'tls',
  reset: 'broken',
  timeout: 'timeout',
  too_large: 'too_large',
  encoding: 'encoding',
} as const satisfies Record<Breakage, ConnectionFault>;

function errorOf({ breakage, code }: Broken): ConnectionError {
  return new ConnectionError(FAULTS[breakage], code);
}

export function transportOf(api: Pick<VirtualApi, 'send'>): Transport {
  return async (request) => {
    try {
      const { status, headers, body, broken } = await api.send(request);
      const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
      const bodyError = broken && { error: errorOf(broken.by), ageMs: broken.ageMs };
      return { status, headers: new Map(named), body, ...(bodyError && { bodyError }) };
    } catch (error) {
      throw error instanceof Broken ? errorOf(error) : error;
    }
  };
}
