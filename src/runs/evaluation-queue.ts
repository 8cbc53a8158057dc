/** Evaluates the runs of a step one after the other. Events that happen meanwhile, such as a signal, are handled before the next. */
import { OutOfTime, type RetryOptions } from '../alloovium/retry.ts';

/**
 * How long after the deadline an evaluation may still begin: if several runs end at the deadline, some gates must wait for
 * others.
 */
const LATE_GATE_MS = 5_000;

/**
 * Evaluates a run after those before it.
 * @param mustBeInTime whether an evaluation that begins too long after the deadline is rejected
 * @throws OutOfTime then; the signal's reason; or what `work` throws
 */
export type EvaluateInTurn = <T>(mustBeInTime: boolean, work: () => T) => Promise<T>;

/** Creates the queue of evaluations. @param overAt returns when the deadline was noticed; Infinity: it has not passed */
export function createEvaluations(
  { clock, signal }: Pick<RetryOptions, 'clock' | 'signal'>,
  overAt: () => number,
): EvaluateInTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (mustBeInTime, work) => {
    const evaluation = last
      .then(() => clock.sleep(0, signal))
      .then(() => {
        if (mustBeInTime && clock.now() > overAt() + LATE_GATE_MS) throw new OutOfTime(null, null);
        return work();
      });
    last = evaluation.catch(() => undefined);
    return evaluation;
  };
}
