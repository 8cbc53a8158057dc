/**
 * What is waived, known and red, against the plain decision of `reference.ts`, over reviews by chance that follow each other. The
 * seed is printed with what differs; `CASES=200000` draws more.
 */
import { describe, expect, test } from '@jest/globals';
import { applyBaseline, type BaselineContext } from '../../src/gate/baseline.ts';
import { digestInputs } from '../../src/gate/inputs-digest.ts';
import { isRed, type ConditionResult, type ComparedResult } from '../../src/gate/condition.ts';
import { formatGateFile, packRun, readGateFile, BUDGET } from '../../src/gate/gate-file.ts';
import type { JsonValue } from '../../src/json.ts';
import { seededRandom } from '../../simulator/random.ts';
import {
  decide,
  type PlainCondition,
  type PlainFile,
  type PlainReview,
  type PlainWaiver,
} from './reference.ts';

const CASES = Number(process.env.CASES ?? 20_000);
/** Fewer than these of each kind would show little. */
const MIN_SHARE = 0.02;
/** It takes two schedules and another event in a row. */
const MIN_NEW_ELSEWHERE = 0.01;

const MAIN = 'refs/heads/main';
const TODAY = '2026-11-27';
const BY_HAND = Array.from({ length: 4 }, () => 'workflow_dispatch');
const EVENTS = [...BY_HAND, 'schedule', 'schedule', 'push', 'pull_request', 'repository_dispatch'];
const FIELDS = ['id', 'title', 'status'] as const;

type Random = () => number;

const pick = <T>(random: Random, list: readonly T[]): T => {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error('the list is empty');
  return one;
};
const listOf = <T>(random: Random, max: number, make: () => T): T[] =>
  Array.from({ length: Math.floor(random() * (max + 1)) }, make);

/** Few values, so that items are often the same in some fields, or have nothing in one. */
function drawItem(random: Random): JsonValue {
  if (random() < 0.05) return pick<JsonValue>(random, ['Door', 'Roof', '', null, 7]);
  const values: Readonly<Record<(typeof FIELDS)[number], readonly JsonValue[]>> = {
    id: [1, '1', 2, 3],
    title: ['Door', 'Roof', 'Ramp', ['a'], '', []],
    status: ['revise', 'rejected', null, ' ', {}, '\u200b'],
  };
  const fields = FIELDS.filter(() => random() < 0.98);
  return Object.fromEntries(
    fields.map((field) => [field, random() < 0.6 ? (values[field][0] ?? null) : pick(random, values[field])]),
  );
}

function drawWaiver(random: Random): PlainWaiver {
  const texts = { id: ['1', '2'], title: ['Door', 'Roof', '["a"]'], status: ['revise', 'rejected', '{}'] };
  const fields = FIELDS.filter(() => random() < 0.8);
  const named = fields.length < 2 ? (['id', 'title'] as const) : fields;
  return {
    match: Object.fromEntries(
      named.map((field) => [field, random() < 0.7 ? (texts[field][0] ?? '') : pick(random, texts[field])]),
    ),
    condition: pick(random, [null, null, 'bad', 'late']),
    until: pick(random, [null, null, TODAY, '2026-11-26', '2027-01-01']),
    count: pick(random, [1, 1, 1, 2, 3]),
  };
}

function drawConditions(random: Random): PlainCondition[] {
  return ['bad', 'late', null].flatMap((name): PlainCondition[] => {
    if (random() < 0.3) return [];
    const isList = random() < 0.95;
    return [
      {
        severity: random() < 0.8 ? 'fail' : 'warn',
        name,
        expression: random() < 0.97 ? 'outputs.a' : 'outputs.b',
        value: isList
          ? listOf(random, 4, () => drawItem(random))
          : pick<boolean | 'unknown'>(random, [true, false, 'unknown']),
      },
    ];
  });
}

