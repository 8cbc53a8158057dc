import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { Finding } from '../../src/gate/finding.ts';
import { digest, NO_FINGERPRINT } from '../../src/gate/item-identity.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { compareWithReport } from '../../src/report/changes.ts';
import { MAX_COMMENT_LENGTH } from '../../src/comment/text.ts';
import {
  MAX_HIDDEN_LENGTH,
  isTextWhole,
  parseComment,
  MAX_STATE_LENGTH,
  appendMemory,
  type Memory,
  type Writer,
} from '../../src/comment/memory.ts';
import { createSnapshot } from '../../src/comment/snapshot.ts';
import { anyText } from '../support/arbitrary-text.ts';
import { isLinear } from '../cpu-time.ts';
import { aResult, COMMIT, EARLIER_COMMIT } from '../report/a-report.ts';

const TEXT = '<!-- alloovium:x -->\n### ❌ Red';
const WRITER: Writer = {
  id: digest('us'),
  review: digest('review'),
  judged: digest('run and gate'),
  jobRun: '17',
  attempt: 1,
  createdAt: new Map([[digest(''), 1_700_000_000_000]]),
};

/** A memory of these runs. */
function remembering(runs: Readonly<Record<string, readonly Finding[]>>): Memory {
  const accepted = Object.entries(runs).map(([name, findings], at) => {
    const run = { madeAt: 1_700_000_000_000 + at, commit: EARLIER_COMMIT };
    return [digest(name), createSnapshot(findings, run)] as const;
  });
  const about = {
    commit: COMMIT,
    author: WRITER,
    text: digest(TEXT),
    contentDigest: digest('text'),
    isWarned: true,
    red: [WRITER],
  };
  return { ...about, runs: new Map(accepted) };
}
const again = (memory: Memory) => parseComment(appendMemory(TEXT, memory)).memory;
const lastOf = (memory: Memory | null, name = '') => memory?.runs.get(digest(name)) ?? null;

const KNOWN_BY = ['id', 'kind'];
const matching = (matched: readonly JsonValue[]): Finding[] => [
  aResult({ result: matched.length > 0 ? 'holds' : 'does_not_hold', matched, knownBy: KNOWN_BY }),
];
const many = (count: number, size = 20, from = 0): JsonObject[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `item-${from + at}`,
    kind: 'door',
    reason: 'r'.repeat(size),
    more: { deep: 1 },
  }));
/** The `at`-th of so many conditions matches these. */
const gateOf = (count: number, lists: Readonly<Record<number, JsonObject[]>>): Finding[] =>
  Array.from({ length: count }, (_, line) => {
    const matched = lists[line] ?? [];
    const condition = { severity: 'fail', name: null, expression: `x${line}`, line } as const;
    const result = matched.length > 0 ? 'holds' : 'does_not_hold';
    return aResult({ condition, result, matched, knownBy: KNOWN_BY });
  });

