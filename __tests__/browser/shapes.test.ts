/** Findings as strangers' workflows write them, in a real browser, as wide as a comment on a laptop and as a telephone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openPage, SHAPE_WIDTHS } from '../../scripts/preview.ts';
import { launchChromium } from '../../scripts/preview/browser.ts';
import { toPage } from '../../scripts/preview/html.ts';
import { playShapes } from '../../scripts/preview/played.ts';

const documents = await playShapes();
const articles = documents.flatMap(({ name, summary, comment }) => [
  ...(comment === null ? [] : [`${name}-comment`]),
  ...(summary === null ? [] : [`${name}-summary`]),
]);

interface Cell {
  readonly text: string;
  /** For its text, in CSS pixels. */
  readonly width: number;
  /** A word that is broken, though at no hyphen and no slash; or empty. */
  readonly brokenWord: string;
  /** The text reaches out of the cell. */
  readonly isCut: boolean;
  /** It can be seen once its table is scrolled. */
  readonly isReached: boolean;
  /** It can be seen without that. */
  readonly isInSight: boolean;
}

/** Its rows. The first one is the header. */
type Table = readonly (readonly Cell[])[];

/** Of the tables that are seen without a click. */
async function tablesOf(page: Page, article: string): Promise<readonly Table[]> {
  return page.evaluate<readonly Table[]>(`(() => {
    const article = document.querySelector('article[data-name="${article}"]');
    const isBroken = (range) => {
      const middles = [...range.getClientRects()].filter(({ width }) => width > 1).map(({ top, height }) => top + height / 2);
      return middles.length > 0 && Math.max(...middles) - Math.min(...middles) > 10;
    };
    const wordsOf = (cell) => {
      const words = [];
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (walker.nextNode())
        for (const word of walker.currentNode.data.matchAll(/[^\\s\\u200b/-]+[/-]?/g)) {
          const range = document.createRange();
          range.setStart(walker.currentNode, word.index);
          range.setEnd(walker.currentNode, word.index + word[0].length);
          words.push({ text: word[0], range });
        }
      return words;
    };
    const cellOf = (table) => (cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const text = range.getBoundingClientRect();
      const box = cell.getBoundingClientRect();
      const frame = table.getBoundingClientRect();
      const style = getComputedStyle(cell);
      return {
        text: cell.textContent.replaceAll('\\u200b', '').trim(),
        width: cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
        brokenWord: wordsOf(cell).find(({ range }) => isBroken(range))?.text ?? '',
        isCut: text.width > 0 && (text.left < box.left || text.right > box.right + 1),
        isReached: box.right <= frame.left + table.scrollWidth + 1,
        isInSight: text.right <= frame.right + 1,
      };
    };
    return [...article.querySelectorAll('table')]
      .filter((table) => table.checkVisibility())
      .map((table) => [...table.rows].map((row) => [...row.cells].map(cellOf(table))));
  })()`);
}

let browser: Browser;
let folder: string;
const pages = new Map<number, Page>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shapes-'));
  const path = join(folder, 'index.html');
  await writeFile(path, await toPage(documents));
  browser = await launchChromium();
  for (const width of SHAPE_WIDTHS) pages.set(width, await openPage(browser, path, width));
}, 120_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const [PHONE, LAPTOP] = SHAPE_WIDTHS;

async function tablesAt(width: number, article: string): Promise<readonly Table[]> {
  const page = pages.get(width);
  if (page === undefined) throw new Error(`no page is ${width} px wide`);
  return tablesOf(page, article);
}

