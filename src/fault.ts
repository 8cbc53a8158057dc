/** What the action throws by itself. */
import type { Ending } from './runs/outcome.ts';

/** A value that an author wrote and that cannot be used: a code with its values, worded by `inputs/faults.ts`. */
export class Fault extends Error {
  readonly code: string;
  readonly values: readonly (string | number)[];

  constructor(code: string, ...values: readonly (string | number)[]) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/** The step, or one of its orders, ends with this. */
export class Ended extends Error {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.kind);
    this.ending = ending;
  }
}
