/** Plays a step in virtual time: the action's `run` with the real writer of log and files, against the API in virtual time. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunner } from '../src/github/runner.ts';
import { readCredentials } from '../src/inputs/secrets.ts';
import { run } from '../src/main.ts';
import { Ended } from '../src/outcome.ts';
import { createRedactor } from '../src/text/redact.ts';
import { contextEnvironment, declaredInputs, defaultEvent, inputEnvironment, type StepContext } from './runner-context.ts';
import type { StepResult } from './runner.ts';
import { TEST_KEY } from './vendor-example.ts';
import { WORKFLOW_ID, type VirtualApi } from './virtual-api.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { parseOutputFile } from './workflow-commands.ts';

interface VirtualStep extends Pick<StepContext, 'attempt'> {
  readonly inputs?: Readonly<Record<string, string>>;
  /** Default: `push`. */
  readonly eventName?: string;
  readonly event?: unknown;
  /** When the runner stops the step, in ms after its start. */
  readonly stopAfterMs?: number | undefined;
  /** GitHub; default: it cannot be reached. */
  readonly fetch?: typeof fetch;
  /** In [0, 1); default: always the middle, which no jitter moves. */
  readonly random?: () => number;
}

export type VirtualResult = Awaited<ReturnType<typeof playVirtualStep>>;

/**
 * @param folder an existing folder of the test's own, for the files of one step after another: @actions/core remembers the path of the
 *   summary, so that all steps of a process use the same files
 */
export async function playVirtualStep(api: VirtualApi, clock: VirtualClock, folder: string, step: VirtualStep = {}) {
  const { inputs = {}, eventName = 'push', event = defaultEvent(eventName), attempt = 1, stopAfterMs, random = () => 0.5 } = step;
  const temp = join(folder, 'temp');
  const paths = { workspace: folder, temp, eventPath: join(folder, 'event.json') };
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const path of Object.values(files)) writeFileSync(path, '');
  rmSync(temp, { recursive: true, force: true });
  mkdirSync(temp);
  writeFileSync(paths.eventPath, JSON.stringify(event));
  const given = { api_key: TEST_KEY, workflow_id: inputs.run_id === undefined ? WORKFLOW_ID : '', ...inputs };
  const stop = new AbortController();
  const startedAt = clock.now();
  if (stopAfterMs !== undefined) clock.at(startedAt + stopAfterMs, () => stop.abort(new Ended({ kind: 'interrupted', signal: 'SIGINT' })));
  const before = { GITHUB_OUTPUT: process.env.GITHUB_OUTPUT, GITHUB_STEP_SUMMARY: process.env.GITHUB_STEP_SUMMARY };
  Object.assign(process.env, files);
  const captured = captureStdout();
  let exitCode: number;
  const environment = {
    ...contextEnvironment({ attempt }, eventName, paths),
    ...files,
    ...inputEnvironment(given, declaredInputs({}, '')),
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_PATH: paths.eventPath,
  };
  try {
    exitCode = await run({
      runner: createRunner(environment),
      transport: api.transport,
      fetch: step.fetch ?? (() => Promise.reject(new Error('there is no GitHub in virtual time'))),
      clock,
      random,
      signal: stop.signal,
      redact: createRedactor(readCredentials(environment)),
    });
  } finally {
    captured.end();
    Object.assign(process.env, before);
    // Node keeps dependent signals and their listeners until the source is aborted.
    stop.abort();
  }
  const { pairs, outputs, errors } = parseOutputFile(readFileSync(files.GITHUB_OUTPUT, 'utf8'));
  const written = readdirSync(temp, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const result: StepResult = {
    exitCode,
    stdout: captured.text(),
    stderr: '',
    outputs,
    outputPairs: pairs,
    outputErrors: errors,
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    otherCommands: '',
    temp: folder,
  };
  const texts = written.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  /** `files`: the texts of those that the step wrote; the times are on the clock. */
  return { ...result, files: texts, startedAt, endedAt: clock.now() };
}

/** Keeps what is written to stdout from the terminal. */
function captureStdout() {
  const pieces: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (piece: string | Uint8Array) => pieces.push(Buffer.from(piece).toString()) > 0;
  return {
    text: () => pieces.join(''),
    end: () => {
      process.stdout.write = write;
      if (process.env.SHOW_LOG) appendFileSync('/dev/stderr', pieces.join(''));
    },
  };
}
