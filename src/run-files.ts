/** What a run brought is written the moment it is judged: 20 runs of 8 MiB do not fit into memory side by side. */
import type { Run } from './alloovium/wire.ts';
import { isRed, type ConditionResult } from './gate/condition.ts';
import type { Host } from './github/host.ts';
import type { Entry } from './inputs/orders.ts';
import { gateFile } from './report/changes.ts';
import { fits } from './report/outputs.ts';
import type { Stored } from './runs/outcome.ts';

/** @param commit full SHA, or empty */
export function storeRun(
  { writeFile }: Pick<Host, 'writeFile'>,
  commit: string,
  redact: (text: string) => string,
): (entry: Entry, run: Run, results: readonly ConditionResult[]) => Stored {
  return (_entry, run, results) => {
    const json = run.outputs === undefined ? '' : JSON.stringify(run.outputs);
    const outputsJson = fits(json) ? json : null;
    try {
      const outputsFile = json === '' ? '' : writeFile('outputs.json', `${json}\n`);
      const about = { gate: gateWord(results), runId: run.runId, workflowId: run.workflowId, commit };
      const gate = results.length === 0 ? '' : writeFile('gate.json', gateFile({ ...about, results }));
      return { outputsJson, outputsFile, gateFile: gate, error: null };
    } catch (error) {
      return { outputsJson, outputsFile: '', gateFile: '', error: redact((error as Error).message) };
    }
  };
}

function gateWord(results: readonly ConditionResult[]): 'passed' | 'failed' | 'none' {
  if (!results.some(({ condition }) => condition.severity === 'fail')) return 'none';
  return results.some(isRed) ? 'failed' : 'passed';
}
