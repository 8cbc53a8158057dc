import { describe, expect, test } from '@jest/globals';
import { item, items, keep, result, reviewGate } from './reviews.ts';

describe('a finding', () => {
  test('counts all and keeps the first 400, new ones first', () => {
    const known = Array.from({ length: 1_000 }, (_, nth) => item(`a ${nth}`));
    const [finding] = reviewGate([result([...known, item('z 1')])], { baseline: keep([result(known)]) }).review.findings;
    expect(finding!.counts).toMatchObject({ matched: 1_001, new: 1, known: 1_000 });
    expect(finding!.items).toHaveLength(400);
    expect(finding!.items[0]).toMatchObject({ isKnown: false, value: { doc: 'z' } });
  });

  test('has a digest of each item, in the order of the items', () => {
    const { findings } = reviewGate([result(items('a 1', 'b _'))], { baseline: keep([result(items('a 1'))]) }).review;
    expect(findings[0]!.items.map(({ isKnown }) => isKnown)).toEqual([false, true]);
    expect(findings[0]!.digests).toEqual(['', expect.stringMatching(/^.{12}$/)]);
  });

  test('has no digests without `known_by`', () => {
    const [finding] = reviewGate([result(items('a 1'))], { knownBy: new Map() }).review.findings;
    expect(finding).toMatchObject({ digests: [], knownBy: [], counts: { new: null }, isFailing: true });
  });

  test('keeps at most 256 KiB of JSON, and always one item', () => {
    const long = { ...item('a 1'), reason: 'x'.repeat(30_000) };
    const [some] = reviewGate([result(Array.from({ length: 20 }, () => long))]).review.findings;
    expect(some!.items).toHaveLength(8);
    const [one] = reviewGate([result([{ ...item('a 1'), reason: 'x'.repeat(1_000_000) }])]).review.findings;
    expect(JSON.stringify(one!.items).length).toBeLessThan(40_000);
    expect(one!.items[0]!.value).toMatchObject({ doc: 'a', clause: '1' });
  });

  test('counts the other items of a filter, and keeps 50', () => {
    const others = Array.from({ length: 60 }, (_, nth) => item(`b ${nth}`));
    const [finding] = reviewGate([result(items('a 1'), { others })]).review.findings;
    expect([finding!.counts.others, finding!.others.length]).toEqual([60, 50]);
  });
});
