/** The playground in a real browser, as a clone builds it: what it says, who can use it, and what hostile text can do there. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { toHtml } from '../../playground/markdown.ts';
import { SAMPLES } from '../../playground/samples.ts';
import { readWorkflow } from '../../playground/workflow.ts';
import { launchChromium } from '../../scripts/browser.ts';
import { startApi } from '../../simulator/api.ts';
import { ACTIONS_BOT, startGithub } from '../../simulator/github.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { runAction } from '../../simulator/runner.ts';
import { CLAUSE_OUTPUTS } from '../../simulator/sample-outputs.ts';
import { PROJECT_ID, TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

const RIGHT = "not compliant: outputs.items.filter(i, i.status != 'compliant')";
const ATTACKS = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1"><img src="https://evil.example/pixel.png">',
  '</details></td></tr></table><h1>Approved</h1><style>body { display: none }</style>',
  '[click](javascript:window.pwned=1) [here](https://evil.example) ![x](https://evil.example/y.png)',
  '\u202eevil\u202c \u200b\u0000\u001b[31mred \ud800',
];

const folder = mkdtempSync(join(tmpdir(), 'playground-'));
let browser: Browser;
let url: string;
let page: Page;
/** What pages asked the world for, and what they complained about. */
const asked: string[] = [];
const trouble: string[] = [];

async function open(width = 1_200, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const opened = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  opened.on('request', (request) => asked.push(request.url()));
  opened.on('pageerror', (error) => trouble.push(error.message));
  opened.on('console', (message) => trouble.push(message.text()));
  opened.on('dialog', (dialog) => void trouble.push(dialog.message()));
  await opened.goto(url);
  await answered(opened);
  return opened;
}

const answered = (of: Page) => of.locator('#main[aria-busy="false"]').waitFor({ timeout: 40_000 });

async function type(texts: Readonly<Record<string, string>>, of = page): Promise<void> {
  for (const [name, text] of Object.entries(texts)) await of.fill(`#${name}`, text);
  await answered(of);
}

const textOf = (selector: string, of = page) => of.locator(selector).innerText();
const isStale = () => page.locator('#result').evaluate<boolean>('(result) => result.inert');

beforeAll(async () => {
  const env = { ...process.env, CI: 'true' };
  url = execFileSync('npm', ['run', '--silent', 'playground'], { encoding: 'utf8', env }).trim();
  browser = await launchChromium();
}, 120_000);

beforeAll(async () => {
  page = await open();
});

