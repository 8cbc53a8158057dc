/** The evaluations of a step, one after the other. What happens meanwhile, a signal among it, is handled before the next. */
import { OutOfTime, type RetryOptions } from '../alloovium/retry.ts';

/** Of several runs that end at the deadline, the gates of some may have to wait for those of others: so long, and no longer. */
const LATE_GATE_MS = 5_000;

/**
 * Evaluates a run when those before it are evaluated.
 * @param canBeLate whether it is too late for it some time after the deadline
 * @throws OutOfTime where it is, the signal's reason, or what `work` throws
 */
export type EvaluateInTurn = <T>(canBeLate: boolean, work: () => T) => Promise<T>;

/** @param overAt when the deadline was over; Infinity: it is still to come */
export function createEvaluations(
  { clock, signal }: Pick<RetryOptions, 'clock' | 'signal'>,
  overAt: () => number,
): EvaluateInTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (canBeLate, work) => {
    const evaluation = last
      .then(() => clock.sleep(0, signal))
      .then(() => {
        if (canBeLate && clock.now() > overAt() + LATE_GATE_MS) throw new OutOfTime(null, null);
        return work();
      });
    last = evaluation.catch(() => undefined);
    return evaluation;
  };
}
