/**
 * Problem matchers that an earlier step of the job may have left, each as a rule of our own after its public file, and how the
 * runner goes about them (actions/runner 2.336.0, src/Runner.Worker/IssueMatcher.cs): what one takes becomes an annotation.
 */
import { findCommands } from '../simulator/commands.ts';

interface Matcher {
  readonly name: string;
  /** The repository and file that it was written after. */
  readonly source: string;
  /** One for each line, in order; the last may go on matching. */
  readonly patterns: readonly RegExp[];
  readonly loop?: true;
  /** Lines that it takes, in a stranger's words. */
  readonly taken: readonly string[];
}

const HOME_ASSISTANT = 'home-assistant/core .github/workflows/matchers/';
const ASLAFY = 'aslafy-z/problem-matchers src/';
const BEAM = 'erlef/setup-beam matchers/';
const JAVA = 'actions/setup-java .github/java.json';

/** `\s` of JavaScript takes more than that of .NET in its ECMAScript mode: what passes here passes there. */
export const MATCHERS: readonly Matcher[] = [
  {
    name: 'go',
    source: 'actions/setup-go matchers.json',
    patterns: [/^\s*(.+\.go):(?:(\d+):(\d+):)? (.*)/],
    taken: ['a.go: Rotate the deploy key'],
  },
  {
    name: 'go, with a place',
    source: 'actions/setup-go matchers.json',
    patterns: [/^\s*(.+\.go):(?:(\d+):(\d+):)? (.*)/],
    taken: ['./a.go:12:5: Rotate the deploy key'],
  },
  {
    name: 'golangci-lint',
    source: 'golangci/golangci-lint-action problem-matchers.json',
    patterns: [/^([^:]+):(\d+):(?:(\d+):)?\s+(.+ \(.+\))$/],
    taken: ['a.go:12: Rotate the deploy key (govet)'],
  },
  {
    name: 'go of another hand',
    source: `${ASLAFY}go.json`,
    patterns: [/^([^:]*: )?((.:)?[^:]*):(\d+)(:(\d+))?: (.*)$/],
    taken: ['vet: a.go:12:5: Rotate the deploy key'],
  },
  {
    name: 'eslint-compact',
    source: 'actions/setup-node .github/eslint-compact.json',
    patterns: [/^(.+):\sline\s(\d+),\scol\s(\d+),\s([Ee]rror|[Ww]arning|[Ii]nfo)\s-\s(.+)\s\((.+)\)$/],
    taken: ['a.js: line 1, col 2, Error - Rotate the deploy key (no-key)'],
  },
  {
    name: 'eslint-stylish',
    source: 'actions/setup-node .github/eslint-stylish.json',
    patterns: [/^\s*([^\s].*)$/, /^\s+(\d+):(\d+)\s+(error|warning|info)\s+(.*)\s\s+(.*)$/],
    loop: true,
    taken: ['a.js', '  1:2  error  Rotate the deploy key  no-key'],
  },
  {
    name: 'tsc',
    source: 'actions/setup-node .github/tsc.json',
    patterns: [/^([^\s].*)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(\d+)\s*:\s*(.*)$/],
    taken: ['a.ts(1,2): error TS2304: Rotate the deploy key'],
  },
  {
    name: 'tsc, pretty',
    source: 'actions/setup-node .github/tsc.json',
    patterns: [/^([^\s].*)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(\d+)\s*:\s*(.*)$/],
    taken: ['a.ts(1,2 - error TS2304 :Rotate the deploy key'],
  },
  {
    name: 'tsc of another hand',
    source: `${ASLAFY}tsc.json`,
    patterns: [
      /^(?:\s+\d+>)?([^\s].*)\((\d+|\d+,\d+|\d+,\d+,\d+,\d+)\)\s*:\s+(error|warning|info)\s+(\w{1,2}\d+)\s*:\s*(.*)$/,
    ],
    taken: ['a.ts(1) : error TS1 : Rotate the deploy key'],
  },
  {
    name: 'python',
    source: 'actions/setup-python .github/python.json',
    patterns: [/^\s*File\s"(.*)",\sline\s(\d+),\sin\s(.*)$/, /^\s*raise\s(.*)\('(.*)'\)$/],
    taken: ['File "a.py", line 1, in x', "raise Error('Rotate the deploy key')"],
  },
  {
    name: 'csc',
    source: 'actions/setup-dotnet .github/csc.json',
    patterns: [
      /^\s*(?:\d+>\s*)?([^\s].*)\((\d+)(?:,(\d+))?(?:,\d+)*\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d*):\s*(.*?)\s+\[(.*?)\]$/,
    ],
    taken: ['a.cs(1,2): error CS1:Rotate the deploy key [a.csproj]'],
  },
  {
    name: 'dotnet-format',
    source: `${ASLAFY}dotnet-format.json`,
    patterns: [/^\s*(.+)\((\d+),(\d+)\):\s*(.+)$/],
    taken: ['a.cs(1,2):Rotate the deploy key'],
  },
  {
    name: 'msvc',
    source: `${ASLAFY}msvc.json`,
    patterns: [
      /^(?:\s+\d+>)?([^\s].*)\((\d+),?(\d+)?(?:,\d+,\d+)?\)\s*:\s+(error|warning|info)\s+(\w{1,2}\d+)\s*:\s*(.*)$/,
    ],
    taken: ['a.cpp(1,2) : error C1 : Rotate the deploy key'],
  },
  {
    name: 'java',
    source: JAVA,
    patterns: [/^Exception in thread "(.*)" (.*): (.*)$/],
    taken: ['Exception in thread "main" x: Rotate the deploy key'],
  },
  {
    name: 'javac',
    source: JAVA,
    patterns: [/^([^:]+):(\d+): (warning|error): (.+?)$/],
    taken: ['a.java:1: error: Rotate the deploy key'],
  },
  {
    name: 'maven-javac',
    source: JAVA,
    patterns: [/^\[(WARNING|ERROR)\]\s+(.+?\.java):\[(\d+),(\d+)\]\s+(.+)$/],
    taken: ['[ERROR] a.java:[1,2] Rotate the deploy key'],
  },
  {
    name: 'gcc',
    source: 'ammaraskar/gcc-problem-matcher gcc_matcher.json',
    patterns: [/^(.*?):(\d+):(\d*):?\s+(?:fatal\s+)?(warning|error):\s+(.*)$/],
    taken: ['a.c:1:2: error: Rotate the deploy key'],
  },
  {
    name: 'gcc of cpptools',
    source: 'liskin/gh-problem-matcher-wrap problem-matchers/gcc.json',
    patterns: [/^(.*):(\d+):(\d+):\s+(?:fatal\s+)?(warning|error):\s+(.*)$/],
    taken: ['a.c:1:2:  fatal error: Rotate the deploy key'],
  },
  {
    name: 'sphinx',
    source: 'ammaraskar/sphinx-problem-matcher sphinx_matcher.json',
    patterns: [/^(.*):(\d+):\s+(\w*):\s+(.*)$/],
    taken: ['a.rst:1: ERROR: Rotate the deploy key'],
  },
  {
    name: 'sphinx, loose',
    source: 'ammaraskar/sphinx-problem-matcher sphinx_matcher.json',
    patterns: [/(\/.*\.rst):\s+(\w*):\s+(.*)$/],
    taken: ['see /a.rst: ERROR: Rotate the deploy key'],
  },
  {
    name: 'sphinx, without a severity',
    source: 'ammaraskar/sphinx-problem-matcher sphinx_matcher.json',
    patterns: [/^(.*\.rst):(\d+):(.*)$/],
    taken: ['a.rst:1:Rotate the deploy key'],
  },
  {
    name: 'dart-analyzer',
    source: 'dart-lang/setup-dart dart-analyzer.json',
    patterns: [/^\s*(error|warning|info)\s*[•-]\s*(.+):(\d+):(\d+)\s*[•-]\s*(.+?)\s*[•-]\s*(.+)$/],
    taken: ['error • a.dart:1:2 • Rotate the deploy key • x'],
  },
  {
    name: 'rustfmt',
    source: 'actions-rust-lang/setup-rust-toolchain rust.json',
    patterns: [/^(Diff in (.+))(?: at line |:)(\d+):$/],
    taken: ['Diff in Rotate the deploy key:1:'],
  },
  {
    name: 'clippy',
    source: 'actions-rust-lang/setup-rust-toolchain rust.json',
    patterns: [/^(warning|warn|error)(\[(.*)\])?: (.*)$/, /^\s*--> (.*):(\d*):(\d*)$/],
    taken: ['error: Rotate the deploy key', '  --> a.rs::'],
  },
  {
    name: 'rust panic',
    source: 'r7kamura/rust-problem-matchers .github/matchers.json',
    patterns: [/^.*panicked\s+at\s+'(.*)',\s+(.*):(\d+):(\d+)$/],
    taken: ["x panicked at 'Rotate the deploy key', a.rs:1:2"],
  },
  {
    name: 'elixir, an error',
    source: `${BEAM}elixir-matchers.json`,
    patterns: [/^\*\* \((\w+)\) (.*):(\d+): (.*)$/],
    taken: ['** (x) a.ex:1: Rotate the deploy key'],
  },
  {
    name: 'elixir, a warning',
    source: `${BEAM}elixir-matchers.json`,
    patterns: [/^warning: (.*)$/, /^\s+(.*):(\d+).*$/],
    taken: ['warning: Rotate the deploy key', '  a.ex:1'],
  },
  {
    name: 'elixir, a test',
    source: `${BEAM}elixir-matchers.json`,
    patterns: [/^\s*\d+\) (.*)$/, /^\s*(.*):(\d+)$/],
    taken: ['1) Rotate the deploy key', 'a.exs:1'],
  },
  {
    name: 'credo',
    source: `${BEAM}elixir-matchers.json`,
    patterns: [/^┃\s\[\w\]\s[↑|↗→↘↓]\s(.*)$/, /^┃\s{7}(.*):(\d+):(\d+)\s.*$/],
    taken: ['┃ [W] ↑ Rotate the deploy key', '┃       a.ex:1:2 x'],
  },
  {
    name: 'erlc',
    source: `${BEAM}erlang-matchers.json`,
    patterns: [/^(\S+):(\d+):(\d+): (.+)$/],
    taken: ['a.erl:1:2: Rotate the deploy key'],
  },
  {
    name: 'common test',
    source: `${BEAM}erlang-matchers.json`,
    patterns: [/^(\S+) failed on line (\d+)$/, /^Reason: (.+)$/],
    taken: ['a failed on line 1', 'Reason: Rotate the deploy key'],
  },
  {
    name: 'hadolint',
    source: 'hadolint/hadolint-action problem-matcher.json',
    patterns: [/(.*):(\d+)\s(.*)/],
    taken: ['x:1 Rotate the deploy key'],
  },
  {
    name: 'flake8',
    source: 'liskin/gh-problem-matcher-wrap problem-matchers/flake8.json',
    patterns: [/^([^:]*):(\d+):(\d+): ([EFW]\d\d\d) (.*)$/],
    taken: ['a.py:1:2: E100 Rotate the deploy key'],
  },
  {
    name: 'flake8 and ruff of another hand',
    source: `${HOME_ASSISTANT}flake8.json`,
    patterns: [/^(.*):(\d+):(\d+):\s([A-Z]\d{3}\s.*)$/],
    taken: ['a: a.py:1:2: W100 Rotate the deploy key'],
  },
  {
    name: 'pylint',
    source: `${HOME_ASSISTANT}pylint.json`,
    patterns: [/^((\/github\/workspace\/)?.+):(\d+):(\d+):\s([CERW]\d{4}):\s(.+)$/],
    taken: ['a.py:1:2: E1000: Rotate the deploy key'],
  },
  {
    name: 'mypy',
    source: `${HOME_ASSISTANT}mypy.json`,
    patterns: [/^(.+):(\d+):\s(error|warning):\s(.+)$/],
    taken: ['a.py:1: error: Rotate the deploy key'],
  },
  {
    name: 'yamllint',
    source: `${HOME_ASSISTANT}yamllint.json`,
    patterns: [/^(.*\.ya?ml)$/, /^\s+(\d+):(\d+)\s+(error|warning)\s+(.*?)\s+\((.*)\)$/],
    loop: true,
    taken: ['a.yaml', '  1:2  error  Rotate the deploy key  (x)'],
  },
  {
    name: 'codespell',
    source: `${HOME_ASSISTANT}codespell.json`,
    patterns: [/^(.+):(\d+):\s(.+)$/],
    taken: ['a:1: Rotate the deploy key'],
  },
  {
    name: 'check-json',
    source: `${HOME_ASSISTANT}check-json.json`,
    patterns: [/^(.+):\s(.+\sline\s(\d+)\scolumn\s(\d+).+)$/],
    taken: ['a: Rotate the deploy key line 1 column 2!'],
  },
  {
    name: 'check-executables-have-shebangs',
    source: `${HOME_ASSISTANT}check-executables-have-shebangs.json`,
    patterns: [/^(.+):\s(has a shebang.+)$/],
    taken: ['a: has a shebang, rotate the deploy key'],
  },
  {
    name: 'check-jsonschema',
    source: `${HOME_ASSISTANT}check-jsonschema.json`,
    patterns: [/^\s+(.+?)::(.+)$/],
    taken: ['  a::Rotate the deploy key'],
  },
  {
    name: 'pytest-slow',
    source: `${HOME_ASSISTANT}pytest-slow.json`,
    patterns: [/^=+ slowest durations =+$/, /^(.*s)\s(call|setup|teardown)\s+(.*)::(.*)$/],
    loop: true,
    taken: ['= slowest durations =', 'Rotate keys call a::b'],
  },
  {
    name: 'pytest',
    source: 'liskin/gh-problem-matcher-wrap problem-matchers/pytest.json',
    patterns: [/^(\S+):(\d+): (.*)$/],
    taken: ['a.py:1: Rotate the deploy key'],
  },
  {
    name: 'isort',
    source: 'liskin/gh-problem-matcher-wrap problem-matchers/isort.json',
    patterns: [/^ERROR: (\S+) (.*)$/],
    taken: ['ERROR: a.py Rotate the deploy key'],
  },
  {
    name: 'black',
    source: `${ASLAFY}black.json`,
    patterns: [/^(would reformat|reformatted) (.+)$/],
    taken: ['reformatted the deploy key'],
  },
  {
    name: 'actionlint',
    source: 'rhysd/actionlint .github/actionlint-matcher.json',
    patterns: [/^(.+?):(\d+):(\d+): (.+?) \[(.+?)\]$/],
    taken: ['a.yml:1:2: Rotate the deploy key [x]'],
  },
  {
    name: 'php',
    source: 'shivammathur/setup-php src/configs/pm/php.json',
    patterns: [/^(.*error|.*Warning|.*Deprecated|.*Notice):\s+\s+(.+) in (.+) on line (\d+)$/],
    taken: ['an error:  Rotate the deploy key in a.php on line 1'],
  },
  {
    name: 'phpunit',
    source: 'shivammathur/setup-php src/configs/pm/phpunit.json',
    patterns: [/^\d+\)\s.*$/, /^(.*Failed\sasserting\sthat.*)$/, /^\s*$/, /^(.*):(\d+)$/],
    taken: ['1) x', 'Failed asserting that the deploy key was rotated', '', 'a.php:1'],
  },
  {
    name: 'phplint',
    source: `${ASLAFY}phplint.json`,
    patterns: [/^(.+):\s+\s+(.+) in (.+) on line (\d+)$/],
    taken: ['x:  Rotate the deploy key in a.php on line 1'],
  },
  {
    name: 'stylelint',
    source: 'xt0rted/stylelint-problem-matcher src/problem-matcher.json',
    patterns: [/^([^\s].*)$/, /^\s+((\d+):(\d+))\s+(✖|×)\s+(.*)\s{3,}(.*)$/],
    loop: true,
    taken: ['a.css', '  1:2  ✖  Rotate the deploy key   x'],
  },
  {
    name: 'cfn-lint',
    source: `${ASLAFY}cfn-lint.json`,
    patterns: [/^([EWI](\d{4}))\s(.+)$/, /^(\S+):(\d+):(\d+)$/],
    taken: ['E1000 Rotate the deploy key', 'a.yml:1:2'],
  },
  {
    name: 'haxe',
    source: `${ASLAFY}haxe.json`,
    patterns: [/^(.+):(\d+): (?:lines \d+-(\d+)|character(?:s (\d+)-| )(\d+)) : (?:(Warning) : )?(.*)$/],
    taken: ['a.hx:1: lines 1-2 : Rotate the deploy key'],
  },
  {
    name: 'htmllint',
    source: `${ASLAFY}htmllint.json`,
    patterns: [/^(.*): line\s+(\d+), col (\d+),() (.*)()/],
    taken: ['a.html: line 1, col 2, Rotate the deploy key'],
  },
  {
    name: 'markdownlint',
    source: `${ASLAFY}markdownlint.json`,
    patterns: [/^([^:]*):(\d+):?(\d+)?\s([\w-/]*)\s(.*)$/],
    taken: ['a.md:1 MD001 Rotate the deploy key'],
  },
  {
    name: 'rubocop',
    source: `${ASLAFY}rubocop.json`,
    patterns: [/^(.+):(\d+):(\d+):\s(.+)$/],
    taken: ['a.rb:1:2: Rotate the deploy key'],
  },
  {
    name: 'ruby',
    source: `${ASLAFY}ruby.json`,
    patterns: [/^(.+)$/, /^(.+\.rb):(\d+):(in.+:)?(.+)$/],
    taken: ['Rotate the deploy key', 'a.rb:1:x'],
  },
  {
    name: 'minitest',
    source: `${ASLAFY}ruby.json`,
    patterns: [/(\w+\s+)\[(.*):(\d+)\]/, /(.+)/, /(.*)(\s*Actual:.+)/],
    taken: ['x [a.rb:1]', 'x', 'Actual:Rotate the deploy key'],
  },
  {
    name: 'tap',
    source: `${ASLAFY}tap.json`,
    patterns: [/^#\s+(Failed test '.*')/, /^#\s+at (.*) line (\d+)/],
    taken: ["# Failed test 'Rotate the deploy key'", '# at a.t line 1'],
  },
  {
    name: 'tflint',
    source: `${ASLAFY}tflint-compact.json`,
    patterns: [/^(.+):(\d+):(\d+):\s(Error|Warning|Notice)\s-\s(.+)\s\((.+)\)$/],
    taken: ['a.tf:1:2: Error - Rotate the deploy key (x)'],
  },
  {
    name: 'tslint',
    source: `${ASLAFY}tslint5.json`,
    patterns: [/^(WARNING|ERROR):(\s+\(\S*\))?\s+(\S.*)\[(\d+), (\d+)\]:\s+(.*)$/],
    taken: ['ERROR: a.ts[1, 2]: Rotate the deploy key'],
  },
  {
    name: 'tslint, older',
    source: `${ASLAFY}tslint4.json`,
    patterns: [/^(\(\S*\)\s+)?(\S.*)\[(\d+), (\d+)\]:\s+(.*)$/],
    taken: ['a.ts[1, 2]: Rotate the deploy key'],
  },
  {
    name: 'xmllint',
    source: `${ASLAFY}xmllint.json`,
    patterns: [/^(.+):(\d+):\s+(.+)\s+:\s+(.+)$/],
    taken: ['a.xml:1: x : Rotate the deploy key'],
  },
];

/** The lines of a log that become an annotation through a matcher, each with its name. Commands never come before one. */
export function takenFrom(log: string): string[] {
  const lines = log.split(/\r\n|\r|\n/).filter((line) => findCommands(line).every(({ known }) => !known));
  return MATCHERS.flatMap(({ name, patterns, loop }) => {
    const found: string[] = [];
    const last = patterns.length - 1;
    /** Which patterns but the last have matched, each after the one before it. */
    let running = patterns.map(() => false);
    for (const line of lines) {
      for (let at = last; at >= 0; at--) {
        if (at > 0 && running[at - 1] !== true) continue;
        const matches = patterns[at]?.test(line) === true;
        if (at < last) running[at] = matches;
        else if (matches) {
          found.push(`${name}: ${line}`);
          running = patterns.map((_, other) => loop === true && other === last - 1);
          break;
        } else if (last > 0) running[last - 1] = false;
      }
    }
    return found;
  });
}
