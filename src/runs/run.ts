/** The life of one order: its run is launched or joined, followed to its end, and judged. */
import type { Order } from '../inputs/entries.ts';
import { isTerminal, type Run } from '../alloovium/wire.ts';
import { findingOf } from '../gate/finding.ts';
import { UNJUDGED } from '../gate/known.ts';
import { isJsonObject } from '../json.ts';
import { endingOf } from './ending.ts';
import { follow, type Found } from './follow.ts';
import type { Job } from './job.ts';
import { judge, store } from './judge.ts';
import { findRun } from './launch.ts';
import { begin, notice, outcomesOf, type Judged, type Outcome, type Progress } from './outcome.ts';

/** What becomes of the order, for each of its entries, whatever happens: never throws. */
export async function runOrder(order: Order, job: Job): Promise<readonly Outcome[]> {
  const progress = begin(order);
  const { clock, signal, turn, wait, emit } = job;
  let judged: readonly Judged[] = [];
  try {
    const found = order.runId === '' ? await launchOrJoin(progress, job) : attach(progress, job);
    signal.throwIfAborted();
    if (!wait) return outcomesOf(progress, { kind: 'launched', errorMessage: '' });
    const { seen } = found;
    const run = seen !== null && isTerminal(seen.status) ? seen : await follow(progress, job, found);
    const { status } = run;
    const hasGate = order.entries.some(({ gate }) => gate.conditions.length > 0);
    judged = await turn.judge(status === 'completed' && hasGate, () => judgeEnded(progress, run, job));
    // The gate lets no signal in while it computes.
    await clock.sleep(0, signal);
    if (status === 'completed' && !isJsonObject(run.outputs))
      notice(progress, emit, 'the run completed, and its outputs are not an object of named values');
    const errorMessage = progress.run?.errorMessage ?? '';
    return outcomesOf(progress, { kind: 'ended', status, errorMessage }, judged);
  } catch (error) {
    job.onError?.(error, progress.runId !== '');
    const ending = endingOf(error, progress, job);
    if ('left' in ending && ending.left === 'maybe_run')
      emit({ kind: 'notice', text: `a run may have started (key ${progress.idempotencyKey})` });
    return outcomesOf(progress, ending, judged);
  }
}

/** Judges the run as it ended, and writes what it brought. */
function judgeEnded(progress: Progress, run: Run, job: Job): readonly Judged[] {
  const { order, serverNowMs } = progress;
  const { emit } = job;
  const weighed = job.limited(() =>
    judge(order, run, serverNowMs, job).map((judgement) => ({
      judgement,
      findings: judgement.results.map(findingOf),
    })),
  );
  return order.entries.map((entry, at) => {
    const { judgement, findings } = weighed[at] ?? { judgement: UNJUDGED, findings: [] };
    const { results, notice: said, asAny, since, used } = judgement;
    for (const text of [...results.flatMap(({ notices }) => notices), said])
      if (text !== '') notice(progress, emit, text);
    // The report says it above its findings.
    if (asAny !== '') emit({ kind: 'notice', text: asAny });
    const stored = store(order, entry, run, judgement, serverNowMs, job);
    if (stored.leftOut > 0)
      notice(progress, emit, `\`gate_file\` has no room for ${stored.leftOut} matches: it is no baseline`);
    return { entry, findings, asAny, since, used, stored };
  });
}

async function launchOrJoin(progress: Progress, job: Job): Promise<Found> {
  job.emit({ kind: 'launching' });
  try {
    return await findRun(progress, job);
  } finally {
    job.turn.launchOver();
    job.emit({ kind: 'launch_over' });
  }
}

/** Takes the run that `run_id` names. */
function attach(progress: Progress, { clock, ignored, emit }: Job): Found {
  const { runId } = progress.order;
  progress.runId = runId;
  progress.origin = { kind: 'attached' };
  emit({ kind: 'run', runId, origin: progress.origin });
  if (ignored.length > 0) {
    const names = ignored.map((name) => `\`${name}\``).join(', ');
    notice(progress, emit, `with \`run_id\`, ${names} has no use and is ignored`);
  }
  const now = clock.now();
  return { seen: null, launchedAt: now, notBefore: now };
}