/** Mostly the same review as the one before it, so that its file counts. */
function drawReview(random: Random, at: number, baseline: PlainFile | null, isNightly: boolean): PlainReview {
  const usually = <T>(value: T, ...others: readonly T[]): T =>
    random() < 0.98 ? value : pick(random, others);
  const ownKnownBy = pick<PlainReview['knownBy']>(random, [
    { '*': ['id', 'title'] },
    { '*': ['id', 'title'] },
    { '*': ['id', 'title', 'status'] },
    { '*': ['id', 'title'], late: ['title', 'status'] },
    { '*': ['title', 'status'] },
    { late: ['id', 'title'] },
  ]);
  const items = baseline === null ? [] : baseline.conditions;
  const conditions = drawConditions(random);
  const before = (condition: PlainCondition) =>
    items.find(({ condition: { name } }) => name === condition.name)?.condition.value;
  return {
    // Nights, and every third review is something else.
    event: isNightly && at % 3 > 0 ? 'schedule' : pick(random, EVENTS),
    ref: usually<string>(MAIN, 'refs/heads/topic', 'refs/pull/7/merge', ''),
    defaultRef: usually<string>(MAIN, '', 'refs/heads/trunk'),
    jobRun: usually(String(at), '1'),
    commit: pick(random, [String(at).padStart(40, '0'), String(at).padStart(40, '0'), 'a'.repeat(40)]),
    isKeyedByCommit: random() < 0.5,
    runId: usually(`run_${at}`, 'run_1'),
    workflowId: usually('wf_1', 'wf_2', ''),
    projectId: usually<string | null>('p1', 'p2', '', null),
    inputs: {
      level: usually<JsonValue>(3, 4),
      scope: usually<JsonValue>('main contractor, level 2', 'main contractor, level 3'),
      from: pick<JsonValue>(random, ['2026-11-26', '2026-11-27', '2026-11-27T04:17:00Z', MAIN, String(at)]),
    },
    failOn: random() < 0.75 ? 'new' : 'any',
    knownBy: usually(baseline?.review.knownBy ?? ownKnownBy, ownKnownBy),
    waivers: random() < 0.4 ? [] : listOf(random, 3, () => drawWaiver(random)),
    today: TODAY,
    // What matched before matches again, for the most part.
    conditions: conditions.map((condition) => {
      const value = before(condition);
      const isKept = typeof value === 'object' && typeof condition.value === 'object' && random() < 0.9;
      if (!isKept) return condition;
      const rest = value.filter(() => random() < 0.9);
      return { ...condition, value: random() < 0.75 ? rest : [...rest, drawItem(random)] };
    }),
    baseline,
  };
}

const resultOf = ({ value, ...condition }: PlainCondition, at: number): ConditionResult => ({
  condition: { ...condition, line: at + 1 },
  result:
    value === 'unknown'
      ? 'cannot_be_evaluated'
      : value === true || (typeof value === 'object' && value.length > 0)
        ? 'holds'
        : 'does_not_hold',
  matched: typeof value === 'object' ? value : [],
  unmatched: null,
  problem: null,
  notices: [],
});

const ownOf = ({ commit, ref, jobRun }: PlainReview) => [commit, ref, jobRun].filter((text) => text !== '');

function applied(review: PlainReview, baseline: BaselineContext['baseline']): readonly ComparedResult[] {
  const { knownBy, waivers, today, failOn, runId, workflowId, projectId, inputs } = review;
  return applyBaseline(review.conditions.map(resultOf), {
    knownBy: new Map(Object.entries(knownBy).map(([name, fields]) => [name === '*' ? null : name, fields])),
    waivers: waivers.map((one) => ({ ...one, match: new Map(Object.entries(one.match)), because: 'agreed' })),
    today,
    failOn,
    baseline,
    name: '',
    runId,
    workflowId,
    projectId,
    inputsDigest: projectId === null ? null : digestInputs(inputs, ownOf(review)),
    job: {
      commit: review.commit,
      jobRunId: review.jobRun,
      event: review.event,
      defaultBranchRef: review.defaultRef,
    },
    isByCommit: review.isKeyedByCommit,
  }).results;
}

