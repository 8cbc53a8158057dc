/**
 * A stand-in for GitHub's runner: runs a step's bundle with the environment, files, streams and signals that the runner gives it,
 * and reads what the step wrote as the runner reads it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { commandOf, findCommands, parseOutputFile, splitLines, type FoundCommand } from './commands.ts';

export { findCommands, parseOutputFile } from './commands.ts';
export type { FoundCommand, ParsedOutputs } from './commands.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The runner cancels with SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
const SIGTERM_AFTER_MS = 7_500;
const SIGKILL_AFTER_MS = 10_000;

export interface RunOptions {
  /** As under `with:`; names the action does not declare are set too, as the runner does. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Applied last; undefined takes a variable away, GITHUB_OUTPUT for instance. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `push`. */
  readonly eventName?: string;
  /** The event's payload; default: a plausible one for the event. */
  readonly event?: unknown;
  /** The payload file's text, whatever it is; null: no such file. */
  readonly eventPayload?: string | null;
  readonly attempt?: number;
  readonly runId?: number;
  /** The `matrix` context. */
  readonly matrix?: unknown;
  /** `github.token`. */
  readonly token?: string;
  /** Values that the job knows as secrets: shown as `***` from the first line on. */
  readonly secrets?: readonly string[];
  /** Sent once each, when the first of the given moments comes. `cancel` is what the runner does to a cancelled job. */
  readonly signals?: readonly {
    readonly afterMs?: number;
    readonly whenStdout?: RegExp;
    readonly whenDone?: Promise<unknown>;
    readonly signal: NodeJS.Signals | 'cancel';
  }[];
  readonly nodeArgs?: readonly string[];
  /** Modules for `--import`. */
  readonly preload?: readonly string[];
  /** Default `dist/index.js`. */
  readonly bundle?: string;
  /** Default `action.yml`. */
  readonly actionYml?: string;
  /** Where RUNNER_TEMP is, for steps of one job; default: a new folder. */
  readonly temp?: string;
  /** `closed`: nobody reads it (EPIPE); `full`: /dev/full. */
  readonly stdout?: 'closed' | 'full';
  readonly stderr?: 'closed' | 'full';
  readonly uid?: number;
  /** SIGKILL after this long. */
  readonly timeoutMs?: number;
  readonly onLine?: (line: string, stream: Stream) => void;
}

export type Stream = 'stdout' | 'stderr';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface RunResult {
  /** null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether `timeoutMs` had to end it. */
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** From the last output to the end. */
  readonly lingerMs: number;
  /** From the first signal to the end; null without one. */
  readonly afterSignalMs: number | null;
  /** The most memory it had, in MiB; null where the system does not tell. */
  readonly peakMiB: number | null;
  /** As `steps.x.outputs` would have them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly outputPairs: readonly (readonly [string, string])[];
  /** What the runner would fail the step for. */
  readonly outputErrors: readonly string[];
  /** The files' texts; '' where there is none. */
  readonly files: {
    readonly output: string;
    readonly env: string;
    readonly path: string;
    readonly state: string;
  };
  readonly summary: string;
  readonly commands: readonly (FoundCommand & { readonly stream: Stream })[];
  readonly annotations: readonly Annotation[];
  readonly masks: readonly string[];
  /** Every group opened is closed, none inside another. */
  readonly groupsBalanced: boolean;
  /** The log as GitHub shows it. */
  readonly shown: string;
  /** RUNNER_TEMP; removed when this process ends. */
  readonly temp: string;
}

