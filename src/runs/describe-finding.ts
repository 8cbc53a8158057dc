/** Describes findings in words, for headline, annotation, log and tables. Pure. */
import { countKnown, nameOf } from '../gate/condition.ts';
import type { Tally } from '../gate/finding.ts';
import { joinPresent, formatList, formatNumber } from '../text/format.ts';

/** Returns what a condition found: "60 of 212", "3", "yes", "no", "cannot be evaluated". */
export function describeCount({ result, matched, waived, unmatched }: Tally): string {
  if (result === 'cannot_be_evaluated') return 'cannot be evaluated';
  if (unmatched !== null) return `${formatNumber(matched)} of ${formatNumber(matched + waived + unmatched)}`;
  if (matched > 0) return formatNumber(matched);
  return result === 'holds' ? 'yes' : 'no';
}

/**
 * `sentence`: "60 of 212 items “not compliant”". `cell` of a table: "60 of 212 “not compliant”". `in_brackets` after the name of
 * a run: "“not compliant” matched 60 of 212 items".
 */
type Wording = 'sentence' | 'cell' | 'in_brackets';

/** Describes a condition that is red or warns. @param name of the condition in this text */
export function describeFinding(
  finding: Tally,
  wording: Wording = 'sentence',
  name = nameOf(finding.condition),
): string {
  const { condition, result, matched } = finding;
  if (result === 'cannot_be_evaluated') return `${name} cannot be evaluated`;
  if (matched === 0) return `${name} is true`;
  const newAndKnown = countNewAndKnown(finding);
  const count = newAndKnown || describeCount(finding);
  const items = chooseItemWord(finding);
  if (wording === 'in_brackets') return `${name} matched ${count} ${items}`;
  const isNamed = condition.name !== null;
  if (newAndKnown !== '') return `${count} ${isNamed ? name : `in ${name}`}`;
  const verb = matched === 1 ? 'matches' : 'match';
  return joinPresent(' ', count, wording === 'sentence' && items, !isNamed && verb, name);
}

/** Returns "1 new and 4 known"; empty: the baseline knows none. */
function countNewAndKnown(finding: Tally): string {
  const known = countKnown(finding);
  const added = finding.matched - known;
  if (known === 0) return '';
  return joinPresent(' and ', added > 0 && `${formatNumber(added)} new`, `${formatNumber(known)} known`);
}

/** Returns "item" or "items", by the last number that `describeCount` returns. */
function chooseItemWord({ matched, waived, unmatched }: Tally): string {
  return (unmatched === null ? matched : matched + waived + unmatched) === 1 ? 'item' : 'items';
}

/** Characters of the phrases, so that they fit into a title with the words around them. */
const MAX_PHRASES = 150;
const MAX_WITH_REASON = 190;

/**
 * Describes several findings in one line, those that cannot be evaluated last: "1 of 2 items “bad”; “missing”: outputs has no key
 * `x` (2 more cannot be evaluated)".
 */
export function describeFindings(findings: readonly Tally[]): string {
  const evaluated = findings.filter(({ result }) => result !== 'cannot_be_evaluated');
  const phrases = joinPhrases(evaluated.map((one) => describeFinding(one)));
  const [first, ...others] = findings.filter((one) => !evaluated.includes(one));
  if (first === undefined) return phrases;
  const name = nameOf(first.condition);
  const more = others.length === 0 ? '' : `${formatNumber(others.length)} more`;
  const reason = formatReason(first, MAX_WITH_REASON - phrases.length - name.length);
  const unevaluated =
    reason === ''
      ? `${joinPresent(' and ', name, more)} cannot be evaluated`
      : `${name}: ${joinPresent(' ', reason, more && `(${more} cannot be evaluated)`)}`;
  return joinPresent('; ', phrases, unevaluated);
}

/** Returns the reason with its hint if both fit, or without; empty: it does not fit, or there is none. */
function formatReason({ reason }: Tally, maxLength: number): string {
  const { what = '', hint = '' } = reason ?? {};
  const whole = joinPresent('; ', what, hint);
  if (whole.length <= maxLength) return whole;
  return what.length <= maxLength ? what : '';
}

/** Does a headline about this finding alone contain the reason why it cannot be evaluated? */
export function isReasonInHeadline(finding: Tally): boolean {
  return formatReason(finding, MAX_WITH_REASON - nameOf(finding.condition).length) !== '';
}

/** Joins at most three phrases, fewer if they are too long for a title, and counts the others. */
export function joinPhrases(phrases: readonly string[], separator = '; '): string {
  let shown = phrases.slice(0, 3);
  while (shown.length > 1 && shown.join(separator).length > MAX_PHRASES) shown = shown.slice(0, -1);
  const more = phrases.length - shown.length;
  return shown.join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
}

/** Marks a text as a warning. @param count number of conditions or runs in the text */
export function formatWarning(text: string, count: number): string {
  return `${text} (${count === 1 ? 'a warning only' : 'warnings only'})`;
}

/** Returns "“not compliant” and “nothing reviewed”"; empty: one has no name, or they do not fit into a headline. */
export function listConditionNames(findings: readonly Pick<Tally, 'condition'>[]): string {
  const names = formatList(findings.map(({ condition }) => nameOf(condition)));
  const isNamed = findings.every(({ condition }) => condition.name !== null);
  return isNamed && names.length <= MAX_PHRASES ? names : '';
}
