/** What people see, in a real browser and in three widths: every sample, and hostile texts in every place where a text can come from outside. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { open } from '../../scripts/preview.ts';
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

/** Those that a user comes to see; the others are there to break things. */
const honest = articles.filter(([name]) => !/hostile|attack/.test(name));

let browser: Browser;
let page: Page;
let path: string;
let folder: string;
const requests: string[] = [];
const dialogs: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'));
  path = join(folder, 'index.html');
  await writeFile(path, await toPage(documents));
  browser = await launch();
  page = await open(browser, path, 830, (opened) => {
    opened.on('request', (request) => requests.push(request.url()));
    opened.on('pageerror', (error) => errors.push(error.message));
    opened.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });
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

async function inspect(name: string): Promise<Seen> {
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
  test('no link or mention of untrusted origin is alive, and nothing that could act', async () => {
    const { links, active } = await inspect(name);
    // Of a report made by hand, or of the job run that the stand-in for the runner makes up.
    const own = [aReport().jobRunUrl, 'https://github.com/octo-org/tower/actions/runs/17'];
    expect(new Set(links).size).toBeLessThanOrEqual(1);
    expect(links.every((link) => own.some((url) => link.startsWith(url)))).toBe(true);
    expect(active).toEqual([]);
  });

  test('diagrams draw', async () => {
    const { diagrams, broken } = await inspect(name);
    const fences = markdown.split('\n').filter((line) => line === '```mermaid');
    expect(diagrams).toHaveLength(name.endsWith('-summary') ? fences.length : 0);
    expect(broken).toEqual([]);
    expect(diagrams.join()).not.toMatch(/syntax error/i);
  });

  test('every table has its rows', async () => {
    for (const { rows, widths } of (await inspect(name)).tables) {
      expect(rows).toBeGreaterThan(0);
      expect(widths).toBe(1);
    }
  });

  test('begins with the verdict and ends with the facts, outside of every fold', async () => {
    const { first, last } = await inspect(name);
    expect(first).toMatch(/^(?:✅|❌|⚪|⚠️) /u);
    expect(last).toMatch(/(?:full report|job run|; treat as data\.)$/);
  });
});

test('of the second push one sees the rows with their marks, at once', async () => {
  const { rowsInSight } = await inspect('red-second-push-comment');
  expect(rowsInSight.map(([mark]) => mark)).toEqual(['new', 'still']);
});

test('the diagram names the stages as they were called', async () => {
  const { diagrams } = await inspect('red-second-push-summary');
  expect(diagrams[0]).toEqual(
    expect.arrayContaining([
      '5 s · queued',
      '41 s · Reading documents',
      '1 min 12 s · Analysing submittals',
      '15 s · Writing the summary',
    ]),
  );
});

test('the diagram shows hostile names as text', async () => {
  const { diagrams } = await inspect('hostile-summary');
  expect(diagrams[0]).toEqual(
    expect.arrayContaining([
      '1 s · <script>window.pwned = 1</script>',
      '1 s · ::error::no ##[error]no',
      '1 s · <!-- alloovium:00000000000000000000000000000000 --> --> <!--',
    ]),
  );
});

/** How an article is laid out, with all its folds open; in CSS pixels from its own edge. */
interface Layout {
  readonly width: number;
  /** Of each block that is seen without a click, how far it reaches, and its text. */
  readonly blocks: readonly {
    readonly tag: string;
    readonly top: number;
    readonly right: number;
    readonly text: string;
  }[];
  /** Texts of cells that take more than one line, though all of their column are short. */
  readonly broken: readonly string[];
  /** Tables and lines that reach beyond the article or have to be scrolled. */
  readonly tooWide: readonly string[];
  /** Where the columns of the first table end, with their titles. */
  readonly columns: readonly { readonly title: string; readonly right: number }[];
}

