/** The playground in a real browser, as a clone builds it: what it says, who can use it, and what hostile text can do there. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { parse } from 'yaml';
import { launchChromium } from '../../scripts/preview/browser.ts';
import { ATTACKS } from '../../scripts/preview/samples.ts';
import { compileGate } from '../../src/gate/gate.ts';
import { parseJson } from '../../src/json.ts';

const repository = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

let browser: Browser;
let url: string;
let page: Page;
const asked: string[] = [];
const trouble: string[] = [];

/** The page on a screen so wide; whatever it asks the world for is written down. */
async function open(fragment = '', width = 1_000, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const opened = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  opened.on('request', (request) => asked.push(request.url()));
  opened.on('pageerror', (error) => trouble.push(error.message));
  opened.on('console', (message) => trouble.push(message.text()));
  opened.on('dialog', (dialog) => {
    trouble.push(dialog.message());
    void dialog.dismiss();
  });
  await opened.goto(url + fragment);
  await answered(opened);
  return opened;
}

async function answered(of: Page): Promise<void> {
  await of.locator('#result[aria-busy="false"]').waitFor({ timeout: 40_000 });
}

/** `rows`: the header first; `below`: what stands below the table. */
type Line = readonly [
  line: string,
  notes: readonly string[],
  rows: readonly string[],
  below: readonly string[],
];
interface Shown {
  readonly headline: string;
  /** Sentences and expressions of what is refused. */
  readonly refusal: readonly string[];
  readonly conditions: readonly Line[];
}

async function shown(of: Page): Promise<Shown> {
  return of.evaluate<Shown>(`(() => {
    const texts = (selector, within = document) => [...within.querySelectorAll(selector)].map((one) => one.textContent);
    const rows = (one) => [...one.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent).join(' · '));
    return {
      headline: document.getElementById('headline').textContent,
      refusal: texts('#refusal > *'),
      conditions: [...document.querySelectorAll('#conditions > li')].map((one) =>
        [one.firstChild.data, texts(':scope > p:not(.table ~ p)', one), rows(one), texts(':scope > .table ~ p', one)]),
    };
  })()`);
}

async function judged(failIf: string, outputs?: unknown): Promise<Shown> {
  await page.fill('#fail_if', failIf);
  if (outputs !== undefined)
    await page.fill('#outputs', typeof outputs === 'string' ? outputs : JSON.stringify(outputs));
  await answered(page);
  return shown(page);
}

beforeAll(async () => {
  const env = { ...process.env, CI: 'true' };
  url = execFileSync('npm', ['run', '--silent', 'playground'], { encoding: 'utf8', env }).trim();
  browser = await launchChromium();
  page = await open();
}, 120_000);

afterEach(() => {
  expect(asked.filter((one) => one.split('#')[0] !== url && !one.startsWith('blob:null/'))).toEqual([]);
  expect(trouble).toEqual([]);
});

afterAll(async () => {
  await browser.close();
});

const json = (text: string) => ({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text) });

test('opens with a red gate, the lines of the log and the table of the comment', async () => {
  const { headline, conditions } = await shown(page);
  expect(headline).toBe('Red: 2 of 5 items “not compliant”.');
  expect(conditions.map(([line]) => line)).toEqual(['✗ not compliant: 2 of 5', '✓ nothing reviewed: no']);
  expect(conditions[0]?.[2]).toEqual([
    'document_id · Reason',
    '4a1c2b3d · Fire rating is 60 minutes; section 08 11 13 asks for 90 minutes on stair doors.',
    '9e07f1aa · The product data sheet is for model 39M-17; the schedule lists 39M-21.',
  ]);
  expect(conditions[0]?.[3]).toEqual(['In all rows: status non-compliant']);
});

test('shows the fields of each list, with the values of short ones and their counts', async () => {
  const fields = await page.locator('#fields > *').allTextContents();
  expect(fields).toEqual([
    'outputs.items: 5',
    'document_id',
    'status · non-compliant 2 · compliant 3',
    'reason',
  ]);
});