/** Runs the action once and waits for its end. Rejects only where the stand-in itself cannot do its part. */
export async function runAction(options: RunOptions = {}): Promise<RunResult> {
  const temp = options.temp ?? (await newTemp());
  const commandFiles = join(temp, '_runner_file_commands');
  const workspace = join(temp, '_workspace');
  await mkdir(commandFiles, { recursive: true });
  await mkdir(workspace, { recursive: true });
  const suffix = `${Date.now()}_${++steps}`;
  const file = (name: string): string => join(commandFiles, `${name}_${suffix}`);
  const files = {
    output: file('set_output'),
    env: file('set_env'),
    path: file('add_path'),
    state: file('save_state'),
    step_summary: file('step_summary'),
  };
  for (const path of Object.values(files)) await writeFile(path, '');
  const eventPath = join(temp, `event_${suffix}.json`);
  const eventName = options.eventName ?? 'push';
  const event = options.event ?? defaultEvent(eventName);
  if (options.eventPayload !== null) {
    await writeFile(eventPath, options.eventPayload ?? JSON.stringify(event, null, 2));
  }

  if (options.uid !== undefined) {
    for (const path of [temp, commandFiles, workspace, eventPath, ...Object.values(files)]) {
      if (existsSync(path)) await chown(path, options.uid, options.uid);
    }
  }

  const actionYml = resolve(ROOT, options.actionYml ?? 'action.yml');
  const declared = declaredInputs(await readFile(actionYml, 'utf8'), {
    token: options.token ?? 'ghs_standInTokenOfTheRunner0123456789abcd',
    matrix: options.matrix ?? null,
  });
  const given = Object.entries(options.inputs ?? {});
  const inputs = [
    ...given,
    ...declared.filter(([name]) => !given.some(([other]) => other.toLowerCase() === name.toLowerCase())),
  ];
  const env: Record<string, string> = {
    ...contextEnvironment(options, eventName, event, { workspace, temp, eventPath }),
    ...Object.fromEntries(
      Object.entries(files).map(([name, path]) => [`GITHUB_${name.toUpperCase()}`, path]),
    ),
    GITHUB_ACTION_PATH: resolve(actionYml, '..'),
    ...Object.fromEntries(
      inputs.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
    ),
  };
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) Reflect.deleteProperty(env, name);
    else env[name] = value;
  }

  const opened: number[] = [];
  const streamFor = (kind: 'closed' | 'full' | undefined): 'pipe' | number => {
    if (kind !== 'full') return 'pipe';
    const descriptor = openSync('/dev/full', 'w');
    opened.push(descriptor);
    return descriptor;
  };
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...(options.nodeArgs ?? []),
      ...(options.preload ?? []).flatMap((path) => ['--import', pathToFileURL(resolve(ROOT, path)).href]),
      resolve(ROOT, options.bundle ?? 'dist/index.js'),
    ],
    {
      cwd: workspace,
      env,
      stdio: ['ignore', streamFor(options.stdout), streamFor(options.stderr)],
      ...(options.uid === undefined ? {} : { uid: options.uid }),
    },
  );
  for (const descriptor of opened) closeSync(descriptor);
  if (options.stdout === 'closed') child.stdout?.destroy();
  if (options.stderr === 'closed') child.stderr?.destroy();

  const memory = watchMemory(child);
  const texts: Record<Stream, string> = { stdout: '', stderr: '' };
  const lines: { line: string; stream: Stream }[] = [];
  let lastOutputAt = startedAt;
  const signalledAt: number[] = [];
  const send = (signal: NodeJS.Signals): void => {
    signalledAt.push(performance.now());
    child.kill(signal);
  };
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, then: () => void): void => void timers.push(setTimeout(then, ms));
  const pending = (options.signals ?? []).map((plan) => {
    let sent = false;
    const fire = (): void => {
      if (sent || child.exitCode !== null || child.signalCode !== null) return;
      sent = true;
      if (plan.signal !== 'cancel') {
        send(plan.signal);
        return;
      }
      send('SIGINT');
      later(SIGTERM_AFTER_MS, () => send('SIGTERM'));
      later(SIGKILL_AFTER_MS, () => send('SIGKILL'));
    };
    if (plan.afterMs !== undefined) later(plan.afterMs, fire);
    void plan.whenDone?.then(fire, fire);
    return { ...plan, fire };
  });

  const read = (stream: Stream): void => {
    let rest = '';
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      lastOutputAt = performance.now();
      memory.poll();
      texts[stream] += chunk;
      rest += chunk;
      const complete = rest.lastIndexOf('\n') + 1;
      for (const line of splitLines(rest.slice(0, complete))) {
        lines.push({ line, stream });
        options.onLine?.(line, stream);
      }
      rest = rest.slice(complete);
      if (stream === 'stdout') {
        for (const plan of pending) if (plan.whenStdout?.test(texts.stdout) === true) plan.fire();
      }
    });
    child[stream]?.on('close', () => {
      for (const line of splitLines(rest)) {
        lines.push({ line, stream });
        options.onLine?.(line, stream);
      }
    });
  };
  read('stdout');
  read('stderr');

  let killed = false;
  if (options.timeoutMs !== undefined) {
    later(options.timeoutMs, () => {
      killed = true;
      child.kill('SIGKILL');
    });
  }
  const { exitCode, signal, endedAt } = await ended(child);
  for (const timer of timers) clearTimeout(timer);
  memory.stop();

  const { stdout, stderr } = texts;
  const output = readOr(files.output);
  const parsed = parseOutputFile(output);
  const commands = [
    ...findCommands(stdout).map((command) => ({ ...command, stream: 'stdout' as const })),
    ...findCommands(stderr).map((command) => ({ ...command, stream: 'stderr' as const })),
  ];
  const named = (...names: string[]) =>
    commands.filter((command) => command.known && names.includes(command.name.toLowerCase()));
  const unexpected = given
    .map(([name]) => name)
    .filter((name) => !declared.some(([other]) => other.toLowerCase() === name.toLowerCase()));
  return {
    exitCode,
    signal,
    killed,
    stdout,
    stderr,
    durationMs: endedAt - startedAt,
    lingerMs: endedAt - lastOutputAt,
    afterSignalMs: signalledAt[0] === undefined ? null : endedAt - signalledAt[0],
    peakMiB: memory.peakMiB(),
    outputs: parsed.outputs,
    outputPairs: parsed.pairs,
    outputErrors: parsed.errors,
    files: { output, env: readOr(files.env), path: readOr(files.path), state: readOr(files.state) },
    summary: readOr(files.step_summary),
    commands,
    annotations: named('error', 'warning', 'notice').map(({ name, data, properties }) => ({
      level: name.toLowerCase() as Annotation['level'],
      message: data,
      properties,
    })),
    masks: named('add-mask').map((command) => command.data),
    groupsBalanced: isBalanced(named('group', 'endgroup').map((command) => command.name.toLowerCase())),
    shown: show(lines, {
      secrets: options.secrets ?? [],
      unexpected,
      debug: env.RUNNER_DEBUG === '1',
    }),
    temp,
  };
}

