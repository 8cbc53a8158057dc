/** Plays a step as a process of the bundle in the simulated runner, and checks the invariants after it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import type { Fault, ScriptedFault } from '../../simulator/faults.ts';
import { ACTIONS_BOT, startGithub, type Github } from '../../simulator/github.ts';
import { findViolations } from '../../simulator/invariants.ts';
import type { Call } from '../../simulator/journal.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { runAction, type RunOptions, type RunResult } from '../../simulator/runner.ts';
import { createCertificates, type Certificates } from '../../simulator/tls.ts';
import { GREEN_OUTPUTS, TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

export const TOKEN = 'ghs_simulatedTokenOfTheJob0123456789abcdef';
/** A name that only a proxy resolves. */
export const HOST = 'api.simulated.example';

export interface Setup extends RunOptions {
  readonly api?: ApiOptions;
  readonly faults?: readonly ScriptedFault[];
  /** A comment is asked for, on the pull request of a fake GitHub. */
  readonly hasComment?: boolean;
  /** Waits take their time, and are not skipped. */
  readonly isRealTime?: boolean;
  /** The `api_url`; default: the API's. */
  readonly apiUrl?: (api: Api) => string;
  /** Called before the process starts; returns more of its environment. */
  readonly prepare?: (servers: Servers) => NonNullable<RunOptions['env']>;
  readonly mayLackOutputs?: boolean;
}

export interface Servers {
  readonly api: Api;
  readonly github: Github | null;
}

export interface Played extends Servers {
  readonly result: RunResult;
  readonly outputs: RunResult['outputs'];
  readonly launches: number;
  /** The error annotation. */
  readonly error: string;
}

const FROZEN_MS = '3000';
const usual = steadyLifecycle({ queuedMs: 500, runningMs: 1_500, outputs: GREEN_OUTPUTS });

export async function play(setup: Setup = {}): Promise<Played> {
  const isRealTime = setup.isRealTime === true || setup.signals !== undefined;
  const api = await startApi({ lifecycle: usual, isClientDriven: !isRealTime, ...setup.api, faults: setup.faults ?? [] });
  const github = setup.hasComment === true ? await startGithub({ tokens: { [TOKEN]: { user: ACTIONS_BOT } } }) : null;
  try {
    const prepared = setup.prepare?.({ api, github }) ?? {};
    const inputs: Readonly<Record<string, string>> = {
      api_key: TEST_KEY,
      api_url: setup.apiUrl?.(api) ?? api.url,
      workflow_id: WORKFLOW_ID,
      ...(github === null ? {} : { comment: 'always' }),
      ...setup.inputs,
    };
    const result = await runAction({
      timeoutMs: 40_000,
      ...(github === null ? {} : { eventName: 'pull_request' }),
      ...setup,
      inputs,
      token: TOKEN,
      preload: [...(isRealTime ? [] : ['simulator/fast-time.mjs']), ...(setup.preload ?? [])],
      env: {
        ...(isRealTime ? {} : { FAST_TIME_FROZEN_MS: FROZEN_MS, FAST_TIME_DATE: String(Math.floor(api.now())) }),
        ...(github === null ? {} : { GITHUB_API_URL: github.apiUrl }),
        ...setup.env,
        ...prepared,
      },
    });
    if (process.env.SHOW_LOG) process.stderr.write(result.shownLog);
    const evidence = { result, api, ...(github && { github }), apiKey: TEST_KEY, token: TOKEN };
    expect(findViolations({ ...evidence, mayLackOutputs: setup.mayLackOutputs ?? false })).toEqual([]);
    rmSync(result.temp, { recursive: true });
    const error = result.annotations.find(({ level }) => level === 'error')?.message ?? '';
    const launches = api.journal.filter(({ call }) => call === 'launch').length;
    return { result, outputs: result.outputs, api, github, launches, error };
  } finally {
    await api.close();
    await github?.close();
  }
}

/** A fault of the first request of a call, and when that request arrives. */
export function whenCalled(call: Call, fault: Fault) {
  const { promise: arrived, resolve } = Promise.withResolvers<undefined>();
  const faults: ScriptedFault[] = [
    (request) => {
      if (request.call !== call || request.nth !== 1) return undefined;
      resolve(undefined);
      return fault;
    },
  ];
  return { faults, arrived };
}

/** Certificates, and a file with their CA that is deleted after the tests. */
export function issueCertificates(): { readonly certificates: Certificates; readonly caFile: string } {
  const certificates = createCertificates([HOST]);
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, certificates.ca);
  afterAll(() => rmSync(folder, { recursive: true }));
  return { certificates, caFile };
}