test('shows the columns of `columns`, names a field that no item has, and refuses a wrong line', async () => {
  await page.fill('#columns', 'status, titel\nnot compliant: reason, reasom');
  await answered(page);
  expect((await shown(page)).conditions[0]?.[2][0]).toBe('Reason');
  expect((await shown(page)).refusal).toEqual([
    '`columns` of “not compliant”: no item has `reasom`; `reason`?',
  ]);
  await page.fill('#columns', 'a, a');
  await answered(page);
  expect(await shown(page)).toMatchObject({
    headline: 'Red: rejected before anything is launched.',
    refusal: ['columns has a field twice (line 1)'],
  });
  await page.fill('#columns', '');
});

test('warns by `warn_if`, and keeps all three boxes in a link', async () => {
  await page.fill('#warn_if', "reviewed: outputs.items.filter(i, i.status == 'compliant')");
  await page.fill('#fail_if', '');
  await answered(page);
  const { headline, conditions } = await shown(page);
  expect(headline).toBe('Green, with a warning: 3 of 5 items “reviewed”.');
  expect(conditions.map(([line]) => line)).toEqual(['! reviewed: 3 of 5 (a warning only)']);
  expect(await page.textContent('#yaml')).toBe(
    "warn_if: |\n  reviewed: outputs.items.filter(i, i.status == 'compliant')",
  );
  const fragment = (await page.getAttribute('#link', 'href')) ?? '';
  const linked = await open(fragment);
  expect(await linked.inputValue('#warn_if')).toBe(await page.inputValue('#warn_if'));
  expect(await linked.inputValue('#fail_if')).toBe('');
  await linked.close();
  await page.fill('#warn_if', '');
});

test('names the version of the action, and does not expand ${{ }}', async () => {
  const { version } = JSON.parse(repository('package.json')) as { version: string };
  const text = (await page.textContent('body'))?.replaceAll(/\s+/g, ' ');
  expect(text).toContain(`Gate of alloovium/run-workflow ${version}.`);
  expect(text).toContain('${{ }} is not expanded here');
});

