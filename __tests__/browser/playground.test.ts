/** The playground in Chromium, as a release builds it: its answers, its accessibility, and hostile text. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { toHtml } from '../../playground/markdown.ts';
import { SAMPLES } from '../../playground/samples.ts';
import { readWorkflow } from '../../playground/workflow.ts';
import { launchChromium } from '../../scripts/browser.ts';
import { startApi } from '../../simulator/api.ts';
import { startGithub } from '../../simulator/github.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { newTemp, runAction } from '../../simulator/runner.ts';
import { PROJECT_ID, TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

const RIGHT = "not compliant: outputs.items.filter(i, i.status != 'compliant')";
const COMMIT = 'c0ffee'.padEnd(40, '0');
const FIELDS = ['outputs', 'second', 'fail_if', 'warn_if', 'columns', 'known_by', 'workflow_id', 'project_id', 'inputs'];
const ATTACKS = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1"><img src="https://evil.example/pixel.png">',
  '</details></td></tr></table><h1>Approved</h1><style>body { display: none }</style>',
  '[click](javascript:window.pwned=1) [here](https://evil.example) ![x](https://evil.example/y.png)',
  '\u202eevil\u202c \u200b\u0000\u001b[31mred \ud800',
];

const folder = await newTemp();
let browser: Browser;
let url: string;
let page: Page;
/** Requests and complaints of the pages. */
const trouble: string[] = [];

