/** What the action reads of an event: the one place of the table of payloads that knows how. */
import { readContext } from '../../src/github/context.ts';

export interface ReadEvent {
  readonly commit: string;
  /** All jobs of the commit share a run. */
  readonly isOfCommit: boolean;
  /** null: none. */
  readonly pullRequest: number | null;
}

export function readEvent(environment: Readonly<Record<string, string>>, payload: unknown): ReadEvent {
  const { commit, keyScope, pullRequest } = readContext(environment, payload);
  return { commit, isOfCommit: keyScope === commit, pullRequest: 'number' in pullRequest ? pullRequest.number : null };
}
