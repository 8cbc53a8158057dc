/** Builds step outputs of the run's outputs, within GitHub's limits. */
import { isJsonObject } from '../json.ts';
import type { JsonValue } from '../json.ts';
import { fitsInOutput } from '../runs/run-files.ts';
import { makeNameUnique } from '../text/redact.ts';
import type { RunReport } from './report.ts';

/** In UTF-16 units: GitHub drops all outputs of a job above 1 MB of UTF-16. */
const MAX_TOTAL_UNITS = 450_000;
const MAX_ENTRIES = 256;
const MAX_NAME = 100;

/** Names that this action may use in future versions. */
const RESERVED = /^(?:gate|run|report|outputs|matches|headline|baseline)/i;

const OUTPUTS_JSON = 'outputs_json';

type NamedText = readonly [name: string, value: string];

/**
 * Builds a step output for each top-level key of the run's outputs. If they are too large together, `outputs_json` is emptied
 * first, then the last ones.
 * @param json the outputs as JSON; empty: there are none; null: too large for a step output
 * @param declared values of action.yml's outputs, with `outputs_json` still empty; a key with such a name gets no separate output
 */
export function buildStepOutputs(
  outputs: JsonValue | undefined,
  json: string | null,
  declared: readonly NamedText[],
) {
  const { named, reserved, dropped } = nameOutputs(outputs, declared);
  const halved = named.filter(([, value]) => !value.isWellFormed()).map(([name]) => name);
  const tooLarge = named.filter(([, value]) => !fitsInOutput(value)).map(([name]) => name);
  const entries = named.map(([name, value]): [string, string] => [
    name,
    fitsInOutput(value) ? value.toWellFormed() : '',
  ]);
  const whole: [string, string] = [OUTPUTS_JSON, json ?? ''];
  if (json === null) tooLarge.push(OUTPUTS_JSON);

  let total = whole[1].length;
  for (const [name, value] of [...declared, ...entries]) total += name.length + value.length;
  for (const entry of [whole, ...entries.toReversed()]) {
    const [name, value] = entry;
    if (total <= MAX_TOTAL_UNITS || value === '') continue;
    total -= value.length;
    entry[1] = '';
    tooLarge.push(name);
  }

  const notices = [
    dropped > 0 &&
      `Only the first ${MAX_ENTRIES} keys of the outputs are step outputs; ${dropped} more are not.`,
    tooLarge.length > 0 &&
      `These step outputs are empty because their values are too large: ${listSome(tooLarge)}.`,
    halved.length > 0 &&
      `Invalid characters (halves of a surrogate pair) are written as U+FFFD in ${listSome(halved)}.`,
  ];
  const kept = `These keys of the outputs are not step outputs, because the action uses their names: ${listSome(reserved)}.`;
  return {
    /** In the order of the keys; no two names differ only in case. */
    entries,
    /** All outputs as JSON; empty where there are none or they are too large. */
    outputsJson: whole[1],
    /** Some of the run's outputs are missing from the step outputs. */
    truncated: tooLarge.length > 0 || dropped > 0,
    /** Sentences for log and report; names in them consist of `A-Z a-z 0-9 _ -`. */
    notices: notices.filter((text) => text !== false),
    /** The same for what only the workflow's author can fix. */
    warnings: reserved.length > 0 ? [kept] : [],
  };
}

/**
 * Gives each key of the run's outputs a valid and unique name as a step output.
 * @returns `reserved`: names that the action uses; `dropped`: number of keys over the limit
 */
function nameOutputs(outputs: JsonValue | undefined, declared: readonly NamedText[]) {
  const named: NamedText[] = [];
  const reserved: string[] = [];
  let dropped = 0;
  if (!isJsonObject(outputs)) return { named, reserved, dropped };
  // The runner ignores case.
  const key = (name: string) => name.toLowerCase();
  const ours = new Set(declared.map(([name]) => key(name)));
  const lastSuffix = new Map([...ours].map((name) => [name, 1]));
  for (const label of Object.keys(outputs)) {
    const name = makeSafeName(label);
    if (ours.has(key(name)) || RESERVED.test(name)) {
      reserved.push(name);
    } else if (named.length >= MAX_ENTRIES) {
      dropped++;
    } else {
      const value = outputs[label] ?? null;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      named.push([makeNameUnique(name, lastSuffix, MAX_NAME, key), text]);
    }
  }
  return { named, reserved, dropped };
}

/** Returns the key as a valid name of a step output: other characters become `_`, and a long name is cut. */
function makeSafeName(key: string): string {
  const name = key.slice(0, MAX_NAME).replace(/[^A-Za-z0-9_-]/gu, '_');
  return (/^[A-Za-z_]/.test(name) ? name : `_${name}`).slice(0, MAX_NAME);
}

/** Lists the first five names in quotes. */
function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Counts the matched items of `fail_if`, and those that the baseline does not know; null: not known. */
export function countGateMatches(runs: readonly Pick<RunReport, 'verdict' | 'findings'>[]) {
  const gated = runs.filter(({ verdict }) => verdict.gate !== 'none');
  const isEvaluated = gated.length > 0 && gated.every(({ verdict }) => verdict.gate !== 'not_evaluated');
  if (!isEvaluated) return { gate_matched_count: null, gate_new_count: null };
  const lists = gated.map(({ findings }) =>
    findings.filter(({ condition }) => condition.severity === 'fail'),
  );
  const matched = lists.flat().reduce((sum, one) => sum + one.matched, 0);
  const known = lists.flat().flatMap((one) => one.known ?? []);
  // Without `known_by` it is not known which items are new.
  const isCompared = lists.every(
    (findings) =>
      findings.some(({ knownBy }) => knownBy.length > 0) && findings.every((one) => one.known !== null),
  );
  return {
    gate_matched_count: matched,
    gate_new_count: isCompared ? matched - known.filter((isKnown) => isKnown).length : null,
  };
}
