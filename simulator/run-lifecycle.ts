/** How a simulated run goes: what its polls show from its creation to its end. */
import { OUTPUTS } from './vendor-example.ts';

/** A change of a run. All fields but `atMs` and `raw` are set in the run's body and stay until a later step; `undefined` removes one. */
export interface LifecycleStep {
  /** Since the run was created, by the simulator's clock. */
  readonly atMs: number;
  /** Replaces the whole body of a poll until a later step: the bytes, or a function of the normal body. */
  readonly raw?: string | Uint8Array | ((own: Record<string, unknown>) => string);
  readonly status?: unknown;
  readonly progress?: unknown;
  readonly stage?: unknown;
  readonly outputs?: unknown;
  readonly error_message?: unknown;
  readonly [field: string]: unknown;
}

export type Lifecycle = readonly LifecycleStep[];

/** A lifecycle as a function: the fields of the body at `elapsedMs` after the run was created. `iso` formats a moment of the run. */
export type StateAt = (elapsedMs: number, iso: (elapsedMs: number) => string) => Record<string, unknown>;

const STAGES = ['Reading documents', 'Analysing submittals', 'Writing the summary'] as const;

/**
 * An even lifecycle: queued for `queuedMs`, then the stages in equal parts with progress in steps of 5 %, then the end.
 * `ending` is the last status, any word; `outputs` and `error_message` are set with it.
 */
export function steadyLifecycle(
  options: {
    queuedMs?: number;
    runningMs?: number;
    stages?: readonly string[];
    ending?: string;
    outputs?: unknown;
    errorMessage?: string | null;
  } = {},
): Lifecycle {
  const { queuedMs = 5_000, runningMs = 133_000, stages = STAGES, ending = 'completed' } = options;
  const failed = ending !== 'completed';
  const steps: LifecycleStep[] = [{ atMs: 0, status: 'pending' }];
  for (let percent = 0; percent < 100; percent += 5) {
    steps.push({
      atMs: queuedMs + (runningMs * percent) / 100,
      status: 'running',
      progress: percent,
      stage: stages[Math.floor((percent * stages.length) / 100)] ?? null,
    });
  }
  steps.push({
    atMs: queuedMs + runningMs,
    status: ending,
    ...(failed ? {} : { progress: 100, stage: 'done' }),
    outputs: 'outputs' in options ? options.outputs : failed ? null : OUTPUTS,
    error_message: options.errorMessage ?? null,
  });
  return steps;
}
