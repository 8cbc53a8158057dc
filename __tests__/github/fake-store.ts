/** A GitHub with artifacts behind `fetch`, and the store that it redirects downloads to. */
import { createHash } from 'node:crypto';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { formatBaseline } from '../../src/gate/baseline.ts';
import type { Github } from '../../src/github/api.ts';
import { fetchBaseline, nameBaseline } from '../../src/github/artifact.ts';
import type { Context } from '../../src/github/context.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { items, result, review } from '../gate/reviews.ts';

export const CONTEXT = {
  workflowFile: '.github/workflows/submittals.yml',
  job: 'review',
  step: 'alloovium',
  jobRunId: '900',
  serverUrl: 'https://github.com',
  isPrivate: true,
} as Context;
export const INPUTS = { baseline: 'main', leg: 'null', title: '', jobSummary: true } as Inputs;
export const [OLD, NEW, HEAD, ELSEWHERE] = ['1', '2', '3', 'e'].map((digit) => digit.repeat(40)) as [string, string, string, string];
export const KEPT = review([result(items('a 1'))]).evaluated.kept;
export const FILE = formatBaseline([KEPT], true);

/** An artifact with its job run. */
export const ARTIFACT = {
  id: 1,
  content: FILE as string | Uint8Array,
  size: null as number | null,
  digest: 'right' as string | null,
  expired: false,
  created_at: '2026-11-20T03:17:00Z',
  run: 100,
  event: 'push',
  path: CONTEXT.workflowFile,
  branch: 'main',
  commit: NEW,
  /** 1: this repository. */
  headRepository: 1,
  name: nameBaseline(CONTEXT, INPUTS),
};
export type Artifact = typeof ARTIFACT;
/** What becomes of a request whose path has the text. */
export type Fault = number | 'hang' | 'torn' | 'refused' | 'loop';

const json = (data: unknown, status = 200) =>
  new Response(JSON.stringify(data), { status, headers: { 'content-type': 'application/json' } });

/** A repository with the branches `main` and `old`, and a tag `main` at another commit, behind `fetch`. */
export function fakeStore(artifacts: readonly Artifact[], faults: Readonly<Record<string, Fault>> = {}) {
  const clock = virtualClock();
  const sent: { readonly path: string; readonly hasToken: boolean }[] = [];
  const branches: Readonly<Record<string, string>> = { main: HEAD, old: OLD };
  const history = [OLD, NEW, HEAD];
  const answer = (url: URL): Response => {
    const path = decodeURIComponent(url.pathname).replace('/repos/octo-org/tower', '');
    const id = Number(/\d+/.exec(path)?.[0]);
    if (url.host === 'store.example.com') return new Response(artifacts.find((one) => one.id === id)?.content as string);
    if (path === '/actions/artifacts') {
      const found = artifacts.filter(({ name }) => name === url.searchParams.get('name'));
      const page = Number(url.searchParams.get('page'));
      return json({ total_count: found.length, artifacts: found.slice(100 * page - 100, 100 * page).map(renderArtifact) });
    }
    if (path.startsWith('/git/ref/heads/')) {
      const sha = branches[path.slice('/git/ref/heads/'.length)];
      return sha === undefined ? json({ message: 'Not Found' }, 404) : json({ object: { sha } });
    }
    if (path.startsWith('/actions/runs/')) {
      const one = artifacts.find(({ run }) => run === id)!;
      return json({ id, event: one.event, path: `${one.path}@refs/heads/main`, head_sha: one.commit });
    }
    if (path.startsWith('/compare/')) {
      const [base = '', head = ''] = path.slice('/compare/'.length).split('...');
      const [from, to] = [history.indexOf(base), history.indexOf(head)];
      if (to < 0) return json({ message: 'Not Found' }, 404);
      return json({ status: from === to ? 'identical' : from > to ? 'behind' : 'ahead' });
    }
    const location = `https://store.example.com/${id}?sig=1`;
    return new Response(null, { status: 302, headers: { location } });
  };
  const fetch: Github['fetch'] = async (input, init) => {
    const url = new URL(input as string);
    sent.push({ path: `${url.host}${url.pathname}`, hasToken: new Headers(init?.headers).has('authorization') });
    const [, fault] = Object.entries(faults).find(([text]) => url.href.includes(text)) ?? [];
    if (fault === 'refused') throw new TypeError('fetch failed');
    if (fault === 'hang')
      return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)));
    if (typeof fault === 'number') return json({ message: 'Resource not accessible by integration' }, fault);
    const whole = answer(url);
    if (whole.status === 302 && init?.redirect === 'error') throw new TypeError('unexpected redirect');
    return fault === 'torn' ? new Response((await whole.text()).slice(0, -9), whole) : whole;
  };
  const github: Github = {
    apiUrl: 'https://api.github.com',
    repository: 'octo-org/tower',
    token: 'ghs_1',
    clock,
    signal: new AbortController().signal,
    fetch,
  };
  const find = (context = CONTEXT, inputs = INPUTS) => clock.run(fetchBaseline(github, context, inputs));
  return { find, sent, clock, github };
}

function renderArtifact(one: Artifact) {
  const digest = `sha256:${createHash('sha256').update(one.content).digest('hex')}`;
  return {
    id: one.id,
    name: one.name,
    size_in_bytes: one.size ?? one.content.length,
    expired: one.expired,
    created_at: one.created_at,
    digest: one.digest === 'right' ? digest : one.digest,
    workflow_run: {
      id: one.run,
      repository_id: 1,
      head_repository_id: one.headRepository,
      head_branch: one.branch,
      head_sha: one.commit,
    },
  };
}
