/** Collects the messages of the invariants that do not hold. */
export function createViolations() {
  const found: string[] = [];
  return {
    found,
    must: (holds: boolean, otherwise: string): void => {
      if (!holds) found.push(otherwise);
    },
  };
}
