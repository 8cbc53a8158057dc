/**
 * The page, and the worker that it judges in: a blob of this script's own text, ended when an expression takes too long. Whatever
 * comes from outside becomes text, never an element.
 */
import { IRREGULAR_OUTPUTS } from '../simulator/sample-outputs.ts';
import { GREEN_OUTPUTS, OUTPUTS } from '../simulator/vendor-example.ts';
import { LIMITS } from '../src/json.ts';
import { isPlainWord, type PlainTable } from '../src/report/columns.ts';
import { capitalise } from '../src/text/format.ts';
import { headlineOnly, judge, type Asked, type Evaluated } from './evaluate.ts';

/** From the question to the answer, reading included; the action gives the conditions alone 4 s. */
const LIMIT_MS = 5_000;
/** From the last change to the question. */
const PAUSE_MS = 250;

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

function serve(): void {
  self.onmessage = ({ data }: MessageEvent<Asked>) => {
    judge(data).then(postMessage, (error: unknown) => postMessage(headlineOnly(CANNOT_RUN + String(error))));
  };
}

function show(script: string): void {
  const source = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const outputs = boxOf('outputs');
  const picker = byId('file') as HTMLInputElement;
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const wait = () => {
    clearTimeout(timer);
    worker?.terminate();
    byId('result').ariaBusy = 'true';
  };
  const end = (reported: Evaluated) => {
    wait();
    render(reported);
  };
  const judgeNow = () => {
    worker = new Worker(source);
    worker.onmessage = ({ data }: MessageEvent<Evaluated>) => end(data);
    worker.onerror = ({ message }) => end(headlineOnly(CANNOT_RUN + message));
    worker.postMessage({ outputs: outputs.value, ...inputsNow() } satisfies Asked);
    timer = setTimeout(() => end(headlineOnly(TOO_LONG)), LIMIT_MS);
  };
  const judgeSoon = () => {
    wait();
    byId('yaml').textContent = yamlNow();
    (byId('link') as HTMLAnchorElement).href = `#${String(new URLSearchParams(givenNow()))}`;
    timer = setTimeout(judgeNow, PAUSE_MS);
  };

  const put = (text: string) => {
    outputs.value = text;
    judgeSoon();
  };
  const read = (file: File | undefined) => {
    if (!file) return;
    wait();
    // Of what is too large, enough to be told so, though it ends within a character.
    file
      .slice(0, LIMITS.bytes + 1)
      .arrayBuffer()
      .then((all) => put(new TextDecoder('utf-8', { fatal: true }).decode(all, { stream: true })))
      .catch((error: unknown) =>
        end(headlineOnly(`${file.name} cannot be read. ${(error as Error).message}`)),
      );
  };
  const fromLink = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!INPUTS.some((name) => given.has(name))) return;
    for (const name of INPUTS) boxOf(name).value = given.get(name) ?? '';
    judgeSoon();
  };

  for (const name of ['outputs', ...INPUTS]) boxOf(name).oninput = judgeSoon;
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const button = element('button', name);
    button.onclick = () => put(JSON.stringify(sample, null, 2));
    byId('open').before(button);
  }
  byId('open').onclick = () => picker.click();
  picker.onchange = () => {
    read(picker.files?.[0]);
    picker.value = ''; // the same file can be chosen again
  };
  document.ondragover = (event) => event.preventDefault();
  document.ondrop = (event) => {
    const file = event.dataTransfer?.files[0];
    if (file) event.preventDefault();
    read(file);
  };
  byId('copy').onclick = async () => {
    const yaml = yamlNow();
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
  addEventListener('hashchange', fromLink);
  boxOf('fail_if').value = CONDITIONS;
  put(JSON.stringify(OUTPUTS, null, 2));
  fromLink();
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

/** In a box of its own, which is scrolled where the screen is small. */
function tableParts({ fields, rows, below }: PlainTable): HTMLElement[] {
  const header = fields.map((field) => element('th', isPlainWord(field) ? capitalise(field) : field));
  const lines = [header, ...rows.map((row) => row.map((text) => element('td', text)))];
  const box = element('div', element('table', ...lines.map((cells) => element('tr', ...cells))));
  box.className = 'table';
  box.tabIndex = 0;
  return [box, ...below.map((text) => element('p', text))];
}

/** A sentence; or the expression with its caret in a fixed width, and the way out. */
function refusalPart(part: string): HTMLElement[] {
  if (!part.startsWith('> ')) return part === '' ? [] : [element('p', part)];
  const [code = '', caret = '', ...hint] = part.split('\n');
  const pre = element('pre', `${code}\n${caret}`);
  pre.tabIndex = 0;
  return [pre, element('p', hint.join(' '))];
}

function inputsNow(): Omit<Asked, 'outputs'> {
  return {
    fail_if: boxOf('fail_if').value,
    warn_if: boxOf('warn_if').value,
    columns: boxOf('columns').value,
  };
}

function givenNow(): [string, string][] {
  return Object.entries(inputsNow()).filter(([, text]) => text.trim() !== '');
}

/** What readers of YAML take for the end of a line, and other controls: what stands behind one could become a step of the workflow. */
const LINE_ENDS = /[[\p{Cc}\u2028\u2029]--[\t\n\r]]/v;

/** Without an empty box, since an empty `fail_if` is refused; empty where a line is not what it looks like. */
function yamlNow(): string {
  const blocks = givenNow().map(([name, text]) => {
    const lines = text.split(/\r?\n|\r/).map((line) => `  ${line.trim()}`.trimEnd());
    return [`${name}: |`, ...lines].join('\n').trimEnd();
  });
  return LINE_ENDS.test(blocks.join('')) ? '' : blocks.join('\n');
}

function boxOf(id: string): HTMLTextAreaElement {
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

if (typeof document === 'undefined') serve();
else show(document.currentScript?.textContent ?? '');
