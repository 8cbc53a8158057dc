import { duration } from '../text/words.ts'; /** Lines of the log. Pure: the host makes each safe to print. */

const BAR = 10;

/** `████░░░░░░  42%  Analysing submittals            1 m 12 s` */
export function progressLine(
  status: string,
  progress: number | null,
  stage: string | null,
  elapsedMs: number,
): string {
  const doing =
    status === 'pending'
      ? 'queued'
      : [status === 'running' ? '' : status, stage ?? ''].filter((part) => part !== '').join(': ') || status;
  const bar =
    progress === null || status === 'pending'
      ? '░'.repeat(BAR) + '     '
      : `${'█'.repeat(Math.floor((progress / 100) * BAR)).padEnd(BAR, '░')} ${String(Math.floor(progress)).padStart(3)}%`;
  return `    ${bar}  ${doing.slice(0, 100).padEnd(32)}  ${duration(elapsedMs)}`;
}

/** When a line is due: on change, but never a flood, and a heartbeat else. */
export interface Pulse {
  readonly shown: string;
  readonly at: number;
}

const HEARTBEAT_MS = 60_000;
/** Grows with the wait: an hour of restless stages takes about a hundred lines. */
const gapMs = (elapsedMs: number) => Math.max(2_000, elapsedMs / 30);

export function isDue(pulse: Pulse | null, what: string, now: number, elapsedMs: number): boolean {
  if (pulse === null) return true;
  const sinceMs = now - pulse.at;
  return sinceMs >= HEARTBEAT_MS || (what !== pulse.shown && sinceMs >= gapMs(elapsedMs));
}
