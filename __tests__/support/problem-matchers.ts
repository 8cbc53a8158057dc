/**
 * Problem matchers that an earlier step of the job may have added, each rewritten from its public file, and how the runner applies
 * them (actions/runner 2.336.0, src/Runner.Worker/IssueMatcher.cs): a matching line becomes an annotation.
 */
import { findCommands } from '../../simulator/workflow-commands.ts';

interface Matcher {
  readonly name: string;
  /** One for each line, in order; with `loop` the last one may match several lines. */
  readonly patterns: readonly RegExp[];
  /** Lines that it matches. */
  readonly examples: readonly string[];
  readonly loop?: true;
}

/** `\s` matches more in JavaScript than in .NET's ECMAScript mode, so a line without a match here has none there. */
export const MATCHERS: readonly Matcher[] = [
  // actions/setup-go matchers.json
  { name: 'go', patterns: [/^\s*(.+\.go):(?:(\d+):(\d+):)? (.*)/], examples: ['a.go: Rotate the deploy key'] },
  // actions/setup-go matchers.json
  { name: 'go, with a place', patterns: [/^\s*(.+\.go):(?:(\d+):(\d+):)? (.*)/], examples: ['./a.go:12:5: Rotate the deploy key'] },
  // golangci/golangci-lint-action problem-matchers.json
  { name: 'golangci-lint', patterns: [/^([^:]+):(\d+):(?:(\d+):)?\s+(.+ \(.+\))$/], examples: ['a.go:12: Rotate the deploy key (govet)'] },
  // actions/setup-node .github/eslint-compact.json
  {
    name: 'eslint-compact',
    patterns: [/^(.+):\sline\s(\d+),\scol\s(\d+),\s([Ee]rror|[Ww]arning|[Ii]nfo)\s-\s(.+)\s\((.+)\)$/],
    examples: ['a.js: line 1, col 2, Error - Rotate the deploy key (no-key)'],
  },
  // actions/setup-node .github/eslint-stylish.json
  {
    name: 'eslint-stylish',
    patterns: [/^\s*([^\s].*)$/, /^\s+(\d+):(\d+)\s+(error|warning|info)\s+(.*)\s\s+(.*)$/],
    examples: ['a.js', '  1:2  error  Rotate the deploy key  no-key'],
    loop: true,
  },
  // actions/setup-node .github/tsc.json
  {
    name: 'tsc',
    patterns: [/^([^\s].*)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(\d+)\s*:\s*(.*)$/],
    examples: ['a.ts(1,2): error TS2304: Rotate the deploy key'],
  },
  // actions/setup-node .github/tsc.json
  {
    name: 'tsc, pretty',
    patterns: [/^([^\s].*)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(\d+)\s*:\s*(.*)$/],
    examples: ['a.ts(1,2 - error TS2304 :Rotate the deploy key'],
  },
  // actions/setup-python .github/python.json
  {
    name: 'python',
    patterns: [/^\s*File\s"(.*)",\sline\s(\d+),\sin\s(.*)$/, /^\s*raise\s(.*)\('(.*)'\)$/],
    examples: ['File "a.py", line 1, in x', "raise Error('Rotate the deploy key')"],
  },
  // actions/setup-dotnet .github/csc.json
  {
    name: 'csc',
    patterns: [/^\s*(?:\d+>\s*)?([^\s].*)\((\d+)(?:,(\d+))?(?:,\d+)*\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d*):\s*(.*?)\s+\[(.*?)\]$/],
    examples: ['a.cs(1,2): error CS1:Rotate the deploy key [a.csproj]'],
  },
  // actions/setup-java .github/java.json
  { name: 'javac', patterns: [/^([^:]+):(\d+): (warning|error): (.+?)$/], examples: ['a.java:1: error: Rotate the deploy key'] },
  // actions/setup-java .github/java.json
  {
    name: 'maven-javac',
    patterns: [/^\[(WARNING|ERROR)\]\s+(.+?\.java):\[(\d+),(\d+)\]\s+(.+)$/],
    examples: ['[ERROR] a.java:[1,2] Rotate the deploy key'],
  },
  // ammaraskar/gcc-problem-matcher gcc_matcher.json
  {
    name: 'gcc',
    patterns: [/^(.*?):(\d+):(\d*):?\s+(?:fatal\s+)?(warning|error):\s+(.*)$/],
    examples: ['a.c:1:2: error: Rotate the deploy key'],
  },
  // ammaraskar/sphinx-problem-matcher sphinx_matcher.json
  { name: 'sphinx, loose', patterns: [/(\/.*\.rst):\s+(\w*):\s+(.*)$/], examples: ['see /a.rst: ERROR: Rotate the deploy key'] },
  // actions-rust-lang/setup-rust-toolchain rust.json
  {
    name: 'clippy',
    patterns: [/^(warning|warn|error)(\[(.*)\])?: (.*)$/, /^\s*--> (.*):(\d*):(\d*)$/],
    examples: ['error: Rotate the deploy key', '  --> a.rs::'],
  },
  // erlef/setup-beam matchers/elixir-matchers.json
  {
    name: 'elixir, a warning',
    patterns: [/^warning: (.*)$/, /^\s+(.*):(\d+).*$/],
    examples: ['warning: Rotate the deploy key', '  a.ex:1'],
  },
  // hadolint/hadolint-action problem-matcher.json
  { name: 'hadolint', patterns: [/(.*):(\d+)\s(.*)/], examples: ['x:1 Rotate the deploy key'] },
  // liskin/gh-problem-matcher-wrap problem-matchers/flake8.json
  { name: 'flake8', patterns: [/^([^:]*):(\d+):(\d+): ([EFW]\d\d\d) (.*)$/], examples: ['a.py:1:2: E100 Rotate the deploy key'] },
  // home-assistant/core .github/workflows/matchers/yamllint.json
  {
    name: 'yamllint',
    patterns: [/^(.*\.ya?ml)$/, /^\s+(\d+):(\d+)\s+(error|warning)\s+(.*?)\s+\((.*)\)$/],
    examples: ['a.yaml', '  1:2  error  Rotate the deploy key  (x)'],
    loop: true,
  },
  // home-assistant/core .github/workflows/matchers/check-json.json
  {
    name: 'check-json',
    patterns: [/^(.+):\s(.+\sline\s(\d+)\scolumn\s(\d+).+)$/],
    examples: ['a: Rotate the deploy key line 1 column 2!'],
  },
  // home-assistant/core .github/workflows/matchers/pytest-slow.json
  {
    name: 'pytest-slow',
    patterns: [/^=+ slowest durations =+$/, /^(.*s)\s(call|setup|teardown)\s+(.*)::(.*)$/],
    examples: ['= slowest durations =', 'Rotate keys call a::b'],
    loop: true,
  },
  // rhysd/actionlint .github/actionlint-matcher.json
  { name: 'actionlint', patterns: [/^(.+?):(\d+):(\d+): (.+?) \[(.+?)\]$/], examples: ['a.yml:1:2: Rotate the deploy key [x]'] },
  // shivammathur/setup-php src/configs/pm/phpunit.json
  {
    name: 'phpunit',
    patterns: [/^\d+\)\s.*$/, /^(.*Failed\sasserting\sthat.*)$/, /^\s*$/, /^(.*):(\d+)$/],
    examples: ['1) x', 'Failed asserting that the deploy key was rotated', '', 'a.php:1'],
  },
  // aslafy-z/problem-matchers src/cfn-lint.json
  { name: 'cfn-lint', patterns: [/^([EWI](\d{4}))\s(.+)$/, /^(\S+):(\d+):(\d+)$/], examples: ['E1000 Rotate the deploy key', 'a.yml:1:2'] },
  // aslafy-z/problem-matchers src/tap.json
  {
    name: 'tap',
    patterns: [/^#\s+(Failed test '.*')/, /^#\s+at (.*) line (\d+)/],
    examples: ["# Failed test 'Rotate the deploy key'", '# at a.t line 1'],
  },
  // aslafy-z/problem-matchers src/tflint-compact.json
  {
    name: 'tflint',
    patterns: [/^(.+):(\d+):(\d+):\s(Error|Warning|Notice)\s-\s(.+)\s\((.+)\)$/],
    examples: ['a.tf:1:2: Error - Rotate the deploy key (x)'],
  },
];

/** The lines of a log that a matcher turns into annotations, each with the matcher's name. The runner handles commands first. */
export function matchedLines(log: string): string[] {
  const lines = log.split(/\r\n|\r|\n/).filter((line) => findCommands(line).every(({ known }) => !known));
  return MATCHERS.flatMap(({ name, patterns, loop }) => {
    const found: string[] = [];
    const last = patterns.length - 1;
    /** Which patterns except the last have matched, in sequence. */
    let matched = patterns.map(() => false);
    for (const line of lines) {
      for (let at = last; at >= 0; at--) {
        if (at > 0 && matched[at - 1] !== true) continue;
        const matches = patterns[at]?.test(line) === true;
        if (at < last) matched[at] = matches;
        else if (matches) {
          found.push(`${name}: ${line}`);
          matched = patterns.map((_, other) => loop === true && other === last - 1);
          break;
        } else if (last > 0) matched[last - 1] = false;
      }
    }
    return found;
  });
}
