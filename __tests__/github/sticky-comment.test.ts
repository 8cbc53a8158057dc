import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '../../src/clock.ts';
import { writeStickyComment } from '../../src/github/sticky-comment.ts';
import type { WriteDecision, StickyResult, StickyComment } from '../../src/github/sticky-comment.ts';
import { contractViolations } from '../../simulator/contract.ts';
import { ACTIONS_BOT, BAD_GATEWAY, HEAD, NOT_ACCESSIBLE, primaryLimit, secondaryLimit, startGithub } from '../../simulator/github.ts';
import type { Answer, Fault, Github, GithubOptions, Operation, User } from '../../simulator/github.ts';

const MARKER = '<!-- sticky 4f2a -->';
const NEW = `${MARKER}\nnew`;
const OLD = `${MARKER}\nA comment of an earlier run.`;
const TOKEN = 'ghs_simulated';
const MALLORY: User = { login: 'mallory', id: 666, type: 'User' };
const IMPOSTOR: User = { login: 'github-actions', id: 667, type: 'User' };

/** The callers' signals: a sleep with one of them is a pause; any other sleep is the time limit of a request. */
const callers = new WeakSet<AbortSignal>();

const LOOK_EVERY_MS = 5;

/** Time passes only in sleeps: it jumps over a pause at once, and over a request only if the stand-in never answers it. */
function jumpingClock(): Clock {
  let now = 0;
  const began = Date.now();
  /** Whether a request that came after so many others is never answered. */
  const isStalledAfter = (count: number) => github.journal.slice(count).some(({ isStalled }) => isStalled);
  return {
    now: () => now,
    date: () => began + now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const due = now + ms;
        const wake = () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        };
        const jump = () => {
          signal.removeEventListener('abort', wake);
          now = Math.max(now, due);
          resolve();
        };
        const count = github.journal.length;
        const look = () => {
          if (callers.has(signal) || isStalledAfter(count)) jump();
          else timer = setTimeout(look, LOOK_EVERY_MS);
        };
        let timer = setTimeout(look);
        signal.addEventListener('abort', wake, { once: true });
      }),
  };
}

const reported = (text: RegExp) => ({ level: 'line', text: expect.stringMatching(text) as unknown });
const CREATED = reported(/^Comment created/);
const UPDATED = reported(/^Comment updated/);
const INTERRUPTED = {
  text: 'The comment was not written: the runner stopped this step before that.',
  level: 'warning',
  url: '',
  detail: '',
};
const OUTDATED = {
  level: 'notice',
  text: expect.stringMatching(/No comment is written: .* is now bbbbbbb/) as unknown,
};
const leaveIfSame = (existing: string | null): WriteDecision =>
  existing === NEW ? { action: 'leave', level: 'line', reason: 'unchanged' } : { action: 'write', body: NEW };

let github: Github;
let clock: Clock;
const unmatched: Github[] = [];

async function start(options?: GithubOptions): Promise<void> {
  await github.close();
  github = await startGithub(options);
}

const wanted = (more: Partial<StickyComment<WriteDecision>> = {}): StickyComment<WriteDecision> => ({
  apiUrl: github.apiUrl,
  token: TOKEN,
  repository: github.repository,
  pullRequest: 1,
  marker: MARKER,
  commit: HEAD,
  decide: leaveIfSame,
  isKept: () => true,
  isShared: false,
  ...more,
});
async function run(
  more: Partial<StickyComment<WriteDecision>> = {},
  signal = new AbortController().signal,
  proxy: string | null = null,
): Promise<StickyResult> {
  callers.add(signal);
  return (await writeStickyComment(wanted(more), { clock, signal, proxy })).result;
}

const operations = () => github.journal.map(({ operation }) => operation);
const count = (operation: Operation) => operations().filter((one) => one === operation).length;
const ours = () => github.comments().filter(({ user, body }) => user === ACTIONS_BOT && body.startsWith(MARKER));
const bodies = () => github.comments().map(({ body }) => body);
const failed = (level: 'notice' | 'warning', text: string | RegExp): unknown => ({
  url: '',
  level,
  text: expect.stringMatching(text),
  detail: expect.any(String),
});

beforeAll(async () => {
  // Loaded once, so that no request of a test waits for it.
  await Promise.all([import('@actions/github'), import('undici/index.js')]);
});
beforeEach(async () => {
  clock = jumpingClock();
  github = await startGithub();
});
afterEach(async () => {
  const all = [github, ...unmatched.splice(0)];
  await Promise.all(all.map((one) => one.close()));
  // Every request of every test, and every answer of the fake, must match GitHub's description.
  expect(all.flatMap(({ journal }) => journal.flatMap(contractViolations))).toEqual([]);
});

