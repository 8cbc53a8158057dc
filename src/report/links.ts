/** Fills the URL templates `run_url` and `item_url`. Pure. */
import { isExactNumber, isJsonObject, type JsonValue } from '../json.ts';

export interface RunIds {
  readonly runId: string;
  readonly workflowId: string;
  readonly projectId: string;
}

export const PLACEHOLDER = /\{([\w-]{1,64})\}/g;
/** Placeholders that are not fields of an item. */
export const RUN_PLACEHOLDERS = ['run_id', 'workflow_id', 'project_id'] as const;

const MAX_VALUE_LENGTH = 200;

/** Returns the URL of a run's page; empty: there is none, or a value is not usable in a URL. */
export function fillRunUrl(template: string, ids: RunIds): string {
  return ids.runId === '' ? '' : fillUrl(template, ids, null);
}

/** Returns the URL of an item's page; empty: as above. */
export function fillItemUrl(template: string, ids: RunIds, item: JsonValue): string {
  return fillUrl(template, ids, item);
}

/** @param item null: the URL is that of the run's page */
function fillUrl(template: string, ids: RunIds, item: JsonValue | null): string {
  const known: Readonly<Record<string, string>> = {
    run_id: ids.runId,
    workflow_id: ids.workflowId,
    project_id: ids.projectId,
  } satisfies Record<(typeof RUN_PLACEHOLDERS)[number], string>;
  const textOf = (name: string) =>
    Object.hasOwn(known, name) ? (known[name] ?? '') : readIdField(item, name);
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (!names.every((name) => isUsableInUrl(textOf(name)))) return '';
  return template.replace(PLACEHOLDER, (_found, name: string, at: number) => {
    const value = encodeURIComponent(textOf(name)).replace(/[!'()*]/g, percentEncode);
    // `/deploy` would be a command to a bot that reads the comment; with the first letter escaped the URL means the same.
    return item !== null && template[at - 1] === '/' ? value.replace(/^[a-z]/i, percentEncode) : value;
  });
}

/** Returns the item's field if it can be used as an ID (a text or a whole number); otherwise empty. */
function readIdField(item: JsonValue, name: string): string {
  const value = isJsonObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
  if (typeof value === 'string') return value;
  const number = typeof value === 'number' || isExactNumber(value) ? JSON.stringify(value) : '';
  return /^-?\d+$/.test(number) ? number : '';
}

/** Is the text usable in a path or a query? A redacted one (`***`) is not. */
function isUsableInUrl(text: string): boolean {
  if (text.length > MAX_VALUE_LENGTH || !text.isWellFormed()) return false;
  return !['', '.', '..'].includes(text) && !text.includes('***');
}

/** Returns the character as a percent escape of a URL: `/` → `%2F`. */
function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
