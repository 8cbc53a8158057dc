/** What each sink makes of texts of any kind. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCommands } from '../../simulator/workflow-commands.ts';
import {
  escapeForAnnotation,
  escapeForLog,
  escapeForProse,
  escapeInvisible,
  escapeQuotations,
  escapeSentence,
  formatCode,
  formatCodeBlock,
  link,
  logLine,
  truncate,
} from '../../src/text/escape.ts';
import { alive, elementsIn, firstOf, hostile, parsed, textOf } from '../support/github-markdown.ts';
import { MATCHERS, matchedLines } from '../support/problem-matchers.ts';

const ZWSP = '\u200b';
const SPLIT = '<span></span>';
const LONG = 1_000_000;

describe('escapeInvisible', () => {
  test.each([
    ['letters of any script', 'Größe 漢字 עברית', 'Größe 漢字 עברית'],
    ['tabs and newlines', 'a\tb\nc', 'a\tb\nc'],
    ['CRLF', 'a\r\nb', 'a\nb'],
    ['a bare CR', 'a\rb', 'a\\u{d}b'],
    ['NUL, ESC, DEL and C1', '\0\x1b\x7f\x85\x9b', '\\u{0}\\u{1b}\\u{7f}\\u{85}\\u{9b}'],
    ['bidirectional controls', '\u202e\u2066\u200f', '\\u{202e}\\u{2066}\\u{200f}'],
    ['zero-width characters and BOM', '\u200b\u200d\u2060\ufeff', '\\u{200b}\\u{200d}\\u{2060}\\u{feff}'],
    ['line and paragraph separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ['fillers and soft hyphens', '\u3164\u00ad\u034f', '\\u{3164}\\u{ad}\\u{34f}'],
    ['halves of surrogate pairs', '\ud800x\udc00', '\\u{d800}x\\u{dc00}'],
    ['whole pairs', '😀', '😀'],
    ['emoji of a sign', '⚠️ 1️⃣', '⚠️ 1️⃣'],
    ['variation selectors that make no emoji', 'a\ufe0f ⚠️\ufe0f #\ufe0f[', 'a\\u{fe0f} ⚠️\\u{fe0f} #\\u{fe0f}['],
  ])('writes %s, %j, as %j', (_, text, expected) => {
    expect(escapeInvisible(text)).toBe(expected);
  });

  test('leaves no invisible character in any text, and changes its result no further', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = escapeInvisible(text);
        expect(once).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/u);
        expect(escapeInvisible(once)).toBe(once);
      }),
    );
  });
});

/** Lines that the runner takes for a command, or might take if it ignored invisible characters. */
function commandsIn(stream: string): string[] {
  return stream.split(/\r\n|[\n\r]/).filter((line) => {
    const seen = line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, '');
    return seen.trim().startsWith('::') || seen.includes('##[');
  });
}

describe('escapeForLog', () => {
  test.each([
    ['keeps ordinary words', 'Analysing submittals (3 of 5), door-12', 'Analysing submittals (3 of 5), door-12'],
    ['puts a zero-width space behind a word with a colon', 'at 08:30, 1:5: a', `at 08:30,${ZWSP} 1:5:${ZWSP} a`],
    ['keeps a URL in one piece', 'https://a.example/b a', `https://a.example/b${ZWSP} a`],
    ['puts a zero-width space before a word that begins with a colon', 'TS1 :x', `TS1 ${ZWSP}:x${ZWSP}`],
    ['breaks a command', '::error::true', ` ${ZWSP}:${ZWSP} ${ZWSP}:error:${ZWSP} ${ZWSP}:true${ZWSP}`],
    ['breaks the older form of commands', 'x ##[add-mask]e', 'x ## [add-mask]e'],
    ['breaks a file position', 'TS2304:x line 1, col 2', `TS2304${ZWSP}:x${ZWSP} line${ZWSP} 1, col 2`],
    ['shows newlines and tabs', 'a\nb\tc\r\nd', 'a\\nb\\tc\\nd'],
    ['ends with a blank behind a `#`', 'a#', 'a# '],
  ])('%s: %j', (_, text, expected) => {
    expect(escapeForLog(text)).toBe(expected);
  });

  test.each(['08:30', 'postgres://app1:9x@db.example.com:5432/x', ':p@ss:w0rd', 'https://a.example/b?c=d:e'])(
    'keeps %s unchanged, so that it is found, copied and masked',
    (text) => expect(escapeForLog(`a ${text} b`)).toContain(text),
  );

  test.each([
    ['x'.repeat(501), 500, `${'x'.repeat(499)}…`],
    ['x'.repeat(500), 500, 'x'.repeat(500)],
    ['😀'.repeat(10), 6, '😀😀…'],
    ['xxxx😀xxx', 6, 'xxxx…'],
  ])('truncates row %# to its length', (text, max, expected) => {
    expect(escapeForLog(text, max)).toBe(expected);
  });

  test('has no command in any text, nor in two adjacent ones with trusted text between them', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.nat(40), (one, other, length) => {
        const a = escapeForLog(one, length + 3);
        const b = escapeForLog(other);
        for (const line of [a, a + b, `${a}:${b}`, `${a}#${b}`, `${a}[${b}]`, `#${a}`, `:${b}`, `${a} · ${b}`]) {
          expect([...commandsIn(line), ...findCommands(line)]).toEqual([]);
          expect(line).not.toMatch(/::|##\[|[\n\r]/);
        }
      }),
    );
  });

  test('is tested with an oracle that recognises commands', () => {
    expect(commandsIn(' \u00a0::error::x\r##[group]y\nok')).toHaveLength(2);
  });
});

