/** The report is told here: log, files, step outputs, comment, job summary, annotation. */
import { placeComment, type PublishParts } from './comment.ts';
import { unusedWaivers } from './gate/waivers.ts';
import type { Host } from './github/host.ts';
import { annotation, endLine, gateLines, warningLine } from './report/log.ts';
import { OUTPUT_NAMES, type OutputName } from './report/declared.ts';
import { gateCounts, stepOutputs } from './report/outputs.ts';
import { reportOf, type Report, type Told } from './report/report.ts';
import { renderReport, renderSummary } from './report/document.ts';
import { emptyRow, runsJson, type RunRow } from './report/runs-json.ts';
import type { Files, Outcome, StepEnding } from './runs/outcome.ts';
import { fits, isBaselineReady, joinRuns } from './runs/judge.ts';
import { redRunsBefore, verdictOf } from './runs/verdict.ts';
import { WORD } from './alloovium/wire.ts';

/**
 * Decides, tells, and gives the exit code. What is best effort and fails is a warning; outputs that cannot be written are red.
 * @param crash what went wrong inside since this began, if anything did
 */
export async function publish(
  parts: PublishParts,
  step: Omit<Told, 'verdict' | 'terms'>,
  startedAt: number,
  crash: () => StepEnding | null,
): Promise<0 | 1> {
  const { host, clock } = parts;
  const judged = withVerdict(host, step);
  logResult(host, reportOf(judged, [], []), clock.now() - startedAt);
  // The outputs first: if the runner kills us while a comment is on its way, the verdict is out.
  const useless = uselessWaivers(step.outcomes);
  for (const text of useless) host.line(`note: ${text}.`);
  const written = writeOutcome(parts, judged, [...noticesOf(step), ...useless]);
  const { url, changes, notices } = await placeComment(parts, written.told);
  const crashed = written.told.verdict.exitCode === 0 ? crash() : null;
  const last =
    crashed === null
      ? written
      : writeOutcome(parts, withVerdict(host, { ...step, failure: crashed }), written.notices);
  const { verdict, inputs } = last.told;
  const report = reportOf(last.told, changes, [...last.notices, ...notices]);
  const files = { report_file: '', comment_url: url };
  try {
    if (verdict.conclusion !== 'skipped')
      files.report_file = host.writeFile('report.md', renderReport(report));
  } catch {
    host.warning('The report file could not be written.');
  }
  try {
    for (const name of AFTER_COMMENT) host.output(name, files[name]);
  } catch {
    // Without the outputs above the verdict is red already; these two alone do not change it.
    host.warning('The outputs `report_file` and `comment_url` could not be written.');
  }
  if (inputs?.jobSummary ?? true) {
    await host
      .summary(renderSummary(report))
      .catch(() => host.warning('The job summary could not be written.'));
  }
  if (verdict.exitCode !== 0) host.error(annotation(report));
  return verdict.exitCode;
}

function withVerdict(host: Host, step: Omit<Told, 'verdict' | 'terms'>): Told {
  const terms = {
    isGated:
      (host.environment.INPUT_FAIL_IF ?? '').trim() !== '' ||
      (step.inputs?.runs ?? []).some(({ gate }) =>
        gate.conditions.some(({ severity }) => severity === 'fail'),
      ),
    onRerun: step.inputs?.onRerun ?? 'resume',
    timeoutMs: step.inputs?.timeoutMs ?? 0,
    isOnBaseline: step.context?.baselineRefs.includes(step.context.ref) ?? false,
  } as const;
  return { ...step, terms, verdict: verdictOf(step.outcomes, step.failure, terms) };
}

function noticesOf({ outcomes }: Pick<Told, 'outcomes'>): readonly string[] {
  return outcomes.flatMap(({ entry, notices }) =>
    // Of several runs each says of which one it speaks.
    notices.map((text) => (outcomes.length === 1 ? text : `${entry.name}: ${text}`)),
  );
}

/** Of each list of waivers, over all runs that it holds for; nothing unless every condition of the step was evaluated. */
function uselessWaivers(outcomes: readonly Outcome[]): readonly string[] {
  const isWhole = outcomes.every(
    ({ entry, findings }) =>
      findings.length > 0 &&
      findings.length === entry.gate.conditions.length &&
      findings.every(({ result }) => result !== 'cannot_be_evaluated'),
  );
  const lists = new Set(isWhole ? outcomes.map(({ entry }) => entry.waivers) : []);
  return [...lists].flatMap((waivers) => {
    const those = outcomes.filter(({ entry }) => entry.waivers === waivers);
    const text = unusedWaivers(waivers, new Set(those.flatMap(({ used }) => [...used])));
    const name = those.length < outcomes.length ? `${those[0]?.entry.name ?? ''}: ` : '';
    return text === '' ? [] : [name + text];
  });
}

/** What was written, and what is to be noticed of it beside `before`. */
interface Written {
  readonly told: Told;
  readonly notices: readonly string[];
}

/** Of a run that has not ended. */
const NOTHING: Files = { outputsJson: '', outputsFile: '', gateFile: '' };

