/** What the action really wrote when a scenario was played. */
import {
  playAll,
  reviewOf,
  SCENARIOS,
  type PlayedScenario,
  type Scenario,
} from '../../simulator/scenarios.ts';
import { SHAPES } from '../../simulator/finding-shapes.ts';
import type { PreviewDocument } from './html.ts';

/** One for each step that left something to see. */
export function documentsOf(name: string, { steps }: Pick<PlayedScenario, 'steps'>): PreviewDocument[] {
  return steps.map(({ result, comment }, at) => ({
    name: steps.length === 1 ? name : `${name}-${at + 1}`,
    summary: result.summary === '' ? null : result.summary,
    comment,
  }));
}

/** Of these scenarios, or of all, by name. */
export async function allPlayed(
  scenarios: Readonly<Record<string, Scenario>> = SCENARIOS,
): Promise<PreviewDocument[]> {
  const played = await playAll(scenarios);
  for (const { api, github } of played.values()) {
    await api.close();
    await github.close();
  }
  return [...played].sort(([a], [b]) => a.localeCompare(b)).flatMap(([name, one]) => documentsOf(name, one));
}

/** Scenarios that show findings of other shapes than the vendor's, and several runs. */
const ALSO_DRAWN = ['bad-day', 'deep', 'many-runs', 'rooms', 'second-push'];

/** Reports of findings as strangers' workflows write them. */
export async function shapesPlayed(): Promise<PreviewDocument[]> {
  const shapes = Object.entries(SHAPES).map(([name, shape]) => [`shape-${name}`, reviewOf(shape)] as const);
  const scenarios = Object.entries(SCENARIOS).filter(([name]) => ALSO_DRAWN.includes(name));
  return allPlayed(Object.fromEntries([...shapes, ...scenarios]));
}
