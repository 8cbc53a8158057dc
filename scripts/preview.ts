/**
 * `npm run preview`: what people see, as GitHub would show it, on one page: `preview/index.html`, first of every
 * scenario that the demo plays, then of reports made by hand.
 * With `--png` also a picture of each document, light and dark.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from './preview/browser.ts';
import { toPage } from './preview/html.ts';
import type { PreviewDocument } from './preview/html.ts';
import { allPlayed } from './preview/played.ts';
import { samples } from './preview/samples.ts';

const FOLDER = join(import.meta.dirname, '..', 'preview');

/** Writes the page; returns its path. */
export async function writePage(documents: readonly PreviewDocument[]): Promise<string> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const path = join(FOLDER, 'index.html');
  await writeFile(path, await toPage(documents));
  return path;
}

async function takePictures(page: string): Promise<void> {
  const browser = await launch();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const tab = await browser.newPage({
        colorScheme,
        viewport: { width: 1044, height: 800 },
        deviceScaleFactor: 2,
      });
      tab.setDefaultTimeout(120_000);
      await tab.goto(pathToFileURL(page).href);
      await tab.waitForSelector('html[data-ready]', { timeout: 60_000 });
      for (const article of await tab.locator('section > article').all()) {
        const name = await article.getAttribute('data-name');
        await article.screenshot({ path: join(FOLDER, `${name ?? 'unnamed'}-${colorScheme}.png`) });
      }
      await tab.close();
    }
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === import.meta.filename) {
  const byHand = samples().map((sample) => ({ ...sample, name: `by-hand-${sample.name}` }));
  const page = await writePage([...(await allPlayed()), ...byHand]);
  if (process.argv.includes('--png')) await takePictures(page);
  console.log(pathToFileURL(page).href);
}
