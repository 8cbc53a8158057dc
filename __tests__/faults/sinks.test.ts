/** F: what the action writes to the runner: log, masks, annotations, output file, summary. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { STRAY } from '../contract/environment.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { WORKFLOW } from '../../simulator/vendor-example.ts';
import { MATCHERS, matchedLines } from '../problem-matchers.ts';
import { runRow, TOWER } from './run-row.ts';

jest.setTimeout(60_000);

const completed = (outputs: unknown): Lifecycle =>
  steadyLifecycle({ queuedMs: 500, runningMs: 1_000, outputs });

describe('F18: problem matchers of earlier steps', () => {
  test.concurrent(
    'F18: matching texts in stages, names and messages: no line of the action matches',
    async () => {
      const texts = Object.values(MATCHERS).map(({ examples }) => examples.join('\n'));
      const stages = texts.map((stage, at) => ({ atMs: at * 4_000, status: 'running', progress: at, stage }));
      const all = texts.join('\n');
      const { result, outputs } = await runRow({
        speed: 60,
        api: {
          lifecycle: [
            ...stages,
            { atMs: 200_000, status: 'failed', error_message: all, outputs: { [all]: all } },
          ],
          workflows: [{ ...WORKFLOW, name: all }],
        },
      });
      expect(outputs.conclusion).toBe('failure');
      expect(result.stdout.match(/Rotate the deploy key/g)!.length).toBeGreaterThan(20);
      expect(matchedLines(result.stdout)).toEqual([]);
    },
  );

  test.concurrent(
    'F18: matching texts in keys, problems and GitHub’s messages: no line of the action matches',
    async () => {
      const text = 'a.go: a.js: line 1, col 2, Error - x:1:2: error: Rotate the deploy key (x)';
      const { result, outputs } = await runRow({
        speed: 5,
        github: TOWER,
        eventName: 'pull_request',
        inputs: { comment: 'always', fail_if: "a: outputs.missing == 'x'\nb: outputs.items" },
        api: { lifecycle: completed({ [text]: text, items: text }) },
        before: ({ github }) =>
          github!.addFaults({ on: 'list', answer: { status: 403, body: { message: text } } }),
      });
      expect(outputs.conclusion).toBe('gate_failed');
      expect(result.stdout).toContain('Detail');
      expect(matchedLines(result.stdout)).toEqual([]);
    },
  );

  test.concurrent(
    'F18: matching texts in items of the gate, in each place: no line of the action matches',
    async () => {
      const texts = Object.values(MATCHERS).flatMap(({ examples }) => [...examples, examples.join('\n')]);
      const lists = texts.map((text, at) => [
        { place: text, what: 'x', id: at },
        { place: 'door', what: text, id: at },
        ...text.split('\n').map((line) => ({ place: line, what: line, id: at })),
      ]);
      const { result, outputs } = await runRow({
        speed: 5,
        inputs: { fail_if: texts.map((_, at) => `c${at}: outputs.l${at}`).join('\n') },
        api: { lifecycle: completed(Object.fromEntries(lists.map((items, at) => [`l${at}`, items]))) },
      });
      expect(outputs.conclusion).toBe('gate_failed');
      expect(result.stdout.match(/Rotate the deploy key/g)!.length).toBeGreaterThan(50);
      expect(matchedLines(result.stdout)).toEqual([]);
    },
  );
});

const PYTHON =
  'File "x.py", line 1, in y\n  raise Error(\'Rotate the deploy key\')\nRed because of an error, after 0 s';

test.concurrent('N3: a refusal of several lines is one line of log, named, and no annotation', async () => {
  const body = {
    status: 422,
    code: 'validation_error',
    detail: PYTHON,
    request_id: 'req_1\nRed because of an error, after 0 s',
  };
  const headers = { 'Content-Type': 'application/problem+json' };
  const { result, outputs } = await runRow({
    faults: [{ when: { call: 'launch' }, answer: { status: 422, headers, body: JSON.stringify(body) } }],
  });
  expect(outputs.conclusion).toBe('error');
  expect(result.stdout.match(/^.*Rotate.*$/gm)).toEqual([
    expect.stringMatching(
      /^ {4}Alloovium reported: File "x.py", line 1, in y raise .* Red because of an error, after 0 s$/,
    ),
  ]);
  expect(result.stdout.match(/^ *Red because of an error, after/gm)).toHaveLength(1);
  expect(matchedLines(result.stdout)).toEqual([]);
});

test.concurrent('M15: only necessary data of the job goes to the vendor', async () => {
  const secret = 'a-token-of-the-job';
  const { api } = await runRow({
    env: {
      ACTIONS_ORCHESTRATION_ID: secret,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://vstoken.example/${secret}`,
      ACTIONS_RUNTIME_TOKEN: secret,
    },
  });
  expect(api.journal.length).toBeGreaterThan(1);
  for (const { rawHeaders, path, body } of api.journal)
    expect([...rawHeaders, path, body.toString()].join('\n')).not.toContain(secret);
  expect(new Set(api.journal.map(({ headers }) => headers['user-agent']))).toEqual(
    new Set(['alloovium-run-workflow-action']),
  );
});

test.concurrent(
  'F20: variables of libraries and NODE_DEBUG are set: the log is the same, and stderr is empty',
  async () => {
    const inputs = { inputs: 'note: "::error::forged"\nother: "##[add-mask]e"', fail_if: 'outputs.a == 1' };
    const env = Object.fromEntries(
      Object.values(STRAY)
        .flat()
        .map((name) => [name, '1']),
    );
    const NODE_DEBUG = 'http,https,net,tls,tunnel,undici,fetch,websocket';
    const logs: string[] = [];
    for (const one of [{}, { ...env, NODE_DEBUG }]) {
      const { result } = await runRow({ inputs, env: one, api: { lifecycle: completed({ a: 2 }) } });
      expect(result.stderr).toBe('');
      logs.push(
        result.stdout
          .replaceAll(/run_[\w-]+|gha_\w+|\d+ (?:min|m?s\b|status checks?|tokens?)|127\S+/g, '')
          .replaceAll(/ +/g, ' '),
      );
    }
    expect(logs[1]).toBe(logs[0]);
  },
);

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sinks-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

test.concurrent(
  'F7: the folder of GITHUB_OUTPUT is deleted while the run is polled: red, the run’s ID is in the log',
  async () => {
    const folder = join(newFolder(), 'commands');
    mkdirSync(folder);
    const path = join(folder, 'output');
    writeFileSync(path, '');
    const { result, api, polls, error } = await runRow({
      env: { GITHUB_OUTPUT: path },
      mayLackOutputs: true,
      faults: [
        {
          when: {
            call: 'poll',
            match: () => {
              rmSync(folder, { recursive: true, force: true });
              return false;
            },
          },
        },
      ],
    });
    expect(result.exitCode).toBe(1);
    expect(polls.length).toBeGreaterThan(0);
    expect(error).toMatch(/^The step outputs cannot be written\. /);
    expect(result.stdout).toContain(api.runs[0]!.id);
  },
);

describe('F9: killed between two writes', () => {
  const WRITES = 1 + 19 + 2;
  test.concurrent.each([1, 2, 11, WRITES - 1, WRITES])(
    'F9: SIGKILL after write %i: the file parses, run_id first',
    async (count) => {
      const { result } = await runRow({
        speed: 60,
        api: {
          lifecycle: steadyLifecycle({
            queuedMs: 500,
            runningMs: 1_000,
            ending: 'failed',
            outputs: { a: 'x\ny', b: [1] },
          }),
        },
        preload: ['__tests__/faults/preload/signal-at-write.mjs'],
        env: { SIGNAL: 'SIGKILL', SIGNAL_AT_WRITE: String(count) },
        mayLackOutputs: true,
      });
      expect(result.signal).toBe('SIGKILL');
      expect(result.outputErrors).toEqual([]);
      expect(result.outputPairs).toHaveLength(count);
      expect(result.outputPairs[0]).toEqual(['run_id', expect.stringMatching(/^run_/)]);
    },
  );

  test.concurrent('F9: SIGKILL while it waits: run_id is the only output', async () => {
    const { result, api } = await runRow({
      signals: [{ whenStdout: /::group::Wait/, signal: 'SIGKILL' }],
      mayLackOutputs: true,
    });
    expect(result.signal).toBe('SIGKILL');
    expect(result.outputPairs).toEqual([['run_id', api.runs[0]!.id]]);
  });
});
