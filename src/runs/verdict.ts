/**
 * What the outcomes mean for the step. All text is in our own words and counts: nothing of the API's is
 * in it, so that the headline can be handed to chat or to an issue's title. Pure.
 */
import type { Finding, Tally } from '../gate/finding.ts';
import { isRed, isWarning, knownCount, nameOf, NO_ITEM_HAS, waivedOf } from '../gate/condition.ts';
import { isTerminal } from '../alloovium/wire.ts';
import { capital, duration, earlierRed, few, joined, number, plainName } from '../text/words.ts';
import type { Ending, Outcome, StepEnding } from './outcome.ts';
import { stoppedBefore, stoppedRun, stoppedRuns } from './stopped.ts';
import type { WayBackTerms } from './way-back.ts';

/** Of several runs the first that any of them has. */
const WORST_FIRST = [
  ...['interrupted', 'error', 'timed_out', 'failure', 'cancelled', 'gate_failed'],
  ...['pending', 'success', 'skipped'],
] as const;
export type Conclusion = (typeof WORST_FIRST)[number];

export type GateWord = 'passed' | 'failed' | 'none' | 'not_evaluated';

/** What we decided. All its text is in our own words: nothing of the API's is in it. */
export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateWord;
  /** One line: "2 of 5 items “not compliant”". Holds our words, counts and names of conditions and runs only. */
  readonly headline: string;
  /** The headline as the next step follows it: it does not say the same twice. */
  readonly lead: string;
  /** The same in fewer words, for a list of runs: "“not compliant” matched 2 of 5 items", "all 8 items passed", "not finished". */
  readonly brief: string;
  /** The one thing to do, a sentence; empty where there is nothing to do. */
  readonly nextStep: string;
  /** "an earlier run of this commit was red"; the headline ends with it. Empty: none was, or that is not known. */
  readonly earlier: string;
}

/** What the step asks of its runs. */
export interface Terms extends WayBackTerms {
  /** `fail_if` is given, if only with conditions that do not compile. */
  readonly isGated: boolean;
  readonly timeoutMs: number;
  /** It runs where baselines come from; left out: it does not. */
  readonly isOnBaseline?: boolean;
}

/** The verdict of the step, by what became of its orders. @param failure what ended the step before or beside them, if anything did */
export function verdictOf(outcomes: readonly Outcome[], failure: StepEnding | null, terms: Terms): Verdict {
  const [outcome] = outcomes;
  if (failure !== null) return verdict(stopped(failure, terms), terms.isGated ? 'not_evaluated' : 'none');
  if (outcome === undefined) throw new Error('there is neither an outcome nor a failure');
  const own = outcomes.length === 1 ? resultOf(outcome, terms) : combined(outcomes, terms);
  const before = redRunsBefore(outcomes) ?? 0;
  if (before === 0) return own;
  const shared = new Set(outcomes.flatMap((one) => (one.redRunsBefore ? [one.sharedBy] : [])));
  const earlier = earlierRed(before, shared.size === 1 ? [...shared].join() : '');
  return { ...own, earlier, headline: `${own.headline} (${earlier})`, lead: `${own.lead} (${earlier})` };
}

/** Earlier runs that were red by their gate, of all orders; null: not known. */
export function redRunsBefore(outcomes: readonly Outcome[]): number | null {
  const counts = [...new Map(outcomes.map((one) => [one.order, one.redRunsBefore])).values()];
  const sum = counts.reduce<number>((all, count) => all + (count ?? NaN), 0);
  return counts.length === 0 || Number.isNaN(sum) ? null : sum;
}

/** The verdict over one outcome alone. */
export function resultOf(outcome: Outcome, terms: Terms): Verdict {
  const { ending, findings } = outcome;
  const isJudged = ending.kind === 'ended' && ending.status === 'completed';
  const gate = isJudged ? (findings.some(isRed) ? 'failed' : 'passed') : 'not_evaluated';
  return verdict(decisionFor(outcome, terms), hasGate(outcome) ? gate : 'none');
}

export function hasGate({ entry }: Pick<Outcome, 'entry'>): boolean {
  return entry.gate.conditions.some(({ severity }) => severity === 'fail');
}

/** `lead` and `brief` are the headline where they are left out. */
type Decision = Pick<Verdict, 'conclusion' | 'headline' | 'nextStep'> & {
  readonly lead?: string;
  readonly brief?: string | undefined;
};

