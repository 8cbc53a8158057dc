/** A client of the simulator: asks, and tells the status; none where it gave up. */
import { INPUTS, PROJECT_ID, TEST_KEY, WORKFLOW_ID } from '../../simulator/seed.ts';

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Give up once this resolves. */
  readonly giveUp?: Promise<unknown>;
}

export async function ask(url: string, { giveUp, headers, ...rest }: Asking = {}): Promise<number | null> {
  const stop = new AbortController();
  void giveUp?.then(() => stop.abort());
  const asked = { ...rest, headers: { Authorization: `Bearer ${TEST_KEY}`, ...headers } };
  try {
    const answer = await fetch(url, { ...asked, signal: stop.signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

export function launch(api: { readonly url: string }, key: string, body?: string): Promise<number | null> {
  return ask(`${api.url}/api/v2/workflows/${WORKFLOW_ID}/runs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: body ?? JSON.stringify({ inputs: INPUTS, project_id: PROJECT_ID }),
  });
}

export function poll(api: { readonly url: string }, runId: string, asking?: Asking): Promise<number | null> {
  return ask(`${api.url}/api/v2/workflows/runs/${runId}`, asking);
}

/** Resolves once the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