describe('what a comment remembers', () => {
  const memory = remembering({ '': matching(many(2)) });

  test('is read back as it was written', () => {
    expect(parseComment(appendMemory(TEXT, memory))).toEqual({ visible: TEXT, memory });
  });

  test('truncates the kept items, and keeps nothing nested', () => {
    const [kept] = lastOf(again(remembering({ '': matching(many(1, 5_000)) })))!.conditions[0]!.items.values();
    expect(Object.keys(kept ?? {})).toEqual(['id', 'kind', 'reason']);
    expect(JSON.stringify(kept).length).toBeLessThan(150);
  });

  test('keeps the first field of `columns`, also a path', () => {
    const [item] = many(1);
    const columns = new Map([[null, ['more.deep', 'id']]]);
    const run = { madeAt: 1, commit: EARLIER_COMMIT };
    const then = createSnapshot(matching([{ ...item, more: { deep: 'Door D1' } }]), run, columns);
    expect([...then.conditions[0]!.items.values()]).toMatchObject([{ 'more.deep': 'Door D1' }]);
  });

  test.each<[string, JsonObject, kept: readonly string[]]>([
    ['short values and its identifying fields', { a: 'x', b: 1, c: true, d: null, id: 'i' }, ['a', 'b', 'c', 'id']],
    ['the first four of them', { a: 1, b: 2, c: 3, d: 4, e: 5, id: 'i' }, ['a', 'b', 'c', 'd', 'id']],
    ['names of up to 60 characters', { ['n'.repeat(60)]: 1, ['m'.repeat(61)]: 2 }, ['n'.repeat(60)]],
  ])('keeps of an item %s', (_, item, kept) => {
    const run = { madeAt: 1, commit: EARLIER_COMMIT };
    const [row] = createSnapshot(matching([{ ...item, id: 'i', kind: 'k' }]), run).conditions[0]!.items.values();
    expect(Object.keys(row ?? {}).filter((name) => name !== 'kind' && (kept.includes('id') || name !== 'id'))).toEqual(kept);
  });

  test('leaves out a condition that cannot be evaluated', () => {
    const broken = aResult({ result: 'cannot_be_evaluated' });
    expect(lastOf(again(remembering({ '': [broken, ...gateOf(1, {})] })))?.conditions).toHaveLength(1);
  });

  test('leaves out an item without a fingerprint, and keeps the others', () => {
    const matched = [{ id: 'a', room: 1 }, { id: 'b' }];
    const ids = digest('a, 1') + NO_FINGERPRINT;
    const finding = { ...aResult({ result: 'holds', matched }), key: 'id, room', ids };
    const [known] = lastOf(again(remembering({ '': [finding] })))!.conditions;
    expect(known?.count).toBe(2);
    expect([...(known?.items.values() ?? [])]).toEqual([{ id: 'a', room: 1 }]);
  });

  test.each([
    ['no comment', () => ''],
    ['a comment without a state', () => TEXT],
    ['a comment whose state is truncated', (body: string) => body.replace(/.{9} -->$/, ' -->')],
    ['a comment that has its state twice', (body: string) => `${body}\n${body.split('\n').at(-1)!}`],
    ['a comment with the state of another comment', (body: string) => body.replace(/^.*/, '<!-- alloovium:y -->')],
  ])('is null for %s', (_, change) => {
    expect(parseComment(change(appendMemory(TEXT, memory))).memory).toBeNull();
  });

  test.each([
    ['that was not edited', (body: string) => body, TEXT],
    ['with a changed word', (body: string) => body.replace('Red', 'Green'), TEXT.replace('Red', 'Green')],
    ['with another line below it', (body: string) => `${body}\nx`, `${TEXT}\n\nx`],
  ])('keeps the list of red writers in a text %s, and reports whether the text was edited', (_, change, text) => {
    const { visible, memory: found } = parseComment(change(appendMemory(TEXT, memory)));
    expect(visible).toBe(text);
    expect(found).toEqual(memory);
    expect(isTextWhole(visible, found!)).toBe(text === TEXT);
    // Written again around what it remembers, it is edited still.
    expect(parseComment(appendMemory(visible, found!))).toEqual({ visible, memory });
  });

  test('takes linear time in a text with tens of thousands of openings of a hidden line', () => {
    const seal = '0'.repeat(32);
    const beginnings = (count: number) => parseComment(`\n\n<!-- alloovium-state:${seal}.A`.repeat(count));
    expect(isLinear(beginnings, 10_000)).toBe(true);
  });
});

describe('what a comment remembers, within its size limit', () => {
  const changed = (before: readonly Finding[], now: readonly Finding[]) =>
    compareWithReport(now, lastOf(again(remembering({ '': before }))));
  const still = (count: number) => ({
    itemStates: Array.from({ length: count }, () => 'still'),
    before: count,
    removed: new Map(),
  });

  test.each([1, 10, 40, 80, 200, 400, 401, 700])('finds which of %d items are new and which no longer match', (count) => {
    const now = matching(many(count, 300, 1));
    const [found] = changed(matching(many(count, 300)), now)?.conditions ?? [];
    expect(found?.itemStates?.filter((mark) => mark === 'new')).toHaveLength(1);
    expect(found).toHaveProperty('removed.size', 1);
  });

  test.each([250, 400, 700])('keeps the fingerprints of %d items whose texts do not compress', (count) => {
    const hash = (text: string) => createHash('sha512').update(text).digest('base64');
    const items = Array.from({ length: count }, (_, at) => ({
      id: at,
      kind: hash(`kind ${at}`),
      reason: hash(`reason ${at}`),
      place: hash(`place ${at}`),
    }));
    const [found] = changed(matching(items), matching(items))?.conditions ?? [];
    expect(found?.itemStates?.filter((state) => state === 'still')).toHaveLength(count);
  });

  test('keeps only the count of too many items', () => {
    const now = matching(many(1_999));
    expect(changed(matching(many(2_000)), now)?.conditions).toEqual([{ itemStates: null, before: 2_000, removed: new Map() }]);
  });

  test('keeps a few of thousands of items, for one run and for many', () => {
    const two = gateOf(2, { 0: many(5_000), 1: many(3) });
    expect(changed(two, two)?.conditions[1]).toMatchObject(still(3));
    const runs = remembering({ many: matching(many(5_000)), few: matching(many(1)) });
    expect(compareWithReport(matching(many(1)), lastOf(again(runs), 'few'))?.conditions[0]).toMatchObject(still(1));
  });

  test('keeps the items of twenty runs with as many items as a report shows', () => {
    const names = Array.from({ length: 20 }, (_, at) => `run ${at}`);
    const runs = Object.fromEntries(names.map((name) => [name, matching(many(20))]));
    const memory = again(remembering(runs));
    for (const name of names) expect(compareWithReport(matching(many(20)), lastOf(memory, name))?.conditions[0]).toMatchObject(still(20));
  });

  test('keeps the list of red writers with twenty runs of two hundred conditions', () => {
    const names = Array.from({ length: 20 }, (_, at) => `run ${at}`);
    const full = {
      ...remembering(Object.fromEntries(names.map((name) => [name, gateOf(200, { 3: many(50) })]))),
    };
    const red = Array.from({ length: 20 }, (_, at) => ({
      ...WRITER,
      id: digest(`${at}`),
      review: digest(`v${at}`),
      judged: digest(`r${at}`),
      createdAt: new Map(names.map((name, nth) => [digest(`${name} of ${at}`), 1_700_000_000_000 + 7_919 * nth])),
    }));
    expect(again({ ...full, red })?.red).toEqual(red);
  });

  test('contains no end of an HTML comment, no mention and no link, for any items', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (texts) => {
        const list = texts.map((text, id) => ({ id, text, [text]: `--> @a #1 ${text}` }));
        const body = appendMemory(TEXT, remembering({ '': matching(list) }));
        const [hidden = ''] = body.split('\n').slice(-1);
        expect(hidden).toMatch(/^<!-- alloovium-state:[0-9a-f]{32}\.[A-Za-z0-9+/]+=* -->$/);
        expect(hidden.length).toBeLessThanOrEqual(MAX_HIDDEN_LENGTH);
        expect(parseComment(body).memory).not.toBeNull();
      }),
    );
  });
});

