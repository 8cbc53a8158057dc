/** Which outputs of a run are shown, how, and which condition is suggested. */
import { describe, expect, test } from '@jest/globals';
import { parseJson, type JsonValue } from '../../src/json.ts';
import { countOutputs, renderOutputs } from '../../src/report/workflow-outputs.ts';
import { aResult, aRun } from './a-report.ts';

const DETAIL = { rows: 9, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 12, text: 500 };

/** Of a run with a gate, so that no condition is suggested. */
const gated = (outputs: JsonValue) => aRun({ run: { outputs } });
const render = (outputs: JsonValue, seen: readonly JsonValue[] = [], most = 12) =>
  renderOutputs(gated(outputs), new Set(seen.map((one) => JSON.stringify(one))), {
    ...DETAIL,
    outputs: most,
  });

describe('renderOutputs', () => {
  test('shows texts as they are, short values in a table, and others collapsed, in this order', () => {
    const parts = render({ list: [1, 2], n: 3, yes: true, none: null, text: 'abc' });
    expect(parts).toHaveLength(3);
    expect(parts[0]).toBe('`text`\n\nabc');
    expect(parts[1]?.split('\n').slice(2)).toEqual(['| `n` | `3` |', '| `yes` | `true` |', '| `none` | `null` |']);
    expect(parts[2]).toMatch(/^<details>.*<code>list<\/code> \(2\)/s);
  });

  test('shows nothing in a report without outputs', () => {
    expect(render({ a: 1 }, [], 0)).toEqual([]);
  });

  test.each([
    [2, []],
    [1, ['… and 1 more output: all are in `outputs_file`.']],
  ])('shows %d of two outputs, and counts the others', (most, more) => {
    const parts = render({ a: 'x', b: 'y' }, [], most);
    expect(parts).toHaveLength(most + more.length);
    expect(parts.slice(most)).toEqual(more);
  });

  test('leaves out what a table above shows', () => {
    const [a, b] = [{ id: 1 }, { id: 2 }];
    expect(render({ items: [a, b] }, [a, b])).toEqual([]);
    expect(render({ items: [a, b] }, [a])[0]).toContain('<code>items</code> (1 more)');
    expect(render({ items: [a, b] }, [{ id: 3 }])[0]).toContain('<code>items</code> (2)');
    expect(render({ items: [] }, [a])[0]).toContain('<code>items</code> (0)');
    expect(render({ item: a }, [a])[0]).toContain('<code>item</code>');
  });

  test('shows outputs that are no object as one', () => {
    expect(render([1, 2, 3])[0]).toContain('<code>outputs</code> (3)');
  });
});

test.each<[JsonValue, number]>([
  [{}, 0],
  [{ a: 1, b: 2 }, 2],
  [[1, 2, 3], 1],
  ['x', 1],
])('counts the outputs %j: %d', (outputs, count) => {
  expect(countOutputs(gated(outputs))).toBe(count);
});

