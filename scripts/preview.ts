/**
 * `npm run preview`: writes `preview/index.html`, a page with all reports as GitHub would show them: those of the stories.
 *
 * `--png`: also takes a picture of each document in each width, light and dark. `--shapes`: the page has reports of findings of many
 * shapes instead, with pictures in the width of a laptop's comment and of a phone. `--images`: takes the pictures in `docs/images`,
 * and plays only their stories. All play the bundle in `dist/`.
 */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './preview/browser.ts';
import { toPage } from './preview/html.ts';
import type { PreviewDocument } from './preview/html.ts';
import { playDocuments, playNamed, playShapes } from './preview/played.ts';

const FOLDER = join(import.meta.dirname, '..', 'preview');
const IMAGES = join(import.meta.dirname, '..', 'docs', 'images');

const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];

/** A phone, a comment on a laptop, a wide screen; in CSS pixels. */
const WIDTHS = [420, 830, 1_280] as const;
/** Widths of the pictures of findings of many shapes. */
export const SHAPE_WIDTHS = [420, 900] as const;
const IMAGE_WIDTH = 860;

/** A picture takes 100 ms; one that takes longer than this hangs. */
const MAX_PICTURE_MS = 10_000;
const MAX_PAGE_MS = 60_000;

/** The images of README and docs by file name: the story, and the article of its page. */
const DOCS_IMAGES = {
  comment: ['gate-red', 'gate-red-comment'],
  'comment-new': ['comment-updated', 'comment-updated-2-comment'],
  'comment-rooms': ['rooms', 'rooms-comment'],
  'comment-deep': ['nested-items', 'nested-items-comment'],
  'comment-runs': ['several-runs', 'several-runs-comment'],
} as const;

/** The page in one width and one colour scheme, and the pictures to take of it. */
interface View {
  readonly width: number;
  readonly scheme: Scheme;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
  readonly pictures: readonly Picture[];
}

interface Picture {
  /** Name of the file in `preview/`. */
  readonly name: string;
  /** The only document to show: on a page with all of them a picture of a part takes seconds. */
  readonly id: string;
  /** The part to take; default: the whole page. */
  readonly article?: string;
  /** Path of a copy for the docs. */
  readonly image?: string;
}

function documentViews(documents: readonly PreviewDocument[]): View[] {
  return SCHEMES.flatMap((scheme) =>
    WIDTHS.map((width) => ({
      width,
      scheme,
      scale: 1,
      pictures: documents.map(({ name }) => ({ name: `${name}-${width}-${scheme}`, id: name })),
    })),
  );
}

function articleViews(documents: readonly PreviewDocument[]): View[] {
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

function docsImageViews(): View[] {
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

/** Opens the page on a screen of this width. `onPage` is called before the page loads. */
export async function openPage(
  browser: Browser,
  path: string,
  width: number,
  onPage?: (page: Page) => void,
  colorScheme: Scheme = 'light',
  deviceScaleFactor = 1,
): Promise<Page> {
  const page = await browser.newPage({ colorScheme, deviceScaleFactor, viewport: { width, height: 900 } });
  onPage?.(page);
  page.setDefaultTimeout(MAX_PICTURE_MS);
  await page.goto(pathToFileURL(path).href, { timeout: MAX_PAGE_MS });
  await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: MAX_PAGE_MS });
  return page;
}

async function showAlone(page: Page, id: string): Promise<void> {
  await page.evaluate(`for (const section of document.querySelectorAll('section')) section.hidden = section.id !== ${JSON.stringify(id)}`);
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
  const browser = await launchChromium();
  const failed: string[] = [];
  let nth = 0;
  try {
    for (const { width, scheme, scale, pictures } of views) {
      const page = await openPage(browser, path, width, undefined, scheme, scale);
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

/** Chooses the documents of the page, and the pictures to take. */
async function choose(options: ReadonlySet<string>): Promise<{ readonly documents: PreviewDocument[]; readonly views: readonly View[] }> {
  if (options.has('--shapes')) {
    const documents = await playShapes();
    return { documents, views: articleViews(documents) };
  }
  if (options.has('--images')) {
    const stories = Object.values(DOCS_IMAGES).map(([story]) => story);
    return { documents: await playNamed(stories), views: docsImageViews() };
  }
  const documents = await playDocuments();
  return { documents, views: options.has('--png') ? documentViews(documents) : [] };
}

if (process.argv[1] === import.meta.filename) {
  const { documents, views } = await choose(new Set(process.argv.slice(2)));
  const path = await writePage(documents);
  const failed = views.length === 0 ? [] : await takePictures(path, views);
  if (failed.length > 0) {
    console.error(`Not taken: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
  console.log(pathToFileURL(path).href);
}
