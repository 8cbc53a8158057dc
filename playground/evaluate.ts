/** What a gate says of outputs: the action's own gate, in the action's own words. As text, which may be hostile. Pure. */
import { isRed, isWarning, type ConditionResult } from '../src/gate/condition.ts';
import { fieldsFor, parseColumns, type FieldLists } from '../src/gate/field-lists.ts';
import { compileGate } from '../src/gate/gate.ts';
import { isJsonObject, JsonError, parseJson, type JsonValue } from '../src/json.ts';
import { columnNotices } from '../src/report/column-notices.ts';
import { plainTable, type PlainTable } from '../src/report/columns.ts';
import { listsOfObjects, type ListOfObjects } from '../src/report/output-lists.ts';
import { gateLines } from '../src/report/log.ts';
import { describeFindings } from '../src/runs/describe-finding.ts';
import { escapeInvisible } from '../src/text/escape.ts';

export interface Asked {
  readonly outputs: string;
  readonly fail_if: string;
  readonly warn_if: string;
  readonly columns: string;
}

export interface Evaluated {
  /** Of the check; null: there is nothing to judge. */
  readonly colour: 'red' | 'green' | null;
  readonly headline: string;
  /** What is refused or odd, expressions with a caret under the place, and the way out; or empty. */
  readonly refusal: string;
  readonly conditions: readonly {
    /** "✗ not compliant: 2 of 5" */
    readonly line: string;
    readonly isRed: boolean;
    /** Why it cannot be evaluated, and what may not have been meant. */
    readonly notes: readonly string[];
    /** What the comment shows of its items; null: there are none. */
    readonly table: PlainTable | null;
  }[];
  readonly lists: readonly ListOfObjects[];
}

const MAX_ROWS = 10;

export function headlineOnly(headline: string, lists: Evaluated['lists'] = []): Evaluated {
  return { colour: null, headline, refusal: '', conditions: [], lists };
}

export async function judge({ outputs, fail_if, warn_if, columns: given }: Asked): Promise<Evaluated> {
  let value: JsonValue | undefined;
  let lists: Evaluated['lists'] = [];
  try {
    if (outputs.trim() !== '') value = parseJson(new TextEncoder().encode(outputs));
    if (isJsonObject(value ?? null)) lists = listsOfObjects(Object.entries(value as object));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return headlineOnly(`The outputs cannot be read: ${error.message}${placeIn(outputs)}.`);
  }
  const gate = await compileGate(fail_if, warn_if);
  const columns = columnsOf(given);
  const refusal = escapeInvisible([gate.fault, columns.fault].filter((fault) => fault !== '').join('\n\n'));
  if (refusal !== '')
    return { ...headlineOnly('Red: refused before anything is launched.', lists), colour: 'red', refusal };
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
  const notices = columnNotices([{ entry: { name: '', columns: columns.lists }, findings }]);
  return {
    ...headlineOnly(headlineOf(findings), lists),
    colour: findings.some(isRed) ? 'red' : 'green',
    refusal: escapeInvisible(notices.map(({ text }) => text).join('\n\n')),
    conditions: findings.map((finding) => ({
      line: (gateLines({ findings: [finding] })[0]?.safe ?? '').trim(),
      isRed: isRed(finding),
      notes: [finding.problem ?? '', ...finding.notices, ...spellingsOf(finding)]
        .filter((note) => note !== '')
        .map(escapeInvisible),
      table:
        finding.matched === 0
          ? null
          : plainTable(finding.rows, fieldsFor(columns.lists, finding.condition), MAX_ROWS),
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

/** Why an item is matched that is not with every spelling of the condition's texts. */
function spellingsOf({ nearTexts }: Pick<ConditionResult, 'nearTexts'>): string[] {
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

/** Where the text stops being JSON, if the engine says so. The action does not: it must not quote what a stranger wrote. */
function placeIn(outputs: string): string {
  try {
    JSON.parse(outputs);
  } catch (error) {
    const [place] = /line \d+ column \d+/.exec(String(error)) ?? [];
    if (place !== undefined) return `, see ${place}`;
  }
  return '';
}