describe('the step’s comment', () => {
  test('is found by a first line that ends with CRLF', async () => {
    github.addComment(1, ACTIONS_BOT, `${MARKER}\r\nA comment of an earlier run.`);
    expect(await run()).toMatchObject(UPDATED);
  });

  test('is read as it was sent, with any line ends that GitHub stores', async () => {
    github.addComment(1, ACTIONS_BOT, `${NEW.replaceAll('\n', '\r\n')}\r\n`);
    expect(await run()).toMatchObject(reported(/^Comment left as it is: unchanged/));
  });

  test('G4: is found after a full page without links', async () => {
    for (let i = 0; i < 100; i++) github.addComment(1, MALLORY, `comment ${i}`);
    const { id } = github.addComment(1, ACTIONS_BOT, OLD);
    const body = github.comments().slice(0, 100);
    github.addFaults({ on: 'list', answer: { status: 200, body } });
    expect(await run()).toMatchObject(UPDATED);
    expect(github.comments().at(-1)).toMatchObject({ id, body: NEW });
    expect(count('create')).toBe(0);
  });

  test('is in any list the oldest comment of the bot that begins with the marker', async () => {
    const anyComment = fc.record({
      user: fc.constantFrom(ACTIONS_BOT, MALLORY, IMPOSTOR, null),
      body: fc.constantFrom(OLD, `x\n${MARKER}`, ` ${MARKER}\nA comment of an earlier run.`, MARKER, 'hello'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyComment, { maxLength: 120 }), async (list) => {
        await start();
        for (const { user, body } of list) github.addComment(1, user, body);
        const at = list.findIndex(({ user, body }) => user === ACTIONS_BOT && body.split('\n')[0] === MARKER);
        await run();
        const before: string[] = list.map(({ body }) => body);
        expect(bodies()).toEqual(at < 0 ? [...before, NEW] : before.with(at, NEW));
      }),
      { numRuns: 15 },
    );
  });
});

describe('the author of the step’s comments', () => {
  const token = (user: User): GithubOptions => ({
    tokens: { [TOKEN]: { user, permission: 'write', viewer: 'answered' } },
  });
  const app: User = { login: 'checks[bot]', id: 12, type: 'Bot' };
  const namesake: User = { login: 'checks', id: 13, type: 'User' };

  test.each([
    ['a person', namesake, app],
    ['an app', app, namesake],
  ])('G2: is that of the token of %s, not a namesake or the bot', async (_name, me, other) => {
    await start(token(me));
    github.addComment(1, ACTIONS_BOT, OLD);
    github.addComment(1, other, OLD);
    github.addComment(1, me, OLD);
    expect(await run()).toMatchObject(UPDATED);
    expect(bodies()).toEqual([OLD, OLD, NEW]);
  });

  test('is known by REST’s name if GraphQL names an app without the suffix', async () => {
    await start(token(app));
    const viewer = { login: 'checks', databaseId: 12 };
    github.addFaults({ on: 'viewer', answer: { status: 200, body: { data: { viewer } } } });
    github.addComment(1, namesake, OLD);
    github.addComment(1, app, OLD);
    expect(await run()).toMatchObject(UPDATED);
    expect(bodies()).toEqual([OLD, NEW]);
  });

  test.each<[string, Fault['answer']]>([
    ['fails', BAD_GATEWAY],
    ['is answered with an inner error', { status: 200, body: { errors: [{ message: 'Something went wrong' }] } }],
  ])('is needed to write: nothing is written if the query for it %s every time', async (_name, answer) => {
    github.addFaults({ on: 'viewer', times: 9, answer: answer! });
    expect(await run()).toEqual(failed('warning', /not written/));
    expect(operations()).toEqual(['viewer', 'viewer', 'viewer']);
  });
});

