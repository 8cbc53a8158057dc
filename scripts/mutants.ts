/**
 * `npm run mutants [-- --only N]`: mutation tests. Each of the faults below, a line or less, is applied to a copy of the tree; a test
 * must fail with it, twice, that passes without it. `--check` only checks that each fault still applies to the source.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, copyTree, countIn, findCatchingTest, ROOT, withFolder } from './mutants/tree.ts';
import type { Change, Suite, Test } from './mutants/tree.ts';

interface Fault extends Change {
  /** The wrong behaviour. */
  readonly name: string;
  /** The suite to run first: a file under __tests__/, and a pattern for the names of its tests. */
  readonly first: readonly [file: string, title?: string];
}

const FAULTS: readonly Fault[] = [
  // The wire.
  {
    name: 'The body is read outside the deadline',
    file: 'alloovium/transport.ts',
    find: 'head = readHead(message);',
    replace: 'clearTimeout(timer); head = readHead(message);',
    first: ['recordings', 'A5'],
  },
  {
    name: 'A redirect is followed, with the key',
    file: 'alloovium/transport.ts',
    find: 'allowRedirects: false',
    replace: 'allowRedirects: true',
    first: ['faults/transport', 'D1:'],
  },
  {
    name: 'The body has no cap',
    file: 'alloovium/transport.ts',
    find: 'isError ? ERROR_BODY.bytes : JSON_LIMITS.bytes',
    replace: 'Infinity',
    first: ['faults/transport', 'D7:'],
  },
  {
    name: 'JSON has no cap on its depth',
    file: 'json.ts',
    find: 'if (depth > caps.depth)',
    replace: 'if (depth < 0)',
    first: ['json', 'the caps'],
  },
  {
    name: 'Secrets in an answer are not redacted',
    file: 'alloovium/wire.ts',
    find: 'return redactJson(json, redact) as JsonObject;',
    replace: 'return json;',
    first: ['alloovium/wire'],
  },
  {
    name: 'A poll takes the answer about another run',
    file: 'alloovium/wire.ts',
    find: 'if (reported !== runId)',
    replace: 'if (reported === "")',
    first: ['recordings', 'B17'],
  },
  {
    name: '`Completed` is an end',
    file: 'alloovium/statuses.ts',
    find: 'return isKnownStatus(text) && STATUSES[text].isTerminal;',
    replace: 'return /^(?:completed|failed|cancelled)$/i.test(text);',
    first: ['recordings', 'B3'],
  },
  {
    name: 'NODE_TLS_REJECT_UNAUTHORIZED=0 is let pass',
    file: 'inputs/inputs.ts',
    find: "environment.NODE_TLS_REJECT_UNAUTHORIZED === '0'",
    replace: "environment.NODE_TLS_REJECT_UNAUTHORIZED === 'no'",
    first: ['inputs/inputs'],
  },

  // Sending again.
  {
    name: 'A launch is sent again under a new key',
    file: 'alloovium/client.ts',
    find: "'idempotency-key': key }",
    replace: "'idempotency-key': key + '_'.repeat(before.length) }",
    first: ['recordings', 'A3'],
  },
  {
    name: 'A launch is sent again after a 500',
    file: 'alloovium/errors.ts',
    find: 'isProblem && status !== 500',
    replace: 'isProblem',
    first: ['alloovium/retry'],
  },
  {
    name: "A launch is sent again before the server's hint has passed",
    file: 'alloovium/retry.ts',
    find: 'const minDelayMs = failure.hintMs ?? 0;',
    replace: 'const minDelayMs = Math.min(0, failure.hintMs ?? 0);',
    first: ['alloovium/retry', 'hint'],
  },
  {
    name: 'A 429 counts as an attempt',
    file: 'alloovium/errors.ts',
    find: "if (status === 429) return 'limited';",
    replace: "if (status === 429) return 'ambiguous';",
    first: ['alloovium/retry'],
  },
  {
    name: 'The 409 of the lock is final',
    file: 'alloovium/errors.ts',
    find: "=== 'idempotency_in_progress') return 'locked';",
    replace: "=== 'idempotency_in_progress') return 'rejected';",
    first: ['alloovium/retry'],
  },

  // Waiting.
  {
    name: 'Durations are taken from the wall clock',
    file: 'clock.ts',
    find: 'now: () => performance.now()',
    replace: 'now: () => Date.now()',
    first: ['clock'],
  },
  {
    name: 'A run that has not come through yet is given up at once',
    file: 'runs/follow.ts',
    find: 'const MISSING_MS = 30_000;',
    replace: 'const MISSING_MS = 0;',
    first: ['recordings', 'B8'],
  },
  {
    name: 'A run that is not there is waited for to the end',
    file: 'alloovium/poll.ts',
    find: "kind === 'no_run' && !state.isSeen",
    replace: "kind === 'no_run' && state.isSeen",
    first: ['recordings', 'B9'],
  },
  {
    name: 'A credential refused once is not tried again',
    file: 'alloovium/poll.ts',
    find: 'denied: 2',
    replace: 'denied: 1',
    first: ['recordings', 'B10'],
  },

  // The life of the process.
  {
    name: 'The exit code is not set before the verdict',
    file: 'index.ts',
    find: 'process.exitCode = 1;\n\n',
    replace: '\n',
    first: ['faults/life', 'H11:'],
  },
  {
    name: 'A second signal is swallowed',
    file: 'index.ts',
    find: 'process.kill(process.pid, name);',
    replace: '',
    first: ['faults/life', 'H5:'],
  },
  {
    name: 'A cancelled job does not wait for the answer of a launch in flight',
    file: 'alloovium/client.ts',
    find: 'const GRACE_MS = 3_000;',
    replace: 'const GRACE_MS = 0;',
    first: ['faults/life', 'H1'],
  },
  {
    name: 'A step that ran out of time is green',
    file: 'runs/verdict.ts',
    find: "conclusion === 'pending' ||",
    replace: "conclusion === 'pending' || conclusion === 'timed_out' ||",
    first: ['recordings', 'B13'],
  },

  // The runner's sinks.
  {
    name: 'Commands are broken only where a text begins with one',
    file: 'text/escape.ts',
    find: String.raw`    .replace(/:(?=:)/g, ': ')`,
    replace: String.raw`    .replace(/^:(?=:)/g, ': ')`,
    first: ['text/escape'],
  },
  {
    name: 'The older spelling of commands is not broken inside a text',
    file: 'text/escape.ts',
    find: String.raw`const OLD_COMMAND = /#(?=\[)/g;`,
    replace: String.raw`const OLD_COMMAND = /^#(?=\[)/g;`,
    first: ['text/escape'],
  },
  {
    name: 'An annotation keeps its lines',
    file: 'text/escape.ts',
    find: String.raw`.replace(/\s+/g, ' ')`,
    replace: '',
    first: ['github/host'],
  },
  {
    name: 'Calls and commands stay in code that is posted',
    file: 'text/escape.ts',
    find: 'isPosted && at % 2 === 0',
    replace: 'isPosted && at < 0',
    first: ['report/document'],
  },
  {
    name: 'The names of outputs are not checked where they are written',
    file: 'github/host.ts',
    find: 'if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))',
    replace: "if (name === '')",
    first: ['github/host'],
  },
  {
    name: "The names of outputs are the run's own",
    file: 'report/step-outputs.ts',
    find: ".replace(/[^A-Za-z0-9_-]/gu, '_')",
    replace: '',
    first: ['report/step-outputs'],
  },
  {
    name: 'Without GITHUB_OUTPUT the outputs go to stdout',
    file: 'github/host.ts',
    find: "throw new Error('GITHUB_OUTPUT is not set: run this action on a GitHub Actions runner');",
    replace: "return '/dev/null';",
    first: ['recordings', 'F8'],
  },
  {
    name: 'The key is not masked',
    file: 'main.ts',
    find: 'for (const secret of secrets) host.mask(secret);',
    replace: '',
    first: ['recordings', 'J1'],
  },

  // Inputs.
  {
    name: 'Inputs that there are not are passed over',
    file: 'inputs/inputs.ts',
    find: 'findUnknownInputs(environment)',
    replace: 'findUnknownInputs({})',
    first: ['inputs/inputs', 'wrong name'],
  },
  {
    name: '`on_missing_key: skip` lets any job pass',
    file: 'main.ts',
    find: "inputs.onMissingKey === 'skip' && context?.secretsWithheld === true",
    replace: "inputs.onMissingKey === 'skip'",
    first: ['recordings', 'J5'],
  },
  {
    name: '`wait: false` is allowed beside `fail_if`',
    file: 'inputs/inputs.ts',
    find: "for (const name of ['fail_if', 'warn_if', 'run_id'])",
    replace: "for (const name of ['warn_if', 'run_id'])",
    first: ['recordings', 'J9'],
  },
  {
    name: 'A number in `inputs` may lose its spelling',
    file: 'inputs/yaml.ts',
    find: "typeof value === 'number' && String(value) !== source",
    replace: "typeof value === 'number' && source === ''",
    first: ['inputs/yaml'],
  },

  // One intent, one run.
  {
    name: 'GITHUB_SHA stands for the head of a pull request',
    file: 'github/context.ts',
    find: "readSha(event, 'pull_request', 'head', 'sha')",
    replace: 'sha',
    first: ['github/context'],
  },
  {
    name: 'The key of an event that is about a moment lacks the job run',
    file: 'github/context.ts',
    find: 'keyScope: isKeyedByCommit ? commit : `${commit}-${jobRunId}`,',
    replace: 'keyScope: commit,',
    first: ['faults/intent', 'K5'],
  },
  {
    name: 'The key lacks the project',
    file: 'intent.ts',
    find: 'canonicalJson([repository, workflowId, projectId, inputs])',
    replace: 'canonicalJson([repository, workflowId, inputs])',
    first: ['intent', 'another project'],
  },
  {
    name: 'The order in which inputs are written makes another key',
    file: 'intent.ts',
    find: '.sort(([a], [b]) => (a < b ? -1 : 1))',
    replace: '',
    first: ['intent', 'whatever order'],
  },
  {
    name: 'The first attempt walks the keys',
    file: 'runs/launch.ts',
    find: "attempt > 1 && job.onRerun === 'resume'",
    replace: "job.onRerun === 'resume'",
    first: ['faults/intent', 'K10'],
  },
  {
    name: 'A replayed run is taken without a poll',
    file: 'runs/launch.ts',
    find: 'if (!meta.replayed) {',
    replace: "if (runId !== '') {",
    first: ['recordings', 'K2'],
  },
  {
    name: 'The fresh key of a re-run lacks the attempt',
    file: 'intent.ts',
    find: '`${key}_run-${jobRunId}-${attempt}`',
    replace: '`${key}_run-${jobRunId}`',
    first: ['intent'],
  },

  // The gate.
  {
    name: 'A condition that is null does not hold',
    file: 'gate/evaluate-condition.ts',
    find: 'const holds = isList(value) ? value.length > 0 : value;',
    replace: 'const holds = isList(value) ? value.length > 0 : (value ?? false);',
    first: ['gate/gate\\.test'],
  },
  {
    name: 'A list that is not empty does not hold',
    file: 'gate/evaluate-condition.ts',
    find: 'const holds = isList(value) ? value.length > 0 : value;',
    replace: 'const holds = isList(value) ? false : value;',
    first: ['gate/gate\\.test'],
  },
  {
    name: 'A near text is never read as equal',
    file: 'gate/evaluate-condition.ts',
    find: 'const all = near.evaluateReading(ALL, evaluate);',
    replace: 'const all = none;',
    first: ['gate/near-texts'],
  },
  {
    name: 'A day is not equal to a time of that day',
    file: 'gate/equality.ts',
    find: 'if (isEqualityUnclear(a, b)) throw unclearEqualityError([a, b], call, where);',
    replace: '',
    first: ['gate/gate\\.test'],
  },
  {
    name: 'A key that is not there counts as null',
    file: 'gate/map-keys.ts',
    find: 'if (Object.hasOwn(value, key)) return value[key] ?? null;',
    replace: 'return value[key] ?? null;',
    first: ['gate/gate\\.test'],
  },
  {
    name: 'A condition that cannot be evaluated is green',
    file: 'gate/condition.ts',
    find: "condition.severity === 'fail' && result !== 'does_not_hold'",
    replace: "condition.severity === 'fail' && result === 'holds'",
    first: ['recordings', 'E9'],
  },
  {
    name: 'A condition that reads no outputs is taken',
    file: 'gate/compile.ts',
    find: 'if (isCondition && !outputs.isUsed)',
    replace: 'if (isCondition && outputs.outer !== null)',
    first: ['gate/condition-errors'],
  },
  {
    name: 'Comparisons in a row are taken',
    file: 'gate/meaning-errors.ts',
    find: 'if (rank.has(left.op) && isInSameParentheses(node, left))',
    replace: 'if (rank.has(left.op) && !isInSameParentheses(node, left))',
    first: ['gate/condition-errors'],
  },
  {
    name: 'A time without a zone is ordered beside one with a zone',
    file: 'gate/times.ts',
    find: 'left.form !== right?.form',
    replace: 'right === null',
    first: ['gate/meaning'],
  },

  // The comment.
  {
    name: 'The marker may stand anywhere in the first line',
    file: 'github/sticky-comment.ts',
    find: '.trimEnd() === marker',
    replace: '.includes(marker) === true',
    first: ['recordings', 'G3'],
  },
  {
    name: "The comment's author does not matter",
    file: 'github/sticky-comment.ts',
    find: 'isWrittenBy(one.user, author) && ',
    replace: '',
    first: ['github/sticky-comment'],
  },
  {
    name: 'A run is compared with itself',
    file: 'comment/draft.ts',
    find: 'last.madeAt < Date.parse',
    replace: 'last.madeAt <= Date.parse',
    first: ['recordings', 'G17'],
  },
  {
    name: 'A run is compared with a younger one',
    file: 'comment/draft.ts',
    find: " && last.madeAt < Date.parse(run.run?.createdAt ?? '')",
    replace: '',
    first: ['faults/comment', 'G23'],
  },
  {
    name: "An older commit's report overwrites a newer one's",
    file: 'github/sticky-comment.ts',
    find: 'if (head !== null && head !== commit)',
    replace: "if (head === '')",
    first: ['github/sticky-comment', 'G15'],
  },
  {
    name: 'A green report replaces a red one of another writer',
    file: 'comment/rule.ts',
    find: 'others.length > 0 && !isRed',
    replace: 'others.length > 1 && !isRed',
    first: ['comment-model', 'G22'],
  },
  {
    name: 'A red report that was overwritten is not written again',
    file: 'comment/rule.ts',
    find: 'return isListed || memory.red.length === MAX_RED_WRITERS;',
    replace: 'return isListed || memory.red.length <= MAX_RED_WRITERS;',
    first: ['comment-model'],
  },
  {
    name: 'A comment whose state was changed is believed',
    file: 'comment/memory.ts',
    find: 'others.length === 0 && seal === checksumOf(visible, state)',
    replace: 'others.length === 0 && seal !== state',
    first: ['comment/memory'],
  },
  {
    name: 'An older green run takes a newer red one from the comment',
    file: 'comment/rule.ts',
    find: 'return isOfSameReview(one, draft) && !isOlder;',
    replace: 'return isOfSameReview(one, draft) || !isOlder;',
    first: ['comment-model'],
  },
  {
    name: "The comment's half-made connection is left open",
    file: 'github/github-api.ts',
    find: '      sockets.abort();\n',
    replace: '',
    first: ['faults/life', 'handshake that hangs'],
  },

  // What is new.
  {
    name: 'Without a baseline nothing is new',
    file: 'gate/baseline.ts',
    find: 'known?.every((each) => each) === true',
    replace: 'known?.every((each) => each) !== false',
    first: ['gate/baseline'],
  },
  {
    name: "A pull request's own file counts in full",
    file: 'gate/baseline-rules.ts',
    find: '!BASELINE_EVENTS.has(file.event)',
    replace: 'false',
    first: ['gate/baseline'],
  },
  {
    name: "A job run's own file counts in full",
    file: 'gate/baseline-rules.ts',
    find: ' || file.job_run === job.jobRunId',
    replace: '',
    first: ['gate/baseline'],
  },
  {
    name: 'A green schedule accepts what a red one found',
    file: 'gate/baseline-rules.ts',
    find: "return isUnaccepted ? 'schedules' : 'everybody';",
    replace: "return 'everybody';",
    first: ['gate/baseline'],
  },
  {
    name: 'An item is known though it lacks a field',
    file: 'gate/item-identity.ts',
    find: 'texts.includes(null) ? null : JSON.stringify(texts)',
    replace: 'JSON.stringify(texts)',
    first: ['gate/baseline'],
  },
  {
    name: 'Three of a kind are known where there were two',
    file: 'gate/baseline.ts',
    find: '(here.get(print) ?? 0) <= (there.get(print) ?? 0)',
    replace: 'there.has(print)',
    first: ['gate/baseline'],
  },
  {
    name: 'A waiver reaches whatever has one of its fields',
    file: 'gate/waivers.ts',
    find: '[...match].every(([field, text])',
    replace: '[...match].some(([field, text])',
    first: ['gate/waivers'],
  },
  {
    name: 'A reworded condition is known',
    file: 'gate/item-identity.ts',
    find: 'digest(JSON.stringify({ name, expression }))',
    replace: 'digest(JSON.stringify({ name, expression: name ?? expression }))',
    first: ['gate/baseline'],
  },

  // Several runs.
  {
    name: 'Two entries of one intent are two runs to be launched',
    file: 'inputs/runs-input.ts',
    find: 'canonicalJson([runId, workflowId, projectId, inputs, idempotencyKey])',
    replace: 'canonicalJson([runId, workflowId, projectId, inputs, idempotencyKey, name])',
    first: ['inputs/runs-input', 'one intent'],
  },
  {
    name: 'A red run among green ones ends green',
    file: 'runs/step-verdict.ts',
    find: 'results.some((one) => one.conclusion === word)',
    replace: 'results.at(-1)?.conclusion === word',
    first: ['runs/step-verdict', 'of several runs'],
  },
  {
    name: "A poll goes before the server's hint has passed, in a bucket that is shared",
    file: 'runs/queue-state.ts',
    find: "poll: isForAll || kind === 'poll' ?",
    replace: 'poll: isForAll ?',
    first: ['runs/queue', 'a 429 to a poll'],
  },
  {
    name: 'A run that was not launched is lost from the report',
    file: 'main.ts',
    find: 'const inOrder = [...outcomes].sort(',
    replace: "const inOrder = outcomes.filter(({ runId }) => runId !== '').sort(",
    first: ['faults/runs', 'L1:'],
  },
  {
    name: 'The outputs of one run stand under the name of another',
    file: 'runs/run-files.ts',
    find: '...(stored ?? NOT_STORED)',
    replace: '...(outcomes.find((other) => other.stored !== stored)?.stored ?? NOT_STORED)',
    first: ['faults/runs', 'under its own name'],
  },
  {
    name: 'What each run brought stays in memory to the end',
    file: 'runs/record.ts',
    find: "entries.some(({ name }) => name === '')",
    replace: 'entries.length > 0',
    first: ['faults/runs', 'L8:'],
  },
  {
    name: "An entry is without the step's gate",
    file: 'inputs/runs-input.ts',
    find: 'await compileGate(values.failIf, values.warnIf)',
    replace: "await compileGate(own.failIf ?? '', own.warnIf ?? '')",
    first: ['inputs/runs-input', 'what an entry leaves out'],
  },
  {
    name: 'Of a run that several entries share only the first gate counts on a re-run',
    file: 'runs/evaluate-run.ts',
    find: 'return evaluated.some(',
    replace: 'return evaluated.slice(0, 1).some(',
    first: ['faults/runs', 'L6'],
  },
  {
    name: 'What one launch is refused for stops no other, though none can be paid for',
    file: 'runs/queue-state.ts',
    find: 'status === 401 || status === 402',
    replace: 'status === 401',
    first: ['runs/queue'],
  },
];