describe('the verdict of the action', () => {
  const refused = repository('__tests__/gate/refusals.txt')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ⇒ ')[0] ?? '')
    .filter((expression) => !expression.includes('\\u'));

  test('is shown for every refused condition, with the sentence, the place and the way out', async () => {
    const failIf = refused.join('\n');
    const { fault } = await compileGate(failIf, '');
    const { headline, refusal } = await judged(failIf);
    expect(headline).toBe('Red: rejected before anything is launched.');
    expect(refused.length).toBeGreaterThan(50);
    const lines = (text: string) => text.split('\n').filter((line) => line !== '');
    expect(refusal.flatMap(lines)).toEqual(lines(fault));
  });

  // The rows of gate.test.ts that can be conditions, and its outputs.
  const source = repository('__tests__/gate/gate.test.ts');
  const [, outputs = ''] = /const OUTPUTS = parse\(`([^`]*)`\)/.exec(source) ?? [];
  const written = [...source.matchAll(/^ {4}\['([^'\\]+)', (?:HOLDS|NOT|UNKNOWN)\],$/gm)];
  const recipes = [...repository('docs/conditions.md').matchAll(/^\| [^|]*\| `(.*)` +\|$/gm)];

  test('is shown for conditions that are true, false and not evaluated', async () => {
    const all = [...written, ...recipes].map(([, expression = '']) => expression.replaceAll('\\|', '|'));
    const gates = await Promise.all(all.map((one) => compileGate(one, '')));
    const usable = all.filter((_, at) => gates[at]?.fault === '');
    const gate = await compileGate(usable.join('\n'), '');
    const results = gate.evaluate(parseJson(new TextEncoder().encode(outputs)));
    const { conditions } = await judged(usable.join('\n'), outputs);
    expect(usable.length).toBeGreaterThan(100);
    expect(new Set(results.map(({ result }) => result)).size).toBe(3);
    expect(conditions.map(([line, [problem = null]]) => [line.slice(0, 1), problem])).toEqual(
      results.map(({ result, problem, notices: [notice = null], nearTexts }) => [
        result === 'does_not_hold' ? '✓' : '✗',
        problem ??
          notice ??
          (nearTexts ? (expect.stringContaining('where the condition says') as unknown) : null),
      ]),
    );
    const lines = results.map(({ matched }) => (matched.length === 0 ? 0 : 1 + Math.min(10, matched.length)));
    expect(conditions.map(([, , rows]) => rows.length)).toEqual(lines);
  });

  test('is shown for numbers as they are written', async () => {
    const { conditions } = await judged('size(outputs.a) > 0\nall: outputs.a', '{"a": [1.0, 1e999, -0]}');
    expect(conditions.map(([line]) => line)).toEqual(['✗ line 1 of `fail_if`: yes', '✗ all: 3 items']);
    expect(conditions[1]?.[2]).toEqual(['Item', '1.0', '1e999', '-0']);
  });
});

test.each([
  ['{"a": 1,}', 'outputs.a', 'The outputs cannot be read: the text is not valid JSON, see line 1 column 9.'],
  ['{"a": 1, "a": 2}', 'outputs.a', 'The outputs cannot be read: the text has a key twice.'],
  [' ', 'outputs.a', 'Red: line 1 of `fail_if`: the run has no outputs.'],
  [
    '[]',
    'one: outputs.a\noutputs.b',
    'Red: “one”: the outputs of the run are not an object (1 more cannot be evaluated).',
  ],
  ['{}', '', 'No condition yet: every completed run would be green.'],
  ['{}', '# later', 'Red: rejected before anything is launched.'],
])('says of %j and the condition %j: %s', async (outputs, failIf, headline) => {
  expect((await judged(failIf, outputs)).headline).toBe(headline);
});

describe('with the keyboard alone', () => {
  const focused = () =>
    page.evaluate<string>(`document.activeElement.id || document.activeElement.textContent.trim()`);
  const tabTo = async (wanted: string) => {
    for (let presses = 0; presses < 30; presses++) {
      if ((await focused()) === wanted) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no Tab leads to ${wanted}`);
  };

  test('reaches every part, changes the answer by samples and conditions, and keeps the focus', async () => {
    await page.reload();
    await answered(page);
    await tabTo('Missing field');
    await page.keyboard.press('Enter');
    await answered(page);
    expect(await shown(page)).toMatchObject({
      headline: expect.stringMatching(/^Red: “not compliant”: item 3 has no key `status`;/) as unknown,
      conditions: [
        ['✗ not compliant: cannot be evaluated', [expect.stringContaining('has no key "status"')], [], []],
        expect.anything(),
      ],
    });
    expect(await focused()).toBe('Missing field');
    for (const part of ['open', 'outputs', 'fail_if']) await tabTo(part);
    await page.keyboard.press('Control+A');
    await page.keyboard.type("many: outputs.items.filter(i, i.document_id.startsWith('4'))");
    await answered(page);
    expect(await shown(page)).toMatchObject({ headline: 'Red: 1 of 5 items “many”.' });
    expect(await focused()).toBe('fail_if');
    for (const part of ['warn_if', 'columns', 'yaml', 'copy', 'link', 'Licences']) await tabTo(part);
  });

  test('chooses a file by a key, twice', async () => {
    await tabTo('open');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
    await chooser.setFiles(json('{"items": []}'));
    await answered(page);
    expect((await shown(page)).headline).toBe('Green: no condition is true.');
    await page.setInputFiles('#file', json('{"items": [1]}'));
    await answered(page);
    expect((await shown(page)).headline).toBe(
      'Red: “many”: item 1 is a number and has no key `document_id`.',
    );
  });

  test('gives each control a name, and announces answers', async () => {
    const tree = await page.locator('body').ariaSnapshot();
    const named = /(?:button|textbox|region|link|group) "[^"]+"/g;
    expect(new Set(tree.match(named))).toEqual(
      new Set([
        'group "Outputs from a sample or a file"',
        'button "Two findings"',
        'button "No findings"',
        'button "Missing field"',
        'button "A bad day"',
        'button "Open file"',
        'textbox "Outputs"',
        'link "CEL"',
        'textbox "fail_if"',
        'textbox "warn_if"',
        'textbox "columns"',
        'region "Result"',
        'group "In your workflow"',
        'button "Copy as YAML"',
        'link "Link to these conditions"',
        'link "alloovium/run-workflow"',
      ]),
    );
    expect(await page.locator('[role=status] :is(#headline, #refusal)').count()).toBe(2);
  });
});

