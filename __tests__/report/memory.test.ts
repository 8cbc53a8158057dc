import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digest, type Finding } from '../../src/gate/finding.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { compare } from '../../src/report/changes.ts';
import {
  decodeMemory,
  encodeMemory,
  isResolved,
  judgesRed,
  mustYield,
  nextMemory,
  rememberedOf,
  STATE_MAX,
  type Memory,
  type Reported,
} from '../../src/report/memory.ts';
import { parseComment, withMemory } from '../../src/report/marker.ts';
import { isLinear } from '../cpu.ts';
import { aResult, COMMIT, EARLIER_COMMIT } from './a-report.ts';
import { anyText } from '../any-text.ts';

const TEXT = 'seen';
/** After a trip through the comment. */
const again = (memory: Memory | null) => memory && decodeMemory(encodeMemory(memory, TEXT), TEXT);

function matching(matched: readonly JsonValue[]): Finding[] {
  return [aResult({ result: matched.length > 0 ? 'holds' : 'does_not_hold', matched })];
}
const withIds = (...ids: readonly JsonValue[]): JsonObject[] =>
  ids.map((id) => ({ id, reason: `about ${JSON.stringify(id)}` }));

interface Report {
  /** What it is of; default the same one. */
  readonly of?: string;
  readonly run?: string;
  readonly red?: boolean;
  readonly findings?: readonly Finding[];
}

function reported({ of = 'doors', run = 'run_1', findings = [], ...more }: Report): Reported {
  const isRed =
    more.red ?? (findings.length === 0 || findings.some(({ result }) => result !== 'does_not_hold'));
  return { subject: digest(of), runId: run, isRed, findings };
}

/** What is remembered after these reports, one after the other. */
function after(...reports: readonly (Report & { readonly at?: string })[]): Memory | null {
  return reports.reduce<Memory | null>((memory, { at = EARLIER_COMMIT, ...report }) => {
    const one = reported(report);
    return again(nextMemory(memory, [one], at, one.isRed ? 'red' : 'green'));
  }, null);
}

const changesOf = (memory: Memory | null, report: Report) =>
  compare(report.findings ?? [], rememberedOf(memory, reported(report)));

