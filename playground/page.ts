/**
 * The page, and the worker that it judges in. Both are this one script: a blob of the script's own text is the worker, which is
 * ended when an expression takes too long. Whatever comes from outside becomes text, never an element.
 */
import { GREEN_OUTPUTS, OUTPUTS } from '../simulator/seed.ts';
import { LIMITS } from '../src/json.ts';
import { headlineOnly, judge, type Asked, type Told } from './judge.ts';

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
};

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
  const outputs = byId('outputs') as HTMLTextAreaElement;
  const failIf = byId('fail_if') as HTMLTextAreaElement;
  const picker = byId('file') as HTMLInputElement;
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const wait = () => {
    clearTimeout(timer);
    worker?.terminate();
    byId('result').ariaBusy = 'true';
  };
  const end = (told: Told) => {
    wait();
    render(told);
  };
  const judgeNow = () => {
    worker = new Worker(source);
    worker.onmessage = ({ data }: MessageEvent<Told>) => end(data);
    worker.onerror = ({ message }) => end(headlineOnly(CANNOT_RUN + message));
    worker.postMessage({ outputs: outputs.value, failIf: failIf.value } satisfies Asked);
    timer = setTimeout(() => end(headlineOnly(TOO_LONG)), LIMIT_MS);
  };
  const judgeSoon = () => {
    wait();
    byId('yaml').textContent = yamlOf(failIf.value);
    (byId('link') as HTMLAnchorElement).href = `#${String(new URLSearchParams({ fail_if: failIf.value }))}`;
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
    const conditions = new URLSearchParams(location.hash.slice(1)).get('fail_if');
    if (conditions === null || conditions === failIf.value) return;
    failIf.value = conditions;
    judgeSoon();
  };

  outputs.oninput = failIf.oninput = judgeSoon;
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
    const yaml = yamlOf(failIf.value);
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
  failIf.value = CONDITIONS;
  put(JSON.stringify(OUTPUTS, null, 2));
  fromLink();
}

function render({ colour, headline, refusal, conditions }: Told): void {
  byId('headline').textContent = headline;
  byId('headline').className = colour ?? '';
  byId('refusal').replaceChildren(...refusal.split('\n\n').flatMap(refusalPart));
  for (const pre of document.querySelectorAll<HTMLElement>('#refusal pre')) {
    const [code = '', caret = ''] = pre.textContent.split('\n');
    pre.scrollLeft = (caret.length / code.length) * pre.scrollWidth - pre.clientWidth / 2;
  }
  byId('conditions').replaceChildren(
    ...conditions.map(({ line, isRed, notes, rows }) => {
      const item = element('li', line);
      item.className = isRed ? 'red' : '';
      const list = element('ol');
      list.append(...rows.map((row) => element('li', row)));
      item.append(...notes.map((note) => element('p', note)), ...(rows.length > 0 ? [list] : []));
      return item;
    }),
  );
  byId('result').ariaBusy = 'false';
}

/** A sentence; or the expression with its caret in a fixed width, and the way out. */
function refusalPart(part: string): HTMLElement[] {
  if (!part.startsWith('> ')) return part === '' ? [] : [element('p', part)];
  const [code = '', caret = '', ...hint] = part.split('\n');
  const pre = element('pre', `${code}\n${caret}`);
  pre.tabIndex = 0;
  return [pre, element('p', hint.join(' '))];
}

/** What readers of YAML take for the end of a line, and other controls: what stands behind one could become a step of the workflow. */
const LINE_ENDS = /[[\p{Cc}\u2028\u2029]--[\t\n\r]]/v;

/** Empty where the box is, since an empty `fail_if` is refused, and where a line is not what it looks like. */
function yamlOf(failIf: string): string {
  if (failIf.trim() === '' || LINE_ENDS.test(failIf)) return '';
  const lines = failIf.split(/\r?\n|\r/).map((line) => `  ${line.trim()}`.trimEnd());
  return ['fail_if: |', ...lines].join('\n').trimEnd();
}

function element(name: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

if (typeof document === 'undefined') serve();
else show(document.currentScript?.textContent ?? '');
