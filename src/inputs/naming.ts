/** What tells a step from its siblings: whose comment is whose, and what its headings are called. Pure. */
import type { JsonValue } from '../json.ts';
import type { Values } from './input-table.ts';

export type Naming = Readonly<ReturnType<typeof namingOf>>;

const TITLE_MAX = 100;

export function namingOf(
  { commentKey, title: titleInput }: Pick<Values, 'commentKey' | 'title'>,
  { GITHUB_JOB: job = '', GITHUB_ACTION: action = '', GITHUB_WORKFLOW: workflow = '' }: NodeJS.ProcessEnv,
) {
  const step = `${job} ${action} `;
  const key = commentKey === '' ? step : commentKey;
  // What action.yml gives where the user does not. No workflow's ID is part of it: a comment outlives one that is corrected.
  const isDefault = key.startsWith(step);
  const matrixValues = isDefault ? legOf(key.slice(step.length)) : [];
  const matrixLeg = matrixValues.filter(namesLeg);
  const name = matrixLeg.length === 0 ? workflow : `${workflow} (${matrixLeg.join(', ')})`;
  return {
    /** What a comment belongs to beside the workflow file. A reusable one called twice has the same job and step: titles part them. */
    commentKey: isDefault && titleInput !== '' ? [key, titleInput] : [key],
    /** The key is given, so that steps, jobs and legs may have the same. */
    isCommentShared: !isDefault,
    /** Of the leg of the matrix; empty: there is no matrix, or the key does not say. */
    matrixValues: matrixValues.filter((value) => value !== ''),
    /** What annotations are titled: what the author gave, or empty. */
    givenTitle: titleInput,
    title: titleInput === '' ? name.slice(0, TITLE_MAX).toWellFormed() : titleInput,
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One line of at most 40 characters, no UUID, and nothing of JSON's or code's. */
function namesLeg(value: string): boolean {
  return value !== '' && value.length <= 40 && !UUID.test(value) && !/[[\](){}<>"'`\r\n]/.test(value);
}

/** The values of a matrix leg, nested ones too, as GitHub puts them behind a job's name. */
function legOf(json: string): string[] {
  try {
    return legValues(JSON.parse(json) as JsonValue);
  } catch {
    return [];
  }
}

function legValues(value: JsonValue): string[] {
  return typeof value === 'object' ? Object.values(value ?? {}).flatMap(legValues) : [String(value)];
}
