/** What each sink makes of texts of any kind. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCommands } from '../../simulator/workflow-commands.ts';
import * as e from '../../src/text/escape.ts';
import { alive, elementsIn, firstOf, hostile, parsed, textOf } from '../support/github-markdown.ts';
import { MATCHERS, matchingPatterns } from '../support/problem-matchers.ts';

const ZWSP = '\u200b';
const SPLIT = '<span></span>';
const LONG = 1_000_000;
const TRUSTED = 'outputs.x is a text: write {"low": 1}[outputs.x] >= 3, or has(outputs.x) ? outputs.x : 0';

test.each([
  ['letters of any script', e.escapeInvisible('Größe\t漢字\nעברית 😀 ⚠️ 1️⃣'), 'Größe\t漢字\nעברית 😀 ⚠️ 1️⃣'],
  ['line ends and controls', e.escapeInvisible('a\r\nb\rc\0\x85'), 'a\nb\\u{d}c\\u{0}\\u{85}'],
  [
    'what nobody sees',
    e.escapeInvisible('\u202e\u200b\u2028\u{e0041}\u3164\ud800'),
    '\\u{202e}\\u{200b}\\u{2028}\\u{e0041}\\u{3164}\\u{d800}',
  ],
  ['selectors that make no emoji', e.escapeInvisible('a\ufe0f ⚠️\ufe0f #\ufe0f['), 'a\\u{fe0f} ⚠️\\u{fe0f} #\\u{fe0f}['],
  ['ordinary words in the log', e.escapeForLog('Analysing submittals (3 of 5), door-12'), 'Analysing submittals (3 of 5), door-12'],
  [
    'a word with a colon in the log',
    e.escapeForLog('at 08:30, https://a.example/b?c=d:e a'),
    `at 08:30,${ZWSP} https://a.example/b?c=d:e${ZWSP} a`,
  ],
  ['a command in the log', e.escapeForLog('::error::true'), ` ${ZWSP}:${ZWSP} ${ZWSP}:error:${ZWSP} ${ZWSP}:true${ZWSP}`],
  ['an older command in the log', e.escapeForLog('x ##[add-mask]e'), 'x ## [add-mask]e'],
  ['a file position in the log', e.escapeForLog('TS2304:x line 1, col 2'), `TS2304${ZWSP}:x${ZWSP} line${ZWSP} 1, col 2`],
  ['newlines and tabs in the log', e.escapeForLog('a\nb\tc\r\nd'), 'a\\nb\\tc\\nd'],
  ['a long text in the log', e.escapeForLog('x'.repeat(501)), `${'x'.repeat(499)}…`],
  ['values between trusted words', e.logLine`::x ${'::y'} ${e.logLine`a:b`} ${3}`.safe, `::x  ${ZWSP}:${ZWSP} ${ZWSP}:y${ZWSP} a:b 3`],
  ['a trusted sentence in the log', e.escapeSentenceForLog(TRUSTED).safe, TRUSTED],
  ['the blanks before a caret', e.escapeSentenceForLog(`${' '.repeat(20)}^`).safe, `${' '.repeat(20)}^`],
  ['what JSON strings quote', e.escapeSentenceForLog('its keys: "a:1 b", "a:1').safe, `its keys: "a:1${ZWSP} b", "a:1${ZWSP}`],
  ['lines in an annotation', e.escapeForAnnotation('a\n  b\tc ##[error]\u202e'), 'a b c ## [error]\\u{202e}'],
  ['a long annotation', e.escapeForAnnotation('x'.repeat(5_000)), `${'x'.repeat(4_095)}…`],
  [
    'ordinary prose',
    e.escapeForProse('non_compliant at 10:30, 3/5 done: "ok", it\'s 20% over + 2; 08 11 13 (see 12-A)'),
    'non_compliant at 10:30, 3/5 done: "ok", it\'s 20% over + 2; 08 11 13 (see 12-A)',
  ],
  ['commits and keys of trackers, which lead where the repository chose', e.escapeForProse('deadbeef1 AHU-3 a=1'), 'deadbeef1 AHU-3 a=1'],
  ['GH-1', e.escapeForProse('GH-1 gh-2'), 'GH<span>&#x2d;</span>1 gh<span>&#x2d;</span>2'],
  ['a long text of markup', e.escapeForProse('<'.repeat(301), 300), `${'&lt;'.repeat(299)}…`],
  ['a text after many blanks', e.escapeForProse(`${' '.repeat(5000)}x`, 300), '…'],
  ['a command for bots', e.escapeForProse('/deploy docs/deploy x@y'), `&#x2f;deploy docs/${SPLIT}deploy x@${SPLIT}y`],
  ['backquotes in a sentence', e.escapeSentenceForMarkdown('set `a|b` now'), 'set <code>a&#x7c;b</code> now'],
  ['JSON strings in a sentence', e.escapeSentenceForMarkdown('no key "*x"; its keys: "a b'), 'no key `"*x"`; its keys: `"a b`'],
  ['names in a sentence', e.escapeSentenceForMarkdown('“a*b*” is ` true'), '“a&#x2a;b&#x2a;” is &#x60; true'],
  ['adjacent pieces of code', e.escapeSentenceForMarkdown('keys "a""b"'), `keys \`"a"\`${SPLIT}\`"b"\``],
  ['an empty text as code', e.formatCode(''), '(empty)'],
  ['code', e.formatCode('3/5 a<b\nc'), '`3/5 a<b\\nc`'],
  ['a call in code', e.formatCode('@claude <!-- x -->'), `<code>@${SPLIT}claude &lt;!-- x --&gt;</code>`],
  ['a block', e.formatCodeBlock('@a /b <!-- | 3/5'), `\`\`\`\n@${ZWSP}a /${ZWSP}b <${ZWSP}!-- | 3/5\n\`\`\``],
  ['a block to copy', e.formatCodeBlock('@a /b', 99, 'yaml'), '```yaml\n@a /b\n```'],
  ['a cut block of backquotes', e.formatCodeBlock('`'.repeat(50), 10), '``````````\n`````````…\n``````````'],
  ['a pair of surrogates', e.truncate('ab😀c', 4), 'ab…'],
])('writes %s so that it does not act', (_, written, expected) => {
  expect(written).toBe(expected);
});

test('escapeInvisible leaves no invisible character in any text', () => {
  fc.assert(fc.property(hostile, (text) => expect(e.escapeInvisible(text)).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/u)));
});

/** Lines that the runner takes for a command, or might take if it ignored invisible characters. */
function commandsIn(stream: string): string[] {
  return stream.split(/\r\n|[\n\r]/).filter((line) => {
    const seen = line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, '');
    return seen.trim().startsWith('::') || seen.includes('##[');
  });
}