describe('a report is compared with the last one of the same subject', () => {
  const first = { run: 'run_1', findings: matching(withIds('a', 'b')) };
  const second = { run: 'run_2', findings: matching(withIds('b', 'c')) };

  test('whatever was reported of others between', () => {
    const others = ['w', 'x', 'y', 'z'].map((of) => ({
      of,
      run: `run_${of}`,
      findings: matching(withIds('q')),
    }));
    expect(changesOf(after(first, ...others), second)).toMatchObject({ fresh: 1, still: 1, fixed: 1 });
  });

  test('of more than five the longest unwritten is forgotten', () => {
    const others = ['v', 'w', 'x', 'y', 'z'].map((of) => ({ of, run: `run_${of}`, findings: matching([]) }));
    expect(changesOf(after(first, ...others), second)).toBeNull();
    expect(changesOf(after(first, ...others.slice(1), first, others[0]!), second)).not.toBeNull();
  });

  test('one report of twenty runs is remembered whole', () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      reported({ of: `o${at}`, run: `run_${'0'.repeat(30)}${at}`, findings: matching(withIds('a')) }),
    );
    const memory = again(nextMemory(null, many, COMMIT, 'red'));
    const next = again(
      nextMemory(
        memory,
        many.map((one) => ({ ...one, runId: `${one.runId}_2` })),
        COMMIT,
        'red',
      ),
    );
    for (const one of many)
      expect(compare(one.findings, rememberedOf(next, { ...one, runId: 'run_3' }))).toMatchObject({
        still: 1,
      });
  });

  test('the run that another job launched is the same subject', () => {
    const launched = { of: 'the intent', run: 'run_2', red: true };
    const memory = after({ ...first, of: 'the intent' }, launched);
    expect(changesOf(memory, { ...second, of: 'the run' })).toMatchObject({ fresh: 1, still: 1, fixed: 1 });
    const judged = after({ ...first, of: 'the intent' }, launched, { ...second, of: 'the run' });
    const third = { of: 'the intent', run: 'run_3', findings: matching(withIds('c')) };
    expect(changesOf(judged, third)).toMatchObject({ still: 1, fixed: 1 });
  });

  test('other inputs, another subject: nothing is compared', () => {
    expect(changesOf(after(first), { ...second, of: 'windows' })).toBeNull();
  });

  test('a run reported twice is compared with the same earlier run twice', () => {
    const changes = changesOf(after(first), second);
    expect(changes).not.toBeNull();
    expect(changesOf(after(first, second), second)).toEqual(changes);
    expect(changesOf(after(first, second, second), second)).toEqual(changes);
    expect(changesOf(after(second), second)).toBeNull();
  });

  test('nor is it where a state claims to have compared a run with itself', () => {
    const memory = after(second)!;
    const [subject] = memory.subjects;
    const forged = again({ ...memory, subjects: [{ ...subject!, before: subject!.last }] });
    expect(forged?.subjects[0]?.before).not.toBeNull();
    expect(changesOf(forged, second)).toBeNull();
  });

  test('an ending without a verdict in between forgets nothing', () => {
    expect(changesOf(after(first, { run: 'run_x' }), second)).toEqual(changesOf(after(first), second));
  });

  test('two gates over one run are remembered together', () => {
    const [one] = matching(withIds('a'));
    const other = aResult({
      condition: { severity: 'fail', name: 'other', expression: 'y', line: 1 },
      result: 'holds',
      matched: withIds('z'),
    });
    const both = [reported({ findings: [one!] }), reported({ findings: [other] })];
    const memory = again(nextMemory(null, both, COMMIT, 'red'));
    expect(changesOf(memory, { run: 'run_2', findings: [one!] })).toMatchObject({ still: 1 });
    expect(changesOf(memory, { run: 'run_2', findings: [other] })).toMatchObject({ still: 1 });
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ])('an entry without a gate %s one with a gate over the same run holds nothing back', (_, at) => {
    const judged = (run: string, findings: readonly Finding[]) =>
      [reported({ run, findings })].toSpliced(at === 0 ? 0 : 1, 0, reported({ run, red: false }));
    const red = again(nextMemory(null, judged('run_1', matching(withIds('a'))), EARLIER_COMMIT, 'red'));
    const calm = judged('run_2', matching([]));
    expect(isResolved(red, calm)).toBe(true);
    const green = again(nextMemory(red, calm, COMMIT, 'green'));
    expect(isResolved(green, judged('run_3', matching([])))).toBe(false);
    expect(changesOf(green, { run: 'run_3', findings: matching(withIds('a')) })).toMatchObject({ fresh: 1 });
    const reworded = aResult({
      condition: { severity: 'fail', name: 'other', expression: 'y', line: 1 },
      result: 'does_not_hold',
    });
    const next = again(nextMemory(red, judged('run_2', [reworded]), COMMIT, 'green'));
    expect(next?.subjects[0]?.last?.conditions).toHaveLength(1);
  });
});