afterEach(() => {
  expect(asked.filter((one) => one !== url && !one.startsWith('blob:null/'))).toEqual([]);
  expect(trouble).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

test('opens with a red gate over documents with names, its comment and its workflow', async () => {
  expect(await textOf('#verdict')).toBe('❌ Red: 2 of 5 items “not compliant”.\nIf the check is required, the merge is blocked.');
  expect(await page.locator('#comment tr').allInnerTexts()).toEqual([
    'Document\tClause\tReason',
    'Hollow metal doors, level 2\t08 11 13\tStair doors are rated for 60 minutes, not 90.',
    'Air handling unit AHU-3\t23 73 13\tThe data sheet is for model 39M-17, not 39M-21.',
  ]);
  expect(await textOf('#workflow')).toContain(`          fail_if: |\n            ${RIGHT}\n            nothing reviewed:`);
});

test('evaluates what is pasted, 8 MiB too, and says what can be asked of it', async () => {
  const item = { room: 'Plant room', status: 'bad', note: 'x'.repeat(370) };
  const items = [...Array.from({ length: 20_000 }, () => item), { ...item, status: 'good' }];
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(JSON.stringify({ items, 'a b': 1 }).padEnd(8 * 1024 * 1024))})`);
  await page.locator('#outputs').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+V');
  await answered(page);
  expect(await page.locator('#shape li').allInnerTexts()).toEqual([
    'outputs.items: 20,001 items with room (Plant room 20001), status (bad 20000, good 1), note',
    'outputs["a b"]',
  ]);
  await type({ fail_if: "bad: outputs.items.filter(i, i.status == 'bad')", columns: 'room' });
  expect(await textOf('#verdict')).toContain('❌ Red: 20,000 of 20,001 items “bad”.');
  expect(await textOf('#comment')).toContain('19,990 more: job summary');
  await type({ outputs: '{"items": [' });
  expect(await textOf('#verdict')).toContain('The outputs are not JSON');
  expect([await page.getAttribute('#outputs', 'aria-invalid'), await isStale()]).toEqual(['true', true]);
}, 60_000);

test('explains the first mistake in a condition at its place, until it is repaired', async () => {
  await page.reload();
  await type({
    fail_if: `# first\n${RIGHT.replace('!=', '=')}\noutputs.x = 1`,
    warn_if: 'outputs.items.lenght() > 0',
    known_by: 'document',
  });
  const [sentence = '', line = '', caret = ''] = (await textOf('#fail_if-fault')).split(/\n+/);
  expect(sentence).toBe('fail_if, line 2, column 49: one = compares nothing: write ==');
  expect(line.charAt(caret.indexOf('^'))).toBe('=');
  expect(await textOf('#warn_if-fault')).toMatch(/^warn_if, line 1, column \d+: there is no lenght\(\)/);
  expect(await textOf('#known_by-fault')).toContain('known_by needs 2 to 20 fields');
  expect(await textOf('#verdict')).toMatch(/cannot be used\.\nNothing would be launched/);
  expect([await page.getAttribute('#fail_if', 'aria-invalid'), await isStale()]).toEqual(['true', true]);
  await type({ fail_if: RIGHT, warn_if: '', known_by: '' });
  expect(await textOf('#verdict')).toContain('2 of 5 items “not compliant”');
  expect([await page.locator('[id$="-fault"]').allInnerTexts(), await isStale()]).toEqual([Array(8).fill(''), false]);
  await type({ fail_if: "outputs.items.filter(i, i.statsu == 'x')" });
  expect(await textOf('#comment')).toContain('there is no key "statsu" (item 1 of outputs.items); did you mean "status"?');
});

