/** What each sink makes of texts of any kind. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCommands } from '../../simulator/workflow-commands.ts';
import * as escape from '../../src/text/escape.ts';
import {
  escapeForLog,
  escapeForProse,
  escapeInvisible,
  escapeQuotations,
  escapeSentence,
  formatCode,
  formatCodeBlock,
  logLine,
} from '../../src/text/escape.ts';
import { alive, elementsIn, firstOf, hostile, parsed, textOf } from '../support/github-markdown.ts';
import { MATCHERS, matchedLines } from '../support/problem-matchers.ts';

const ZWSP = '\u200b';
const SPLIT = '<span></span>';
const LONG = 1_000_000;

test.each([
  ['letters of any script, tabs and newlines', 'Größe\t漢字\nעברית 😀 ⚠️ 1️⃣', 'Größe\t漢字\nעברית 😀 ⚠️ 1️⃣'],
  ['CRLF and a bare CR', 'a\r\nb\rc', 'a\nb\\u{d}c'],
  ['controls', '\0\x1b\x7f\x85\x9b', '\\u{0}\\u{1b}\\u{7f}\\u{85}\\u{9b}'],
  ['bidirectional controls', '\u202e\u2066\u200f', '\\u{202e}\\u{2066}\\u{200f}'],
  ['zero-width characters', '\u200b\u200d\u2060\ufeff', '\\u{200b}\\u{200d}\\u{2060}\\u{feff}'],
  ['separators, tags, fillers', '\u2028\u2029\u{e0041}\u3164\u00ad', '\\u{2028}\\u{2029}\\u{e0041}\\u{3164}\\u{ad}'],
  ['halves of surrogate pairs', '\ud800x\udc00', '\\u{d800}x\\u{dc00}'],
  ['variation selectors that make no emoji', 'a\ufe0f ⚠️\ufe0f #\ufe0f[', 'a\\u{fe0f} ⚠️\\u{fe0f} #\\u{fe0f}['],
])('escapeInvisible writes %s, %j, as %j', (_, text, expected) => {
  expect(escapeInvisible(text)).toBe(expected);
});

test('escapeInvisible leaves no invisible character in any text', () => {
  fc.assert(fc.property(hostile, (text) => expect(escapeInvisible(text)).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/u)));
});

/** Lines that the runner takes for a command, or might take if it ignored invisible characters. */
function commandsIn(stream: string): string[] {
  return stream.split(/\r\n|[\n\r]/).filter((line) => {
    const seen = line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, '');
    return seen.trim().startsWith('::') || seen.includes('##[');
  });
}

describe('a line of the log', () => {
  test.each([
    ['keeps ordinary words', 'Analysing submittals (3 of 5), door-12', 'Analysing submittals (3 of 5), door-12'],
    ['has a zero-width space behind a word with a colon', 'at 08:30, 1:5: a', `at 08:30,${ZWSP} 1:5:${ZWSP} a`],
    ['keeps a URL in one piece', 'https://a.example/b a', `https://a.example/b${ZWSP} a`],
    ['breaks a command', '::error::true', ` ${ZWSP}:${ZWSP} ${ZWSP}:error:${ZWSP} ${ZWSP}:true${ZWSP}`],
    ['breaks the older form of commands', 'x ##[add-mask]e', 'x ## [add-mask]e'],
    ['breaks a file position', 'TS2304:x line 1, col 2', `TS2304${ZWSP}:x${ZWSP} line${ZWSP} 1, col 2`],
    ['shows newlines and tabs', 'a\nb\tc\r\nd', 'a\\nb\\tc\\nd'],
    ['is cut', 'x'.repeat(501), `${'x'.repeat(499)}…`],
  ])('%s: %j', (_, text, expected) => {
    expect(escapeForLog(text)).toBe(expected);
  });

  test.each(['08:30', 'postgres://app1:9x@db.example.com:5432/x', ':p@ss:w0rd', 'https://a.example/b?c=d:e'])(
    'keeps %s unchanged, so that it is found, copied and masked',
    (text) => expect(escapeForLog(`a ${text} b`)).toContain(text),
  );

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
    expect(commandsIn(' \u00a0::error::x\r##[group]y\nok')).toHaveLength(2);
  });

  test('has escaped values between trusted words', () => {
    expect(logLine`::x ${'::y'} ${logLine`a:b`} ${3}`.safe).toBe(`::x  ${ZWSP}:${ZWSP} ${ZWSP}:y${ZWSP} a:b 3`);
  });

  const trusted = 'outputs.x is a text: write {"low": 1}[outputs.x] >= 3, or has(outputs.x) ? outputs.x : 0';
  test.each([
    ['trusted words', trusted, trusted],
    ['the blanks before a caret', `${' '.repeat(20)}^`, `${' '.repeat(20)}^`],
    ['what JSON strings quote, escaped', 'its keys: "a:1 b"', `its keys: "a:1${ZWSP} b"`],
    ['a truncated JSON string, escaped', 'has "a:1', `has "a:1${ZWSP}`],
  ])('keeps of a sentence %s', (_, text, expected) => {
    expect(escapeQuotations(text).safe).toBe(expected);
  });

  test.each([
    ['a\n  b\tc', 'a b c'],
    ['x ##[error]y', 'x ## [error]y'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['x'.repeat(5_000), `${'x'.repeat(4_095)}…`],
  ])('may be an annotation: row %#', (text, expected) => {
    expect(escape.escapeForAnnotation(text)).toBe(expected);
  });
});

