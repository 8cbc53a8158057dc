import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandOf, findCommands, parseOutputFile } from '../../simulator/workflow-commands.ts';

/** `name(properties)=data` of each command found, `?` after a name the runner does not know. */
const found = (text: string): string[] =>
  findCommands(text).map(({ name, known, properties, data }) => {
    const pairs = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
    return `${name}${known ? '' : '?'}(${pairs.join(',')})${data}`;
  });

describe('the command oracle', () => {
  test.each<[string, string, string[]]>([
    ['a command', '::error::text', ['error()text']],
    ['a command with properties', '::error file=a.js,line=1::text', ['error(file=a.js,line=1)text']],
    ['a command whose data it unescapes', '::error::a%0Ab%0D%25', ['error()a\nb\r%']],
    ['a command whose properties it unescapes', '::error title=a%2Cb%3Ac::x', ['error(title=a,b:c)x']],
    ['a command whose percent sign it unescapes last', '::error::%250A', ['error()%0A']],
    ['a command with colons in its data', '::notice::a::b', ['notice()a::b']],
    ['a command in any case', '::Set-Output NAME=a::b', ['Set-Output(name=a)b']],
    ['a command after spaces', '  \t::debug::x', ['debug()x']],
    ['a command after a no-break space', '\u00a0::debug::x', ['debug()x']],
    ['a command after a line separator', '\u2028::debug::x', ['debug()x']],
    ['a command after a next line (U+0085)', '\u0085::debug::x', ['debug()x']],
    [
      'a command with a zero-width space inside, which a culture-aware comparison skips',
      ':\u200b:debug::x',
      ['debug()x'],
    ],
    ['a command after text', 'x ::debug::x', []],
    ['a command without a second pair of colons', '::debug:x', []],
    ['an unknown name', '::foo bar::x', ['foo?()x']],
    ['an empty name', ':: ::x', ['?()x']],
    ['C++', 'std::vector::begin', []],
    ['a command after a bare carriage return', 'x\r::debug::y', ['debug()y']],
    ['a command after CRLF', 'x\r\n::debug::y\r\n', ['debug()y']],
    ['the older style anywhere in a line', 'x ##[add-mask]e', ['add-mask()e']],
    ['the older style with properties by semicolon', '##[set-env name=a;b=c%3B]d', ['set-env(name=a,b=c;)d']],
    ['the older style whose brackets it unescapes', '##[debug]a%5Db', ['debug()a]b']],
    [
      'only the first of the older style in a line',
      '##[x] ##[set-env name=a]b',
      ['x?() ##[set-env name=a]b'],
    ],
    ['the older style with its name from the first `##[` to the next bracket', '##[x ##[debug]y', ['x?()y']],
    ['a command with empty pieces of a property', '::error =a==b,c=,=d,e=f=::x', ['error(a=b,e=f=)x']],
    [
      'an unknown current style with an older one in its data',
      '::x::##[debug]y',
      ['x?()##[debug]y', 'debug()y'],
    ],
    ['a known current style as the whole line', '::debug::##[add-mask]x', ['debug()##[add-mask]x']],
    ['the older style that is not closed', '##[debug x', []],
    ['the stop of commands', '::stop-commands::t', ['stop-commands()t']],
    ['commands that are visibly broken', ': :debug::x # #[debug]x', []],
  ])('finds for %s, %j, the commands %j', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('accepts a token as a name while commands are stopped', () => {
    expect(commandOf('::T0ken::', 't0kEN')?.name).toBe('T0ken');
    expect(commandOf('x ##[t0ken]', 't0ken')?.name).toBe('t0ken');
    expect(commandOf('::t0ken::')).toBeUndefined();
  });

  test('finds every command that @actions/core writes, unescaped', () => {
    const escape = (text: string) =>
      text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (message) => {
        expect(found(`::error::${escape(message)}\n`)).toEqual([`error()${message}`]);
      }),
    );
  });
});

test.each<[string, string, Record<string, string>, number]>([
  ['no text', '', {}, 0],
  ['a pair', 'a=1\n', { a: '1' }, 0],
  ['a pair without a final line end', 'a=1', { a: '1' }, 0],
  ['an equals sign in the value', 'a=b=c', { a: 'b=c' }, 0],
  ['an empty value', 'a=', { a: '' }, 0],
  ['empty lines between', '\n\na=1\n\n', { a: '1' }, 0],
  ['a heredoc', 'a<<E\n1\n2\nE\n', { a: '1\n2' }, 0],
  ['an empty heredoc', 'a<<E\nE\n', { a: '' }, 0],
  ['a heredoc whose end has no line end', 'a<<E\n1\nE', { a: '1' }, 0],
  ['a heredoc with CRLF, kept as it is', 'a<<E\n1\r\n\nE\n', { a: '1\r\n' }, 0],
  ['a look-alike delimiter as a value', 'a<<E\nE \n E\nEE\nE\n', { a: 'E \n E\nEE' }, 0],
  ['<< after the equals sign', 'a=b<<E', { a: 'b<<E' }, 0],
  ['an equals sign in the delimiter', 'a<<E=F\n1\nE=F\n', { a: '1' }, 0],
  ['a repeated name, whose last value counts', 'a=1\na=2', { a: '2' }, 0],
  ['a name in another case, whose first spelling stays', 'Abc=1\naBC=2', { Abc: '2' }, 0],
  ['a byte order mark', '\ufeffa=1', { a: '1' }, 0],
  ['__proto__ as a name', '__proto__=1', JSON.parse('{"__proto__":"1"}') as Record<string, string>, 0],
  ['no delimiter, where what came before counts', 'a=1\nb<<E\n2\n', { a: '1' }, 1],
  ['an end inside a value', 'b<<E\n2', {}, 1],
  ['a line of neither form', 'a=1\nwhat\nb=2', { a: '1' }, 1],
  ['an empty name', '=1', {}, 1],
  ['an empty heredoc name', '<<E\nE\n', {}, 1],
  ['an empty delimiter', 'a<<\n\n', {}, 1],
  ['a carriage return in a delimiter', 'a<<E\r\n1\r\nE\n', {}, 1],
])('parses an output file with %s, %j, as %j', (_, text, outputs, errors) => {
  const parsed = parseOutputFile(text);
  expect(Object.entries(parsed.outputs)).toEqual(Object.entries(outputs));
  expect(parsed.errors).toHaveLength(errors);
});
