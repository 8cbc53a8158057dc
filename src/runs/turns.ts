/** The loop round the schedule: requests of one step wait here until it is their turn. */
import { COST, type BucketState } from '../alloovium/bucket.ts';
import type { Clock } from '../clock.ts';
import { nextTurn, type Kind, type Waiting } from './schedule.ts';

export interface Turns {
  /**
   * Resolves when the request may go, with what is to be called once its answer is known to the bucket.
   * @param order its run's place among those of the step
   * @param notBefore on `clock.now()`
   * @throws the signal's reason
   */
  readonly take: (kind: Kind, order: number, notBefore: number) => Promise<() => void>;
  /** The server wants no call that costs so much or more before then, on `clock.now()`; at a cost of 0 none at all. */
  readonly holdOff: (cost: number, until: number) => void;
}

export interface TurnsParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly bucket: () => BucketState;
}

interface Taker extends Waiting {
  readonly go: (release: () => void) => void;
  readonly stop: (reason: unknown) => void;
}

export function createTurns({ clock, signal, deadline, bucket }: TurnsParts): Turns {
  let waiting: readonly Taker[] = [];
  const inFlight = { launch: 0, poll: 0 };
  const heldUntil = { launch: -Infinity, poll: -Infinity };
  let lastPollAt = -Infinity;
  let timer = new AbortController();

  function pump(): void {
    timer.abort();
    for (;;) {
      const now = clock.now();
      const busy = { launch: inFlight.launch > 0, poll: inFlight.poll > 0 };
      const turn = nextTurn({
        waiting,
        bucket: bucket(),
        inFlight: busy,
        heldUntil,
        lastPollAt,
        deadline,
        now,
      });
      if ('sleepMs' in turn) {
        if (turn.sleepMs === Infinity) return;
        timer = new AbortController();
        clock.sleep(turn.sleepMs, timer.signal).then(pump, () => undefined);
        return;
      }
      const taker = waiting[turn.grant];
      if (taker === undefined) return;
      waiting = waiting.filter((other) => other !== taker);
      inFlight[taker.kind]++;
      if (taker.kind === 'poll') lastPollAt = now;
      taker.go(
        once(() => {
          inFlight[taker.kind]--;
          pump();
        }),
      );
    }
  }

  signal.addEventListener(
    'abort',
    () => {
      timer.abort();
      for (const { stop } of waiting) stop(signal.reason);
      waiting = [];
    },
    { once: true },
  );

  return {
    take: (kind, order, notBefore) =>
      new Promise((go, stop) => {
        if (signal.aborted) {
          stop(signal.reason as Error);
          return;
        }
        waiting = [...waiting, { kind, order, notBefore, go, stop }];
        pump();
      }),
    holdOff: (cost, until) => {
      for (const kind of ['launch', 'poll'] as const) {
        if (COST[kind] >= cost) heldUntil[kind] = Math.max(heldUntil[kind], until);
      }
      pump();
    },
  };
}

function once(what: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    what();
  };
}