async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const opened = await browser.newPage({
    colorScheme,
    viewport: { width, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  opened.on('pageerror', (error) => trouble.push(error.message));
  opened.on('console', (message) => trouble.push(message.text()));
  await opened.goto(url);
  opened.on('request', (request) => request.url().startsWith('blob:null/') || trouble.push(request.url()));
  await answered(opened);
  return opened;
}

const answered = (of = page) => of.locator('#main[aria-busy="false"]').waitFor({ timeout: 40_000 });
const textOf = (selector: string) => page.locator(selector).innerText();
const isStale = () => page.locator('#result').evaluate((result) => (result as HTMLElement).inert);

async function type(texts: Readonly<Record<string, string>>, of = page): Promise<void> {
  for (const [name, text] of Object.entries(texts)) await of.fill(`#${name}`, text);
  await answered(of);
}

beforeAll(async () => {
  url = execFileSync('node', ['playground/build.ts'], {
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', RELEASE_COMMIT: COMMIT },
  }).trim();
  browser = await launchChromium();
  page = await open(1_200, 'light');
}, 120_000);

afterEach(() => expect(trouble.splice(0).filter((one) => one !== url)).toEqual([]));
afterAll(() => browser.close());

test('opens with a gate that fails, its comment and its GitHub workflow', async () => {
  expect(await textOf('#verdict')).toBe('❌ 2 of 5 items: not compliant.\nThe check fails. If it is required, it blocks the merge.');
  expect(await page.locator('#comment tr:visible').allInnerTexts()).toEqual([
    'Document\tClause\tReason',
    'Hollow metal doors, level 2\t08 11 13\tStair doors are rated for 60 minutes, not 90.',
    'Air handling unit AHU-3\t23 73 13\tThe data sheet is for model 39M-17, not 39M-21.',
  ]);
  expect(await textOf('#workflow')).toContain(`          fail_if: |\n            ${RIGHT}\n            nothing reviewed:`);
});

test('evaluates pasted outputs up to 8 MiB, and lists their fields', async () => {
  const items = Array.from({ length: 20_001 }, (_, at) => ({ status: at === 7 ? 'good' : 'bad', note: 'x'.repeat(390) }));
  await page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify({ items, 'a b': 1 }).padEnd(8 * 1024 * 1024));
  await page.locator('#outputs').press('Control+A');
  await page.keyboard.press('Control+V');
  await answered();
  expect(await textOf('#shape')).toBe('outputs.items: 20,001 items with status (bad 20000, good 1), note\noutputs["a b"]');
  await type({ fail_if: "bad: outputs.items.filter(i, i.status == 'bad')", columns: 'note' });
  expect(await textOf('#verdict')).toContain('❌ 20,000 of 20,001 items: bad.');
  await type({ fail_if: 'outputs.items.filter(a, outputs.items.exists(b, a.note != b.note))' });
  expect(await textOf('#verdict')).toContain('No result: the conditions took longer than 10 s over these outputs.');
  await type({ outputs: '{"items": [' });
  expect(await textOf('#verdict')).toContain('The outputs are not JSON');
  expect([await page.getAttribute('#outputs', 'aria-invalid'), await isStale()]).toEqual(['true', true]);
}, 120_000);

test('explains the first mistake in a condition at its place, until it is repaired', async () => {
  await page.reload();
  await type({ fail_if: `# first\n${RIGHT.replace('!=', '=')}\noutputs.x = 1`, warn_if: 'outputs.a.lenght() > 0' });
  const [sentence = '', line = '', caret = ''] = (await textOf('#fail_if-fault')).split(/\n+/);
  expect(sentence).toBe('fail_if, line 2, column 49: one = compares nothing: write ==');
  expect(line.charAt(caret.indexOf('^'))).toBe('=');
  expect(await textOf('#warn_if-fault')).toMatch(/^warn_if, line 1, column \d+: there is no lenght\(\)/);
  expect(await textOf('#verdict')).toMatch(/Error in fail_if and warn_if\.\nThe check fails before a run starts/);
  expect([await page.getAttribute('#fail_if', 'aria-invalid'), await isStale()]).toEqual(['true', true]);
  await type({ fail_if: RIGHT, warn_if: '', known_by: '' });
  expect(await textOf('#verdict')).toContain('2 of 5 items: not compliant');
  expect([(await page.locator('[id$="-fault"]').allInnerTexts()).join(''), await isStale()]).toEqual(['', false]);
});

test('compares a second run by the field that is unique in both, and proposes `known_by`', async () => {
  await page.reload();
  const { items } = JSON.parse(await page.inputValue('#outputs')) as { items: Record<string, unknown>[] };
  const changes = [{ reason: 'Other words.' }, { reason: 'Other words.', clause: '' }, {}, {}, { document: 'Another roof' }];
  const second = items.map((item, at) => ({ ...item, ...changes[at], document_id: undefined, note: 1 })).toReversed();
  await type({ second: JSON.stringify({ items: second }) });
  expect((await textOf('#compared')).split(/\n+/)).toEqual([
    'outputs.items: 4 items in both runs, aligned by document; 2 items in one run only',
    ...['document: same', 'document_id: missing in 4 of 4', 'clause: missing in 1 of 4', 'status: same', 'reason: varies in 2 of 4'],
    ...['note: missing in 4 of 4', 'Set known_by to document, status'],
  ]);
  await page.getByRole('button', { name: 'Set known_by to document, status' }).press('Enter');
  await answered();
  expect([await page.inputValue('#known_by'), await textOf('#workflow')]).toEqual([
    'document, status',
    expect.stringContaining('known_by: document, status\n'),
  ]);
  await type({ outputs: '{"items": [{"a": 1, "b": "x"}, {"a": 1}]}', second: '{"items": [{"a": 1, "b": "x"}, {"a": 2}]}' });
  expect(await textOf('#compared')).toMatch(
    /^outputs\.items: 2 items in both runs, aligned by position\s+a: varies in 1 of 2\s+b: missing in 1 of 2\s+Fewer than two/,
  );
  await type({ second: '{' });
  expect([(await textOf('#second-fault')).slice(0, 16), await textOf('#compared'), await isStale()]).toEqual([
    'This is not JSON',
    '',
    false,
  ]);
});

test('hints at an empty list and at a value that no condition expects', async () => {
  await page.reload();
  const line = "outputs.items.filter(i, i.status == 'non-compliant')";
  await type({ fail_if: line });
  expect(await page.locator('#hints code:last-of-type').allInnerTexts()).toEqual([
    'nothing reviewed: size(outputs.items) == 0',
    "unexpected status: outputs.items.filter(i, !(i.status in ['non-compliant', 'compliant']))",
  ]);
  for (const left of [1, 0]) {
    await page.locator('#hints button').first().press('Enter');
    await answered();
    expect(await page.locator('#hints li').count()).toBe(left);
  }
  expect((await page.inputValue('#fail_if')).split('\n')).toHaveLength(3);
  expect(await textOf('#verdict')).toContain('The check fails.');
  const { outputs = '', fail_if = '' } = SAMPLES['Issues within documents'] ?? {};
  await type({ outputs, fail_if: fail_if.split('\n')[0] ?? '' });
  expect((await textOf('#hints')).replaceAll(/\s+/g, ' ')).toMatch(
    /size\(outputs\.documents\) == 0.*c\.issues\.filter\(i, !\(i\.severity in \['high', 'low'\]\)\)\.map/,
  );
});

test('copies the GitHub workflow, and names the ID that is still an example', async () => {
  await type({ workflow_id: ' wf_mine ' });
  await page.click('#copy');
  expect(await textOf('#copied:not(:empty)')).toBe("Copied. Replace the example's project_id with yours.");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await page.textContent('#workflow'));
  expect(copied).toContain('uses: alloovium/run-workflow@v1\n');
  expect(copied).toMatch(/workflow_id: wf_mine\n +project_id: .* # replace this\n/);
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error())));
  await page.click('#copy');
  await page.getByText('Copy the selected text').waitFor();
  expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe(copied.trim());
  await page.check('#pin');
  await answered();
  expect(await textOf('#workflow')).toContain(`uses: alloovium/run-workflow@${COMMIT} # v1.0.0\n`);
});

