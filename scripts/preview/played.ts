/** What the action really wrote when a scenario was played. */
import { playAll, type Played } from '../../simulator/scenarios.ts';
import type { PreviewDocument } from './html.ts';

/** One for each step that left something to see. */
export function documentsOf(name: string, { steps }: Pick<Played, 'steps'>): PreviewDocument[] {
  return steps.map(({ result, comment }, at) => ({
    name: steps.length === 1 ? name : `${name}-${at + 1}`,
    summary: result.summary === '' ? null : result.summary,
    comment,
  }));
}

/** Of all scenarios, in their order. */
export async function allPlayed(): Promise<PreviewDocument[]> {
  const played = await playAll();
  for (const { api, github } of played.values()) {
    await api.close();
    await github.close();
  }
  return [...played].sort(([a], [b]) => a.localeCompare(b)).flatMap(([name, one]) => documentsOf(name, one));
}
