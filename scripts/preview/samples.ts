/** Hand-made reports: cases without a scenario, and one full of attacks. */
import {
  aReport,
  aResult,
  firstState,
  GREEN,
  green,
  hostileReport,
  someResults,
} from '../../__tests__/report/a-report.ts';
import { compareWithReport } from '../../src/report/changes.ts';
import { renderComment } from '../../src/comment/text.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { createMarker } from '../../src/comment/memory.ts';
import type { Report } from '../../src/report/report.ts';
import type { PreviewDocument } from './html.ts';

export function renderDocument(name: string, report: Report): PreviewDocument {
  const hasComment = !['pending', 'skipped', 'interrupted'].includes(report.verdict.conclusion);
  return {
    name,
    summary: renderSummary(report),
    comment: hasComment ? renderComment(report, createMarker(name)) : null,
  };
}

export function handMadeDocuments(): PreviewDocument[] {
  return [
    renderDocument('red-second-push', aReport({ changes: compareWithReport(someResults(), firstState) })),
    renderDocument(
      'green-again',
      aReport({ ...green, changes: compareWithReport(someResults(GREEN), firstState) }),
    ),
    renderDocument(
      'green-with-a-warning',
      aReport({
        ...green,
        verdict: {
          ...green.verdict,
          headline: '2 of 5 items “old revision” (a warning only)',
        },
        results: [
          ...someResults(GREEN),
          aResult({
            condition: {
              severity: 'warn',
              name: 'old revision',
              expression: "outputs.items.filter(i, i.reason.contains('section'))",
              line: 1,
            },
            result: 'holds',
            matched: GREEN.slice(0, 2),
            unmatched: GREEN.slice(2),
          }),
        ],
      }),
    ),
    renderDocument(
      'cannot-be-evaluated',
      aReport({
        verdict: {
          headline: '“not compliant” cannot be evaluated; “nothing reviewed” is true',
          nextStep: 'Correct the cause in Alloovium, then re-run the failed job: this starts a new run.',
        },
        results: [
          aResult({
            condition: someResults()[0]!.condition,
            result: 'cannot_be_evaluated',
            problem: 'no such key: "status" in outputs.items[0]; there are: document_id, state, reason',
          }),
          aResult({ condition: someResults()[1]!.condition, result: 'holds' }),
        ],
      }),
    ),
    renderDocument(
      'joined',
      aReport({
        run: { origin: { kind: 'joined', ageMs: 2 * 3_600_000 + 300_000 } },
        replayed: true,
        attempt: 2,
        polls: 1,
        tokens: 26,
        stages: [],
      }),
    ),
    renderDocument(
      'pending',
      aReport({
        verdict: {
          conclusion: 'pending',
          exitCode: 0,
          gate: 'none',
          headline: 'Launched without waiting',
          nextStep:
            'To evaluate what was launched, use the action in a later job with the same inputs and without `wait: false`.',
        },
        results: [],
        run: { status: 'pending', outputs: undefined, startedAt: '', completedAt: '' },
        stages: [],
        polls: 0,
        tokens: 25,
      }),
    ),
    renderDocument('hostile', hostileReport(ATTACKS)),
    renderDocument('hostile-without-a-gate', hostileReport(ATTACKS, false)),
  ];
}

/** Attacks in the text of outputs, names and messages. */
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
