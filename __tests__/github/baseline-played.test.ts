/** A team's weeks with `baseline: main`: what one job keeps with @actions/artifact, the next ones fetch. */
import '@actions/github';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { realClock } from '../../src/clock.ts';
import { shouldKeepBaseline } from '../../src/gate/baseline.ts';
import { keepBaseline } from '../../src/github/artifact.ts';
import type { Context } from '../../src/github/context.ts';
import type { Runner } from '../../src/github/runner.ts';
import { items, result, review } from '../gate/reviews.ts';
import { startArtifactService, type ArtifactService } from './artifact-service.ts';
import { ARTIFACT, CONTEXT, fakeStore, HEAD, INPUTS } from './fake-store.ts';

let service: ArtifactService;
const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
const before = { ...process.env };

beforeAll(async () => {
  service = await startArtifactService();
  Object.assign(process.env, service.environment, { GITHUB_SERVER_URL: 'https://github.com', no_proxy: '127.0.0.1' });
});

afterAll(async () => {
  process.env = before;
  rmSync(folder, { recursive: true });
  await service.close();
});

const runner = {
  startGroup: () => undefined,
  endGroup: () => undefined,
  writeFile: (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  },
} as unknown as Runner;

/** What main kept so far, as GitHub lists it: each by a later job run. */
const kept = (): (typeof ARTIFACT)[] =>
  service.artifacts.map(({ name, content }, at) => ({ ...ARTIFACT, id: at + 1, run: at + 101, name, content, commit: HEAD }));

/** One job: fetches, reviews and, where it may, keeps. Returns new and known findings, whether it is red, and what became of keeping. */
async function job(event: string, ref: string, ...found: string[]) {
  const context = { ...CONTEXT, event, ref } as Context;
  const inputs = { ...INPUTS, pullRequest: null, orders: [{ runId: '' }] } as never;
  const baseline = await fakeStore(kept()).find(context);
  const { evaluated } = review([result(items(...found))], { baseline });
  const { code } = shouldKeepBaseline(context, inputs, [evaluated]);
  const parts = { runner, clock: realClock, signal: new AbortController().signal, context, inputs };
  const became = code === 'keep' ? (await keepBaseline(parts, [evaluated])).code : code;
  const { counts, isRed } = evaluated.findings[0]!;
  return [baseline.code, counts.new, counts.known, isRed ? 'red' : 'green', became];
}

test('makes what main has known, and what nobody accepted red', async () => {
  const log = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    const [pull, main] = ['refs/pull/7/merge', 'refs/heads/main'];
    expect(await job('pull_request', pull, 'a 1', 'b 2')).toEqual(['missing', null, null, 'red', 'other_event']);
    expect(await job('workflow_dispatch', main, 'a 1', 'b 2')).toEqual(['missing', null, null, 'red', 'kept']);
    expect(await job('pull_request', pull, 'a 1', 'b 2')).toEqual(['usable', 0, 2, 'green', 'other_event']);
    expect(await job('pull_request', pull, 'a 1', 'b 2', 'c 3')).toEqual(['usable', 1, 2, 'red', 'other_event']);
    expect(await job('push', main, 'a 1', 'b 2', 'c 3')).toEqual(['usable', 1, 2, 'red', 'red']);
    expect(await job('pull_request', pull, 'b 2', 'c 3')).toEqual(['usable', 1, 1, 'red', 'other_event']);
    expect(await job('workflow_dispatch', main, 'a 1', 'b 2', 'c 3')).toEqual(['usable', 1, 2, 'red', 'kept']);
    expect(await job('pull_request', pull, 'a 1', 'b 2', 'c 3')).toEqual(['usable', 0, 3, 'green', 'other_event']);
    expect(await job('push', main, 'b 2')).toEqual(['usable', 0, 1, 'green', 'kept']);
    expect(await job('schedule', main, 'a 1', 'b 2')).toEqual(['usable', 1, 1, 'red', 'red']);
    service.fault = 403;
    expect(await job('push', main, 'b 2')).toEqual(['usable', 0, 1, 'green', 'failed']);
  } finally {
    log.mockRestore();
  }
  expect(service.artifacts).toHaveLength(3);
});
