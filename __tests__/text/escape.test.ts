import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCommands } from '../../simulator/workflow-commands.ts';
import { parseJson } from '../../src/json.ts';
import type { JsonValue } from '../../src/json.ts';
import {
  truncate,
  formatCode,
  formatCodeBlock,
  formatHtmlCode,
  finishMarkdown,
  escapeForLog,
  escapeForProse,
  escapeForText,
  link,
  logLine,
  escapeQuotations,
  appendUntrusted,
  escapeInvisible,
} from '../../src/text/escape.ts';
import { isLinear } from '../cpu-time.ts';
import { MATCHERS, matchedLines } from '../problem-matchers.ts';
import { alive, elementsIn, firstOf, hostile, parsed, textOf } from '../support/github-markdown.ts';
import { redactJson, createRedactor } from '../../src/text/redact.ts';

const ZWSP = '\u200b';
const LONG = 1_000_000;

describe('visible', () => {
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
    [
      'puts a zero-width space behind a word that holds a colon',
      'at 08:30, ratio 1:5: https://a.example/b (host12.example:99) a.go:12:5: x',
      `at 08:30,${ZWSP} ratio 1:5:${ZWSP} https://a.example/b${ZWSP} (host12.example:99)${ZWSP} a.go:12:5:${ZWSP} x`,
    ],
    ['puts a zero-width space before a word that begins with a colon', 'TS1 :x', `TS1 ${ZWSP}:x${ZWSP}`],
    ['breaks commands', '::set-output name=a::true', ` ${ZWSP}:${ZWSP} ${ZWSP}:set-output${ZWSP} name=a:${ZWSP} ${ZWSP}:true${ZWSP}`],
    ['breaks the older form of commands', 'x ##[add-mask]e ##[set-env name=a]b', 'x ## [add-mask]e ## [set-env name=a]b'],
    [
      'breaks places that matchers take without a blank behind a colon',
      'TS2304:x line 1, col 2 line 1 column 2 TS2304 line 1',
      `TS2304${ZWSP}:x${ZWSP} line${ZWSP} 1, col 2 line${ZWSP} 1 column 2 TS2304 line 1`,
    ],
    ['shows newlines and tabs', 'a\nb\tc\r\nd', 'a\\nb\\tc\\nd'],
  ])('%s', (_, text, expected) => {
    expect(escapeForLog(text)).toBe(expected);
  });

  test.each(['08:30', 'ratio 1:5', 'postgres://app1:9x@db.example.com:5432/x', ':p@ss:w0rd', 'https://a.example/b?c=d:e'])(
    'keeps %s unchanged, so that it is found, copied and masked',
    (text) => {
      expect(escapeForLog(`a ${text} b`)).toContain(text);
      expect(escapeForLog(text)).toContain(text);
    },
  );

  test('truncates the text, breaks included, and splits no character', () => {
    expect(escapeForLog('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`);
    expect(escapeForLog('::'.repeat(300))).toHaveLength(500);
    expect(escapeForLog('😀'.repeat(10), 6)).toBe('😀😀…');
    expect(escapeForLog('xxxx😀xxx', 6)).toBe('xxxx…');
    expect(escapeForLog('x'.repeat(500))).toBe('x'.repeat(500));
  });

  test('ends with a blank behind a `#`, also in a word with a colon', () => {
    for (const text of ['a#', '::set-output##']) expect(escapeForLog(text)).toMatch(/#\u200b? $/);
  });

  test('is tested with an oracle that recognises commands', () => {
    expect(commandsIn(' \u00a0::error::x\r##[group]y\nok')).toHaveLength(2);
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
      { numRuns: 100 },
    );
  });
});

