/** The steps of a job that run beside the others. Rules of actions/runner 2.336.0, Runner.Worker/BackgroundStepCoordinator.cs. */
import type { RunOptions, RunResult } from '../runner.ts';

const MOST_AT_ONCE = 10;

export interface Background {
  /** Does not wait for it: for a free place neither. */
  start(id: string, options: RunOptions): void;
  /** Of all that were started where none is named. */
  wait(ids?: readonly string[]): Promise<RunResult[]>;
  /** What the runner does to a cancelled job: SIGINT, later SIGTERM. */
  cancel(id: string): Promise<RunResult>;
  /** What `steps.<id>` knows: nothing before the step was waited for or cancelled. */
  seen(id: string): RunResult | undefined;
}

export function createBackground(play: (options: RunOptions) => Promise<RunResult>): Background {
  const steps = new Map<string, { readonly end: Promise<RunResult>; readonly cancel: () => void }>();
  const seen = new Map<string, RunResult>();
  const waiting: (() => void)[] = [];
  let free = MOST_AT_ONCE;

  async function playInPlace(options: RunOptions): Promise<RunResult> {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      return await play(options);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  }

  async function wait(ids: readonly string[] = [...steps.keys()]): Promise<RunResult[]> {
    const results: RunResult[] = [];
    for (const id of ids) {
      const step = steps.get(id);
      if (step === undefined) throw new Error(`no step ${id} was started in the background`);
      const result = await step.end;
      seen.set(id, result);
      results.push(result);
    }
    return results;
  }

  return {
    start: (id, options) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const signals = [...(options.signals ?? []), { whenDone: promise, signal: 'cancel' as const }];
      steps.set(id, { end: playInPlace({ ...options, signals }), cancel: () => resolve(undefined) });
    },
    wait,
    cancel: async (id) => {
      steps.get(id)?.cancel();
      const [result] = await wait([id]);
      return result!;
    },
    seen: (id) => seen.get(id),
  };
}
