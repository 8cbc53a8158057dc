/** Reports in a real browser at three widths: every scenario and sample, and hostile texts in every place that untrusted text reaches. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../../scripts/preview.ts';
import { launchChromium } from '../../scripts/preview/browser.ts';
import { toPage } from '../../scripts/preview/html.ts';
import { playDocuments } from '../../scripts/preview/played.ts';
import { ATTACKS, renderDocument, handMadeDocuments } from '../../scripts/preview/samples.ts';
import { aReport, hostileReport, RUN_ID } from '../report/a-report.ts';

const documents = [
  ...(await playDocuments()),
  ...handMadeDocuments(),
  ...ATTACKS.map((attack, at) => renderDocument(`attack-${at}`, hostileReport([attack, attack]))),
];
const articles = documents.flatMap(({ name, summary, comment }) => [
  ...(summary === null ? [] : [[`${name}-summary`, summary] as const]),
  ...(comment === null ? [] : [[`${name}-comment`, comment] as const]),
]);

/** Reports as users see them; the others are there to break things. */
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
  browser = await launchChromium();
  page = await openPage(browser, path, 830, (opened) => {
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

const OF_THE_STAND_IN = /^https:\/\/github\.com\/octo-org\/tower\/actions\/runs\/17\d+(?:\/attempts\/\d+)?$/;
const RUN_PAGE = `https://app.example.com/runs/${RUN_ID}`;
const ITEM_PAGE = /^https:\/\/app\.example\.com\/p\/[\w.~%-]+\/d\/[\w.~%-]+$/;

const FOOT =
  /^(?:Written by a model from project documents; treat as data\. )?(?:Attempt \d+\. )?(?:\w+ more fields? per item (?:is|are) in (?:the job summary\.|gate_file\. Job summary)|Job summary)$/;
const FOOT_OF_SUMMARY =
  /^(?:Written by a model from project documents; treat as data\. )?(?:\w+ more fields? per item (?:is|are) in gate_file\. )?Job run$/;

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
  /** The blocks that are no part of a fold. */
  readonly blocks: readonly { readonly tag: string; readonly text: string; readonly isSmall: boolean }[];
  /** How often it says what to do to turn green, folds included. */
  readonly waysOut: number;
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
      blocks: [...article.children].map((block) => ({
        tag: block.tagName.toLowerCase(),
        text: block.textContent.trim(),
        isSmall: block.childNodes.length === 1 && block.firstElementChild?.tagName === 'SUB',
      })),
      waysOut: article.textContent.split('To turn this green:').length - 1,
      rowsInSight: all('tbody > tr').filter((row) => row.checkVisibility()).map((row) => texts([...row.children])),
    };
  })()`);
}

test('runs no script of an output, fetches nothing and opens no dialog', async () => {
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  expect({ dialogs, errors }).toEqual({ dialogs: [], errors: [] });
});

describe.each(articles)('the article %s', (name, markdown) => {
  test('has no active link or mention from untrusted text, and no element that acts', async () => {
    const { links, active } = await inspect(name);
    // Of a report made by hand, or of the job run that the stand-in for the runner makes up.
    const own = (link: string) => link === aReport().jobRunUrl || OF_THE_STAND_IN.test(link);
    // `run_url` and `item_url` are the author's; of an item only encoded fields stand in them.
    const isLinked = /^(?:hostile|attack)/.test(name);
    const others = links.filter((link) => !own(link));
    expect(new Set(links.filter(own)).size).toBeLessThanOrEqual(1);
    expect(others.filter((link) => !isLinked || (link !== RUN_PAGE && !ITEM_PAGE.test(link)))).toEqual([]);
    // Nothing in them is read as another address than the one that is written.
    expect(others.filter((link) => new URL(link).href !== link)).toEqual([]);
    expect(active).toEqual([]);
  });

  test('draws its diagrams', async () => {
    const { diagrams, broken } = await inspect(name);
    const fences = markdown.split('\n').filter((line) => line === '```mermaid');
    expect(diagrams).toHaveLength(name.endsWith('-summary') ? fences.length : 0);
    expect(broken).toEqual([]);
    expect(diagrams.join()).not.toMatch(/syntax error/i);
  });

  test('has rows in every table', async () => {
    for (const { rows, widths } of (await inspect(name)).tables) {
      expect(rows).toBeGreaterThan(0);
      expect(widths).toBe(1);
    }
  });

  test('begins with the verdict and ends with the facts, outside of every fold', async () => {
    const { blocks } = await inspect(name);
    expect(blocks[0]?.tag).toBe(name.endsWith('-comment') ? 'h3' : 'h2');
    expect(blocks[0]?.text).toMatch(/^(?:✅|❌|⚪|⚠️|⏹️) /u);
    expect(blocks[1]?.tag).toBe('p');
    expect(blocks[1]?.text).toMatch(/^(?:Red|Green|No verdict)\b/);
    expect(blocks.at(-1)).toMatchObject({ tag: 'p', isSmall: true });
    expect(blocks.at(-1)?.text).toMatch(name.endsWith('-comment') ? FOOT : FOOT_OF_SUMMARY);
  });

  test('names the way to green at most once, before any table, and only where it is red', async () => {
    const { blocks, waysOut } = await inspect(name);
    expect(waysOut).toBeLessThanOrEqual(blocks[1]?.text.startsWith('Red') === true ? 1 : 0);
    expect(blocks[1]?.text.split('To turn this green:')).toHaveLength(waysOut + 1);
  });
});