async function layout(of: Page, name: string): Promise<Layout> {
  return of.evaluate<Layout>(`(() => {
    const article = document.querySelector('article[data-name="${name}"]');
    const edge = article.getBoundingClientRect();
    const box = (element) => element.getBoundingClientRect();
    const text = (element) => element.textContent.trim().replace(/\\u00a0+$/, '');
    const blocks = [...article.children].map((child) => ({
      tag: child.tagName.toLowerCase(), top: box(child).top - edge.top, right: box(child).right - edge.left, text: text(child),
    }));
    const folds = [...article.querySelectorAll('details')].filter((fold) => !fold.open);
    for (const fold of folds) fold.open = true;
    const lines = (cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const tops = [...range.getClientRects()].filter(({ width }) => width > 1).map(({ top, height }) => top + height / 2);
      return tops.length === 0 ? 0 : Math.max(...tops) - Math.min(...tops);
    };
    const broken = [...article.querySelectorAll('table')].flatMap((table) => {
      const rows = [...table.rows].map((row) => [...row.cells]);
      const short = rows[0].map((_, at) => rows.every((row) => text(row[at]).length <= 24));
      return rows.flatMap((row) => row.filter((cell, at) => short[at] && lines(cell) > 10)).map(text);
    });
    const tooWide = [...article.querySelectorAll('table, p, li, h2, h3, h4, summary')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 || box(one).right > edge.right)
      .map(text);
    const columns = [...(article.querySelector('tr')?.children ?? [])].map((cell) => ({ title: text(cell), right: box(cell).right - edge.left }));
    for (const fold of folds) fold.open = false;
    return { width: edge.width, blocks, broken, tooWide, columns };
  })()`);
}

describe.each(honest.map(([name]) => name))('%s, as wide as a comment on a laptop', (name) => {
  test('nothing has to be scrolled, and no cell of a column of short ones takes two lines', async () => {
    const { broken, tooWide } = await layout(page, name);
    expect({ broken, tooWide }).toEqual({ broken: [], tooWide: [] });
  });
});

describe('what stands above what', () => {
  const order = async (name: string) =>
    (await layout(page, name)).blocks.map(({ tag, text }) =>
      `${tag} ${text.split('\n')[0] ?? ''}`.slice(0, 40).trim(),
    );

  test('in a comment: the verdict, red or green in words, the rows, the next step, what is folded, the facts', async () => {
    expect(await order('second-push-2-comment')).toEqual([
      'h3 ❌ Submittals: 2 of 5 items “not compl',
      'p This check is red at a81d0c4. Since 3f',
      'p In all rows: status non-compliant',
      'table Title',
      'p To turn this green: correct the two it',
      'details 1 item no longer found',
      'details 3 items without findings',
      'details Gate: 1 of 2 conditions is red',
      'details What the workflow wrote',
      expect.stringMatching(/^p Written by a model from project doc/),
    ]);
  });

  test('in a comment of several runs: the table of all, the next step, then the red runs', async () => {
    expect((await order('many-runs-2-comment')).slice(0, 8)).toEqual([
      'h3 ❌ Submittals: 2 of 3 runs are red',
      'p This check is red at a81d0c4. Since 3f',
      'table Run',
      'p To turn this green: fix the cause of e',
      'h4 ❌ Tower',
      'p In all rows: status non-compliant',
      'table Title',
      'h4 ❌ Bridge',
    ]);
  });

  test.each(['review', 'second-push-2', 'many-runs-2', 'timed-out', 'green'])(
    'of %s one sees, without scrolling, all up to the next step',
    async (name) => {
      for (const kind of ['comment', 'summary']) {
        const { blocks } = await layout(page, `${name}-${kind}`);
        const last = blocks.findIndex(({ text }) => text.startsWith('To turn this green'));
        const shown = blocks.slice(0, last === -1 ? 2 : last + 1);
        expect(shown.at(-1)?.top).toBeLessThan(600);
      }
    },
  );
});

test.each([420, 830, 1_280])(
  '%d px wide, light and dark, no article reaches beyond the screen',
  async (width) => {
    for (const scheme of ['light', 'dark'] as const) {
      const other = await open(browser, path, width, undefined, scheme);
      const reach = await other.evaluate('document.documentElement.scrollWidth');
      expect(reach).toBe(width);
      await other.close();
    }
  },
  120_000,
);

test('on a telephone the first three columns, mark, name and reason, are seen without scrolling', async () => {
  const phone = await open(browser, path, 420);
  for (const name of ['second-push-2-comment', 'second-push-2-summary']) {
    const { columns, width } = await layout(phone, name);
    expect(columns.slice(0, 3).map(({ title }) => title)).toEqual(['', 'Title', 'Reason']);
    expect(columns[2]?.right).toBeLessThanOrEqual(width);
  }
  await phone.close();
}, 120_000);
