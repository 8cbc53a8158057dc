import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../src/json.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import {
  compare,
  conditionsIn,
  gateFile,
  decodeState,
  readGateFile,
  encodeState,
  STATE_MAX,
} from '../../src/report/changes.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { Report } from '../../src/report/report.ts';
import { aReport, aResult, anItem, COMMIT, EARLIER_COMMIT, someResults } from './a-report.ts';

/** One condition whose matched items are these. */
function matching(matched: readonly JsonValue[], unmatched: readonly JsonValue[] | null = null): Finding[] {
  return [aResult({ result: matched.length > 0 ? 'holds' : 'does_not_hold', matched, unmatched })];
}

function withIds(...ids: readonly JsonValue[]): JsonObject[] {
  return ids.map((id) => ({ id, reason: `about ${JSON.stringify(id)}` }));
}

/** What an earlier push with these results left behind, after a trip through the comment. */
function earlierOf(results: readonly Finding[], runId = 'run_1') {
  return decodeState(encodeState(results, runId, EARLIER_COMMIT, null));
}

const json = (text: string) => parseJson(Buffer.from(text));
const resultsOf = ({ runs }: Report) => runs[0]?.findings ?? [];
const pieces = ({ verdict, runs: [run], commit }: Report) => [
  ...gateFile({
    gate: verdict.gate === 'not_evaluated' ? 'none' : verdict.gate,
    runId: run?.run?.id ?? '',
    workflowId: run?.workflowId ?? '',
    commit,
    results: (run?.findings ?? []).map(({ rows, unmatchedRows, ...finding }) => ({
      ...finding,
      matched: rows,
      unmatched: finding.unmatched === null ? null : unmatchedRows,
      notices: [],
    })),
  }),
];
const written = (report: Report) => pieces(report).join('');

