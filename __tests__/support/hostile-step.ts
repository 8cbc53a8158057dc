/** A step whose run writes these texts wherever a run can write: its log and its documents, and those of a twin that means nothing. */
import { createVirtualApi } from '../../simulator/virtual-api.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { findVirtualViolations } from '../../simulator/virtual-invariants.ts';
import { playVirtualStep, type VirtualResult } from '../../simulator/virtual-step.ts';
import { fakeGithub } from '../github/fake-github.ts';

export const RUN_PAGE = 'https://app.example.com/runs/run_1';
export interface HostileStep {
  readonly result: VirtualResult;
  readonly violations: readonly string[];
  /** By the name of the document. */
  readonly documents: Readonly<Record<'summary' | 'report' | 'comment', string>>;
}

/** @param how `everything`: texts are names of outputs and values of waivers too, which not every text can be; `gated`: some items are findings; `failed`: the run failed, with the texts as its message */
export async function playHostileStep(
  texts: readonly string[],
  how: 'plain' | 'everything' | 'gated' | 'failed',
  folder: string,
): Promise<HostileStep> {
  const clock = virtualClock();
  const text = texts.join(' ');
  const items = texts.map((value, at) => ({ [value]: value, document_id: value, reason: value, list: [value], at }));
  const outputs = { items, summary: text, notes: texts, ...(how === 'everything' && { [text]: text }) };
  const end = { atMs: 6_000, stage: text, status: how === 'failed' ? 'failed' : 'completed', outputs, error_message: text };
  const lifecycle = [{ atMs: 0, status: 'running', progress: 10, stage: text }, end];
  const api = createVirtualApi({ clock, planOf: () => ({ ms: end.atMs, ending: end.status, outputs, lifecycle }) });
  const gate = {
    fail_if: 'late items: outputs.items.filter(i, i.at > 1)\nno such field: outputs.summary.nothing == 1',
    warn_if: 'notes: outputs.notes',
  };
  const inputs = how === 'gated' ? gate : how === 'everything' ? { ...gate, known_by: 'document_id, reason' } : {};
  const { github, comments } = fakeGithub();
  const result = await playVirtualStep(api, clock, folder, {
    fetch: github.fetch,
    inputs: {
      comment: 'always',
      github_token: github.token,
      run_url: RUN_PAGE.replace('run_1', '{run_id}'),
      ...inputs,
    },
    eventName: 'pull_request',
  });
  const violations = findVirtualViolations(api, api.attempts, result, { timeoutMs: 15 * 60_000 });
  const report = result.files.find((file) => file.startsWith('#') || file.startsWith('<')) ?? '';
  return { result, violations, documents: { summary: result.summary, report, comment: comments()[0]?.body ?? '' } };
}

/**
 * The same texts, as long, with a letter that means nothing for each character that might mean something: letters, digits and
 * white space stay, and what was different stays different.
 */
export function inert(texts: readonly string[]): string[] {
  const letters = new Map<string, string>();
  return texts.map((text) =>
    text.replace(/[^A-Za-z0-9\s]/g, (unit) => {
      const letter = letters.get(unit) ?? String.fromCharCode(0x4e00 + letters.size);
      letters.set(unit, letter);
      return letter;
    }),
  );
}
