/** Renders the stages of a run as a Mermaid gantt chart. */
import { isKnownStatus, STATUSES } from '../alloovium/statuses.ts';
import type { StageSpan } from '../runs/record.ts';
import { formatCollapsed } from './table.ts';
import { formatDuration } from '../text/format.ts';
import { escapeInvisible } from '../text/escape.ts';

const STAGES_MAX = 30;
const NAME_MAX = 60;
const QUEUED = STATUSES.pending.word;

/**
 * Renders each stage with its duration, on an axis of seconds since the launch, in a collapsed section. Queue and last stage have
 * the colour of the run's status. Empty: fewer than two stages besides the queue.
 */
export function renderTimeline(stages: readonly StageSpan[], status: string): string {
  const first = stages[0];
  const last = stages.at(-1);
  if (!first || !last || stages.filter(({ name }) => name !== QUEUED).length < 2) return '';
  const start = first.fromMs;
  const lastColour = isKnownStatus(status) ? STATUSES[status].colour : '';
  // Stages over the limit are shown as one.
  const shown = stages.slice(0, STAGES_MAX - 1);
  const [next, ...others] = stages.slice(STAGES_MAX - 1);
  const rest = others.length === 0 ? {} : { name: `${others.length + 1} more stages`, toMs: last.toMs };
  if (next) shown.push({ ...next, ...rest });
  const tasks = shown.map(({ name, fromMs, toMs }, at) => {
    const from = Math.max(0, Math.round(fromMs - start));
    const to = Math.max(from, Math.round(toMs - start));
    // The length first: a line that began with an untrusted word could be one of Mermaid's keywords.
    const colour = name === QUEUED ? STATUSES.pending.colour : at === shown.length - 1 ? lastColour : '';
    return `    ${formatDuration(to - from)} · ${escapeForMermaid(name)} :${colour === '' ? '' : `${colour}, `}${from}, ${to}`;
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
  return formatCollapsed(`How the run went (${formatDuration(last.toMs - start)})`, gantt);
}

/**
 * Writes anything but letters, digits and a few marks as a Mermaid entity: `:` ends a name, `;` and a line break end a statement,
 * `#` and `%%` begin a comment or a directive, a backtick could end the fence.
 */
function escapeForMermaid(name: string): string {
  const short = Array.from(escapeInvisible(name.slice(0, NAME_MAX * 2)));
  const text = short.length > NAME_MAX ? [...short.slice(0, NAME_MAX - 1), '…'] : short;
  const entity = (char: string) => (char === ':' ? '#colon;' : `#${char.codePointAt(0) ?? 0};`);
  return text.join('').replace(/[^\p{L}\p{N}\p{M} .,()/'+…_-]/gu, entity);
}
