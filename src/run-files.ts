/** What a run brought is written the moment it is judged: 20 runs of 8 MiB do not fit into memory side by side. */
import type { Run } from './alloovium/wire.ts';
import type { Baseline } from './baseline.ts';
import { isRed, type ConditionResult } from './gate/condition.ts';
import type { Context } from './github/context.ts';
import type { Copy, Host } from './github/host.ts';
import type { Entry, Order } from './inputs/entries.ts';
import { gateFile, gateFileOfRuns, gateFileRun, type JudgedRun, type Origin } from './report/gate-file.ts';
import { fits } from './report/outputs.ts';
import type { Outcome, Stored } from './runs/outcome.ts';
import { excerptOf, shortText } from './text/excerpt.ts';

type Store = (order: Order, entry: Entry, run: Run, results: readonly ConditionResult[]) => Stored;

/** @param isMany the step has `runs`: each writes parts, of which `joinRuns` makes the files */
export function storeRun(
  { writeFile }: Pick<Host, 'writeFile'>,
  context: Context,
  baseline: Pick<Baseline, 'snapshotFor'>,
  redact: (text: string) => string,
  isMany: boolean,
): Store {
  const origin = originOf(context);
  let parts = 0;
  return (order, entry, run, results) => {
    const json = run.outputs === undefined ? '' : JSON.stringify(run.outputs);
    const outputsJson = fits(json) ? json : null;
    const part = isMany ? `-${++parts}` : '';
    try {
      const outputsFile = json === '' ? '' : writeFile(`outputs${part}.json`, isMany ? json : `${json}\n`);
      const { runId, workflowId } = run;
      const judged: JudgedRun = {
        ...{ gate: gateWord(results), runId, workflowId, results },
        projectId: order.runId === '' ? order.projectId : null,
        baseline: baseline.snapshotFor({ order, entry, runId, workflowId })?.commit ?? null,
      };
      const gate = isMany ? gateFileRun(judged) : gateFile(origin, judged);
      const file = results.length === 0 ? '' : writeFile(`gate${part}.json`, gate);
      return { outputsJson, outputsFile, gateFile: file, error: null };
    } catch (error) {
      return { outputsJson, outputsFile: '', gateFile: '', error: redact((error as Error).message) };
    }
  };
}

/**
 * What several runs brought, by name, in one place each.
 * @throws Error where a file cannot be written
 */
export function joinRuns(
  { writeFile }: Pick<Host, 'writeFile'>,
  context: Context,
  outcomes: readonly Outcome[],
): Omit<Stored, 'error'> {
  const runs = outcomes.map(({ entry, stored }) => ({ name: entry.name, stored }));
  const texts = runs.map(({ stored }) =>
    stored === null || stored.outputsJson === '' ? 'null' : stored.outputsJson,
  );
  const json = texts.includes(null)
    ? null
    : `{${runs.map(({ name }, at) => `${JSON.stringify(name)}:${texts[at] ?? 'null'}`).join(',')}}`;
  const judged = runs.flatMap(({ name, stored }) =>
    stored === null || stored.gateFile === '' ? [] : [[name, [{ copyOf: stored.gateFile }]] as const],
  );
  return {
    outputsJson: json !== null && fits(json) ? json : null,
    outputsFile: writeFile('outputs.json', outputsOf(runs)),
    gateFile:
      judged.length === 0 ? '' : writeFile('gate.json', gateFileOfRuns<Copy>(originOf(context), judged)),
  };
}

function* outputsOf(runs: readonly Named[]): Generator<string | Copy> {
  for (const [at, { name, stored }] of runs.entries()) {
    yield `${at === 0 ? '{' : ','}\n  ${JSON.stringify(name)}: `;
    yield stored === null || stored.outputsFile === '' ? 'null' : { copyOf: stored.outputsFile };
  }
  yield '\n}\n';
}

interface Named {
  readonly name: string;
  readonly stored: Stored | null;
}

function originOf(context: Context): Origin {
  const { pullRequest } = context;
  return { ...context, pullRequest: typeof pullRequest === 'number' ? pullRequest : null };
}

function gateWord(results: readonly ConditionResult[]): JudgedRun['gate'] {
  if (!results.some(({ condition }) => condition.severity === 'fail')) return 'none';
  return results.some(isRed) ? 'failed' : 'passed';
}

/** Of one of several runs the report shows no more than this; the whole is in the files. */
export function excerpt({ outputs, stage, errorMessage, ...run }: Run): Run {
  return {
    ...run,
    outputs: outputs && excerptOf(outputs),
    stage: stage && shortText(stage, MOST_MESSAGE),
    errorMessage: errorMessage && shortText(errorMessage, MOST_MESSAGE),
  };
}

const MOST_MESSAGE = 10_000;
