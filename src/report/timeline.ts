/** The course of a run through its stages, as a Mermaid gantt. */
import type { StageSpan } from '../runs/outcome.ts';
import { fold } from './table.ts';
import { duration } from '../text/words.ts';
import { visible } from '../text/escape.ts';

const STAGES_MAX = 30;
const NAME_MAX = 60;

/**
 * Each stage with its length, on an axis of seconds since the launch, in a fold that says how long it all took; empty unless there
 * are two stages beside the queue.
 */
export function timelineFold(stages: readonly StageSpan[]): string {
  const [first, last] = [stages[0], stages.at(-1)];
  if (!first || !last || stages.filter(({ name }) => name !== 'queued').length < 2) return '';
  const start = first.fromMs;
  const tasks = shown(stages).map(({ name, fromMs, toMs }) => {
    const from = Math.max(0, Math.round(fromMs - start));
    const to = Math.max(from, Math.round(toMs - start));
    // The length first: a line that began with an untrusted word could be one of Mermaid's keywords.
    return `    ${duration(to - from)} · ${forMermaid(name)} :${from}, ${to}`;
  });
  // `%s`, seconds since 1970: any other format would be shifted by the reader's time zone.
  const gantt = [
    '```mermaid',
    'gantt',
    '    dateFormat x',
    '    axisFormat %s s',
    '    todayMarker off',
    ...tasks,
    '```',
  ].join('\n');
  return fold(`How the run went (${duration(last.toMs - start)})`, gantt);
}

/** The stages, those too many put together as one in the end. */
function shown(stages: readonly StageSpan[]): readonly StageSpan[] {
  const rest = stages.slice(STAGES_MAX - 1);
  const [first, last] = [rest[0], rest.at(-1)];
  if (rest.length < 2 || !first || !last) return stages;
  const more = { name: `${rest.length} more stages`, fromMs: first.fromMs, toMs: last.toMs };
  return [...stages.slice(0, STAGES_MAX - 1), more];
}

/**
 * Anything but letters, digits and a few marks as a Mermaid entity: `:` ends a name, `;` and a line break end a
 * statement, `#` and `%%` begin a comment or a directive, a backtick could end the fence.
 */
function forMermaid(name: string): string {
  const short = Array.from(visible(name.slice(0, NAME_MAX * 2)));
  const text = short.length > NAME_MAX ? [...short.slice(0, NAME_MAX - 1), '…'] : short;
  return text
    .map((char) => {
      if (/[\p{L}\p{N}\p{M} .,()/'+…_-]/u.test(char)) return char;
      return char === ':' ? '#colon;' : `#${char.codePointAt(0) ?? 0};`;
    })
    .join('');
}
