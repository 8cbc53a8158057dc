/** Formats the output `runs_json`: each run of the step, in the order of the input. */
import { fitsInOutput } from '../runs/run-files.ts';

export type RunRow = Readonly<ReturnType<typeof createEmptyRow>>;

/** Returns the row of a run before anything is known; unknown fields are the empty string or null. */
export function createEmptyRow(name: string) {
  return {
    name,
    run_id: '',
    workflow_id: '',
    project_id: '',
    status: '',
    conclusion: '',
    gate: '',
    headline: '',
    gate_matched_count: null as number | null,
    gate_new_count: null as number | null,
    replayed: false,
    red_runs_before: null as number | null,
    idempotency_key: '',
    started_at: '',
    completed_at: '',
    duration_seconds: null as number | null,
    error_message: '',
  };
}

/** Maximum characters of a headline or message. */
const MESSAGE = 500;

/** Formats the rows as JSON that fits in an output. Texts are cut to fit, but no run is left out. */
export function formatRunsJson(rows: readonly RunRow[], most = MESSAGE): string {
  const cut = (text: string) => text.slice(0, most).toWellFormed();
  const text = JSON.stringify(
    rows.map((row) => ({ ...row, headline: cut(row.headline), error_message: cut(row.error_message) })),
  );
  return fitsInOutput(text) || most === 0 ? text : formatRunsJson(rows, Math.floor(most / 2));
}
