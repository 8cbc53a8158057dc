import { describe, expect, test } from '@jest/globals';
import { formatBaseline, hasArtifacts, readBaseline, type BaselineState, type SavedEntry } from '../../src/baseline.ts';
import type { GateResult } from '../../src/gate/findings.ts';
import { decideToSave, toSavedEntry } from '../../src/gate/save.ts';
import { GithubFailure } from '../../src/outcome.ts';
import { item, items, keep, NOT_EVALUATED, PLAIN_TRUE, result, reviewGate, usable, waiver } from './reviews.ts';

const findingOf = (...args: Parameters<typeof reviewGate>) => reviewGate(...args).conditions[0]!;

type SaveFacts = Parameters<typeof decideToSave>[0];

describe('with a baseline', () => {
  // prettier-ignore
  test.each<[title: string, before: string[], now: string[], known: boolean[], gone: number]>([
    ['knows what the baseline has', ['a 1', 'b 2'], ['a 1', 'b 2'], [true, true], 0],
    ['calls what it does not have new, first', ['a 1'], ['a 1', 'b 2'], [false, true], 0],
    ['counts what no longer matches', ['a 1', 'b 2', 'c 3'], ['b 2'], [true], 2],
    ['calls a finding new whose status changed', ['a 1 revise'], ['a 1 rejected'], [false], 1],
    ['knows two where there were two', ['a 1', 'a 1'], ['a 1', 'a 1'], [true, true], 0],
    ['calls three new where there were two', ['a 1', 'a 1'], ['a 1', 'a 1', 'a 1'], [false, false, false], 0],
    ['knows one where there were two', ['a 1', 'a 1'], ['a 1'], [true], 1],
    ['never knows a finding with an empty field', ['a _'], ['a _'], [false], 0],
    ['never knows a finding without a field', ['a -'], ['a -'], [false], 0],
    ['keeps the order of the data otherwise', ['b 2'], ['c 3', 'b 2', 'a 1'], [false, false, true], 0],
    ['knows nothing of an empty baseline', [], ['a 1'], [false], 0],
    ['has nothing new where nothing is found', ['a 1'], [], [], 1],
  ])('%s', (_title, before, now, known, gone) => {
    const finding = findingOf([result(items(...now))], { baseline: keep([result(items(...before))]) });
    expect(finding.findings.map((one) => one.isKnown)).toEqual(known);
    const newCount = known.filter((one) => !one).length;
    expect(finding.counts).toMatchObject({ found: now.length, new: newCount, known: now.length - newCount, noLongerReported: gone });
    expect(finding.isFailing).toBe(newCount > 0);
  });

  test.each([
    ['a text and a number', { doc: 'a', clause: '7', status: 'x' }, { doc: 'a', clause: 7, status: 'x' }, true],
    ['keys in another order', { doc: { a: 1, b: 2 }, clause: 1, status: 1 }, { status: 1, clause: 1, doc: { b: 2, a: 1 } }, true],
    ['lists in another order', { doc: ['a', 'b'], clause: 1, status: 1 }, { doc: ['b', 'a'], clause: 1, status: 1 }, false],
    ['false, which is no empty value', { doc: false, clause: 0, status: 1 }, { doc: false, clause: 0, status: 1 }, true],
    ['blanks', { doc: '\u00a0', clause: 1, status: 1 }, { doc: '\u00a0', clause: 1, status: 1 }, false],
    ['an empty list', { doc: [], clause: 1, status: 1 }, { doc: [], clause: 1, status: 1 }, false],
    ['an empty object', { doc: {}, clause: 1, status: 1 }, { doc: {}, clause: 1, status: 1 }, false],
    ['a field of the prototype', { constructor: 'x' }, { constructor: 'x' }, false],
    ['values that would be equal when joined', { doc: 'a","b', clause: 'c', status: 1 }, { doc: 'a', clause: 'b","c', status: 1 }, false],
    ['texts, which have no fields', 'Door 7', 'Door 7', false],
  ])('compares %s', (_title, before, now, isKnown) => {
    const finding = findingOf([result([now])], { baseline: keep([result([before])]) });
    expect(finding.findings[0]!.isKnown).toBe(isKnown);
  });

  test.each([
    ['its line is moved', { line: 9 }, {}, 1],
    ['it has a name and another expression', { expression: 'other' }, {}, 1],
    ['its name is another', { name: 'other' }, {}, 0],
    ['it has no name and another expression', { name: null, expression: 'other' }, { name: null }, 0],
    ['it has no name and the same expression', { name: null }, { name: null }, 1],
    ['its expression is the name of the other', { name: null, expression: 'not compliant' }, {}, 0],
  ])('compares with a condition where %s', (_title, now, before, known) => {
    const finding = findingOf([result(items('a 1'), now)], { baseline: keep([result(items('a 1'), before)]) });
    // Without the condition nothing is known to have gone.
    expect(finding.counts).toMatchObject({ known, new: 1 - known, noLongerReported: 0 });
    expect(finding.mismatch).toBe(known === 1 ? null : 'no_condition');
  });

  test('makes all new where `known_by` has other fields', () => {
    const baseline = keep([result(items('a 1'))], { knownBy: new Map([[null, ['doc', 'clause']]]) });
    expect(findingOf([result(items('a 1'))], { baseline })).toMatchObject({
      counts: { known: 0, new: 1, noLongerReported: 0 },
      mismatch: 'other_known_by',
    });
  });

  test('uses the fields of a condition’s own line', () => {
    const knownBy = new Map([[null, ['doc', 'clause']], ['hazards', ['clause', 'status']]]); // prettier-ignore
    const before = keep([result(items('a 1 x'), { name: 'hazards' })], { knownBy });
    const finding = findingOf([result(items('b 1 x'), { name: 'hazards' })], { baseline: before, knownBy });
    expect(finding).toMatchObject({ knownBy: ['clause', 'status'], counts: { known: 1 } });
  });

  // prettier-ignore
  test.each<[title: string, setting: Parameters<typeof reviewGate>[1], code: BaselineState['code']]>([
    ['of another workflow', { workflowId: 'wf_2' }, 'other_workflow'],
    ['of another project', { projectId: 'p_2' }, 'other_project'],
    ['of a step with `runs`', { entry: 'doors' }, 'no_entry'],
  ])('makes all new with one %s, and says so', (_title, setting, code) => {
    const { baseline, conditions } = reviewGate([result(items('a 1'))], { baseline: keep([result(items('a 1'))]), ...setting });
    expect(baseline).toEqual({ code });
    expect(conditions[0]).toMatchObject({ isFailing: true, isCompared: false });
  });

  test('compares each entry of `runs` with its own part', () => {
    const doors = reviewGate([result(items('a 1'))], { entry: 'doors' }).saved;
    const fire = reviewGate([result(items('b 2'))], { entry: 'fire' }).saved;
    const baseline = usable(doors, fire);
    expect(findingOf([result(items('a 1'))], { baseline, entry: 'doors' }).counts.known).toBe(1);
    expect(findingOf([result(items('a 1'))], { baseline, entry: 'fire' }).counts.known).toBe(0);
  });

  test('names what no longer matches by two fields', () => {
    const finding = findingOf([result([])], { baseline: keep([result(items('a 1', 'b 2'))]) });
    expect(finding.noLongerReported).toEqual([{ doc: 'a', clause: '1' }, { doc: 'b', clause: '2' }]); // prettier-ignore
  });

  test('does not compare what only warns', () => {
    const warning = result(items('a 1'), { severity: 'warn' });
    const { conditions, saved } = reviewGate([warning], { baseline: keep([warning]) });
    expect(conditions[0]).toMatchObject({ isWarning: true, isFailing: false, isCompared: false });
    expect(saved.conditions).toEqual([]);
  });

  // prettier-ignore
  test.each<[title: string, now: typeof PLAIN_TRUE, isFailing: boolean]>([
    ['a known finding', result(items('a 1')), false],
    ['a plain true', PLAIN_TRUE, true],
    ['a condition that cannot be evaluated', NOT_EVALUATED, true],
    ['nothing', result([]), false],
  ])('decides whether %s is red', (_title, now, isFailing) => {
    expect(findingOf([now], { baseline: keep([result(items('a 1'))]) }).isFailing).toBe(isFailing);
  });
});

