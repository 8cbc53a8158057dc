/** The outputs that action.yml declares. A key of the run's outputs that meets one of them gets no output of its own. */
export const OUTPUT_NAMES = [
  'run_id',
  'workflow_id',
  'status',
  'conclusion',
  'gate',
  'headline',
  'outputs_json',
  'outputs_file',
  'gate_file',
  'report_file',
  'outputs_truncated',
  'error_message',
  'started_at',
  'completed_at',
  'duration_seconds',
  'idempotency_key',
  'replayed',
  'tokens_spent',
  'comment_url',
  'runs_json',
  'gate_matched_count',
  'gate_new_count',
  'red_runs_before',
  'baseline_ready',
] as const;

export type OutputName = (typeof OUTPUT_NAMES)[number];