test('shows the rows of the second push with their marks without a click', async () => {
  const { rowsInSight } = await inspect('red-second-push-comment');
  expect(rowsInSight.map(([mark]) => mark)).toEqual(['new', '']);
});

test('names the stages in the diagram as the run called them', async () => {
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

test('shows hostile names in the diagram as text', async () => {
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
    readonly bottom: number;
    readonly right: number;
    readonly text: string;
  }[];
  /**
   * Texts of cells that are broken, though all of their column are short: a mark or a title at all, any other within a word
   * or into more than two lines. Data is shown as it is, with no character that would hold it together, so a part number may break.
   */
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
    const text = (element) => element.textContent.trim();
    const blocks = [...article.children].map((child) => ({
      tag: child.tagName.toLowerCase(), bottom: box(child).bottom - edge.top, right: box(child).right - edge.left, text: text(child),
    }));
    const folds = [...article.querySelectorAll('details')].filter((fold) => !fold.open);
    for (const fold of folds) fold.open = true;
    const lines = (cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return apart(range);
    };
    const apart = (range) => {
      const tops = [...range.getClientRects()].filter(({ width }) => width > 1).map(({ top, height }) => top + height / 2);
      return tops.length === 0 ? 0 : Math.max(...tops) - Math.min(...tops);
    };
    const isCut = (cell) => {
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        for (const word of walker.currentNode.data.matchAll(/[^\\s-]+-?/g)) {
          const range = document.createRange();
          range.setStart(walker.currentNode, word.index);
          range.setEnd(walker.currentNode, word.index + word[0].length);
          if (apart(range) > 10) return true;
        }
      }
      return false;
    };
    const broken = [...article.querySelectorAll('table')].flatMap((table) => {
      const rows = [...table.rows].map((row) => [...row.cells]);
      const short = rows[0].map((_, at) => rows.every((row) => text(row[at]).length <= 24));
      const isWhole = (row, at) => row === rows[0] || text(rows[0][at]) === '';
      return rows.flatMap((row) => row.filter((cell, at) => short[at] && (isWhole(row, at) ? lines(cell) > 10 : isCut(cell) || lines(cell) > 30))).map(text);
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
  test('needs no scrolling, and breaks no word in a column of short texts', async () => {
    const { broken, tooWide } = await layout(page, name);
    expect({ broken, tooWide }).toEqual({ broken: [], tooWide: [] });
  });
});

describe('the order of the parts', () => {
  const order = async (name: string) =>
    (await layout(page, name)).blocks.map(({ tag, text }) =>
      `${tag} ${text.split('\n')[0] ?? ''}`.slice(0, 40).trim(),
    );

  test('puts the verdict, the state with the next step, the rows, one fold and the facts into a comment', async () => {
    expect(await order('second-push-2-comment')).toEqual([
      'h3 ❌ Submittals: 2 of 5 items “not compl',
      'p Red at a81d0c4 · since 3f9c1ab: 1 new,',
      'table Document',
      'details More: 1 no longer matching, 3 pa',
      expect.stringMatching(/^p Written by a model from project doc/),
    ]);
  });

  test('puts the table of all runs before the red runs in a comment', async () => {
    expect(await order('many-runs-2-comment')).toEqual([
      'h3 ❌ Submittals: 2 of 3 runs are red: To',
      'p Red at a81d0c4 · since 3f9c1ab: 1 new,',
      'table Run',
      'h4 Tower: 2 of 5 “not compliant”',
      'table Document',
      'h4 Bridge: not finished after 3 min (55',
      'p Last stage seen: Analysing submittals.',
      'details More: 1 no longer matching, 8 pa',
      expect.stringMatching(/^p Written by a model from project doc/),
    ]);
  });

  test.each(['review', 'second-push-2', 'many-runs-2', 'timed-out', 'green'])(
    'shows all up to the next step of %s without scrolling',
    async (name) => {
      for (const kind of ['comment', 'summary']) {
        const { blocks } = await layout(page, `${name}-${kind}`);
        const head = blocks[1];
        expect(head?.text.includes('To turn this green:')).toBe(name !== 'green');
        expect(head?.bottom).toBeLessThan(600);
      }
    },
  );
});

test.each([420, 830, 1_280])(
  'keeps every article within a screen of %d px, light and dark',
  async (width) => {
    for (const scheme of ['light', 'dark'] as const) {
      const other = await openPage(browser, path, width, undefined, scheme);
      const reach = await other.evaluate('document.documentElement.scrollWidth');
      expect(reach).toBe(width);
      await other.close();
    }
  },
  120_000,
);

test('shows the first three columns on a telephone without scrolling: mark, document and clause', async () => {
  const phone = await openPage(browser, path, 420);
  for (const name of ['second-push-2-comment', 'second-push-2-summary']) {
    const { columns, width } = await layout(phone, name);
    expect(columns.slice(0, 3).map(({ title }) => title)).toEqual(['', 'Document', 'Clause']);
    expect(columns[2]?.right).toBeLessThanOrEqual(width);
  }
  await phone.close();
}, 120_000);

test('needs no scrolling in a comment on a telephone', async () => {
  const phone = await openPage(browser, path, 420);
  for (const [name] of honest.filter(([name]) => name.endsWith('-comment'))) {
    const { tooWide } = await layout(phone, name);
    expect({ name, tooWide }).toEqual({ name, tooWide: [] });
  }
  await phone.close();
}, 120_000);
