/** What a run brought is written the moment it is judged: 20 runs of 8 MiB do not fit into memory side by side. */
import type { Run } from './alloovium/wire.ts';
import type { Baseline } from './baseline.ts';
import { isRed, type ConditionResult } from './gate/condition.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { Entry, Order } from './inputs/orders.ts';
import { gateFile, type JudgedRun } from './report/gate-file.ts';
import { fits } from './report/outputs.ts';
import type { Stored } from './runs/outcome.ts';

type Store = (order: Order, entry: Entry, run: Run, results: readonly ConditionResult[]) => Stored;

export function storeRun(
  { writeFile }: Pick<Host, 'writeFile'>,
  context: Context,
  baseline: Pick<Baseline, 'snapshotFor'>,
  redact: (text: string) => string,
): Store {
  const { pullRequest } = context;
  const origin = { ...context, pullRequest: typeof pullRequest === 'number' ? pullRequest : null };
  return (order, entry, run, results) => {
    const json = run.outputs === undefined ? '' : JSON.stringify(run.outputs);
    const outputsJson = fits(json) ? json : null;
    try {
      const outputsFile = json === '' ? '' : writeFile('outputs.json', `${json}\n`);
      const { runId, workflowId } = run;
      const judged: JudgedRun = {
        ...{ gate: gateWord(results), runId, workflowId, results },
        projectId: order.runId === '' ? order.projectId : null,
        baseline: baseline.snapshotFor({ order, entry, runId, workflowId })?.commit ?? null,
      };
      const gate = results.length === 0 ? '' : writeFile('gate.json', gateFile(origin, judged));
      return { outputsJson, outputsFile, gateFile: gate, error: null };
    } catch (error) {
      return { outputsJson, outputsFile: '', gateFile: '', error: redact((error as Error).message) };
    }
  };
}

function gateWord(results: readonly ConditionResult[]): JudgedRun['gate'] {
  if (!results.some(({ condition }) => condition.severity === 'fail')) return 'none';
  return results.some(isRed) ? 'failed' : 'passed';
}