describe('resolved', () => {
  const condition = (name: string, result: Finding['result'] = 'holds') =>
    aResult({ condition: { severity: 'fail', name, expression: name, line: 1 }, result });
  const red = { run: 'run_1', findings: [condition('a'), condition('b', 'does_not_hold')] };
  const green = {
    run: 'run_2',
    findings: [condition('a', 'does_not_hold'), condition('b', 'does_not_hold')],
  };
  const broken = { run: 'run_1', findings: [condition('a', 'cannot_be_evaluated')] };
  const judged = (memory: Memory | null, ...reports: Report[]) => isResolved(memory, reports.map(reported));

  test('where every condition that was red is asked again and does not hold', () => {
    expect(judged(after(red), green)).toBe(true);
    expect(judged(after(red), { ...green, findings: green.findings.slice(0, 1) })).toBe(true);
    expect(judged(after(broken), green)).toBe(true);
  });

  test('a run reported twice is told so twice, and its successor is not', () => {
    expect(judged(after(red, green), green)).toBe(true);
    expect(judged(after(red, green), { ...green, run: 'run_3' })).toBe(false);
  });

  test('also over a report without a verdict', () => {
    expect(judged(after(red, { run: 'run_x' }), green)).toBe(true);
  });

  test('not where another of the same report is red now', () => {
    const other = { of: 'windows', run: 'run_w', findings: [] };
    expect(judged(after(red), green, { ...other, red: false })).toBe(true);
    expect(judged(after(red), green, { ...other, red: true })).toBe(false);
  });

  test('not where of two that were red one is not asked any more, of one run or of two', () => {
    const both = { ...red, findings: [condition('a'), condition('b')] };
    expect(judged(after(both), green)).toBe(true);
    expect(judged(after(both), { ...green, findings: green.findings.slice(0, 1) })).toBe(false);
    const other = { of: 'windows', run: 'run_w' };
    const then = after(red, { ...red, ...other });
    const now = { ...green, of: 'windows', run: 'run_w2' };
    expect(judged(then, green, now)).toBe(true);
    expect(judged(then, green, { ...now, findings: green.findings.slice(1) })).toBe(false);
  });

  test.each<[string, Memory | null, Report]>([
    ['nothing is remembered', null, green],
    ['nothing was red', after({ ...green, run: 'run_1' }), green],
    ['there was no verdict, and no condition', after({ run: 'run_1' }), green],
    ['the red condition is not asked any more', after(red), { ...green, findings: green.findings.slice(1) }],
    ['it is reworded', after(red), { ...green, findings: [condition('c', 'does_not_hold')] }],
    [
      'it could not be evaluated, and is not asked any more',
      after(broken),
      { ...green, findings: [], red: false },
    ],
    ['the gate is taken away', after(red), { ...green, findings: [], red: false }],
    ['it is red still', after(red), { ...red, run: 'run_2' }],
    ['another subject was red', after(red), { ...green, of: 'windows' }],
    ['another subject is red still', after({ ...red, of: 'windows', run: 'run_w' }, red), green],
    [
      'what it matched is known, and passes',
      after(red),
      { ...green, red: false, findings: [condition('a')] },
    ],
  ])('not where %s', (_, memory, report) => {
    expect(judged(memory, report)).toBe(false);
  });

  test('not where something did not fit, of conditions or of subjects', () => {
    const many = Array.from({ length: 2_000 }, (_, at) => condition(`c${at}`));
    const calm = many.map(({ condition: { name } }) => condition(name ?? '', 'does_not_hold'));
    expect(judged(after({ ...red, findings: many }), { ...green, findings: calm })).toBe(false);
    const six = ['u', 'v', 'w', 'x', 'y', 'z'].map((of) => ({ ...red, of, run: `run_${of}` }));
    const five = six.slice(1).map(({ of }) => ({ ...green, of, run: `run_${of}2` }));
    expect(judged(after(...six.slice(1), ...five.slice(1)), five[0]!)).toBe(true);
    expect(judged(after(...six, ...five.slice(1)), five[0]!)).toBe(false);
  });
});

