/** Documents that the action wrote in a played story. */
import { conditionOf, outputsOf, SHAPES, type Shape } from '../../simulator/finding-shapes.ts';
import { playSteps, type Played } from '../../simulator/play-story.ts';
import { readStories, type Step, type Story } from '../../simulator/story.ts';
import type { PreviewDocument } from './html.ts';

type Playable = Step & Pick<Story, 'then'>;

const PLAYED_AT_ONCE = 3;

/** One document for each step. */
export function documentsOf(name: string, steps: readonly Played[]): PreviewDocument[] {
  return steps.map(({ result, comments }, at) => ({
    name: steps.length === 1 ? name : `${name}-${at + 1}`,
    summary: result.summary === '' ? null : result.summary,
    comment: comments.at(-1) ?? null,
  }));
}

/** Plays these stories, by default all, and returns their documents sorted by name. */
export async function playDocuments(stories: ReadonlyMap<string, Playable> = readStories()): Promise<PreviewDocument[]> {
  const documents = new Map<string, PreviewDocument[]>();
  const waiting = [...stories];
  const playWaiting = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, story] = next;
      const { steps, api, github } = await playSteps(story);
      await api.close();
      await github.close();
      documents.set(name, documentsOf(name, steps));
    }
  };
  await Promise.all(Array.from({ length: PLAYED_AT_ONCE }, playWaiting));
  return [...documents].sort(([a], [b]) => a.localeCompare(b)).flatMap(([, ofStory]) => ofStory);
}

/** Plays the stories with these names. */
export function playNamed(names: readonly string[]): Promise<PreviewDocument[]> {
  const stories = readStories();
  return playDocuments(new Map(names.map((name) => [name, stories.get(name)!])));
}

/** A review of findings of this shape in a pull request. Its title does not describe them. */
const reviewOf = (shape: Shape): Playable => ({
  run: { outputs: outputsOf(shape) },
  with: { title: 'Review', fail_if: conditionOf(shape, shape.condition), comment: 'always' },
});

/** Documents with findings of many shapes. */
export async function playShapes(): Promise<PreviewDocument[]> {
  const shapes = Object.entries(SHAPES).map(([name, shape]) => [`shape-${name}`, reviewOf(shape)] as const);
  const named = await playNamed(['comment-updated', 'irregular-items', 'nested-items', 'several-runs']);
  return [...(await playDocuments(new Map(shapes))), ...named];
}