test.each(['light', 'dark'] as const)('fits 420 px in %s, with the caret in sight', async (scheme) => {
  const phone = await open('', 420, scheme);
  const x = 'x'.repeat(300);
  for (const failIf of [
    `outputs.items.filter(i, i.a == '${x}')`,
    `outputs['${x}'] > 1`,
    `${x} == = 1`,
    `outputs.items.filter(i, i.status == 'open' and i.due < '2027')`,
  ]) {
    await phone.fill('#outputs', JSON.stringify({ items: [{ a: x }] }));
    await phone.fill('#fail_if', failIf);
    await answered(phone);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(420);
  }
  const [left = 0, right = 0] = await phone.evaluate<number[]>(`(() => {
    const pre = document.querySelector('#refusal pre');
    const range = document.createRange();
    range.setStart(pre.firstChild, pre.textContent.length - 1);
    range.setEnd(pre.firstChild, pre.textContent.length);
    const { left, right } = range.getBoundingClientRect();
    return [left, right];
  })()`);
  expect(left).toBeGreaterThan(0);
  expect(right).toBeLessThan(420);
  await phone.close();
});

describe('8 MiB of outputs', () => {
  const item = { id: 'A-1', status: 'compliant', note: 'x'.repeat(370) };
  const items = [...Array.from({ length: 20_000 }, () => item), { ...item, status: 'rejected' }];
  const text = JSON.stringify({ items }).padEnd(8 * 1024 * 1024);

  test('are evaluated from a file, and again after every change of a condition', async () => {
    await page.fill('#fail_if', "outputs.items.filter(i, i.status != 'compliant')");
    await page.setInputFiles('#file', json(text));
    await answered(page);
    expect((await shown(page)).conditions[0]?.[0]).toBe('✗ line 1 of `fail_if`: 1 of 20,001');
    const all = await judged("all: outputs.items.filter(i, i.status != 'x')");
    expect(all.conditions[0]?.[0]).toBe('✗ all: 20,001 of 20,001');
    expect(all.conditions[0]?.[2]).toHaveLength(11);
    expect(all.conditions[0]?.[3].at(-1)).toBe('19,991 more');
  }, 60_000);

  test('are the limit: one byte more is refused, in the box and as a file', async () => {
    await page.setInputFiles('#file', json(`${text} `));
    await answered(page);
    expect((await shown(page)).headline).toBe('The outputs cannot be read: the text is over 8 MiB.');
    await page.evaluate(`document.getElementById('outputs').value += ' '`);
    expect((await judged('outputs.a')).headline).toBe('The outputs cannot be read: the text is over 8 MiB.');
    await judged('outputs.ok', { ok: true });
  }, 60_000);

  test('are read from a file dropped anywhere on the page; a file that is no text is refused', async () => {
    const drop = async (bytes: string) => {
      await page.evaluate(`(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(${bytes})], '<b>a</b>.json'));
        document.querySelector('h1').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      })()`);
      await page.waitForTimeout(500);
      await answered(page);
      return (await shown(page)).headline;
    };
    expect(await drop(JSON.stringify([...Buffer.from('{"ok": false}')]))).toBe(
      'Green: no condition is true.',
    );
    expect(await drop('[255, 254, 0]')).toMatch(/^<b>a<\/b>\.json cannot be read\. /);
  });
});

