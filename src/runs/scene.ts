/** What every part of the story uses, and how it notes what it learns. */
import type { Client } from '../alloovium/client.ts';
import type { RetryContext } from '../alloovium/retry.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Facts } from './facts.ts';
import type { Host } from '../github/host.ts';
import type { Inputs } from '../inputs/inputs.ts';

export interface Job {
  readonly host: Host;
  readonly facts: Facts;
  readonly inputs: Inputs;
  readonly client: Client;
  readonly retryContext: RetryContext;
}

/** A notice: once in the log, and in the report. */
export function note(host: Host, facts: Facts, text: string): void {
  if (facts.notices.includes(text)) return;
  facts.notices.push(text);
  host.line(`    note: ${text}`);
}

/** What a look showed is known from here on, whatever comes. */
export function keep(facts: Facts, run: Run): void {
  facts.run = run;
  facts.status = run.status;
  if (run.workflowId !== '') facts.workflowId = run.workflowId;
}

export const WRONG_CONTENT_TYPE = 'an answer of the API was JSON, but not marked as such';
