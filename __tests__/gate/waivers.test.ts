import { describe, expect, test } from '@jest/globals';
import { applyWaivers, formatWaiversToCopy, readWaivers } from '../../src/gate/waivers.ts';
import type { JsonValue } from '../../src/json.ts';
import type { Fault } from '../../src/outcome.ts';
import { item, items, result, reviewGate, waiver } from './reviews.ts';

describe('reading `waivers`', () => {
  const whole = { match: { doc: 'a', clause: '08 11 13' }, because: 'Agreed' };

  test('reads all keys', () => {
    const list = [{ ...whole, until: '2026-12-31', condition: 'doors', count: '3' }, whole];
    const [first, second] = readWaivers(list);
    expect(first).toEqual(waiver({ doc: 'a', clause: '08 11 13' }, { until: '2026-12-31', condition: 'doors', count: 3 }));
    expect(second).toMatchObject({ until: null, condition: null, count: 1 });
  });

  // prettier-ignore
  test.each<[title: string, list: JsonValue, message: string, item: number | undefined]>([
    ['no list', whole, 'must be a list', undefined],
    ['more than 500', Array.from({ length: 501 }, () => whole), 'has 501 waivers; 500 are allowed', undefined],
    ['a string', [whole, 'a'], 'has waiver 2 without `match: { … }`', 1],
    ['no `match`', [{ because: 'Agreed' }], 'has waiver 1 without `match: { … }`', 0],
    ['one field', [{ ...whole, match: { doc: 'a' } }], 'has waiver 1 with fewer than two fields in `match`', 0],
    ['an empty field', [{ ...whole, match: { doc: 'a', clause: ' ' } }], 'whose `match` is empty or not a string', 0],
    ['a field that is a list', [{ ...whole, match: { doc: 'a', clause: ['1'] } }], 'whose `match` is empty or not a string', 0],
    ['no reason', [{ match: whole.match }], 'has waiver 1 without `because`', 0],
    ['an invisible reason', [{ ...whole, because: '\u200b' }], 'whose `because` is empty or not a string', 0],
    ['an empty `until`', [{ ...whole, until: '' }], 'whose `until` is empty', 0],
    ['a `until` of null', [{ ...whole, until: null }], 'whose `until` is empty', 0],
    ['a day that does not exist', [{ ...whole, until: '2026-02-30' }], 'whose `until` is not a day such as `2026-12-31`', 0],
    ['an empty `condition`', [{ ...whole, condition: '' }], 'whose `condition` is empty', 0],
    ['a `count` of 0', [{ ...whole, count: '0' }], 'whose `count` is not a whole number from 1 to 1000', 0],
    ['a `count` of 1,001', [{ ...whole, count: '1001' }], 'whose `count` is not a whole number from 1 to 1000', 0],
    ['a misspelt key', [{ ...whole, untill: '2026-12-31' }], 'has waiver 1 with an unknown key "untill": did you mean `until`?', 0],
    ['a reason by another name', [{ match: whole.match, reason: 'Agreed' }], 'an unknown key "reason": did you mean `because`?', 0],
    ['an unknown key', [{ ...whole, reviewer: 'Ann' }], 'has waiver 1 with an unknown key "reviewer"', 0],
  ])('refuses %s', (_title, list, message, item) => {
    expect(() => readWaivers(list)).toThrow(message);
    try { readWaivers(list); } catch (fault) { expect((fault as Fault).item).toBe(item); }
  });
});