/** The file's text, as a job writes it. */
function written(review: PlainReview, results: readonly ComparedResult[]): string {
  const hasGate = results.some(({ condition }) => condition.severity === 'fail');
  const about = {
    gate: results.some(isRed) ? 'failed' : hasGate ? 'passed' : 'none',
    run_id: review.runId,
    workflow_id: review.workflowId,
    project_id: review.projectId,
    inputs_digest: review.projectId === null ? null : digestInputs(review.inputs, ownOf(review)),
    baseline_commit: null,
  } as const;
  const head = {
    time: '',
    event: review.event,
    ref: review.ref,
    job_run: review.jobRun,
    pull_request: null,
    commit: review.commit,
  };
  return formatGateFile(head, packRun(about, results, BUDGET).text).join('');
}

/** Both decisions, in one form. */
function decisions(review: PlainReview, results: readonly ComparedResult[]) {
  const decision = decide(review);
  const expected = decision.conditions.map(({ items, isRed: isConditionRed }, at) => {
    const { value } = review.conditions[at]!;
    const of = (test: (item: (typeof items)[number]) => boolean) =>
      typeof value === 'object' ? value.filter((_, nth) => test(items[nth]!)) : [];
    return {
      isRed: isConditionRed,
      waived: of(({ isWaived }) => isWaived),
      known: of(({ isKnown, isForSchedules }) => isKnown && !isForSchedules),
      forSchedules: of(({ isKnown, isForSchedules }) => isKnown && isForSchedules),
      fresh: of(({ isWaived, isKnown }) => !isWaived && !isKnown),
    };
  });
  const found = results.map((result) => ({
    isRed: isRed(result),
    waived: result.waived.map(({ item }) => item),
    known: result.matched.filter((_, at) => result.known?.[at] === true && !result.knownOnSchedule.has(at)),
    forSchedules: result.matched.filter(
      (_, at) => result.known?.[at] === true && result.knownOnSchedule.has(at),
    ),
    fresh: result.matched.filter((_, at) => result.known?.[at] !== true),
  }));
  return { decision, expected, found };
}

/** Has it an item that a schedule would know? */
const isNewElsewhere = ({ known, knownOnSchedule }: ComparedResult) =>
  [...knownOnSchedule].some((at) => known?.[at] === false);