/** More would make tests time out on a small machine, which proves nothing. */
const MAX_PARALLEL = 2;

/** All suites that test src/; those that run the bundle come last. */
const ALL_SUITES: readonly Suite[] = [
  suiteOf('/__tests__/', [
    '--testPathIgnorePatterns=/__tests__/(e2e|faults|recordings|browser|simulator|contract|bench)/',
  ]),
  suiteOf('/__tests__/recordings/'),
  suiteOf('/__tests__/(e2e|faults)/'),
];

const { only, check } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    check: { type: 'boolean', default: false },
  },
}).values;
const chosen = FAULTS.map((fault, at) => ({ ...fault, number: at + 1 })).filter(
  ({ number }) => only.length === 0 || only.includes(String(number)),
);

const inapplicable = (await Promise.all(FAULTS.map(whyInapplicable))).filter((text) => text !== '');
if (inapplicable.length > 0 || chosen.length === 0) {
  console.error([...inapplicable, ...(chosen.length === 0 ? ['no such fault'] : [])].join('\n'));
  process.exitCode = 1;
} else if (!check) process.exitCode = await withFolder(runMutants);

/** Why the fault cannot be applied, or why its test file is not found; '' if neither. */
async function whyInapplicable({ name, file, find, first: [place] }: Fault): Promise<string> {
  const times = await countIn(file, find);
  if (times !== 1) return `“${name}” does not apply: its text is ${times} times in src/${file}`;
  const files = await readdir(join(ROOT, '__tests__'), { recursive: true });
  return files.some((one) => new RegExp(`^${place}`).test(one))
    ? ''
    : `“${name}”: there is no __tests__/${place}`;
}

