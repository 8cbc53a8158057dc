/** A stand-in of GitHub's artifact service for @actions/artifact: create, upload in blocks, finalise. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UploadedArtifact {
  readonly name: string;
  readonly content: Buffer;
}

export interface ArtifactService {
  /** What the runner gives a step, for the library. */
  readonly environment: Readonly<Record<string, string>>;
  /** The finalised ones, the oldest first. */
  readonly artifacts: readonly UploadedArtifact[];
  /** Answered in place of the service where it is not null. */
  fault: number | null;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const encode = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64url');

export async function startArtifactService(): Promise<ArtifactService> {
  const artifacts: UploadedArtifact[] = [];
  const blocks: Buffer[] = [];
  /** Returns the status and the body of the answer. @throws Error the request is not as the service expects it */
  const answer = (method: string, url: URL, body: Buffer): readonly [number, unknown] => {
    if (service.fault !== null) return [service.fault, { msg: 'no' }];
    const call = url.pathname.split('/').at(-1);
    if (method === 'POST' && call === 'CreateArtifact') {
      blocks.length = 0;
      return [200, { ok: true, signed_upload_url: `${url.origin}/account/artifacts/file?sig=s3cr3t` }];
    }
    if (method === 'PUT' && url.searchParams.get('comp') === 'block') return [201, blocks.push(body)];
    if (method === 'PUT') return [201, ''];
    const { name, size, hash } = JSON.parse(body.toString()) as Record<string, string>;
    const content = Buffer.concat(blocks);
    const isWhole = hash === `sha256:${createHash('sha256').update(content).digest('hex')}` && Number(size) === content.length;
    if (call !== 'FinalizeArtifact' || !isWhole) return [400, { msg: 'not what was uploaded' }];
    return [200, { ok: true, artifact_id: String(artifacts.push({ name: name!, content })) }];
  };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const [status, data] = answer(request.method ?? '', new URL(`http://${request.headers.host}${request.url}`), body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: ArtifactService = {
    environment: {
      ACTIONS_RUNTIME_TOKEN: `${encode({ alg: 'none' })}.${encode({ scp: 'Actions.Results:run:job' })}.`,
      ACTIONS_RESULTS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    artifacts,
    fault: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}
