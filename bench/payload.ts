/**
 * Measures how the action processes outputs of one size, in a separate process so that no garbage of another size is collected
 * meanwhile: `node bench/payload.ts BYTES` prints its `Timings` as JSON. memory.ts calls it.
 */
import { aReport } from '../__tests__/report/a-report.ts';
import { parseBody, parseRun } from '../src/alloovium/wire.ts';
import { formatGateFile, packRun, BUDGET } from '../src/gate/gate-file.ts';
import { applyBaseline } from '../src/gate/baseline.ts';
import { NO_BASELINE } from '../__tests__/fakes.ts';
import { createFinding } from '../src/gate/finding.ts';
import { compileGate } from '../src/gate/gate.ts';
import { buildStepOutputs } from '../src/report/step-outputs.ts';
import { renderReport } from '../src/report/report-file.ts';
import { renderSummary } from '../src/report/summary.ts';

import { TEST_KEY } from '../simulator/vendor-example.ts';
import { reviewOutputs } from './sample-review.ts';
import { createRedactor } from '../src/text/redact.ts';

export interface Timings {
  readonly bytes: number;
  /** The fastest of the rounds, in ms, since other processes only slow it down. Parsing is from the bytes of an answer to a redacted run. */
  readonly parse: number;
  readonly gate: number;
  readonly report: number;
}

const ROUNDS = 7;
const FAIL_IF = "not compliant: outputs.items.filter(i, i.status != 'compliant')";

const RUN_ID = 'run_1';
const body = new TextEncoder().encode(
  JSON.stringify({ run_id: RUN_ID, status: 'completed', outputs: reviewOutputs(Number(process.argv[2])) }),
);
const answer = { status: 200, headers: new Map<string, string>(), body };
const redact = createRedactor([TEST_KEY]);
const gate = await compileGate(FAIL_IF, '');
const took = { parse: [] as number[], gate: [] as number[], report: [] as number[] };

function timed<T>(what: keyof typeof took, work: () => T): T {
  const startedAt = performance.now();
  const value = work();
  took[what].push(performance.now() - startedAt);
  return value;
}

const HEAD = {
  time: '',
  event: 'push',
  ref: 'refs/heads/main',
  job_run: '1',
  pull_request: null,
  commit: '',
};
const ABOUT = {
  gate: 'none' as const,
  run_id: RUN_ID,
  workflow_id: 'wf_1',
  project_id: '',
  inputs_digest: '',
  baseline_commit: null,
} as const;

for (let round = 0; round < ROUNDS; round++) {
  const { outputs } = timed('parse', () => parseRun(parseBody(answer, redact), RUN_ID));
  const evaluated = timed('gate', () => applyBaseline(gate.evaluate(outputs), NO_BASELINE).results);
  timed('report', () => {
    const results = evaluated.map(createFinding);
    const report = aReport({ results, run: { outputs } });
    buildStepOutputs(outputs, JSON.stringify(outputs), []);
    formatGateFile(HEAD, packRun(ABOUT, evaluated, BUDGET).text);
    renderReport(report);
    renderSummary(report);
  });
}

const timings: Timings = {
  bytes: body.length,
  parse: Math.min(...took.parse),
  gate: Math.min(...took.gate),
  report: Math.min(...took.report),
};
console.log(JSON.stringify(timings));
