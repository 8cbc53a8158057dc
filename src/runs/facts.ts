/** What is known so far. Filled in as the story goes, so that an ending at any point can be reported. */
import { isTerminal, type Run } from '../alloovium/wire.ts';
import type { Context } from '../github/context.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { ConditionResult } from '../gate/gate.ts';
import type { Changes, Origin, Report, StageSpan, Verdict } from '../report/report.ts';

export interface Facts {
  context: Context | null;
  inputs: Inputs | null;
  idempotencyKey: string;
  replayed: boolean;
  /** Empty until the run that is ours is known. */
  runId: string;
  origin: Origin | null;
  /** The run is older than this attempt of the job. */
  joinedOlder: boolean;
  /** As it was last seen; `status` also from the launch's answer. */
  run: Run | null;
  status: string;
  workflowId: string;
  workflowName: string | null;
  results: readonly ConditionResult[];
  /** Why the step is red beyond the verdict. Foreign. */
  errorMessage: string;
  stages: StageSpan[];
  polls: number;
  tokensSpent: () => number;
  /** A launch may have started a run that we do not know of. */
  launchUnsettled: () => boolean;
  /** Lines for log and report, in our own words. */
  readonly notices: string[];
}

export function noFacts(): Facts {
  return {
    context: null,
    inputs: null,
    idempotencyKey: '',
    replayed: false,
    runId: '',
    origin: null,
    joinedOlder: false,
    run: null,
    status: '',
    workflowId: '',
    workflowName: null,
    results: [],
    errorMessage: '',
    stages: [],
    polls: 0,
    tokensSpent: () => 0,
    launchUnsettled: () => false,
    notices: [],
  };
}

/** The one value that everything shown is rendered from. */
export function reportOf(facts: Facts, verdict: Verdict, changes: Changes | null, elapsedMs: number): Report {
  const { context, inputs, run, origin } = facts;
  return {
    verdict,
    errorMessage: facts.errorMessage,
    results: facts.results,
    changes,
    run:
      facts.runId === '' || origin === null
        ? null
        : {
            id: facts.runId,
            status: facts.status,
            origin,
            // Of a run that goes on they are null: not known yet.
            outputs: run !== null && isTerminal(run.status) ? run.outputs : undefined,
            startedAt: run?.startedAt ?? '',
            completedAt: run?.completedAt ?? '',
            durationSeconds: run === null ? null : durationSeconds(run),
          },
    workflow: { id: facts.workflowId, name: facts.workflowName },
    projectId: inputs?.projectId ?? '',
    idempotencyKey: facts.idempotencyKey,
    replayed: facts.replayed,
    commit: context?.commit ?? '',
    attempt: context?.attempt ?? 1,
    jobRunUrl: context?.jobRunUrl ?? '',
    keyKind: keyKind(inputs?.apiKey ?? ''),
    inputNames: Object.keys(inputs?.inputs ?? {}),
    polls: facts.polls,
    tokens: facts.tokensSpent(),
    stages: facts.stages,
    elapsedMs,
    notices: facts.notices,
  };
}

/** Seconds between the run's own times, or null where one is missing. */
function durationSeconds({ startedAt, completedAt }: Run): number | null {
  const ms = Date.parse(completedAt) - Date.parse(startedAt);
  return Number.isNaN(ms) ? null : ms / 1000;
}

export function keyKind(apiKey: string): 'live' | 'test' | null {
  return apiKey.startsWith('ak_live_') ? 'live' : apiKey.startsWith('ak_test_') ? 'test' : null;
}

/** Adds what a look showed to the stages: a stage ends with the look that shows another. */
export function addStage(stages: StageSpan[], run: Run, sinceLaunchMs: number): void {
  const name = run.status === 'pending' ? 'queued' : (run.stage ?? '');
  const last = stages.at(-1);
  const isOver = run.completedAt !== '' || run.status === 'completed';
  if (last !== undefined) stages[stages.length - 1] = { ...last, toMs: sinceLaunchMs };
  if (isOver || name === '' || name === last?.name || stages.length >= MOST_STAGES) return;
  stages.push({
    name: name.slice(0, 200),
    fromMs: last === undefined ? 0 : sinceLaunchMs,
    toMs: sinceLaunchMs,
  });
}

/** A stage that changes at every look must not fill the memory. */
const MOST_STAGES = 200;