/** Outputs that cannot be written turn the step red. */
function writeOutcome({ host, clock, redact }: PublishParts, told: Told, before: readonly string[]): Written {
  const { inputs, context, outcomes } = told;
  const isMany = inputs !== null && inputs.runs !== null;
  let stored: Files = isMany ? NOTHING : (outcomes[0]?.stored ?? NOTHING);
  try {
    for (const one of outcomes)
      if (one.stored !== null && one.stored.error !== null) throw new Error(one.stored.error);
    if (isMany && context !== null && outcomes.length > 0)
      stored = joinRuns({ host, context }, outcomes, clock.date());
    return { told, notices: writeOutputs(host, told, before, stored) };
  } catch (error) {
    const failed = withVerdict(host, {
      ...told,
      failure: {
        kind: 'error',
        headline: 'The step outputs cannot be written',
        remedy: 'Check the disk and the temporary folder of the runner.',
        errorMessage: error instanceof Error ? redact(error.message) : '',
      },
    });
    try {
      // Where only the files cannot be written, the outputs can: without them, and with the new verdict.
      return { told: failed, notices: writeOutputs(host, failed, before, stored) };
    } catch {
      // Then the annotation has to do.
      return { told: failed, notices: before };
    }
  }
}

/** The result in the log: the conditions one by one, then the verdict. */
function logResult(host: Host, report: Report, elapsedMs: number): void {
  const { verdict, runs } = report;
  for (const run of runs) {
    if (run.findings.length === 0) continue;
    host.startGroup(run.name === '' ? 'Gate' : `Gate: ${run.name}`);
    for (const line of gateLines(run)) host.line(line);
    host.endGroup();
  }
  const warning = warningLine(runs);
  if (warning !== '') host.warning(warning);
  // Of a red one the annotation says why.
  if (verdict.exitCode === 0)
    host.line([verdict.headline, verdict.nextStep].filter((part) => part !== '').join('. '));
  host.line(endLine(report, elapsedMs));
}

/** The outputs that are known only once the comment is placed. */
const AFTER_COMMENT = ['report_file', 'comment_url'] as const;

/** Gives the notices of the report, and those of its outputs. */
function writeOutputs(host: Host, told: Told, before: readonly string[], stored: Files): readonly string[] {
  const report = reportOf(told, [], before);
  const { verdict } = report;
  const several = told.inputs?.runs ?? null;
  // Of several runs, `runs_json` tells what is one run's.
  const one = several === null ? report.runs[0] : undefined;
  const run = one?.run;
  const outputs = run?.outputs;
  const values: Record<OutputName, string> = {
    run_id: run?.id ?? '',
    workflow_id: several === null ? (one?.workflowId ?? told.orders[0]?.workflowId ?? '') : '',
    status: run && WORD.test(run.status) ? run.status : '',
    conclusion: verdict.conclusion,
    gate: verdict.gate,
    headline: verdict.headline,
    outputs_json: '',
    outputs_file: stored.outputsFile,
    gate_file: stored.gateFile,
    report_file: '',
    outputs_truncated: 'false',
    error_message: fitting(report.errorMessage) || (verdict.exitCode === 0 ? '' : verdict.headline),
    started_at: run?.startedAt ?? '',
    completed_at: run?.completedAt ?? '',
    duration_seconds: run?.durationSeconds?.toString() ?? '',
    idempotency_key: one?.idempotencyKey ?? '',
    replayed: several === null ? String(one?.replayed ?? false) : '',
    tokens_spent: String(report.tokens),
    comment_url: '',
    runs_json:
      several === null
        ? ''
        : runsJson(
            rowsOf(
              report,
              several.map(({ name }) => name),
            ),
          ),
    ...gateCounts(report.runs),
    red_runs_before: redRunsBefore(told.outcomes)?.toString() ?? '',
    baseline_ready: String(isBaselineReady(told.outcomes)),
  };
  const spent = Object.entries(values).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const { entries, outputsJson, truncated, notices, warnings } = stepOutputs(
    outputs,
    stored.outputsJson,
    OUTPUT_NAMES,
    spent,
  );
  values.outputs_json = outputsJson;
  values.outputs_truncated = String(truncated);
  for (const name of OUTPUT_NAMES)
    if (!AFTER_COMMENT.some((late) => late === name)) host.output(name, values[name]);
  for (const [name, value] of entries) host.output(name, value);
  const fresh = [...warnings, ...notices].filter((text) => !report.notices.includes(text));
  for (const text of fresh) {
    if (warnings.includes(text)) host.warning(text);
    else host.line(`note: ${text}`);
  }
  return [...report.notices, ...fresh];
}

/** As the run's outputs: left empty rather than cut. */
function fitting(text: string): string {
  return fits(text) ? text.toWellFormed() : '';
}

/** A row for each entry; where the step failed before, all that is known is its conclusion. */
function rowsOf({ runs, verdict: step }: Report, names: readonly string[]): RunRow[] {
  const count = (text: string) => (text === '' ? null : Number(text));
  return names.map((name): RunRow => {
    const one = runs.find((each) => each.name === name);
    if (one === undefined) return { ...emptyRow(name), conclusion: step.conclusion, gate: step.gate };
    const { run, verdict } = one;
    const { gate_matched_count: matched, gate_new_count: fresh } = gateCounts([one]);
    return {
      name,
      run_id: run?.id ?? '',
      workflow_id: one.workflowId,
      project_id: one.projectId,
      status: run && WORD.test(run.status) ? run.status : '',
      conclusion: verdict.conclusion,
      gate: verdict.gate,
      headline: verdict.headline,
      gate_matched_count: count(matched),
      gate_new_count: count(fresh),
      replayed: one.replayed,
      red_runs_before: one.redRunsBefore,
      idempotency_key: one.idempotencyKey,
      started_at: run?.startedAt ?? '',
      completed_at: run?.completedAt ?? '',
      duration_seconds: run?.durationSeconds ?? null,
      error_message: one.errorMessage,
    };
  });
}