describe('a line of the log', () => {
  test.each([':p@ss:w0rd', 'postgres://app1:9x@db.example.com:5432/x'])('keeps %s unchanged, so that it is found and masked', (text) => {
    expect(e.escapeForLog(`a ${text} b`)).toContain(text);
  });

  test('has no command in any text, nor in two adjacent ones with trusted text between them', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.nat(40), (one, other, length) => {
        const a = e.escapeForLog(one, length + 3);
        const b = e.escapeForLog(other);
        for (const line of [a, a + b, `${a}:${b}`, `${a}#${b}`, `${a}[${b}]`, `#${a}`, `:${b}`, `${a} · ${b}`]) {
          expect([...commandsIn(line), ...findCommands(line)]).toEqual([]);
          expect(line).not.toMatch(/::|##\[|[\n\r]/);
        }
      }),
    );
    expect(commandsIn(' \u00a0::error::x\r##[group]y\nok')).toHaveLength(2);
  });
});

describe('the problem matchers of earlier steps', () => {
  const TAKEN = MATCHERS.map(([, , example]) => example);
  const PIECES = [...new Set(TAKEN.flatMap((text) => text.split(/(\W+)/))), '\u00a0', ':', '::', ':12', '"'];
  const piece = fc.constantFrom(...PIECES);
  const changed = fc
    .tuple(fc.constantFrom(...TAKEN), fc.array(fc.tuple(fc.nat(40), fc.nat(1), piece), { maxLength: 4 }))
    .map(([text, changes]) => changes.reduce((one, [at, cut, put]) => one.slice(0, at) + put + one.slice(at + cut), text));
  const joined = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  test('match their examples, and no line with untrusted text behind trusted words', () => {
    for (const [, pattern, example] of MATCHERS) expect(matchingPatterns(example)).toContain(pattern);
    fc.assert(
      fc.property(fc.oneof(changed, joined), (text) => {
        const key = JSON.stringify(text);
        const lines = [
          e.logLine`    Alloovium reported: ${text}`,
          e.logLine`    ██░░  10 %  ${`Completed: ${text}`}  2 s`,
          e.logLine`    ${text}`,
          e.escapeSentenceForLog(`      outputs has no key ${key}; did you mean ${key}? its keys: ${key}, "b"`),
          e.escapeSentenceForLog(`      it is a text: write {${key}: 1, "b": 2}[outputs.x] >= 3`),
        ];
        for (const { safe } of lines) expect(matchingPatterns(safe)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Places for a text in the Markdown, and the element that must contain it and nothing else. */
const PLACES: readonly (readonly [holder: string, around: (text: string) => string])[] = [
  ['p', (text) => text],
  ['p', (text) => `\n\n${text}`],
  ['h3', (text) => `### ${text}`],
  ['li', (text) => `- ${text}`],
  ['td', (text) => `| a | b |\n|:--|--:|\n| ${text} | b |`],
  ['p', (text) => `> ${text}`],
];

function inPlaces(markdown: string, check: (holder: ReturnType<typeof firstOf>) => void): void {
  for (const [holder, around] of PLACES) check(firstOf(parsed(around(markdown)), holder));
}

const readAs = (text: string) =>
  e
    .escapeInvisible(text)
    .replace(/[ \n\t]+/g, ' ')
    .trim();

function checkReads(markdown: string, text: string, tags: RegExp): void {
  inPlaces(markdown, (holder) => {
    expect(textOf(holder).replaceAll(ZWSP, '')).toBe(text);
    const others = elementsIn(holder).filter((element) => element !== holder);
    expect(others.map(({ tagName }) => tagName).filter((name) => !tags.test(name))).toEqual([]);
    expect(alive(holder)).toEqual([]);
  });
}

describe('Markdown', () => {
  test('is plain text for any text, in every place and in HTML', () => {
    const texts = hostile.filter((text) => readAs(text) !== '');
    fc.assert(
      fc.property(texts, (text) => {
        const safe = e.escapeForProse(text, LONG);
        checkReads(safe, readAs(text), /^span$/);
        const summary = firstOf(parsed(`<details><summary>${safe}</summary>\n\nx\n\n</details>`), 'summary');
        expect([textOf(summary).trim(), ...alive(summary)]).toEqual([readAs(text)]);
      }),
    );
  });

  test.each([':--', '|--|', '- x', '+ x', '1. x', '1) x', '# x', '> x', '```', '~~~', '---', '==='])('has no block for %j', (text) => {
    const tree = parsed(`Ours:\n${e.escapeForProse(text)}`);
    expect(elementsIn(tree).filter(({ tagName }) => tagName !== 'p' && tagName !== 'span')).toEqual([]);
  });

  test('has only text and code for any sentence, in every place and between trusted words', () => {
    const bits = fc.constantFrom('"', '`', '``', 'x'.repeat(12), '"a b"', '\\', '**b**', '[c](//evil.io)', '; keys: ');
    const texts = fc.array(fc.oneof({ weight: 4, arbitrary: bits }, hostile)).map((all) => all.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        inPlaces(`x ${e.escapeSentenceForMarkdown(text)} y`, (holder) => {
          expect(elementsIn(holder).filter(({ tagName }) => !/^(?:span|code|p|h3|li|td)$/.test(tagName))).toEqual([]);
          expect(alive(holder)).toEqual([]);
        });
      }),
    );
  });

  test('is one span for any text, in every place', () => {
    const texts = hostile.filter((text) => text !== '');
    fc.assert(
      fc.property(texts, (text) => {
        const shown = e.escapeInvisible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
        inPlaces(`x ${e.formatCode(text, LONG)} y`, (holder) => {
          expect(textOf(firstOf(holder, 'code')).replaceAll(ZWSP, '')).toBe(shown);
          expect(textOf(holder).replaceAll(ZWSP, '')).toBe(`x ${shown} y`);
          expect(alive(holder)).toEqual([]);
        });
      }),
    );
  });

  test('is one closed block for any text', () => {
    const bare = (block: string) => block.replace(/^\n+|\n+$/g, '');
    fc.assert(
      fc.property(hostile, (text) => {
        const tree = parsed(`before\n\n${e.formatCodeBlock(text, LONG)}\n\nafter`);
        expect(elementsIn(tree).map(({ tagName }) => tagName)).toEqual(['p', 'pre', 'code', 'p']);
        expect(bare(textOf(firstOf(tree, 'code')).replaceAll(ZWSP, ''))).toBe(bare(e.escapeInvisible(text)));
      }),
    );
  });
});

test('each sanitiser takes linear time for hostile repetitions', () => {
  const repeated = ['"', '\\', '`', '`a', '@', 'a-1', ':', '<!--', '[ ]', '0123456 ', 'a '].map((bit) => bit.repeat(50_000));
  const started = performance.now();
  for (const text of repeated)
    for (const sanitise of [e.escapeForLog, e.escapeForProse, e.escapeSentenceForMarkdown, e.formatCode]) sanitise(text, LONG);
  expect(performance.now() - started).toBeLessThan(10_000);
});
