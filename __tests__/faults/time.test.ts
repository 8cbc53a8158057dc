/** E11: how long any text takes, since a run may write megabytes. `SHOW_TIMES=1` prints the figures. */
import { describe, expect, jest, test } from '@jest/globals';
import { scaledLimitMs } from '../../simulator/invariants.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY } from '../../simulator/vendor-example.ts';
import { JsonError, parseJson, type JsonValue } from '../../src/json.ts';
import { renderComment } from '../../src/comment/text.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { createMarker, parseComment } from '../../src/comment/memory.ts';
import { buildStepOutputs } from '../../src/report/step-outputs.ts';
import {
  finishMarkdown,
  escapeForAnnotation,
  formatCode,
  formatCodeBlock,
  formatHtmlCode,
  escapeForLog,
  escapeForProse,
  escapeForText,
  escapeInvisible,
} from '../../src/text/escape.ts';
import { redactJson, createRedactor } from '../../src/text/redact.ts';
import { measureGrowth } from '../cpu-time.ts';
import { aReport } from '../report/a-report.ts';
import { runRow, TOKEN } from './run-row.ts';

jest.setTimeout(120_000);

const KB = 2 ** 10;

const CHARACTERS = '< & ` @ : # \\ % | [ $ " / a k g 0 \n \r \0 \u202e \ufeff 漢 \ud83c'
  .split(' ')
  .concat(' ');
/** Prefixes of two to six characters whose last one may start an encoding of a secret. */
const REPORTED = ['\\n', '\\u0016', '\\uFEFF'];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const SECRET_PREFIXES = [TEST_KEY, TOKEN].flatMap((secret) => [
  secret,
  base64(secret),
  base64(` ${secret}`).slice(2),
  base64(`  ${secret}`).slice(3),
]);
const UNITS = [
  ...REPORTED,
  ...SECRET_PREFIXES.flatMap((beginning) => [
    `\\${beginning.slice(0, 1)}`,
    `${beginning.slice(0, 1)}\n`,
    `\r\n${beginning.slice(0, 4)}`,
    `${beginning.slice(0, 3)}\n\n\n`,
    `%${beginning.slice(0, 2)}`,
    beginning.slice(0, 5),
  ]),
];

const report = (text: string) =>
  aReport({
    errorMessage: text,
    title: text,
    notices: [text],
    inputNames: [text],
    stages: [
      { name: text, fromMs: 0, toMs: 1 },
      { name: text, fromMs: 1, toMs: 2 },
    ],
    run: { stage: text, outputs: { [text]: text, list: [{ [text]: text }], text } },
  });
const value = (text: string): JsonValue => ({ [text]: text });
const parse = (text: string) => {
  try {
    parseJson(Buffer.from(text));
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError);
  }
};

const redact = createRedactor([TEST_KEY, TOKEN]);
const oddRedact = createRedactor(['a'.repeat(40), `${'%'.repeat(20)}x`, `${'\\'.repeat(9)}x`]);

/** The functions as the action calls them, or without a limit. */
const SANITIZERS: Readonly<Record<string, (text: string) => unknown>> = {
  redactor: redact,
  'redactor of secrets that repeat themselves': oddRedact,
  redactJson: (text) => redactJson({ [text]: text }, redact),
  visible: escapeInvisible,
  escapeForLog: (text) => escapeForLog(text, Infinity),
  escapeForProse: (text) => escapeForProse(text, Infinity),
  escapeForText: (text) => escapeForText(text, Infinity),
  'escapeForText with quoted keys': (text) => escapeForText(`"${text}`, Infinity, true),
  formatCode: (text) => formatCode(text, Infinity),
  formatHtmlCode: (text) => formatHtmlCode(text, Infinity),
  formatCodeBlock: (text) => formatCodeBlock(text, Infinity),
  escapeForAnnotation: escapeForAnnotation,
  finished: (text) => finishMarkdown(text, true),
  'parseJson of a text': (text) => parse(`"${text}"`),
  parseJson: parse,
  parseComment: (text) => parseComment(`${text}\n\n<!-- alloovium-state:${text} -->`),
  stepOutputs: (text) => buildStepOutputs(value(text), JSON.stringify(value(text)), []),
  renderSummary: (text) => renderSummary(report(text)),
  renderComment: (text) => renderComment(report(text), createMarker('0'.repeat(32))),
};

