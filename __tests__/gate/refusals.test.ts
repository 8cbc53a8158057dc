/** What is said of an expression that cannot be used: refusals.txt has each with the column, the sentence and the way out. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compileGate, GateError } from '../../src/gate/gate.ts';

/** An expression that is not all seen is written as JSON. */
const TABLE = readFileSync(new URL('refusals.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' ⇒ '))
  .map(([written = '', message = '', hint = '']) => {
    const isJson = written.includes('\\u');
    return [isJson ? (JSON.parse(written) as string) : written, message, hint] as const;
  });

async function refusal(failIf: string, warnIf = ''): Promise<string> {
  const error: unknown = await compileGate(failIf, warnIf).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GateError);
  return (error as GateError).message;
}

describe('the message, the place and the way out', () => {
  test.each(TABLE)('%j', async (expression, message, hint) => {
    const lines = (await refusal(expression)).split('\n');
    const way = lines.length > 4 ? lines.at(-1)?.slice(1, -1) : '';
    expect([lines[0], way]).toEqual([`fail_if, line 1, column ${message}`, hint]);
    // The expression itself, without its name, with a caret below the place.
    expect(lines[2]).toMatch(/^> {4}1 \| /);
    const from = expression.indexOf(lines[2]!.slice(9));
    expect(lines[3]).toBe(`${' '.repeat(8 + Number(/\d+/.exec(message)?.[0]) - from)}^`);
  });

  test('a text that is offered in quotes is not refused again', async () => {
    const offers = TABLE.flatMap(([expression, , hint]) => {
      const text = /^a text stands in quotes: "(.*)"$/.exec(hint)?.[1];
      return text === undefined ? [] : [expression.replaceAll(text, `"${text}"`)];
    });
    const compiled = await Promise.allSettled(offers.map((one) => compileGate(one, '')));
    // What is left of two lists is another name of the same kind.
    expect(compiled.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([
      expect.stringContaining('there is no variable B'),
      expect.stringContaining('there is no variable late'),
    ]);
  });

  test('in the words of a parser there is none', () => {
    for (const [, message] of TABLE)
      expect(message).not.toMatch(/unexpected|: nothing|[RL]PAREN|DOT|EOF|IDENTIFIER|overload|dyn\b/);
  });
});

test('of a long expression what is about the place', async () => {
  const long = `outputs.a${' || outputs.a'.repeat(100)} = 1${' || outputs.a'.repeat(100)}`;
  const [, , shown, caret] = (await refusal(long)).split('\n');
  expect(shown).toHaveLength(109);
  expect(shown?.[caret!.length - 1]).toBe('=');
  expect(await refusal(`outputs.a${' || outputs.a'.repeat(5000)}`)).toMatch(/too long, or nested too deep/);
  expect(await refusal(`${'('.repeat(5000)}true`)).toMatch(/too long, or nested too deep/);
});

test('all faults of both inputs, each with its line', async () => {
  expect(
    await refusal('outputs.ok\nname: outputs.a = 1\n# outputs.b', '\n\n  outputs.b.fitler(i, true)'),
  ).toMatch(
    /^fail_if, line 2, column 17: one .*\n\n> {4}2 \| outputs\.a = 1\n {19}\^\n\(equality is "=="\)\n\nfail_if, line 3, column 1: a comment [^]*\n\nwarn_if, line 3, column 13: there is no fitler\(\)\n\n> {4}3 \| outputs\.b\.fitler\(i, true\)\n {19}\^\n\(there are size/,
  );
});

test.each([
  'outputs.a > 1 ? outputs.b: outputs.c',
  'fire doors 2.1_b-c: outputs.a',
  `${'a'.repeat(64)}: outputs.a`,
  'Prüfung: outputs.a',
  "a: 'b: c' in outputs.d",
  "outputs.a == '“a” // b # c ≥ 2026-12-31'",
  "outputs.a == 'it\\'s' || outputs.a == \"it's # 1\"",
  '([] + outputs.b).exists(e, e > 2)',
  'outputs.a == -9007199254740991',
  '[1] == [1.0] && has(outputs.a)',
  '[1.0, 2] == outputs.a && 1 in [1.0]',
  'outputs["not in"] > 1',
  'outputs.notes.count > 1',
  'has(outputs.items[0].a)',
])('is taken: %j', async (expression) => {
  expect((await compileGate(expression, '')).conditions).toHaveLength(1);
});
