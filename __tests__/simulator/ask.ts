/** A client that hides nothing: what came, and how it ended. */
import { request as requestTo, type IncomingHttpHeaders } from 'node:http';
import { INPUTS, PROJECT_ID, TEST_KEY, WORKFLOW_ID } from '../../simulator/seed.ts';

export interface Received {
  status: number | null;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The answer came in full. */
  complete: boolean;
  error: string | null;
}

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Give up once this resolves. */
  giveUp?: Promise<unknown>;
}

export function ask(url: string, asking: Asking = {}): Promise<Received> {
  const received: Received = {
    status: null,
    headers: {},
    body: Buffer.alloc(0),
    complete: false,
    error: null,
  };
  return new Promise((resolve) => {
    const options = {
      method: asking.method ?? 'GET',
      headers: { Authorization: `Bearer ${TEST_KEY}`, ...asking.headers },
    };
    const request = requestTo(url, options);
    void asking.giveUp?.then(() => request.destroy());
    const end = (error: NodeJS.ErrnoException | null): void => {
      received.error ??= error?.code ?? null;
      resolve(received);
    };
    request.on('error', end);
    request.on('response', (response) => {
      received.status = response.statusCode ?? null;
      received.headers = response.headers;
      response.on('data', (chunk: Buffer) => {
        received.body = Buffer.concat([received.body, chunk]);
      });
      response.on('error', end);
      response.on('close', () => {
        received.complete = response.complete;
        end(null);
      });
    });
    request.end(asking.body);
  });
}

export const LAUNCH_BODY = JSON.stringify({ inputs: INPUTS, project_id: PROJECT_ID });

export function launch(api: { url: string }, key: string, asking: Asking = {}): Promise<Received> {
  return ask(`${api.url}/api/v2/workflows/${WORKFLOW_ID}/runs`, {
    method: 'POST',
    body: LAUNCH_BODY,
    ...asking,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...asking.headers },
  });
}

export function poll(api: { url: string }, runId: string, asking: Asking = {}): Promise<Received> {
  return ask(`${api.url}/api/v2/workflows/runs/${runId}`, asking);
}

/** The body as JSON of any shape. */
export function json(received: Received): Record<string, unknown> {
  return JSON.parse(received.body.toString()) as Record<string, unknown>;
}

/** Resolves once the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