test('fits 390 px in the dark, and keeps result and caret visible', async () => {
  const phone = await open(390, 'dark');
  expect(await phone.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(13, 17, 23)');
  const x = 'x'.repeat(300);
  await type({ outputs: JSON.stringify({ items: [{ a: x, [x]: 1 }] }) }, phone);
  for (const failIf of [`outputs.items.filter(i, i.a == '${x}')`, `outputs['${x}'] > 1`, `${x} == = 1`]) {
    await type({ fail_if: failIf }, phone);
    await phone.locator('#inputs').scrollIntoViewIfNeeded();
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect((await phone.locator('#verdict').boundingBox())?.y).toBe(0);
  }
  const { x: caretAt = -1 } = (await phone.locator('#fail_if-fault b').boundingBox()) ?? {};
  expect(Math.abs(caretAt - 195)).toBeLessThan(180);
  await phone.close();
});

test('leads the keyboard to every part in order, and keeps the focus', async () => {
  await page.reload();
  const parts = [
    ...Object.keys(SAMPLES),
    'outputs',
    'second',
    'CEL, with recipes',
    ...FIELDS.slice(2),
    '5 items passed · conditions',
    'pin',
    'copy',
    'workflow',
  ];
  for (const part of parts) {
    await page.keyboard.press('Tab');
    const { id, text } = await page.locator(':focus').evaluate(({ id, textContent }) => ({ id, text: textContent }));
    expect(id === '' ? text : id).toBe(part);
    if (part === 'No findings') await page.keyboard.press('Enter');
    if (part === 'project_id') await page.keyboard.type('tower\n');
    await answered();
  }
  expect(await textOf('#verdict')).toMatch(/^✅ .*\.\nThe check passes\.$/);
  expect(await textOf('#workflow')).toContain('project_id: tower\n');
});

test('gives each control a name and a description, and announces results, faults and copying', async () => {
  expect((await page.locator('main').ariaSnapshot()).match(/(?<=- (?:button|textbox|checkbox|region|article) )"[^"]+"/g)?.join(' ')).toBe(
    '"Your gate" "Two findings" "No findings" "Issues within documents" "Outputs of a run" "Outputs of a second run, if you have one" ' +
      '"The check fails if fail_if" "The check only warns if warn_if" "Columns of its table columns" ' +
      '"Fields that identify a finding known_by" "Alloovium workflow workflow_id" "Alloovium project project_id" ' +
      '"Input variables of the Alloovium workflow, if it declares any inputs" ' +
      '"The comment that your team gets" "The comment that your team gets" "The GitHub workflow to copy" ' +
      '"Pin the action to the commit of release v1.0.0" "Copy the GitHub workflow"',
  );
  await type({ columns: 'a, a' });
  expect(await page.getAttribute('#columns', 'aria-describedby')).toContain('columns-fault');
  expect(await textOf('#columns-fault')).toBe('columns has the same field twice, or two lines for the same condition');
  const live = await page.locator('[role=status]').evaluateAll((all) => all.map(({ id }) => id));
  expect(live).toEqual(['verdict', ...FIELDS.map((name) => `${name}-fault`), 'copied']);
});

test('sends and stores nothing, since the browser enforces a policy without `unsafe-*` and hosts', async () => {
  expect(await page.getAttribute('meta[http-equiv]', 'content')).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; worker-src blob:; base-uri 'none'; form-action 'none'$/,
  );
  const happened = await page.evaluate(async () => {
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.pwned = 1' }));
    const [{ status }] = await Promise.allSettled([fetch('http://127.0.0.1:9/')]);
    return [status, 'pwned' in window, localStorage.length + sessionStorage.length + document.cookie.length];
  });
  expect(happened).toEqual(['rejected', false, 0]);
  const isOfPolicy = (said: string) => /^(?:Executing inline script|Connecting to|Fetch API|Refused).*Content Security Policy/.test(said);
  expect(trouble.splice(0).filter((said) => said !== url && !isOfPolicy(said))).toEqual([]);
});

