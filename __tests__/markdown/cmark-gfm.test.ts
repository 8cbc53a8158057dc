/**
 * Whole reports through GitHub's own parser, as Debian packs it: not the one of the other tests. Each report has a twin of the
 * same texts with nothing but letters in place of what could be markup: GitHub must make the same of both.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderComment } from '../../src/comment/text.ts';
import { createMarker } from '../../src/comment/memory.ts';
import type { Report } from '../../src/report/report.ts';
import { renderReport } from '../../src/report/report-file.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { aliveInDocument, hostileReport, LINKS, RUN_ID } from '../report/a-report.ts';
import { elementsIn, hostile, parsedHtml, textOf } from '../report/github-markdown.ts';

/** `--hardbreaks`: in comments a newline breaks the line. */
const DOCUMENTS: readonly (readonly [name: string, render: (report: Report) => string, options: string[]])[] =
  [
    ['the summary', renderSummary, []],
    ['the report file', renderReport, []],
    ['the report file as a comment', renderReport, ['--hardbreaks']],
    ['the comment', (report) => renderComment(report, createMarker('0'.repeat(32))), ['--hardbreaks']],
  ];

const EXTENSIONS = ['table', 'strikethrough', 'autolink', 'tasklist', 'footnotes'].flatMap((name) => [
  '-e',
  name,
]);

function html(markdown: string, options: readonly string[]): string {
  const { stdout, status, error } = spawnSync(
    'cmark-gfm',
    ['--unsafe', '--github-pre-lang', ...EXTENSIONS, ...options],
    { input: markdown, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (error) throw error;
  expect(status).toBe(0);
  return stdout;
}

/**
 * The same texts, as long, with a letter that means nothing for each character that might mean something: letters, digits and
 * white space stay, and what was different stays different.
 */
function inert(texts: readonly string[]): string[] {
  const letters = new Map<string, string>();
  return texts.map((text) =>
    text.replace(/[^A-Za-z0-9\s]/g, (unit) => {
      const letter = letters.get(unit) ?? String.fromCharCode(0x4e00 + letters.size);
      letters.set(unit, letter);
      return letter;
    }),
  );
}

/** The author's address of an item's page, as `hostileReport` fills it: the project and the document, percent-encoded. */
const ITEM_PAGE = /^https:\/\/app\.example\.com\/p\/([\w.~%-]+)\/d\/([\w.~%-]+)$/;

/**
 * What GitHub makes of a document: its elements in order and links; where each text is code or not may differ. So may which
 * items have a page: `..` and what has `***` in it have none, the letters of their twins have one.
 */
function shapeOf(markdown: string, options: readonly string[]) {
  const tree = parsedHtml(html(markdown, options));
  const elements = elementsIn(tree);
  const hrefs = elements.flatMap(({ tagName, properties }) =>
    tagName === 'a' ? [String(properties.href)] : [],
  );
  const names = elements
    .filter(({ properties }) => !ITEM_PAGE.test(String(properties.href)))
    .map(({ tagName }) => tagName)
    .filter((name) => !/^(?:code|span)$/.test(name));
  return {
    names,
    links: hrefs.filter((href) => !ITEM_PAGE.test(href)),
    /** Of each item with a page the project and the document. */
    items: hrefs.flatMap((href) => {
      const [, project, document] = ITEM_PAGE.exec(href) ?? [];
      return project === undefined || document === undefined
        ? []
        : [[decodeURIComponent(project), decodeURIComponent(document)] as const];
    }),
    cells: names.filter((name) => name === 'td' || name === 'th').length,
    fences: elements.filter(({ tagName }) => tagName === 'pre').length,
    alive: aliveInDocument(tree),
    text: textOf(tree),
  };
}

const RUN_PAGE = LINKS.runUrl.replace('{run_id}', RUN_ID);
const JOB_PAGE = hostileReport([]).jobRunUrl;

/** More for whoever changes a sanitiser: `DRAWS=1000 npm run test:markdown`. */
const DRAWS = Number(process.env.DRAWS ?? 100);
const texts = fc.array(hostile, { minLength: 4, maxLength: 4 });

describe.each(DOCUMENTS)('%s', (_name, render, options) => {
  test('has the same elements, links and cells as its twin, and nothing that acts', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (given, gated) => {
        const [shape, twin] = [given, inert(given)].map((each) =>
          shapeOf(render(hostileReport(each, gated)), options),
        );
        expect(shape!.names).toEqual(twin!.names);
        expect(shape!.links).toEqual(twin!.links);
        expect([...new Set(shape!.links)]).toEqual([RUN_PAGE, JOB_PAGE]);
        for (const [project, document] of shape!.items) {
          expect(project).toBe(given.join(' '));
          expect(given).toContain(document);
        }
        expect(shape!.cells).toBe(twin!.cells);
        expect(shape!.fences).toBe(twin!.fences);
        expect(shape!.alive).toEqual([]);
      }),
      { numRuns: DRAWS },
    );
  });
});

test('parses such texts into elements, without our escapes', () => {
  const raw = '| a |\n|--|\n| ~~x~~ www.x.com [y](z) <b>b</b> |\n\n- [ ] task[^1]\n\n[^1]: note';
  const { names, links } = shapeOf(raw, []);
  expect(new Set(names)).toEqual(
    new Set('table thead tr th tbody td del a b ul li input sup section ol p'.split(' ')),
  );
  expect(links).toContain('http://www.x.com');
  expect(shapeOf(inert([raw])[0] ?? '', []).links).toEqual([]);
});

test('makes a twin that differs only in characters that may have a meaning', () => {
  expect(inert(['a <b>\n', '<'])).toEqual(['a \u4e00b\u4e01\n', '\u4e00']);
});