function verdict(decision: Decision, gate: GateWord): Verdict {
  const { conclusion, headline, lead = headline, brief = afterColon(headline) } = decision;
  const isGreen = conclusion === 'success' || conclusion === 'pending' || conclusion === 'skipped';
  return { ...decision, lead, brief, earlier: '', exitCode: isGreen ? 0 : 1, gate };
}

function stopped(failure: StepEnding, terms: Terms): Decision {
  if (failure.kind === 'error')
    return { conclusion: 'error', headline: failure.headline, nextStep: failure.remedy };
  if (failure.kind === 'interrupted') return { conclusion: 'interrupted', ...stoppedBefore(terms) };
  const headline = 'Skipped: GitHub gives no secrets to this pull request, so there is no API key';
  return { conclusion: 'skipped', headline, nextStep: '' };
}

function decisionFor(outcome: Outcome, terms: Terms): Decision {
  const { ending } = outcome;
  const back = comeBack(outcome, terms);
  switch (ending.kind) {
    case 'launched':
      return { conclusion: 'pending', headline: 'Launched, not waited for', nextStep: JUDGE_LATER };
    case 'timed_out':
      return timedOut(ending, outcome, terms);
    case 'interrupted':
      return { conclusion: 'interrupted', ...stoppedRun(outcome, terms) };
    case 'error': {
      if (back !== '' && ending.remedy.startsWith(RE_RUN))
        return {
          ...stopped(ending, terms),
          nextStep: `${back} ${capital(ending.remedy.slice(RE_RUN.length))}`,
        };
      const remedy = back === '' ? ending.remedy : ending.remedy.replace(THEN_RE_RUN, '.');
      const next = remedy.endsWith('?') ? back.replace(/^A run/, 'If not, a run') : back;
      return { ...stopped(ending, terms), nextStep: joined(' ', remedy, next) };
    }
    case 'ended':
      return ended(ending, outcome, terms);
  }
}

/** With a run at hand it is said of that run; what comes after stands. */
const RE_RUN = 'Re-run the job; ';
const THEN_RE_RUN = /, then re-run the job\.$/;

const JUDGE_LATER =
  'To judge what was launched, use the action in a later job with the same inputs and without `wait: false`.';

function ended({ status, errorMessage }: Of<'ended'>, outcome: Outcome, terms: Terms): Decision {
  const again = newRun(outcome, terms);
  if (status === 'failed') {
    const isTold = errorMessage.trim() !== '';
    const first = isTold ? 'Fix what Alloovium reported' : 'Find the reason in the Alloovium dashboard';
    return { conclusion: 'failure', headline: 'The run failed', nextStep: `${first}, then ${again}` };
  }
  if (status !== 'completed') {
    const headline = 'The run was cancelled at Alloovium, by a user or a time-out there';
    return { conclusion: 'cancelled', headline, brief: 'the run was cancelled', nextStep: capital(again) };
  }
  const { findings, asAny, origin } = outcome;
  if (findings.length < outcome.entry.gate.conditions.length)
    throw new Error('a condition was not evaluated');
  const red = findings.filter(isRed);
  const [first] = red;
  if (first === undefined) return passed(findings);
  // With `fail_on: new`, where the baseline did not serve, and with another it could be green; no other mends a mistyped field.
  const isUnknown =
    asAny !== '' &&
    !asAny.includes(`(${NO_ITEM_HAS}`) &&
    origin?.kind !== 'attached' &&
    red.every(({ matched, knownBy }) => matched > 0 && knownBy.length > 0);
  const elsewhere = isUnknown && terms.isOnBaseline !== true ? ON_MAIN_TOO : '';
  return {
    conclusion: 'gate_failed',
    headline: capital(listed(red.map((one) => found(one)))),
    brief: `${phrase(first)}${red.length === 1 ? '' : ` and ${red.length - 1} more`}`,
    nextStep: corrections(red, `, then ${again}${elsewhere}`),
  };
}

function passed(findings: readonly Finding[]): Decision {
  const gated = findings.filter(({ condition }) => condition.severity === 'fail');
  const known = gated.filter(({ isExcused }) => isExcused).map((one) => found(one));
  const waived = waivedOf(findings).count;
  const through = (names: string) =>
    known.length > 0 ? `Nothing new, ${listed(known, ', ')}` : itemsPassed(gated, waived, names);
  const warned = findings.filter(isWarning);
  const all = gated.length > 0 ? through(conditionNames(gated)) : NOT_GATED;
  // A headline says one thing of a list.
  const green = known.length + waived === 0 && warned.some(({ matched }) => matched > 0) ? '' : all;
  const headline = joined('; ', green, onlyWarned(warned.map((one) => found(one))));
  const brief = gated.length > 0 ? afterColon(through('')) : 'completed';
  return { conclusion: 'success', headline, brief, nextStep: clearWarning(findings) };
}

