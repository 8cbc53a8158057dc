/** The gate's evaluator beside another CEL. `npm run cel -- --count 150000` plays more of the same. */
import { describe, expect, test } from '@jest/globals';
import { compare } from './differential.ts';

describe('20,000 random expressions, on the gate and on another CEL', () => {
  const compared = compare(20_000, 1);

  test('differ only by one of five rules', () => expect(compared.unexplained).toEqual([]));

  test('mostly have a value, and meet each rule often', () => {
    expect(compared.values).toBeGreaterThan(12_000);
    const met = Object.values(compared.explained);
    expect(met).toHaveLength(5);
    expect(Math.min(...met)).toBeGreaterThan(50);
  });
});