describe('E11. Any text takes linear time', () => {
  test.each(Object.entries(SANITIZERS))('E11: %s: 1 MB takes less than 6 times 256 KB', (name, sanitise) => {
    sanitise('warm'.repeat(10_000));
    const figures = [...CHARACTERS, ...UNITS].map((unit) => {
      const work = (length: number) => sanitise(unit.repeat(length / unit.length));
      // Below a quarter of a second the growth of memory in steps takes longer than the text.
      return { unit, ...measureGrowth(work, 256 * KB, 6, 250_000) };
    });
    const slow = figures.filter(({ isLinear }) => !isLinear);
    if (process.env.SHOW_TIMES) {
      const ms = (us: number) => `${Math.round(us / 1_000)} ms`;
      const slowest = figures.reduce((one, other) => (other.longUs > one.longUs ? other : one));
      const glimpse =
        slowest.longUs === Infinity ? `${ms(slowest.shortUs)} or more at 256 KB` : ms(slowest.longUs);
      process.stdout.write(
        `${name}: 1 MB of ${JSON.stringify(slowest.unit)}: ${glimpse}; not linear: ${slow.length} of ${figures.length}\n`,
      );
    }
    expect(slow.map(({ unit }) => unit)).toEqual([]);
  });

  const LENGTH = 600_000;
  const long = (unit: string) => unit.repeat(LENGTH / unit.length);
  const real = { speed: 1, timeoutMs: 30_000 } as const;

  test.each(REPORTED)(`E11: ${LENGTH} characters of %j in a stage, cancelled after 4 s`, async (unit) => {
    const lifecycle: Lifecycle = [{ atMs: 0, status: 'running', progress: 10, stage: long(unit) }];
    const { result, outputs, api } = await runRow({
      ...real,
      api: { lifecycle },
      signals: [{ afterMs: 4_000, signal: 'SIGINT' }],
    });
    expect(result).toMatchObject({ exitCode: 1, signal: null });
    expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(2_000, result));
    expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: api.runs[0]!.id });
  });

  test.each(REPORTED)(`E11: ${LENGTH} characters of %j in the outputs: a verdict at once`, async (unit) => {
    const lifecycle = steadyLifecycle({ queuedMs: 0, runningMs: 100, outputs: { text: long(unit) } });
    const { result, outputs } = await runRow({ ...real, api: { lifecycle } });
    expect(outputs.conclusion).toBe('success');
    expect(result.durationMs).toBeLessThan(scaledLimitMs(5_000, result));
  });

  test('E11: an event of 31 MiB of brackets is refused at once', async () => {
    const eventPayload = '['.repeat(31 * 2 ** 20);
    const { result, outputs, error } = await runRow({ ...real, eventName: 'pull_request', eventPayload });
    expect(outputs.conclusion).toBe('error');
    expect(error).toContain('nested more than 64 deep');
    expect(result.durationMs).toBeLessThan(scaledLimitMs(3_000, result));
  });

  test('E11: reports a refusal of 160,000 characters at once', async () => {
    const body = JSON.stringify({ code: 'permission_denied', detail: '\\n'.repeat(80_000) });
    const { result, outputs } = await runRow({
      ...real,
      faults: [{ when: { call: 'launch' }, answer: { status: 403, body } }],
    });
    expect(outputs.conclusion).toBe('error');
    expect(result.durationMs).toBeLessThan(scaledLimitMs(3_000, result));
  });
});
