/** Evaluates outputs as the action would in the workflow to copy, by the action's own code. The texts may be hostile. */
import { applyGate } from '../src/gate/findings.ts';
import type { Context } from '../src/github/context.ts';
import { readInputs, type Inputs } from '../src/inputs/inputs.ts';
import { isJsonObject, isList, parseJson, type JsonValue } from '../src/json.ts';
import { countFieldValues } from '../src/report/columns.ts';
import { COMMENT, renderMarkdown } from '../src/report/markdown.ts';
import { formatGateFault } from '../src/report/problems.ts';
import { createReport } from '../src/report/report.ts';
import { createRunState } from '../src/run/run-state.ts';
import type { Step } from '../src/step.ts';
import { escapeInvisible } from '../src/text/escape.ts';
import { formatCount, joinPresent } from '../src/text/format.ts';
import { compareRuns, type Comparison } from './compare.ts';
import { findHints, type Hint } from './hints.ts';
import { toHtml } from './markdown.ts';
import { formatWorkflow, INPUTS, readWorkflow, type Typed } from './workflow.ts';

export interface Question {
  /** `second`: the outputs of another run, or empty. */
  readonly typed: Typed & { readonly outputs: string; readonly second: string };
  /** The GitHub workflow without a gate. */
  readonly template: string;
}

export interface Answer {
  readonly colour: 'red' | 'green' | 'none';
  /** "❌ 2 of 5 items “not compliant”.", and what follows for the merge; `code` in backquotes. */
  readonly verdict: readonly [what: string, meaning: string];
  /** The fault of a field, by its name: a sentence, and for a condition its line and a caret. Untrusted. */
  readonly faults: Readonly<Record<string, string>>;
  /** The fields of the outputs, one line per key. Untrusted. */
  readonly shape: readonly string[];
  /** The lists of both runs; empty without a second run. Untrusted. */
  readonly comparisons: readonly Comparison[];
  readonly hints: readonly Hint[];
  /** null: a field has a fault. `comment` is safe HTML. */
  readonly result: { readonly comment: string; readonly workflow: string } | null;
}

/** Returns an answer without a result. */
export function noVerdict(why: string, more: Partial<Answer> = {}): Answer {
  return {
    colour: 'none',
    verdict: [why, ''],
    faults: {},
    shape: [],
    comparisons: [],
    hints: [],
    result: null,
    ...more,
  };
}

/** Invisible characters, some of which GitHub's YAML parser may take for the end of a line. */
const INVISIBLE = /[[\p{Cc}\u2028\u2029\ufeff]--[\t\n]]/v;

export async function evaluate({
  typed: { outputs, second, ...typed },
  template,
}: Question): Promise<Answer> {
  const unseen = INPUTS.find((name) => INVISIBLE.test(typed[name]));
  if (unseen !== undefined) {
    const faults = { [unseen]: 'This text has an invisible character. Delete it' };
    return noVerdict('No result: a field has an invisible character.', { faults });
  }
  const workflow = formatWorkflow(template, typed);
  const { name, inputs: written } = readWorkflow(workflow);
  const variables = Object.entries({ ...written, api_key: 'ak_of_the_secret' });
  const read = await readInputs(
    Object.fromEntries(variables.map(([input, text]) => [`INPUT_${input.toUpperCase()}`, text])),
    { event: 'pull_request', namedPullRequest: null },
  );
  const faults: Record<string, string> = {};
  for (const fault of read.gateFaults) faults[fault.input] ??= formatGateFault(fault);
  for (const fault of read.faults) faults[fault.input] ??= fault.text;

  let value: JsonValue;
  try {
    value = parseJson(outputs);
  } catch (error) {
    const isEmpty = outputs.trim() === '';
    faults.outputs = isEmpty ? '' : describeJsonFault(error);
    const what = isEmpty ? 'There are no outputs' : 'The outputs are not JSON';
    return noVerdict(`${what}. Paste the outputs of a run, or choose a sample.`, { faults });
  }
  const isFaulty = Object.keys(faults).length > 0;
  const step: Step = {
    startedAt: 0,
    startDate: 0,
    context: { ...CONTEXT, workflowName: name } as Context,
    inputs: read.inputs,
    github: null,
    client: null,
    pendingStatusId: null,
    saved: null,
    changesGate: false,
    outcome: isFaulty ? { kind: 'invalid_inputs', ...read } : null,
  };
  const report = createReport(step, isFaulty ? [] : createResults(read.inputs, value));
  const { icon, headline } = report.words;
  const passes = report.verdict.exitCode === 0;
  const ofCheck = passes ? 'The check passes.' : 'The check fails. If it is required, it blocks the merge.';
  const meaning = isFaulty ? 'The check fails before a run starts. Correct the marked fields.' : ofCheck;
  const gate = read.inputs.runPlans[0]?.entries[0]?.gate;
  const review = (of: JsonValue) => ({
    outputs: of,
    evaluations: isFaulty ? [] : (gate?.evaluate(of) ?? []),
  });
  let comparisons: Comparison[] = [];
  try {
    if (second.trim() !== '') comparisons = compareRuns(review(value), review(parseJson(second)));
  } catch (error) {
    faults.second = describeJsonFault(error);
  }
  return {
    colour: passes ? 'green' : 'red',
    verdict: [`${icon} ${headline}.`, meaning],
    faults,
    shape: describeShape(value).map(escapeInvisible),
    comparisons,
    hints: isFaulty ? [] : findHints(gate?.conditions ?? [], value),
    result: isFaulty ? null : { comment: await toHtml(renderMarkdown(report, COMMENT)), workflow },
  };
}

function describeJsonFault(error: unknown): string {
  return `This is not JSON: ${escapeInvisible((error as Error).message)}`;
}

/** Returns the results of a step whose run completed just now with these outputs. */
function createResults(inputs: Inputs, outputs: JsonValue) {
  const now = new Date().toISOString();
  const outcome = { kind: 'completed' } as const;
  return inputs.runPlans.flatMap((runPlan) => {
    const runId = 'run_c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
    const runState = { ...createRunState(runPlan), runId, completedAt: now, outputs, outcome };
    return runPlan.entries.map((entry) => {
      const gateResult = applyGate(entry.gate.evaluate(outputs), {
        ...entry,
        ...runPlan,
        entry: entry.name,
        baseline: { code: 'none' },
        today: now.slice(0, 10),
        checkTime: () => undefined,
      });
      return { entry, runState, gateResult, earlier: null };
    });
  });
}

/** The parts of a job that a comment shows. */
const CONTEXT: Partial<Context> = {
  workflowFile: 'submittals.yml',
  commit: '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2',
  event: 'pull_request',
  ref: 'refs/pull/7/merge',
  workflowRunUrl: 'https://github.com/octo-org/tower/actions/runs/1/attempts/1',
};

/** Describes the outputs: "outputs.items: 5 items with status (compliant 3, non-compliant 2), reason". */
function describeShape(value: JsonValue): string[] {
  return Object.entries(isJsonObject(value) ? value : {}).map(([key, part]) => {
    const name = /^[A-Za-z_]\w*$/.test(key) ? `outputs.${key}` : `outputs[${JSON.stringify(key)}]`;
    if (!isList(part)) return name;
    const fields = countFieldValues(part.filter(isJsonObject)).map(([field, values]) => {
      const counts = values.map(([text, count]) => `${text} ${count}`);
      return counts.length > 0 ? `${field} (${counts.join(', ')})` : field;
    });
    return joinPresent(' with ', `${name}: ${formatCount(part.length, 'item')}`, fields.join(', '));
  });
}
