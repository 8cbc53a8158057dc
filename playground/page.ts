/**
 * The page and its worker, a blob of this script's own text that is terminated if it takes too long. Typed texts become text, never
 * elements; markdown.ts sanitises the comment's HTML.
 */
import type { Comparison } from './compare.ts';
import { evaluate, noVerdict, type Answer, type Question } from './evaluate.ts';
import { SAMPLES } from './samples.ts';
import { IDS, INPUTS } from './workflow.ts';

/** Also enough on a phone. The action allows 4 s for the conditions alone. */
const MAX_EVALUATION_MS = 10_000;
/** Time from the last change to the evaluation. */
const DEBOUNCE_MS = 250;

const CANNOT_RUN = 'This browser cannot evaluate the gate. Try a newer one: ';
const TOO_LONG =
  'No result: the conditions took longer than 10 s over these outputs. Write fewer or simpler ones.';

const FIELDS = ['outputs', 'second', ...INPUTS] as const;

function runWorker(): void {
  self.onmessage = ({ data }: MessageEvent<Question>) => {
    evaluate(data).then(postMessage, (error: unknown) => postMessage(noVerdict(CANNOT_RUN + String(error))));
  };
}

function startPage(script: string): void {
  const source = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const template = byId('workflow').textContent;
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    clearTimeout(timer);
    worker?.terminate();
  };
  const answer = (given: Answer) => {
    stop();
    show(given);
    byId('compared').replaceChildren(...given.comparisons.flatMap(showComparison));
    byId('hints').replaceChildren(
      ...given.hints.map(({ sentence, line }) =>
        element(
          'li',
          ...withCode(`${sentence} `),
          element('code', line),
          button('Add it', () => add(line)),
        ),
      ),
    );
  };
  const fill = (name: string, text: string) => {
    field(name).value = text;
    field(name).focus();
    askSoon();
  };
  const add = (line: string) => fill('fail_if', `${field('fail_if').value.trimEnd()}\n${line}`);
  const showComparison = ({ title, fields, knownBy }: Comparison) => [
    element('p', ...withCode(title)),
    element('ul', ...fields.map((line) => element('li', ...withCode(line)))),
    ...(knownBy === ''
      ? [
          element(
            'p',
            'Fewer than two fields stay the same. Let the Alloovium workflow write a clause or an element.',
          ),
        ]
      : [button(`Set known_by to ${knownBy}`, () => fill('known_by', knownBy))]),
  ];
  const ask = () => {
    worker = new Worker(source);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => answer(data);
    worker.onerror = ({ message }) => answer(noVerdict(CANNOT_RUN + message));
    const typed = Object.fromEntries(FIELDS.map((name) => [name, field(name).value])) as Question['typed'];
    const pin = field('pin') as HTMLInputElement;
    const pinned = pin.checked ? template.replace(/(?<=uses: \S+@)\S+/, pin.value) : template;
    worker.postMessage({ typed, template: pinned } satisfies Question);
    timer = setTimeout(() => answer(noVerdict(TOO_LONG)), MAX_EVALUATION_MS);
  };
  const askSoon = () => {
    stop();
    byId('main').ariaBusy = 'true';
    timer = setTimeout(ask, DEBOUNCE_MS);
  };
  const take = (sample: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(sample)) {
      // Keep a gate that somebody has written.
      const isUntouched = Object.values(SAMPLES).some((one) => one[name] === field(name).value);
      if (name === 'outputs' || name === 'second' || isUntouched || field(name).value === '')
        field(name).value = text;
    }
    askSoon();
  };

  for (const name of FIELDS) {
    const fault = element('div');
    fault.id = `${name}-fault`;
    fault.role = 'status';
    field(name).after(fault);
    field(name).setAttribute('aria-describedby', `${name}-about ${name}-fault`);
    field(name).oninput = askSoon;
  }
  for (const [name, sample] of Object.entries(SAMPLES)) {
    byId('samples').append(button(name, () => take(sample)));
  }
  byId('pin').onchange = askSoon;
  byId('copy').onclick = () => void copy();
  take(Object.values(SAMPLES)[0] ?? {});
}

function show({ colour, verdict, faults, shape, result }: Answer): void {
  byId('verdict').className = colour;
  const [what, meaning] = verdict.map(withCode);
  byId('verdict').replaceChildren(element('strong', ...(what ?? [])), element('div', ...(meaning ?? [])));
  byId('shape').replaceChildren(...shape.map((line) => element('li', line)));
  for (const name of FIELDS) {
    const [sentence = '', line, blanks = ''] = (faults[name] ?? '').split(/\n|\^$/);
    const caret = element('b', '^');
    const pre = element('pre', `${line ?? ''}\n${blanks}`, caret);
    pre.tabIndex = 0;
    byId(`${name}-fault`).replaceChildren(...withCode(sentence), ...(line === undefined ? [] : [pre]));
    field(name).ariaInvalid = String(sentence !== '');
    pre.scrollLeft = caret.offsetLeft - pre.offsetLeft - pre.clientWidth / 2;
  }
  // The last result stays in sight while somebody types.
  byId('result').inert = result === null;
  if (result !== null) {
    byId('comment').innerHTML = result.comment;
    byId('workflow').textContent = result.workflow;
    byId('copied').textContent = '';
  }
  byId('main').ariaBusy = 'false';
}

async function copy(): Promise<void> {
  const missing = IDS.filter((name) => field(name).value.trim() === '').map((name) => `\`${name}\``);
  const todo = missing.length > 0 ? ` Replace the example's ${missing.join(' and ')} with yours.` : '';
  let says = 'Copied.';
  try {
    await navigator.clipboard.writeText(byId('workflow').textContent);
  } catch {
    getSelection()?.selectAllChildren(byId('workflow'));
    says = 'The browser does not allow copying. Copy the selected text.';
  }
  byId('copied').replaceChildren(...withCode(says + todo));
}

/** Returns texts, and elements for `code` in backquotes. */
function withCode(text: string): (string | HTMLElement)[] {
  return text.split('`').map((part, at) => (at % 2 === 0 ? part : element('code', part)));
}

function button(name: string, onClick: () => void): HTMLElement {
  const made = element('button', name);
  made.onclick = onClick;
  return made;
}

function element(name: string, ...content: readonly (string | HTMLElement)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

function field(name: string): HTMLInputElement | HTMLTextAreaElement {
  return byId(name) as HTMLInputElement | HTMLTextAreaElement;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

if (typeof document === 'undefined') runWorker();
else startPage(document.currentScript?.textContent ?? '');