describe('logLine', () => {
  test('escapes its values, and neither the trusted words nor other lines', () => {
    expect(logLine`::x ${'::y'} ${logLine`a:b`} ${3}`.safe).toBe(`::x  ${ZWSP}:${ZWSP} ${ZWSP}:y${ZWSP} a:b 3`);
  });
});

describe('escapeQuotations', () => {
  const trusted = 'outputs.x is a text: write {"low": 1}[outputs.x] >= 3, or has(outputs.x) ? outputs.x : 0';
  test.each([
    ['trusted words', trusted, trusted],
    ['the blanks before a caret', `${' '.repeat(20)}^`, `${' '.repeat(20)}^`],
    ['what JSON strings quote, escaped', 'its keys: "a:1 b"', `its keys: "a:1${ZWSP} b"`],
    ['a truncated JSON string, escaped', 'has "a:1', `has "a:1${ZWSP}`],
  ])('keeps %s', (_, text, expected) => {
    expect(escapeQuotations(text).safe).toBe(expected);
  });
});

describe('escapeForAnnotation', () => {
  test.each([
    ['a\n  b\tc', 'a b c'],
    ['x ##[error]y', 'x ## [error]y'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['x'.repeat(5_000), `${'x'.repeat(4_095)}…`],
  ])('makes one line of row %#', (text, expected) => {
    expect(escapeForAnnotation(text)).toBe(expected);
  });
});

describe('the problem matchers of earlier steps', () => {
  const TAKEN = MATCHERS.map(({ examples }) => examples.join('\n'));
  const PIECES = [...new Set(TAKEN.flatMap((text) => text.split(/(\W+)/))), '\u00a0', ':', '::', ':12', '"'];
  const piece = fc.constantFrom(...PIECES);
  const changed = fc
    .tuple(fc.constantFrom(...TAKEN), fc.array(fc.tuple(fc.nat(40), fc.nat(1), piece), { maxLength: 4 }))
    .map(([text, changes]) => changes.reduce((one, [at, cut, put]) => one.slice(0, at) + put + one.slice(at + cut), text));
  const texts = fc.oneof(
    changed,
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  );

  test('match their examples', () => {
    for (const { name, examples } of MATCHERS) expect(matchedLines(examples.join('\n')).join()).toContain(name);
  });

  test('match no line with untrusted text behind trusted words', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const key = JSON.stringify(text);
        const lines = [
          logLine`    Alloovium reported: ${text}`,
          logLine`    ██░░  10 %  ${`Completed: ${text}`}  2 s`,
          logLine`    ${text}`,
          escapeQuotations(`      outputs has no key ${key}; did you mean ${key}? its keys: ${key}, "b"`),
          escapeQuotations(`      it is a text: write {${key}: 1, "b": 2}[outputs.x] >= 3`),
        ];
        for (const { safe } of lines) expect(matchedLines(safe)).toEqual([]);
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

function readAs(text: string): string {
  return escapeInvisible(text)
    .replace(/[ \n\t]+/g, ' ')
    .trim();
}

function checkReads(markdown: string, text: string, tags: RegExp): void {
  inPlaces(markdown, (holder) => {
    expect(textOf(holder).replaceAll(ZWSP, '')).toBe(text);
    const others = elementsIn(holder).filter((element) => element !== holder);
    expect(others.map(({ tagName }) => tagName).filter((name) => !tags.test(name))).toEqual([]);
    expect(alive(holder)).toEqual([]);
  });
}

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></td></table>',
  '[x](javascript:alert(1)) ![x](http://evil.example/p.png) [ref][1] [^1]',
  '<https://evil.example> www.evil.example http://evil.example ftp://e.example WWW.e.example HTTPS://e.example',
  'cc @octocat, @org/team (@x)',
  '#1 GH-1 o/r#1 closes #1 fixes GH-22 CVE-2024-1 GHSA-abcd-1234-x',
  'a81d0c4 3f9c1ab0123456789abcdef0123456789abcdef0 x@a81d0c4 a81d0c4...3f9c1ab 20241125',
  ':tada: :+1: a:b:c',
  '$x^2$ $$x$$ $`x`$ costs $1,200',
  '<!-- marker --> -->',
  '*a* **b** _c_ __d__ ~e~ ~~f~~',
  '&amp; &#35; &copy; R&D',
  'a\\ \\* end\\',
  '- [ ] task',
  '> [!NOTE]',
  'JIRA-123 ABC-X1 x_1 t:5 page/7 n=3 AB-CD',
  '\u202eevil\u200b\ud800\0',
];

describe('escapeForProse', () => {
  test.each([
    'Fire rating 60 min; section 08 11 13 asks for 90 min (see sheet 101).',
    'non_compliant at 10:30, 3/5 done: "ok", it\'s 20% over + 2',
    'Door 12-A, rev. 3 – Größe 漢字 ✅',
  ])('does not change ordinary prose: %s', (text) => {
    expect(escapeForProse(text)).toBe(text);
  });

  test.each(HOSTILE)('makes plain text of %j that reads the same', (text) => {
    checkReads(escapeForProse(text), readAs(text), /^span$/);
  });

  test('makes plain text of any text, in every place and in HTML', () => {
    fc.assert(
      fc.property(
        hostile.filter((text) => readAs(text) !== ''),
        (text) => {
          const safe = escapeForProse(text, LONG);
          checkReads(safe, readAs(text), /^span$/);
          const summary = firstOf(parsed(`<details><summary>${safe}</summary>\n\nx\n\n</details>`), 'summary');
          expect(textOf(summary).trim()).toBe(readAs(text));
          expect(alive(summary)).toEqual([]);
        },
      ),
    );
  });

  test.each([':--', '|--|', '- x', '+ x', '1. x', '1) x', '# x', '> x', '```', '~~~', '---', '==='])('makes no block of %j', (text) => {
    const tree = parsed(`Ours:\n${escapeForProse(text)}`);
    expect(elementsIn(tree).filter(({ tagName }) => tagName !== 'p' && tagName !== 'span')).toEqual([]);
  });

  test.each([
    ['x'.repeat(301), 300, `${'x'.repeat(299)}…`],
    ['<'.repeat(300), 300, '&lt;'.repeat(300)],
    ['x 😀😀', 4, 'x …'],
    [`${' '.repeat(5000)}x`, 300, '…'],
    ['   ', 300, ''],
  ])('truncates row %# to the length that its reader sees', (text, max, expected) => {
    expect(escapeForProse(text, max)).toBe(expected);
  });
});

describe('escapeSentence', () => {
  test.each([
    ['makes code of what is in backquotes', 'set `a|b` now', 'set <code>a&#x7c;b</code> now'],
    ['makes code of JSON strings', 'no key "*x"; its keys: "a b"', 'no key `"*x"`; its keys: `"a b"`'],
    ['makes code of a truncated JSON string', 'no key "*x', 'no key `"*x`'],
    ['escapes the names of the author', '“a*b*” is true', '“a&#x2a;b&#x2a;” is true'],
    ['escapes a single backquote', 'a ` b', 'a &#x60; b'],
    ['keeps backquotes within a JSON string', 'key "`a`"', 'key ``"`a`"``'],
  ])('%s', (_, text, expected) => {
    expect(escapeSentence(text)).toBe(expected);
  });

  const bits = fc.constantFrom('"', '`', '``', 'x'.repeat(12), '"a b"', '\\', '**b**', '[c](//evil.io)', '; keys: ');
  test.each([['any sentence', escapeSentence, fc.array(fc.oneof({ weight: 4, arbitrary: bits }, hostile)).map((all) => all.join(''))]])(
    'makes only text and code of %s, in every place and between trusted words',
    (_, escape, texts) => {
      fc.assert(
        fc.property(
          texts.filter((text) => readAs(text) !== ''),
          (text) => {
            inPlaces(`x ${escape(text, LONG)} y`, (holder) => {
              expect(elementsIn(holder).filter(({ tagName }) => !/^(?:span|code|p|h3|li|td)$/.test(tagName))).toEqual([]);
              expect(alive(holder)).toEqual([]);
            });
          },
        ),
      );
    },
  );
});

describe('formatCode', () => {
  test.each([
    ['a word', 'run_1', '`run_1`'],
    ['an empty text', '', '(empty)'],
    ['a backquote', 'a`b', '``a`b``'],
    ['backquotes at the ends', '`a`', '`` `a` ``'],
    ['blanks at the ends', ' a ', '`  a  `'],
    ['a newline', 'a\nb', '`a\\nb`'],
    ['a bar', 'a || b', '<code>a &#x7c;&#x7c; b</code>'],
  ])('makes of %s, %j, the code span %s', (_, text, expected) => {
    expect(formatCode(text)).toBe(expected);
  });

  test('makes one code span of any text, in every place', () => {
    fc.assert(
      fc.property(
        hostile.filter((text) => text !== ''),
        (text) => {
          const shown = escapeInvisible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
          inPlaces(`x ${formatCode(text, LONG)} y`, (holder) => {
            expect(textOf(firstOf(holder, 'code')).replaceAll(ZWSP, '')).toBe(shown);
            expect(textOf(holder).replaceAll(ZWSP, '')).toBe(`x ${shown} y`);
            expect(alive(holder)).toEqual([]);
          });
        },
      ),
    );
  });
});

describe('formatCodeBlock', () => {
  test('makes one closed block of any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tree = parsed(`before\n\n${formatCodeBlock(text, LONG)}\n\nafter`);
        expect(elementsIn(tree).map(({ tagName }) => tagName)).toEqual(['p', 'pre', 'code', 'p']);
        const bare = (block: string) => block.replace(/^\n+|\n+$/g, '');
        expect(bare(textOf(firstOf(tree, 'code')).replaceAll(ZWSP, ''))).toBe(bare(escapeInvisible(text)));
      }),
    );
  });

  test.each([
    ['a\n`````\n', 100, '``````\na\n`````\n\n``````'],
    ['`'.repeat(50), 10, '``````````\n`````````…\n``````````'],
  ])('has a fence that is longer than the backquotes of %j', (text, max, expected) => {
    expect(formatCodeBlock(text, max)).toBe(expected);
  });
});

