/** An error that ends the step, with a remedy for the user. */
export class StepError extends Error {
  /** What happened, in trusted words that are safe for every sink. */
  readonly headline: string;
  /** What to do. `{again}` is a placeholder for how to try again, which depends on whether a run exists at Alloovium. */
  readonly remedy: string;
  /** Text of a server or of the network; may be empty. Untrusted. */
  readonly detail: string;

  constructor(headline: string, remedy: string, detail = '') {
    super(detail === '' ? headline : `${headline}: ${detail}`);
    this.headline = headline;
    this.remedy = remedy;
    this.detail = detail;
  }
}
