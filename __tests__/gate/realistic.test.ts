/** Pairs of condition and outputs as people write them, with the verdict that the author wants: realistic.txt. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { compileGate } from '../../src/gate/condition.ts';
import { parseJson } from '../../src/json.ts';
import { describeProblem } from '../../src/report/problems.ts';

interface Row {
  readonly line: number;
  /** "red" or "green". */
  readonly wanted: string;
  readonly condition: string;
  readonly outputs: string;
  /** Is it below a heading of rows that differ from the author's wish? */
  readonly isBeyond: boolean;
}

function readRows(text: string): Row[] {
  const shapes = new Map<string, string>();
  let isBeyond = false;
  return text.split('\n').flatMap((content, index) => {
    const [, name, json = ''] = /^shape (\S+) (.*)$/.exec(content) ?? [];
    if (name !== undefined) shapes.set(name, json);
    const [, wanted = '', condition = '', outputs = ''] = /^(red|green) \| (.*) \| (.*)$/.exec(content) ?? [];
    if (name === undefined && wanted === '' && content !== '' && !content.startsWith('#')) throw new Error(`line ${index + 1}: not a row`);
    isBeyond ||= content.startsWith('##');
    return wanted === '' ? [] : [{ line: index + 1, wanted, condition, outputs: shapes.get(outputs) ?? outputs, isBeyond }];
  });
}

/** Adds the verdict, and what to write where the condition cannot be evaluated. */
async function judge(row: Row) {
  const { gate, faults } = await compileGate(row.condition, '');
  const [result] = gate.evaluate(parseJson(row.outputs));
  const verdict = result?.result === 'not_met' ? 'green' : 'red';
  return { ...row, verdict, fix: result?.problem && describeProblem(result.problem).fix, isRefused: faults.length > 0 };
}

const judged = await Promise.all(readRows(readFileSync(new URL('realistic.txt', import.meta.url), 'utf8')).map(judge));
const differing = judged.filter(({ wanted, verdict }) => wanted !== verdict);
const countOf = (wanted: string) => differing.filter((row) => row.wanted === wanted).length;

test(`has the author's verdict in all but those beyond the rules (${countOf('red')} of ${judged.length} are green, ${countOf('green')} red)`, () =>
  expect(differing).toEqual(judged.filter(({ isBeyond }) => isBeyond)));

test('compiles every condition', () => expect(judged.filter(({ isRefused }) => isRefused)).toEqual([]));

test('says what to write where a condition cannot be evaluated', () => expect(judged.filter(({ fix }) => fix === '')).toEqual([]));