describe.each(SHAPE_WIDTHS)('%i px wide', (width) => {
  test.each(articles)('breaks no word of %s, and hides no cell', async (article) => {
    const cells = (await tablesAt(width, article)).flat(2);
    expect(
      cells.filter(({ brokenWord, isCut, isReached }) => brokenWord !== '' || isCut || !isReached),
    ).toEqual([]);
  });

  test('lets no article reach beyond the screen', async () => {
    expect(await pages.get(width)?.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});

test.each(articles)('shows the tables of %s on a laptop without scrolling', async (article) => {
  const cells = (await tablesAt(LAPTOP, article)).flat(2);
  expect(cells.filter(({ isInSight }) => !isInSight)).toEqual([]);
});

/** A text of this many characters is a sentence; where its column were narrower, each of its words would be a line. */
const SENTENCE = 40;
const MIN_WIDTH = 60;

test.each(articles)(
  'shows the names of %s on a telephone without scrolling, and sentences readably',
  async (article) => {
    for (const table of await tablesAt(PHONE, article)) {
      const hasMarks = table[0]?.[0]?.text === '';
      const names = table.flatMap((row) => row.slice(0, hasMarks ? 3 : 2));
      const isOfConditions = table[0]?.some(({ text }) => text === 'Expression') === true;
      if (!isOfConditions) expect(names.filter(({ isInSight }) => !isInSight)).toEqual([]);
      const narrow = table.flat().filter(({ text, width }) => text.length >= SENTENCE && width < MIN_WIDTH);
      expect(narrow).toEqual([]);
    }
  },
);

test.each<[string, string, readonly [thing: string, defect: string][]]>([
  [
    'vendor',
    'not compliant',
    [
      ['4a1c2b3d', 'Fire rating is 60 minutes'],
      ['9e07f1aa', 'for model 39M-17; the schedule lists 39M-21'],
    ],
  ],
  [
    'rooms',
    'dangerous',
    [
      ['Stair 2, level 3', 'Door to the stair does not close by itself'],
      ['Lobby', 'Sprinkler head is painted over'],
    ],
  ],
  [
    'drawings',
    'late',
    [
      ['A-201 Rev C', '21'],
      ['S-110 Rev A', '18'],
    ],
  ],
  [
    'submittals',
    'rejected',
    [
      ['Hollow metal doors, level 2', 'Fire rating is 60 minutes'],
      ['Air handling unit AHU-3', 'The data sheet is for model 39M-17'],
    ],
  ],
  [
    'sarif',
    'errors',
    [
      ['specs/08-11-13.md, 42', 'Clause 2.3.1 is not answered.'],
      ['specs/08-11-13.md, 77', 'Two fire ratings are given for one door.'],
    ],
  ],
  [
    'junit',
    'failed',
    [
      ['closes by itself', 'expected a closer on D-204'],
      ['has safety glass below 900 mm', 'W-17: float glass'],
    ],
  ],
  [
    'rfis',
    'overdue',
    [
      ['Beam depth at axis 7', '2026-04-02'],
      ['Fire stopping at the riser', '2026-04-06'],
    ],
  ],
  [
    'punch_list',
    'open',
    [
      ['L2 / Corridor', 'Scratches beside the lift'],
      ['L3 / 3.02', 'Leaf scrapes the floor'],
    ],
  ],
  [
    'evidence',
    'serious',
    [
      ['Door schedule Rev D', 'Stair door without closer'],
      ['M-301', 'Riser without fire stopping'],
    ],
  ],
  [
    'wide',
    'problems',
    [
      ['Door D-201', 'No closer'],
      ['Door D-202', 'Leaf is 5 mm too wide'],
    ],
  ],
  [
    'texts',
    'problems',
    [
      ['Door D-204', 'has no closer'],
      ['riser R2', 'the schedule says 60'],
    ],
  ],
  [
    'mixed',
    'remarks',
    [
      ['Plant room', 'No second way out'],
      ['Stair 2, level 3', 'Door does not close'],
    ],
  ],
])(
  'names each thing with its defect in the comment on %s, under the heading “%s”',
  async (shape, condition, wanted) => {
    const article = `shape-${shape}-comment`;
    const heading = await pages.get(LAPTOP)?.textContent(`article[data-name="${article}"] h3`);
    expect(heading).toContain(`“${condition}”`);
    const [table = []] = await tablesAt(LAPTOP, article);
    const rows = table.map((row) => row.map(({ text }) => text).join(' · '));
    for (const [thing, defect] of wanted)
      expect(rows.filter((row) => row.includes(thing) && row.includes(defect))).toHaveLength(1);
  },
);
