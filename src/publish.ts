/** The report, told: log, files, step outputs, comment, job summary, annotation. */
import type { Clock } from './clock.ts';
import { placeComment } from './comment.ts';
import { reportOf, type Facts } from './runs/facts.ts';
import type { Host } from './github/host.ts';
import type { stick } from './github/sticky-comment.ts';
import { parseJson } from './json.ts';
import { compare, gateFile, readGateFile, type Earlier } from './report/changes.ts';
import { OUTPUT_NAMES, type OutputName } from './report/declared.ts';
import { isRed, isWarning } from './gate/gate.ts';
import { fits, stepOutputs } from './report/outputs.ts';
import type { Report } from './report/report.ts';
import { renderReport, renderSummary } from './report/summary.ts';

import { judge, nameOf, phrase, type Ending } from './runs/verdict.ts';
import { duration } from './text/words.ts';

export interface PublishParts {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stick: typeof stick;
  readonly redact: (text: string) => string;
}

/**
 * Decides, tells, and gives the exit code. A side show that fails is a warning; outputs that cannot be written are red.
 * @param crash what went wrong inside since this began, if anything did
 */
export async function publish(
  parts: PublishParts,
  facts: Facts,
  ending: Ending,
  startedAt: number,
  crash: () => Ending | null,
): Promise<0 | 1> {
  const { host, clock } = parts;
  const decide = (end: Ending) =>
    judge(end, {
      conditions: facts.inputs?.gate.conditions ?? [],
      gated: (host.environment.INPUT_FAIL_IF ?? '').trim() !== '',
      runId: facts.runId,
      joinedOlder: facts.joinedOlder,
      attached: facts.origin?.kind === 'attached',
      onRerun: facts.inputs?.onRerun ?? 'resume',
      idempotencyKey: facts.idempotencyKey,
    });
  let verdict = decide(ending);
  const report = (earlier: Earlier | null = null) =>
    reportOf(facts, verdict, compare(facts.results, facts.runId, earlier), clock.now() - startedAt);
  const writeOutcome = (end: Ending) => {
    verdict = decide(end);
    try {
      writeOutputs(host, facts, report(), (name, text) => host.writeFile(name, text));
    } catch (error) {
      facts.errorMessage = error instanceof Error ? parts.redact(error.message) : '';
      verdict = decide({
        kind: 'error',
        headline: 'The step outputs cannot be written',
        remedy: 'Check the disk and the temporary folder of the runner.',
      });
      try {
        // Where only the files cannot be written, the outputs can: without them, and with the new verdict.
        writeOutputs(host, facts, report(), () => '');
      } catch {
        // Then the annotation has to do.
      }
    }
  };

  tell(host, report());
  // The outputs first: if the runner kills us while a comment is on its way, the verdict is out.
  writeOutcome(ending);
  const { url, earlier } = await placeComment(parts, facts, verdict, baseline(host, facts), report);
  const crashed = verdict.exitCode === 0 ? crash() : null;
  if (crashed !== null) writeOutcome(crashed);
  const full = report(earlier);
  const files = { report_file: '', comment_url: url };
  try {
    if (verdict.conclusion !== 'skipped') files.report_file = host.writeFile('report.md', renderReport(full));
  } catch {
    host.warning('The report file could not be written.');
  }
  try {
    for (const name of AFTER_COMMENT) host.output(name, files[name]);
  } catch {
    // Without the outputs above the verdict is red already; these two alone do not change it.
    host.warning('The outputs `report_file` and `comment_url` could not be written.');
  }
  if (facts.inputs?.jobSummary ?? true) {
    await host
      .summary(renderSummary(full))
      .catch(() => host.warning('The job summary could not be written.'));
  }
  if (verdict.exitCode !== 0) host.error(annotation(full));
  return verdict.exitCode;
}

/** The result in the log: the conditions one by one, then the verdict. */
function tell(host: Host, { results, verdict, run, elapsedMs }: Report): void {
  if (results.length > 0) {
    host.startGroup('Gate');
    for (const result of results) {
      const bad = result.result !== 'does_not_hold';
      host.line(`    ${bad ? (result.condition.severity === 'fail' ? '✗' : '!') : '✓'} ${phrase(result)}`);
      if (result.problem !== null) host.line(`      ${result.problem}`);
    }
    host.endGroup();
  }
  const warned = results.filter(isWarning);
  if (warned.length > 0) host.warning(`\`warn_if\`: ${warned.map(phrase).join('; ')}.`);
  // Of a red one the annotation says why.
  if (verdict.exitCode === 0)
    host.line([verdict.headline, verdict.nextStep].filter((part) => part !== '').join('. '));
  host.line(`${verdict.conclusion} after ${duration(elapsedMs)}${run === null ? '' : `, run ${run.id}`}`);
}