describe('a report that is not red leaves the comment to a red one of the same commit', () => {
  const red = { of: 'doors', run: 'run_1' };
  const green = (of: string, run: string) => reported({ of, run, findings: matching([]) });

  test.each<[string, Memory | null, Reported, boolean]>([
    ['of which it judges nothing', after({ ...red, at: COMMIT }), green('windows', 'run_2'), true],
    ['not where it judges the same subject', after({ ...red, at: COMMIT }), green('doors', 'run_2'), false],
    ['not where it judges the same run', after({ ...red, at: COMMIT }), green('a run', 'run_1'), false],
    [
      'of which it judges one of two',
      after({ ...red, at: COMMIT }, { ...red, of: 'x', run: 'run_x', at: COMMIT }),
      green('doors', 'run_2'),
      true,
    ],
    ['not of an earlier commit', after(red), green('windows', 'run_2'), false],
    ['not where there is none', null, green('windows', 'run_2'), false],
  ])('%s', (_, memory, report, expected) => {
    expect(mustYield(memory, [report], COMMIT)).toBe(expected);
  });

  test('a red one without a known subject yields to any later report', () => {
    expect(mustYield(again(nextMemory(null, [], COMMIT, 'red')), [green('doors', 'run_2')], COMMIT)).toBe(
      false,
    );
  });

  test('not where the red ones were judged again meanwhile', () => {
    const memory = after({ ...red, at: COMMIT }, { ...red, of: 'x', run: 'run_x', at: COMMIT });
    const one = green('doors', 'run_2');
    expect(judgesRed(memory, [one], COMMIT)).toBe(true);
    const next = again(nextMemory(memory, [one], COMMIT, 'red'));
    expect(mustYield(next, [green('x', 'run_3')], COMMIT)).toBe(false);
  });

  test('it yields where a red one of this commit was forgotten', () => {
    const all = Array.from({ length: 6 }, (_, at) => ({ of: `o${at}`, run: `run_${at}`, at: COMMIT }));
    expect(
      mustYield(
        after(...all),
        all.slice(1).map((one) => green(one.of, one.run)),
        COMMIT,
      ),
    ).toBe(true);
  });
});

