/** M1 to M3, M6: waivers, and the file that may be a baseline, from the bundle. */
import { readFileSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import { PROJECT_ID, steadyCourse } from '../../simulator/seed.ts';
import { strike, type Strike, type Struck } from './strike.ts';

jest.setTimeout(60_000);

const ITEMS = [
  { id: 1, title: 'Doors', status: 'rejected', rev: '1.10', code: '0042', power: '71e3' },
  { id: 2, title: 'Windows', status: 'rejected' },
];
const DOORS = 'match: { title: Doors, status: rejected }\n  because: Agreed with the fire officer';

function beside(
  waivers: string,
  outputs: object = { bad: ITEMS },
  more: Partial<Strike> = {},
): Promise<Struck> {
  return strike({
    eventName: 'pull_request',
    api: { course: steadyCourse({ queuedMs: 500, runningMs: 2_000, outputs }) },
    ...more,
    inputs: { project_id: PROJECT_ID, fail_if: 'bad: outputs.bad', waivers, ...more.inputs },
  });
}
const linesOf = ({ result }: Struck, text: string) =>
  result.stdout.split('\n').filter((line) => line.includes(text));
const USELESS = 'no use here';

describe('M1. A waiver', () => {
  test.concurrent.each([
    ['that matches by two fields', DOORS],
    ['whose values are as typed', 'match: { rev: 1.10, code: 0042, power: 71e3 }\n  because: x'],
    ['of a number by its text', "match: { id: '1', title: Doors }\n  because: x"],
    ['of a number as a number', 'match: { id: 1, title: Doors }\n  because: x'],
    ['until a day to come', `${DOORS}\n  until: 2999-12-31`],
    [
      'with a reason of markup, commands and 5 KB',
      `match: { id: 1, title: Doors }\n  because: '<b>::error::x ##[error] @all ${'x'.repeat(5_000)}'`,
    ],
    ['for its condition', `${DOORS}\n  condition: bad`],
  ])('%s takes its item out of every count', async (_name, waiver) => {
    const struck = await beside(`- ${waiver}`);
    expect(struck.outputs).toMatchObject({
      conclusion: 'gate_failed',
      headline: '1 item “bad”',
      gate_matched_count: '1',
      baseline_ready: 'true',
    });
    expect(linesOf(struck, USELESS)).toEqual([]);
    const { conditions, items } = JSON.parse(readFileSync(struck.outputs.gate_file!, 'utf8')) as {
      readonly conditions: readonly {
        readonly matched: readonly number[];
        readonly waived: readonly number[];
      }[];
      readonly items: readonly { readonly title: string }[];
    };
    expect(conditions[0]).toMatchObject({ matched_count: 1, waived_count: 1 });
    expect(conditions[0]?.waived.map((place) => items[place]?.title)).toEqual(['Doors']);
  });

  test.concurrent.each([
    ['one of two fields differs', '- match: { title: Doors, status: revise }\n  because: x'],
    ['of a field that no item has', '- match: { title: Doors, state: rejected }\n  because: x'],
  ])('%s: it matches nothing, and one line says so, without an annotation', async (_name, waivers) => {
    const struck = await beside(waivers);
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate_matched_count: '2' });
    expect(linesOf(struck, USELESS)).toEqual([
      expect.stringMatching(/^note. 1 waiver has no use here. the 1st\.$/),
    ]);
    expect(struck.result.summary).toContain('1 waiver has no use here: the 1st');
  });

  test.concurrent('whose day is over is red again, and has a use', async () => {
    const struck = await beside(`- ${DOORS}\n  until: 2001-02-28`);
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate_matched_count: '2' });
    expect(linesOf(struck, USELESS)).toEqual([]);
  });

  test.concurrent.each([
    ['a day ahead: what ends today here is over', 1, 0, '2'],
    ['a day behind: what ended yesterday here holds', -1, -1, '1'],
  ])('ends by the server’s clock, %s', async (_name, off, day, matched) => {
    const [now, aDay] = [Date.now(), 86_400_000];
    const until = new Date(now + day * aDay).toISOString().slice(0, 10);
    const struck = await beside(`- ${DOORS}\n  until: ${until}`, undefined, {
      faults: [{ answer: { headers: { Date: new Date(now + off * aDay).toUTCString() } } }],
    });
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate_matched_count: matched });
  });

  test.concurrent.each([
    ['one field alone', '- match: { id: 1 }\n  because: x', 'fewer than two fields'],
    ['no reason', '- match: { id: 1, title: Doors }', 'without `because`'],
    ['an empty reason', "- match: { id: 1, title: Doors }\n  because: ''", 'without `because`'],
    ['a day that the calendar does not have', `- ${DOORS}\n  until: 2026-02-30`, 'is no day'],
    ['an end that a variable leaves empty', `- ${DOORS}\n  until: ''`, 'whose `until` is empty'],
    ['a condition that is left empty', `- ${DOORS}\n  condition:`, 'whose `condition` is empty'],
    ['an unknown key', `- ${DOORS}\n  untill: 2026-02-28`, 'did you mean `until`?'],
    ['a doubled key', `- ${DOORS}\n  because: y`, 'the same key twice'],
    ['no list', 'match: { id: 1, title: Doors }', 'must be a YAML list'],
    ['a condition that there is not', `- ${DOORS}\n  condition: bat`, 'did you mean “bad”?'],
    ['501 of them', `- ${DOORS}\n`.repeat(501), '500 at most'],
  ])('with %s is refused by its place, and nothing is sent', async (_name, waivers, message) => {
    const { outputs, launches, result } = await beside(waivers);
    expect(outputs).toMatchObject({ conclusion: 'error', gate: 'not_evaluated' });
    expect(outputs.error_message).toContain(message);
    expect(launches).toEqual([]);
    expect(result.stdout).not.toContain('fire officer');
  });
});

