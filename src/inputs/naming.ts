/** Derives the comment's key and the titles, which distinguish a step from other steps, jobs and matrix jobs. Pure. */
import type { JsonValue } from '../json.ts';
import type { Values } from './input-table.ts';

export type Naming = Readonly<ReturnType<typeof deriveNaming>>;

const MAX_TITLE_LENGTH = 100;

/** Derives the comment's key and the titles from the inputs and the runner's variables. */
export function deriveNaming(
  { commentKey, title: titleInput }: Pick<Values, 'commentKey' | 'title'>,
  { GITHUB_JOB: job = '', GITHUB_ACTION: action = '', GITHUB_WORKFLOW: workflow = '' }: NodeJS.ProcessEnv,
) {
  const step = `${job} ${action} `;
  const key = commentKey === '' ? step : commentKey;
  // action.yml's default begins with job and step. It has no workflow ID, so a comment survives a corrected ID.
  const isDefault = key.startsWith(step);
  const matrixValues = isDefault ? parseMatrixValues(key.slice(step.length)) : [];
  const readableValues = matrixValues.filter(isReadableValue);
  const name = readableValues.length === 0 ? workflow : `${workflow} (${readableValues.join(', ')})`;
  return {
    /** Identifies the comment within a workflow file. Two calls of a reusable workflow have the same job and step, so `title` is part of it. */
    commentKey: isDefault && titleInput !== '' ? [key, titleInput] : [key],
    /** The author set `comment_key`, so steps, jobs and matrix jobs may share the comment. */
    isCommentShared: !isDefault,
    /** Values of this matrix job; empty: there is no matrix, or the key does not show it. */
    matrixValues: matrixValues.filter((value) => value !== ''),
    /** The author's `title` for annotations, or empty. */
    authorTitle: titleInput,
    title: titleInput === '' ? name.slice(0, MAX_TITLE_LENGTH).toWellFormed() : titleInput,
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Does the value suit a heading? It must be one line of at most 40 characters, no UUID, without punctuation of JSON or code. */
function isReadableValue(value: string): boolean {
  return value !== '' && value.length <= 40 && !UUID.test(value) && !/[[\](){}<>"'`\r\n]/.test(value);
}

/** Parses the matrix values, also nested ones, in the order in which GitHub appends them to a job's name; empty: invalid. */
function parseMatrixValues(json: string): string[] {
  try {
    return flattenValues(JSON.parse(json) as JsonValue);
  } catch {
    return [];
  }
}

/** Returns all values in a nested list or object as texts. */
function flattenValues(value: JsonValue): string[] {
  return typeof value === 'object' ? Object.values(value ?? {}).flatMap(flattenValues) : [String(value)];
}
