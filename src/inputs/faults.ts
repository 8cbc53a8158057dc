/** The words of the faults of inputs: what is wrong and what to write. They never quote a value, which may be a secret. */
import { formatList } from '../text/format.ts';
import type { InputFault } from './inputs.ts';
import { INPUT_NAMES } from './table.ts';

type Text = string | number;
type Describe = (...values: readonly Text[]) => string;

const at = (line: Text = '', column: Text = '') => `(line ${line}, column ${column})`;
const meant = (name: Text = '') => (name === '' ? '' : `: did you mean \`${name}\`?`);
const code = (names: readonly Text[]) => names.map((name) => `\`${name}\``);

/** Each follows the input's name. */
const WORDS: Readonly<Record<string, Describe>> = {
  missing: () => 'is missing: copy the ID from the Alloovium dashboard, `wf_…`',
  workflow_id: () => "must be the workflow's ID as the dashboard shows it, `wf_…`",
  run_id: () => "must be a run's ID, `run_…`",
  project_id: () => "must be the project's ID as the dashboard shows it, not its name",
  idempotency_key: () => 'must be 1 to 100 characters `A-Z a-z 0-9 _ -`',
  title: () => 'must be one line of at most 100 characters',
  commit_status: () => 'must be one line of 1 to 100 printable characters',
  text: () => 'must be a text: quote it',
  choice: (...choices) => `must be ${code(choices.slice(0, -1)).join(', ')} or \`${choices.at(-1)}\``,
  minutes: (most = 0) => `must be a number of minutes above 0 and at most ${most}, such as \`15\` or \`0.5\``,
  pull_request: () => 'must be the number of a pull request, such as `123`',
  branch: () => 'must be the name of a branch, such as `main`',
  api_key_alone: () => 'must be the key alone, without quotes or `Bearer `',
  api_key_of_github: () =>
    'is a token of GitHub, not a key of Alloovium (`ak_live_…` or `ak_test_…`): check which secret the step reads',
  api_key_characters: () =>
    'must be 60 characters without blanks or line breaks (`ak_live_…` or `ak_test_…`): check how the secret was pasted',
  github_token: () => 'must be a token without blanks or line breaks: check how the secret was pasted',
  api_url: () => 'must be an `https:` address without user, query or fragment (`http:` only to this machine)',
  url_template: (example = '') =>
    `must be an \`https:\` address with its placeholders in the path, such as \`https://app.example.com/${example}\``,
  placeholders: (...known) =>
    `may have only the placeholders ${formatList(code(known.map((name) => `{${name}}`)), 9)}`,
  secret: () => 'contains the API key or the token: take it out',
  // Conditions and fields
  fail_if_empty: () => 'is empty: is a variable not set? For no gate leave it out, or write `none`',
  conditions_list: () => 'is a list: write the conditions below `fail_if: |`, one a line, without dashes',
  fields: (least = 0, most = 0) =>
    `needs ${least} to ${most} fields on a line, separated by commas, such as \`document_id, clause, status\``,
  fields_twice: () => 'has a field, or a line for the same conditions, twice',
  unknown_condition: (near = '') =>
    `names a condition that does not exist${near === '' ? '' : `: did you mean “${near}”?`}`,
  waivers_list: () => 'must be a list: `- match: { document_id: …, clause: … }` with `because: …` below',
  waivers_many: (count = 0, most = 0) => `has ${count} waivers: ${most} at most`,
  waiver_match: (nth = 0) => `has waiver ${nth} without \`match: { … }\`, the fields of its finding`,
  waiver_fields: (nth = 0) =>
    `has waiver ${nth} with fewer than two fields in \`match\`, such as \`document_id\` and \`clause\``,
  waiver_text: (nth = 0, key = '') => `has waiver ${nth} whose \`${key}\` is empty or not a text`,
  waiver_key: (nth = 0, key = '', near = '') =>
    `has waiver ${nth} with an unknown key \`${key}\`${meant(near)}`,
  waiver_day: (nth = 0) => `has waiver ${nth} whose \`until\` is not a day such as \`2026-12-31\``,
  waiver_count: (nth = 0, most = 0) =>
    `has waiver ${nth} whose \`count\` is not a whole number from 1 to ${most}`,
  needs_known_by: () =>
    'needs `known_by`, the fields that make two findings the same, such as `known_by: document_id, clause, status`',
  // Combinations
  other_pull_request: (own = 0) => `is not the pull request of this event, #${own}: leave it out`,
  pull_request_in_queue: () =>
    'cannot be used in a merge queue, whose commit belongs to several pull requests',
  beside_runs: () => 'has no effect with `runs`: give it in an entry',
  without_wait: () => 'needs the end of the run, so it cannot be used with `wait: false`',
  beside_fresh: () => 'cannot be used with `on_rerun: fresh`, which makes a key of its own for each attempt',
  not_of_commit: () => 'cannot be used with `run_id` or `idempotency_key`: the run may be of another commit',
  needs_leg: () => 'must hold a value of the matrix, or each leg overwrites the status of the others',
  needs_token: () => 'needs `github_token`, which is empty',
  needs_own_inputs: () =>
    'must be given, since this entry has another `workflow_id` than the step (`inputs: {}` for none)',
  no_certificates: () =>
    'is 0, so the key could go to any server. Take it out; for a private CA, set NODE_EXTRA_CA_CERTS to its file',
  // The file of `config`
  config: () => 'must be a path such as `.github/alloovium.yml`, or `owner/repository/path@ref`',
  config_no_file: () => 'names no file of that branch or ref',
  config_mapping: (...keys) => `names a file that must be a mapping with keys of ${formatList(code(keys))}`,
  also_in_config: () => 'is in the file of `config` too: give it in one place',
  // YAML
  mapping: () =>
    'must be a mapping of names to values, such as `start_date: 2026-04-01` (with a blank after the colon)',
  runs_mapping: (most = 0) =>
    `must be a mapping of 1 to ${most} names to runs, such as \`Tower: { project_id: 8f2e… }\``,
  runs_name: () => 'has a name that is not one line of 1 to 64 characters',
  entry_mapping: (name = '') =>
    `has an entry “${name}” that is not a mapping such as \`{ project_id: 8f2e… }\``,
  twins: (one = '', other = '') =>
    `has the same review twice, “${one}” and “${other}”: is one ID pasted twice?`,
  yaml_too_large: () => 'is over 100 KB',
  yaml_aliases: () => 'refers to an anchor that does not exist, or expands to too much by its aliases',
  yaml_number: (...place) =>
    `has a number that YAML would change, as 0042 becomes 42: quote it ${at(...place)}`,
  yaml_invalid: (...place) =>
    `is not valid YAML ${at(...place)}: check quotes, brackets, indentation, and a blank after each colon`,
  yaml_twice: (...place) => `has the same key twice ${at(...place)}`,
  yaml_tab: (...place) => `is indented with a tab, which YAML does not allow ${at(...place)}`,
};

/** Returns a sentence in plain words with `code` in backquotes. */
export function formatInputFault({ input, entry, code: name, values }: InputFault): string {
  const [first = ''] = values;
  if (name === 'unknown_input') {
    const list =
      first === '' ? `. The inputs are ${formatList(code(INPUT_NAMES), INPUT_NAMES.length)}` : meant(first);
    return `There is no input \`${input}\`${list}`;
  }
  const where = entry === '' ? '' : `Entry “${entry}”: `;
  if (name === 'unknown_key')
    return `${where || 'File of `config`: '}there is no key \`${input}\`${meant(first)}`;
  return `${where}\`${input}\` ${WORDS[name]?.(...values) ?? 'cannot be used'}`;
}
