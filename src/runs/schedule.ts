/** Whose turn it is when one step has many runs on one bucket. Pure. */
import { COST, payableInMs, type BucketState } from '../alloovium/bucket.ts';

export type Kind = 'launch' | 'poll';

/** A request that waits for its turn. Moments here and below are on `clock.now()`. */
export interface Waiting {
  /** Its run's place among those of the step. */
  readonly order: number;
  readonly kind: Kind;
  /** A poll's pause is over then; a launch's own hint (409) has passed. */
  readonly notBefore: number;
}

export interface Situation {
  readonly waiting: readonly Waiting[];
  readonly bucket: BucketState;
  readonly inFlight: Readonly<Record<Kind, boolean>>;
  /** The server wants none before: a 429 binds all calls that cost as much or more, a 503 all. */
  readonly heldUntil: Readonly<Record<Kind, number>>;
  readonly lastPollAt: number;
  /** From then on all polls go out together: they are the last. */
  readonly deadline: number;
  readonly now: number;
}

/** The index in `waiting` of the request that may go now; or for how long, if nothing else happens, none may. */
export type Turn = { readonly grant: number } | { readonly sleepMs: number };

export function nextTurn(situation: Situation): Turn {
  const { waiting, now } = situation;
  let nextAt = Infinity;
  for (const [index, request] of inTurn(waiting)) {
    const at = mayGoAt(request, situation);
    if (at <= now) return { grant: index };
    nextAt = Math.min(nextAt, at);
  }
  return { sleepMs: nextAt - now };
}

/** Launches before polls; launches as their runs stand, polls as they fell due. */
function inTurn(waiting: readonly Waiting[]): [index: number, request: Waiting][] {
  const rank = ({ kind, order, notBefore }: Waiting) => (kind === 'launch' ? order : notBefore);
  return [...waiting.entries()].sort(([, a], [, b]) =>
    a.kind === b.kind ? rank(a) - rank(b) : a.kind === 'launch' ? -1 : 1,
  );
}

function mayGoAt({ kind, notBefore }: Waiting, situation: Situation): number {
  const { bucket, inFlight, heldUntil, lastPollAt, deadline, now } = situation;
  const heldAt = Math.max(heldUntil[kind], kind === 'poll' ? Math.min(notBefore, deadline) : notBefore);
  if (kind === 'poll' && now >= deadline) return heldAt;
  if (inFlight[kind]) return kind === 'poll' ? Math.max(heldAt, deadline) : Infinity;
  // What is in flight will be taken from what the last answer told.
  const other = kind === 'poll' ? 'launch' : 'poll';
  const payableAt = now + payableInMs(bucket, COST[kind] + (inFlight[other] ? COST[other] : 0), now);
  // All polls together take at most what refills.
  const affordableAt = kind === 'poll' && bucket.refill > 0 ? lastPollAt + 1 / bucket.refill : 0;
  const ownAt = Math.max(heldAt, payableAt, affordableAt);
  return kind === 'poll' ? Math.min(ownAt, Math.max(heldAt, deadline)) : ownAt;
}
