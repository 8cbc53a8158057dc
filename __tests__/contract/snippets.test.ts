/** What README and docs show of gates is played over the sample that stands before it. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { applyBaseline } from '../../src/gate/baseline.ts';
import { parseColumns, parseKnownBy } from '../../src/gate/field-lists.ts';
import { createFinding } from '../../src/gate/finding.ts';
import { compileGate } from '../../src/gate/gate.ts';
import { readWaivers } from '../../src/gate/waivers.ts';
import { readRuns, findUnknownConditions } from '../../src/inputs/runs-input.ts';
import { DEFAULTS } from '../../src/inputs/input-table.ts';
import { readYaml } from '../../src/inputs/yaml.ts';
import { isList, parseJson, type JsonObject } from '../../src/json.ts';
import { findColumnNotices } from '../../src/report/column-notices.ts';
import { NO_BASELINE, anEntry } from '../fakes.ts';

interface Snippet {
  readonly place: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The last one that stands before it; null: there is none. */
  readonly sample: JsonObject | null;
  /** The last conditions that stand before it, or empty. */
  readonly failIf: string;
}

const PLAYED = ['fail_if', 'warn_if', 'known_by', 'waivers', 'columns', 'runs'];
const FILES = ['README.md', ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];

function inputsIn(language: string, text: string): Record<string, string> {
  if (language === 'cel') return { fail_if: text };
  const block = parse(text) as Readonly<Record<string, unknown>> | null;
  const given = Object.entries(block ?? {}).filter(([name]) => PLAYED.includes(name));
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function snippetsIn(file: string): Snippet[] {
  const text = readFileSync(file, 'utf8');
  const snippets: Snippet[] = [];
  let sample: JsonObject | null = null;
  let failIf = '';
  const blocks = /^(?:```(?<language>json|yaml|cel)\n(?<body>.*?)^```|## [^\n]*)$/gms;
  for (const { groups, index } of text.matchAll(blocks)) {
    const { language = '', body = '' } = groups ?? {};
    const place = `${file}, line ${text.slice(0, index).split('\n').length}`;
    if (language === 'json') sample = parseJson(new TextEncoder().encode(body)) as JsonObject;
    if (language === 'json' || language === '') {
      failIf = '';
      continue;
    }
    const inputs = inputsIn(language, body);
    if (Object.keys(inputs).length === 0) continue;
    snippets.push({ place, inputs, sample, failIf });
    failIf = inputs.fail_if ?? failIf;
  }
  return snippets;
}

/** Where no condition stands beside it: every list, by its own name. */
function listsOf(sample: JsonObject): string {
  const names = Object.keys(sample).filter((name) => isList(sample[name] ?? null));
  return names.map((name) => `${name}: outputs.${name}`).join('\n');
}

const SNIPPETS = FILES.flatMap(snippetsIn);

test('finds snippets in README, conditions, baselines, inputs and runs', () => {
  const files = new Set(SNIPPETS.map(({ place }) => place.split(',')[0]));
  expect([...files].sort()).toEqual(['README.md', 'docs/baselines.md', 'docs/conditions.md', 'docs/inputs.md', 'docs/runs.md'].sort());
});

describe.each(SNIPPETS)('the snippet at $place', ({ inputs, sample, failIf }) => {
  test('comes after a sample of outputs', () => {
    expect(sample).not.toBeNull();
  });

  test('has the result on the sample that its comment names', async () => {
    const { fail_if = failIf || listsOf(sample ?? {}), warn_if = '' } = inputs;
    const gate = await compileGate(fail_if, warn_if);
    expect(gate.fault).toBe('');
    const results = gate.evaluate(sample ?? {});
    expect(results.map(({ problem }) => problem)).toEqual(results.map(() => null));

    const knownBy = parseKnownBy(inputs.known_by ?? '');
    const columns = parseColumns(inputs.columns ?? '');
    const waivers = readWaivers(readYaml(inputs.waivers ?? '[]').verbatimList('waivers'));
    const judged = applyBaseline(results, { ...NO_BASELINE, knownBy, waivers, today: '2026-04-08' });
    expect(findUnknownConditions({ knownBy, waivers, columns }, [gate])).toEqual([]);
    expect(judged.used.size).toBe(waivers.length);
    const findings = judged.results.map(createFinding);
    // The fields of `known_by` are in the items too.
    for (const fields of [columns, knownBy]) expect(findColumnNotices([{ entry: anEntry({ columns: fields }), findings }])).toEqual([]);
    const hasItems = findings.some(({ rows, waivedRows }) => rows.length + waivedRows.length > 0);
    expect(hasItems || inputs.known_by === undefined).toBe(true);
  });

  test('has entries whose gates can be evaluated', async () => {
    const { runs, fail_if = '' } = inputs;
    if (runs === undefined) return;
    const step = { ...DEFAULTS, workflowId: 'wf_1', failIf: fail_if };
    const { entries, faults } = await readRuns(runs, step, () => false);
    expect(faults).toEqual([]);
    for (const { gate } of entries) for (const { problem } of gate.evaluate(sample ?? {})) expect(problem).toBeNull();
  });
});