describe('a write that GitHub rejects', () => {
  test('G14: leads to a notice for a deleted conversation', async () => {
    github.addFaults({ on: 'list', answer: { status: 410, body: { message: 'This issue was deleted' } } });
    expect(await run()).toEqual(failed('notice', /accepts no more comments/));
  });

  test('G14: ends the step’s attempts if a listed comment cannot be edited, and none is made', async () => {
    github.addComment(1, ACTIONS_BOT, OLD);
    github.addFaults({ on: 'update', times: 9, answer: { status: 404, body: { message: 'Not Found' } } });
    expect(await run()).toEqual(failed('warning', /404/));
    expect([count('update'), count('create')]).toEqual([2, 0]);
  });

  test('G7: is not retried for a text over GitHub’s limit', async () => {
    const body = `${MARKER}\n${'x'.repeat(65_536)}`;
    expect(await run({ decide: () => ({ action: 'write', body }) })).toEqual(failed('warning', /422/));
    expect(count('create')).toBe(1);
  });

  test('has GitHub’s text separate and complete, so that a secret in it is found', async () => {
    const message = `::error::${'x'.repeat(5000)}`;
    github.addFaults({ on: 'list', answer: { status: 403, body: { message } } });
    const placed = await run();
    expect(placed).toEqual(
      failed('warning', /^The comment was not written: `github_token` is not allowed to write it \(403\)\. Give the job `permissions: /),
    );
    expect(placed).toMatchObject({ detail: message });
  });
});

describe('a lost answer', () => {
  const lost: [string, Fault['answer']][] = [
    ['502', BAD_GATEWAY],
    ['a cut connection', 'reset'],
    ['no answer', 'stall'],
    ['half an answer', 'truncated'],
    ['201 with something else', { status: 201, body: { id: '12' } }],
  ];

  test.each([
    ['a comment’s URL', 'https://github.com/o-x/r.y/pull/1#issuecomment-12', true],
    ['a command', 'https://github.com/$(touch x)', false],
  ])('gives a URL for the output only as GitHub writes it: %s', async (_name, url, isReported) => {
    github.addFaults({
      on: 'create',
      answer: { status: 201, body: { id: 12, body: NEW, user: ACTIONS_BOT, html_url: url } },
    });
    expect(await run()).toMatchObject({ ...CREATED, url: isReported ? url : '' });
  });

  test.each(lost.filter(([name]) => name !== 'half an answer'))(
    'G6: is followed by a list and one create if no comment was made, after %s',
    async (_name, answer) => {
      github.addFaults({ on: 'create', answer: answer! });
      expect(await run()).toMatchObject(CREATED);
      expect(bodies()).toEqual([NEW]);
      expect(operations()).toEqual(['viewer', 'pull', 'list', 'create', 'list', 'pull', 'list', 'create', 'list']);
    },
  );

  test('G6: is followed by no second create if the comment is there with other line ends', async () => {
    github.addFaults({
      on: 'create',
      answer: 'reset',
      onArrival: () => void github.addComment(1, ACTIONS_BOT, NEW.replaceAll('\n', '\r\n')),
    });
    expect(await run()).toMatchObject(CREATED);
    expect(ours()).toHaveLength(1);
  });

  test('G6: leads to a warning after three attempts without a comment', async () => {
    github.addFaults({ on: 'create', times: 9, answer: 'reset' });
    expect(await run()).toEqual(failed('warning', /did not confirm/));
    expect([count('create'), bodies().length]).toEqual([3, 0]);
  });

  test('G6: is not followed by a create if the list fails', async () => {
    github.addFaults({
      on: 'create',
      commit: true,
      answer: 'reset',
      onArrival: () => {
        github.addFaults({ on: 'list', times: 9, answer: BAD_GATEWAY });
      },
    });
    expect(await run()).toEqual(failed('warning', /did not confirm/));
    expect([count('create'), bodies().length]).toEqual([1, 1]);
  });

  test('keeps the comment that it has just created if the list shows only a later one of another job', async () => {
    github.addFaults({
      on: 'create',
      onArrival: () => {
        const later = { id: 4_000_000_000, body: OLD, user: ACTIONS_BOT };
        github.addFaults({ on: 'list', answer: { status: 200, body: [later] } });
      },
    });
    expect(await run()).toMatchObject(CREATED);
    expect([bodies(), count('create')]).toEqual([[NEW], 1]);
  });

  test.each(lost)('is not followed by another edit if the edit was made, after %s', async (_name, answer) => {
    github.addComment(1, ACTIONS_BOT, OLD);
    github.addFaults({ on: 'update', answer: answer!, commit: true });
    expect(await run()).toMatchObject(UPDATED);
    expect([bodies(), count('update')]).toEqual([[NEW], 1]);
  });

  test.each<[string, Fault['answer']]>([
    ['502', BAD_GATEWAY],
    ['408', { status: 408, body: {} }],
    ['a rate limit', secondaryLimit(1)],
  ])('is followed by a read and another edit if the edit was not made, after %s', async (_name, answer) => {
    github.addComment(1, ACTIONS_BOT, OLD);
    github.addFaults({ on: 'update', answer: answer! });
    expect(await run()).toMatchObject(UPDATED);
    const again = ['update', 'list', 'pull', 'list', 'update', 'list'];
    expect(operations()).toEqual(['viewer', 'pull', 'list', ...again]);
    expect(bodies()).toEqual([NEW]);
  });

  const page = (body: unknown, headers: Answer['headers'] = {}): Answer => ({ status: 200, headers, body });
  const large = `[${' '.repeat(32 * 1024 * 1024)}]`;
  const bad: [string, Fault['answer']][] = [
    ['is cut in its middle', 'truncated'],
    ['is empty JSON', page('')],
    ['is an object', page({})],
    ['holds a comment without a usable id', page([{ id: '12', body: OLD }])],
    ['never comes', 'stall'],
    ['is over 32 MiB', page(large)],
    ['unpacks to more than 32 MiB', page(large, { 'content-encoding': 'gzip' })],
  ];
  test.each(bad)('G18: creates no comment after a list that %s', async (_name, answer) => {
    github.addFaults({ on: 'list', times: 9, answer: answer! });
    expect(await run()).toEqual(failed('warning', /not written/));
    expect([bodies(), count('create'), count('list')]).toEqual([[], 0, 3]);
  });
  test.each(bad)('G18: retries a list that %s once', async (_name, answer) => {
    github.addComment(1, ACTIONS_BOT, OLD);
    github.addFaults({ on: 'list', answer: answer! });
    expect(await run()).toMatchObject(UPDATED);
    expect(bodies()).toEqual([NEW]);
  });

  test.each<Operation>(['viewer', 'list', 'create', 'update'])('I4: ends within 20 s if %s is never answered', async (on) => {
    if (on === 'update') github.addComment(1, ACTIONS_BOT, OLD);
    github.addFaults({ on, times: 99, answer: 'stall' });
    expect(await run()).toMatchObject({ level: 'warning' });
    expect(clock.now()).toBeLessThanOrEqual(20_000);
  });
});

describe('the step among several jobs at once', () => {
  test('G11: keeps its comment if another job’s is later, and does not delete that', async () => {
    github.addFaults({
      on: 'create',
      onArrival: () => {
        github.addFaults({ on: 'list', onArrival: () => void github.addComment(1, ACTIONS_BOT, OLD) });
      },
    });
    expect(await run()).toMatchObject(CREATED);
    expect(bodies()).toEqual([NEW, OLD]);
  });

  test('G11, G14: creates a comment if another job’s earlier one is deleted during the edit', async () => {
    let rival = 0;
    github.addFaults(
      { on: 'create', onArrival: () => void (rival = github.addComment(1, ACTIONS_BOT, OLD).id) },
      { on: 'update', onArrival: () => github.deleteComment(rival) },
    );
    expect(await run()).toMatchObject(CREATED);
    expect(bodies()).toEqual([NEW]);
  });
});

describe('G15: a report of a commit that is no longer the head', () => {
  const NEWER = 'b'.repeat(40);

  test('writes nothing, also if the head moves on during the search for a lost create', async () => {
    github.addFaults({
      on: 'create',
      answer: 'reset',
      onArrival: () => {
        github.setHead(1, NEWER);
      },
    });
    expect(await run()).toMatchObject(OUTDATED);
    expect(bodies()).toEqual([]);
  });

  const heads: boolean[] = [];
  const decide: StickyComment<WriteDecision>['decide'] = (existing, _earlier, isHeadKnown) => {
    heads.push(isHeadKnown);
    return leaveIfSame(existing);
  };
  beforeEach(() => void heads.splice(0));

  test.each<[string, Fault['answer'], asked: number]>([
    ['may not be read', NOT_ACCESSIBLE, 1],
    ['is a 502', BAD_GATEWAY, 3],
    ['never comes', 'stall', 3],
    ['is a limit of an hour', secondaryLimit(3_600), 1],
    ['has a head that is a word', { status: 200, body: { head: { sha: 'main' } } }, 3],
  ])('requests a head at most three times whose answer %s, and then decides without it', async (_, answer, asked) => {
    github.setHead(1, NEWER);
    github.addFaults({ on: 'pull', times: 9, answer: answer! });
    expect(await run({ decide })).toMatchObject(CREATED);
    expect([count('pull'), heads]).toEqual([asked, [false]]);
  });

  test.each<[string, Fault['answer']]>([
    ['a 502', BAD_GATEWAY],
    ['a cut connection', 'reset'],
    ['no answer', 'stall'],
  ])('requests the head again after %s', async (_, answer) => {
    github.setHead(1, NEWER);
    github.addFaults({ on: 'pull', answer: answer! });
    expect(await run({ decide })).toMatchObject(OUTDATED);
    expect([count('pull'), heads]).toEqual([2, []]);
  });

  test('does not request the head if the event does not name the commit', async () => {
    github.setHead(1, NEWER);
    expect(await run({ commit: null, decide })).toMatchObject(CREATED);
    expect([count('pull'), heads]).toEqual([0, [false]]);
  });
});

test('names in its warning the URL of the comment that is left as it is', async () => {
  github.addComment(1, ACTIONS_BOT, OLD);
  const reason = 'its state was changed: delete it';
  const placed = await run({ decide: () => ({ action: 'leave', level: 'warning', reason }) });
  expect(placed.level).toBe('warning');
  expect(placed.text).toMatch(/^Comment left as it is \(https:.*#issuecomment-\d+\): its state was changed: delete it\.$/);
});

describe('G12: rate limits', () => {
  /** The date in the server's answers is real, because it defines the resets. */
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

  test.each<[string, () => Answer]>([
    ['a hint beyond 20 s', () => secondaryLimit(60)],
    ['no hint', () => secondaryLimit(null)],
    ['a reset beyond 20 s', () => primaryLimit(inSeconds(1800))],
    ...['abc', '1e9'].map((hint): [string, () => Answer] => [
      `a hint of ${hint.slice(0, 9)}`,
      () => ({ ...secondaryLimit(null), headers: { 'retry-after': hint } }),
    ]),
  ])('end the calls at once with a notice for %s', async (_name, answer) => {
    for (const on of ['viewer', 'list', 'create'] as const) {
      await start();
      github.addFaults({ on, answer: answer() });
      expect(await run()).toEqual(failed('notice', /rate limit/));
      expect(operations().at(-1)).toBe(on);
      expect(clock.now()).toBe(0);
    }
  });

  test('end with a notice on time if the hints together exceed 20 s', async () => {
    github.addFaults({ on: 'list', times: 99, answer: secondaryLimit(6) });
    expect(await run()).toEqual(failed('notice', /rate limit/));
    expect(clock.now()).toBe(18_000);
    expect(count('list')).toBe(4);
  });
});

describe('G16: the token', () => {
  async function evil(): Promise<Github> {
    const server = await startGithub();
    unmatched.push(server);
    return server;
  }

  test.each([302, 307])('is not sent to another host by a redirect (%i)', async (status) => {
    const elsewhere = await evil();
    for (const on of ['viewer', 'list', 'create', 'update'] as const) {
      await start();
      if (on === 'update') github.addComment(1, ACTIONS_BOT, OLD);
      github.addFaults({ on, answer: { status, headers: { location: `${elsewhere.apiUrl}/x` }, body: {} } });
      expect(await run()).toEqual(failed('warning', /redirect/));
      expect(operations().at(-1)).toBe(on);
    }
    expect(elsewhere.journal).toEqual([]);
  });

  test('is not sent to another host by a link to the next page', async () => {
    const elsewhere = await evil();
    const link = `<${elsewhere.apiUrl}/repos/octo-org/specs/issues/1/comments?page=2>; rel="next"`;
    github.addFaults({ on: 'list', answer: { status: 200, headers: { link }, body: [] } });
    expect(await run()).toMatchObject(CREATED);
    expect(elsewhere.journal).toEqual([]);
    expect(github.journal[3]?.path).toContain('page=2');
  });
});

test('H3: ends when interrupted during the wait for a hint', async () => {
  const stop = new AbortController();
  github.addFaults({ on: 'list', answer: secondaryLimit(10) });
  const plain = clock;
  clock = {
    ...plain,
    sleep: (ms, signal) => {
      const slept = plain.sleep(ms, signal);
      if (ms === 10_000) stop.abort(new Error('SIGINT'));
      return slept;
    },
  };
  await expect(run({}, stop.signal)).resolves.toEqual(INTERRUPTED);
  expect([clock.now(), operations().at(-1)]).toEqual([0, 'list']);
});