async function runMutants(folder: string, signal: AbortSignal): Promise<0 | 1> {
  const clean = await copyTree(ROOT, join(folder, 'clean'));
  await build(clean, signal);
  const queue = [...chosen];
  const results = new Map(
    chosen.map(({ number }) => [number, Promise.withResolvers<Test | null>()] as const),
  );
  const workers = Array.from({ length: MAX_PARALLEL }, async (_, at) => {
    const tree = await copyTree(clean, join(folder, String(at)));
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      const [place, title] = fault.first;
      const first = suiteOf(`/__tests__/${place}`, title ? [`--testNamePattern=${title}`] : []);
      const caught = await findCatchingTest(fault, [first, ...ALL_SUITES], tree, clean, signal);
      results.get(fault.number)?.resolve(caught?.test ?? null);
    }
  });
  // Prints in the order of the list; a worker that rejects rejects all.
  const printResults = async () => {
    let caught = 0;
    for (const { number, name } of chosen) {
      const test = await results.get(number)?.promise;
      if (test) caught++;
      console.log(`${number}. ${name}: ${test ? `caught by “${test.title}” (${test.file})` : 'SURVIVED'}`);
    }
    console.log(`\n${caught} of ${chosen.length} caught`);
    return caught === chosen.length ? 0 : 1;
  };
  const [code] = await Promise.all([printResults(), ...workers]);
  return code;
}

function suiteOf(pattern: string, args: readonly string[] = []): Suite {
  return {
    args: [
      '--runInBand',
      `--testPathPatterns=${pattern}`,
      '--testPathIgnorePatterns=/node_modules/',
      ...args,
    ],
    needsBundle: /\b(e2e|faults|recordings)\b/.test(pattern),
  };
}