describe('waivers beside a baseline', () => {
  const first = waiver({ doc: 'a', reason: 'first' }, { until: '2026-11-30' });
  const same = [{ ...item('a 1'), reason: 'first' }, { ...item('a 1'), reason: 'second' }]; // prettier-ignore
  const third = { ...item('a 1'), reason: 'third' };
  const knownAfter = (before: typeof same, now: typeof same, waiversBefore = [first], waiversNow = [first], today = '2026-11-26') => {
    const baseline = keep([result(before)], { waivers: waiversBefore });
    const { counts } = findingOf([result(now)], { baseline, waivers: waiversNow, today });
    return [counts.known, counts.new, counts.waived, counts.noLongerReported];
  };

  // prettier-ignore
  test.each([
    ['knows the other of two equal findings', knownAfter(same, same), [1, 0, 1, 0]],
    ['does not make a third known by a new waiver', knownAfter(same, [...same, third], []), [0, 2, 1, 0]],
    ['calls a waived finding new once the waiver has ended', knownAfter(same.slice(0, 1), same.slice(0, 1), [first], [first], '2026-12-01'), [0, 1, 0, 0]],
    ['knows what was kept unwaived once a waiver has ended', knownAfter(same.slice(0, 1), same.slice(0, 1), [], [first], '2026-12-01'), [1, 0, 0, 0]],
    ['does not call what a new waiver accepts gone', knownAfter(same, same, []), [1, 0, 1, 0]],
    ['calls nothing gone that was waived and is repaired', knownAfter(same, same.slice(1)), [1, 0, 0, 0]],
  ])('%s', (_title, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('the artifact’s file', () => {
  const { saved } = reviewGate([result(items('a 1', 'b 2 _', 'c 3 _'))], { waivers: [waiver({ doc: 'b', clause: '2' })] });
  const digest = expect.stringMatching(/^[\w+/-]{12}$/);

  test('has a digest, two values, the day and the login of each finding', () => {
    const finding = { digest, values: ['a', '1'], missed: 0, since: '2026-11-20', by: 'octocat' };
    const condition = { id: digest, name: digest, findings: [finding], waived: [] };
    const entry = { name: '', workflowId: 'wf_1', projectId: 'p_1', conditions: [condition] };
    expect(JSON.parse(formatBaseline([saved], true))).toEqual({ version: 2, entries: [entry] });
  });

  test('has no values where they are withheld', () => {
    const text = formatBaseline([saved], false);
    expect(readBaseline(text)![0]!.conditions[0]!.findings[0]!.values).toEqual([]);
    expect(text).not.toMatch(/"a"|"1"|rejected|because/);
  });

  test('is read as it was written', () => {
    expect(readBaseline(formatBaseline([saved], true))).toEqual([saved]);
  });

  test('keeps digests for the same findings and the same text', () => {
    // Digests of files that are saved already: another algorithm would make every finding new.
    const [{ id, findings }] = saved.conditions as [SavedEntry['conditions'][number]];
    expect([id, findings[0]!.digest]).toEqual(['NoEhpHAUbUNZ', 'hAuzxnhHY8lf']);
  });

  test('has the values of 1,000 findings of a condition, each at most 100 characters', () => {
    const many = Array.from({ length: 1_200 }, (_, nth) => item(`${'x'.repeat(300)} ${nth}`));
    const { findings } = reviewGate([result(many)]).saved.conditions[0]!;
    expect([findings.length, findings.filter(({ values }) => values.length === 2).length]).toEqual([1_200, 1_000]);
    expect(findings[0]!.values[0]).toHaveLength(100);
  });

  test.each(['', '{', 'PK\u0003\u0004', 'null', '[]', '{"entries":[]}'])('refuses %j', (text) => {
    expect(() => readBaseline(text)).toThrow();
  });

  test.each(['{"version":1,"entries":[]}', '{"version":9}'])('ignores another version, %s', (text) => {
    expect(readBaseline(text)).toBeNull();
  });
});

describe('the memory of the baseline', () => {
  /** Saves reviews one after another, and returns what the last one saved. */
  function saveAll(...reviews: readonly (readonly string[])[]) {
    let baseline: BaselineState = { code: 'missing', branch: 'main' };
    for (const found of reviews) baseline = keep([result(items(...found))], { baseline });
    return baseline;
  }
  const missedOf = (baseline: BaselineState) =>
    baseline.code === 'usable' ? baseline.entries[0]!.conditions[0]!.findings.map(({ missed }) => missed) : null;

  // prettier-ignore
  test.each<[title: string, reviews: string[][], now: string[], known: boolean[], missed: number[]]>([
    ['knows what one saved review lacks', [['a 1'], []], ['a 1'], [true], [1]],
    ['knows what two in a row lack', [['a 1'], [], []], ['a 1'], [true], [2]],
    ['forgets what three in a row lack', [['a 1'], [], [], []], ['a 1'], [false], []],
    ['counts anew once a finding is reported again', [['a 1'], [], [], ['a 1'], [], []], ['a 1'], [true], [2]],
    ['knows two where the last review had one', [['a 1', 'a 1'], ['a 1']], ['a 1', 'a 1'], [true, true], [0, 1]],
    ['forgets the second after three reviews with one', [['a 1', 'a 1'], ['a 1'], ['a 1'], ['a 1']], ['a 1', 'a 1'], [false, false], [0]],
    ['calls three new where there were two', [['a 1', 'a 1'], ['a 1']], ['a 1', 'a 1', 'a 1'], [false, false, false], [0, 1]],
    ['remembers nothing of a finding with an empty field', [['a _'], []], ['a _'], [false], []],
  ])('%s', (_title, reviews, now, known, missed) => {
    const baseline = saveAll(...reviews);
    expect(findingOf([result(items(...now))], { baseline }).findings.map(({ isKnown }) => isKnown)).toEqual(known);
    expect(missedOf(baseline)).toEqual(missed);
  });

  test('tells which known findings the last review lacked', () => {
    const [a, b] = findingOf([result(items('a 1', 'b 2'))], { baseline: saveAll(['a 1', 'b 2'], ['b 2']) }).findings;
    expect([a!.saved!.missed, b!.saved!.missed]).toEqual([1, 0]);
  });

  test('counts what this run lacks as no longer reported, carried or not', () => {
    const finding = findingOf([result([])], { baseline: saveAll(['a 1', 'b 2'], ['b 2']) });
    expect(finding.counts.noLongerReported).toBe(2);
  });

  test('keeps who saved a finding first, and when', () => {
    const baseline = saveAll(['a 1']);
    const context = { entry: '', workflowId: 'wf_1', projectId: 'p_1' };
    const later = toSavedEntry(context, reviewGate([result(items('a 1', 'b 2'))], { baseline }), { since: '2026-12-03', by: 'hubot' });
    expect(later.conditions[0]!.findings.map(({ since, by }) => `${since} ${by}`).sort()).toEqual([
      '2026-11-20 octocat',
      '2026-12-03 hubot',
    ]);
  });

  const aWaiver = waiver({ doc: 'a', clause: '1' });
  test('drops a finding at once that the saved review waives', () => {
    const baseline = keep([result(items('a 1'))], { baseline: saveAll(['a 1']), waivers: [aWaiver] });
    expect(findingOf([result(items('a 1'))], { baseline }).findings[0]!.isKnown).toBe(false);
  });

  test.each<[title: string, setting: Parameters<typeof reviewGate>[1]]>([
    ['another workflow', { workflowId: 'wf_2' }],
    ['another project', { projectId: 'p_2' }],
    ['another entry', { entry: 'doors' }],
    ['other fields of `known_by`', { knownBy: new Map([[null, ['doc', 'clause']]]) }],
  ])('carries nothing over to %s', (_title, setting) => {
    const baseline = saveAll(['a 1']);
    expect(missedOf(keep([result([])], { ...setting, baseline }))).toEqual([]);
  });

  test('carries nothing over to a condition of another name', () => {
    expect(missedOf(keep([result([], { name: 'other' })], { baseline: saveAll(['a 1']) }))).toEqual([]);
  });
});

const FORBIDDEN = new GithubFailure('forbidden', 'Resource not accessible by integration', 403);

describe('saving the baseline', () => {
  const passing = reviewGate([result([])]);
  const failing = reviewGate([result(items('a 1'))]);
  const known = reviewGate([result(items('a 1'))], { baseline: keep([result(items('a 1'))]) });
  const warned = reviewGate([result([]), result([], { severity: 'warn', result: 'cannot_be_evaluated' })]);
  const onlyTrue = reviewGate([PLAIN_TRUE]);
  const broken = reviewGate([NOT_EVALUATED]);
  const nameless = reviewGate([result(items('a _'))]);
  const unread = (baseline: BaselineState) => reviewGate([result([])], { baseline });
  const facts = { branch: 'main', event: 'push', ref: 'refs/heads/main', serverUrl: 'https://github.com' };
  const push: SaveFacts = { ...facts, hasPullRequest: false, hasRunId: false, isRequested: false };
  const schedule = { ...push, event: 'schedule' };
  const manual = { ...push, event: 'workflow_dispatch' };
  const requested = { ...manual, isRequested: true };

  // prettier-ignore
  test.each<[title: string, facts: SaveFacts, results: (GateResult | null)[], decision: string]>([
    ['a push that passes', push, [passing], 'save'],
    ['a push with known findings only', push, [known], 'save'],
    ['a scheduled run that passes', schedule, [passing], 'save'],
    ['a push that fails', push, [failing], 'failing'],
    ['a scheduled run that fails', schedule, [failing], 'failing'],
    ['a manual run that fails', manual, [failing], 'failing'],
    ['a manual run that fails, with `save_baseline`', requested, [failing], 'save'],
    ['a warning that cannot be evaluated', push, [warned], 'save'],
    ['one failing entry of two', push, [passing, failing], 'failing'],
    ['one failing entry of two, with `save_baseline`', requested, [passing, failing], 'save'],
    ['a condition that is only true', requested, [passing, onlyTrue], 'only_true'],
    ['a condition that cannot be evaluated', requested, [broken, passing], 'not_evaluated'],
    ['findings without a field of `known_by`', requested, [nameless], 'no_identity'],
    ['an entry without a completed run', requested, [passing, null], 'not_completed'],
    ['a baseline that timed out', push, [unread({ code: 'timed_out' })], 'baseline_unavailable'],
    ['a baseline that GitHub refuses', requested, [unread({ code: 'not_fetched', failure: FORBIDDEN })], 'baseline_unavailable'],
    ['a damaged baseline', push, [unread({ code: 'damaged' })], 'baseline_damaged'],
    ['a damaged baseline, with `save_baseline`', requested, [unread({ code: 'damaged' })], 'save'],
    ['an expired baseline', push, [unread({ code: 'expired', savedAt: '' })], 'save'],
    ['a pull request', { ...push, event: 'pull_request', ref: 'refs/pull/7/merge' }, [passing], 'other_event'],
    ['a merge queue', { ...push, event: 'merge_group' }, [passing], 'other_event'],
    ['a comment', { ...push, event: 'issue_comment' }, [passing], 'other_event'],
    ['a GitHub workflow after another', { ...push, event: 'workflow_run' }, [passing], 'other_event'],
    ['a dispatch from outside', { ...push, event: 'repository_dispatch' }, [passing], 'other_event'],
    ['another branch', { ...requested, ref: 'refs/heads/main2' }, [passing], 'other_ref'],
    ['a tag called `main`', { ...push, ref: 'refs/tags/main' }, [passing], 'other_ref'],
    ['a manual run with `pull_request`', { ...requested, hasPullRequest: true }, [passing], 'with_pull_request'],
    ['a manual run with `run_id`', { ...requested, hasRunId: true }, [passing], 'with_run_id'],
    ['GitHub Enterprise Server', { ...push, serverUrl: 'https://git.example.com' }, [passing], 'enterprise_server'],
    ['a step without `baseline`', { ...push, branch: '' }, [passing], 'no_baseline'],
  ])('decides about %s', (_title, about, results, decision) => {
    expect(decideToSave(about, results)).toBe(decision);
  });

  test.each([
    ['https://github.com', true],
    ['https://octo.ghe.com', true],
    ['http://github.localhost:8080', true],
    ['https://github.com.example.com', false],
    ['https://ghe.com.example.com', false],
  ])('knows whether %s has artifacts', (url, expected) => {
    expect(hasArtifacts(url)).toBe(expected);
  });
});
