/**
 * A slow and plain decision of what is waived, known and red, written from the documentation alone. It shares no code with
 * `src/gate`, so that a fault there is not repeated here.
 */
import type { JsonValue } from '../../src/json.ts';

export interface PlainWaiver {
  readonly match: Readonly<Record<string, string>>;
  /** null: for every condition. */
  readonly condition: string | null;
  /** The last day on which it counts; null: it does not end. */
  readonly until: string | null;
  readonly count: number;
}

export interface PlainCondition {
  readonly severity: 'fail' | 'warn';
  readonly name: string | null;
  readonly expression: string;
  /** A list of matched items, a boolean, or `unknown`: it could not be evaluated. */
  readonly value: readonly JsonValue[] | boolean | 'unknown';
}

/** One review: who asks for it, and what its run found. */
export interface PlainReview {
  readonly event: string;
  readonly ref: string;
  readonly defaultRef: string;
  readonly jobRun: string;
  readonly commit: string;
  /** The key of the run is made of the commit. */
  readonly isKeyedByCommit: boolean;
  readonly runId: string;
  readonly workflowId: string;
  /** null: `run_id` leaves project and inputs unknown. */
  readonly projectId: string | null;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly failOn: 'any' | 'new';
  /** By the name of a condition; '*' for all others. */
  readonly knownBy: Readonly<Record<string, readonly string[]>>;
  readonly waivers: readonly PlainWaiver[];
  readonly today: string;
  readonly conditions: readonly PlainCondition[];
  readonly baseline: PlainFile | null;
}

export interface PlainDecision {
  readonly conditions: readonly {
    /** One for each matched item. */
    readonly items: readonly {
      readonly isWaived: boolean;
      readonly isKnown: boolean;
      readonly isForSchedules: boolean;
    }[];
    readonly isRed: boolean;
  }[];
  readonly isRed: boolean;
  readonly file: PlainFile;
}

export interface PlainFile {
  readonly review: PlainReview;
  readonly gate: 'passed' | 'failed' | 'none';
  readonly conditions: readonly {
    readonly condition: PlainCondition;
    readonly fields: readonly string[];
    /** Without the waived ones. */
    readonly items: readonly PlainItem[];
  }[];
}

/** An item of a file. */
interface PlainItem {
  readonly item: JsonValue;
  readonly isKnown: boolean;
  /** It is known to schedules alone: nobody accepted it, a red schedule found it before. */
  readonly isForSchedules: boolean;
}

/** Whoever reads it should be able to hold it against docs/baselines.md line by line. */
export function decide(review: PlainReview): PlainDecision {
  const conditions = review.conditions.map((condition) => decideCondition(condition, review));
  const isRed = conditions.some((one) => one.isRed);
  const hasGate = review.conditions.some(({ severity }) => severity === 'fail');
  return {
    conditions,
    isRed,
    file: {
      review,
      gate: isRed ? 'failed' : hasGate ? 'passed' : 'none',
      conditions: review.conditions.map((condition, at) => ({
        condition,
        fields: fieldsOf(condition, review),
        items: itemsOf(condition).flatMap((item, nth) => {
          const decision = conditions[at]?.items[nth];
          if (decision === undefined || decision.isWaived) return [];
          const { isKnown, isForSchedules } = decision;
          return [{ item, isKnown: isKnown || isForSchedules, isForSchedules }];
        }),
      })),
    },
  };
}

function decideCondition(condition: PlainCondition, review: PlainReview) {
  const items = itemsOf(condition);
  const isWaived = items.map((item) => {
    const owner = ownerOf(item, condition, review);
    return owner !== null && !isExceeded(owner, condition, review);
  });
  const counting = items.filter((_, at) => isWaived[at] === false);
  const stock = stockOf(condition, review);
  const fields = fieldsOf(condition, review);
  const accepted = stock.filter(({ isForSchedules }) => !isForSchedules);
  const usable = review.event === 'schedule' ? stock : accepted;
  const isCovered = (item: JsonValue, by: readonly PlainItem[]) =>
    counting.filter((other) => isSame(item, other, fields)).length <=
    by.filter((other) => isSame(item, other.item, fields)).length;
  const isKnownBy = (stocked: readonly PlainItem[]) =>
    items.map((item, at) => isWaived[at] === false && isCovered(item, stocked) && isSame(item, item, fields));
  const isKnown = isKnownBy(usable);
  const isKnownToSchedules = isKnownBy(stock);
  const isTrue = condition.value === true || condition.value === 'unknown' || counting.length > 0;
  const isExcused =
    review.failOn === 'new' &&
    counting.length > 0 &&
    items.every((_, at) => isWaived[at] === true || isKnown[at] === true);
  return {
    items: items.map((item, at) => ({
      isWaived: isWaived[at] === true,
      isKnown: isKnown[at] === true,
      isForSchedules: isKnownToSchedules[at] === true && !isCovered(item, accepted),
    })),
    isRed: condition.severity === 'fail' && isTrue && !isExcused,
  };
}

function itemsOf({ value }: PlainCondition): readonly JsonValue[] {
  return typeof value === 'object' ? value : [];
}

