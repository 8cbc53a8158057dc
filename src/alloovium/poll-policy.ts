/** When to look at a run again. Pure: a look goes in, milliseconds come out. */

/** What an answer's rate headers said of the key's token bucket; null where they were missing or nonsense. */
export interface Bucket {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds from the answer until the bucket is full. */
  readonly fullInMs: number;
}

export interface Look {
  /** Milliseconds on the monotonic clock. */
  readonly at: number;
  readonly status: string;
  readonly progress: number | null;
  readonly stage: string | null;
  readonly bucket: Bucket | null;
}

interface Move {
  readonly at: number;
  readonly percent: number;
}

/** What the policy remembers; opaque to its callers. */
export interface Pace {
  readonly begun: number | null;
  readonly last: Look | null;
  readonly moves: readonly Move[];
  readonly movedAt: number;
  readonly whole: boolean;
}

export const firstPace: Pace = { begun: null, last: null, moves: [], movedAt: 0, whole: true };

export const P = { lambda: 300, kappa: 1.7, drift: 0.08, window: 7, slack: 0.14, q: 0.38, over: 2.3 };

export function observe(pace: Pace, look: Look): Pace {
  const { last } = pace;
  const begun = pace.begun ?? look.at;
  if (last === null)
    return { ...pace, begun, last: look, movedAt: look.at, whole: Number.isInteger(look.progress ?? 0) };
  const whole = pace.whole && Number.isInteger(look.progress ?? 0);
  if (look.status === last.status && look.progress === last.progress) return { ...pace, last: look };
  const q = whole ? 1 : 0;
  let moves = pace.moves;
  if (look.progress !== null && last.progress !== null && look.progress > last.progress) {
    // first move from 0: the run began in the bracket
    moves = [
      ...moves,
      { at: (look.at + last.at) / 2, percent: (look.progress + last.progress + q) / 2 },
    ].slice(-P.window);
  } else if (look.progress !== null && last.progress !== null && look.progress < last.progress) moves = [];
  return { begun, last: look, moves, movedAt: look.at, whole };
}

function forecast(pace: Pace): { in: number; spread: number } {
  const { last, moves, movedAt, begun } = pace;
  if (last === null || begun === null) return { in: 0, spread: 2000 };
  const idle = last.at - movedAt;
  if (moves.length < 2) return { in: 0, spread: P.kappa * (last.at - begun + 2000) };
  const n = moves.length;
  const t = moves.reduce((s, m) => s + m.at, 0) / n;
  const p = moves.reduce((s, m) => s + m.percent, 0) / n;
  let tt = 0,
    tp = 0;
  for (const m of moves) {
    tt += (m.at - t) ** 2;
    tp += (m.at - t) * (m.percent - p);
  }
  const rate = tp / tt;
  const rr = moves.reduce((s, m) => s + (m.percent - p - rate * (m.at - t)) ** 2, 0) / Math.max(1, n - 2);
  const end = t + (100 - p) / rate;
  const r = end - last.at;
  const noise = (Math.sqrt(rr) / rate) * Math.sqrt(1 / n + (end - t) ** 2 / tt);
  const quant = pace.whole ? P.q / rate : 0;
  const gap = (moves[n - 1]!.at - moves[0]!.at) / (n - 1);
  const over = Math.max(0, idle - gap);
  return { in: r, spread: Math.hypot(noise, quant, P.drift * Math.max(0, r), P.over * over) + 100 };
}

/** Milliseconds from the last look to the next; `random` in [0, 1). */
export function nextLookInMs(pace: Pace, _random: number): number {
  const f = forecast(pace);
  const b = f.spread;
  const lnS = (x: number) => {
    const z = (x - f.in) / b;
    return z > 30 ? z : Math.log1p(Math.exp(z));
  };
  let best = 5000,
    least = Infinity;
  const k = 1 + Math.exp(Math.min(30, -f.in / b));
  for (let d = 2000; d <= 5000; d += 100) {
    const a = f.in / b < -30 ? b * (1 - Math.exp(-d / b)) : k * (d - b * (lnS(d) - lnS(0)));
    const c = (P.lambda + d) / a;
    if (c <= least) {
      least = c;
      best = d;
    }
  }
  const aim = f.in + P.slack * b;
  if (aim > 5000 && aim < 7000) best = Math.min(best, aim - 2000);
  return best;
}
