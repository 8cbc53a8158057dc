/** A finding in words, for headline, annotation, log and tables. Pure. */
import { countKnown, nameOf } from '../gate/condition.ts';
import type { Tally } from '../gate/finding.ts';
import { joinPresent, formatList, formatNumber } from '../text/format.ts';

/** What a condition found: "60 of 212", "3", "yes", "no", "cannot be evaluated". */
export function describeCount({ result, matched, waived, unmatched }: Tally): string {
  if (result === 'cannot_be_evaluated') return 'cannot be evaluated';
  if (unmatched !== null) return `${formatNumber(matched)} of ${formatNumber(matched + waived + unmatched)}`;
  if (matched > 0) return formatNumber(matched);
  return result === 'holds' ? 'yes' : 'no';
}

/**
 * `sentence`: "60 of 212 items “not compliant”". `cell`, of a table: "60 of 212 “not compliant”". `in_brackets`, behind the name of a
 * run: "“not compliant” matched 60 of 212 items".
 */
type Wording = 'sentence' | 'cell' | 'in_brackets';

/** A condition that is red or warns. @param name what the condition is called there */
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
  const items = itemOrItems(finding);
  if (wording === 'in_brackets') return `${name} matched ${count} ${items}`;
  const isNamed = condition.name !== null;
  if (newAndKnown !== '') return `${count} ${isNamed ? name : `in ${name}`}`;
  const verb = matched === 1 ? 'matches' : 'match';
  return joinPresent(' ', count, wording === 'sentence' && items, !isNamed && verb, name);
}

/** "1 new and 4 known"; empty where no baseline knows any. */
function countNewAndKnown(finding: Tally): string {
  const known = countKnown(finding);
  const added = finding.matched - known;
  if (known === 0) return '';
  return joinPresent(' and ', added > 0 && `${formatNumber(added)} new`, `${formatNumber(known)} known`);
}

/** By the last number that `countOf` gives. */
function itemOrItems({ matched, waived, unmatched }: Tally): string {
  return (unmatched === null ? matched : matched + waived + unmatched) === 1 ? 'item' : 'items';
}

/** Phrases of this length still make a title, with the words before and after them. */
const MAX_PHRASES = 150;
const MAX_WITH_REASON = 190;

/** Several in one line, those that cannot be evaluated last: "1 of 2 items “bad”; “missing”: outputs has no key `x` (2 more cannot be evaluated)". */
export function describeFindings(findings: readonly Tally[]): string {
  const evaluated = findings.filter(({ result }) => result !== 'cannot_be_evaluated');
  const phrases = joinPhrases(evaluated.map((one) => describeFinding(one)));
  const [first, ...others] = findings.filter((one) => !evaluated.includes(one));
  if (first === undefined) return phrases;
  const name = nameOf(first.condition);
  const more = others.length === 0 ? '' : `${formatNumber(others.length)} more`;
  const reason = reasonForHeadline(first, MAX_WITH_REASON - phrases.length - name.length);
  const unevaluated =
    reason === ''
      ? `${joinPresent(' and ', name, more)} cannot be evaluated`
      : `${name}: ${joinPresent(' ', reason, more && `(${more} cannot be evaluated)`)}`;
  return joinPresent('; ', phrases, unevaluated);
}

/** The reason with its hint if both fit, else without; empty: there is none. */
function reasonForHeadline({ reason }: Tally, maxLength: number): string {
  const { what = '', hint = '' } = reason ?? {};
  const whole = joinPresent('; ', what, hint);
  if (whole.length <= maxLength) return whole;
  return what.length <= maxLength ? what : '';
}

/** At most the first three, within the length of a title. */
export function joinPhrases(phrases: readonly string[], separator = '; '): string {
  let shown = phrases.slice(0, 3);
  while (shown.length > 1 && shown.join(separator).length > MAX_PHRASES) shown = shown.slice(0, -1);
  const more = phrases.length - shown.length;
  return shown.join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
}

/** @param count of how many conditions, or runs, the text is */
export function asWarning(text: string, count: number): string {
  return `${text} (${count === 1 ? 'a warning only' : 'warnings only'})`;
}

/** "“not compliant” and “nothing reviewed”"; empty where one has no name, or they do not fit into a headline. */
export function conditionNames(findings: readonly Pick<Tally, 'condition'>[]): string {
  const names = formatList(findings.map(({ condition }) => nameOf(condition)));
  const isNamed = findings.every(({ condition }) => condition.name !== null);
  return isNamed && names.length <= MAX_PHRASES ? names : '';
}
