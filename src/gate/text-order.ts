/**
 * When two texts must not be ordered. CEL does it letter by letter: "10" stands before "9", and "31.12.2025" or "TBD"
 * behind every date of 2026. An author who writes `<` means numbers or days.
 */

import { nameOf } from './ast.ts';
import type { ASTNode } from './ast.ts';
import { EvaluationError } from './values.ts';

/** `2026-11-30`, and the time behind it where there is one: what divides them, the time, its zone. */
const DATE = /^\d{4}-\d{2}-\d{2}(?!\d)(?:([Tt ])(\d{2}:\d{2}[\d:.,]{0,20}) ?([Zz]|[+-]\d{2}:?\d{2}|))?/;
/** So long a text may read as a number. */
const LONGEST = 40;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** @throws EvaluationError, without a word of the texts, which are untrusted */
export function refuseUnordered(a: string, b: string, [left, right]: readonly ASTNode[], op: string): void {
  const why = whyUnordered(a, b);
  if (why === null) return;
  const both = `${nameOf(left)} and ${nameOf(right)}`;
  if (why === 'date')
    throw new EvaluationError(
      `of ${both} only one begins with a date: "${op}" orders their letters, not days`,
      'both must begin with a date such as 2026-12-31',
    );
  if (why === 'zone')
    throw new EvaluationError(
      `${both} are times written in two ways: "${op}" orders their letters, not times`,
      'write both in one zone and form',
    );
  const to = /^\s*-?\d+\s*$/.test(a) && /^\s*-?\d+\s*$/.test(b) ? 'int' : 'double';
  const number = (node: ASTNode | undefined, text: string) =>
    node?.op === 'value' ? text.trim() : `${to}(${nameOf(node)})`;
  throw new EvaluationError(
    `${both} are strings that read as numbers: "${op}" orders their letters, and "10" stands before "9"`,
    `write ${number(left, a)} ${op} ${number(right, b)}`,
  );
}

/** What they are that their letters do not order: `date` (only one of them), `zone`, `number`; null: they are ordered. */
function whyUnordered(a: string, b: string): 'date' | 'zone' | 'number' | null {
  const [dateA, dateB] = [DATE.exec(a), DATE.exec(b)];
  if (dateA && dateB) return areTimesUnlike(dateA, dateB) ? 'zone' : null;
  if (dateA || dateB) return 'date';
  if (a.length === b.length && isDigits(a) && isDigits(b)) return null;
  return isNumber(a) && isNumber(b) ? 'number' : null;
}

/** A time of day against none is ordered; two of them need one zone, and what divides them from the day must be one. */
function areTimesUnlike([, dividerA, timeA, zoneA]: string[], [, dividerB, timeB, zoneB]: string[]): boolean {
  if (timeA === undefined || timeB === undefined) return false;
  if (dividerA !== dividerB || zoneA !== zoneB) return true;
  // `Z` stands behind the colon and the point: `10:00:00.5Z` before `10:00:00Z`.
  const isShorter = timeA !== timeB && (timeA.startsWith(timeB) || timeB.startsWith(timeA));
  return isShorter && /^[Zz]$/.test(zoneA ?? '');
}

function isDigits(text: string): boolean {
  return text.length <= LONGEST && /^\d+$/.test(text);
}

function isNumber(text: string): boolean {
  return text.length <= LONGEST && NUMBER.test(text.trim());
}