describe('compare', () => {
  test('an item is new, still there or fixed by its identifying key', () => {
    const changes = compare(matching(withIds('b', 'c')), 'run_2', earlierOf(matching(withIds('a', 'b'))));
    expect(changes).toEqual({
      since: '3f9c1ab',
      fresh: 1,
      still: 1,
      fixed: 1,
      gone: 0,
      conditions: [
        {
          before: 2,
          items: {
            marks: ['still', 'new'],
            fixed: 1,
            gone: 0,
            fixedRows: [{ id: 'a', reason: 'about "a"' }],
          },
        },
      ],
    });
  });

  test('an item that a filter does not see any more is gone, not fixed', () => {
    const before = earlierOf(matching(withIds('a', 'b'), withIds('c')));
    expect(compare(matching([], withIds('b', 'c')), 'run_2', before)).toMatchObject({
      fixed: 1,
      gone: 1,
      conditions: [{ items: { fixed: 1, gone: 1, fixedRows: withIds('b') } }],
    });
    expect(compare(matching([], []), 'run_2', before)).toMatchObject({ fixed: 0, gone: 2 });
  });

  test('an empty text identifies nothing', () => {
    expect(compare(matching(withIds('')), 'run_2', earlierOf(matching(withIds(''))))).toMatchObject({
      conditions: [{ before: 1, items: null }],
    });
  });

  test('a fixed item that is still in the outputs is shown as it is now', () => {
    const now = anItem('x', 'compliant', 'signed');
    const before = [anItem('x', 'non-compliant', 'not signed')];
    const changes = compare(matching([], [now]), 'run_2', earlierOf(matching(before)));
    expect(changes?.conditions[0]?.items?.fixedRows).toEqual([now]);
  });

  test.each<[string, JsonValue[], JsonValue[], string]>([
    ['`id` before any other', [{ x_id: 1, id: 1 }], [{ x_id: 2, id: 1 }], 'still'],
    ['else the first `*_id` in data order', [{ b_id: 1, a_id: 1 }], [{ b_id: 1, a_id: 2 }], 'still'],
    [
      'a `*_id` that all items share is passed over',
      [
        { p_id: 1, d_id: 1 },
        { p_id: 1, d_id: 2 },
      ],
      [
        { p_id: 1, d_id: 1 },
        { p_id: 1, d_id: 2 },
      ],
      'still still',
    ],
    ['else `name`', [{ name: 'a', n: 1 }], [{ name: 'a', n: 2 }], 'still'],
    ['a number and the text of it are one', [{ id: 1 }], [{ id: '1' }], 'still'],
    ['the text of a number and it are one', [{ id: '1.0' }], [json('{"id":1.0}')], 'still'],
    [
      'numbers beyond 2^53 keep apart',
      [json('{"id":9007199254740993}')],
      [json('{"id":9007199254740992}')],
      'new',
    ],
    ['a first list: all are new', [], [{ id: 1 }, { id: 2 }], 'new new'],
    ['`__proto__` is a key like any other', [json('{"id":1,"__proto__":{"x":1}}')], [{ id: 1 }], 'still'],
  ])('%s', (_, before, now, marks) => {
    const changes = compare(matching(now), 'run_2', earlierOf(matching(before)));
    expect(changes?.conditions[0]?.items?.marks.join(' ')).toBe(marks);
  });

  test.each<[string, JsonValue[], JsonValue[]]>([
    ['items that are not all objects', [{ id: 1 }, 'x'], [{ id: 1 }, 'x']],
    ['no identifying key', [{ n: 1 }], [{ n: 1 }]],
    ['none is left of items without a key', [{ n: 1 }, { n: 1 }], []],
    ['a key that is doubled now', withIds('a'), withIds('a', 'a')],
    ['a key that was doubled then', withIds('a', 'a'), withIds('a')],
    ['a key that some items lack', [{ id: 1 }, { x: 1 }], [{ id: 1 }, { x: 1 }]],
    ['a key whose value is an object', [{ id: {} }], [{ id: {} }]],
    ['a number beside the text of it', [{ id: 1 }, { id: '1' }], [{ id: 1 }, { id: '1' }]],
    ['another key than then', [{ id: 1 }], [{ name: 'a' }]],
  ])('nothing is called new or fixed: %s', (_, before, now) => {
    expect(compare(matching(now), 'run_2', earlierOf(matching(before)))).toEqual({
      since: '3f9c1ab',
      fresh: 0,
      still: 0,
      fixed: 0,
      gone: 0,
      conditions: [{ before: before.length, items: null }],
    });
  });

  test.each<[string, Finding[], Finding[]]>([
    ['another condition', matching([]), someResults()],
    ['one that cannot be evaluated now', matching([]), [aResult({ result: 'cannot_be_evaluated' })]],
    ['one that could not be evaluated then', [aResult({ result: 'cannot_be_evaluated' })], matching([])],
    ['no condition now', matching([]), []],
  ])('there is nothing to compare with: %s', (_, before, now) => {
    expect(compare(now, 'run_2', earlierOf(before))).toBeNull();
  });

  test('without an earlier report there is nothing to compare', () => {
    expect(compare(someResults(), 'run_2', null)).toBeNull();
  });

  test('a condition is another one with another name or expression: to weaken it mends no document', () => {
    const condition = (name: string | null, expression: string) =>
      aResult({
        condition: { severity: 'fail', name, expression, line: 1 },
        result: 'holds',
        matched: withIds('a'),
      });
    const stillThere = (before: Finding, now: Finding) => compare([now], 'run_2', earlierOf([before]))?.still;
    expect(stillThere(condition('n', 'x'), condition('n', 'x'))).toBe(1);
    expect(stillThere(condition(null, 'x'), condition(null, 'x'))).toBe(1);
    expect(stillThere(condition('n', 'x'), condition('n', 'y'))).toBeUndefined();
    expect(stillThere(condition(null, 'x'), condition('x', 'x'))).toBeUndefined();
  });

  test('of two conditions of one name each is compared with its own', () => {
    const two = (...lists: JsonObject[][]) => lists.flatMap((list) => matching(list));
    const changes = compare(
      two(withIds('a'), withIds('b')),
      'run_2',
      earlierOf(two(withIds('a'), withIds('c'))),
    );
    expect(changes?.conditions.map((one) => one?.items?.marks)).toEqual([['still'], ['new']]);
  });
});

test('where no condition could be evaluated, what was known before is passed on', () => {
  const earlier = earlierOf(matching(withIds('a', 'b')));
  const broken = [aResult({ result: 'cannot_be_evaluated', matched: [], unmatched: null, problem: 'x' })];
  expect(decodeState(encodeState(broken, 'run_2', COMMIT, earlier))).toEqual(earlier);
});

