/** Addresses of a run's and an item's page, from what the author gave as `run_url` and `item_url`. */
import { PLACEHOLDER, type IDS_OF_A_RUN } from '../inputs/input-table.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { isExactNumber, isJsonObject, type JsonValue } from '../json.ts';
import type { Outcome } from '../runs/outcome.ts';

/** With placeholders; empty: not given. */
export type Links = Pick<Inputs, 'runUrl' | 'itemUrl'>;

const MOST = 200;

/** The address with its placeholders filled; empty where one has no value that can stand in a path or a query. */
export function addressOf(template: string, { runId, workflowId, order }: Outcome, item: JsonValue | null) {
  const ids: Readonly<Record<string, string>> = {
    ...{ run_id: runId, workflow_id: workflowId, project_id: order.projectId },
  } satisfies Record<(typeof IDS_OF_A_RUN)[number], string>;
  let isWhole = template !== '';
  const url = template.replace(PLACEHOLDER, (_, name: string) => {
    const text = Object.hasOwn(ids, name) ? (ids[name] ?? '') : fieldOf(item, name);
    // What held a secret has `***` in it.
    const isFit =
      text.length <= MOST && text.isWellFormed() && !['', '.', '..'].includes(text) && !text.includes('***');
    isWhole &&= isFit;
    return isFit ? encodeValue(text) : '';
  });
  return isWhole ? url : '';
}

function fieldOf(item: JsonValue | null, name: string): string {
  const value = item !== null && isJsonObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
  if (typeof value === 'string') return value;
  const number = typeof value === 'number' ? String(value) : isExactNumber(value) ? value.rawJSON : '';
  return /^-?\d+$/.test(number) ? number : '';
}

/** All but `A-Z a-z 0-9 - . _`. */
function encodeValue(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
