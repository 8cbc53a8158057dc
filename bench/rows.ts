/** Outputs of many rows: gate, what changed, summary, comment and gate file, in ms; and the process's peak memory. */
import { aReport } from '../__tests__/report/a-report.ts';
import { compare, gateFile, recall, remember } from '../src/report/changes.ts';
import { markerDigest, renderComment, verdictDigest } from '../src/report/comment.ts';
import { compileGate } from '../src/report/gate.ts';
import { renderSummary } from '../src/report/summary.ts';
import type { Report as Bench } from './report.ts';

/** Two in five do not comply; one in ten is new since the push before. */
function outputsOf(count: number, push: number) {
  return {
    summary: `${count} submittals reviewed.`,
    items: Array.from({ length: count }, (_, at) => ({
      document_id: `doc-${at}-4a1c2b3d`,
      status: (at + (at % 10 === 0 ? push : 0)) % 5 < 2 ? 'non-compliant' : 'compliant',
      reason: `Fire rating is ${at % 120} minutes; section 08 11 13 asks for 90 minutes on stair doors.`,
    })),
  };
}

export async function rows(small: boolean): Promise<Bench> {
  const gate = await compileGate("not compliant: outputs.items.filter(i, i.status != 'compliant')", '');
  const lines = (small ? [1_000, 2_000] : [5_000, 10_000, 20_000]).map((count) => {
    const [before, outputs] = [outputsOf(count, 0), outputsOf(count, 1)];
    const state = remember(gate.evaluate(before), 'run_1', '', null);
    const took: number[] = [];
    const timed = <T>(work: () => T): T => {
      const startedAt = performance.now();
      const value = work();
      took.push(performance.now() - startedAt);
      return value;
    };
    const results = timed(() => gate.evaluate(outputs));
    const changes = timed(() => compare(results, 'run_2', recall(state)));
    const a = aReport();
    const report = { ...a, results, changes, run: a.run && { ...a.run, id: 'run_2', outputs } };
    timed(() => gateFile(report));
    timed(() => renderSummary(report));
    timed(() => {
      const marker = {
        digest: markerDigest(['bench']),
        jobRunId: 1,
        attempt: 1,
        runId: 'run_2',
        conclusion: report.verdict.conclusion,
        verdict: verdictDigest(report),
        commit: report.commit,
      };
      renderComment(report, marker, remember(results, 'run_2', report.commit, recall(state)));
    });
    const all = took.reduce((sum, ms) => sum + ms, 0);
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    return [count.toLocaleString('en'), ...[...took, all].map((ms) => ms.toFixed(0)), peakMiB.toFixed(0)];
  });
  const head = [
    'rows',
    'gate',
    'what changed',
    'gate file',
    'summary',
    'comment',
    'all (ms)',
    'peak memory (MiB)',
  ];
  return { tables: [{ title: 'a report of many rows', head, rows: lines }], figures: {} };
}
