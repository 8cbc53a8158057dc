/** Documents that the action wrote in a played story. */
import { readFileSync } from 'node:fs';
import { playSteps, type Played } from '../../simulator/play-story.ts';
import { readStories, type Step, type Story } from '../../simulator/story.ts';
import type { PreviewDocument } from './html.ts';

type Playable = Step & Pick<Story, 'then'>;

/** Findings as workflows of other authors write them. */
interface Shape {
  /** The output that holds them. */
  readonly name: string;
  /** What their author calls the condition. */
  readonly condition: string;
  readonly items: readonly unknown[];
  /** Which of them are findings; default: all. */
  readonly filter?: string;
}

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
function reviewOf({ name, condition, items, filter }: Shape): Playable {
  const list = `outputs.${name}`;
  const fail_if = `${condition}: ${filter === undefined ? list : `${list}.filter(i, ${filter})`}`;
  return { run: { outputs: { [name]: items } }, with: { title: 'Review', fail_if, comment: 'always' } };
}

/** Documents with findings of many shapes. */
export async function playShapes(): Promise<PreviewDocument[]> {
  const all = JSON.parse(readFileSync(new URL('shapes.json', import.meta.url), 'utf8')) as Readonly<Record<string, Shape>>;
  const shapes = Object.entries(all).map(([name, shape]) => [`shape-${name}`, reviewOf(shape)] as const);
  const named = await playNamed(['comment-updated', 'irregular-items', 'nested-items', 'several-runs']);
  return [...(await playDocuments(new Map(shapes))), ...named];
}
