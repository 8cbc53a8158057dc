/** The output `runs_json`: each run of the step, in the order in which they are written. */

/** What is not known is the empty string, or null. */
export interface RunRow {
  readonly name: string;
  readonly run_id: string;
  readonly workflow_id: string;
  readonly project_id: string;
  readonly status: string;
  readonly conclusion: string;
  readonly gate: string;
  readonly headline: string;
  readonly gate_matched_count: number | null;
  readonly gate_new_count: number | null;
  readonly replayed: boolean;
  readonly red_runs_before: number | null;
  readonly idempotency_key: string;
  readonly started_at: string;
  readonly completed_at: string;
  readonly duration_seconds: number | null;
  readonly error_message: string;
}

/** Of a run of which nothing is known yet. */
export function emptyRow(name: string): RunRow {
  return {
    name,
    run_id: '',
    workflow_id: '',
    project_id: '',
    status: '',
    conclusion: '',
    gate: '',
    headline: '',
    gate_matched_count: null,
    gate_new_count: null,
    replayed: false,
    red_runs_before: null,
    idempotency_key: '',
    started_at: '',
    completed_at: '',
    duration_seconds: null,
    error_message: '',
  };
}

/** A value above 128 KiB that is handed to `env:` keeps the next step from starting. */
const MAX_BYTES = 100_000;
const MESSAGE = 500;

/** As JSON of at most 100,000 bytes: texts are cut for it, never a run left out. */
export function runsJson(rows: readonly RunRow[], most = MESSAGE): string {
  const text = JSON.stringify(
    rows.map((row) => ({
      ...row,
      headline: cut(row.headline, most),
      error_message: cut(row.error_message, most),
    })),
  );
  return Buffer.byteLength(text) <= MAX_BYTES || most === 0 ? text : runsJson(rows, Math.floor(most / 2));
}

function cut(text: string, most: number): string {
  const whole = text.toWellFormed();
  return whole.length > most ? whole.slice(0, most).toWellFormed() : whole;
}
