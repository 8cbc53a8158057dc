/** An error that ends the step, and says what to do about it. */
export class StepError extends Error {
  /** What happened, in our own words: safe to hand anywhere. */
  readonly headline: string;
  /** What to do; `{again}` stands for how to try again, which depends on what is left at Alloovium. */
  readonly remedy: string;
  /** A server's or the network's words, or empty. Untrusted. */
  readonly detail: string;

  constructor(headline: string, remedy: string, detail = '') {
    super(detail === '' ? headline : `${headline}: ${detail}`);
    this.headline = headline;
    this.remedy = remedy;
    this.detail = detail;
  }
}
