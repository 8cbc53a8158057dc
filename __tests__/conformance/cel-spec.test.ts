/** The gate's parser and evaluator against Google's conformance data for CEL. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { listOf, playSpec, UNEXPLAINED, type List } from './cel-spec.ts';

/** Written by `npm run cel -- --write`. */
const LIST = JSON.parse(readFileSync(new URL('cel-spec.json', import.meta.url), 'utf8')) as List;
/** Values as expected, and errors where an error is. Neither may fall. */
const AGREE = { values: 475, errors: 231 };

describe('Google’s conformance data', () => {
  const played = playSpec();
  const agreeing = played.filter((one) => one.class === 'agrees');

  test('is complete', () => expect(played).toHaveLength(2344));

  test(`agrees in ${AGREE.values} values and ${AGREE.errors} errors`, () => {
    const errors = agreeing.filter((one) => one.isError).length;
    expect({ values: agreeing.length - errors, errors }).toEqual(AGREE);
  });

  test('differs only where the list has it, with its reason', () => expect(listOf(played)).toEqual(LIST));

  test('has a reason for every difference', () =>
    expect(played.filter((one) => one.class !== 'agrees' && one.reason === UNEXPLAINED)).toEqual([]));

  test('has two other values, neither of them a verdict', () => expect(Object.values(LIST['another value'] ?? {}).flat()).toHaveLength(2));
});
