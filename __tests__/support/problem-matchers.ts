/**
 * Problem matchers that an earlier step of the job may have added: the runner makes an annotation of lines that match their patterns. Of a
 * matcher of several lines there is the one pattern that no line of our log may match: a line before it may match any text.
 */
import { findCommands } from '../../simulator/workflow-commands.ts';

/** `\s` matches more in JavaScript than in .NET's ECMAScript mode, so a line without a match here has none there. */
export const MATCHERS: readonly (readonly [publicFile: string, pattern: RegExp, example: string])[] = [
  ['actions/setup-go matchers.json', /^\s*(.+\.go):(?:(\d+):(\d+):)? (.*)/, 'a.go: Rotate the deploy key'],
  ['actions/setup-go matchers.json', /^\s*(.+\.go):(?:(\d+):(\d+):)? (.*)/, './a.go:12:5: Rotate the deploy key'],
  ['golangci/golangci-lint-action problem-matchers.json', /^([^:]+):(\d+):(?:(\d+):)?\s+(.+ \(.+\))$/, 'a.go:12: Rotate keys (govet)'],
  [
    'actions/setup-node .github/eslint-compact.json',
    /^(.+):\sline\s(\d+),\scol\s(\d+),\s([Ee]rror|[Ww]arning|[Ii]nfo)\s-\s(.+)\s\((.+)\)$/,
    'a.js: line 1, col 2, Error - Rotate the deploy key (no-key)',
  ],
  [
    'actions/setup-node .github/eslint-stylish.json',
    /^\s+(\d+):(\d+)\s+(error|warning|info)\s+(.*)\s\s+(.*)$/,
    '  1:2  error  Rotate the deploy key  no-key',
  ],
  [
    'actions/setup-node .github/tsc.json',
    /^([^\s].*)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(\d+)\s*:\s*(.*)$/,
    'a.ts(1,2): error TS2304: Rotate the deploy key',
  ],
  [
    'actions/setup-node .github/tsc.json',
    /^([^\s].*)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(\d+)\s*:\s*(.*)$/,
    'a.ts(1,2 - error TS2304 :Rotate the deploy key',
  ],
  [
    'actions/setup-dotnet .github/csc.json',
    /^\s*(?:\d+>\s*)?([^\s].*)\((\d+)(?:,(\d+))?(?:,\d+)*\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d*):\s*(.*?)\s+\[(.*?)\]$/,
    'a.cs(1,2): error CS1:Rotate the deploy key [a.csproj]',
  ],
  ['actions/setup-java .github/java.json', /^([^:]+):(\d+): (warning|error): (.+?)$/, 'a.java:1: error: Rotate the deploy key'],
  [
    'actions/setup-java .github/java.json',
    /^\[(WARNING|ERROR)\]\s+(.+?\.java):\[(\d+),(\d+)\]\s+(.+)$/,
    '[ERROR] a.java:[1,2] Rotate the deploy key',
  ],
  [
    'ammaraskar/gcc-problem-matcher gcc_matcher.json',
    /^(.*?):(\d+):(\d*):?\s+(?:fatal\s+)?(warning|error):\s+(.*)$/,
    'a.c:1:2: error: Rotate the deploy key',
  ],
  ['ammaraskar/sphinx-problem-matcher sphinx_matcher.json', /(\/.*\.rst):\s+(\w*):\s+(.*)$/, 'see /a.rst: ERROR: Rotate the deploy key'],
  ['actions-rust-lang/setup-rust-toolchain rust.json', /^(warning|warn|error)(\[(.*)\])?: (.*)$/, 'error: Rotate the deploy key'],
  ['erlef/setup-beam matchers/elixir-matchers.json', /^warning: (.*)$/, 'warning: Rotate the deploy key'],
  ['hadolint/hadolint-action problem-matcher.json', /(.*):(\d+)\s(.*)/, 'x:1 Rotate the deploy key'],
  [
    'liskin/gh-problem-matcher-wrap problem-matchers/flake8.json',
    /^([^:]*):(\d+):(\d+): ([EFW]\d\d\d) (.*)$/,
    'a.py:1:2: E100 Rotate keys',
  ],
  [
    'home-assistant/core .github/workflows/matchers/yamllint.json',
    /^\s+(\d+):(\d+)\s+(error|warning)\s+(.*?)\s+\((.*)\)$/,
    '  1:2  error  Rotate the deploy key  (x)',
  ],
  [
    'home-assistant/core .github/workflows/matchers/check-json.json',
    /^(.+):\s(.+\sline\s(\d+)\scolumn\s(\d+).+)$/,
    'a: Rotate keys line 1 column 2!',
  ],
  [
    'home-assistant/core .github/workflows/matchers/pytest-slow.json',
    /^(.*s)\s(call|setup|teardown)\s+(.*)::(.*)$/,
    'Rotate keys call a::b',
  ],
  ['rhysd/actionlint .github/actionlint-matcher.json', /^(.+?):(\d+):(\d+): (.+?) \[(.+?)\]$/, 'a.yml:1:2: Rotate the deploy key [x]'],
  ['shivammathur/setup-php src/configs/pm/phpunit.json', /^(.*):(\d+)$/, 'a.php:1'],
  ['aslafy-z/problem-matchers src/cfn-lint.json', /^(\S+):(\d+):(\d+)$/, 'a.yml:1:2'],
  ['aslafy-z/problem-matchers src/tap.json', /^#\s+(Failed test '.*')/, "# Failed test 'Rotate the deploy key'"],
  [
    'aslafy-z/problem-matchers src/tflint-compact.json',
    /^(.+):(\d+):(\d+):\s(Error|Warning|Notice)\s-\s(.+)\s\((.+)\)$/,
    'a.tf:1:2: Error - Rotate the deploy key (x)',
  ],
];

/** The patterns that match a line. The runner handles commands first. */
export function matchingPatterns(line: string): RegExp[] {
  const isCommand = findCommands(line).some(({ known }) => known);
  return isCommand ? [] : MATCHERS.map(([, pattern]) => pattern).filter((pattern) => pattern.test(line));
}