describe('within its room', () => {
  const many = (count: number, size = 20) =>
    Array.from({ length: count }, (_, at) => ({
      id: `item-${at}`,
      reason: 'r'.repeat(size),
      more: { deep: 1 },
    }));
  const items = (list: readonly JsonObject[]) => ({ findings: matching(list) });

  test.each([0, 1, 10, 40, 80, 200, 400, 401, 5_000])('%d items, and those before', (count) => {
    const memory = after(items(many(count, 300)), { ...items(many(count, 300)), run: 'run_2' })!;
    expect(encodeMemory(memory, TEXT).length).toBeLessThanOrEqual(STATE_MAX);
    expect(memory.subjects[0]?.last?.conditions[0]?.count).toBe(count);
    expect(memory.subjects[0]?.before?.conditions[0]?.count).toBe(count);
  });

  test('what is kept of an item is cut, and holds nothing nested', () => {
    const [kept] = after(items(many(2, 5_000)))?.subjects[0]?.last?.conditions[0]?.items.values() ?? [];
    expect(Object.keys(kept ?? {})).toEqual(['id', 'reason']);
    expect(JSON.stringify(kept).length).toBeLessThan(150);
  });

  test('with more items it still tells new from fixed, but keeps no rows', () => {
    const changes = changesOf(after(items(many(500, 200))), { ...items(many(499, 200)), run: 'run_2' });
    expect(changes).toMatchObject({ fresh: 0, still: 499, fixed: 1 });
    expect(changes?.conditions[0]?.items?.fixedRows).toEqual([]);
  });

  test('with too many it keeps their count, and nothing is called new or fixed', () => {
    expect(changesOf(after(items(many(2_000))), { ...items(many(1_999)), run: 'run_2' })).toMatchObject({
      fresh: 0,
      still: 0,
      fixed: 0,
      conditions: [{ before: 2_000, items: null }],
    });
  });

  /** The `at`-th from the end matches these. */
  const gateOf = (count: number, lists: Readonly<Record<number, JsonObject[]>>): Finding[] =>
    Array.from({ length: count }, (_, line) => {
      const matched = lists[count - line] ?? [];
      const condition = { severity: 'fail', name: null, expression: `x${line}`, line } as const;
      return aResult({ condition, result: matched.length > 0 ? 'holds' : 'does_not_hold', matched });
    });

  test.each([200, 300, 2_000])('of %d conditions as many as fit, those with items first', (count) => {
    const before = gateOf(count, { 1: withIds('a', 'b'), 5: withIds('c') });
    const memory = after({ run: 'run_0', findings: before }, { findings: before })!;
    const kept = memory.subjects[0]?.last?.conditions.length ?? 0;
    expect(kept).toBe(Math.min(count, Math.max(kept, 300)));
    const now = gateOf(count, { 1: withIds('b', 'd'), [count]: withIds('e') });
    const changes = changesOf(memory, { run: 'run_2', findings: now });
    expect(changes).toMatchObject({ still: 1, fixed: 2 });
    expect(changes?.conditions.at(-1)?.items?.marks).toEqual(['still', 'new']);
  });

  test('the room is shared out: a run with few items keeps them beside one with thousands', () => {
    const both = [
      reported({ of: 'many', run: 'run_m', findings: matching(many(5_000)) }),
      reported({ of: 'few', run: 'run_f', findings: matching(withIds('a')) }),
    ];
    const memory = again(nextMemory(null, both, COMMIT, 'red'));
    expect(changesOf(memory, { of: 'few', run: 'run_2', findings: matching(withIds('a')) })).toMatchObject({
      still: 1,
    });
  });

  test('twenty runs of two hundred conditions, and those before', () => {
    const runs = (run: string) =>
      Array.from({ length: 20 }, (_, at) =>
        reported({
          of: `o${at}`,
          run: `${run}${'x'.repeat(100)}${at}`,
          findings: gateOf(200, { 1: many(50) }),
        }),
      );
    const memory = nextMemory(nextMemory(null, runs('a'), EARLIER_COMMIT, 'red'), runs('b'), COMMIT, 'red');
    expect(encodeMemory(memory, TEXT).length).toBeLessThanOrEqual(STATE_MAX);
    expect(again(memory)?.subjects).toHaveLength(20);
  });

  test('nothing in it can end an HTML comment, mention or link, whatever the items say', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (texts) => {
        const list = texts.map((text, id) => ({ id, text, [text]: `--> @a #1 ${text}` }));
        const memory = nextMemory(null, [reported(items(list))], COMMIT, 'red');
        const state = encodeMemory(memory, TEXT);
        expect(state).toMatch(/^[A-Za-z0-9+/]*=*$/);
        expect(state.length).toBeLessThanOrEqual(STATE_MAX);
        expect(decodeMemory(state, TEXT)).not.toBeNull();
      }),
    );
  });
});

