import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../src/json.ts';
import { buildStepOutputs, countGateMatches } from '../../src/report/step-outputs.ts';
import type { Finding } from '../../src/gate/finding.ts';
import { parseOutputFile } from '../../simulator/workflow-commands.ts';
import { OUTPUT_NAMES } from '../../simulator/runner.ts';
import { alsoWarns, aResult, aRun } from './a-report.ts';
import { hostile } from '../support/github-markdown.ts';

function outputsOf(outputs: JsonValue | undefined, spentUnits = 0) {
  const json = outputs === undefined ? '' : JSON.stringify(outputs);
  const declared = OUTPUT_NAMES.map((name) => [name, ''] as const);
  return buildStepOutputs(outputs, json, spentUnits === 0 ? declared : [['outputs_json', 'x'.repeat(spentUnits)]]);
}

function namesOf(...keys: string[]): string[] {
  return outputsOf(Object.fromEntries(keys.map((key) => [key, key]))).entries.map(([name]) => name);
}

/** UTF-16 units of all step outputs. */
function unitsOf({ entries, outputsJson }: ReturnType<typeof outputsOf>): number {
  return entries.reduce((sum, [name, value]) => sum + name.length + value.length, 'outputs_json'.length + outputsJson.length);
}

describe('the names of outputs', () => {
  test.each([
    ['begin with an underscore instead of a hyphen', '-a', '_-a'],
    ['have underscores for letters beyond ASCII', 'größe', 'gr__e'],
    ['have one underscore for an emoji', '😀', '_'],
    ['keep hyphens and digits within', 'a-1_b', 'a-1_b'],
    ['may be `__proto__`', '__proto__', '__proto__'],
    ['may contain a reserved name', 'my_report', 'my_report'],
    ['have at most 100 characters', 'k'.repeat(500_000), 'k'.repeat(100)],
    ['have at most 100 characters with the underscore before a digit', '1'.repeat(500), `_${'1'.repeat(99)}`],
  ])('%s', (_, key, expected) => {
    expect(namesOf(key)).toEqual([expected]);
  });

  test('have a number if the runner treats them as equal to an earlier one', () => {
    expect(namesOf('A', 'a', 'a_2', 'b b', 'b=b', 'B_B')).toEqual(['A', 'a_2', 'a_2_2', 'b_b', 'b_b_2', 'B_B_3']);
    const long = 'x'.repeat(99);
    expect(namesOf(`${long}1`, `${long}1!`)).toEqual([`${long}1`, `${'x'.repeat(98)}_2`]);
  });

  test.each([
    'status',
    'RUN_ID',
    'run id',
    'error_message',
    'comment_url',
    'Conclusion',
    'gate',
    'gate_x',
    'running',
    'Report-2',
    'outputs',
    'matches1',
    'headlines',
    'baseline_file',
    'OUTPUTS_JSON',
  ])('are no separate output, with a warning, if reserved for the action: %s', (key) => {
    const { entries, outputsJson, truncated, notices, warnings } = outputsOf({ [key]: 'forged', other: 1 });
    expect(entries).toEqual([['other', '1']]);
    expect(outputsJson).toContain('forged');
    expect(truncated).toBe(false);
    expect(warnings).toEqual([expect.stringMatching(/^These keys of the outputs are not step outputs, .*: "[\w-]+"\.$/)]);
    expect(notices).toEqual([]);
  });

  test('are listed in a warning, five at most', () => {
    const keys = Array.from({ length: 9 }, (_, at) => [`run${at}`, at] as const);
    expect(outputsOf(Object.fromEntries(keys)).warnings[0]).toMatch(/: "run0", "run1", "run2", "run3", "run4" and 4 more\.$/);
  });
});