test('copies the workflow, and says which ID is still that of the example', async () => {
  await type({ workflow_id: ' wf_mine ' });
  await page.click('#copy');
  expect(await textOf('#copied')).toBe('Copied. Put your project_id in the place of the example’s.'.replace('’', "'"));
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied).toBe(await page.textContent('#workflow'));
  expect(copied).toMatch(/workflow_id: wf_mine\n +project_id: .* # replace this\n/);
  await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject()`);
  await page.click('#copy');
  expect(await textOf('#copied')).toContain('copy what is selected');
  expect(await page.evaluate('getSelection().toString()')).toBe(copied);
});

test('fits 390 px in the dark, with verdict and caret in sight', async () => {
  const phone = await open(390, 'dark');
  expect(await phone.evaluate(`getComputedStyle(document.documentElement).backgroundColor`)).toBe('rgb(13, 17, 23)');
  const x = 'x'.repeat(300);
  await type({ outputs: JSON.stringify({ items: [{ a: x, [x]: 1 }] }) }, phone);
  for (const failIf of [`outputs.items.filter(i, i.a == '${x}')`, `outputs['${x}'] > 1`, `${x} == = 1`]) {
    await type({ fail_if: failIf }, phone);
    await phone.locator('#inputs').scrollIntoViewIfNeeded();
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await phone.evaluate('document.getElementById("verdict").getBoundingClientRect().top')).toBe(0);
  }
  const [left = 0, right = 0] = await phone.evaluate<number[]>(`(() => {
    const { firstChild: text } = document.querySelector('#fail_if-fault pre');
    const range = document.createRange();
    range.setStart(text, text.length - 1);
    range.setEnd(text, text.length);
    const { left, right } = range.getBoundingClientRect();
    return [left, right];
  })()`);
  expect([left > 0, right < 390]).toEqual([true, true]);
  await phone.close();
});

const focused = () => page.evaluate<string>(`document.activeElement.id || document.activeElement.textContent.trim()`);

test('leads the keyboard to every part, in order, and keeps the focus', async () => {
  await page.reload();
  await answered(page);
  const parts = ['Two findings', 'No findings', 'Issues within documents', 'outputs', 'CEL, with recipes', 'fail_if', 'warn_if'];
  for (const part of [...parts, 'columns', 'known_by', 'workflow_id', 'project_id', 'inputs', 'More: 5 other, gate', 'copy', 'workflow']) {
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(part);
    if (part === 'No findings') await page.keyboard.press('Enter');
    if (part === 'project_id') await page.keyboard.type('tower\n');
    await answered(page);
  }
  expect(await textOf('#verdict')).toBe('✅ Green: No condition of the gate is true.\nThe merge can go on.');
});

test('gives each control a name and a description, and announces verdict, mistakes and copying', async () => {
  const tree = await page.locator('body').ariaSnapshot();
  expect(tree.match(/(?:button|textbox|region|link|group|article|heading) "[^"]+"/g)).toMatchInlineSnapshot(`
    [
      "heading "Set up a gate for your construction documents"",
      "region "Your gate"",
      "group "1. What a review wrote"",
      "heading "1. What a review wrote"",
      "group "Samples"",
      "button "Two findings"",
      "button "No findings"",
      "button "Issues within documents"",
      "textbox "Outputs of a run"",
      "group "2. What must not be"",
      "heading "2. What must not be"",
      "link "CEL, with recipes"",
      "textbox "The check is red if fail_if"",
      "textbox "It only warns if warn_if"",
      "group "3. What the comment shows"",
      "heading "3. What the comment shows"",
      "textbox "Fields in its table columns"",
      "textbox "Fields that make two findings the same known_by"",
      "group "4. What to run"",
      "heading "4. What to run"",
      "textbox "Alloovium workflow workflow_id"",
      "textbox "Alloovium project project_id"",
      "textbox "Variables of the workflow, if it declares any inputs"",
      "region "The comment that your team gets"",
      "heading "The comment that your team gets"",
      "article "The comment that your team gets"",
      "heading "✅ Submittals: no findings"",
      "region "The workflow to copy"",
      "heading "The workflow to copy"",
      "button "Copy the workflow"",
      "group "The workflow to copy"",
      "link "alloovium/run-workflow"",
    ]
  `);
  await type({ columns: 'a, a' });
  const described = await page
    .locator('#columns')
    .evaluate<string>(`(one) => one.ariaDescribedByElements.map((it) => it.innerText).join(' ')`);
  expect(described).toContain('columns has a field, or a line for the same conditions, twice');
  const live = await page.locator('[role=status]').evaluateAll<string[]>('(all) => all.map((one) => one.id)');
  expect(live).toEqual(['verdict', ...FIELDS.map((name) => `${name}-fault`), 'copied']);
});

const FIELDS = ['outputs', 'fail_if', 'warn_if', 'columns', 'known_by', 'workflow_id', 'project_id', 'inputs'];

test('sends and stores nothing, by a policy without `unsafe-*` and hosts, which the browser enforces', async () => {
  expect(await page.getAttribute('meta[http-equiv]', 'content')).toMatch(
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
  expect(await opened.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([0, 0, '']);
  // The browser tells of what it has refused.
  asked.splice(0);
  expect(trouble.splice(0).filter((one) => !one.includes('Content Security Policy'))).toEqual([]);
  await opened.close();
});

test('shows hostile outputs as text, with neither script nor picture nor link', async () => {
  await page.reload();
  const items = ATTACKS.toReversed().map((attack) => ({ [attack]: attack, status: attack, deep: [{ html: attack }] }));
  for (const failIf of ['outputs.items\noutputs.items.exists(i, i.nothing)', '', ATTACKS.join('')]) {
    await type({ outputs: JSON.stringify({ items, [ATTACKS[1] ?? '']: 1 }), fail_if: failIf, columns: '' });
    expect(
      await page.locator(':is(#verdict, #shape, #comment, [id$="-fault"]) :is(script, img, style, h1, iframe, [href], [onerror])').count(),
    ).toBe(0);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
  }
  expect(await textOf('#comment')).toContain('window.pwned = 1');
  expect(await page.evaluate('document.body.innerText')).not.toMatch(/[\u202e\u200b]/);
});

test('copies a workflow that lints, and plays with the same verdict and the same comment', async () => {
  execFileSync('ncc', ['build', 'src/index.ts', '-o', join(folder, 'dist')]);
  const later = { warn_if: 'many: size(outputs.items) > 4', inputs: "level: 3\nsection: '08 11 13'", known_by: '' };
  const other = { outputs: JSON.stringify(CLAUSE_OUTPUTS), fail_if: "outputs.items.filter(i, i.statsu != 'x')", columns: '', ...later };
  for (const texts of [...Object.values(SAMPLES), other]) {
    await type({ ...texts, workflow_id: WORKFLOW_ID, project_id: PROJECT_ID });
    const workflow = (await page.textContent('#workflow')) ?? '';
    const file = join(folder, 'submittals.yml');
    writeFileSync(file, workflow);
    expect(execFileSync('node', ['scripts/check-docs.ts', file], { encoding: 'utf8' })).toContain('1 files, 0 faults');
    const { result, comment } = await play(workflow, JSON.parse(texts.outputs ?? ''));
    expect(await textOf('#verdict strong')).toContain(`: ${result.outputs.headline?.replaceAll('`', '')}.`);
    expect(await page.getAttribute('#verdict', 'class')).toBe(result.exitCode === 0 ? 'green' : 'red');
    expect(await page.locator('#comment').evaluate<string>(NORMALISE, null)).toBe(
      await page.evaluate<string, string>(
        `(html) => (${NORMALISE})(Object.assign(document.createElement('div'), { innerHTML: html }))`,
        comment,
      ),
    );
  }
}, 180_000);

const NORMALISE = `(one) => one.innerHTML.trim().replaceAll(/\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC|run_[\\w-]+/g, '…')`;

/** Runs the workflow's step for pull request 7, with a run that writes these outputs. @returns its comment as HTML */
async function play(workflow: string, outputs: unknown) {
  const api = await startApi({ speed: 0, isClientDriven: true, lifecycle: steadyLifecycle({ outputs }) });
  const token = 'ghs_simulatedTokenOfTheJob0123456789abcdef';
  const tokens = { [token]: { user: ACTIONS_BOT, permission: 'write', viewer: 'answered' } } as const;
  const head = '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2';
  const github = await startGithub({ repo: 'tower', pullRequests: [{ number: 7, state: 'open', locked: false, head }], tokens });
  const { name, inputs } = readWorkflow(workflow);
  const result = await runAction({
    bundle: join(folder, 'dist/index.js'),
    eventName: 'pull_request',
    inputs: { ...inputs, api_key: TEST_KEY, api_url: api.url },
    token,
    env: {
      GITHUB_API_URL: github.apiUrl,
      GITHUB_WORKFLOW: name,
      FAST_TIME_SPEED: '1',
      FAST_TIME_SKIPS_WAITS: '1',
      FAST_TIME_FROZEN_MS: '6000',
    },
    preload: ['simulator/fast-time.mjs'],
  });
  const [comment] = github.comments();
  await api.close();
  await github.close();
  return { result, comment: await toHtml(comment?.body ?? result.shownLog) };
}
