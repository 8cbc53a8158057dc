/** docs/config.schema.json and the action accept the same files. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readInputs } from '../../src/inputs/inputs.ts';
import { CONFIG_KEYS } from '../../src/inputs/table.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/config.schema.json', import.meta.url), 'utf8')) as {
  readonly properties: Readonly<Record<string, object>>;
};
const validate = new Ajv({ strict: false }).compile(schema);

const FILE = { name: '`.github/alloovium.yml`', commit: '', place: 'config_file' } as const;
const GATE = 'fail_if: "bad: outputs.items.filter(i, i.status == \'bad\')"\n';
const WAIVER = 'match: { room: Lobby, clause: "2.1" }, because: Agreed';
const TEST = 'name: one, outputs: { items: [] }, fails: []';

async function isAccepted(text: string): Promise<boolean> {
  const environment = { INPUT_WORKFLOW_ID: 'wf_1', INPUT_API_KEY: `ak_test_${'0'.repeat(52)}` };
  const { faults, gateFaults } = await readInputs(environment, { event: 'push', namedPullRequest: null }, { ...FILE, text });
  return faults.length + gateFaults.length === 0;
}

test('describes exactly the keys that the action accepts', () => {
  expect(Object.keys(schema.properties).sort()).toEqual([...CONFIG_KEYS].sort());
});

test.each<[isValid: boolean, text: string]>([
  [true, GATE],
  [true, 'fail_if: none'],
  [false, 'fail_if: ""'],
  [false, 'fail_if: [outputs.a]'],
  [false, `${GATE}fail-if: none`],
  [true, `${GATE}warn_if: size(outputs.items) == 0`],
  [true, `${GATE}known_by: room, clause`],
  [false, `${GATE}known_by: [room, clause]`],
  [true, `${GATE}columns: room`],
  [false, `${GATE}columns: [room]`],
  [true, `${GATE}known_by: room, clause\nbaseline: main`],
  [false, `${GATE}known_by: room, clause\nbaseline: [main]`],
  [true, `${GATE}waivers: [{ ${WAIVER} }]`],
  [true, `${GATE}waivers: [{ match: { room: Lobby, level: 2 }, because: Agreed }]`],
  [true, `${GATE}waivers: [{ ${WAIVER}, until: 2030-12-31, count: 2, condition: bad }]`],
  [false, `${GATE}waivers: { ${WAIVER} }`],
  [false, `${GATE}waivers: [{ match: { room: Lobby }, because: Agreed }]`],
  [false, `${GATE}waivers: [{ match: { room: Lobby, clause: "2.1" } }]`],
  [false, `${GATE}waivers: [{ match: { room: Lobby, clause: "2.1" }, because: "" }]`],
  [false, `${GATE}waivers: [{ ${WAIVER}, reason: Agreed }]`],
  [false, `${GATE}waivers: [{ ${WAIVER}, until: tomorrow }]`],
  [false, `${GATE}waivers: [{ ${WAIVER}, count: 0 }]`],
  [false, `${GATE}waivers: [{ ${WAIVER}, count: 1001 }]`],
  [true, `${GATE}tests: [{ ${TEST} }]`],
  [false, `tests: [{ ${TEST} }]`],
  [false, `${GATE}tests: { ${TEST} }`],
  [false, `${GATE}tests: [{ name: one, outputs: { items: [] } }]`],
  [false, `${GATE}tests: [{ name: one, fails: [] }]`],
  [false, `${GATE}tests: [{ outputs: { items: [] }, fails: [] }]`],
  [false, `${GATE}tests: [{ ${TEST}, why: x }]`],
  [false, `${GATE}tests: [{ name: one, outputs: [], fails: [] }]`],
  [false, `${GATE}tests: [${`{ ${TEST} },`.repeat(51)}]`],
])('says %s as the action does: %s', async (isValid, text) => {
  expect({ schema: validate(parse(text)), action: await isAccepted(text) }).toEqual({ schema: isValid, action: isValid });
});

test('the example’s file is valid, and its tests pass', async () => {
  const example = readFileSync(new URL('../../examples/gate-in-a-file.yml', import.meta.url), 'utf8');
  const text = Array.from(example.matchAll(/^# {3}(.*)$/gm), ([, line]) => line).join('\n');
  expect(validate(parse(text))).toBe(true);
  const environment = { INPUT_WORKFLOW_ID: 'wf_1', INPUT_API_KEY: `ak_test_${'0'.repeat(52)}` };
  const read = await readInputs(environment, { event: 'push', namedPullRequest: null }, { ...FILE, text });
  expect({ faults: read.faults, failed: read.runTests(() => 0) }).toEqual({ faults: [], failed: [] });
  expect(text).toContain('tests:');
});
