/**
 * `npm run preview`: what people see, as GitHub would show it, on one page: `preview/index.html`, first of every
 * scenario that the demo plays, then of reports made by hand.
 *
 * `--png`: also a picture of each document in each width, light and dark. `--shapes`: the page has reports of findings of many shapes
 * instead, each drawn as wide as a laptop's comment and as a telephone. `--images`: the pictures in `docs/images`, from their
 * scenarios alone. Each plays the bundle in `dist/`.
 */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { SCENARIOS } from '../simulator/scenarios.ts';
import { launch } from './preview/browser.ts';
import { toPage } from './preview/html.ts';
import type { PreviewDocument } from './preview/html.ts';
import { allPlayed, shapesPlayed } from './preview/played.ts';
import { samples } from './preview/samples.ts';

const FOLDER = join(import.meta.dirname, '..', 'preview');
const IMAGES = join(import.meta.dirname, '..', 'docs', 'images');

const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];

/** A telephone, a comment on a laptop, a wide screen; in CSS pixels. */
const WIDTHS = [420, 830, 1_280] as const;
/** Of the pictures of findings of many shapes. */
export const SHAPE_WIDTHS = [420, 900] as const;
const IMAGE_WIDTH = 860;

/** One picture takes a tenth of a second; what takes so long hangs. */
const PICTURE_MS = 10_000;
const PAGE_MS = 60_000;

/** What README and docs show, by file: the scenario, and the article of it. */
const DOCS_IMAGES = {
  comment: ['review', 'review-comment'],
  'comment-new': ['second-push', 'second-push-2-comment'],
  'comment-rooms': ['rooms', 'rooms-comment'],
  'comment-deep': ['deep', 'deep-comment'],
  'comment-runs': ['many-runs', 'many-runs-2-comment'],
} as const;

/** The page in one width and one scheme, and what is drawn of it. */
interface View {
  readonly width: number;
  readonly scheme: Scheme;
  /** Device pixels for one of CSS. */
  readonly scale: number;
  readonly pictures: readonly Picture[];
}

interface Picture {
  /** Of the file, in `preview/`. */
  readonly name: string;
  /** The document that is shown alone: a page with all of them is so tall that a picture of a part takes seconds. */
  readonly id: string;
  /** The part of it; left out: the whole page. */
  readonly article?: string;
  /** A copy for the docs. */
  readonly image?: string;
}

function everyDocument(documents: readonly PreviewDocument[]): View[] {
  return SCHEMES.flatMap((scheme) =>
    WIDTHS.map((width) => ({
      width,
      scheme,
      scale: 1,
      pictures: documents.map(({ name }) => ({ name: `${name}-${width}-${scheme}`, id: name })),
    })),
  );
}

function everyArticle(documents: readonly PreviewDocument[]): View[] {
  return SHAPE_WIDTHS.map((width) => ({
    width,
    scheme: 'light',
    scale: 2,
    pictures: documents.flatMap(({ name, comment, summary }) => {
      const articles = [comment === null ? [] : `${name}-comment`, summary === null ? [] : `${name}-summary`];
      return articles.flat().map((article) => ({ name: `${article}-${width}`, id: name, article }));
    }),
  }));
}

function docsImages(): View[] {
  return SCHEMES.map((scheme) => ({
    width: IMAGE_WIDTH,
    scheme,
    scale: 2,
    pictures: Object.entries(DOCS_IMAGES).map(([file, [, article]]) => ({
      name: `${file}-${scheme}`,
      id: article.replace(/-comment$/, ''),
      article,
      image: join(IMAGES, `${file}-${scheme}.png`),
    })),
  }));
}

/** Writes the page; returns its path. */
export async function writePage(documents: readonly PreviewDocument[]): Promise<string> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const path = join(FOLDER, 'index.html');
  await writeFile(path, await toPage(documents));
  return path;
}

/** The page as it is seen on a screen so wide. `watch`: is given the page before it loads. */
export async function open(
  browser: Browser,
  path: string,
  width: number,
  watch?: (page: Page) => void,
  colorScheme: Scheme = 'light',
  deviceScaleFactor = 1,
): Promise<Page> {
  const page = await browser.newPage({ colorScheme, deviceScaleFactor, viewport: { width, height: 900 } });
  watch?.(page);
  page.setDefaultTimeout(PICTURE_MS);
  await page.goto(pathToFileURL(path).href, { timeout: PAGE_MS });
  await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: PAGE_MS });
  return page;
}

async function showAlone(page: Page, id: string): Promise<void> {
  await page.evaluate(
    `for (const section of document.querySelectorAll('section')) section.hidden = section.id !== ${JSON.stringify(id)}`,
  );
}

async function takePicture(page: Page, { name, id, article, image }: Picture): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await showAlone(page, id);
  if (article === undefined) await page.screenshot({ fullPage: true, path });
  else await page.locator(`article[data-name="${article}"]`).screenshot({ path });
  if (image !== undefined) await copyFile(path, image);
}

/** Returns the names of the pictures that could not be taken. */
async function takePictures(path: string, views: readonly View[]): Promise<string[]> {
  const browser = await launch();
  const failed: string[] = [];
  let nth = 0;
  try {
    for (const { width, scheme, scale, pictures } of views) {
      const page = await open(browser, path, width, undefined, scheme, scale);
      for (const picture of pictures) {
        const startedAt = performance.now();
        const result = await takePicture(page, picture).then(
          () => `${Math.round(performance.now() - startedAt)} ms`,
          (error: unknown) => {
            failed.push(picture.name);
            return `failed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown'}`;
          },
        );
        console.log(`${String(++nth).padStart(4)}  ${picture.name}.png  ${result}`);
      }
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return failed;
}

async function allDocuments(): Promise<PreviewDocument[]> {
  const byHand = samples().map((sample) => ({ ...sample, name: `by-hand-${sample.name}` }));
  return [...(await allPlayed()), ...byHand];
}

/** What the page has, and what is drawn of it. */
async function plan(
  options: ReadonlySet<string>,
): Promise<{ readonly documents: PreviewDocument[]; readonly views: readonly View[] }> {
  if (options.has('--shapes')) {
    const documents = await shapesPlayed();
    return { documents, views: everyArticle(documents) };
  }
  if (options.has('--images')) {
    const shown = new Set<string>(Object.values(DOCS_IMAGES).map(([scenario]) => scenario));
    const scenarios = Object.entries(SCENARIOS).filter(([name]) => shown.has(name));
    return { documents: await allPlayed(Object.fromEntries(scenarios)), views: docsImages() };
  }
  const documents = await allDocuments();
  return { documents, views: options.has('--png') ? everyDocument(documents) : [] };
}

if (process.argv[1] === import.meta.filename) {
  const { documents, views } = await plan(new Set(process.argv.slice(2)));
  const path = await writePage(documents);
  const failed = views.length === 0 ? [] : await takePictures(path, views);
  if (failed.length > 0) {
    console.error(`Not taken: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
  console.log(pathToFileURL(path).href);
}
