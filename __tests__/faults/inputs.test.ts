/** J: wrong inputs and environments. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { issueCertificates } from './certificates.ts';
import { expectGreen, runRow, TOWER } from './run-row.ts';

jest.setTimeout(60_000);

const IDN = 'bücher.example';
const PUNYCODE = 'xn--bcher-kva.example';
const { certificates, caFile } = issueCertificates(PUNYCODE);
const folder = mkdtempSync(join(tmpdir(), 'inputs-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const SHORT_RUN = { lifecycle: steadyLifecycle({ queuedMs: 0, runningMs: 1_000 }) };

describe('J. Inputs', () => {
  test.concurrent(
    'J2: a base URL with `..` in its path: normalised, and every call is below it',
    async () => {
      const { api, outputs, result } = await runRow({
        apiUrl: ({ port }) => `http://127.0.0.1:${port}/a/../b/./c/`,
      });
      // The API has nothing below this path: it answers 404, and the action asks for the list of workflows.
      expect(outputs.conclusion).toBe('error');
      expect(api.journal.map(({ path }) => path)).toEqual([
        `/b/c/api/v2/workflows/${WORKFLOW_ID}/runs`,
        `/b/c/api/v2/workflows?limit=100`,
      ]);
      expect(result.stdout).toContain(`, at http://127.0.0.1:${api.port}/b/c\n`);
    },
  );

  test.concurrent(`J2: a base URL with the host ${IDN}: its ASCII form`, async () => {
    const played = await runRow({
      speed: 10,
      api: { ...SHORT_RUN, tls: certificates.good },
      apiUrl: ({ port }) => `https://${IDN}:${port}`,
      preload: ['simulator/fake-dns.mjs'],
      env: { FAKE_DNS_HOST: PUNYCODE, NODE_EXTRA_CA_CERTS: caFile },
    });
    expectGreen(played);
    expect(new Set(played.api.journal.map(({ headers }) => headers.host))).toEqual(
      new Set([`${PUNYCODE}:${played.api.port}`]),
    );
  });
});

describe('J. The environment', () => {
  test.concurrent(
    'J6: the event file is truncated for a moment while the step starts: the right key',
    async () => {
      const eventName = 'pull_request';
      const played = await runRow({ speed: 1, api: SHORT_RUN, eventName, eventTruncatedMs: 1_500 });
      expectGreen(played);
      expect(played.outputs.idempotency_key).toMatch(/^gha_3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2_/);
    },
  );

  test.concurrent(
    'J6: the event file is truncated when the comment is written: the comment is written',
    async () => {
      const temp = mkdtempSync(join(folder, 'temp-'));
      const { github, result } = await runRow({
        speed: 10,
        api: SHORT_RUN,
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
    },
  );
});
