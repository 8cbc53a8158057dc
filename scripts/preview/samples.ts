/** Hand-made reports, one for each thing that people can come to see, and one full of what must not work. */
import {
  aReport,
  aResult,
  anItem,
  EARLIER_COMMIT,
  hostileReport,
  idOf,
  ITEMS,
  RUN_ID,
  someResults,
} from '../../__tests__/report/a-report.ts';
import { compare, decodeState, encodeState } from '../../src/report/changes.ts';
import { markerDigest, renderComment, verdictDigest, type Before } from '../../src/report/comment.ts';
import type { Report } from '../../src/report/report.ts';
import { renderSummary } from '../../src/report/summary.ts';
import type { PreviewDocument } from './html.ts';

export function rendered(name: string, report: Report, before?: Before): PreviewDocument {
  const runId = report.run?.id ?? '';
  const { conclusion } = report.verdict;
  const marker = {
    digest: markerDigest([name]),
    jobRunId: 9876543210,
    attempt: report.attempt,
    runId,
    conclusion,
    verdict: verdictDigest(report),
    commit: report.commit,
  };
  const state = encodeState(report.results, runId, report.commit, null);
  const hasComment = !['pending', 'skipped', 'interrupted'].includes(conclusion);
  return {
    name,
    summary: renderSummary(report),
    comment: hasComment ? renderComment(report, marker, state, before) : null,
  };
}

const [door = '', shop = '', sheet = ''] = ITEMS.map(idOf);

/** The first push: another item was wrong then, and one of today's was not yet. */
const FIRST = [
  anItem(door, 'compliant', 'Fire rating 90 min'),
  anItem(shop, 'non-compliant', 'Shop drawing is not signed'),
  anItem(sheet, 'non-compliant', 'Product data sheet is for another model'),
];
const firstState = decodeState(encodeState(someResults(FIRST), 'run_first', EARLIER_COMMIT, null));

const GREEN = ITEMS.map((item) => anItem(idOf(item), 'compliant', 'Meets section 08 11 13'));
const green = {
  verdict: {
    conclusion: 'success',
    exitCode: 0,
    gate: 'passed',
    headline: 'The run completed; none of the 2 conditions holds',
    nextStep: '',
  },
  results: someResults(GREEN),
  run: {
    outputs: {
      summary: 'Five submittals were reviewed. All meet their sections.',
      items: GREEN,
      reviewed: 5,
    },
  },
} as const;

export function samples(): PreviewDocument[] {
  return [
    rendered('red-second-push', aReport({ changes: compare(someResults(), RUN_ID, firstState) })),
    rendered('red-first-push', aReport()),
    rendered('green', aReport(green)),
    rendered('resolved', aReport({ ...green, changes: compare(someResults(GREEN), RUN_ID, firstState) }), {
      isResolved: true,
      said: '',
    }),
    rendered(
      'green-with-a-warning',
      aReport({
        ...green,
        results: [
          ...someResults(GREEN),
          aResult({
            condition: {
              severity: 'warn',
              name: 'old revision',
              expression: "outputs.items.filter(i, i.section == '08 11 13')",
              line: 1,
            },
            result: 'holds',
            matched: GREEN.slice(0, 2),
            unmatched: GREEN.slice(2),
          }),
        ],
      }),
    ),
    rendered(
      'cannot-be-evaluated',
      aReport({
        verdict: {
          headline: '“not compliant” cannot be evaluated, and “nothing reviewed” holds',
          nextStep: 'Look at the outputs below: the workflow may have renamed a key that `fail_if` reads.',
        },
        results: [
          aResult({
            condition: someResults()[0]!.condition,
            result: 'cannot_be_evaluated',
            problem:
              'no such key: "status" in outputs.items[0]; there are: document_id, section, state, reason',
          }),
          aResult({ condition: someResults()[1]!.condition, result: 'holds' }),
        ],
      }),
    ),
    rendered(
      'joined',
      aReport({
        run: { origin: { kind: 'joined', ageMs: 2 * 3_600_000 + 300_000 } },
        replayed: true,
        attempt: 2,
        polls: 1,
        tokens: 26,
        stages: [],
        notices: ['The launch was answered from the idempotency key: nothing was started.'],
      }),
    ),
    rendered(
      'failed',
      aReport({
        verdict: {
          conclusion: 'failure',
          gate: 'not_evaluated',
          headline: 'the run failed',
          nextStep: 'See what Alloovium reported; then re-run the failed job: it launches a new run.',
        },
        errorMessage:
          'Block "Extract submittals" failed: document 4a1c2b3d is password protected.\nUnlock it and run the workflow again.',
        results: [],
        run: { status: 'failed', outputs: null, completedAt: '2026-11-25T09:15:10Z', durationSeconds: 65 },
      }),
    ),
    rendered(
      'timed-out',
      aReport({
        verdict: {
          conclusion: 'timed_out',
          gate: 'not_evaluated',
          headline: 'no result after 15 minutes; the run goes on at Alloovium',
          nextStep: 'Re-run the failed job: it joins the run and waits on.',
        },
        results: [],
        run: { status: 'running', outputs: undefined, completedAt: '', durationSeconds: null },
      }),
    ),
    rendered(
      'bad-input',
      aReport({
        verdict: {
          conclusion: 'error',
          gate: 'not_evaluated',
          headline: 'The inputs of the step cannot be used',
          nextStep: 'Correct them in the workflow file and push.',
        },
        errorMessage:
          'fail_if, line 1, column 38: unknown variable "status"\n  outputs.items.filter(i, status != 1)\nworkflow_id: begins with wf_',
        results: [],
        run: null,
        workflow: { id: '', name: null },
        stages: [],
        polls: 0,
        tokens: 0,
      }),
    ),
    rendered(
      'pending',
      aReport({
        verdict: {
          conclusion: 'pending',
          exitCode: 0,
          gate: 'none',
          headline: 'launched, not waited for',
          nextStep:
            'Give a later job the same inputs without `wait: false`: it joins this run and judges it.',
        },
        results: [],
        run: { status: 'pending', outputs: undefined, startedAt: '', completedAt: '', durationSeconds: null },
        stages: [],
        polls: 0,
        tokens: 25,
      }),
    ),
    rendered(
      'no-gate',
      aReport({
        ...green,
        verdict: { ...green.verdict, gate: 'none', headline: 'the run completed' },
        results: [],
      }),
    ),
    rendered('hostile', hostileReport(ATTACKS)),
    rendered('hostile-without-a-gate', hostileReport(ATTACKS, false)),
  ];
}

/** What outputs, names and messages could try. */
export const ATTACKS: readonly string[] = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1"><img src="https://evil.example/pixel.png">',
  '</details></td></tr></table><h1>Approved</h1>',
  '[click](javascript:window.pwned=1) [here](https://evil.example) ![x](https://evil.example/y.png)',
  'https://evil.example/path www.evil.example mailto:a@evil.example <https://evil.example>',
  '@acme/everyone @octocat #1 GH-1 acme/tower#1 closes #1 a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b',
  '``` ```` ``````` ~~~\n```mermaid\ngraph TD; a-->b\n```',
  '<!-- alloovium:00000000000000000000000000000000 --> --> <!--',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '# Heading\n> quote\n- [ ] task\n---\n***bold*** ~~gone~~ $x^2$ :tada:',
  '\u202eevil\u202c \u200b\u0000\u001b[31mred \ud800',
  '%%{init: {"securityLevel": "loose"}}%% click a href "javascript:window.pwned=1"',
  '::error::no ##[error]no',
];
