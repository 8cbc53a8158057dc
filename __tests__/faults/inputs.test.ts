/** J: inputs and environments that are not what they should be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { steadyCourse, WORKFLOW_ID } from '../../simulator/seed.ts';
import { createCertificates } from '../../simulator/tls.ts';
import { strike, TOWER, type Struck } from './strike.ts';

jest.setTimeout(60_000);

const IDN = 'bücher.example';
const PUNYCODE = 'xn--bcher-kva.example';
const certificates = createCertificates([PUNYCODE]);
const folder = mkdtempSync(join(tmpdir(), 'ca-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, certificates.ca);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const BRIEF = { course: steadyCourse({ queuedMs: 0, runningMs: 1_000 }) };

function expectGreen({ result, outputs, api }: Struck): void {
  expect(result.exitCode).toBe(0);
  expect(outputs).toMatchObject({ conclusion: 'success', run_id: api.runs[0]!.id });
  expect(api.runs).toHaveLength(1);
}

describe('J. Inputs', () => {
  test.concurrent.each<[string, (port: number) => string, string]>([
    ['a path', (port) => `http://127.0.0.1:${port}/alloovium`, '/alloovium'],
    ['`..` in the path', (port) => `http://127.0.0.1:${port}/a/../b/./c/`, '/b/c'],
  ])('J2: a base URL with %s: normalised, and every call below it', async (_, url, prefix) => {
    const inputs: Record<string, string> = {};
    const { api, outputs, result } = await strike({
      inputs,
      before: (servers) => void (inputs.api_url = url(servers.api.port)),
    });
    // There is nothing below a path: 404, and then the list of what there is.
    expect(outputs.conclusion).toBe('error');
    expect(api.journal.map(({ path }) => path)).toEqual([
      `${prefix}/api/v2/workflows/${WORKFLOW_ID}/runs`,
      `${prefix}/api/v2/workflows?limit=100`,
    ]);
    expect(result.stdout).toContain(`, at http://127.0.0.1:${api.port}${prefix}\n`);
  });

  test.concurrent.each([IDN])('J2: a base URL with the host %s: its ASCII form', async (host) => {
    const inputs: Record<string, string> = {};
    const struck = await strike({
      speed: 10,
      api: { ...BRIEF, tls: certificates.good },
      inputs,
      before: ({ api }) => void (inputs.api_url = `https://${host}:${api.port}`),
      preload: ['simulator/fake-dns.mjs'],
      env: { FAKE_DNS_HOST: PUNYCODE, NODE_EXTRA_CA_CERTS: caFile },
    });
    expectGreen(struck);
    expect(new Set(struck.api.journal.map(({ headers }) => headers.host))).toEqual(
      new Set([`${PUNYCODE}:${struck.api.port}`]),
    );
  });
});

describe('J. The environment', () => {
  test.concurrent('J6: the file is torn for a moment while the step starts: the right key', async () => {
    const eventName = 'pull_request';
    const struck = await strike({ speed: 1, api: BRIEF, eventName, eventTornMs: 1_500 });
    expectGreen(struck);
    expect(struck.outputs.idempotency_key).toMatch(/^gha_3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2_/);
  });

  test.concurrent('J6: the file is torn again when the comment is written: it is written', async () => {
    const temp = mkdtempSync(join(folder, 'temp-'));
    const { github, result } = await strike({
      speed: 10,
      api: BRIEF,
      eventName: 'pull_request',
      github: TOWER,
      inputs: { comment: 'always' },
      temp,
      onLine: (line) => {
        if (line.includes('Started run_'))
          writeFileSync(join(temp, '_github_workflow', 'event.json'), '{"pull_');
      },
    });
    expect(result.exitCode).toBe(0);
    expect(github!.comments()).toHaveLength(1);
  });
});
