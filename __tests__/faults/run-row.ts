/**
 * Runs one row of the fault matrix: the shipped bundle in the simulated runner, with a simulated API that injects faults. It checks
 * all invariants after each row.
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
  /** More options of the API; default: a run that ends after 10 s. */
  readonly api?: ApiOptions;
  /** Options of the fake GitHub; undefined: there is none. */
  readonly github?: GithubOptions;
  /** How much faster than real time the clocks run; default 30. 1: real time, without the preload. */
  readonly speed?: number;
  /**
   * Whether waits are skipped, so that the row does not depend on the machine's speed. Default: if one process runs at a time, without
   * signals.
   */
  readonly skipsWaits?: boolean;
  /** The `api_url`; default: the simulated API's. */
  readonly apiUrl?: (api: Api) => string;
  /** Called before the first process starts. */
  readonly before?: (servers: { api: Api; github: Github | null }) => void | Promise<void>;
  /** Runs of the action one after another, each with its own changes; those of a nested list run in parallel. Default: one. */
  readonly runs?: readonly (Run | readonly Run[])[];
  /** The output file cannot be written, or the process is killed. */
  readonly mayLackOutputs?: boolean;
  /** Violations that the row causes on purpose, by their first words: `I5`, where the log is closed. */
  readonly ignoredViolations?: readonly string[];
}

export interface Run extends Partial<RunOptions> {
  /** Called before this process starts. */
  readonly before?: (api: Api, github: Github | null) => void;
  /** More inputs, from the result of the run before. */
  readonly inputsAfter?: (before: RunResult) => Readonly<Record<string, string>>;
}

export interface RowResult {
  /** The result of the last run. */
  readonly result: RunResult;
  readonly results: readonly RunResult[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly api: Api;
  readonly github: Github | null;
  /** The launches in the API's journal. */
  readonly launches: readonly JournalEntry[];
  readonly polls: readonly JournalEntry[];
  /** The error annotation, and below it the log lines with the reason; '' if there is none. */
  readonly error: string;
}

/** GitHub with the pull request of the runner's default event, and the job's token. */
export const TOWER = {
  owner: 'octo-org',
  repo: 'tower',
  pullRequests: [{ number: 7, state: 'open', locked: false }],
  tokens: { [TOKEN]: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
} as const satisfies GithubOptions;

export async function runRow(setup: RowSetup = {}): Promise<RowResult> {
  const speed = setup.speed ?? 30;
  const isSequential = setup.signals === undefined && setup.runs?.some(Array.isArray) !== true;
  const skipsWaits = setup.skipsWaits ?? (speed > 1 && isSequential);
  const api = await startApi({
    speed,
    isClientDriven: skipsWaits,
    lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 9_000 }),
    ...setup.api,
    faults: setup.faults ?? [],
  });
  const github = setup.github === undefined ? null : await startGithub(setup.github);
  try {
    await setup.before?.({ api, github });
    const results: RunResult[] = [];
    const play = async ({ before, inputsAfter, ...change }: Run) => {
      before?.(api, github);
      const [last] = results.slice(-1);
      const options = { ...setup, ...change };
      const inputs: Readonly<Record<string, string>> = {
        api_key: TEST_KEY,
        api_url: setup.apiUrl?.(api) ?? api.url,
        workflow_id: WORKFLOW_ID,
        ...setup.inputs,
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
          ...setup.env,
          ...change.env,
        },
      });
      return { result, inputs };
    };
    for (const step of setup.runs ?? [{}]) {
      const earlierRequests = Array.isArray(step) ? undefined : api.journal.length;
      for (const { result, inputs } of await Promise.all([step].flat().map(play))) {
        results.push(result);
        if (process.env.SHOW_LOG) console.log(result.shownLog);
        const evidence = { result, api, ...(github === null ? {} : { github }), secrets: [TEST_KEY, TOKEN] };
        const found = findViolations({
          ...evidence,
          // On a busy machine a delay of 80 ms is seconds of a fast clock.
          toleranceMs: 80 * speed,
          mayLackOutputs: setup.mayLackOutputs ?? false,
          ...expectationsOf(inputs),
          ...(earlierRequests === undefined ? {} : { earlierRequests }),
        });
        expect(
          found.filter((breach) => !setup.ignoredViolations?.some((start) => breach.startsWith(start))),
        ).toEqual([]);
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
      error: errorText(result),
    };
  } finally {
    await api.close();
    await github?.close();
  }
}

/** Expects green, and one run that was launched with this many attempts with one key. */
export function expectGreen({ result, outputs, api, launches }: RowResult, attempts = 1): void {
  expect(result.exitCode).toBe(0);
  expect(outputs).toMatchObject({ conclusion: 'success', status: 'completed', run_id: api.runs[0]!.id });
  expect(api.runs).toHaveLength(1);
  expect(launches.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
    Array.from({ length: attempts }, () => outputs.idempotency_key),
  );
}

/** The error annotation, then the log lines above it, which contain the reason. */
function errorText({ annotations, stdout }: RunResult): string {
  const lines = stdout.split('\n');
  const end = lines.findLastIndex((line) => line.startsWith('::error'));
  const start = lines.slice(0, Math.max(0, end)).findLastIndex((line) => !line.startsWith('    ')) + 1;
  const message = annotations.find(({ level }) => level === 'error')?.message ?? '';
  return [message, ...lines.slice(start, end).map((line) => line.slice(4).replaceAll('\u200b', ''))].join(
    '\n',
  );
}
