/**
 * Measures the report of one push, from the answer of a poll to all files, in a separate process so that its peak memory is that of
 * one report. `node bench/report-of-rows.ts FOLDER RUN_ID [STATE]` reads `answer.json` in the folder, and `baseline.json` if there is
 * one, and prints a `Reported` as JSON. rows.ts calls it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBody, parseRun } from '../src/alloovium/wire.ts';
import { createFinding } from '../src/gate/finding.ts';
import { outcomesOf } from '../src/runs/outcome.ts';
import { createEmptyRecord } from '../src/runs/record.ts';
import { readGateFile, BUDGET } from '../src/gate/gate-file.ts';
import type { Copy } from '../src/github/host.ts';
import { evaluateGates } from '../src/runs/evaluate-run.ts';
import { storeFiles } from '../src/runs/run-files.ts';
import { readContext } from '../src/github/context.ts';
import { compareWithReport, changesSinceBaseline } from '../src/report/changes.ts';
import { renderComment } from '../src/comment/text.ts';
import { countChanges } from '../src/report/change-line.ts';
import { renderReport } from '../src/report/report-file.ts';
import { renderSummary } from '../src/report/summary.ts';
import { createMarker, parseComment, appendMemory } from '../src/comment/memory.ts';
import { createSnapshot } from '../src/comment/snapshot.ts';
import { compileGate } from '../src/gate/gate.ts';
import { buildStepOutputs } from '../src/report/step-outputs.ts';
import { createReport } from '../src/report/report.ts';
import { createRedactor } from '../src/text/redact.ts';

const KNOWN_BY = new Map([[null, ['document_id', 'status']]]);
export const FAIL_IF = "not compliant: outputs.items.filter(i, i.status != 'compliant')";
export const PARTS = ['answer', 'gate', 'what changed', 'files', 'summary', 'comment'] as const;

export interface Reported {
  readonly ms: Readonly<Record<(typeof PARTS)[number], number>>;
  /** Peak memory of the process. */
  readonly peakMiB: number;
  /** The state for the next push. */
  readonly state: string;
  /** Counts of what changed, to check that the report had something to compare. */
  readonly counts: ReturnType<typeof countChanges> | null;
}

/** A placeholder for digests. */
const ANY_DIGEST = 'AAAAAAAAAAAA';

function measureReport(folder: string, runId: string, state: string, gate: Awaited<ReturnType<typeof compileGate>>): Reported {
  const ms = { answer: 0, gate: 0, 'what changed': 0, files: 0, summary: 0, comment: 0 };
  const timed = <T>(part: keyof typeof ms, work: () => T): T => {
    const startedAt = performance.now();
    const value = work();
    ms[part] += performance.now() - startedAt;
    return value;
  };
  const read = (name: string) => readFileSync(join(folder, name));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  const redact = createRedactor(['ak_test_0123456789abcdef0123456789abcdef', 'ghs_0123456789abcdef0123456789abcdef']);
  const run = timed('answer', () => parseRun(parseBody({ status: 200, headers: new Map(), body: read('answer.json') }, redact), runId));
  const evaluated = timed('gate', () => gate.evaluate(run.outputs));
  const entry = {
    name: '',
    gate: { ...gate, evaluate: () => evaluated },
    knownBy: KNOWN_BY,
    waivers: [],
    columns: new Map(),
  };
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
  const nowMs = Date.now();
  const baseline = timed('what changed', () => (existsSync(join(folder, 'baseline.json')) ? readGateFile(read('baseline.json')) : null));
  const parts = {
    ...({ baseline, failOn: 'any', budget: BUDGET, redact, gateFileName: 'gate.json' } as const),
    context: { ...context, event: 'push', ref: 'refs/heads/main' },
    host: {
      writeFile: (name: string, ...pieces: readonly (string | Copy)[]) => {
        write(name, pieces.map(String).join(''));
        return name;
      },
    },
  };
  const judgement = timed('what changed', () => evaluateGates(order, run, nowMs, parts))[0]!;
  const results = timed('what changed', () => judgement.results.map(createFinding));
  const memory = timed('what changed', () => parseComment(state).memory);
  const changes = timed('what changed', () =>
    judgement.since === null
      ? compareWithReport(results, memory?.runs.get(ANY_DIGEST) ?? null)
      : changesSinceBaseline({ findings: results, since: judgement.since }),
  );
  const record = {
    ...createEmptyRecord(order),
    runId,
    run,
    status: run.status,
    origin: { kind: 'new' } as const,
    evaluated: [{ ...judgement, entry, findings: results, stored: null }],
  };
  const ending = { kind: 'ended', status: 'completed', errorMessage: '' } as const;
  const outcomes = outcomesOf(record, ending);
  const step = {
    context: null,
    inputs: null,
    hasBaseline: false,
    gateFileName: '',
    orders: [order],
    outcomes,
    failure: null,
    tokens: 1,
  };
  const bare = createReport({ ...step, isGated: true });
  const report = { ...bare, runs: bare.runs.map((one) => ({ ...one, changes })) };
  timed('files', () => {
    const json = JSON.stringify(run.outputs);
    storeFiles(order, run, judgement, nowMs, parts);
    write('report.md', renderReport(report));
    for (const [, value] of buildStepOutputs(run.outputs, json, []).entries) write('output', value);
  });
  timed('summary', () => write('summary.md', renderSummary(report)));
  const next = timed('comment', () => {
    const visible = renderComment(report, createMarker('bench'));
    const { commit } = context;
    const author = {
      id: ANY_DIGEST,
      review: ANY_DIGEST,
      judged: '',
      jobRun: '1',
      attempt: 1,
      createdAt: new Map(),
    };
    const runs = new Map([[ANY_DIGEST, createSnapshot(results, { madeAt: 1, commit })]]);
    const next = {
      commit,
      author,
      text: ANY_DIGEST,
      contentDigest: ANY_DIGEST,
      isWarned: false,
      red: [author],
      runs,
    };
    write('comment.md', appendMemory(visible, next));
    // Only the memory, without the visible text: it is an argument of the next process.
    return appendMemory('', next);
  });
  const [reported] = report.runs;
  const counts = changes && reported ? countChanges([reported]) : null;
  return { ms, peakMiB: process.resourceUsage().maxRSS / 1024, state: next, counts };
}

const [folder, runId, state] = process.argv.slice(2);
if (import.meta.main && folder !== undefined && runId !== undefined)
  console.log(JSON.stringify(measureReport(folder, runId, state ?? '', await compileGate(FAIL_IF, ''))));