describe('a run is never compared with itself', () => {
  const first = earlierOf(matching(withIds('a', 'b')));
  const second = matching(withIds('b', 'c'));

  test('reported twice, it is compared with the same earlier run twice', () => {
    const changes = compare(second, 'run_2', first);
    const again = decodeState(encodeState(second, 'run_2', COMMIT, first));
    expect(changes).not.toBeNull();
    expect(compare(second, 'run_2', again)).toEqual(changes);
    const thrice = decodeState(encodeState(second, 'run_2', COMMIT, again));
    expect(compare(second, 'run_2', thrice)).toEqual(changes);
  });

  test('a first report of a run is no baseline for it', () => {
    expect(compare(second, 'run_2', earlierOf(second, 'run_2'))).toBeNull();
  });

  test('nor is a state that claims to have compared a run with itself', () => {
    const state = JSON.parse(
      Buffer.from(encodeState(second, 'run_2', COMMIT, null), 'base64').toString(),
    ) as object;
    const forged = JSON.stringify({ ...state, before: (state as { last: object }).last });
    const earlier = decodeState(Buffer.from(forged).toString('base64'));
    expect(earlier?.before).not.toBeNull();
    expect(compare(second, 'run_2', earlier)).toBeNull();
  });

  test('a gate file of the same run is no baseline for it', () => {
    const report = aReport({ results: second, run: { id: 'run_2' } });
    expect(compare(second, 'run_2', readGateFile(json(written(report)), ''))).toBeNull();
  });

  test('an ending without a verdict in between forgets nothing', () => {
    const between = decodeState(encodeState([], 'run_x', COMMIT, first));
    expect(compare(second, 'run_2', between)).toEqual(compare(second, 'run_2', first));
  });
});

describe('remember', () => {
  const many = (count: number, size = 20) =>
    Array.from({ length: count }, (_, at) => ({
      id: `item-${at}`,
      reason: 'r'.repeat(size),
      more: { deep: 1 },
    }));

  test.each([0, 1, 10, 40, 80, 200, 400, 401, 5_000])(
    'the state of %d items is within its limit',
    (count) => {
      const first = decodeState(encodeState(matching(many(count, 300)), 'run_1', EARLIER_COMMIT, null));
      const state = encodeState(matching(many(count, 300)), 'run_2', COMMIT, first);
      expect(state.length).toBeLessThanOrEqual(STATE_MAX);
      expect(decodeState(state)?.last.conditions[0]?.count).toBe(count);
      expect(decodeState(state)?.before?.conditions[0]?.count).toBe(count);
    },
  );

  test('what is kept of an item is cut, and holds nothing nested', () => {
    const state = encodeState(matching(many(2, 5_000)), 'run_1', COMMIT, null);
    const [kept] = decodeState(state)?.last.conditions[0]?.items.values() ?? [];
    expect(Object.keys(kept ?? {})).toEqual(['id', 'reason']);
    expect(JSON.stringify(kept).length).toBeLessThan(150);
  });

  test('with more items it still tells new from fixed, but keeps no rows', () => {
    const earlier = decodeState(encodeState(matching(many(300, 200)), 'run_1', EARLIER_COMMIT, null));
    const changes = compare(matching(many(299, 200)), 'run_2', earlier);
    expect(changes).toMatchObject({ fresh: 0, still: 299, fixed: 1 });
    expect(changes?.conditions[0]?.items?.fixedRows).toEqual([]);
  });

  test('with too many it keeps their count, and nothing is called new or fixed', () => {
    const earlier = decodeState(encodeState(matching(many(2_000)), 'run_1', EARLIER_COMMIT, null));
    expect(compare(matching(many(1_999)), 'run_2', earlier)).toEqual({
      since: '3f9c1ab',
      fresh: 0,
      still: 0,
      fixed: 0,
      gone: 0,
      conditions: [{ before: 2_000, items: null }],
    });
  });

  describe('with too many conditions', () => {
    /** The `at`-th from the end matches these. */
    const gateOf = (count: number, lists: Readonly<Record<number, JsonObject[]>>): Finding[] =>
      Array.from({ length: count }, (_, line) => {
        const matched = lists[count - line] ?? [];
        const condition = { severity: 'fail', name: null, expression: `x${line}`, line } as const;
        return aResult({ condition, result: matched.length > 0 ? 'holds' : 'does_not_hold', matched });
      });

    test.each([200, 300, 2_000])('of %d it keeps as many as fit, those with items first', (count) => {
      const before = gateOf(count, { 1: withIds('a', 'b'), 5: withIds('c') });
      const state = encodeState(before, 'run_1', EARLIER_COMMIT, earlierOf(before, 'run_0'));
      expect(state.length).toBeGreaterThan(STATE_MAX - 100);
      expect(state.length).toBeLessThanOrEqual(STATE_MAX);
      expect(conditionsIn(state)).toBeGreaterThan(150);
      expect(conditionsIn(state)).toBeLessThanOrEqual(count);
      const now = gateOf(count, { 1: withIds('b', 'd'), [count]: withIds('e') });
      expect(compare(now, 'run_2', decodeState(state))).toMatchObject({
        since: '3f9c1ab',
        fresh: 2,
        still: 1,
        fixed: 2,
      });
    });

    test('it rather forgets what they were compared with than one of them', () => {
      const before = gateOf(150, { 1: withIds('a') });
      const state = encodeState(before, 'run_1', EARLIER_COMMIT, earlierOf(before, 'run_0'));
      expect(conditionsIn(state)).toBe(150);
      expect(decodeState(state)?.before).toBeNull();
    });

    test('whose items do not fit, it keeps counts', () => {
      const lists = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [at + 1, many(20)]));
      const earlier = earlierOf(gateOf(300, lists));
      const known = compare(gateOf(300, lists), 'run_2', earlier)?.conditions.slice(200);
      expect(known).toEqual(Array.from({ length: 100 }, () => ({ before: 20, items: null })));
    });

    test('an ordinary gate is remembered whole', () => {
      const results = someResults();
      expect(conditionsIn(encodeState(results, 'run_1', COMMIT, null))).toBe(results.length);
      expect(conditionsIn('')).toBe(0);
    });
  });

  test('nothing judged and nothing known: no state', () => {
    expect(encodeState([], '', COMMIT, null)).toBe('');
  });

  test('nothing in it can end an HTML comment, mention or link, whatever the items say', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const items = texts.map((text, id) => ({ id, text, [text]: `--> @a #1 ${text}` }));
        expect(encodeState(matching(items), 'run_1', COMMIT, null)).toMatch(/^[A-Za-z0-9+/]*=*$/);
      }),
    );
  });
});

