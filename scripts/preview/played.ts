/** Documents that the action wrote in a played scenario. */
import {
  playAll,
  reviewOf,
  SCENARIOS,
  type PlayedScenario,
  type Scenario,
} from '../../simulator/scenarios.ts';
import { SHAPES } from '../../simulator/finding-shapes.ts';
import type { PreviewDocument } from './html.ts';

/** One document for each step. */
export function documentsOf(name: string, { steps }: Pick<PlayedScenario, 'steps'>): PreviewDocument[] {
  return steps.map(({ result, comment }, at) => ({
    name: steps.length === 1 ? name : `${name}-${at + 1}`,
    summary: result.summary === '' ? null : result.summary,
    comment,
  }));
}

/** Plays these scenarios, by default all, and returns their documents sorted by name. */
export async function playDocuments(
  scenarios: Readonly<Record<string, Scenario>> = SCENARIOS,
): Promise<PreviewDocument[]> {
  const played = await playAll(scenarios);
  for (const { api, github } of played.values()) {
    await api.close();
    await github.close();
  }
  return [...played].sort(([a], [b]) => a.localeCompare(b)).flatMap(([name, one]) => documentsOf(name, one));
}

/** Scenarios with findings of other shapes than the vendor's, or with several runs. */
const ALSO_SHOWN = ['bad-day', 'deep', 'many-runs', 'rooms', 'second-push'];

/** Documents with findings of many shapes. */
export async function playShapes(): Promise<PreviewDocument[]> {
  const shapes = Object.entries(SHAPES).map(([name, shape]) => [`shape-${name}`, reviewOf(shape)] as const);
  const scenarios = Object.entries(SCENARIOS).filter(([name]) => ALSO_SHOWN.includes(name));
  return playDocuments(Object.fromEntries([...shapes, ...scenarios]));
}