describe('a waiver', () => {
  const A1 = { doc: 'a', clause: '1' };
  const waive = (found: ReturnType<typeof items>, waivers: Parameters<typeof applyWaivers>[1], name: string | null = 'doors') => {
    const { matched, waived, used } = applyWaivers(result(found, { name }), waivers, '2026-11-26', () => undefined);
    return { left: matched.map(({ remark }) => remark), waived: waived.length, used: [...used].map((one) => waivers.indexOf(one)) };
  };
  const ended = { code: 'waiver_ended', until: '2026-11-25' };
  const exceeded = { code: 'waiver_exceeded', items: 2, count: 1 };

  // prettier-ignore
  test.each<[title: string, found: string[], waivers: ReturnType<typeof waiver>[], expected: ReturnType<typeof waive>]>([
    ['accepts a finding with its fields', ['a 1', 'b 2'], [waiver(A1)], { left: [null], waived: 1, used: [0] }],
    ['accepts none of which one field differs', ['a 2'], [waiver(A1)], { left: [null], waived: 0, used: [] }],
    ['applies on its last day', ['a 1'], [waiver(A1, { until: '2026-11-26' })], { left: [], waived: 1, used: [0] }],
    ['has no effect once it has ended', ['a 1'], [waiver(A1, { until: '2026-11-25' })], { left: [ended], waived: 0, used: [0] }] as never,
    ['accepts none where it fits more than its count', ['a 1', 'a 1'], [waiver(A1)], { left: [exceeded, exceeded], waived: 0, used: [0] }] as never,
    ['accepts as many as its count', ['a 1', 'a 1'], [waiver(A1, { count: 2 })], { left: [], waived: 2, used: [0] }],
    ['applies to its condition', ['a 1'], [waiver(A1, { condition: 'doors' })], { left: [], waived: 1, used: [0] }],
    ['does not apply to another condition', ['a 1'], [waiver(A1, { condition: 'hazards' })], { left: [null], waived: 0, used: [] }],
    ['accepts what an ended one does not', ['a 1'], [waiver(A1, { until: '2026-11-25' }), waiver(A1)], { left: [], waived: 1, used: [0, 1] }],
    ['leaves to the first that fits', ['a 1 x', 'a 1 y'], [waiver({ ...A1, status: 'x' }), waiver(A1)], { left: [], waived: 2, used: [0, 1] }],
    ['accepts none that an exceeded one before it fits', ['a 1 x', 'a 1 y'], [waiver(A1), waiver({ ...A1, status: 'x' })], { left: [exceeded, exceeded], waived: 0, used: [0, 1] }] as never,
  ])('%s', (_title, found, waivers, expected) => {
    expect(waive(items(...found), waivers)).toEqual(expected);
  });

  test('compares numbers as typed, and no empty field', () => {
    const found = [{ doc: 7, clause: '1' }, { doc: '', clause: '1' }]; // prettier-ignore
    expect(waive(found, [waiver({ doc: '7', clause: '1' })])).toMatchObject({ left: [null], waived: 1 });
  });

  test('accepts its count in each condition', () => {
    const both = [result(items('a 1'), { name: 'x' }), result(items('a 1'), { name: 'y' })];
    const { conditions } = reviewGate(both, { waivers: [waiver(A1)] });
    expect(conditions.map(({ counts, isFailing }) => [counts.waived, isFailing])).toEqual([[1, false], [1, false]]); // prettier-ignore
  });

  test('makes a list not true that has only waived items', () => {
    const [finding] = reviewGate([result(items('a 1'))], { waivers: [waiver(A1)] }).conditions;
    expect(finding).toMatchObject({ result: 'not_met', isFailing: false, counts: { found: 0, waived: 1 } });
    expect(finding!.waived[0]!.waiver.because).toBe('Agreed');
  });

  test('is counted among those that match nothing', () => {
    const { unusedWaivers } = reviewGate([result(items('a 1'))], { waivers: [waiver({ doc: 'z', clause: '9' }), waiver(A1)] });
    expect(unusedWaivers).toEqual([0]);
  });

  test.each<[until: string, endingWaivers: string[]]>([
    ['2026-11-25', []],
    ['2026-11-26', ['2026-11-26']],
    ['2026-12-10', ['2026-12-10']],
    ['2026-12-11', []],
  ])('that ends on %s is noticed on 26 November if it ends within 14 days', (until, endingWaivers) => {
    expect(reviewGate([result(items('a 1'))], { waivers: [waiver({ doc: 'a', clause: '1' }, { until })] }).endingWaivers).toEqual(
      endingWaivers,
    );
  });
});

describe('waivers to copy', () => {
  const ID = '4a1c2b3d-7e8f-4a9b-8c0d-1e2f3a4b5c6d';
  const offer = (found: JsonValue, knownBy = ['document_id', 'clause'], condition: string | null = null, entry = '') =>
    formatWaiversToCopy([{ entry, item: found, knownBy, condition }]);

  test('have whole values, quoted, and an empty reason', () => {
    const yaml = offer({ document_id: ID, clause: "8'" }, ['document_id', 'clause'], 'not compliant', 'doors');
    const lines = ['- match: # doors', `    document_id: '${ID}'`, "    clause: '8'''", "  condition: 'not compliant'", "  because: ''"];
    expect(yaml).toBe(lines.join('\n'));
  });

  // prettier-ignore
  test.each<[title: string, found: JsonValue, knownBy: string[]]>([
    ['an expression of GitHub', { document_id: ID, clause: '${{ secrets.KEY }}' }, ['document_id', 'clause']],
    ['a newline', { document_id: ID, clause: 'a\n- b' }, ['document_id', 'clause']],
    ['a carriage return', { document_id: ID, clause: 'a\rb' }, ['document_id', 'clause']],
    ['a line separator', { document_id: ID, clause: 'a\u2028b' }, ['document_id', 'clause']],
    ['a character that reverses the text', { document_id: ID, clause: 'a\u202eb' }, ['document_id', 'clause']],
    ['an HTML comment', { document_id: ID, clause: '<!-- a' }, ['document_id', 'clause']],
    ['an empty field', { document_id: ID, clause: '' }, ['document_id', 'clause']],
    ['a long text', { document_id: ID, clause: 'x'.repeat(201) }, ['document_id', 'clause']],
    ['no `known_by`', { document_id: ID, clause: '1' }, []],
  ])('are not offered for %s', (_title, found, knownBy) => {
    expect(offer(found, knownBy)).toBe('');
  });

  test('are at most 20', () => {
    const many = Array.from({ length: 30 }, (_, nth) => ({
      entry: '',
      item: item(`a ${nth}`),
      knownBy: ['doc', 'clause'],
      condition: null,
    }));
    expect(formatWaiversToCopy(many).match(/- match/g)).toHaveLength(20);
  });

  test('quote fields that YAML would read differently', () => {
    expect(offer({ 'a: b': '1', no: '2' }, ['a: b', 'no'])).toContain("    'a: b': '1'\n    'no': '2'");
  });
});
