/** Text of a run acts in no sink: a whole step is played with it, and with a twin of letters. `DRAWS=…` draws more. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TEST_KEY } from '../../simulator/vendor-example.ts';
import { findCommands } from '../../simulator/workflow-commands.ts';
import { aliveInDocument, elementsIn, hostile, parsed } from '../support/github-markdown.ts';
import { inert, playHostileStep, RUN_PAGE, type HostileStep } from '../support/hostile-step.ts';

const DRAWS = Number(process.env.DRAWS ?? 40);
const LONG_MS = 12 * 60 * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Half a character is replaced, and a notice says so. */
const texts = fc.array(
  hostile.map((text) => text.toWellFormed()),
  { minLength: 4, maxLength: 4 },
);
const ways = ['plain', 'gated', 'failed'] as const;

/** What the runner and GitHub make of a step. */
function effectsOf({ result, documents }: HostileStep) {
  return {
    exitCode: result.exitCode,
    headline: result.outputs.headline,
    commands: findCommands(result.stdout).map(({ name }) => name),
    elements: Object.values(documents).map((markdown) => {
      const elements = elementsIn(parsed(markdown)).map(({ tagName }) => tagName);
      return elements.filter((name) => name !== 'code' && name !== 'span');
    }),
  };
}

/** What GitHub would link, notify or draw in the text of a step's documents. */
const aliveIn = ({ documents }: HostileStep) => Object.values(documents).flatMap((markdown) => aliveInDocument(parsed(markdown)));

test(
  'text of a run has no effect that its letters would not have',
  async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(...ways), async (given, how) => {
        const step = await playHostileStep(given, how, folder);
        const twin = await playHostileStep(inert(given), how, folder);
        expect(step.violations).toEqual([]);
        for (const markdown of Object.values(step.documents)) expect(markdown).toContain(RUN_PAGE);
        expect(effectsOf(step)).toEqual(effectsOf(twin));
        expect(aliveIn(step)).toEqual([]);
      }),
      { numRuns: DRAWS },
    );
  },
  LONG_MS,
);

const SPELLINGS = [
  TEST_KEY,
  Buffer.from(TEST_KEY).toString('base64'),
  Buffer.from(`x${TEST_KEY}`).toString('base64'),
  JSON.stringify({ key: TEST_KEY }),
  encodeURIComponent(` ${TEST_KEY}`),
];

test(
  'the key is shown nowhere, however a run spells it',
  async () => {
    const spelt = fc.tuple(hostile, fc.constantFrom(...SPELLINGS), hostile).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(spelt, { minLength: 4, maxLength: 4 }), fc.constantFrom(...ways, 'everything'), async (given, how) => {
        const step = await playHostileStep(given, how, folder);
        expect(step.violations).toEqual([]);
        expect(aliveIn(step)).toEqual([]);
      }),
      { numRuns: DRAWS },
    );
  },
  LONG_MS,
);
