/**
 * `npm run preview`: what people see, as GitHub would show it, on one page: `preview/index.html`, first of every
 * scenario that the demo plays, then of reports made by hand.
 * With `--png` also a picture of each document in each width, light and dark, and those of the README.
 */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launch } from './preview/browser.ts';
import { toPage } from './preview/html.ts';
import type { PreviewDocument } from './preview/html.ts';
import { allPlayed } from './preview/played.ts';
import { samples } from './preview/samples.ts';

const FOLDER = join(import.meta.dirname, '..', 'preview');
const IMAGES = join(import.meta.dirname, '..', 'docs', 'images');

/** A telephone, a comment on a laptop, a wide screen; in CSS pixels. */
const WIDTHS = [420, 830, 1_280] as const;
const SCHEMES = ['light', 'dark'] as const;

/** One picture takes a tenth of a second; what takes so long hangs. */
const PICTURE_MS = 10_000;
const PAGE_MS = 60_000;

/** What README and docs show, by the name of the article. */
const PICTURES = {
  comment: 'review-comment',
  'comment-new': 'second-push-2-comment',
  'comment-rooms': 'rooms-comment',
  'comment-deep': 'deep-comment',
  'comment-runs': 'many-runs-2-comment',
} as const;

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
  colorScheme: (typeof SCHEMES)[number] = 'light',
  deviceScaleFactor = 1,
): Promise<Page> {
  const page = await browser.newPage({ colorScheme, deviceScaleFactor, viewport: { width, height: 900 } });
  watch?.(page);
  page.setDefaultTimeout(PICTURE_MS);
  await page.goto(pathToFileURL(path).href, { timeout: PAGE_MS });
  await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: PAGE_MS });
  return page;
}

/** With all documents on it the page is so tall that a picture of a part takes seconds. */
async function alone(page: Page, id: string): Promise<void> {
  await page.evaluate(
    `for (const section of document.querySelectorAll('section')) section.hidden = section.id !== ${JSON.stringify(id)}`,
  );
}

/** Gives the names of the pictures that could not be taken. */
async function takePictures(path: string, ids: readonly string[]): Promise<string[]> {
  const browser = await launch();
  const failed: string[] = [];
  let nth = 0;
  const take = async (name: string, work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    const result = await work().then(
      () => `${Math.round(performance.now() - startedAt)} ms`,
      (error: unknown) => {
        failed.push(name);
        return `failed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown'}`;
      },
    );
    console.log(`${String(++nth).padStart(4)}  ${name}.png  ${result}`);
  };
  try {
    for (const scheme of SCHEMES) {
      for (const width of WIDTHS) {
        const page = await open(browser, path, width, undefined, scheme);
        for (const id of ids) {
          const name = `${id}-${width}-${scheme}`;
          await take(name, async () => {
            await alone(page, id);
            await page.screenshot({ fullPage: true, path: join(FOLDER, `${name}.png`) });
          });
        }
        await page.close();
      }
      const page = await open(browser, path, 860, undefined, scheme, 2);
      for (const [name, article] of Object.entries(PICTURES)) {
        const file = join(FOLDER, `${name}-${scheme}.png`);
        await take(`${name}-${scheme}`, async () => {
          await alone(page, article.replace(/-comment$/, ''));
          await page.locator(`article[data-name="${article}"]`).screenshot({ path: file });
        });
        await copyFile(file, join(IMAGES, `${name}-${scheme}.png`)).catch(() => undefined);
      }
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return failed;
}

if (process.argv[1] === import.meta.filename) {
  const byHand = samples().map((sample) => ({ ...sample, name: `by-hand-${sample.name}` }));
  const documents = [...(await allPlayed()), ...byHand];
  const path = await writePage(documents);
  if (process.argv.includes('--png')) {
    const failed = await takePictures(
      path,
      documents.map(({ name }) => name),
    );
    if (failed.length > 0) {
      console.error(`Not taken: ${failed.join(', ')}`);
      process.exitCode = 1;
    }
  }
  console.log(pathToFileURL(path).href);
}
