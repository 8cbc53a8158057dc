/**
 * The page, and the worker that evaluates: a blob of this script's own text, terminated when it takes too long. Texts that somebody
 * typed become text, never elements; the comment is HTML that markdown.ts has sanitised.
 */
import { evaluate, noVerdict, type Answer, type Question } from './evaluate.ts';
import { SAMPLES } from './samples.ts';
import { IDS, INPUTS } from './workflow.ts';

/** For all that is done after a change, on a phone too; the action allows 4 s for the conditions alone. */
const MAX_EVALUATION_MS = 10_000;
/** From the last change to the evaluation. */
const DEBOUNCE_MS = 250;

const CANNOT_RUN = 'This browser cannot run the gate, a newer one can: ';
const TOO_LONG =
  'No verdict: the conditions take too long over these outputs, and were ended after 10 s. Write fewer or simpler ones.';

const FIELDS = ['outputs', ...INPUTS] as const;

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
  };
  const ask = () => {
    worker = new Worker(source);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => answer(data);
    worker.onerror = ({ message }) => answer(noVerdict(CANNOT_RUN + message));
    const typed = Object.fromEntries(FIELDS.map((name) => [name, field(name).value])) as Question['typed'];
    worker.postMessage({ typed, template } satisfies Question);
    timer = setTimeout(() => answer(noVerdict(TOO_LONG)), MAX_EVALUATION_MS);
  };
  const askSoon = () => {
    stop();
    byId('main').ariaBusy = 'true';
    timer = setTimeout(ask, DEBOUNCE_MS);
  };
  const take = (sample: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(sample)) {
      // A gate that somebody has written stays.
      const isUntouched = Object.values(SAMPLES).some((one) => one[name] === field(name).value);
      if (name === 'outputs' || isUntouched || field(name).value === '') field(name).value = text;
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
    const button = element('button', name);
    button.onclick = () => take(sample);
    byId('samples').append(button);
  }
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
  // What was right before stays in sight while somebody types.
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
  const todo = missing.length > 0 ? ` Put your ${missing.join(' and ')} in the place of the example's.` : '';
  let says = 'Copied.';
  try {
    await navigator.clipboard.writeText(byId('workflow').textContent);
  } catch {
    getSelection()?.selectAllChildren(byId('workflow'));
    says = 'The browser does not allow that: copy what is selected.';
  }
  byId('copied').replaceChildren(...withCode(says + todo));
}

/** Returns texts, and elements for `code` in backquotes. */
function withCode(text: string): (string | HTMLElement)[] {
  return text.split('`').map((part, at) => (at % 2 === 0 ? part : element('code', part)));
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
