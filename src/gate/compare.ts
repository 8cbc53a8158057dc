/** Compares two reviews of the same commit: two answers of a model may differ. Pure. */
import { canonicalJson, type JsonValue } from '../json.ts';
import type { ConditionResult, Finding } from './findings.ts';

export interface Comparison {
  /** Findings of this review, and those of them that the other one has too. */
  readonly found: number;
  readonly both: number;
  /** What only the other review found. Untrusted. */
  readonly missing: readonly JsonValue[];
}

/** Compares the findings of each condition, by `known_by` or else as whole items. @param other the results of the same conditions */
export function compareReviews(
  conditions: readonly ConditionResult[],
  other: readonly ConditionResult[],
): Comparison {
  const left = other.map(({ findings }) => Map.groupBy(findings, identify));
  const findings = conditions.flatMap((one, at) => one.findings.map((finding) => ({ finding, at })));
  const both = findings.filter(({ finding, at }) => left[at]?.get(identify(finding))?.shift());
  const missing = left.flatMap((groups) => [...groups.values()].flat());
  return { found: findings.length, both: both.length, missing: missing.map(({ value }) => value) };
}

function identify({ digest, value }: Finding): string {
  return digest || canonicalJson(value);
}