describe('the condition that is suggested', () => {
  const suggest = (outputs: JsonValue) => renderOutputs(aRun({ results: [], run: { outputs } }), new Set(), DETAIL).slice(-2);
  const starts = (outputs: JsonValue) =>
    suggest(outputs).flatMap((part) => /`outputs\.\w+\.filter\(i, i\.\w+ == ___\)`/.exec(part)?.[0] ?? []);
  const rows = (...list: readonly JsonValue[]) => ({ items: list });

  test.each<[string, JsonValue, string[]]>([
    [
      'tests a field with several values, one of them repeated',
      rows({ a: 'x', b: 'y' }, { a: 'x', b: 'z' }, { a: 'x', b: 'y' }),
      ['`outputs.items.filter(i, i.b == ___)`'],
    ],
    ['tests a field with one value', rows({ a: 'x' }, { a: 'x' }), ['`outputs.items.filter(i, i.a == ___)`']],
    ['is absent for a field whose values all differ', rows({ a: 'x' }, { a: 'y' }), []],
    ['is absent for a field whose name is not an identifier', rows({ 'a b': 'x' }, { 'a b': 'x' }), []],
    ['is absent for a list whose name is not an identifier', { 'a b': [{ a: 'x' }, { a: 'x' }] }, []],
    ['tests the first list alone', { one: [{ a: 'x' }], two: [{ a: 'x' }] }, ['`outputs.one.filter(i, i.a == ___)`']],
  ])('%s', (_, outputs, expected) => {
    expect(starts(outputs)).toEqual(expected);
  });

  test('follows the description of each list', () => {
    const [described] = suggest(rows({ a: 'x', n: 1 }, { a: 'x', n: 2 }));
    expect(described).toBe('`outputs.items` has 2 items with `a` (`x` 2), `n`.');
  });

  test('is not shown for a run with a gate', () => {
    expect(render(rows({ a: 'x' }, { a: 'x' })).join()).not.toContain('___');
  });

  test('is not shown for a run with one condition', () => {
    const run = aRun({ results: [aResult({})], run: { outputs: rows({ a: 'x' }, { a: 'x' }) } });
    expect(renderOutputs(run, new Set(), DETAIL).join()).not.toContain('___');
  });

  test('is of the first field with several values', () => {
    const two = rows({ a: 'x', b: 'y' }, { a: 'z', b: 'y' }, { a: 'z', b: 'w' });
    expect(starts(two)).toEqual(['`outputs.items.filter(i, i.a == ___)`']);
  });

  test.each([
    ['a', true],
    ['_a1', true],
    ['a'.repeat(64), true],
    ['a'.repeat(65), false],
    ['1a', false],
    ['a b', false],
    ['größe', false],
  ])('names the field %s: %p', (key, isNamed) => {
    expect(
      suggest(rows({ [key]: 'x' }, { [key]: 'x' }))
        .join()
        .includes('___'),
    ).toBe(isNamed);
    expect(
      suggest({ [key]: [{ a: 'x' }, { a: 'x' }] })
        .join()
        .includes('___'),
    ).toBe(isNamed);
  });

  const described = (outputs: JsonValue) =>
    renderOutputs(aRun({ results: [], run: { outputs } }), new Set(), { ...DETAIL, outputs: 1 })
      .join('\n')
      .split(/\n|<br>/)
      .filter((line) => / has \d+ items? with /.test(line));
  const lists = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`list${from + at}`, [{ a: 1 }]]));

  test.each([
    ['five lists', lists(1, 5), 5],
    ['the first five of six', lists(1, 6), 5],
  ])('describes %s', (_, outputs, count) => {
    expect(described(outputs)).toHaveLength(count);
  });

  test('describes lists among the first twelve outputs', () => {
    const numbers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, at]));
    expect(described({ ...numbers(11), ...lists(1, 1) })).toHaveLength(1);
    expect(described({ ...numbers(12), ...lists(1, 1) })).toHaveLength(0);
  });

  test.each([
    ['a value', rows({ a: 'v'.repeat(32) }, { a: 'v'.repeat(32) }), 'v'.repeat(32)],
    ['a field', rows({ ['k'.repeat(60)]: 1 }), '`' + 'k'.repeat(60) + '`'],
    ['a longer field', rows({ ['k'.repeat(61)]: 1 }), '`' + 'k'.repeat(59) + '…`'],
    ['a list', { ['n'.repeat(72)]: [{ a: 1 }] }, `\`outputs.${'n'.repeat(72)}\``],
    ['a list with a longer name', { ['n'.repeat(73)]: [{ a: 1 }] }, `\`outputs.${'n'.repeat(71)}…\``],
  ])('names %s', (_, outputs, text) => {
    expect(described(outputs)[0]).toContain(text);
  });

  test('has no description without a list of objects', () => {
    expect(suggest({ a: 'x' })).toEqual(['`a`\n\nx']);
    expect(suggest({})).toEqual([]);
  });
});

describe('the names and values of outputs', () => {
  const [whole, cut] = ['n'.repeat(60), 'n'.repeat(61)];
  const shortened = `${'n'.repeat(59)}…`;
  test.each<[string, JsonValue]>([
    ['of a text', 'x'],
    ['of a number', 1],
    ['of a list', [1]],
  ])('have sixty characters: %s', (_, value) => {
    expect(render({ [whole]: value })[0]).toMatch(new RegExp(`[\`>]${whole}[\`<]`));
    expect(render({ [cut]: value })[0]).toMatch(new RegExp(`[\`>]${shortened}[\`<]`));
  });

  test('have two hundred characters in the table', () => {
    const number = (digits: number) => parseJson(Buffer.from('1'.repeat(digits)));
    expect(render({ n: number(200) })[0]).toContain(`\`${'1'.repeat(200)}\``);
    expect(render({ n: number(201) })[0]).toContain(`\`${'1'.repeat(199)}…\``);
  });

  test('have the number of items for a list alone', () => {
    expect(render({ list: [1] })[0]).toContain('<code>list</code> (1)');
    expect(render({ map: { a: 1 } })[0]).toMatch(/<code>map<\/code>(?! \()/);
  });
});

test('leaves out an only item that a table above shows', () => {
  expect(render({ items: [{ id: 1 }] }, [{ id: 1 }])).toEqual([]);
});

test('shows and counts no outputs of a run that has none', () => {
  const run = aRun({ run: null });
  expect(renderOutputs(run, new Set(), DETAIL)).toEqual([]);
  expect(countOutputs(run)).toBe(0);
});
