/** A client of the simulator, which returns the status of the answer. */
import { INPUTS, PROJECT_ID, TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export async function ask(url: string, { headers, ...rest }: Asking = {}): Promise<number> {
  const answer = await fetch(url, { ...rest, headers: { Authorization: `Bearer ${TEST_KEY}`, ...headers } });
  await answer.arrayBuffer();
  return answer.status;
}

export function launch(api: { readonly url: string }, key: string, body?: string): Promise<number> {
  return ask(`${api.url}/api/v2/workflows/${WORKFLOW_ID}/runs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: body ?? JSON.stringify({ inputs: INPUTS, project_id: PROJECT_ID }),
  });
}

export function poll(api: { readonly url: string }, runId: string, asking?: Asking): Promise<number> {
  return ask(`${api.url}/api/v2/workflows/runs/${runId}`, asking);
}
