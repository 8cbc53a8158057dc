/**
 * Outputs of many rows: how long the parts of one push's report take, and the peak memory of the process, with separate processes
 * for each size; then the same with the whole bundle.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApi } from '../simulator/api.ts';
import { ACTIONS_BOT, startGithub } from '../simulator/github.ts';
import { defaultEvent, runAction } from '../simulator/runner.ts';
import { steadyLifecycle } from '../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import { FAIL_IF, PARTS, type Reported } from './report-of-rows.ts';
import type { Report, Table } from './report.ts';

const CHILD = fileURLToPath(new URL('report-of-rows.ts', import.meta.url));
/** Rounds for each size; the fastest counts, since other processes only slow it down, and the highest peak. */
const ROUNDS = { full: 3, small: 1 };

interface Case {
  readonly rows: number;
  /** Rows so long that 20,000 of them just fit into the action's 8 MiB. */
  readonly areLong?: boolean;
  /** Where the earlier push is remembered: in the comment's few kB, or with all its items in the baseline. */
  readonly remembered: 'comment' | 'baseline_file';
}

/** Whether the second push can be compared: a comment remembers 1,000 matched items, and two in five rows match. */
function isCompared({ rows, remembered }: Case): boolean {
  return remembered === 'baseline_file' || rows <= 2_500;
}

/** Two in five items do not comply; one in ten changes from push to push. */
function outputsOf({ rows: count, areLong = false }: Case, push: number) {
  return {
    summary: `${count} submittals reviewed.`,
    items: Array.from({ length: count }, (_, at) => ({
      document_id: `doc-${at}-4a1c2b3d`,
      status: (at + (at % 10 === 0 ? push : 0)) % 5 < 2 ? 'non-compliant' : 'compliant',
      reason: `Fire rating is ${at % 120} minutes; section 08 11 13 asks for 90 minutes on stair doors.`.repeat(areLong ? 4 : 1),
    })),
  };
}

/** Reports two pushes in a separate process each, and returns the figures of the second. */
function secondPush(folder: string, one: Case): Reported {
  const reported = (push: number, state: string): Reported => {
    const runId = `run_${push}`;
    const answer = {
      run_id: runId,
      workflow_id: 'wf_1',
      status: 'completed',
      outputs: outputsOf(one, push),
    };
    writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer));
    const args = ['--disable-warning=ExperimentalWarning', CHILD, folder, runId, state];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Reported;
  };
  const { state } = reported(0, '');
  const baseline = join(folder, 'baseline.json');
  if (one.remembered === 'baseline_file') renameSync(join(folder, 'gate.json'), baseline);
  const second = reported(1, one.remembered === 'comment' ? state : '');
  rmSync(baseline, { force: true });
  if (isCompared(one) && second.counts === null) throw new Error('nothing was compared with the push before');
  return second;
}

function nameOf({ rows: count, areLong, remembered }: Case): string {
  const more = [...(areLong ? ['long'] : []), ...(remembered === 'comment' ? [] : [`with \`${remembered}\``])];
  return [count.toLocaleString('en'), ...more].join(', ');
}

function bestOf(rounds: readonly Reported[]) {
  const ms = PARTS.map((part) => Math.min(...rounds.map((round) => round.ms[part])));
  const all = Math.min(...rounds.map((round) => PARTS.reduce((sum, part) => sum + round.ms[part], 0)));
  return { ms, all, peakMiB: Math.max(...rounds.map((round) => round.peakMiB)) };
}

function reportTable(cases: readonly Case[], rounds: number): Table {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'));
  try {
    const measured = cases.map((one) => {
      const { ms, all, peakMiB } = bestOf(Array.from({ length: rounds }, () => secondPush(folder, one)));
      return [nameOf(one), ...[...ms, all].map((each) => each.toFixed(0)), peakMiB.toFixed(0)];
    });
    return {
      title: `The report of a second push, by rows (${rounds} processes each: the fastest, the highest peak)`,
      head: ['rows', ...PARTS.map((part) => `${part} (ms)`), 'all (ms)', 'peak (MiB)'],
      pageRows: ['20,000', '20,000, with `baseline_file`'],
      rows: measured,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Exact, even where memory rises just before the end. It bypasses `process.stderr`, which the bundle blocks. */
const PRINT_PEAK =
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(2, `peak ${process.resourceUsage().maxRSS}\\n`))";
const TOKEN = 'ghs_simulatedTokenOfTheJob0123456789abcdef';

/** Runs the bundle for two pushes to a pull request with gate and comment, and returns the table row of the second. */
async function measureBundle(one: Case): Promise<string[]> {
  const lifecycle = (push: number) => steadyLifecycle({ queuedMs: 0, runningMs: 1_000, outputs: outputsOf(one, push) });
  const api = await startApi({ lifecycle: (launch) => lifecycle(launch.count - 1) });
  const github = await startGithub({
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
    tokens: { [TOKEN]: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
  });
  try {
    const push = async (nth: number, inputs: Record<string, string>) => {
      const event = defaultEvent('pull_request') as { pull_request: { head: { sha: string } } };
      event.pull_request.head.sha = String(nth).repeat(40);
      github.setHead(7, event.pull_request.head.sha);
      const result = await runAction({
        inputs: {
          api_key: TEST_KEY,
          api_url: api.url,
          workflow_id: WORKFLOW_ID,
          fail_if: FAIL_IF,
          ...inputs,
        },
        eventName: 'pull_request',
        event,
        runId: 17_000_000_000 + nth,
        token: TOKEN,
        nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(PRINT_PEAK)}`],
        env: { GITHUB_API_URL: github.apiUrl },
        timeoutMs: 60_000,
      });
      if (one.rows > 1 && result.outputs.conclusion !== 'gate_failed') throw new Error(`the job did not judge:\n${result.stdout}`);
      return result;
    };
    const isRemembered = one.remembered === 'comment';
    const first = await push(1, { comment: isRemembered ? 'always' : 'never' });
    const baseline = isRemembered ? '' : (first.outputs.gate_file ?? '');
    const { stderr, outputs, summary } = await push(2, { comment: 'always', baseline_file: baseline });
    if (!outputs.comment_url || (one.rows > 1 && isCompared(one) && !summary.includes('`1111111`')))
      throw new Error(`no comment, or nothing in it of the push before:\n${summary.slice(0, 1_000)}`);
    const bytes = readFileSync(outputs.outputs_file ?? '').length;
    const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024;
    if (Number.isNaN(peak)) throw new Error(`no peak was told:\n${stderr}`);
    return [nameOf(one), (bytes / 1e6).toFixed(2), peak.toFixed(0)];
  } finally {
    await api.close();
    await github.close();
  }
}

export async function rows(small: boolean): Promise<Report> {
  const sizes = small ? [1, 500] : [1, 5_000, 10_000, 20_000];
  const cases: Case[] = sizes.map((count) => ({ rows: count, remembered: 'comment' }));
  const largest = sizes.at(-1) ?? 1;
  for (const areLong of [false, true]) cases.push({ rows: largest, areLong, remembered: areLong ? 'comment' : 'baseline_file' });
  const whole: string[][] = [];
  for (const one of cases) whole.push(await measureBundle(one));
  return {
    tables: [
      reportTable(cases, small ? ROUNDS.small : ROUNDS.full),
      {
        title: 'The whole process of a second push with gate and comment, from the bundle',
        head: ['rows', 'outputs (MB)', 'peak (MiB)'],
        pageRows: ['20,000', '20,000, with `baseline_file`'],
        rows: whole,
      },
    ],
    figures: {},
  };
}
