/** Evaluates outputs with the action's gate, and describes the result with the action's texts. The texts may be hostile. Pure. */
import { isRed, isWarning, type ConditionResult } from '../src/gate/condition.ts';
import { fieldsFor, parseColumns, type FieldLists } from '../src/gate/field-lists.ts';
import { compileGate } from '../src/gate/gate.ts';
import { isJsonObject, JsonError, parseJson, type JsonValue } from '../src/json.ts';
import { findColumnNotices } from '../src/report/column-notices.ts';
import { buildPlainTable, type PlainTable } from '../src/report/columns.ts';
import { findListsOfObjects, type ListOfObjects } from '../src/report/output-lists.ts';
import { formatGateLines } from '../src/report/log.ts';
import { describeFindings } from '../src/runs/describe-finding.ts';
import { escapeInvisible } from '../src/text/escape.ts';

export interface GateInputs {
  readonly outputs: string;
  readonly fail_if: string;
  readonly warn_if: string;
  readonly columns: string;
}

export interface Evaluated {
  /** Colour of the check; null: there is nothing to evaluate. */
  readonly colour: 'red' | 'green' | null;
  readonly headline: string;
  /** Errors and notices, expressions with a caret below the error, and how to correct them; '' if there are none. */
  readonly refusal: string;
  readonly conditions: readonly {
    /** "✗ not compliant: 2 of 5" */
    readonly line: string;
    readonly isRed: boolean;
    /** Why it cannot be evaluated, and possible mistakes. */
    readonly notes: readonly string[];
    /** The matched items as in the comment; null: there are none. */
    readonly table: PlainTable | null;
  }[];
  readonly lists: readonly ListOfObjects[];
}

const MAX_ROWS = 10;

export function headlineOnly(headline: string, lists: Evaluated['lists'] = []): Evaluated {
  return { colour: null, headline, refusal: '', conditions: [], lists };
}

export async function evaluate({ outputs, fail_if, warn_if, columns: text }: GateInputs): Promise<Evaluated> {
  let value: JsonValue | undefined;
  let lists: Evaluated['lists'] = [];
  try {
    if (outputs.trim() !== '') value = parseJson(new TextEncoder().encode(outputs));
    if (isJsonObject(value ?? null)) lists = findListsOfObjects(Object.entries(value as object));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return headlineOnly(`The outputs cannot be read: ${error.message}${jsonErrorPlace(outputs)}.`);
  }
  const gate = await compileGate(fail_if, warn_if);
  const columns = columnsOf(text);
  const refusal = escapeInvisible([gate.fault, columns.fault].filter((fault) => fault !== '').join('\n\n'));
  if (refusal !== '')
    return { ...headlineOnly('Red: rejected before anything is launched.', lists), colour: 'red', refusal };
  if (gate.conditions.length === 0)
    return headlineOnly('No condition yet: every completed run would be green.', lists);
  const findings = gate.evaluate(value).map((result) => ({
    ...result,
    rows: result.matched,
    matched: result.matched.length,
    unmatched: result.unmatched?.length ?? null,
    unmatchedRows: result.unmatched ?? [],
    waivedRows: [],
    waived: 0,
    known: null,
    isExcused: null,
  }));
  const notices = findColumnNotices([{ entry: { name: '', columns: columns.lists }, findings }]);
  return {
    ...headlineOnly(headlineOf(findings), lists),
    colour: findings.some(isRed) ? 'red' : 'green',
    refusal: escapeInvisible(notices.map(({ text }) => text).join('\n\n')),
    conditions: findings.map((finding) => ({
      line: (formatGateLines({ findings: [finding] })[0]?.safe ?? '').trim(),
      isRed: isRed(finding),
      notes: [finding.problem ?? '', ...finding.notices, ...nearTextNotes(finding)]
        .filter((note) => note !== '')
        .map(escapeInvisible),
      table:
        finding.matched === 0
          ? null
          : buildPlainTable(finding.rows, fieldsFor(columns.lists, finding.condition), MAX_ROWS),
    })),
  };
}

function headlineOf(findings: Parameters<typeof describeFindings>[0]): string {
  const red = findings.filter(isRed);
  const warned = findings.filter(isWarning);
  if (red.length > 0) return `Red: ${describeFindings(red)}.`;
  return warned.length > 0
    ? `Green, with a warning: ${describeFindings(warned)}.`
    : 'Green: no condition is true.';
}

/** Texts of matched items that differ from a text of the condition only in spelling. */
function nearTextNotes({ nearTexts }: Pick<ConditionResult, 'nearTexts'>): string[] {
  const all = [...(nearTexts?.values() ?? [])].flat();
  return [
    ...new Set(all.map(({ text, literal }) => `“${text}”, where the condition says “${literal}”`)),
  ].slice(0, MAX_ROWS);
}

function columnsOf(given: string): { readonly lists: FieldLists; readonly fault: string } {
  try {
    return { lists: parseColumns(given), fault: '' };
  } catch (error) {
    return { lists: new Map(), fault: `columns ${(error as Error).message}` };
  }
}

/** The position of the JSON error, if the engine reports one. The action itself must not quote untrusted text. */
function jsonErrorPlace(outputs: string): string {
  try {
    JSON.parse(outputs);
  } catch (error) {
    const [place] = /line \d+ column \d+/.exec(String(error)) ?? [];
    if (place !== undefined) return `, see ${place}`;
  }
  return '';
}
