/** Fills the URL templates `run_url` and `item_url` for a run or an item. */
import { PLACEHOLDER, type IDS_OF_A_RUN } from '../inputs/input-table.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { isExactNumber, isJsonObject, type JsonValue } from '../json.ts';
import type { Outcome } from '../runs/outcome.ts';

/** URL templates with placeholders; empty: no links. */
export type Links = Pick<Inputs, 'runUrl' | 'itemUrl'>;

const MAX_VALUE_LENGTH = 200;

/**
 * Fills the placeholders of a URL; empty if a value is not usable in a path or a query.
 * @param item null: the URL is that of the run's page
 */
export function fillUrl(
  template: string,
  { runId, workflowId, order }: Pick<Outcome, 'runId' | 'workflowId' | 'order'>,
  item: JsonValue | null,
) {
  const ids: Readonly<Record<string, string>> = {
    run_id: runId,
    workflow_id: workflowId,
    project_id: order.projectId,
  } satisfies Record<(typeof IDS_OF_A_RUN)[number], string>;
  const valueOf = (name: string) => (Object.hasOwn(ids, name) ? (ids[name] ?? '') : readIdField(item, name));
  // `split` returns text and placeholder names in turn.
  const parts = template.split(PLACEHOLDER);
  const filled = parts.map((part, at) => {
    if (at % 2 === 0) return part;
    const value = encodeValue(valueOf(part));
    if (value === null || item === null || !parts[at - 1]?.endsWith('/')) return value;
    // `/deploy` would be a command to a bot that reads the comment; with the first letter escaped the URL means the same.
    return value.replace(/^[a-z]/i, percentEncode);
  });
  return filled.includes(null) ? '' : filled.join('');
}

/** Returns the item's field if it can be used as an ID (a text or a whole number); otherwise empty. */
function readIdField(item: JsonValue | null, name: string): string {
  const value = isJsonObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
  if (typeof value === 'string') return value;
  const number = typeof value === 'number' ? String(value) : isExactNumber(value) ? value.rawJSON : '';
  return /^-?\d+$/.test(number) ? number : '';
}

/** Escapes all but `A-Z a-z 0-9 - . _ ~`. null: not usable in a path or a query, or redacted (it contains `***`). */
function encodeValue(text: string): string | null {
  if (text.length > MAX_VALUE_LENGTH || !text.isWellFormed() || ['', '.', '..'].includes(text)) return null;
  if (text.includes('***')) return null;
  return encodeURIComponent(text).replace(/[!'()*]/g, percentEncode);
}

/** Returns the character as a percent escape of a URL: `/` → `%2F`. */
function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
