/** E: what any text costs, of which a run may write megabytes. */
import { describe, expect, jest, test } from '@jest/globals';
import { JsonError, parseJson, type JsonValue } from '../../src/json.ts';
import { renderComment, renderSummary } from '../../src/report/document.ts';
import { markerLine, parseComment } from '../../src/report/comment-memory.ts';
import { stepOutputs } from '../../src/report/step-outputs.ts';
import { forCode, forFence, forLog, forProse, visible } from '../../src/text/escape.ts';
import { redactJson, redactor } from '../../src/text/redact.ts';
import { TEST_KEY } from '../../simulator/seed.ts';
import { isLinear } from '../cpu.ts';
import { aReport } from '../report/a-report.ts';
import { TOKEN } from './strike.ts';

jest.setTimeout(60_000);

describe('E. Time', () => {
  const MB = 2 ** 20;
  const CHARACTERS = '< & ` @ : # \\ % | [ $ a 0 \n \r \0 \u202e 漢 \ud83c'.split(' ').concat(' ');
  const redact = redactor([TEST_KEY, TOKEN, 'a'.repeat(40), `${'%'.repeat(20)}x`, `${'\\'.repeat(9)}x`]);
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
  const text = (value: string): JsonValue => ({ [value]: value });
  const attempt = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(JsonError);
    }
  };
  const AS_CALLED: Readonly<Record<string, (text: string) => unknown>> = {
    forLog,
    forProse,
    forCode,
    forFence,
    // A key goes through the same as a value, and costs as much.
    'redactor, redactJson': (value) => redactJson({ [value]: null }, redact),
    parseJson: (value) => attempt(() => parseJson(Buffer.from(`"${value}"`))),
    parseComment: (value) => parseComment(`${value}\n\n<!-- alloovium-state:${value} -->`),
    stepOutputs: (value) => stepOutputs(text(value), JSON.stringify(text(value)), []),
    renderSummary: (value) => renderSummary(report(value)),
    renderComment: (value) => renderComment(report(value), markerLine('0'.repeat(32))),
  };
  /** What these do, they do to the character's whole kind: one of each, or it takes minutes. */
  const UNCAPPED: Readonly<Record<string, readonly [(text: string) => unknown, string[]]>> = {
    visible: [visible, ['a', '\n', '\r', '\0', '\ud83c']],
    forLog: [(value) => forLog(value, Infinity), ['a', ':', '#', '\t', '\0']],
    forProse: [(value) => forProse(value, Infinity), ['a', '@', ':', '#', '[', '&', '_', '=', ' ', '\0']],
    forCode: [(value) => forCode(value, Infinity), ['a', '`', '|', ' ', '\n']],
    forFence: [(value) => forFence(value, Infinity), ['a', '`', '\n']],
  };

  // A second tells nothing: memory grows in steps.
  const notLinear = (sanitise: (text: string) => unknown, characters: readonly string[]) =>
    characters.filter(
      (character) => !isLinear((length) => sanitise(character.repeat(length)), MB, 6, 1_000_000),
    );

  test.each(Object.entries(AS_CALLED))(
    'E11: %s: 4 MB of any one character take less than 6 times 1 MB',
    (_, sanitise) => {
      sanitise('warm'.repeat(10_000));
      expect(notLinear(sanitise, CHARACTERS)).toEqual([]);
    },
  );

  test.each(Object.entries(UNCAPPED))(
    'E11: %s without a cap: 4 MB of any one character take less than 6 times 1 MB',
    (_, [sanitise, characters]) => {
      sanitise('warm'.repeat(10_000));
      expect(notLinear(sanitise, characters)).toEqual([]);
    },
  );
});
