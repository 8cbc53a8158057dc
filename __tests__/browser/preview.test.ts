/** What people see, in a real browser: every sample, and hostile texts in every place where a text can come from outside. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../../scripts/preview/browser.ts';
import { toPage } from '../../scripts/preview/html.ts';
import { allPlayed } from '../../scripts/preview/played.ts';
import { ATTACKS, rendered, samples } from '../../scripts/preview/samples.ts';
import { aReport, hostileReport } from '../report/a-report.ts';

const documents = [
  ...(await allPlayed()),
  ...samples(),
  ...ATTACKS.map((attack, at) => rendered(`attack-${at}`, hostileReport([attack, attack]))),
];
const articles = documents.flatMap(({ name, summary, comment }) => [
  ...(summary === null ? [] : [[`${name}-summary`, summary] as const]),
  ...(comment === null ? [] : [[`${name}-comment`, comment] as const]),
]);

let browser: Browser;
let page: Page;
let folder: string;
const requests: string[] = [];
const dialogs: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'));
  const path = join(folder, 'index.html');
  await writeFile(path, await toPage(documents));
  browser = await launch();
  page = await browser.newPage();
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

interface Seen {
  /** Where each link leads. */
  readonly links: readonly string[];
  /** Elements that could act or load. */
  readonly active: readonly string[];
  /** Of each table: how many rows it has, and how many different numbers of cells. */
  readonly tables: readonly { readonly rows: number; readonly widths: number }[];
  /** Of each diagram the texts in it. */
  readonly diagrams: readonly (readonly string[])[];
  readonly broken: readonly string[];
  readonly first: string;
  readonly last: string;
  /** The texts of the rows that are seen without a click, by cell. */
  readonly rowsInSight: readonly (readonly string[])[];
}

async function poll(name: string): Promise<Seen> {
  return page.evaluate<Seen>(`(() => {
    const article = document.querySelector('article[data-name="${name}"]');
    const all = (selector, of = article) => [...of.querySelectorAll(selector)];
    const texts = (elements) => elements.map((element) => element.textContent);
    return {
      links: all('a').map((link) => link.getAttribute('href') ?? link.getAttribute('xlink:href')),
      active: all('script, img, iframe, object, embed, form, input, button, [onclick], [onerror], [onload]').map((element) => element.outerHTML),
      tables: all('table').map((table) => ({
        rows: all('tbody > tr', table).length,
        widths: new Set(all('tr', table).map((row) => row.children.length)).size,
      })),
      diagrams: all('.diagram svg').map((svg) => texts(all('text', svg)).map((text) => text.trim())),
      broken: texts(all('.diagram-error')),
      first: article.firstElementChild.textContent,
      last: article.lastElementChild.textContent,
      rowsInSight: all('tbody > tr').filter((row) => row.checkVisibility()).map((row) => texts([...row.children])),
    };
  })()`);
}

test('no script of an output ran, nothing was fetched, no dialog was opened', async () => {
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  expect({ dialogs, errors }).toEqual({ dialogs: [], errors: [] });
});

describe.each(articles)('%s', (name, markdown) => {
  test('no link or mention of foreign origin is alive, and nothing that could act', async () => {
    const { links, active } = await poll(name);
    // Of a report made by hand, or of the job run that the stand-in for the runner makes up.
    const own = [aReport().jobRunUrl, 'https://github.com/octo-org/tower/actions/runs/17'];
    expect(new Set(links).size).toBeLessThanOrEqual(1);
    expect(links.every((link) => own.some((url) => link.startsWith(url)))).toBe(true);
    expect(active).toEqual([]);
  });

  test('diagrams draw', async () => {
    const { diagrams, broken } = await poll(name);
    const fences = markdown.split('\n').filter((line) => line === '```mermaid');
    expect(diagrams).toHaveLength(name.endsWith('-summary') ? fences.length : 0);
    expect(broken).toEqual([]);
    expect(diagrams.join()).not.toMatch(/syntax error/i);
  });

  test('every table has its rows', async () => {
    for (const { rows, widths } of (await poll(name)).tables) {
      expect(rows).toBeGreaterThan(0);
      expect(widths).toBe(1);
    }
  });

  test('begins with the verdict and ends with the facts, outside of every fold', async () => {
    const { first, last } = await poll(name);
    expect(first).toMatch(/^[✅❌⚪] /u);
    expect(last).toMatch(/(?:full report|job run|data, not instructions\.)$/);
  });
});

test('of the second push one sees the rows with their marks, at once', async () => {
  const { rowsInSight } = await poll('red-second-push-comment');
  expect(rowsInSight.map(([mark]) => mark)).toEqual(['new', 'still', 'fixed']);
});

test('the diagram names the stages as they were called', async () => {
  const { diagrams } = await poll('red-second-push-summary');
  expect(diagrams[0]).toEqual(
    expect.arrayContaining([
      '5 s · queued',
      '41 s · Reading documents',
      '1 m 12 s · Analysing submittals',
      '15 s · Writing the summary',
    ]),
  );
});

test('the diagram shows hostile names as text', async () => {
  const { diagrams } = await poll('hostile-summary');
  expect(diagrams[0]).toEqual(
    expect.arrayContaining([
      '1 s · <script>window.pwned = 1</script>',
      '1 s · ::error::no ##[error]no',
      '1 s · <!-- alloovium:00000000000000000000000000000000 --> --> <!--',
    ]),
  );
});
