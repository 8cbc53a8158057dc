/**
 * Documents of whole steps through GitHub's own parser, as Debian packs it: not the one of the other tests. Each has a twin of the
 * same texts with nothing but letters in place of what could be markup: GitHub must make the same of both. `DRAWS=…` draws more.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aliveInDocument, elementsIn, hostile, parsedHtml, textOf } from '../support/github-markdown.ts';
import { inert, playHostileStep, RUN_PAGE } from '../support/hostile-step.ts';

const DRAWS = Number(process.env.DRAWS ?? 30);
const folder = mkdtempSync(join(tmpdir(), 'markdown-'));
afterAll(() => rmSync(folder, { recursive: true }));

const EXTENSIONS = ['table', 'strikethrough', 'autolink', 'tasklist', 'footnotes'].flatMap((name) => ['-e', name]);

/** @param options `--hardbreaks`: in comments a newline breaks the line */
function html(markdown: string, options: readonly string[]): string {
  const given = ['--unsafe', '--github-pre-lang', ...EXTENSIONS, ...options];
  const { stdout, status, error } = spawnSync('cmark-gfm', given, { input: markdown, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error) throw error;
  expect(status).toBe(0);
  return stdout;
}

/** What GitHub makes of a document; where each text is code or not may differ. */
function shapeOf(markdown: string, options: readonly string[] = []) {
  const tree = parsedHtml(html(markdown, options));
  const elements = elementsIn(tree);
  return {
    names: elements.map(({ tagName }) => tagName).filter((name) => name !== 'code' && name !== 'span'),
    links: elements.flatMap(({ tagName, properties }) => (tagName === 'a' ? [String(properties.href)] : [])),
    alive: aliveInDocument(tree),
    text: textOf(tree),
  };
}

test.each(['plain', 'gated', 'failed'] as const)(
  'documents of a run (%s) have the elements and links of their twins',
  async (how) => {
    const texts = fc.array(
      hostile.map((text) => text.toWellFormed()),
      { minLength: 4, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        const { documents } = await playHostileStep(given, how, folder);
        const twin = await playHostileStep(inert(given), how, folder);
        for (const name of ['summary', 'report', 'comment'] as const) {
          const options = name === 'summary' ? [] : ['--hardbreaks'];
          const shape = shapeOf(documents[name], options);
          const { names, links } = shapeOf(twin.documents[name], options);
          expect(shape).toMatchObject({ names, links, alive: [] });
          expect(links).toContain(RUN_PAGE);
        }
      }),
      { numRuns: DRAWS },
    );
  },
  12 * 60 * 60_000,
);

test('parses such texts into elements, without our escapes', () => {
  const raw = '| a |\n|--|\n| ~~x~~ www.x.com [y](z) <b>b</b> |\n\n- [ ] task[^1]\n\n[^1]: note';
  const { names, links } = shapeOf(raw);
  expect(new Set(names)).toEqual(new Set('table thead tr th tbody td del a b ul li input sup section ol p'.split(' ')));
  expect(links).toContain('http://www.x.com');
  expect(shapeOf(inert([raw])[0] ?? '').links).toEqual([]);
});
