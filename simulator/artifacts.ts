/**
 * GitHub's artifact service: the calls by which `@actions/artifact` uploads a file, and the store that a download is redirected to.
 * It has another host name than the API, as GitHub's has.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Repository } from './github-repository.ts';
import { startServer } from './listeners.ts';
import { takeSentTime } from './simulator-clock.ts';

export interface ArtifactStoreOptions {
  /** How the store answers each download; the last entry repeats. Default: with the content. */
  readonly store?: readonly StoreFault[];
  /** Where the download redirects to, in place of the store. */
  readonly redirectTo?: string;
  /** Refuses each upload with this status. */
  readonly uploadStatus?: number;
}

/** `cut`: half of the body; `stall`: no answer; `redirect`: to another address; a number: that status. */
export type StoreFault = 'ok' | 'cut' | 'stall' | 'redirect' | number;

/** One request to the store for an artifact's content. */
export interface Download {
  readonly artifactId: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A file that is being uploaded. */
interface Upload {
  readonly runId: number;
  readonly attempt: number;
  readonly name: string;
  readonly blocks: Map<string, Buffer>;
  content: Buffer;
}

export type ArtifactStore = Awaited<ReturnType<typeof startArtifactStore>>;

export async function startArtifactStore(repository: Repository, { store: faults = [], redirectTo, uploadStatus }: ArtifactStoreOptions) {
  const downloads: Download[] = [];
  const uploads: Upload[] = [];
  const { port, close } = await startServer((request, response) => {
    void handle(request, response);
  });
  const url = `http://localhost:${port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    takeSentTime(request);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const [, kind, target = ''] = /^\/(twirp|upload|artifacts)\/(?:.*ArtifactService\/)?([^/]+)/.exec(pathname) ?? [];
    if (kind === 'artifacts') download(Number(target), request, response);
    else if (uploadStatus !== undefined) sendJson(response, uploadStatus, { code: 'unavailable', msg: 'Refused by the test' });
    else if (kind === 'twirp') sendJson(response, ...service(target, JSON.parse(body.toString()) as Record<string, string>));
    else putBlob(uploads[Number(target)]!, searchParams, body, response);
  }

  /** CreateArtifact and FinalizeArtifact. */
  function service(method: string, sent: Readonly<Record<string, unknown>>): [status: number, body: object] {
    const [runId = 0, attempt = 1] = String(sent.workflow_run_backend_id).split('-').map(Number);
    const name = String(sent.name);
    if (method === 'CreateArtifact') {
      const isTaken = repository.artifacts.some((one) => one.name === name && one.run?.id === runId && (one.attempt ?? 1) === attempt);
      if (isTaken) return [409, { code: 'already_exists', msg: 'an artifact with this name already exists on the workflow run' }];
      uploads.push({ runId, attempt, name, blocks: new Map(), content: Buffer.alloc(0) });
      return [200, { ok: true, signed_upload_url: `${url}/upload/${uploads.length - 1}?sig=signature` }];
    }
    const upload = uploads.findLast((one) => one.runId === runId && one.name === name);
    if (upload === undefined) return [404, { code: 'not_found', msg: 'no such artifact' }];
    const { content } = upload;
    const run = repository.runs.find(({ id }) => id === runId) ?? null;
    repository.uploadArtifact({ name, content, run, attempt });
    return [200, { ok: true, artifact_id: String(repository.artifacts[0]?.id ?? 0) }];
  }

  function download(artifactId: number, request: IncomingMessage, response: ServerResponse): void {
    const fault = faults[Math.min(downloads.length, faults.length - 1)] ?? 'ok';
    downloads.push({ artifactId, headers: request.headers });
    const content = Buffer.from(repository.artifacts.find(({ id }) => id === artifactId)?.content ?? '');
    if (fault === 'stall') return;
    if (typeof fault === 'number') response.writeHead(fault).end();
    else if (fault === 'redirect') response.writeHead(302, { location: 'http://localhost:9/again' }).end();
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': content.length });
      if (fault === 'cut') response.write(content.subarray(0, content.length / 2), () => request.socket.destroy());
      else response.end(content);
    }
  }

  return {
    url,
    downloads,
    /** The address of an artifact's content; its signature changes after each download. */
    downloadUrl: (artifactId: number): string => redirectTo ?? `${url}/artifacts/${artifactId}/content?sig=${downloads.length}`,
    /** The variables by which a step of this job run finds the service. */
    environment: (runId: number, attempt = 1): Record<string, string> => ({
      ACTIONS_RESULTS_URL: `${url}/`,
      ACTIONS_RUNTIME_TOKEN: ['{"alg":"none"}', JSON.stringify({ scp: `Actions.Results:${runId}-${attempt}:job` }), 'signature']
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.'),
    }),
    close,
  };
}

/** Azure's blob storage: blocks, and the list that joins them; or the whole content at once. */
function putBlob(upload: Upload, query: URLSearchParams, body: Buffer, response: ServerResponse): void {
  const part = query.get('comp');
  if (part === 'block') upload.blocks.set(query.get('blockid') ?? '', body);
  else if (part === 'blocklist') {
    const ids = [...body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, id = '']) => id);
    upload.content = Buffer.concat(ids.map((id) => upload.blocks.get(id) ?? Buffer.alloc(0)));
  } else upload.content = body;
  response.writeHead(201, { etag: '"1"', 'last-modified': new Date().toUTCString(), 'x-ms-request-id': '1' }).end();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