let steps = 0;
const temps: string[] = [];

async function newTemp(): Promise<string> {
  const temp = await mkdtemp(join(tmpdir(), 'runner-'));
  if (temps.length === 0) {
    process.once('exit', () => {
      for (const one of temps) rmSync(one, { recursive: true, force: true });
    });
  }
  temps.push(temp);
  return temp;
}

function ended(
  child: ChildProcess,
): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; endedAt: number }> {
  return new Promise((resolve, reject) => {
    let endedAt = 0;
    child.on('error', reject);
    child.on('exit', () => (endedAt = performance.now()));
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, endedAt }));
  });
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The system keeps the highest mark itself; it only has to be read before the process is gone. */
function watchMemory(child: ChildProcess): { poll(): void; stop(): void; peakMiB(): number | null } {
  let peak: number | null = null;
  const status = `/proc/${child.pid ?? 0}/status`;
  const poll = (): void => {
    const found = /VmHWM:\s+(\d+) kB/.exec(readOr(status));
    if (found !== null) peak = Math.max(peak ?? 0, Number(found[1]) / 1024);
  };
  const timer = existsSync('/proc/self/status') ? setInterval(poll, 50) : undefined;
  return { poll, stop: () => clearInterval(timer), peakMiB: () => peak };
}

/** The inputs that action.yml declares, with their defaults evaluated; '' where there is none. */
export function declaredInputs(
  actionYml: string,
  contexts: { readonly token: string; readonly matrix: unknown },
): [name: string, value: string][] {
  // The runner reads scalars as text: `true` is the string "true".
  const { inputs } = parse(actionYml, { schema: 'failsafe' }) as {
    inputs?: Record<string, { default?: string } | null>;
  };
  return Object.entries(inputs ?? {}).map(([name, input]) => [
    name,
    (input?.default ?? '').replace(/\$\{\{(.*?)\}\}/gs, (whole, expression: string) => {
      switch (expression.trim()) {
        case 'github.token':
          return contexts.token;
        case 'toJSON(matrix)':
          return JSON.stringify(contexts.matrix, null, 2);
        default:
          throw new Error(
            `the default of "${name}" has an expression that the stand-in does not know: ${whole}`,
          );
      }
    }),
  ]);
}

const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const HEAD_SHA = '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2';
const REPOSITORY = { id: 987654321, full_name: 'octo-org/tower', owner: { login: 'octo-org', id: 4242 } };

/** A payload with the fields that an action may lean on. */
export function defaultEvent(name: string): Record<string, unknown> {
  const base = { repository: REPOSITORY, sender: { login: 'octocat', id: 1, type: 'User' } };
  const pull_request = {
    number: 7,
    state: 'open',
    head: { sha: HEAD_SHA, ref: 'fix-doors', repo: REPOSITORY },
    base: { sha: SHA, ref: 'main', repo: REPOSITORY },
    user: { login: 'octocat', id: 1, type: 'User' },
  };
  switch (name) {
    case 'push':
      return { ...base, ref: 'refs/heads/main', before: HEAD_SHA, after: SHA };
    case 'pull_request':
    case 'pull_request_target':
      return { ...base, action: 'synchronize', number: 7, pull_request };
    case 'merge_group':
      return {
        ...base,
        action: 'checks_requested',
        merge_group: { head_sha: SHA, base_sha: HEAD_SHA, base_ref: 'refs/heads/main' },
      };
    case 'schedule':
      return { ...base, schedule: '0 3 * * *' };
    case 'workflow_run':
      return {
        ...base,
        action: 'completed',
        workflow_run: {
          head_sha: HEAD_SHA,
          pull_requests: [{ number: 7, head: { sha: HEAD_SHA }, base: { repo: { id: REPOSITORY.id } } }],
        },
      };
    default:
      return base;
  }
}

