/**
 * One push's report, in a process of its own so that its memory is what one report takes: from the answer that a poll
 * brings to all that is written. `node bench/report-of-rows.ts FOLDER RUN_ID [STATE]` reads `answer.json` in the folder,
 * and `baseline.json` where there is one; prints a `Told` as JSON. Called by rows.ts.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBody, runOf } from '../src/alloovium/wire.ts';
import { findingOf } from '../src/gate/finding.ts';
import { begin, outcomesOf } from '../src/runs/outcome.ts';
import { NO_BASELINE, readBaseline } from '../src/baseline.ts';
import { readContext } from '../src/github/context.ts';
import { compare } from '../src/report/changes.ts';
import { gateFile } from '../src/report/gate-file.ts';
import { renderComment } from '../src/report/comment.ts';
import { markerLine, parseComment, withMemory } from '../src/report/memory.ts';
import { snapshotOf } from '../src/report/snapshot.ts';
import { OUTPUT_NAMES } from '../src/report/declared.ts';
import { compileGate } from '../src/gate/gate.ts';
import { stepOutputs } from '../src/report/outputs.ts';
import { renderReport, renderSummary } from '../src/report/summary.ts';

import { reportOf } from '../src/report/report.ts';
import { verdictOf } from '../src/runs/verdict.ts';
import { redactor } from '../src/text/redact.ts';

export const FAIL_IF = "not compliant: outputs.items.filter(i, i.status != 'compliant')";
export const PARTS = ['answer', 'gate', 'what changed', 'files', 'summary', 'comment'] as const;

export interface Told {
  readonly ms: Readonly<Record<(typeof PARTS)[number], number>>;
  /** Of the process, from its start. */
  readonly peakMiB: number;
  /** For the push that comes after. */
  readonly state: string;
  /** What changed, in counts: a report that found nothing has measured nothing. */
  readonly marks: { readonly fresh: number; readonly still: number; readonly gone: number } | null;
}

/** A digest, of whatever. */
const OF = 'AAAAAAAAAAAA';

function tell(
  folder: string,
  runId: string,
  state: string,
  gate: Awaited<ReturnType<typeof compileGate>>,
): Told {
  const ms = { answer: 0, gate: 0, 'what changed': 0, files: 0, summary: 0, comment: 0 };
  const timed = <T>(part: keyof typeof ms, work: () => T): T => {
    const startedAt = performance.now();
    const value = work();
    ms[part] += performance.now() - startedAt;
    return value;
  };
  const read = (name: string) => readFileSync(join(folder, name));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  const redact = redactor([
    'ak_test_0123456789abcdef0123456789abcdef',
    'ghs_0123456789abcdef0123456789abcdef',
  ]);
  const run = timed('answer', () =>
    runOf(parseBody({ status: 200, headers: new Map(), body: read('answer.json') }, redact), runId),
  );
  const evaluated = timed('gate', () => gate.evaluate(run.outputs));
  const entry = { name: '', gate };
  const order = {
    entries: [entry],
    workflowId: 'wf_1',
    projectId: '',
    inputs: {},
    runId: '',
    idempotencyKey: '',
  };
  const context = readContext(
    {
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_RUN_ID: runId.replaceAll(/\D/g, '') || '1',
    },
    { repository: { default_branch: 'main' } },
  );
  const origin = { ...context, event: 'push', ref: 'refs/heads/main', pullRequest: null };
  const inputs = { baselineFile: 'baseline.json', failOn: 'any' } as const;
  const files = { readFile: () => read('baseline.json') };
  const isAgainst = existsSync(join(folder, 'baseline.json'));
  const baseline = timed('what changed', () =>
    isAgainst ? readBaseline(files, inputs, context) : NO_BASELINE,
  );
  const about = { order, entry, runId, workflowId: 'wf_1' };
  const judged = timed('what changed', () => baseline.weigh(about, evaluated).results);
  const results = timed('what changed', () => judged.map(findingOf));
  const memory = timed('what changed', () => parseComment(state).memory);
  const changes = timed('what changed', () =>
    compare(results, baseline.snapshotFor(about) ?? memory?.runs.get(OF) ?? null),
  );
  const seen = { ...begin(order), runId, run, status: run.status, origin: { kind: 'new' } as const };
  const ending = { kind: 'ended', status: run.status, errorMessage: '' } as const;
  const outcomes = outcomesOf(seen, ending, [{ entry, findings: results, asAny: '', stored: null }]);
  const terms = { isGated: true, onRerun: 'resume', timeoutMs: 900_000 } as const;
  const verdict = verdictOf(outcomes, null, terms);
  const step = { context: null, inputs: null, orders: [order], outcomes, baseline, failure: null, tokens: 1 };
  const report = reportOf({ ...step, verdict, terms }, [changes], []);
  timed('files', () => {
    const json = JSON.stringify(run.outputs);
    write('outputs.json', `${json}\n`);
    const one = {
      gate: 'failed',
      runId,
      workflowId: 'wf_1',
      projectId: '',
      baseline: null,
      results: judged,
    } as const;
    write('gate.json', [...gateFile(origin, one)].join(''));
    write('report.md', renderReport(report));
    for (const [, value] of stepOutputs(run.outputs, json, OUTPUT_NAMES, 2_000).entries)
      write('output', value);
  });
  timed('summary', () => write('summary.md', renderSummary(report)));
  const next = timed('comment', () => {
    const visible = renderComment(report, markerLine('bench'));
    const { commit } = context;
    const author = { id: OF, judged: '', jobRun: '1', attempt: 1 };
    const runs = new Map([[OF, snapshotOf(results, { runId, madeAt: 1, commit })]]);
    const next = { commit, author, says: OF, isWarned: false, red: [author], runs };
    write('comment.md', withMemory(visible, next));
    // What remembers, without what is seen: it is an argument of the next process.
    return withMemory('', next);
  });
  const marks = changes && { fresh: changes.fresh, still: changes.still, gone: changes.gone };
  return { ms, peakMiB: process.resourceUsage().maxRSS / 1024, state: next, marks };
}

const [folder, runId, state] = process.argv.slice(2);
if (import.meta.main && folder !== undefined && runId !== undefined)
  console.log(JSON.stringify(tell(folder, runId, state ?? '', await compileGate(FAIL_IF, ''))));
