/** The GitHub workflow to copy: the example for a first run, with the typed inputs. Pure. */
import { parse, parseDocument, Pair, Scalar, type YAMLMap } from 'yaml';

export const IDS = ['workflow_id', 'project_id'] as const;
const ADDED = ['inputs', 'fail_if', 'warn_if', 'known_by', 'columns'] as const;
export const INPUTS = [...IDS, ...ADDED] as const;

/** The texts of the fields, by the names of the action's inputs. */
export type Typed = Readonly<Record<(typeof INPUTS)[number], string>>;

const STEP = ['jobs', 'review', 'steps', 0, 'with'];

/** Inserts the inputs that have a text above the template's last input, `comment`. */
export function formatWorkflow(template: string, typed: Typed): string {
  const document = parseDocument(template);
  const step = document.getIn(STEP) as YAMLMap<Scalar, Scalar>;
  for (const name of IDS) {
    const example = step.get(name, true);
    if (typed[name].trim() !== '') step.set(new Scalar(name), new Scalar(typed[name].trim()));
    else if (example) example.comment = ' replace this';
  }
  const pairs = ADDED.filter((name) => typed[name].trim() !== '').map((name) => {
    const text = typed[name].trim();
    const isBlock = name.endsWith('_if') || text.includes('\n') || name === 'inputs';
    const scalar = new Scalar(isBlock ? `${text}\n` : text);
    if (isBlock) scalar.type = Scalar.BLOCK_LITERAL;
    return new Pair<Scalar, Scalar>(new Scalar(name), scalar);
  });
  step.items.splice(-1, 0, ...pairs);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

interface Read {
  readonly name: string;
  readonly jobs: {
    readonly review: { readonly steps: readonly [{ readonly with: Record<string, string> }] };
  };
}

/** Returns the GitHub workflow's name, and the step's inputs as the runner passes them, all as strings. */
export function readWorkflow(workflow: string) {
  const { name, jobs } = parse(workflow, { schema: 'failsafe' }) as Read;
  return { name, inputs: jobs.review.steps[0].with };
}
