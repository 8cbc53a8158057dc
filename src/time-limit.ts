/** Work that computes without a pause is ended by the engine where it takes too long: meanwhile no signal is heard. */
import { createContext, runInContext, type Context } from 'node:vm';
import { StepError } from './step-error.ts';

/** No verdict: what the conditions would have said is not known. */
export class GateTimeError extends StepError {}

/** On a machine that gives a third of a processor, this is still time for what a quiet one does in a second. */
const MAX_MS = 4_000;

/** To make one takes 5 ms: it serves all that is ended so. */
let context: Context | undefined;

/** Real time, since it is about being deaf to signals. @throws GateTimeError */
export function withinTime<T>(work: () => T, hasWaivers = false): T {
  context ??= createContext();
  try {
    context.work = work;
    return runInContext('work()', context, { timeout: MAX_MS }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw gateTimeError(hasWaivers);
  } finally {
    // What it holds may be 8 MiB of outputs.
    context.work = undefined;
  }
}

export function gateTimeError(hasWaivers: boolean): GateTimeError {
  const headline = 'take too long to evaluate over these outputs';
  const conditions = 'Write fewer or simpler ones: no macro inside a macro over long lists';
  const rerun = 'A re-run of this job judges the same run again.';
  return hasWaivers
    ? new GateTimeError(
        `The conditions and waivers ${headline}`,
        `${conditions}, and fewer waivers. ${rerun}`,
      )
    : new GateTimeError(`The conditions ${headline}`, `${conditions}. ${rerun}`);
}