describe('the problem matchers of earlier steps', () => {
  const TAKEN = Object.values(MATCHERS).map(({ examples }) => examples.join('\n'));
  const PIECES = [...new Set(TAKEN.flatMap((text) => text.split(/(\W+)/))), '\u00a0', ':', '::', ':12', '"'];
  const piece = fc.constantFrom(...PIECES);
  const altered = fc
    .tuple(fc.constantFrom(...TAKEN), fc.array(fc.tuple(fc.nat(40), fc.nat(1), piece), { maxLength: 4 }))
    .map(([text, changes]) => changes.reduce((one, [at, cutOff, put]) => one.slice(0, at) + put + one.slice(at + cutOff), text));
  const texts = fc.oneof(
    altered,
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  );

  test('match no line with untrusted text after a trusted colon', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const key = JSON.stringify(text);
        const lines = [
          appendUntrusted('    Alloovium reported', text),
          logLine`    Tower 1: ${appendUntrusted('Alloovium reported', text)}`,
          logLine`    ██░░  10 %  ${`Completed: ${text}`}  2 s`,
          logLine`    ${text}`,
          escapeQuotations(`      outputs has no key ${key}; did you mean ${key}? its keys: ${key}, "b"`),
          escapeQuotations(`      it is a text: write {${key}: 1, "b": 2}[outputs.x] >= 3`),
        ];
        for (const { safe } of lines) expect(matchedLines(safe)).toEqual([]);
      }),
      { numRuns: Number(process.env.DRAWS ?? 300) },
    );
  });

  test('are no reason to change trusted words', () => {
    const trusted = 'outputs.x is a text: write {"low": 1}[outputs.x] >= 3, or has(outputs.x) ? outputs.x : 0';
    expect(escapeQuotations(trusted).safe).toBe(trusted);
    const caret = `${' '.repeat(20)}^`;
    expect(escapeQuotations(caret).safe).toBe(caret);
    expect(escapeQuotations(`${trusted}; its keys: "a:1 b"`).safe).toBe(`${trusted}; its keys: "a:1${ZWSP} b"`);
  });
});

/** Places for a text in the Markdown, and the element that must contain it and nothing else. */
const PLACES: readonly (readonly [place: string, holder: string, around: (text: string) => string])[] = [
  ['a paragraph', 'p', (text) => text],
  ['the second line of a paragraph', 'p', (text) => `\n\n${text}`],
  ['a heading', 'h3', (text) => `### ${text}`],
  ['a list item', 'li', (text) => `- ${text}`],
  ['a table cell', 'td', (text) => `| a | b |\n|:--|--:|\n| ${text} | b |`],
  ['a quote', 'p', (text) => `> ${text}`],
];

function inPlaces(markdown: string, check: (holder: ReturnType<typeof firstOf>) => void): void {
  for (const [, holder, around] of PLACES) check(firstOf(parsed(around(markdown)), holder));
}

function readAs(text: string): string {
  return escapeInvisible(text)
    .replace(/[ \n\t]+/g, ' ')
    .trim();
}