describe('the step outputs, within their size limit,', () => {
  test('lose first `outputs_json`, then keys from the last, if all are too large together', () => {
    const value = 'v'.repeat(15_000);
    const outputs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, value]));
    const six = outputsOf(outputs(6), 300_000);
    expect(six.outputsJson).toBe('');
    expect(six.entries.every(([, text]) => text === value)).toBe(true);
    expect(six.truncated).toBe(true);
    const forty = outputsOf(outputs(40));
    expect(forty.outputsJson).toBe('');
    expect(forty.entries.findIndex(([, text]) => text === '')).toBe(29);
    expect(forty.entries.slice(29).every(([, text]) => text === '')).toBe(true);
    expect(unitsOf(forty)).toBeLessThanOrEqual(450_000);
  });

  test('lose nothing at exactly the limit, and something one character above it', () => {
    const outputs = { a: 'xy' };
    const left = 450_000 - unitsOf(outputsOf(outputs));
    expect(outputsOf(outputs, left).truncated).toBe(false);
    const over = outputsOf(outputs, left + 1);
    expect(over).toMatchObject({ outputsJson: '', entries: [['a', 'xy']], truncated: true });
  });

  test('lose even the first key if nothing else is left', () => {
    expect(outputsOf({ a: 'x'.repeat(100), b: 'y' }, 449_950).entries).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
  });

  const noticesOf = (outputs: JsonValue) => outputsOf(outputs).notices;

  test('empties a value that is too large, and says so', () => {
    const outputs = { small: 'x', large: 'x'.repeat(100_001) };
    expect(outputsOf(outputs).entries).toEqual([
      ['small', 'x'],
      ['large', ''],
    ]);
    expect(noticesOf(outputs)).toEqual(['These step outputs are empty because their values are too large: "large".']);
    expect(noticesOf({ a: 'x'.repeat(100_000) })).toEqual([]);
  });

  test('replaces half of a surrogate pair, and says so', () => {
    expect(outputsOf({ a: '\ud800', b: '🏗' }).entries).toEqual([
      ['a', '\ufffd'],
      ['b', '🏗'],
    ]);
    expect(noticesOf({ a: '\ud800', b: '🏗' })).toEqual(['Invalid characters (halves of a surrogate pair) are written as U+FFFD in "a".']);
  });

  test('says that outputs_json is empty because the outputs are too large', () => {
    expect(buildStepOutputs({ a: 1 }, null, [])).toMatchObject({
      entries: [['a', '1']],
      outputsJson: '',
      truncated: true,
      notices: ['These step outputs are empty because their values are too large: "outputs_json".'],
    });
  });

  test('names no empty value as too large', () => {
    const { notices } = outputsOf({ a: '', b: 'x' }, 450_000);
    expect(notices).toEqual(['These step outputs are empty because their values are too large: "outputs_json", "b".']);
  });

  test.each([
    [257, 1],
    [258, 2],
  ])('says of %d keys that %d are no step outputs', (count, dropped) => {
    const keys = Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
    expect(noticesOf(keys)).toEqual([`Only the first 256 keys of the outputs are step outputs; ${dropped} more are not.`]);
  });

  test.each<[JsonValue | undefined]>([[[1, 2]], ['text'], [null], [undefined]])('has no separate outputs of %j', (outputs) => {
    expect(outputsOf(outputs)).toMatchObject({ entries: [], notices: [], warnings: [] });
  });

  test.each([
    [5, '"run4".'],
    [6, '"run4" and 1 more.'],
  ])('names of %d reserved keys five', (count, end) => {
    const keys = Object.fromEntries(Array.from({ length: count }, (_, at) => [`run${at}`, at]));
    expect(outputsOf(keys).warnings[0]?.endsWith(end)).toBe(true);
  });

  test('have no keys beyond the first 256', () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at] as const));
    expect(outputsOf(keys(256))).toMatchObject({ truncated: false, notices: [] });
    const { entries, truncated, outputsJson } = outputsOf(keys(257));
    expect({ count: entries.length, last: entries.at(-1), truncated }).toEqual({
      count: 256,
      last: ['k255', '255'],
      truncated: true,
    });
    expect(outputsJson).toContain('"k256":256');
  });
});

describe('the counts of matched and of new items', () => {
  const found = (matched: number, known: readonly boolean[] | null, knownBy: readonly string[] = ['id']): Finding => ({
    ...aResult({ result: 'holds' }),
    ...{ matched, known, knownBy },
  });
  type Gate = 'passed' | 'failed' | 'none' | 'not_evaluated';
  const runOf = (gate: Gate, ...findings: readonly Finding[]) => aRun({ verdict: { gate }, results: findings });

  test.each<[string, readonly ReturnType<typeof runOf>[], matched: number | null, added: number | null]>([
    [
      'add up over conditions and runs',
      [runOf('failed', found(2, [true, false]), found(1, [false])), runOf('passed', found(1, [true]))],
      4,
      2,
    ],
    ['leave out warnings', [runOf('failed', found(2, [true, false]), alsoWarns(found(9, [])))], 2, 1],
    ['leave out runs without a gate', [runOf('failed', found(1, [false])), runOf('none')], 1, 1],
    ['are not known without a gate', [runOf('none')], null, null],
    ['are not known without a run', [], null, null],
    ['are not known if one run was not evaluated', [runOf('failed', found(1, [false])), runOf('not_evaluated')], null, null],
    ['count no new items without `known_by`', [runOf('failed', found(1, [false], []))], 1, null],
    ['count new items with `known_by` of one condition', [runOf('failed', found(1, [false]), found(2, [false, false], []))], 3, 3],
    [
      'count no new items if one run has no `known_by`',
      [runOf('failed', found(1, [false])), runOf('failed', found(1, [false], []))],
      2,
      null,
    ],
    ['count no new items if a condition was not compared', [runOf('failed', found(1, [false]), found(2, null))], 3, null],
  ])('%s', (_, runs, matched, added) => {
    expect(countGateMatches(runs)).toEqual({ gate_matched_count: matched, gate_new_count: added });
  });
});

/** As `core.setOutput` writes them. */
function written(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, value], at) => `${name}<<ghadelimiter_${at}\n${value}\nghadelimiter_${at}\n`).join('');
}

test('writes any outputs so that the runner reads them back unchanged', () => {
  const value = fc.oneof(
    hostile,
    fc.constantFrom('', 'a\r\n', '  \n\n', 'x<<ghadelimiter\n', '=\n'),
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(hostile, fc.constantFrom('a', 'A', 'b')), value)), (pairs) => {
      const outputs = Object.fromEntries(pairs);
      const { entries, outputsJson } = outputsOf(outputs);
      const { outputs: read, errors } = parseOutputFile(written([...entries, ['outputs_json', outputsJson]]));
      expect(errors).toEqual([]);
      expect(Object.keys(read)).toHaveLength(entries.length + 1);
      for (const [name, text] of entries) {
        expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/);
        expect(read[name]).toBe(text);
      }
      expect(JSON.parse(read.outputs_json!)).toEqual(JSON.parse(JSON.stringify(outputs)));
      const texts = Object.values(outputs).map((item) => (typeof item === 'string' ? item.toWellFormed() : JSON.stringify(item)));
      for (const [, text] of entries) expect(texts).toContain(text);
    }),
  );
});