const NOT_GATED = 'The run completed; there is no `fail_if` to judge it';

/** Warnings in a green headline; empty: there are none. */
function onlyWarned(phrases: readonly string[]): string {
  if (phrases.length === 0) return '';
  return `${listed(phrases)} (${phrases.length === 1 ? 'a warning only' : 'warnings only'})`;
}

function clearWarning(findings: readonly Finding[]): string {
  return corrections(findings.filter(isWarning), '.', ', or change `warn_if`.');
}

type Of<Kind extends Ending['kind']> = Extract<Ending, { readonly kind: Kind }>;

function timedOut(ending: Of<'timed_out'>, outcome: Outcome, terms: Terms): Decision {
  const { waitedFor, askedMs, lastFailure, left } = ending;
  const isStarted = outcome.runId !== '';
  const isReached = lastFailure === '';
  // Of a connection there is Node's code, or the proxy's status; an answer of the API has its own.
  const isUnreached = left === 'nothing' && /^[A-Z]|of the proxy$/.test(lastFailure);
  const time = `${Number((terms.timeoutMs / 60_000).toFixed(2))} min`;
  const asked = askedMs === null ? '' : `the API asked to wait ${duration(askedMs)} more`;
  // A launch that is held back for longer than there is time ends at once.
  const isEarly = askedMs !== null && !isStarted;
  const beyond = isEarly ? `, beyond the ${time} allowed` : '';
  const last = isReached ? waitedFor : `last status check: ${lastFailure}`;
  const seen = outcome.run !== null || last === '' ? howFar(outcome) : '';
  const how = joined('; ', ...(isStarted ? [seen, last] : [waitedFor]), asked + beyond);
  const after = `${isEarly ? '' : ` after ${time}`}${how === '' ? '' : ` (${how})`}`;
  let words: readonly [headline: string, brief?: string];
  if (isStarted && isTerminal(outcome.status))
    words = [`The run ended too late to be judged within ${time}`, 'not judged'];
  else if (isStarted) words = [`Not finished${after}`, 'not finished'];
  else if (isReached && left === 'nothing') words = [`Not started${after}`, 'not started'];
  else if (isReached) words = [`No run is known${after}`, 'no run is known'];
  else if (isUnreached) words = [`Alloovium could not be reached for ${time} (${lastFailure})`];
  else words = [`Alloovium gave no usable answer for ${time} (last: ${lastFailure})`];
  const [headline, brief] = words;
  const start = comeBack(outcome, terms) || (isUnreached ? UNREACHED : 'Re-run this job.');
  // More time helps where the API was reached.
  const nextStep = `${start}${isReached ? ' If this happens often, raise `timeout_minutes`.' : ''}`;
  return { conclusion: 'timed_out', headline, brief, nextStep };
}

const UNREACHED =
  'Nothing was started. Check that the runner can reach the API (DNS, firewall, proxy), then re-run the job.';

/** "40 %", "queued", "running"; nothing of the API's but a number or a status that we know. */
function howFar({ run, status }: Outcome): string {
  if (status === 'pending') return 'queued';
  if (status !== 'running') return '';
  return typeof run?.progress === 'number' ? `${Math.floor(run.progress)} %` : 'running';
}

/** How to get another run, as the end of a sentence. */
function newRun({ origin, joinedOlder }: Outcome, { onRerun }: Terms): string {
  if (origin?.kind === 'attached') return 'start a new run and give its ID as `run_id`.';
  return joinedOlder && onRerun === 'resume'
    ? 're-run this job: it joins a newer run if there is one, else launches one.'
    : 're-run the failed job: this starts a new run.';
}

/** How to judge what the order has left at Alloovium; empty where that is nothing. */
function comeBack({ ending, origin, runId, status, idempotencyKey }: Outcome, { onRerun }: Terms): string {
  const { left = 'nothing' } = 'left' in ending ? ending : {};
  if (left === 'nothing') return '';
  // With `fresh` a re-run launches another one.
  const isResumed = onRerun === 'resume' || origin?.kind === 'attached';
  if (left === 'run')
    return isResumed
      ? `Re-run this job: it ${isTerminal(status) ? 'judges' : 'picks up'} the same run.`
      : `To judge the run that is at Alloovium, give \`run_id: ${runId}\`.`;
  const key = `A run may have started (key \`${idempotencyKey}\`)`;
  return isResumed
    ? `${key}. Re-run this job: with \`on_rerun: resume\` it joins that run if there is one.`
    : `${key}: look for it in the Alloovium dashboard. With \`on_rerun: fresh\` a re-run launches another.`;
}

