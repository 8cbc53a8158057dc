/** Fills the URL templates `run_url` and `item_url`. Pure. */
import { isJsonObject, type JsonValue } from '../json.ts';

export const PLACEHOLDER = /\{([\w-]{1,64})\}/g;
/** Placeholders that are not fields of an item. */
export const RUN_PLACEHOLDERS: readonly string[] = ['run_id', 'workflow_id', 'project_id'];

/** Returns the URL of an item's page, or for null of the run's; empty: there is no run, or a value is not usable in a URL. */
export function fillUrl(
  template: string,
  ids: {
    readonly runId: string;
    readonly workflowId: string;
    readonly runPlan: { readonly projectId: string };
  },
  item: JsonValue,
): string {
  if (ids.runId === '') return '';
  const known: ReadonlyMap<string, string> = new Map([
    ['run_id', ids.runId],
    ['workflow_id', ids.workflowId],
    ['project_id', ids.runPlan.projectId],
  ]);
  const textOf = (name = '') => known.get(name) ?? readItemId(item, name);
  if (![...template.matchAll(PLACEHOLDER)].every(([, name]) => isUsableInUrl(textOf(name)))) return '';
  return template.replace(PLACEHOLDER, (_found, name: string, at: number) => {
    const value = encodeURIComponent(textOf(name)).replace(/[!'()*]/g, percentEncode);
    // `/deploy` would be a command to a bot that reads the comment; with the first letter escaped the URL means the same.
    return item !== null && template[at - 1] === '/' ? value.replace(/^[a-z]/i, percentEncode) : value;
  });
}

/** Returns the item's field if it can be used as an ID (a text or a whole number); otherwise empty. */
function readItemId(item: JsonValue, name: string): string {
  const value = isJsonObject(item) && Object.hasOwn(item, name) ? item[name] : null;
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value ?? null);
  return /^-?\d+$/.test(text) ? text : '';
}

/** Has the text 1 to 200 characters, and is it neither `.`, `..` nor redacted (`***`)? */
function isUsableInUrl(text: string): boolean {
  return text.isWellFormed() && /^(?!\.\.?$)(?!.*\*{3}).{1,200}$/s.test(text);
}

/** Returns the character as a percent escape of a URL: `/` → `%2F`. */
function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
