/** The store that artifacts are downloaded from: GitHub redirects a download to it. */
import type { Artifact } from './github-repository.ts';
import { startServer } from './listeners.ts';
import { takeSentTime } from './simulator-clock.ts';

export interface ArtifactStoreOptions {
  /** How the store answers each download; the last entry repeats. Default: with the content. */
  readonly store?: readonly StoreFault[];
  /** Where the download redirects to, in place of the store. */
  readonly redirectTo?: string;
}

/** `cut`: half of the body; `stall`: no answer; `redirect`: to another address; a number: that status. */
export type StoreFault = 'ok' | 'cut' | 'stall' | 'redirect' | number;

/** One request to the store. */
export interface Download {
  readonly artifactId: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type ArtifactStore = Awaited<ReturnType<typeof startArtifactStore>>;

export async function startArtifactStore(
  artifacts: readonly Artifact[],
  { store: faults = [], redirectTo }: ArtifactStoreOptions,
) {
  const downloads: Download[] = [];
  const { port, close } = await startServer((request, response) => {
    const id = Number(/\/(\d+)\b/.exec(request.url ?? '')?.[1]);
    const fault = faults[Math.min(downloads.length, faults.length - 1)] ?? 'ok';
    takeSentTime(request);
    downloads.push({ artifactId: id, headers: request.headers });
    const content = Buffer.from(artifacts.find((one) => one.id === id)?.content ?? '');
    if (fault === 'stall') return;
    if (typeof fault === 'number') response.writeHead(fault).end();
    else if (fault === 'redirect') response.writeHead(302, { location: 'http://localhost:9/again' }).end();
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': content.length });
      if (fault === 'cut')
        response.write(content.subarray(0, content.length / 2), () => request.socket.destroy());
      else response.end(content);
    }
  });
  // The store has another host than the API, as GitHub's does.
  const url = `http://localhost:${port}`;
  return {
    url,
    downloads,
    /** The address of an artifact's content; its signature changes after each download. */
    downloadUrl: (artifactId: number): string =>
      redirectTo ?? `${url}/artifacts/${artifactId}/content?sig=${downloads.length}`,
    close,
  };
}
