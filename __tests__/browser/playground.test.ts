/** The playground in a real browser, as a clone builds it: what it says, who can use it, and what hostile text can do there. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { parse } from 'yaml';
import { launchChromium } from '../../scripts/preview/browser.ts';

const ATTACKS = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1"><img src="https://evil.example/pixel.png">',
  '</details></td></tr></table><h1>Approved</h1>',
  '[click](javascript:window.pwned=1) [here](https://evil.example) ![x](https://evil.example/y.png)',
  '\u202eevil\u202c \u200b\u0000\u001b[31mred \ud800',
];

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
type Line = readonly [line: string, notes: readonly string[], rows: readonly string[], below: readonly string[]];
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
  if (outputs !== undefined) await page.fill('#outputs', typeof outputs === 'string' ? outputs : JSON.stringify(outputs));
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

test('opens with a red gate, and refuses a wrong condition at its place', async () => {
  const { headline, conditions } = await shown(page);
  expect(headline).toBe('Red: 2 of 5 items “not compliant”.');
  expect(conditions.map(([line]) => line)).toEqual(['✗ not compliant: 2 of 5', '✓ nothing reviewed: no']);
  expect(conditions[0]?.[2]).toEqual([
    'document_id · Reason',
    '4a1c2b3d · Fire rating is 60 minutes; section 08 11 13 asks for 90 minutes on stair doors.',
    '9e07f1aa · The product data sheet is for model 39M-17; the schedule lists 39M-21.',
  ]);
  expect(conditions[0]?.[3]).toEqual(['In all rows: status non-compliant']);
  const refused = await judged('outputs.items.filter(i, i.status = 1)');
  expect(refused.headline).toBe('Red: rejected before anything is launched.');
  expect(refused.refusal.join('\n')).toMatch(/^ *\^/m);
});

const focused = () => page.evaluate<string>(`document.activeElement.id || document.activeElement.textContent.trim()`);
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
    conditions: [['✗ not compliant: cannot be evaluated', [expect.stringContaining('has no key "status"')], [], []], expect.anything()],
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

test('fits 420 px in the dark, with the caret in sight', async () => {
  const phone = await open('', 420, 'dark');
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

const item = { id: 'A-1', status: 'compliant', note: 'x'.repeat(370) };
const items = [...Array.from({ length: 20_000 }, () => item), { ...item, status: 'rejected' }];
const text = JSON.stringify({ items }).padEnd(8 * 1024 * 1024);

test('evaluates a file of 8 MiB, and again after every change of a condition', async () => {
  await page.fill('#fail_if', "outputs.items.filter(i, i.status != 'compliant')");
  await page.setInputFiles('#file', json(text));
  await answered(page);
  expect((await shown(page)).conditions[0]?.[0]).toBe('✗ line 1 of `fail_if`: 1 of 20,001');
  const all = await judged("all: outputs.items.filter(i, i.status != 'x')");
  expect(all.conditions[0]?.[0]).toBe('✗ all: 20,001 of 20,001');
  expect(all.conditions[0]?.[2]).toHaveLength(11);
  expect(all.conditions[0]?.[3].at(-1)).toBe('19,991 more');
}, 60_000);

/** All but those that answers are made of. */
const elements = (of: Page) =>
  of.evaluate<string[]>(`[...document.querySelectorAll('*:not(li, dt, dd, #refusal *, #conditions *)')].map((one) => one.localName)`);

test('hostile outputs make no element, and their invisible characters are shown', async () => {
  const own = await elements(page);
  const items = ATTACKS.toReversed().map((attack) => ({ [attack]: attack, deep: [{ html: attack }] }));
  const { conditions } = await judged('outputs.items\noutputs.x.y == 1\noutputs.items.exists(i, i.nothing)', {
    items,
    [ATTACKS[1] ?? '']: 1,
  });
  const text = JSON.stringify(conditions);
  expect(text).toContain('window.pwned = 1');
  expect(text).toContain('its keys: ');
  expect(text).toContain('\\\\u{202e}evil');
  expect(text).not.toMatch(/[\u202e\u200b]/);
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(await elements(page)).toEqual(own);
  expect(await page.evaluate(`document.querySelectorAll('#conditions :not(li, p, div, table, tr, th, td)').length`)).toBe(0);
});

test('a hostile fragment makes no element, dialog or request, and never holds outputs', async () => {
  const own = await elements(page);
  const opened = await open('#fail_if=<img src=x onerror=alert(1)>');
  for (const attack of [...ATTACKS, '%E0%A4%A', '\0\r\n', '"><svg onload=alert(1)>', 'javascript:alert(1)']) {
    const written = new URLSearchParams({ fail_if: attack, outputs: '{"from": "the link"}' }).toString();
    for (const fragment of [written, encodeURIComponent(attack.toWellFormed())]) {
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

test('copies the same gate as YAML', async () => {
  const failIf = "  first: outputs.a == 'x: y'\r\n\n# a comment\n\toutputs.b > 1   \n";
  await judged(failIf, {});
  const yaml = (await page.textContent('#yaml')) ?? '';
  const { fail_if: read } = parse(yaml) as { fail_if: string };
  expect(
    read
      .trim()
      .split('\n')
      .map((line) => line.trim()),
  ).toEqual(
    failIf
      .trim()
      .split(/\r?\n/)
      .map((line) => line.trim()),
  );
  await page.evaluate(`navigator.clipboard.writeText = async (text) => { window.copied = text; }`);
  await page.click('#copy');
  expect(await page.evaluate('window.copied')).toBe(yaml);
  expect(await page.textContent('#copied')).toBe('Copied.');
});