/** The outputs that are known only once the comment is placed. */
const AFTER_COMMENT = ['report_file', 'comment_url'] as const;

function writeOutputs(host: Host, facts: Facts, report: Report, writeFile: Host['writeFile']): void {
  const { run, verdict } = report;
  const outputs = run?.outputs;
  const json = outputs === undefined ? '' : JSON.stringify(outputs);
  const values: Record<OutputName, string> = {
    run_id: facts.runId,
    workflow_id: facts.workflowId,
    status: WORD.test(facts.status) ? facts.status : '',
    conclusion: verdict.conclusion,
    gate: verdict.gate,
    headline: verdict.headline,
    outputs_json: '',
    outputs_file: json === '' ? '' : writeFile('outputs.json', `${json}\n`),
    gate_file: facts.results.length === 0 ? '' : writeFile('gate.json', gateFile(report)),
    report_file: '',
    outputs_truncated: 'false',
    error_message: fitting(facts.errorMessage) || (verdict.exitCode === 0 ? '' : verdict.headline),
    started_at: run?.startedAt ?? '',
    completed_at: run?.completedAt ?? '',
    duration_seconds: run?.durationSeconds?.toString() ?? '',
    idempotency_key: facts.idempotencyKey,
    replayed: String(facts.replayed),
    tokens_spent: String(report.tokens),
    comment_url: '',
  };
  const spent = Object.entries(values).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const { entries, outputsJson, truncated, notices, warnings } = stepOutputs(
    outputs,
    json,
    OUTPUT_NAMES,
    spent,
  );
  values.outputs_json = outputsJson;
  values.outputs_truncated = String(truncated);
  for (const name of OUTPUT_NAMES)
    if (!AFTER_COMMENT.some((late) => late === name)) host.output(name, values[name]);
  for (const [name, value] of entries) host.output(name, value);
  for (const text of [...warnings, ...notices]) {
    if (facts.notices.includes(text)) continue;
    facts.notices.push(text);
    if (warnings.includes(text)) host.warning(text);
    else host.line(`note: ${text}`);
  }
}

/** What anybody may hand to a shell without a thought. Known statuses are such words, and new ones will be. */
const WORD = /^[A-Za-z_-]{1,64}$/;

/** As the run's outputs: left empty rather than cut. */
function fitting(text: string): string {
  return fits(text) ? text.toWellFormed() : '';
}

const BASELINE_BYTES = 8 * 1024 * 1024;

function baseline(host: Host, { inputs, workflowId, notices }: Facts): Earlier | null {
  if (!inputs?.baselineFile) return null;
  const bytes = host.readFile(inputs.baselineFile, BASELINE_BYTES);
  try {
    const earlier = bytes === null ? null : readGateFile(parseJson(bytes), workflowId);
    if (earlier !== null) return earlier;
  } catch {
    // Damaged: as good as missing.
  }
  notices.push(
    '`baseline_file` is missing or not a `gate_file` of this workflow: nothing was compared with it.',
  );
  return null;
}

/** What shows in the checks tab: the verdict, why, and the one next step. */
function annotation({ verdict, errorMessage, results }: Report): string {
  const red = results.filter(isRed);
  const all =
    verdict.conclusion === 'gate_failed' && /; and \d+ more$/.test(verdict.headline)
      ? `All of them: ${red.map(({ condition }) => nameOf(condition)).join(', ')}`
      : '';
  const own = errorMessage === verdict.headline ? '' : errorMessage;
  const problem =
    verdict.conclusion === 'gate_failed' ? red.find((one) => one.problem !== null)?.problem : null;
  const why = (problem ?? own).slice(0, 2_000);
  return [
    verdict.headline,
    why.startsWith(verdict.headline) ? why.slice(verdict.headline.length).replace(/^: /, '') : why,
    all,
    verdict.nextStep,
  ]
    .filter((part) => part !== '')
    .map((part) => part.replace(/[.\s]+$/, '').replace(/(?<![?])$/, '.'))
    .join(' ');
}
