/** Faults in what an author wrote. */

/** Where the author corrects a fault. */
export type Place =
  | 'workflow_file'
  /** The `config` file on the default branch, or at the `@ref` that the input names. */
  | 'config_file'
  /** The copy of the `config` file in the pull request. */
  | 'own_config_file';

export interface InputFault {
  /** A trusted sentence without its full stop: `code` in backquotes, foreign text only as JSON strings. */
  readonly text: string;
  readonly input: string;
  /** The entry of `runs`; empty: the step. */
  readonly entry: string;
  readonly place: Place;
}

/**
 * A value that cannot be used. The message continues a sentence that begins with the input's name, and never quotes the value, which may
 * be a secret.
 */
export class Fault extends Error {
  /** The index of the faulty item, if the value is a list. */
  readonly item: number | undefined;

  constructor(message: string, item?: number) {
    super(message);
    this.item = item;
  }
}
