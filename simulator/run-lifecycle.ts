/** The lifecycle of a simulated run, as status checks show it. */
import { OUTPUTS } from './vendor-example.ts';

/** A change of a run. All fields but `atMs` and `raw` stay in the run's body until a later step. `undefined` removes one. */
interface LifecycleStep {
  /** Ms since the run was created, on the simulator's clock. */
  readonly atMs: number;
  /** Replaces the whole body of a status check until a later step. */
  readonly raw?: (own: Record<string, unknown>) => string;
  readonly status?: unknown;
  readonly [field: string]: unknown;
}

export type Lifecycle = readonly LifecycleStep[];

const STAGES = ['Reading documents', 'Analysing submittals', 'Writing the summary'] as const;

/**
 * An even lifecycle: queued for `queuedMs`, then the stages in equal parts with progress in steps of 5 %, then the end.
 * `ending` is the last status and can be any word. `outputs` and `error_message` are set with it.
 */
export function steadyLifecycle(
  options: Partial<{
    queuedMs: number;
    runningMs: number;
    stages: readonly string[];
    ending: string;
    outputs: unknown;
    errorMessage: string | null;
  }> = {},
): Lifecycle {
  const { queuedMs = 5_000, runningMs = 133_000, stages = STAGES, ending = 'completed', errorMessage: error_message = null } = options;
  const progress = Array.from({ length: 20 }, (_, nth): LifecycleStep => {
    const stage = stages[Math.floor((nth * stages.length) / 20)] ?? null;
    return { atMs: queuedMs + (runningMs * nth) / 20, status: 'running', progress: 5 * nth, stage };
  });
  const isCompleted = ending === 'completed';
  const outputs = 'outputs' in options ? options.outputs : isCompleted ? OUTPUTS : null;
  const end = { status: ending, outputs, error_message, ...(isCompleted && { progress: 100, stage: 'done' }) };
  return [{ atMs: 0, status: 'pending' }, ...progress, { atMs: queuedMs + runningMs, ...end }];
}
