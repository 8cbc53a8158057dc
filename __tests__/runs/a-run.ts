import type { Run } from '../../src/alloovium/wire.ts';

/** A run as a poll shows it. */
export function aPolledRun(about: Partial<Run> = {}): Run {
  return {
    runId: 'run_1',
    workflowId: 'wf_1',
    status: 'running',
    progress: null,
    stage: null,
    outputs: null,
    errorMessage: null,
    startedAt: '',
    completedAt: '',
    createdAt: '',
    ...about,
  };
}
