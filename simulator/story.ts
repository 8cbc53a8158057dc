/**
 * A story is a Markdown file with a title, a YAML block that describes the steps, and sections that show what people see.
 * The YAML is a `Step`, and `then` lists further steps of the action by their differences from the first.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { AnswerPatch, ErrorCode } from './faults.ts';
import type { Permission } from './github-calls.ts';
import type { SampleName } from './sample-outputs.ts';

export interface Story extends Step {
  readonly title: string;
  readonly yaml: string;
  readonly sections: readonly Section[];
  /** Further steps, by their differences from the first. */
  readonly then?: readonly Step[];
}

export interface Step {
  /**
   * Makes the step a sequel: somebody follows the next step that the step before printed, of which this is a quotation (of its
   * annotation, log or comment), and the check passes.
   */
  readonly follows?: string;
  /** The event; default `pull_request`. */
  readonly on?: string;
  /** Fields of the event's payload that differ from the usual ones. */
  readonly event?: Readonly<Record<string, unknown>>;
  /** The repository is private. */
  readonly private?: boolean;
  /** The pull request comes from a fork, or from Dependabot. */
  readonly from?: 'fork' | 'dependabot';
  /** The number of the commit, 1 to 9; default 1. A later commit is pushed before the step. */
  readonly commit?: number;
  /** The attempt of the GitHub workflow run; default 1. */
  readonly attempt?: number;
  /** The number of the GitHub workflow run; default 1. */
  readonly job?: number;
  /** Minutes that pass before the step. */
  readonly after?: number;
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** Added to API key, workflow and project. An empty value removes one of these, and null any that the first step has. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | null>>;
  /** The runs that the story starts, in order. The last one is repeated. Default: `submittals`. */
  readonly run?: RunPlan | readonly RunPlan[];
  /** The API key of `with`, which other values make known to Alloovium. With `tokens: 0`, other jobs have spent its tokens. */
  readonly key?: { readonly tier?: 'free' | 'standard' | 'pro'; readonly scopes?: readonly string[]; readonly tokens?: 0 };
  /** Faults of the API: `launch`, `launch 2`, `poll 3-5`, `poll 3+`, `list`. */
  readonly api?: Readonly<Record<string, ApiFault>>;
  /** Faults of GitHub: `comments`, `new comment`, `status`, `artifacts`, `upload`. `x1` means once, `lost` that only the answer is lost. */
  readonly github?: Readonly<Record<string, number | 'lost'>>;
  /**
   * By repository, files by `path@ref`: without a ref on the default branch, `@merge` in the merge commit of the pull request (null: not
   * there), `@base` in its first parent, if that is older than the default branch.
   */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** Permissions that the job's token lacks. */
  readonly lacks?: readonly Permission[];
  /** The commit at the head of pull request 7. */
  readonly pull?: { readonly head: number };
  /** The runner stops the step at this request: `launch 1`, `poll 3`. */
  readonly cancelled?: string;
}

/** A run of 10 s by the name of its sample outputs, or a run in detail. */
export type RunPlan =
  | SampleName
  | {
      readonly outputs?: unknown;
      readonly ends?: 'completed' | 'failed' | 'cancelled';
      readonly error?: string;
      /** Seconds until its end. */
      readonly takes?: number;
      readonly stages?: readonly string[];
    };

/**
 * `lost` resets the connection after the work, `sign-in page` is HTML with 200, a number is a gateway's answer, any other word is a code
 * of the API, and an object has fields of the answer.
 */
export type ApiFault =
  | 'lost'
  | 'sign-in page'
  | ErrorCode
  | number
  | (Omit<AnswerPatch, 'body'> & {
      /** Replaces the body. */
      readonly body?: string;
      /** Added to the body. */
      readonly fields?: Readonly<Record<string, unknown>>;
      /** The request takes effect, but its answer is not stored. */
      readonly unstored?: boolean;
    });

const KINDS = ['Check', 'Log', 'Outputs', 'Requests', 'Summary', 'Comment', 'Report file', 'Statuses', 'Artifacts'] as const;

export interface Section {
  readonly kind: (typeof KINDS)[number];
  /** Counted from 1; default: the last. */
  readonly step?: number;
  /** The names of the outputs. */
  readonly names: readonly string[];
  readonly text: string;
}

const HEADING = new RegExp(`^## (${KINDS.join('|')})(?: of step (\\d))?(?:: (.+))?$`, 'm');

/** @throws Error if the file is not a story */
function parseStory(markdown: string): Story {
  const [, title, yaml, rest] = /^# (.+)\n\n```yaml\n(.*?)```\n(.*)$/s.exec(markdown) ?? [];
  if (title === undefined || yaml === undefined || rest === undefined) throw new Error('a story is a title, a YAML block and sections');
  const sections = rest
    .split(/^(?=## )/m)
    .slice(1)
    .map((section): Section => {
      const [heading, kind, step, names = ''] = HEADING.exec(section) ?? [];
      if (heading === undefined) throw new Error(`no such section: ${section.split('\n')[0] ?? ''}`);
      return {
        kind: kind as Section['kind'],
        ...(step !== undefined && { step: Number(step) }),
        names: names.split(', ').filter((name) => name !== ''),
        text: section.slice(heading.length).trim(),
      };
    });
  return { ...((parse(yaml) ?? {}) as Step), title, yaml, sections };
}

export function formatStory({ title, yaml }: Story, sections: readonly Section[]): string {
  const parts = sections.map(({ kind, step, names, text }) => {
    const suffix = (step === undefined ? '' : ` of step ${step}`) + (names.length === 0 ? '' : `: ${names.join(', ')}`);
    return `\n## ${kind}${suffix}\n\n${text}\n`;
  });
  return `# ${title}\n\n\`\`\`yaml\n${yaml}\`\`\`\n${parts.join('')}`;
}

export const STORIES_FOLDER = fileURLToPath(new URL('../__tests__/stories/', import.meta.url));

/** Returns all stories by file name, sorted. */
export function readStories(): Map<string, Story> {
  const files = readdirSync(STORIES_FOLDER).filter((file) => file.endsWith('.md'));
  return new Map(files.sort().map((file) => [file.slice(0, -3), parseStory(readFileSync(STORIES_FOLDER + file, 'utf8'))]));
}