describe('the gate', () => {
  const seen = { cases: 0, red: 0, waived: 0, known: 0, excused: 0, onlyForSchedules: 0 };
  let newElsewhere = 0;
  /** Reviews in a row, each beside the file of the one before it. */
  const session = (seed: number) => {
    const random = seededRandom(seed);
    const isNightly = random() < 0.75;
    let text: string | null = null;
    let baseline: PlainFile | null = null;
    for (let at = 1; at <= 8; at++) {
      const review = drawReview(random, at, baseline, isNightly);
      const results = applied(review, text === null ? null : readGateFile(Buffer.from(text)));
      const { decision, expected, found } = decisions(review, results);
      // jest takes a second for what this takes a millisecond for.
      if (JSON.stringify(found) !== JSON.stringify(expected))
        expect({ seed, at, conditions: found }).toEqual({ seed, at, conditions: expected });
      seen.cases++;
      if (decision.isRed) seen.red++;
      if (expected.some(({ waived }) => waived.length > 0)) seen.waived++;
      if (expected.some(({ known }) => known.length > 0)) seen.known++;
      if (expected.some(({ forSchedules }) => forSchedules.length > 0)) seen.onlyForSchedules++;
      if (results.some(isNewElsewhere)) newElsewhere++;
      if (results.some(({ isExcused }) => isExcused === true)) seen.excused++;
      text = written(review, results);
      baseline = decision.file;
    }
  };

  test(`decides as the plain reference does over ${CASES} reviews`, () => {
    for (let seed = 1; seen.cases < CASES; seed++) session(seed);
    process.stdout.write(
      `Reviews held against the reference: ${JSON.stringify({ ...seen, newElsewhere })}\n`,
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(CASES * MIN_SHARE);
    expect(newElsewhere).toBeGreaterThan(CASES * MIN_NEW_ELSEWHERE);
  });
});

describe('a damaged baseline', () => {
  const DAMAGED = 4_000;
  const item = (name: string) => ({
    id: `${name}-${name}`,
    title: `Door ${name}${name}`,
    note: 'x'.repeat(20),
  });
  const KNOWN = item('kkkk');
  const FRESH = item('ffff');
  const WAIVED = item('wwww');
  const ABSENT = item('aaaa');
  const ITEMS = [KNOWN, FRESH, WAIVED];
  const conditionOf = (items: readonly JsonValue[]): PlainCondition => ({
    severity: 'fail',
    name: 'bad',
    expression: 'outputs.a',
    value: items,
  });
  const review = (at: number, items: readonly JsonValue[]): PlainReview => ({
    event: 'workflow_dispatch',
    ref: MAIN,
    defaultRef: MAIN,
    jobRun: String(at),
    commit: String(at).padStart(40, '0'),
    isKeyedByCommit: true,
    runId: `run_${at}`,
    workflowId: 'wf_1',
    projectId: 'p1',
    inputs: {},
    failOn: 'new',
    knownBy: { '*': ['id', 'title'] },
    waivers: [],
    today: TODAY,
    conditions: [conditionOf(items)],
    baseline: null,
  });
  const main = written(review(1, [KNOWN]), applied(review(1, [KNOWN]), null));
  /** One known item, one new, one waived. */
  const marked: PlainReview = {
    ...review(2, ITEMS),
    waivers: [{ match: { id: WAIVED.id, title: WAIVED.title }, condition: null, until: null, count: 1 }],
  };
  const text = written(marked, applied(marked, readGateFile(Buffer.from(main))));

  /** Which of the items are known beside a file. */
  const knownBeside = (file: string, about: Partial<PlainReview> = {}) => {
    const items = [...ITEMS, ABSENT];
    const [judged] = applied({ ...review(3, items), ...about }, readGateFile(Buffer.from(file)));
    return items.filter((_, at) => judged?.known?.[at] === true);
  };

  function* partsOf(value: unknown): Generator<object> {
    if (typeof value !== 'object' || value === null) return;
    yield value;
    for (const part of Object.values(value)) yield* partsOf(part);
  }

  /** Bytes cut out, the end cut off, bytes changed, or a value taken out of a list or an object. */
  function damage(random: Random): string {
    const at = Math.floor(random() * text.length);
    const length = 1 + Math.floor(random() ** 3 * 400);
    const kind = random();
    if (kind < 0.3) return text.slice(0, at) + text.slice(at + length);
    if (kind < 0.4) return text.slice(0, at);
    if (kind < 0.6) return text.slice(0, at) + String.fromCharCode(32 + random() * 95) + text.slice(at + 1);
    const file = JSON.parse(text) as object;
    for (let accepted = 0; accepted < 1 + random() * 2; accepted++) {
      const part = pick(
        random,
        [...partsOf(file)].filter((one) => Object.keys(one).length > 0),
      );
      const key = pick(random, Object.keys(part));
      if (Array.isArray(part)) part.splice(Number(key), 1);
      else Reflect.deleteProperty(part, key);
    }
    return JSON.stringify(file);
  }

  test(`makes no new item known, over ${DAMAGED} files`, () => {
    const topic = { defaultRef: 'refs/heads/trunk' };
    expect(knownBeside(text)).toEqual([KNOWN, FRESH]);
    expect(knownBeside(text, topic)).toEqual([KNOWN]);
    const seen = { usable: 0, damaged: 0 };
    for (let seed = 1; seed <= DAMAGED; seed++) {
      const file = damage(seededRandom(seed));
      const kind = typeof readGateFile(Buffer.from(file)) === 'string' ? 'damaged' : 'usable';
      seen[kind]++;
      // Beside a file that counts in full, and beside one that counts for its marks alone.
      const full = knownBeside(file);
      const marks = knownBeside(file, topic);
      expect({ seed, full: full.filter((one) => ![KNOWN, FRESH].includes(one)) }).toEqual({ seed, full: [] });
      expect({ seed, marks: marks.filter((one) => one !== KNOWN) }).toEqual({ seed, marks: [] });
    }
    process.stdout.write(`Damaged files: ${JSON.stringify(seen)}\n`);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(DAMAGED * MIN_SHARE);
  });
});