test('shows hostile outputs as text, without scripts, images and links', async () => {
  await page.reload();
  const items = ATTACKS.toReversed().map((attack) => ({ [attack]: attack, status: attack, deep: [{ html: attack }] }));
  const places = page.locator(':is(#verdict, #shape, #compared, #hints, #comment, [id$="-fault"])');
  for (const failIf of ['outputs.items\noutputs.items.exists(i, i.nothing)', '', ATTACKS.join('')]) {
    const outputs = JSON.stringify({ items, '<img src=x onerror="window.pwned = 1">': items });
    await type({ outputs, second: outputs, fail_if: failIf, columns: '' });
    expect(await places.locator(':is(script, img, style, h1, iframe, [href], [onerror])').count()).toBe(0);
    const shown = (await places.allTextContents()).join('');
    const isPwned = await page.evaluate(() => 'pwned' in window);
    expect([isPwned, shown.includes('window.pwned = 1'), /[\u202e\u200b]/.test(shown)]).toEqual([false, true, false]);
  }
});

test('copies a GitHub workflow that passes the linters, and plays with the same result and comment', async () => {
  execFileSync('ncc', ['build', 'src/index.ts', '-o', join(folder, 'dist')]);
  const own = { warn_if: 'many: size(outputs.items) > 4', inputs: "level: 3\nsection: '08 11 13'", known_by: '', columns: '' };
  const other = { ...SAMPLES['Two findings'], ...own, fail_if: "outputs.items.filter(i, i.statsu != 'x')" };
  for (const texts of [...Object.values(SAMPLES), other]) {
    await type({ ...texts, workflow_id: WORKFLOW_ID, project_id: PROJECT_ID });
    const workflow = (await page.textContent('#workflow')) ?? '';
    writeFileSync(`${folder}/submittals.yml`, workflow);
    expect(execFileSync('node', ['scripts/check-docs.ts', `${folder}/submittals.yml`]).toString()).toContain(' 0 faults');
    const { result, comment } = await play(workflow, JSON.parse(await page.inputValue('#outputs')));
    expect(await textOf('#verdict strong')).toContain(`${(result.outputs.headline ?? '').replaceAll('`', '')}.`);
    expect(await page.getAttribute('#verdict', 'class')).toBe(result.exitCode === 0 ? 'green' : 'red');
    const played = await page.evaluate((innerHTML) => Object.assign(document.createElement('div'), { innerHTML }).innerHTML, comment);
    expect(normalise(await page.innerHTML('#comment'))).toBe(normalise(played));
  }
}, 180_000);

const normalise = (html: string) => html.trim().replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC|run_[\w-]+/g, '…');
/** Plays the step for pull request 7 with a run that returns these outputs. @returns its comment as HTML */
async function play(workflow: string, outputs: unknown) {
  const api = await startApi({ isClientDriven: true, lifecycle: steadyLifecycle({ outputs }) });
  const github = await startGithub();
  const inputs = { ...readWorkflow(workflow).inputs, api_key: TEST_KEY, api_url: api.url };
  const env = { GITHUB_API_URL: github.apiUrl, FAST_TIME_FROZEN_MS: '6000' };
  const given = { inputs, token: 'ghs_simulated', env, eventName: 'pull_request' };
  const result = await runAction({ ...given, bundle: join(folder, 'dist/index.js'), preload: ['simulator/fast-time.mjs'] });
  await Promise.all([api.close(), github.close()]);
  return { result, comment: await toHtml(github.comments()[0]?.body ?? result.shownLog) };
}
