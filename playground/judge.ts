/** What a gate says of outputs: the action's own gate, in the action's own words. As text, which may be hostile. Pure. */
import { isRed, type ConditionResult } from '../src/gate/condition.ts';
import { compileGate } from '../src/gate/gate.ts';
import { JsonError, parseJson, type JsonValue } from '../src/json.ts';
import { gateLines } from '../src/report/log.ts';
import { describeFinding } from '../src/runs/finding-in-words.ts';
import { visible } from '../src/text/escape.ts';
import { number, plural } from '../src/text/words.ts';

export interface Asked {
  /** JSON; blank: the run has none. */
  readonly outputs: string;
  readonly failIf: string;
}

export interface Told {
  /** Of the check; null: there is nothing to judge. */
  readonly colour: 'red' | 'green' | null;
  /** One sentence. */
  readonly headline: string;
  /** Of each refused condition what is wrong, the expression with a caret under the place, and the way out; or empty. */
  readonly refusal: string;
  readonly conditions: readonly {
    /** "✗ not compliant: 2 of 5" */
    readonly line: string;
    readonly isRed: boolean;
    /** Why it cannot be evaluated, and what may not have been meant. */
    readonly notes: readonly string[];
    /** The first matched items as JSON, and how many more there are. */
    readonly rows: readonly string[];
  }[];
}

const SHOWN = { rows: 25, characters: 1_000 } as const;

export function headlineOnly(headline: string): Told {
  return { colour: null, headline, refusal: '', conditions: [] };
}

export async function judge({ outputs, failIf }: Asked): Promise<Told> {
  let value: JsonValue | undefined;
  try {
    const gate = await compileGate(failIf, '');
    if (gate.fault !== '')
      return {
        ...headlineOnly('Red: refused before anything is launched.'),
        colour: 'red',
        refusal: visible(gate.fault),
      };
    if (gate.conditions.length === 0)
      return headlineOnly('No condition yet: every completed run would be green.');
    if (outputs.trim() !== '') value = parseJson(new TextEncoder().encode(outputs));
    const findings = gate.evaluate(value).map((result) => ({
      ...result,
      rows: result.matched,
      matched: result.matched.length,
      unmatched: result.unmatched?.length ?? null,
      waived: 0,
      known: null,
      isExcused: null,
    }));
    const [first, ...others] = findings.filter(isRed);
    const more = others.length > 0 ? `; and ${plural(others.length, 'more condition')}` : '';
    return {
      colour: first ? 'red' : 'green',
      headline: first ? `Red: ${describeFinding(first)}${more}.` : 'Green: no condition is true.',
      refusal: '',
      conditions: findings.map((finding) => ({
        line: (gateLines({ findings: [finding] })[0]?.safe ?? '').trim(),
        isRed: isRed(finding),
        notes: [finding.problem ?? '', ...finding.notices].filter((note) => note !== '').map(visible),
        rows: rowsOf(finding.rows, finding.nearTexts),
      })),
    };
  } catch (error) {
    if (error instanceof JsonError)
      return headlineOnly(`The outputs cannot be read: ${error.message}${placeIn(outputs)}.`);
    throw error;
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

/** As JSON, each with why it is matched where not every spelling of the condition's texts matches it. */
function rowsOf(
  items: readonly JsonValue[],
  nearTexts: ConditionResult['nearTexts'] = new Map(),
): readonly string[] {
  const rows = items.slice(0, SHOWN.rows).map((item) => {
    const text = JSON.stringify(item, null, 1).replaceAll(/\n */g, ' ');
    const shown = text.length > SHOWN.characters ? `${text.slice(0, SHOWN.characters)}…` : text;
    const why = (nearTexts.get(item) ?? []).map(
      (one) => ` (“${one.text}”, where the condition says “${one.literal}”)`,
    );
    return visible(`${shown}${why.join('')}`);
  });
  const more = items.length - rows.length;
  return more > 0 ? [...rows, `… and ${number(more)} more`] : rows;
}