const ON_MAIN_TOO =
  ' If the default branch has them too, run this review there, give its `gate_file` as `baseline_file`, and re-run this job.';

/** What a condition found: "60 of 212", "3", "yes", "no", "cannot be evaluated". */
export function counted({ result, matched, waived, unmatched }: Tally): string {
  if (result === 'cannot_be_evaluated') return 'cannot be evaluated';
  if (unmatched !== null) return `${number(matched)} of ${number(matched + waived + unmatched)}`;
  if (matched > 0) return number(matched);
  return result === 'holds' ? 'yes' : 'no';
}

/** The same of one that is red or warns, as a sentence: "60 of 212 items “not compliant”"; in a table "60 of 212 “not compliant”". */
export function found(finding: Tally, name = nameOf(finding.condition), isBrief = false): string {
  const { condition, result, matched } = finding;
  if (result === 'cannot_be_evaluated') return `${name} cannot be evaluated`;
  if (matched === 0) return `${name} is true`;
  const known = newAndKnown(finding);
  if (known !== '') return `${known} ${condition.name === null ? `in ${name}` : name}`;
  const items = isBrief ? '' : ` ${itemOrItems(finding)}`;
  const verb = condition.name !== null ? '' : matched === 1 ? ' matches' : ' match';
  return `${counted(finding)}${items}${verb} ${name}`;
}

/** "1 new and 4 known"; empty where no baseline knows any. */
function newAndKnown(finding: Tally): string {
  const known = knownCount(finding);
  const fresh = finding.matched - known;
  return known === 0 ? '' : joined(' and ', fresh > 0 && `${number(fresh)} new`, `${number(known)} known`);
}

/** For a list of runs: "“not compliant” matched 2 of 5 items". */
function phrase(finding: Finding): string {
  const { condition, matched } = finding;
  const count = newAndKnown(finding) || counted(finding);
  return matched === 0 ? found(finding) : `${nameOf(condition)} matched ${count} ${itemOrItems(finding)}`;
}

/** By the last number that `counted` gives. */
function itemOrItems({ matched, waived, unmatched }: Tally): string {
  return (unmatched === null ? matched : matched + waived + unmatched) === 1 ? 'item' : 'items';
}

/** "“not compliant” and “nothing reviewed”"; empty where one has no name, or they do not fit into a headline. */
function conditionNames(gated: readonly Finding[]): string {
  const names = gated.map(({ condition }) => nameOf(condition));
  const text = and(names);
  return gated.every(({ condition }) => condition.name !== null) && text.length <= LISTED_MAX ? text : '';
}

/** "a", "a and b", "a, b and c" */
function and(names: readonly string[]): string {
  return joined(' and ', names.slice(0, -1).join(', '), ...names.slice(-1));
}

/** What a green gate let through. `names`: of its conditions; empty: they are not said. */
function itemsPassed(gated: readonly Finding[], waived: number, names: string): string {
  const counts = new Set(
    gated.flatMap(({ matched, unmatched }) => (unmatched === null ? [] : [matched + unmatched])),
  );
  // Where each condition has others waived, those that passed one are not all that passed.
  const isOne = gated.every((one) => one.unmatched === null || one.waived === waived);
  const [count = 0] = counts.size === 1 && isOne ? counts : [];
  const also = waived === 0 ? '' : `, ${number(waived)} waived`;
  const by = names === '' ? '' : ` ${names}`;
  if (count > 0 && waived > 0)
    return `${count === 1 ? 'The one other item' : `All other ${number(count)} items`} passed${by}${also}`;
  if (count > 0)
    return `${['', 'The one item', 'Both items'][count] ?? `All ${number(count)} items`} passed${by}`;
  const conditions =
    ['', 'the condition', 'both conditions'][gated.length] ?? `all ${gated.length} conditions`;
  return `Passed${by === '' ? ` ${conditions}` : by}${also}`;
}

const MISSING = ' (`has(outputs.x)` allows a missing key)';