describe('recall: state from outside', () => {
  const state = encodeState(matching(withIds('a', 'b')), 'run_1', EARLIER_COMMIT, null);
  const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
  const whole = JSON.parse(Buffer.from(state, 'base64').toString()) as { last: { conditions: object[] } };
  const condition = whole.last.conditions[0];
  const withCondition = (change: object) =>
    packed({ ...whole, last: { ...whole.last, conditions: [{ ...condition, ...change }] } });

  test('reads what was remembered', () => {
    expect(decodeState(state)?.last).toMatchObject({ runId: 'run_1', commit: EARLIER_COMMIT });
    expect(decodeState(withCondition({}))).toEqual(decodeState(state));
  });

  test.each([
    ['nothing', ''],
    ['no base64', '{"v":1}'],
    ['no JSON', Buffer.from('{').toString('base64')],
    ['no object', packed([])],
    ['another version', packed({ ...whole, v: 2 })],
    ['no last', packed({ v: 1, before: null })],
    ['a damaged before', packed({ ...whole, before: {} })],
    ['a run id that is none', packed({ ...whole, last: { ...whole.last, run: '../x' } })],
    ['a commit that is none', packed({ ...whole, last: { ...whole.last, commit: '@acme/all' } })],
    ['conditions that are no list', packed({ ...whole, last: { ...whole.last, conditions: {} } })],
    ['a condition that is none', packed({ ...whole, last: { ...whole.last, conditions: [1] } })],
    ['a negative count', withCondition({ count: -1 })],
    ['a count that is no whole number', withCondition({ count: 1.5 })],
    ['a count that is not that of the items', withCondition({ count: 3 })],
    ['an item that is no digest', withCondition({ rows: ['x', 'y'] })],
    ['an item twice', withCondition({ rows: ['AAAAAAAAAAAA', 'AAAAAAAAAAAA'] })],
    [
      'a row that is no object',
      withCondition({
        rows: [
          ['AAAAAAAAAAAA', 1],
          ['BBBBBBBBBBBB', 1],
        ],
      }),
    ],
    ['rows that are no list', withCondition({ rows: 'x' })],
    ['a key that is no text', withCondition({ key: 1 })],
    ['rows without a key', withCondition({ key: null })],
    ['an id that is no digest', withCondition({ id: 'x' })],
    ['too long', 'A'.repeat(STATE_MAX + 4)],
    ['cut', state.slice(0, -8)],
  ])('%s: no comparison', (_, text) => {
    expect(decodeState(text)).toBeNull();
  });

  test('any text, and any JSON in it, gives a state or none, never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue().map(packed)), (text) => {
        const earlier = decodeState(text);
        compare(someResults(), 'run_2', earlier);
        expect(encodeState(someResults(), 'run_2', COMMIT, earlier).length).toBeLessThanOrEqual(STATE_MAX);
      }),
    );
  });
});