test.each([
  ['a trusted URL', link('x', 'https://a.example/b'), '[x](https://a.example/b)'],
  ['no URL', link('x', ''), 'x'],
  ['no text', link('', 'https://a.example/b'), ''],
])('link makes of %s %s', (_, markdown, expected) => {
  expect(markdown).toBe(expected);
});

describe('what bots and tools look for', () => {
  test.each([
    ['a command in prose', escapeForProse('docs/deploy'), `docs/${SPLIT}deploy`],
    ['a command at the start', escapeForProse('/deploy'), '&#x2f;deploy'],
    ['a call', escapeForProse('x@y'), `x@${SPLIT}y`],
    ['a slash without a command', escapeForProse('3/5 a / b'), '3/5 a / b'],
    ['a call in code', formatCode('@claude do'), `<code>@${SPLIT}claude do</code>`],
    ['a command in code', formatCode('docs/deploy'), `<code>docs/${SPLIT}deploy</code>`],
    ['a closing tag in code', formatCode('</deploy>'), `<code>&lt;/${SPLIT}deploy&gt;</code>`],
    ['a hidden mark in code', formatCode('<!-- x -->'), '<code>&lt;!-- x --&gt;</code>'],
    ['code without any', formatCode('3/5 a<b'), '`3/5 a<b`'],
    ['a block', formatCodeBlock('@a /b <!-- | 3/5'), `\`\`\`\n@${ZWSP}a /${ZWSP}b <${ZWSP}!-- | 3/5\n\`\`\``],
    ['a block to copy', formatCodeBlock('@a /b', 99, 'yaml'), '```yaml\n@a /b\n```'],
  ])('is broken in %s, and nothing else', (_, markdown, expected) => {
    expect(markdown).toBe(expected);
  });

  test('is copied from prose, code and links as it is', () => {
    const text = 'docs/specs/fire-rating.pdf, joe@example.com, #1, a81d0c4, https://a.example/b, @octo-org/team, ABC-12';
    for (const markdown of [escapeForProse(text), formatCode(text), link(escapeForProse(text), 'https://a.example')])
      checkReads(markdown, text, /^(?:span|code|a)$/);
  });
});

test.each([
  ['aé', 2, 'aé'],
  ['abcdef', 3, 'ab…'],
  ['ab😀c', 4, 'ab…'],
  ['abc', 0, '…'],
])('truncate cuts %j to %d units: %j', (text, maxLength, expected) => {
  expect(truncate(text, maxLength)).toBe(expected);
});

test('each sanitiser takes linear time for hostile repetitions', () => {
  const repeated = ['"', '\\', '`', '`a', '@', 'a-1', ':', '<!--', '[ ]', '0123456 ', 'a '].map((bit) => bit.repeat(50_000));
  const started = performance.now();
  for (const text of repeated) for (const escape of [escapeForLog, escapeForProse, escapeSentence, formatCode]) escape(text, 1_000_000);
  expect(performance.now() - started).toBeLessThan(5_000);
});
