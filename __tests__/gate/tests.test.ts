/** The tests of a gate, as the `config` file holds them. */
import { expect, test } from '@jest/globals';
import { compileGate } from '../../src/gate/condition.ts';
import { readTests, runTests } from '../../src/gate/tests.ts';
import type { JsonValue } from '../../src/json.ts';

const FAIL_IF = 'open: outputs.items.filter(i, i.open)\nouts: outputs.out == true\nsize(outputs.items) == 0';
const { gate } = await compileGate(FAIL_IF, '');
const ITEMS = { out: false, items: [{ open: true }] };
const whole = { name: 'one is open', outputs: ITEMS, fails: ['open'] };

function run(tests: JsonValue, now = () => 0) {
  return runTests(readTests(tests, tests, gate), gate, now).map(({ at, met, broken, isTooSlow }) => [
    at,
    met,
    broken?.condition.name,
    isTooSlow,
  ]);
}

test.each<[string, JsonValue, unknown[]]>([
  ['passes if exactly the expected conditions are met', [whole], []],
  [
    'names a condition without a name by its expression',
    [{ ...whole, outputs: { out: true, items: [] }, fails: ['size(outputs.items) == 0', 'outs'] }],
    [],
  ],
  ['fails if no condition is met', [{ ...whole, outputs: { out: false, items: [{ open: false }] } }], [[0, [], undefined, false]]],
  [
    'fails if another condition is met too',
    [whole, { ...whole, outputs: { ...ITEMS, out: true } }],
    [[1, ['open', 'outs'], undefined, false]],
  ],
  ['fails if none should be met', [{ ...whole, fails: [] }], [[0, ['open'], undefined, false]]],
  ['fails if a condition cannot be evaluated', [{ ...whole, outputs: { items: [{ open: true }] } }], [[0, ['open'], 'outs', false]]],
])('%s', (_title, tests, failed) => {
  expect(run(tests)).toEqual(failed);
});

test('fails each test that runs after 4 s', () => {
  let ms = 0;
  const failed = run([whole, whole, whole], () => (ms += 700));
  expect(failed.map(([at, , , isTooSlow]) => [at, isTooSlow])).toEqual([
    [1, true],
    [2, true],
  ]);
});

test.each<[string, JsonValue, string]>([
  ['no list', whole, 'must be a list: `- name: …`'],
  ['51 tests', Array.from({ length: 51 }, () => whole), 'has 51 tests; 50 are allowed'],
  ['a string', ['x'], 'has test 1 that is not a mapping of `name`, `outputs` and `fails`'],
  ['an unknown key', [whole, { ...whole, warns: [] }], 'has test 2 that is not a mapping of `name`, `outputs` and `fails`'],
  ['no name', [{ ...whole, name: ' ' }], 'has test 1 without a `name`'],
  ['no outputs', [{ name: 'x', fails: [] }], 'has test 1 without `outputs`, a mapping'],
  ['no `fails`', [{ name: 'x', outputs: {} }], 'has test 1 without `fails`, the list of conditions that must be met'],
  ['an unknown condition', [{ ...whole, fails: ['opne'] }], 'has test 1 whose `fails` names a condition that `fail_if` does not have'],
  ['a list as a condition', [{ ...whole, fails: [['open']] }], 'whose `fails` names a condition that `fail_if` does not have'],
])('refuses %s', (_title, tests, message) => {
  expect(() => readTests(tests, tests, gate)).toThrow(message);
});