describe('M2. What is never waived', () => {
  test.concurrent.each<[string, object, string]>([
    ['a boolean', { bad: true }, '0'],
    ['what cannot be evaluated', {}, '0'],
  ])('%s', async (_name, outputs, matched) => {
    const struck = await beside(`- ${DOORS}`, outputs);
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate_matched_count: matched });
    // Where a condition was not evaluated nobody knows what a waiver is for.
    expect(linesOf(struck, USELESS)).toHaveLength('bad' in outputs ? 1 : 0);
    expect(struck.outputs.baseline_ready).toBe('false');
  });

  test.concurrent('all items waived: green', async () => {
    const struck = await beside(`- ${DOORS}\n- match: { title: Windows, id: 2 }\n  because: y`);
    expect(struck.outputs).toMatchObject({
      conclusion: 'success',
      gate: 'passed',
      gate_matched_count: '0',
      baseline_ready: 'true',
    });
  });

  test.concurrent(
    'an entry of `runs` has its own instead of the step’s; one that any run needs has a use',
    async () => {
      const runs = `A: {}\nB: { inputs: { level: 2 }, waivers: [{ match: { id: 2, title: Windows }, because: y }] }`;
      const struck = await beside(
        `- ${DOORS}\n- match: { id: 9, title: None }\n  because: z`,
        { bad: ITEMS },
        { inputs: { runs } },
      );
      expect(linesOf(struck, USELESS)).toEqual([
        expect.stringMatching(/^note. A. 1 waiver has no use here. the 2nd\.$/),
      ]);
      expect(JSON.parse(struck.outputs.runs_json!)).toMatchObject([
        { gate_matched_count: 1 },
        { gate_matched_count: 1 },
      ]);
    },
  );
});

describe('M6. `baseline_ready`', () => {
  test.concurrent.each<[string, object, string, Partial<Strike>?]>([
    ['a green', { bad: [] }, 'true'],
    ['a red by findings', { bad: ITEMS }, 'true'],
    ['a boolean true', { bad: true }, 'false'],
    ['a condition not evaluated', {}, 'false'],
    ['no `fail_if`', { bad: ITEMS }, 'false', { inputs: { fail_if: '', warn_if: 'bad: outputs.bad' } }],
  ])('after %s', async (_name, outputs, ready, more = {}) => {
    expect((await beside('', outputs, more)).outputs.baseline_ready).toBe(ready);
  });

  test.concurrent('after a run that did not complete', async () => {
    const { outputs } = await strike({
      api: { course: steadyCourse({ queuedMs: 500, runningMs: 2_000, ending: 'failed' }) },
      inputs: { fail_if: 'bad: outputs.bad' },
    });
    expect(outputs.baseline_ready).toBe('false');
  });
});
