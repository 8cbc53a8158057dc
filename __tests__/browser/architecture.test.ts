/** The drawings of ARCHITECTURE.md, in a real browser. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/preview/browser.ts';

const text = await readFile('ARCHITECTURE.md', 'utf8');
const drawings = text.split(/^## /m).flatMap((section) => {
  const [heading = ''] = section.split('\n', 1);
  return [...section.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(
    ([, code = '']) => [heading, code] as const,
  );
});

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js') });
}, 60_000);

afterAll(() => browser.close());

test.each(drawings)('draws the diagram “%s” of ARCHITECTURE.md', async (_heading, code) => {
  const svg = await page.evaluate(async (source) => {
    const { mermaid } = globalThis as unknown as {
      mermaid: { render: (id: string, source: string) => Promise<{ svg: string }> };
    };
    return (await mermaid.render('drawing', source)).svg;
  }, code);
  expect(svg).toContain('<svg');
  expect(svg).not.toMatch(/syntax error/i);
});
