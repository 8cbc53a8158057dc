/** What tells a step from its siblings: whose comment is whose, and what its headings are called. Pure. */
import type { JsonValue } from '../json.ts';

export interface Naming {
  /** What a comment belongs to beside the workflow file. */
  readonly commentKey: readonly string[];
  readonly title: string;
}

export interface Named {
  /** As typed, trimmed; empty: not given. */
  readonly commentKey: string;
  readonly title: string;
  readonly workflowId: string;
  readonly projectId: string;
  /** GITHUB_JOB, GITHUB_ACTION, GITHUB_WORKFLOW */
  readonly job: string;
  readonly action: string;
  readonly workflow: string;
}

export const TITLE_MAX = 100;

export function namingOf({ commentKey, title, workflowId, projectId, ...of }: Named): Naming {
  const step = `${of.job} ${of.action} `;
  const key = commentKey === '' ? step : commentKey;
  // What action.yml gives where the user does not: a step that says otherwise may share a comment over workflows and projects.
  const isDefault = key.startsWith(step);
  const leg = isDefault ? legOf(key.slice(step.length)) : [];
  const name = leg.length === 0 ? of.workflow : `${of.workflow} (${leg.join(', ')})`;
  return {
    commentKey: isDefault ? [key, workflowId, projectId] : [key],
    title: title === '' ? name.slice(0, TITLE_MAX).toWellFormed() : title,
  };
}

/** The values of a matrix leg, nested ones too, as GitHub puts them behind a job's name. */
function legOf(json: string): string[] {
  try {
    return valuesOf(JSON.parse(json === '' ? 'null' : json) as JsonValue);
  } catch {
    return [];
  }
}

function valuesOf(value: JsonValue): string[] {
  return typeof value === 'object' ? Object.values(value ?? {}).flatMap(valuesOf) : [String(value)];
}