/** What to do about those that are red or warn. `then`: the end of the last sentence; `or`: what else helps against items. */
function corrections(all: readonly Finding[], then: string, or = ''): string {
  const judged = all.filter(({ result }) => result !== 'cannot_be_evaluated');
  const isAll = judged.length === all.length;
  const items =
    judged.length === 0 ? '' : `Correct ${toCorrect(judged)} in Alloovium${or || (isAll ? then : '.')}`;
  if (isAll) return items;
  const hint = all.some(({ problem }) => /^[^"]*(?<! and) has no key "/.test(problem ?? '')) ? MISSING : '';
  const push = `push a corrected condition${hint}. Or correct what the workflow writes${then}`;
  return items === '' ? capital(push) : `${items} Also ${push}`;
}

/** "the two items and the cause of “nothing reviewed”" */
function toCorrect(judged: readonly Finding[]): string {
  const items = judged.filter(({ matched }) => matched > 0);
  const [first, ...others] = judged.filter(({ matched }) => matched === 0);
  if (first === undefined || items.length === 0) return itemsToCorrect(items);
  const whose = others.length === 0 ? nameOf(first.condition) : 'the other conditions';
  return `${itemsToCorrect(items)} and the cause of ${whose}`;
}

/** "the two items" */
function itemsToCorrect([first, ...others]: readonly Finding[]): string {
  if (first === undefined) return 'the cause';
  const known = knownCount(first);
  if (others.length > 0) return known > 0 ? 'the new items' : 'the matched items';
  const count = first.matched - known;
  const items = known > 0 ? 'new item' : 'item';
  return count === 1 ? `the ${items}` : `the ${few(count).toLowerCase()} ${items}s`;
}

/** A sentence after words of ours: names keep their capital. */
export function afterColon(sentence: string): string {
  return sentence.replace(/^(?!Alloovium|GitHub|GITHUB)[A-Z](?=[a-z]|\b)/, (letter) => letter.toLowerCase());
}

/** The first three at most, in so many characters: GitHub refuses an issue's title of more than 256. */
function listed(phrases: readonly string[], separator = '; '): string {
  let shown = phrases.slice(0, 3);
  while (shown.length > 1 && shown.join(separator).length > LISTED_MAX) shown = shown.slice(0, -1);
  const more = phrases.length - shown.length;
  return shown.join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
}

/** With what stands before and after it, and a word or two of the user's, it is a title still. */
const LISTED_MAX = 150;

/** Of several runs: green only where all are. */
function combined(outcomes: readonly Outcome[], terms: Terms): Verdict {
  const results = outcomes.map((outcome) => ({ outcome, ...resultOf(outcome, terms) }));
  const conclusion = WORST_FIRST.find((word) => results.some((one) => one.conclusion === word)) ?? 'error';
  const gates = new Set(results.map(({ gate }) => gate));
  const gate = (['failed', 'not_evaluated', 'passed'] as const).find((word) => gates.has(word)) ?? 'none';
  if (conclusion === 'success') return verdict(allGreen(outcomes), gate);
  if (conclusion === 'interrupted') {
    const { interrupted: stopped = [], ...others } = Object.groupBy(results, (one) => one.conclusion);
    const judged = Object.values(others).flat();
    const red = judged.filter(isNotGreen).map(({ outcome }) => outcome.entry.name);
    const halted = stopped.map(({ outcome }) => outcome);
    return verdict({ conclusion, ...stoppedRuns(halted, judged.length, red, terms) }, gate);
  }
  if (conclusion !== 'pending') return verdict({ conclusion, ...someRed(results, terms) }, gate);
  const headline = `All ${outcomes.length} runs launched, not waited for`;
  return verdict({ conclusion, headline, nextStep: JUDGE_LATER }, gate);
}

type Result = Verdict & { readonly outcome: Outcome };

const isNotGreen = ({ exitCode }: Result) => exitCode !== 0;
/** Items to correct are what it is red for. */
const hasItems = ({ outcome: { origin, findings } }: Result) =>
  origin?.kind !== 'attached' && findings.some((one) => isRed(one) && one.matched > 0);

function someRed(all: readonly Result[], terms: Terms): Omit<Decision, 'conclusion'> {
  const red = all.filter(isNotGreen);
  const brief = `${red.length} of ${all.length} runs ${red.length === 1 ? 'is' : 'are'} red`;
  // An error's headline may take more than its share.
  const clipped = (text: string) => (text.length > 110 ? `${text.slice(0, 109)}…` : text);
  const named = red.map(({ outcome, brief: own }) => `${plainName(outcome.entry.name)} (${clipped(own)})`);
  const steps = new Set(red.map(({ nextStep }) => nextStep));
  const [step = ''] = steps.size > 1 || (red.length > 1 && red.some(hasItems)) ? [] : steps;
  const own = terms.onRerun === 'fresh' ? step.replace('starts a new run', anew(all)) : step;
  return { headline: `${brief}: ${listed(named, ', ')}`, brief, nextStep: own || stepOfMany(all, terms) };
}

const isGiven = ({ outcome }: Result) => outcome.origin?.kind === 'attached';

/** "waits for A, B and C again"; empty: there are none. */
function say(verb: string, those: readonly Result[], where = ''): string {
  const names = those.map(({ outcome }) => outcome.entry.name);
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return names.length === 0 ? '' : `${verb}${and(shown)}${where}`;
}

/** What a re-run with `on_rerun: fresh` does; empty: all runs are given. */
function anew(all: readonly Result[]): string {
  const started = all.filter((one) => !isGiven(one));
  return started.length === all.length ? 'starts all runs again' : say('starts ', started, ' again');
}

/** "Correct the items of Tower in Alloovium, then re-run the failed job. It also waits for Bridge again and keeps the result of Car park." */
function stepOfMany(all: readonly Result[], { onRerun }: Terms): string {
  const isLate = ({ conclusion }: Result) => conclusion === 'timed_out';
  // Asked again, a run that is given says the same.
  const isToReplace = (one: Result) => isNotGreen(one) && isGiven(one) && one.outcome.ending.kind === 'ended';
  const isToFix = (one: Result) => isNotGreen(one) && !hasItems(one) && !isLate(one) && !isToReplace(one);
  const isUnderWay = (one: Result) =>
    isLate(one) && one.outcome.runId !== '' && !isTerminal(one.outcome.status);
  const hasMore = (one: Result) =>
    hasItems(one) && one.outcome.findings.some((finding) => isRed(finding) && finding.matched === 0);
  const corrected = say('correct the items of ', all.filter(hasItems), ' in Alloovium');
  const fixed = [
    say('fix the cause of ', all.filter(isToFix)),
    say('fix what else is red in ', all.filter(hasMore)),
    say('give ', all.filter(isToReplace), ' a new `run_id`'),
  ];
  const fixes = and([corrected, ...fixed].filter((text) => text !== ''));
  // Entries of one order share their run: where one is red, a re-run launches another.
  const isKept = ({ conclusion, outcome: { order } }: Result) =>
    conclusion === 'success' && !all.some((one) => one.outcome.order === order && isNotGreen(one));
  const rest = joined(
    ' and ',
    say('waits for ', all.filter(isUnderWay), ' again'),
    say('keeps the result of ', all.filter(isKept)),
  );
  const unsettled = all.filter(({ outcome: { ending } }) => 'left' in ending && ending.left === 'maybe_run');
  const keys = Map.groupBy(unsettled, ({ outcome }) => ` (key \`${outcome.idempotencyKey}\`)`);
  const told = [...keys].map(([key, those]) => say('', those, key));
  const first = told.length === 0 ? '' : `A run may have started: ${told.join(', ')}. `;
  // A re-run may have the same `run_id` again, and another run of the workflow has other keys.
  const isNewStart = all.some(isToReplace);
  const rerun = isNewStart ? 'run the workflow again' : 're-run the failed job';
  const start = `${first}${fixes === '' ? 'Re-run this job' : `${capital(fixes)}, then ${rerun}`}`;
  if (isNewStart) return `${start}.`;
  const again = onRerun === 'fresh' ? anew(all) : '';
  if (again !== '') return `${start}: this ${again}.`;
  return `${start}.${rest === '' ? '' : ` It ${fixes === '' ? '' : 'also '}${rest}.`}`;
}

function allGreen(outcomes: readonly Outcome[]): Decision {
  const warnings = outcomes.flatMap(({ entry, findings }) => {
    const phrases = findings.filter(isWarning).map((one) => found(one));
    return phrases.length === 0 ? [] : `${plainName(entry.name)}: ${phrases.join(', ')}`;
  });
  const open = outcomes.some(hasGate) ? outcomes.filter((one) => !hasGate(one)) : [];
  const names = open.map(({ entry }) => plainName(entry.name));
  const ungated = names.length === 0 ? '' : `not gated: ${listed(names, ', ')}`;
  const headline = joined('; ', `All ${outcomes.length} runs are green`, ungated, onlyWarned(warnings));
  const nextStep = clearWarning(outcomes.flatMap(({ findings }) => findings));
  return { conclusion: 'success', headline, nextStep };
}