describe('a state sealed by another writer with the same bot', () => {
  /** As the state is written, but of these fields. */
  function planted(state: unknown): Memory | null {
    const packed = deflateRawSync(typeof state === 'string' ? state : JSON.stringify(state)).toString('base64');
    const [firstLine = ''] = TEXT.split('\n');
    const seal = sealOf(firstLine + packed);
    return parseComment(`${TEXT}\n\n<!-- alloovium-state:${seal}.${packed} -->`).memory;
  }
  const sealOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

  const known = { id: digest('c'), count: 1, key: 'id', items: { [digest('i')]: { id: 'i' } } };
  const run = { of: digest(''), madeAt: 1, commit: COMMIT, conditions: [known] };
  const writer = { ...WRITER, createdAt: { [digest('')]: 1 } };
  const whole = {
    commit: COMMIT,
    author: writer,
    text: digest(''),
    says: digest(''),
    isWarned: false,
    red: [writer],
    runs: [run],
  };
  const withRun = (change: object) => ({ ...whole, runs: [{ ...run, ...change }] });
  const withKnown = (change: object) => withRun({ conditions: [{ ...known, ...change }] });

  test('is used if it has the right form', () => {
    expect(planted(whole)?.runs.get(digest(''))?.conditions[0]?.items.get(digest('i'))).toEqual({ id: 'i' });
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['a list', []],
    ['an invalid commit', { ...whole, commit: '@acme/all' }],
    ['no author', { ...whole, author: undefined }],
    ['a writer whose ID is no digest', { ...whole, red: [{ ...writer, id: 'x' }] }],
    ['a writer whose review is no digest', { ...whole, red: [{ ...writer, review: 'x' }] }],
    ['a writer without a valid job run', { ...whole, red: [{ ...writer, jobRun: 'x' }] }],
    ['a negative attempt', { ...whole, red: [{ ...writer, attempt: -1 }] }],
    ['a writer without the times of its runs', { ...whole, red: [{ ...writer, createdAt: undefined }] }],
    ['a run of a writer without a name', { ...whole, red: [{ ...writer, createdAt: { x: 1 } }] }],
    ['a text that is no digest', { ...whole, text: 'x' }],
    ['an object for the list of red writers', { ...whole, red: {} }],
    ['a text for runs', { ...whole, runs: 'x' }],
    ['a run whose key is no digest', withRun({ of: 'x' })],
    ['a run without a time', withRun({ madeAt: null })],
    ['conditions that are no list', withRun({ conditions: {} })],
    ['a condition whose ID is no digest', withKnown({ id: 'x' })],
    ['a count that is a fraction', withKnown({ count: 1.5 })],
    ['a count below that of the items', withKnown({ count: 0 })],
    ['an item whose key is no digest', withKnown({ items: { x: null } })],
    ['a number for a kept item', withKnown({ items: { [digest('i')]: 1 } })],
    ['a number for `known_by`', withKnown({ key: 1 })],
    ['more than 2 MB once it is inflated', { ...whole, more: 'x'.repeat(2_000_000) }],
  ])('is ignored if it has %s', (_, state) => {
    expect(planted(state)).toBeNull();
  });

  test('is used or ignored without an error, for any JSON in any field', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom(COMMIT, digest(''), writer, [run], [writer]));
    const fields = fc.record({
      commit: field,
      author: field,
      text: field,
      says: field,
      red: field,
      runs: field,
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fields), (state) => {
        const memory = planted(state);
        compareWithReport(matching(many(1)), lastOf(memory));
        if (memory !== null) expect(again(memory)).not.toBeNull();
      }),
    );
  });

  test('fits into the size of a comment', () => {
    expect(MAX_STATE_LENGTH).toBeLessThan(MAX_HIDDEN_LENGTH);
    expect(MAX_HIDDEN_LENGTH).toBeLessThan(MAX_COMMENT_LENGTH / 4);
  });
});