describe('escapeForProse', () => {
  test.each([
    'Fire rating 60 min; section 08 11 13 asks for 90 min (see sheet 101).',
    'non_compliant at 10:30, 3/5 done: "ok", it\'s 20% over + 2',
    'Door 12-A, rev. 3 – Größe 漢字 ✅',
  ])('does not change ordinary prose: %s', (text) => {
    expect(escapeForProse(text)).toBe(text);
  });

  test.each([
    ['<script>alert(1)</script>'],
    ['<img src=x onerror=alert(1)>'],
    ['</details></td></table>'],
    ['[x](javascript:alert(1)) ![x](http://evil.example/p.png) [ref][1] [^1]'],
    ['<https://evil.example> www.evil.example http://evil.example ftp://e.example WWW.e.example HTTPS://e.example'],
    ['cc @octocat, @org/team (@x)'],
    ['#1 GH-1 o/r#1 closes #1 fixes GH-22 CVE-2024-1 GHSA-abcd-1234-x'],
    ['a81d0c4 3f9c1ab0123456789abcdef0123456789abcdef0 x@a81d0c4 a81d0c4...3f9c1ab 20241125'],
    [':tada: :+1: a:b:c'],
    ['$x^2$ $$x$$ $`x`$ costs $1,200'],
    ['<!-- marker --> -->'],
    ['*a* **b** _c_ __d__ ~e~ ~~f~~'],
    ['&amp; &#35; &copy; R&D'],
    ['a\\ \\* end\\'],
    ['\u202eevil\u200b\ud800\0'],
  ])('makes plain text of %j that reads the same', (text) => {
    inPlaces(escapeForProse(text), (holder) => {
      expect(textOf(holder).replaceAll(ZWSP, '')).toBe(readAs(text));
      expect(elementsIn(holder).filter((element) => element !== holder && element.tagName !== 'span')).toEqual([]);
      expect(alive(holder)).toEqual([]);
    });
  });

  test('makes plain text of any text, in every place', () => {
    fc.assert(
      fc.property(
        hostile.filter((text) => readAs(text) !== ''),
        (text) => {
          inPlaces(escapeForProse(text, LONG), (holder) => {
            const unmatched = elementsIn(holder).filter((element) => element !== holder);
            expect(unmatched.every((span) => span.tagName === 'span' && /^[$:/=_-]?$/.test(textOf(span)))).toBe(true);
            expect(textOf(holder).replaceAll(ZWSP, '')).toBe(readAs(text));
            expect(alive(holder)).toEqual([]);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  describe('after a trusted line', () => {
    function check(text: string): void {
      const tree = parsed(`Ours:\n${escapeForProse(text, LONG)}`);
      expect(elementsIn(tree).filter(({ tagName }) => tagName !== 'p' && tagName !== 'span')).toEqual([]);
    }

    test.each([':--', '|--|', '- x', '+ x', '1. x', '1) x', '# x', '> x', '```', '~~~'])('makes no heading, table or list of %j', check);

    test('makes no heading, table or list of any text', () => {
      fc.assert(fc.property(hostile, check));
    });
  });

  test('makes plain text in an HTML block too', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const summary = firstOf(parsed(`<details><summary>${escapeForProse(text, LONG)}</summary>\n\nx\n\n</details>`), 'summary');
        expect(textOf(summary).replaceAll(ZWSP, '').trim()).toBe(readAs(text));
        expect(alive(summary)).toEqual([]);
      }),
    );
  });

  test('has nothing in its source that a reader of raw comments would act on', () => {
    const source = escapeForProse('# @user #1 [x](y) *z* \\ | ~ - a81d0c4 /merge');
    expect(source).not.toMatch(/#\d|@\w|a81d0c4/);
    expect(escapeForProse('/merge')).not.toMatch(/^\//);
  });

  test('truncates the text by the length that its reader sees', () => {
    expect(escapeForProse('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
    expect(escapeForProse('<'.repeat(300))).toBe('&lt;'.repeat(300));
    expect(escapeForProse('x 😀😀', 4)).toBe('x …');
  });

  test('marks a text after very many blanks as truncated', () => {
    expect(escapeForProse(`${' '.repeat(5000)}x`)).toBe('…');
    expect(escapeForProse('   ')).toBe('');
  });
});

test.each(['JIRA-123', 'see ABC-12, and x_1', 'TICKET-A1', 'gh:5 page/7 n=3', 'AB-CD'])(
  'splits the tracker key in %s, which reads the same and is copied unchanged',
  (text) => {
    inPlaces(escapeForProse(text), (holder) => {
      expect(textOf(holder)).toBe(text);
      expect(alive(holder)).toEqual([]);
    });
  },
);

describe('escapeForText', () => {
  const SECRETS = [
    'a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b',
    'p@ss:w#1rd_x1',
    'postgres://app:s3*cr*et@db.example:5432/x',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY:#1',
    'c2VjcmV0LWtleS1vZi1hbm90aGVyLXN0ZXA=@1',
    '__correct*horse*battery*staple__',
    'a`b``c1-d2-e3-f4',
  ];

  test.each(SECRETS)('keeps %s unchanged in the Markdown, so that the runner masks it', (secret) => {
    for (const text of [secret, `the key ${secret} was found`, `a\n${secret}\nb`, `${secret} ${secret}`]) {
      const markdown = escapeForText(text);
      expect(markdown.split(secret)).toHaveLength(text.split(secret).length);
      inPlaces(markdown, (holder) => {
        expect(textOf(holder)).toBe(readAs(text));
        expect(alive(holder)).toEqual([]);
      });
    }
  });

  test('makes code of the keys in trusted words, also next to an expression with quotes', () => {
    const message = (key: string) => `outputs["Door schedule"].items has no key "x"; its keys: "${key}"`;
    expect(escapeForText(message('This check is green'), LONG, true)).toMatch(/no key `"x"`; its keys: `"This check is green"`$/);
    inPlaces(escapeForText(message(`${'x'.repeat(12)}\`**all_5_passed**`), LONG, true), (holder) => {
      expect(alive(holder)).toEqual([]);
    });
  });

  test.each(['**Important:** see', 'joe@x.co', 'Fire rating 60 min', 'A-101', '(409 idempotency_in_progress): it reported'])(
    'leaves %s as prose',
    (text) => {
      expect(escapeForText(text)).toBe(escapeForProse(text));
    },
  );

  const bits = fc.constantFrom('"', '`', '``', 'x'.repeat(12), '"a b"', '\\', '**b**', '[c](//evil.io)', '; keys: ');
  test.each<[string, fc.Arbitrary<string>, boolean]>([
    ['any text', hostile, false],
    ['a text that quotes keys', fc.array(fc.oneof({ weight: 4, arbitrary: bits }, hostile)).map((all) => all.join('')), true],
  ])('makes only text and code of %s, in every place and between trusted texts', (_, texts, areKeysQuoted) => {
    fc.assert(
      fc.property(
        texts.filter((text) => readAs(text) !== ''),
        (text) => {
          for (const [before, after] of [
            ['', ''],
            ['x ', ' y'],
          ] as const) {
            inPlaces(before + escapeForText(text, LONG, areKeysQuoted) + after, (holder) => {
              const inside = elementsIn(holder).filter((element) => element !== holder);
              expect(inside.every(({ tagName }) => /^(?:span|code)$/.test(tagName))).toBe(true);
              expect(textOf(holder).replaceAll(ZWSP, '')).toBe(before + readAs(text) + after);
              expect(alive(holder)).toEqual([]);
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('finishMarkdown', () => {
  const URL = 'https://github.com/acme/tower/actions/runs/1';
  const SPLIT = '<span></span>';

  test.each([
    ['a call in code', '`@claude do`', `<code>@${SPLIT}claude do</code>`],
    ['a call in a fence', '```\n@claude\n/deploy\n`x`\n```', `\`\`\`\n@${ZWSP}claude\n/${ZWSP}deploy\n\`x\`\n\`\`\``],
    ['a command within a path', '`docs/deploy`', `<code>docs/${SPLIT}deploy</code>`],
    ['a command in prose', 'docs/deploy', `docs/${SPLIT}deploy`],
    ['a command behind a bracket', '`</deploy>`', `<code>&lt;/${SPLIT}deploy&gt;</code>`],
    ['code with backticks', '`` `a/b` `` and `x`', `<code>&#x60;a/${SPLIT}b&#x60;</code> and \`x\``],
    ['code with a blank', '`  a/b `', `<code> a/${SPLIT}b</code>`],
    ['a call that is already broken', `x@${ZWSP}y x@${SPLIT}y`, `x@${ZWSP}y x@${SPLIT}y`],
    ['trusted tags', '<details><summary>a</summary></details>', '<details><summary>a</summary></details>'],
    ['a slash without a command', '3/5 a / b `3/5`', '3/5 a / b `3/5`'],
    ['the hidden mark of a tool', '<!-- x -->', `<${ZWSP}!-- x -->`],
    [
      'a trusted URL, and an untrusted one next to it',
      `${link('x', URL)} \`](${URL}/deploy)\``,
      `[x](${URL}) <code>&#x5d;(https:${SPLIT}//${SPLIT}github.com/${SPLIT}acme/${SPLIT}tower/${SPLIT}actions/${SPLIT}runs<span>&#x2f;</span>1/${SPLIT}deploy)</code>`,
    ],
  ])('breaks calls to bots, and only those, in %s', (_, markdown, expected) => {
    expect(finishMarkdown(markdown, true)).toBe(expected);
  });

  test('leaves the text that a reader copies from prose, code and links unchanged', () => {
    const text = 'docs/specs/fire-rating.pdf, joe@example.com, #1, a81d0c4, https://a.example/b, @octo-org/team, ABC-12';
    for (const markdown of [escapeForProse(text), escapeForText(text), formatCode(text), link(escapeForText(text), URL)]) {
      inPlaces(finishMarkdown(markdown, true), (holder) => {
        expect(textOf(holder)).toBe(text);
        expect(alive(holder)).toEqual([]);
      });
    }
  });

  test('breaks only the hidden marks of tools in a document that is not posted', () => {
    expect(finishMarkdown(`\`@a /b\` ${link('x', '')} ${link('', URL)}<!--`, false)).toBe(`\`@a /b\` x <${ZWSP}!--`);
  });
});

describe('formatCode', () => {
  test.each(['#ff0000', 'rgb(255, 0, 0)', ' #ff0000 '])('shows no colour chip for %j', (text) => {
    for (const markdown of [formatCode(text), `<details><summary>${formatHtmlCode(text)}</summary>\n\nx\n\n</details>`]) {
      const code = textOf(firstOf(parsed(markdown), 'code'));
      expect(code).not.toMatch(/^ *(?:#[0-9a-f]{3,8} *$|(?:rgb|hsl)a?\()/i);
      expect(code.replaceAll(ZWSP, '')).toBe(text);
    }
  });

  test.each([
    ['a word', 'run_1', '`run_1`'],
    ['an empty text', '', '(empty)'],
    ['a backtick', 'a`b', '``a`b``'],
    ['backticks at the ends', '`a`', '`` `a` ``'],
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
          for (const around of [(code: string) => code, (code: string) => `x ${code} y`]) {
            inPlaces(around(formatCode(text, LONG)), (holder) => {
              const code = firstOf(holder, 'code');
              const shown = escapeInvisible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
              expect(textOf(code).replaceAll(ZWSP, '')).toBe(shown);
              expect(textOf(holder).replaceAll(ZWSP, '')).toBe(around(shown));
              expect(elementsIn(holder).every((element) => /^(?:p|h3|li|td|code|span)$/.test(element.tagName))).toBe(true);
              expect(alive(holder)).toEqual([]);
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('truncates the text', () => {
    expect(formatCode('x'.repeat(201))).toBe(`\`${'x'.repeat(199)}…\``);
  });
});

describe('formatCodeBlock', () => {
  test('makes one closed block of any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tree = parsed(`before\n\n${formatCodeBlock(text, LONG)}\n\nafter`);
        expect(elementsIn(tree).map(({ tagName }) => tagName)).toEqual(['p', 'pre', 'code', 'p']);
        // The parser itself is not of one mind about newlines at the ends.
        const bare = (block: string) => block.replace(/^\n+|\n+$/g, '');
        expect(bare(textOf(firstOf(tree, 'code')))).toBe(bare(escapeInvisible(text)));
      }),
    );
  });

  test('has a fence that is longer than any run of backticks, also in a truncated text', () => {
    expect(formatCodeBlock('a\n`````\n')).toBe('``````\na\n`````\n\n``````');
    const cutOff = formatCodeBlock('`'.repeat(50), 10, 'json');
    expect(textOf(firstOf(parsed(cutOff), 'code'))).toBe(`${'`'.repeat(9)}…\n`);
  });
});

test.each([
  ['keeps a text that fits into a length', 'aé', 2, 'aé'],
  ['ends a text that is cut with an ellipsis', 'abcdef', 3, 'ab…'],
  ['cuts a text without splitting a surrogate pair', 'ab😀c', 4, 'ab…'],
  ['leaves only the ellipsis of a text at a length of 0', 'abc', 0, '…'],
])('%s', (_, text, maxLength, expected) => {
  expect(truncate(text, maxLength)).toBe(expected);
});

const KEY = 'ak_live_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ+/"\\%~';

const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  'in plain text': (secret) => secret,
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in a URL': encodeURIComponent,
  'in a URL with small hex digits': (secret) => encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
};

describe('createRedactor', () => {
  const redact = createRedactor([KEY]);

  test.each(Object.entries(SPELLINGS))('replaces a secret %s', (_, spell) => {
    expect(redact(`a ${spell(KEY)} b ${spell(KEY)}`)).toBe('a *** b ***');
  });

  test.each(['base64', 'base64url'] as const)('replaces a secret in %s within any text', (encoding) => {
    for (const before of ['', 'x', 'xy', 'user:']) {
      const encoded = Buffer.from(`${before}${KEY}@host`).toString(encoding);
      const redacted = redact(`<${encoded}>`).slice(1, -1);
      // The rest encodes the surrounding text, at most six bits of the secret, and the padding.
      const [start = '', end = ''] = redacted.split('***');
      expect(redacted).toContain('***');
      expect(start.length).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3));
      expect(end.length).toBeLessThanOrEqual(Math.ceil(('@host'.length * 4) / 3) + 3);
    }
  });

  test('replaces a secret in base64 of 76 columns, as base64(1) writes it', () => {
    const columns = Buffer.from(KEY).toString('base64').replace(/.{76}/g, '$&\n');
    expect(columns).toContain('\n');
    expect(redact(columns)).toMatch(/^\*{3}.?=*$/);
  });

  test.each(['\n', '\r\n', '\r', '\n\n'])('replaces a secret that %j breaks, anywhere', (lineEnd) => {
    const spellings = [...Object.values(SPELLINGS).map((spell) => spell(KEY)), Buffer.from(KEY).toString('base64')];
    for (const spelling of spellings) {
      for (const columns of [1, 8, 30]) {
        const broken = spelling.replace(new RegExp(`.{${columns}}(?=.)`, 'g'), `$&${lineEnd}`);
        expect(redact(broken)).toMatch(/^\*{3}[\n\r]*.?[\n\r]*$/);
      }
    }
  });

  test('replaces a secret that contains line ends', () => {
    const secret = 'first-line\n\nsecond-line';
    expect(createRedactor([secret])(`a ${secret} b ${JSON.stringify(secret)}`)).toBe('a *** b "***"');
  });

  test.each(['ak_live_', 'ak_test_'])('replaces any API key that begins with %s', (prefix) => {
    expect(createRedactor([])(`the key ${prefix}${'x1'.repeat(26)}, of another step`)).toBe('the key ***, of another step');
    expect(createRedactor([])(`keys begin with ${prefix}`)).toBe(`keys begin with ${prefix}`);
  });

  test('leaves a text shorter than 8 characters', () => {
    expect(createRedactor(['1234567', ''])('1234567')).toBe('1234567');
    expect(createRedactor(['12345678'])('1234567 12345678')).toBe('1234567 ***');
  });

  test('leaves no part of a secret that begins with another', () => {
    expect(createRedactor(['abcdefgh', 'abcdefgh12345678'])('abcdefgh12345678 abcdefgh')).toBe('*** ***');
  });

  test('leaves a text without a secret', () => {
    fc.assert(fc.property(hostile, (text) => redact(text) === text));
  });

  test('replaces any secret within any text', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(secret, hostile, hostile, (key, before, after) => {
        const hide = createRedactor([key]);
        for (const spell of Object.values(SPELLINGS)) {
          expect(hide(`${before} ${spell(key)} ${after}`)).not.toContain(spell(key));
        }
        for (const encoding of ['base64', 'base64url'] as const) {
          const encoded = Buffer.from(before + key + after).toString(encoding);
          // The characters that hold bits of the secret only.
          const from = Math.ceil((Buffer.byteLength(before) * 8) / 6);
          const secretPart = encoded.slice(from, Math.floor((Buffer.byteLength(before + key) * 8) / 6));
          expect(hide(encoded)).not.toContain(secretPart);
        }
      }),
    );
  });
});

describe('redactJson', () => {
  const redact = createRedactor(['s3cret-s3cret']);

  function json(text: string): JsonValue {
    return parseJson(new TextEncoder().encode(text));
  }

  test.each([
    ['strings at any depth', '{"a":[{"b":"x s3cret-s3cret"}]}', '{"a":[{"b":"x ***"}]}'],
    ['keys', '{"s3cret-s3cret":1}', '{"***":1}'],
    ['keys that become the same', '{"s3cret-s3cret":1,"***":2,"s3cret\\u002ds3cret_2":3}', '{"***":1,"***_2":2,"***_2_2":3}'],
    ['__proto__ as data', '{"__proto__":{"a":"s3cret-s3cret"}}', '{"__proto__":{"a":"***"}}'],
    ['__proto__ next to a change', '{"__proto__":1,"a":"s3cret-s3cret"}', '{"__proto__":1,"a":"***"}'],
    ['numbers with their source text', '[1.0,1e999,-0,"s3cret-s3cret"]', '[1.0,1e999,-0,"***"]'],
    ['other values', '[true,null,"",{},[],"s3cret-s3cret"]', '[true,null,"",{},[],"***"]'],
  ])('returns for %s, %s, the JSON %s', (_, before, after) => {
    expect(JSON.stringify(redactJson(json(before), redact))).toBe(after);
  });

  test('redacts a secret of digits in numbers', () => {
    expect(redactJson(json('[12345678,123456789012345678901234567890]'), createRedactor(['12345678']))).toEqual(['***', '***90***90***90']);
  });

  test('returns the same value if it has no secret', () => {
    const value = json('{"a":[{"b":"x"}],"__proto__":{}}');
    expect(redactJson(value, redact)).toBe(value);
  });

  test('keeps 8,192 JSON keys that contain one secret as 8,192 keys, in linear time', () => {
    const secret = 's3cret-s3cret!';
    const spelt = (bits: number) => Array.from(secret, (letter, at) => (bits & (1 << at) ? `${letter}\n` : letter)).join('');
    const all = Array.from({ length: 2 ** 13 }, (_, at) => [spelt(at), at] as const);
    const redacted = (count: number) => redactJson(Object.fromEntries(all.slice(0, count)), createRedactor([secret]));
    expect(isLinear(redacted, 2 ** 11)).toBe(true);
    const keys = Object.keys(redacted(2 ** 13) as object);
    expect(keys).toHaveLength(2 ** 13);
    expect([keys[0], keys[1], keys.at(-1)]).toEqual(['***', '***_2', '***_8192']);
  });
});