describe('hostile text', () => {
  /** All but those that answers are made of. */
  const elements = (of: Page) =>
    of.evaluate<string[]>(
      `[...document.querySelectorAll('*:not(li, dt, dd, #refusal *, #conditions *)')].map((one) => one.localName)`,
    );

  test('makes no element in outputs, and its invisible characters are shown', async () => {
    const own = await elements(page);
    const items = ATTACKS.toReversed().map((attack) => ({ [attack]: attack, deep: [{ html: attack }] }));
    const { conditions } = await judged(
      'outputs.items\noutputs.x.y == 1\noutputs.items.exists(i, i.nothing)',
      { items, [ATTACKS[1] ?? '']: 1 },
    );
    const text = JSON.stringify(conditions);
    expect(text).toContain('window.pwned = 1');
    expect(text).toContain('its keys: ');
    expect(text).toContain('\\\\u{202e}evil');
    expect(text).not.toMatch(/[\u202e\u200b]/);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await elements(page)).toEqual(own);
    expect(
      await page.evaluate(
        `document.querySelectorAll('#conditions :not(li, p, div, table, tr, th, td)').length`,
      ),
    ).toBe(0);
  });

  test('makes no element, dialog or request in a fragment, which never holds outputs', async () => {
    const own = await elements(page);
    const opened = await open('#fail_if=<img src=x onerror=alert(1)>');
    for (const attack of [
      ...ATTACKS,
      '%E0%A4%A',
      '\0\r\n',
      '"><svg onload=alert(1)>',
      'javascript:alert(1)',
    ]) {
      for (const fragment of [
        new URLSearchParams({ fail_if: attack, outputs: '{"from": "the link"}' }).toString(),
        encodeURIComponent(attack.toWellFormed()),
        `fail_if=${attack.replaceAll('\0', '')}`,
      ]) {
        await opened.goto(`${url}#${fragment}`);
        await answered(opened);
      }
      expect(await opened.evaluate('window.pwned')).toBeUndefined();
      expect(await elements(opened)).toEqual(own);
      expect(await opened.evaluate(`document.querySelectorAll('#refusal :not(p, pre)').length`)).toBe(0);
      expect(await opened.inputValue('#outputs')).not.toContain('from');
    }
    await opened.close();
  }, 60_000);

  test('meets a policy without `unsafe-*` and without hosts, which the browser enforces', async () => {
    const policy = (await page.getAttribute('meta[http-equiv]', 'content')) ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; worker-src blob:; base-uri 'none'; form-action 'none'$/,
    );
    const opened = await open();
    let calls = 0;
    const server = createServer((_, response) => {
      calls++;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const [answer, ran] = await opened.evaluate<[string, boolean]>(`(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.pwned = 1';
      document.body.append(script);
      new Image().src = '${address}pixel.png';
      const answer = await fetch('${address}', { mode: 'no-cors' }).then(() => 'answered', () => 'refused');
      return [answer, 'pwned' in window];
    })()`);
    server.close();
    expect([answer, ran, calls]).toEqual(['refused', false, 0]);
    // The browser tells of what it has refused.
    asked.splice(0);
    expect(trouble.splice(0).filter((one) => !one.includes('Content Security Policy'))).toEqual([]);
    await opened.close();
  });
});

