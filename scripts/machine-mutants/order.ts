/** Jest's sequencer for machine-mutants.ts: the plan's order. */
import { plan } from './plan.ts';

export default class Order {
  sort<T extends { readonly path: string }>(tests: readonly T[]): T[] {
    const files = Object.keys(plan.tests ?? {});
    return tests.toSorted((a, b) => files.indexOf(a.path) - files.indexOf(b.path));
  }

  /** Jest calls it after a run. */
  cacheResults(): void {
    // No order is learned.
  }
}