describe('the gate file', () => {
  const report = aReport({ run: { id: 'run_1' } });

  test('holds each condition with its result and all matched items', () => {
    expect(JSON.parse(written(report))).toEqual({
      version: 1,
      gate: 'failed',
      run_id: 'run_1',
      workflow_id: report.runs[0]!.workflowId,
      commit: COMMIT,
      conditions: [
        {
          severity: 'fail',
          name: 'not compliant',
          expression: "outputs.items.filter(i, i.status != 'compliant')",
          line: 1,
          result: 'holds',
          matched_count: 2,
          of: 5,
          identified_by: 'document_id',
          matched: resultsOf(report)[0]?.rows,
          problem: null,
        },
        {
          severity: 'fail',
          name: 'nothing reviewed',
          expression: 'size(outputs.items) == 0',
          line: 2,
          result: 'does_not_hold',
          matched_count: 0,
          of: null,
          identified_by: null,
          matched: [],
          problem: null,
        },
      ],
    });
  });

  test('says which key tells the items apart, also where only one matched', () => {
    const items = (bad: number) =>
      [1, 2, 3].map((at) => ({ project_id: 'p', doc_id: `d${at}`, status: at === bad ? 'bad' : 'ok' }));
    const results = (bad: number) => [
      aResult({
        result: 'holds',
        matched: items(bad).filter(({ status }) => status === 'bad'),
        unmatched: items(bad).filter(({ status }) => status === 'ok'),
      }),
    ];
    const baseline = readGateFile(json(written(aReport({ results: results(1) }))), '');
    expect(compare(results(2), 'run_2', baseline)).toMatchObject({ fresh: 1, still: 0, fixed: 1 });
  });

  test('numbers keep their source text', () => {
    const results = matching([json('{"id":1.0,"big":12345678901234567890}')]);
    expect(written(aReport({ results }))).toContain('{"id":1.0,"big":12345678901234567890}');
  });

  test('serves as a baseline, with all of its rows', () => {
    const baseline = readGateFile(json(written(report)), '');
    const items = [anItem('new', 'non-compliant', 'x'), ...(resultsOf(report)[0]?.rows ?? []).slice(1)];
    const changes = compare(someResults(items as JsonObject[]), 'run_2', baseline);
    expect(changes).toMatchObject({ since: COMMIT.slice(0, 7), fresh: 1, still: 1, fixed: 0, gone: 1 });
    const flagged = someResults(items as JsonObject[]).map((one) => ({
      ...one,
      unmatched: null,
      unmatchedIds: [],
    }));
    expect(compare(flagged, 'run_2', baseline)?.conditions[0]?.items?.fixedRows).toEqual(
      resultsOf(report)[0]?.rows.slice(0, 1),
    );
  });

  test('without a commit it is called the baseline', () => {
    const baseline = readGateFile(json(written(aReport({ commit: '', run: { id: 'run_1' } }))), '');
    expect(compare(someResults(), 'run_2', baseline)?.since).toBe('the baseline');
  });

  const whole = JSON.parse(written(report)) as Record<string, JsonValue> & { conditions: JsonObject[] };
  test.each<[string, JsonValue]>([
    ['no object', []],
    ['another version', { ...whole, version: 2 }],
    ['no run', { ...whole, run_id: '' }],
    ['a commit that is none', { ...whole, commit: 'main' }],
    ['no condition', { ...whole, conditions: [] }],
    ['conditions that are no list', { ...whole, conditions: 1 }],
    ['a condition that is none', { ...whole, conditions: [null] }],
    ['an unknown result', { ...whole, conditions: [{ ...whole.conditions[0], result: 'maybe' }] }],
    ['no expression', { ...whole, conditions: [{ ...whole.conditions[0], expression: null }] }],
    ['matches that are no list', { ...whole, conditions: [{ ...whole.conditions[0], matched: {} }] }],
    ['a name that is no text', { ...whole, conditions: [{ ...whole.conditions[0], name: 1 }] }],
  ])('%s: no baseline', (_, value) => {
    expect(readGateFile(value, '')).toBeNull();
  });

  test('of another workflow it is no baseline; where either is not known, it is', () => {
    const file = json(written(report));
    expect(readGateFile(file, report.runs[0]!.workflowId)).not.toBeNull();
    expect(readGateFile(file, 'wf_other')).toBeNull();
    expect(readGateFile({ ...whole, workflow_id: '' }, 'wf_other')).not.toBeNull();
  });

  test('comes in pieces none of which grows with the number of items', () => {
    const many = aReport({ results: matching(Array.from({ length: 400 }, (_, id) => ({ id }))) });
    const all = pieces(many);
    expect(Math.max(...all.map(({ length }) => length))).toBeLessThan(300);
    expect((JSON.parse(all.join('')) as typeof whole).conditions[0]?.matched).toHaveLength(400);
  });
});
