/** The step's `baseline_file`: read once, before anything is judged. */
import type { Weighed, ConditionResult } from './gate/condition.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Entry, Order } from './inputs/entries.ts';
import { LIMITS, parseJson } from './json.ts';
import { viewOf, weigh, type View } from './report/baseline.ts';
import { readGateFile, type GateFile } from './report/gate-file.ts';
import type { Snapshot } from './report/snapshot.ts';

/** A run, as far as it is known. */
export interface Judged {
  readonly order: Order;
  readonly entry: Entry;
  readonly runId: string;
  readonly workflowId: string;
}

export interface Baseline {
  /** What the gate's results are worth beside it. */
  readonly weigh: (run: Judged, results: readonly ConditionResult[]) => Weighed;
  /** What is told of changes goes by this; null: there is no baseline for the run. */
  readonly snapshotFor: (run: Judged) => Snapshot | null;
}

export const NO_BASELINE: Baseline = {
  weigh: (_run, results) => ({ results, notice: '', asAny: '' }),
  snapshotFor: () => null,
};

export function readBaseline(
  host: Pick<Host, 'readFile'>,
  { baselineFile, failOn }: Pick<Inputs, 'baselineFile' | 'failOn'>,
  context: Context,
): Baseline {
  const file = baselineFile === '' ? null : read(host.readFile(baselineFile, LIMITS.bytes));
  /** By name and run: made once, since every item of the file is looked at. */
  const views = new Map<string, View | string>();
  const view = ({ order, entry, runId, workflowId }: Judged): View | string | null => {
    if (file === null || typeof file === 'string') return file;
    const made =
      views.get(`${entry.name} ${runId}`) ??
      viewOf(file, {
        ...{ context, name: entry.name, runId, workflowId },
        projectId: order.runId === '' ? order.projectId : null,
        isByCommit: order.idempotencyKey === '' && context.when === context.commit,
      });
    views.set(`${entry.name} ${runId}`, made);
    return made;
  };
  return {
    weigh: (run, results) => weigh(results, view(run), failOn),
    snapshotFor: (run) => {
      const found = view(run);
      return found === null || typeof found === 'string' ? null : found.snapshot;
    },
  };
}

/** A text: why it cannot be used, after its name. */
function read(bytes: Uint8Array | null): GateFile | string {
  if (bytes === null) return 'is not there, or over 8 MiB';
  try {
    return readGateFile(parseJson(bytes)) ?? 'is no `gate_file` of version 2';
  } catch {
    return 'is damaged, or holds more than is read';
  }
}
