/** Stops synchronous work that takes too long. V8 must do it, because signals are not handled while the work computes. */
import { createContext, runInContext, type Context } from 'node:vm';
import { StepError } from './step-error.ts';

/** The conditions took too long, so their result is unknown. */
export class GateTimeError extends StepError {}

/** Enough for the work of one second on an idle machine, with a third of a processor. */
const MAX_MS = 4_000;

/** Shared by all calls, because making one takes 5 ms. */
let sandbox: Context | undefined;

/** Runs the work and stops it after `MAX_MS` of real time. @throws GateTimeError, or what the work throws */
export function runWithinTime<T>(work: () => T, hasWaivers = false): T {
  sandbox ??= createContext();
  try {
    sandbox.work = work;
    return runInContext('work()', sandbox, { timeout: MAX_MS }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw createGateTimeError(hasWaivers);
  } finally {
    // The closure may hold 8 MiB of outputs.
    sandbox.work = undefined;
  }
}

/** Returns the error about conditions that took too long. */
export function createGateTimeError(hasWaivers: boolean): GateTimeError {
  const headline = 'take too long to evaluate over these outputs';
  const conditions = 'Write fewer or simpler ones: no macro inside a macro over long lists';
  const rerun = 'A re-run of this job evaluates the same run again.';
  return hasWaivers
    ? new GateTimeError(
        `The conditions and waivers ${headline}`,
        `${conditions}, and fewer waivers. ${rerun}`,
      )
    : new GateTimeError(`The conditions ${headline}`, `${conditions}. ${rerun}`);
}
