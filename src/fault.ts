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