/** What the runner puts into a step's environment beside its inputs and files. */
function contextEnvironment(
  options: RunOptions,
  eventName: string,
  event: unknown,
  paths: { workspace: string; temp: string; eventPath: string },
): Record<string, string> {
  const pull = (
    event as { pull_request?: { number?: number; head?: { ref?: string }; base?: { ref?: string } } } | null
  )?.pull_request;
  const isPull = eventName === 'pull_request';
  const refName = isPull ? `${pull?.number ?? 7}/merge` : 'main';
  const ref = isPull ? `refs/pull/${refName}` : 'refs/heads/main';
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTOR_ID: '1',
    // A dead end: a test that means GitHub's API names its own.
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_BASE_REF: isPull ? (pull?.base?.ref ?? '') : '',
    GITHUB_HEAD_REF: isPull ? (pull?.head?.ref ?? '') : '',
    GITHUB_EVENT_NAME: eventName,
    GITHUB_EVENT_PATH: paths.eventPath,
    GITHUB_JOB: 'review',
    GITHUB_REF: ref,
    GITHUB_REF_NAME: refName,
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: REPOSITORY.full_name,
    GITHUB_REPOSITORY_ID: String(REPOSITORY.id),
    GITHUB_REPOSITORY_OWNER: REPOSITORY.owner.login,
    GITHUB_REPOSITORY_OWNER_ID: String(REPOSITORY.owner.id),
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(options.attempt ?? 1),
    GITHUB_RUN_ID: String(options.runId ?? 17_000_000_001),
    GITHUB_RUN_NUMBER: '42',
    GITHUB_SHA: SHA,
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'Submittals',
    GITHUB_WORKFLOW_REF: `${REPOSITORY.full_name}/.github/workflows/submittals.yml@${ref}`,
    GITHUB_WORKFLOW_SHA: SHA,
    GITHUB_WORKSPACE: paths.workspace,
    RUNNER_ARCH: arch() === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'stand-in',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: paths.temp,
    RUNNER_TOOL_CACHE: join(paths.temp, '_tools'),
    RUNNER_WORKSPACE: paths.workspace,
    HOME: paths.temp,
    LANG: 'C.UTF-8',
    PATH: process.env.PATH ?? '/usr/bin:/bin',
  };
}

function isBalanced(names: readonly string[]): boolean {
  return names.length % 2 === 0 && names.every((name, at) => name === (at % 2 === 0 ? 'group' : 'endgroup'));
}

/** The runner masks a value and what it becomes in base64, JSON and URLs. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifted = [1, 2].map((shift) => bytes.subarray(shift).toString('base64').slice(0, -2));
  return [
    secret,
    bytes.toString('base64'),
    ...shifted,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ].filter((text) => text !== '');
}

function show(
  lines: readonly { readonly line: string; readonly stream: Stream }[],
  options: {
    readonly secrets: readonly string[];
    readonly unexpected: readonly string[];
    readonly debug: boolean;
  },
): string {
  const masks = new Set(options.secrets.flatMap(spellings));
  const out: string[] = [];
  let inGroup = false;
  const put = (text: string): void => {
    let masked = text;
    for (const mask of [...masks].sort((a, b) => b.length - a.length))
      masked = masked.replaceAll(mask, '***');
    out.push(`${inGroup ? '  ' : ''}${masked}`);
  };
  if (options.unexpected.length > 0) {
    put(`Warning: Unexpected input(s) '${options.unexpected.join("', '")}'`);
  }
  for (const { line } of lines) {
    const command = commandOf(line);
    const name = command?.name.toLowerCase();
    const data = command?.data ?? '';
    if (name === undefined) put(line);
    else if (name === 'group') {
      inGroup = false;
      put(`▾ ${data}`);
      inGroup = true;
    } else if (name === 'endgroup') inGroup = false;
    else if (name === 'add-mask') {
      for (const secret of [data, ...splitLines(data)]) {
        for (const spelling of spellings(secret.trim())) masks.add(spelling);
      }
    } else if (name === 'error' || name === 'warning' || name === 'notice') {
      put(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}: ${data}`);
    } else if (name === 'debug') {
      if (options.debug) put(`##[debug]${data}`);
    } else put(line);
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}
