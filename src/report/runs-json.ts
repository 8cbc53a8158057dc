/** The output `runs_json`: each run of the step, in the order in which they are written. */

export type RunRow = Readonly<ReturnType<typeof emptyRow>>;

/** The row of a run before anything is known; unknown fields are the empty string or null. */
export function emptyRow(name: string) {
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

/** A value above 128 KiB that is handed to `env:` keeps the next step from starting. */
const MAX_BYTES = 100_000;
const MESSAGE = 500;

/** As JSON of at most 100,000 bytes: texts are cut for it, never a run left out. */
export function runsJson(rows: readonly RunRow[], most = MESSAGE): string {
  const cut = (text: string) => text.slice(0, most).toWellFormed();
  const text = JSON.stringify(
    rows.map((row) => ({ ...row, headline: cut(row.headline), error_message: cut(row.error_message) })),
  );
  return Buffer.byteLength(text) <= MAX_BYTES || most === 0 ? text : runsJson(rows, Math.floor(most / 2));
}
