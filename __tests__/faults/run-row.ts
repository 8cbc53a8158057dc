/**
 * One row of the fault matrix: the shipped bundle, run as the runner runs it, against a simulator that has been told
 * to misbehave; every invariant is checked after it, whatever the row is about.
 */
import { expect } from '@jest/globals';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import type { ScriptedFault } from '../../simulator/faults.ts';
import { ACTIONS_BOT, startGithub, type Github, type GithubOptions } from '../../simulator/github.ts';
import { findViolations, expectationsOf } from '../../simulator/invariants.ts';
import type { JournalEntry } from '../../simulator/journal.ts';
import { runAction, type RunOptions, type RunResult } from '../../simulator/runner.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

export const TOKEN = 'ghs_simulatedTokenOfTheJob0123456789abcdef';

export interface RowSetup extends RunOptions {
  readonly faults?: readonly ScriptedFault[];
  /** Besides `faults`; default: a run that is over in 10 s. */
  readonly api?: ApiOptions;
  /** Started only where it is given. */
  readonly github?: GithubOptions;
  /** How much faster than real time the clocks run; default 30. 1: in real time, without the preload. */
  readonly speed?: number;
  /**
   * Whether waits are leapt over, so that no machine is too slow for a row. Default: where one process runs at a time and no
   * signal comes.
   */
  readonly skipsWaits?: boolean;
  /** Where the action finds the API; default: where it is. */
  readonly apiUrl?: (api: Api) => string;
  /** Before the process starts. */
  readonly before?: (servers: { api: Api; github: Github | null }) => void | Promise<void>;
  /** Runs of the action one after the other, those in a list of their own at once, each with its own changes; default one. */
  readonly runs?: readonly (Run | readonly Run[])[];
  /** The output file cannot be written to, or the process is killed. */
  readonly mayLackOutputs?: boolean;
  /** What the row itself sets aside, by how the breach begins: `I5`, where nobody reads the log. */
  readonly apart?: readonly string[];
}

export interface Run extends Partial<RunOptions> {
  /** Before this one's process starts. */
  readonly before?: (api: Api, github: Github | null) => void;
  /** Beside the others: by how the run before it ended. */
  readonly inputsAfter?: (before: RunResult) => Readonly<Record<string, string>>;
}

export interface RowResult {
  /** Of the last run. */
  readonly result: RunResult;
  readonly results: readonly RunResult[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly api: Api;
  readonly github: Github | null;
  /** The API's journal by kind of call. */
  readonly launches: readonly JournalEntry[];
  readonly polls: readonly JournalEntry[];
  /** The one error annotation, and below it the lines of the log that say why; or empty. */
  readonly error: string;
}

/** GitHub with the pull request of the runner's own event, and the job's token. */
export const TOWER = {
  owner: 'octo-org',
  repo: 'tower',
  pullRequests: [{ number: 7, state: 'open', locked: false }],
  tokens: { [TOKEN]: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
} as const satisfies GithubOptions;

export async function runRow(runRow: RowSetup = {}): Promise<RowResult> {
  const speed = runRow.speed ?? 30;
  const alone = runRow.signals === undefined && runRow.runs?.some(Array.isArray) !== true;
  const skipsWaits = runRow.skipsWaits ?? (speed > 1 && alone);
  const api = await startApi({
    speed,
    isClientDriven: skipsWaits,
    lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 9_000 }),
    ...runRow.api,
    faults: runRow.faults ?? [],
  });
  const github = runRow.github === undefined ? null : await startGithub(runRow.github);
  try {
    await runRow.before?.({ api, github });
    const results: RunResult[] = [];
    const play = async ({ before, inputsAfter, ...change }: Run) => {
      before?.(api, github);
      const [last] = results.slice(-1);
      const options = { ...runRow, ...change };
      const inputs: Readonly<Record<string, string>> = {
        api_key: TEST_KEY,
        api_url: runRow.apiUrl?.(api) ?? api.url,
        workflow_id: WORKFLOW_ID,
        ...runRow.inputs,
        ...change.inputs,
        ...(last === undefined ? {} : inputsAfter?.(last)),
      };
      const result = await runAction({
        timeoutMs: 45_000,
        ...options,
        inputs,
        token: TOKEN,
        preload: [...(speed === 1 ? [] : ['simulator/fast-time.mjs']), ...(options.preload ?? [])],
        env: {
          ...(speed === 1 ? {} : { FAST_TIME_SPEED: String(speed) }),
          ...(skipsWaits ? { FAST_TIME_SKIPS_WAITS: '1' } : {}),
          ...(github === null ? {} : { GITHUB_API_URL: github.apiUrl }),
          ...runRow.env,
          ...change.env,
        },
      });
      return { result, inputs };
    };
    for (const step of runRow.runs ?? [{}]) {
      const earlierRequests = Array.isArray(step) ? undefined : api.journal.length;
      for (const { result, inputs } of await Promise.all([step].flat().map(play))) {
        results.push(result);
        if (process.env.SHOW_LOG) console.log(result.shownLog);
        const evidence = { result, api, ...(github === null ? {} : { github }), secrets: [TEST_KEY, TOKEN] };
        const found = findViolations({
          ...evidence,
          // On a machine that is busy, 80 ms of its own become seconds of a fast clock.
          toleranceMs: 80 * speed,
          mayLackOutputs: runRow.mayLackOutputs ?? false,
          ...expectationsOf(inputs),
          ...(earlierRequests === undefined ? {} : { earlierRequests }),
        });
        expect(found.filter((breach) => !runRow.apart?.some((start) => breach.startsWith(start)))).toEqual(
          [],
        );
      }
    }
    const result = results.at(-1)!;
    return {
      result,
      results,
      outputs: result.outputs,
      api,
      github,
      launches: api.journal.filter(({ call }) => call === 'launch'),
      polls: api.journal.filter(({ call }) => call === 'poll'),
      error: errorIn(result),
    };
  } finally {
    await api.close();
    await github?.close();
  }
}

/** Green, one run, launched with so many attempts under one key. */
export function expectGreen({ result, outputs, api, launches }: RowResult, attempts = 1): void {
  expect(result.exitCode).toBe(0);
  expect(outputs).toMatchObject({ conclusion: 'success', status: 'completed', run_id: api.runs[0]!.id });
  expect(api.runs).toHaveLength(1);
  expect(launches.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
    Array.from({ length: attempts }, () => outputs.idempotency_key),
  );
}

/** The annotation, then the lines of the log above it, which say why. */
function errorIn({ annotations, stdout }: RunResult): string {
  const lines = stdout.split('\n');
  const end = lines.findLastIndex((line) => line.startsWith('::error'));
  const start = lines.slice(0, Math.max(0, end)).findLastIndex((line) => !line.startsWith('    ')) + 1;
  const message = annotations.find(({ level }) => level === 'error')?.message ?? '';
  return [message, ...lines.slice(start, end).map((line) => line.slice(4).replaceAll('\u200b', ''))].join(
    '\n',
  );
}