describe('read back from outside', () => {
  const memory = nextMemory(
    null,
    [reported({ findings: matching(withIds('a', 'b')) })],
    EARLIER_COMMIT,
    'red',
  );
  const state = encodeMemory(memory, TEXT);
  const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
  interface Packed {
    readonly subjects: readonly [{ readonly last: { readonly conditions: readonly [object] } }];
  }
  const whole = JSON.parse(Buffer.from(state, 'base64').toString()) as Packed;
  const [subject] = whole.subjects;
  const withSubject = (change: object) => packed({ ...whole, subjects: [{ ...subject, ...change }] });
  const withLast = (change: object) => withSubject({ last: { ...subject.last, ...change } });
  const withCondition = (change: object) =>
    withLast({ conditions: [{ ...subject.last.conditions[0], ...change }] });

  test('it is what was remembered', () => {
    expect(decodeMemory(withCondition({}), TEXT)).toEqual(decodeMemory(state, TEXT));
    expect(decodeMemory(state, TEXT)?.subjects).toMatchObject([
      {
        runId: 'run_1',
        commit: EARLIER_COMMIT,
        isRed: true,
        last: { runId: 'run_1', commit: EARLIER_COMMIT },
      },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['no base64', '{"v":2}'],
    ['no JSON', Buffer.from('{').toString('base64')],
    ['no object', packed([])],
    ['another version', packed({ ...whole, v: 1 })],
    ['of another text', packed({ ...whole, text: 'x' })],
    ['showing what is no word of ours', packed({ ...whole, shows: 'blue' })],
    ['no subjects', packed({ ...whole, subjects: null })],
    ['a subject that is none', packed({ ...whole, subjects: [1] })],
    ['a subject that is no digest', withSubject({ subject: 'x' })],
    ['red that is no boolean', withSubject({ red: 'no' })],
    ['a commit that is not listed', withSubject({ at: 9 })],
    ['a commit that is none', packed({ ...whole, commits: ['@acme/all'] })],
    ['a run that is none', withSubject({ run: '../x' })],
    ['a damaged `before`', withSubject({ before: {} })],
    ['no `last`', withSubject({ last: undefined })],
    ['another run that is none', withLast({ run: '../x' })],
    ['conditions that are no list', withLast({ conditions: {} })],
    ['a condition that is none', withLast({ conditions: [1] })],
    ['a negative count', withCondition({ count: -1 })],
    ['a count that is no whole number', withCondition({ count: 1.5 })],
    ['a count that is not that of the items', withCondition({ count: 3 })],
    ['an item that is no digest', withCondition({ items: '!'.repeat(24) })],
    ['items of another length', withCondition({ items: 'A'.repeat(23) })],
    ['an item twice', withCondition({ items: 'A'.repeat(24) })],
    ['a row that is no object', withCondition({ rows: [1] })],
    ['more rows than items', withCondition({ rows: [{}, {}, {}] })],
    ['rows that are no list', withCondition({ rows: 'x' })],
    ['a key that is no text', withCondition({ key: 1 })],
    ['an id that is no digest', withCondition({ id: 'x' })],
    ['too long', 'A'.repeat(STATE_MAX + 4)],
    ['cut', state.slice(0, -8)],
  ])('%s: no memory', (_, text) => {
    expect(decodeMemory(text, TEXT)).toBeNull();
  });

  test('any text, and any JSON in it, gives a memory or none, never an error', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom(2, TEXT, 'red', '', 'run_1', COMMIT, true));
    const state2 = fc.record({
      v: fc.constant(2),
      text: fc.constant(TEXT),
      shows: field,
      lost: field,
      commits: field,
      subjects: field,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue().map(packed), state2.map(packed)), (text) => {
        const read = decodeMemory(text, TEXT);
        const one = reported({ run: 'run_2', findings: matching(withIds('a')) });
        compare(one.findings, rememberedOf(read, one));
        expect(encodeMemory(nextMemory(read, [one], COMMIT, 'red'), TEXT).length).toBeLessThanOrEqual(
          STATE_MAX,
        );
      }),
    );
  });
});

describe('hidden in the comment', () => {
  const memory = nextMemory(null, [reported({ findings: matching(withIds('a')) })], COMMIT, 'red');
  const body = withMemory('<!-- alloovium:x -->\n### ❌ Red', memory);

  test('it is found again, whatever line ends GitHub stores', () => {
    expect(parseComment(body).memory).toEqual(again(memory));
    expect(parseComment(`${body.replaceAll('\n', '\r\n')}\r\n`)).toEqual(parseComment(body));
  });

  test.each([
    ['nothing', ''],
    ['a comment without it', '<!-- alloovium:x -->\n### ❌ Red'],
    ['one that was edited', body.replace('Red', 'Green')],
    ['one with a line more below', `${body}\nx`],
    ['one whose state is cut', body.replace(/.{9} -->$/, ' -->')],
  ])('there is none in %s', (_, text) => {
    expect(parseComment(text).memory).toBeNull();
  });

  test('tens of thousands of beginnings take linear time', () => {
    const beginnings = (count: number) => parseComment('\n\n<!-- alloovium-state:A'.repeat(count));
    expect(isLinear(beginnings, 10_000)).toBe(true);
  });
});