test('ends an endless expression after 5 s or at a change, says so, and goes on', async () => {
  const endless =
    'outputs.n.all(a, outputs.n.all(b, outputs.n.all(c, outputs.n.all(d, a + b + c + d >= 0))))';
  const startedAt = performance.now();
  const { headline, conditions } = await judged(endless, { n: Array.from({ length: 1_000 }, (_, at) => at) });
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThan(5_000);
  expect(tookMs).toBeLessThan(10_000);
  expect(headline).toMatch(/^No verdict: the conditions take too long .* ended after 5 s\./);
  expect(conditions).toEqual([]);
  await page.fill('#fail_if', `${endless} `);
  await page.waitForTimeout(1_000);
  expect(page.workers()).not.toEqual([]);
  expect((await judged('outputs.n.exists(a, a < 0)')).headline).toBe('Green: no condition is true.');
  while (page.workers().length > 0) await page.waitForTimeout(20);
});

test('keeps the conditions and no output in the link, and restores them from it', async () => {
  const failIf = "größer: outputs.items.filter(i, i.a != 'b & #c%')\n# later\n";
  await judged(failIf, { items: [{ a: 'only-in-the-outputs' }] });
  const href = (await page.getAttribute('#link', 'href')) ?? '';
  expect(Object.fromEntries(new URLSearchParams(href.slice(1)))).toEqual({ fail_if: failIf });
  const other = await open(href);
  expect(await other.inputValue('#fail_if')).toBe(failIf);
  expect((await shown(other)).conditions[0]?.[0]).toBe('✗ größer: cannot be evaluated');
  await other.evaluate(`location.hash = new URLSearchParams({ fail_if: 'outputs.summary != "x"' })`);
  await other.waitForTimeout(100);
  await answered(other);
  expect((await shown(other)).headline).toBe('Red: line 1 of `fail_if` is true.');
  await other.close();
});

test('says in the row why a text matches that differs from the condition only in spelling', async () => {
  const { conditions } = await judged("outputs.items.filter(i, i.s == 'bad')", {
    items: [{ s: 'bad' }, { s: 'Bad' }],
  });
  expect(conditions).toEqual([
    ['✗ line 1 of `fail_if`: 2 of 2', ['“Bad”, where the condition says “bad”'], ['S', 'bad', 'Bad'], []],
  ]);
});

test('leaves an empty box out of the copied YAML', async () => {
  await judged('outputs.bad', {});
  expect(await page.textContent('#yaml')).toBe('fail_if: |\n  outputs.bad');
  await page.fill('#fail_if', ' \n');
  expect(await page.textContent('#yaml')).toBe('');
});

test.each(['\u2028', '\u2029', '\u0085', '\u000b'])(
  'refuses a comment with %j and copies nothing: it could become a step of the workflow',
  async (end) => {
    await page.evaluate(
      `navigator.clipboard.writeText = async (text) => { window.copied = text; }; window.copied = ''`,
    );
    const { headline } = await judged(`# a comment${end}- run: exit 0\noutputs.bad`, {});
    expect(headline).toBe('Red: rejected before anything is launched.');
    expect(await page.textContent('#yaml')).toBe('');
    await page.click('#copy');
    expect(await page.evaluate('window.copied')).toBe('');
    expect(await page.textContent('#copied')).toMatch(/^Nothing to copy/);
  },
);

test('copies the same gate as YAML', async () => {
  const failIf = "  first: outputs.a == 'x: y'\r\n\n# a comment\n\toutputs.b > 1   \n";
  await judged(failIf, {});
  const yaml = (await page.textContent('#yaml')) ?? '';
  const { fail_if: read } = parse(yaml) as { fail_if: string };
  expect((await compileGate(read, '')).conditions).toEqual((await compileGate(failIf, '')).conditions);
  await page.evaluate(`navigator.clipboard.writeText = async (text) => { window.copied = text; }`);
  await page.click('#copy');
  expect(await page.evaluate('window.copied')).toBe(yaml);
  expect(await page.textContent('#copied')).toBe('Copied.');
});
