/**
 * The page, and the worker that evaluates: a blob of this script's own text, terminated when an expression takes too long. Untrusted
 * input becomes text, never an element.
 */
import { IRREGULAR_OUTPUTS } from '../simulator/sample-outputs.ts';
import { GREEN_OUTPUTS, OUTPUTS } from '../simulator/vendor-example.ts';
import { JSON_LIMITS } from '../src/json.ts';
import { isPlainWord, type PlainTable } from '../src/report/columns.ts';
import { capitalise } from '../src/text/format.ts';
import { headlineOnly, evaluate, type GateInputs, type Evaluated } from './evaluate.ts';

/** Limit for parsing and evaluation together; the action allows 4 s for the conditions alone. */
const MAX_EVALUATION_MS = 5_000;
/** Delay from the last change to the evaluation. */
const DEBOUNCE_MS = 250;

const CONDITIONS = `not compliant: outputs.items.filter(i, i.status != 'compliant')
nothing reviewed: size(outputs.items) == 0`;

const SAMPLES: Readonly<Record<string, object>> = {
  'Two findings': OUTPUTS,
  'No findings': GREEN_OUTPUTS,
  'Missing field': {
    ...OUTPUTS,
    items: OUTPUTS.items.map((item, at) => (at === 2 ? { ...item, status: undefined } : item)),
  },
  'A bad day': IRREGULAR_OUTPUTS,
};

const INPUTS = ['fail_if', 'warn_if', 'columns'] as const;

const CANNOT_RUN = 'This browser cannot run the gate, a newer one can: ';
const TOO_LONG =
  'No verdict: the conditions take too long over these outputs, and were ended after 5 s. Write fewer or simpler ones: no macro inside a macro over long lists.';

function runWorker(): void {
  self.onmessage = ({ data }: MessageEvent<GateInputs>) => {
    evaluate(data).then(postMessage, (error: unknown) =>
      postMessage(headlineOnly(CANNOT_RUN + String(error))),
    );
  };
}

function startPage(script: string): void {
  const source = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const outputs = textArea('outputs');
  const picker = byId('file') as HTMLInputElement;
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stopWorker = () => {
    clearTimeout(timer);
    worker?.terminate();
    byId('result').ariaBusy = 'true';
  };
  const showResult = (reported: Evaluated) => {
    stopWorker();
    render(reported);
  };
  const evaluateNow = () => {
    worker = new Worker(source);
    worker.onmessage = ({ data }: MessageEvent<Evaluated>) => showResult(data);
    worker.onerror = ({ message }) => showResult(headlineOnly(CANNOT_RUN + message));
    worker.postMessage({ outputs: outputs.value, ...currentInputs() } satisfies GateInputs);
    timer = setTimeout(() => showResult(headlineOnly(TOO_LONG)), MAX_EVALUATION_MS);
  };
  const scheduleEvaluation = () => {
    stopWorker();
    byId('yaml').textContent = toYaml();
    (byId('link') as HTMLAnchorElement).href = `#${String(new URLSearchParams(filledInputs()))}`;
    timer = setTimeout(evaluateNow, DEBOUNCE_MS);
  };

  const setOutputs = (text: string) => {
    outputs.value = text;
    scheduleEvaluation();
  };
  const readFile = (file: File | undefined) => {
    if (!file) return;
    stopWorker();
    // Read one byte more than the limit, so that a larger file is refused, even if that byte splits a character.
    file
      .slice(0, JSON_LIMITS.bytes + 1)
      .arrayBuffer()
      .then((all) => setOutputs(new TextDecoder('utf-8', { fatal: true }).decode(all, { stream: true })))
      .catch((error: unknown) =>
        showResult(headlineOnly(`${file.name} cannot be read. ${(error as Error).message}`)),
      );
  };
  const readLink = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!INPUTS.some((name) => given.has(name))) return;
    for (const name of INPUTS) textArea(name).value = given.get(name) ?? '';
    scheduleEvaluation();
  };

  for (const name of ['outputs', ...INPUTS]) textArea(name).oninput = scheduleEvaluation;
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const button = element('button', name);
    button.onclick = () => setOutputs(JSON.stringify(sample, null, 2));
    byId('open').before(button);
  }
  byId('open').onclick = () => picker.click();
  picker.onchange = () => {
    readFile(picker.files?.[0]);
    picker.value = ''; // the same file can be chosen again
  };
  document.ondragover = (event) => event.preventDefault();
  document.ondrop = (event) => {
    const file = event.dataTransfer?.files[0];
    if (file) event.preventDefault();
    readFile(file);
  };
  byId('copy').onclick = async () => {
    const yaml = toYaml();
    if (yaml === '') {
      byId('copied').textContent = 'Nothing to copy: write a condition, without invisible characters.';
      return;
    }
    try {
      await navigator.clipboard.writeText(yaml);
      byId('copied').textContent = 'Copied.';
    } catch {
      byId('copied').textContent = 'The browser does not allow that: copy the lines by hand.';
    }
  };
  addEventListener('hashchange', readLink);
  textArea('fail_if').value = CONDITIONS;
  setOutputs(JSON.stringify(OUTPUTS, null, 2));
  readLink();
}