describe('the problem matchers of earlier steps', () => {
  const TAKEN = MATCHERS.map(({ examples }) => examples.join('\n'));
  const PIECES = [...new Set(TAKEN.flatMap((text) => text.split(/(\W+)/))), '\u00a0', ':', '::', ':12', '"'];
  const piece = fc.constantFrom(...PIECES);
  const changed = fc
    .tuple(fc.constantFrom(...TAKEN), fc.array(fc.tuple(fc.nat(40), fc.nat(1), piece), { maxLength: 4 }))
    .map(([text, changes]) => changes.reduce((one, [at, cut, put]) => one.slice(0, at) + put + one.slice(at + cut), text));
  const joined = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  test('match their examples, and no line with untrusted text behind trusted words', () => {
    for (const { name, examples } of MATCHERS) expect(matchedLines(examples.join('\n')).join()).toContain(name);
    fc.assert(
      fc.property(fc.oneof(changed, joined), (text) => {
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

const readAs = (text: string) =>
  escapeInvisible(text)
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

const HOSTILE = [
  '<script>alert(1)</script> <img src=x onerror=alert(1)> </details></td></table>',
  '[x](javascript:alert(1)) ![x](http://evil.example/p.png) [ref][1] [^1]',
  '<https://evil.example> www.evil.example http://evil.example ftp://e.example WWW.e.example HTTPS://e.example',
  'cc @octocat, @org/team (@x) #1 GH-1 o/r#1 closes #1 fixes GH-22 CVE-2024-1 GHSA-abcd-1234-x',
  'a81d0c4 3f9c1ab0123456789abcdef0123456789abcdef0 x@a81d0c4 a81d0c4...3f9c1ab 20241125',
  ':tada: :+1: a:b:c $x^2$ $$x$$ $`x`$ costs $1,200 <!-- marker --> -->',
  '*a* **b** _c_ __d__ ~e~ ~~f~~ &amp; &#35; &copy; R&D a\\ \\* end\\',
  '- [ ] task > [!NOTE] JIRA-123 ABC-X1 x_1 t:5 page/7 n=3 AB-CD \u202eevil\u200b\ud800\0',
];

describe('prose', () => {
  test.each([
    'Fire rating 60 min; section 08 11 13 asks for 90 min (see sheet 101).',
    'non_compliant at 10:30, 3/5 done: "ok", it\'s 20% over + 2',
    'Door 12-A, rev. 3 – Größe 漢字 ✅',
  ])('stays as it is: %s', (text) => {
    expect(escapeForProse(text)).toBe(text);
  });

  test.each(HOSTILE)('is made plain text of %j that reads the same', (text) => {
    checkReads(escapeForProse(text), readAs(text), /^span$/);
  });

  test('is plain text for any text, in every place and in HTML', () => {
    const texts = hostile.filter((text) => readAs(text) !== '');
    fc.assert(
      fc.property(texts, (text) => {
        const safe = escapeForProse(text, LONG);
        checkReads(safe, readAs(text), /^span$/);
        const summary = firstOf(parsed(`<details><summary>${safe}</summary>\n\nx\n\n</details>`), 'summary');
        expect([textOf(summary).trim(), ...alive(summary)]).toEqual([readAs(text)]);
      }),
    );
  });

  test.each([':--', '|--|', '- x', '+ x', '1. x', '1) x', '# x', '> x', '```', '~~~', '---', '==='])('has no block for %j', (text) => {
    const tree = parsed(`Ours:\n${escapeForProse(text)}`);
    expect(elementsIn(tree).filter(({ tagName }) => tagName !== 'p' && tagName !== 'span')).toEqual([]);
  });

  test.each([
    ['x'.repeat(301), 300, `${'x'.repeat(299)}…`],
    ['<'.repeat(300), 300, '&lt;'.repeat(300)],
    ['x 😀😀', 4, 'x …'],
    [`${' '.repeat(5000)}x`, 300, '…'],
  ])('is cut to the length that its reader sees: row %#', (text, max, expected) => {
    expect(escapeForProse(text, max)).toBe(expected);
  });
});

describe('a sentence', () => {
  test.each([
    ['has code for what is in backquotes', 'set `a|b` now', 'set <code>a&#x7c;b</code> now'],
    ['has code for JSON strings, also a truncated one', 'no key "*x"; its keys: "a b', 'no key `"*x"`; its keys: `"a b`'],
    ['has text for the names of the author', '“a*b*” is ` true', '“a&#x2a;b&#x2a;” is &#x60; true'],
    ['keeps adjacent pieces of code apart', 'keys "a""b"', `keys \`"a"\`${SPLIT}\`"b"\``],
  ])('%s', (_, text, expected) => {
    expect(escapeSentence(text)).toBe(expected);
  });

  test('has only text and code for any text, in every place and between trusted words', () => {
    const bits = fc.constantFrom('"', '`', '``', 'x'.repeat(12), '"a b"', '\\', '**b**', '[c](//evil.io)', '; keys: ');
    const texts = fc.array(fc.oneof({ weight: 4, arbitrary: bits }, hostile)).map((all) => all.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        inPlaces(`x ${escapeSentence(text)} y`, (holder) => {
          expect(elementsIn(holder).filter(({ tagName }) => !/^(?:span|code|p|h3|li|td)$/.test(tagName))).toEqual([]);
          expect(alive(holder)).toEqual([]);
        });
      }),
    );
  });
});

describe('code', () => {
  test.each([
    ['a word', 'run_1', '`run_1`'],
    ['an empty text', '', '(empty)'],
    ['a newline', 'a\nb', '`a\\nb`'],
    ['a bar and a backquote', 'a || `b`', '<code>a &#x7c;&#x7c; &#x60;b&#x60;</code>'],
  ])('of %s, %j, is the span %s', (_, text, expected) => {
    expect(formatCode(text)).toBe(expected);
  });

  test('is one span for any text, in every place', () => {
    const texts = hostile.filter((text) => text !== '');
    fc.assert(
      fc.property(texts, (text) => {
        const shown = escapeInvisible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
        inPlaces(`x ${formatCode(text, LONG)} y`, (holder) => {
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
        const tree = parsed(`before\n\n${formatCodeBlock(text, LONG)}\n\nafter`);
        expect(elementsIn(tree).map(({ tagName }) => tagName)).toEqual(['p', 'pre', 'code', 'p']);
        expect(bare(textOf(firstOf(tree, 'code')).replaceAll(ZWSP, ''))).toBe(bare(escapeInvisible(text)));
      }),
    );
    expect(formatCodeBlock('`'.repeat(50), 10)).toBe('``````````\n`````````…\n``````````');
  });
});

test.each([
  ['a command in prose', escapeForProse('docs/deploy'), `docs/${SPLIT}deploy`],
  ['a command at the start', escapeForProse('/deploy'), '&#x2f;deploy'],
  ['a call', escapeForProse('x@y'), `x@${SPLIT}y`],
  ['a slash without a command', escapeForProse('3/5 a / b'), '3/5 a / b'],
  ['a call in code', formatCode('@claude do'), `<code>@${SPLIT}claude do</code>`],
  ['a command in code', formatCode('docs/deploy'), `<code>docs/${SPLIT}deploy</code>`],
  ['a hidden mark in code', formatCode('<!-- x -->'), '<code>&lt;!-- x --&gt;</code>'],
  ['code without any', formatCode('3/5 a<b'), '`3/5 a<b`'],
  ['a block', formatCodeBlock('@a /b <!-- | 3/5'), `\`\`\`\n@${ZWSP}a /${ZWSP}b <${ZWSP}!-- | 3/5\n\`\`\``],
  ['a block to copy', formatCodeBlock('@a /b', 99, 'yaml'), '```yaml\n@a /b\n```'],
])('what bots look for is broken in %s, and nothing else', (_, markdown, expected) => {
  expect(markdown).toBe(expected);
});

test('what bots look for is copied from prose, code and links as it is', () => {
  const text = 'docs/specs/fire-rating.pdf, joe@example.com, #1, a81d0c4, https://a.example/b, @octo-org/team, ABC-12';
  for (const markdown of [escapeForProse(text), formatCode(text), escape.link(escapeForProse(text), 'https://a.example')])
    checkReads(markdown, text, /^(?:span|code|a)$/);
});

test('link makes a link of a text and a URL, and leaves a text without', () => {
  expect([escape.link('x', 'https://a.example/b'), escape.link('x', ''), escape.link('', 'https://a.example/b')]).toEqual([
    '[x](https://a.example/b)',
    'x',
    '',
  ]);
});

test.each([
  ['abcdef', 3, 'ab…'],
  ['ab😀c', 4, 'ab…'],
  ['abc', 0, '…'],
])('truncate cuts %j to %d units: %j', (text, maxLength, expected) => {
  expect(escape.truncate(text, maxLength)).toBe(expected);
});

test('each sanitiser takes linear time for hostile repetitions', () => {
  const repeated = ['"', '\\', '`', '`a', '@', 'a-1', ':', '<!--', '[ ]', '0123456 ', 'a '].map((bit) => bit.repeat(50_000));
  const started = performance.now();
  for (const text of repeated) for (const sanitise of [escapeForLog, escapeForProse, escapeSentence, formatCode]) sanitise(text, LONG);
  expect(performance.now() - started).toBeLessThan(10_000);
});