function fieldsOf({ name }: PlainCondition, { knownBy }: PlainReview): readonly string[] {
  return (name === null ? undefined : knownBy[name]) ?? knownBy['*'] ?? [];
}

// Waivers.

/** The first waiver of the list that fits the item and has not ended. */
function ownerOf(
  item: JsonValue,
  { name }: PlainCondition,
  { waivers, today }: PlainReview,
): PlainWaiver | null {
  for (const waiver of waivers) {
    if (waiver.condition !== null && waiver.condition !== name) continue;
    if (waiver.until !== null && waiver.until < today) continue;
    const isFit = Object.entries(waiver.match).every(([field, text]) => textOf(item, field) === text);
    if (isFit) return waiver;
  }
  return null;
}

/** Do more items belong to it, and to those equal to it, than they accept together? */
function isExceeded(waiver: PlainWaiver, condition: PlainCondition, review: PlainReview): boolean {
  const identity = ({ match, condition: name }: PlainWaiver) =>
    JSON.stringify([name, Object.entries(match).sort()]);
  const equal = review.waivers.filter(
    (other) => identity(other) === identity(waiver) && (other.until === null || other.until >= review.today),
  );
  const accepted = equal.reduce((sum, { count }) => sum + count, 0);
  const belonging = itemsOf(condition).filter((item) => {
    const owner = ownerOf(item, condition, review);
    return owner !== null && identity(owner) === identity(waiver);
  });
  return belonging.length > accepted;
}

// Baselines.

/** Of the baseline the items that may make others known, and whether for schedules alone. */
function stockOf(condition: PlainCondition, review: PlainReview): readonly PlainItem[] {
  const { baseline } = review;
  if (baseline === null || !isOfThisReview(baseline.review, review)) return [];
  const before = baseline.conditions.find(
    (one) => one.condition.name === condition.name && one.condition.expression === condition.expression,
  );
  if (before === undefined || condition.value === 'unknown') return [];
  const isFull = countsInFull(baseline, review);
  const isByHand = baseline.review.event === 'workflow_dispatch';
  const areMarksUsable = before.fields.join('\n') === fieldsOf(condition, review).join('\n');
  return before.items
    .filter(({ isKnown }) => isFull || (isKnown && areMarksUsable))
    .map((one) => {
      // Who runs the workflow by hand accepts all that its file has.
      if (isFull && isByHand) return { ...one, isForSchedules: false };
      // What a red schedule calls new nobody has accepted.
      const isFromRed = isFull && baseline.gate === 'failed';
      return isFromRed && !(one.isKnown && areMarksUsable) ? { ...one, isForSchedules: true } : one;
    })
    .filter(({ item }) => {
      const owner = ownerOf(item, condition, review);
      return owner === null || isExceeded(owner, condition, review);
    });
}

function isOfThisReview(then: PlainReview, now: PlainReview): boolean {
  return (
    then.workflowId !== '' &&
    then.workflowId === now.workflowId &&
    then.projectId !== null &&
    now.projectId !== null &&
    then.projectId === now.projectId &&
    JSON.stringify(comparedInputs(then)) === JSON.stringify(comparedInputs(now))
  );
}

/** Without what differs from night to night by nature. */
function comparedInputs({ inputs, commit, ref, jobRun }: PlainReview): JsonValue {
  const isDayOrTime = (text: string) => /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/.test(text);
  const pairs = Object.entries(inputs).map(([name, value]): JsonValue => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [name, isDayOrTime(text) || [commit, ref, jobRun].includes(text) ? null : value];
  });
  return pairs;
}

function countsInFull({ review: then, gate }: PlainFile, now: PlainReview): boolean {
  const isByHand = then.event === 'workflow_dispatch';
  const isOfTheDefaultBranch =
    ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'].includes(then.event) &&
    then.ref === now.defaultRef;
  const isAnother = then.jobRun !== now.jobRun && then.runId !== now.runId;
  const isOfAnotherCommit = isByHand || !now.isKeyedByCommit || then.commit !== now.commit;
  const mayBeRed = isByHand || (then.event === 'schedule' && now.event === 'schedule');
  return isOfTheDefaultBranch && isAnother && isOfAnotherCommit && (gate !== 'failed' || mayBeRed);
}

function isSame(one: JsonValue, other: JsonValue, fields: readonly string[]): boolean {
  if (fields.length === 0 || isNothing(one) || isNothing(other)) return false;
  if (!isRecord(one) || !isRecord(other))
    return !isRecord(one) && !isRecord(other) && JSON.stringify(one) === JSON.stringify(other);
  return fields.every((field) => {
    const text = textOf(one, field);
    return text !== null && text === textOf(other, field);
  });
}

function isRecord(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field as text; null: there is none, or nothing is in it. */
function textOf(item: JsonValue, field: string): string | null {
  if (!isRecord(item) || !Object.hasOwn(item, field)) return null;
  const value = item[field] ?? null;
  if (isNothing(value)) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isNothing(value: JsonValue): boolean {
  if (typeof value === 'string') return /^[\s\u200b]*$/.test(value);
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isRecord(value) && Object.keys(value).length === 0);
}