function render({ colour, headline, refusal, conditions, lists }: Evaluated): void {
  byId('headline').textContent = headline;
  byId('headline').className = colour ?? '';
  byId('refusal').replaceChildren(...refusal.split('\n\n').flatMap(refusalPart));
  for (const pre of document.querySelectorAll<HTMLElement>('#refusal pre')) {
    const [code = '', caret = ''] = pre.textContent.split('\n');
    pre.scrollLeft = (caret.length / code.length) * pre.scrollWidth - pre.clientWidth / 2;
  }
  byId('conditions').replaceChildren(
    ...conditions.map(({ line, isRed, notes, table }) => {
      const item = element('li', line, ...notes.map((note) => element('p', note)));
      item.className = isRed ? 'red' : '';
      if (table !== null) item.append(...tableParts(table));
      return item;
    }),
  );
  const fieldLines = lists.flatMap(({ name, count, fields }) => [
    element('dt', `outputs.${name}: ${count}`),
    ...fields.map(({ key, values }) =>
      element('dd', [key, ...values.map(([value, times]) => `${value} ${times}`)].join(' · ')),
    ),
  ]);
  byId('fields').replaceChildren(...fieldLines);
  byId('result').ariaBusy = 'false';
}

/** A table in an element that scrolls on small screens, and the texts below it. */
function tableParts({ fields, rows, below }: PlainTable): HTMLElement[] {
  const header = fields.map((field) => element('th', isPlainWord(field) ? capitalise(field) : field));
  const lines = [header, ...rows.map((row) => row.map((text) => element('td', text)))];
  const box = element('div', element('table', ...lines.map((cells) => element('tr', ...cells))));
  box.className = 'table';
  box.tabIndex = 0;
  return [box, ...below.map((text) => element('p', text))];
}

/** A sentence; or an expression with its caret in a fixed-width font, and a hint. */
function refusalPart(part: string): HTMLElement[] {
  if (!part.startsWith('> ')) return part === '' ? [] : [element('p', part)];
  const [code = '', caret = '', ...hint] = part.split('\n');
  const pre = element('pre', `${code}\n${caret}`);
  pre.tabIndex = 0;
  return [pre, element('p', hint.join(' '))];
}

function currentInputs(): Omit<GateInputs, 'outputs'> {
  return {
    fail_if: textArea('fail_if').value,
    warn_if: textArea('warn_if').value,
    columns: textArea('columns').value,
  };
}

function filledInputs(): [string, string][] {
  return Object.entries(currentInputs()).filter(([, text]) => text.trim() !== '');
}

/** Line ends of YAML and other control characters: text after one could become a step of the workflow. */
const LINE_ENDS = /[[\p{Cc}\u2028\u2029]--[\t\n\r]]/v;

/** The inputs as YAML without empty ones, since an empty `fail_if` is refused; '' where a line contains an invisible line end. */
function toYaml(): string {
  const blocks = filledInputs().map(([name, text]) => {
    const lines = text.split(/\r?\n|\r/).map((line) => `  ${line.trim()}`.trimEnd());
    return [`${name}: |`, ...lines].join('\n').trimEnd();
  });
  return LINE_ENDS.test(blocks.join('')) ? '' : blocks.join('\n');
}

function textArea(id: string): HTMLTextAreaElement {
  return byId(id) as HTMLTextAreaElement;
}

function element(name: string, ...content: readonly (string | HTMLElement)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

if (typeof document === 'undefined') runWorker();
else startPage(document.currentScript?.textContent ?? '');
