/** The signals that a step receives while it runs. */
import type { ChildProcess } from 'node:child_process';
import type { RunOptions } from './step.ts';

/** Runner.Sdk/ProcessInvoker.cs: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
const SIGTERM_AFTER_MS = 7_500;
const SIGKILL_AFTER_MS = 10_000;

/** Sends each signal at the first of its moments. */
export function planSignals(child: ChildProcess, plans: NonNullable<RunOptions['signals']>) {
  const sentAt: number[] = [];
  const timers: NodeJS.Timeout[] = [];
  let isCancelled = false;
  const after = (ms: number, then: () => void): void => void timers.push(setTimeout(then, ms));
  const send = (signal: NodeJS.Signals): void => {
    sentAt.push(performance.now());
    child.kill(signal);
  };
  const cancel = (): void => {
    isCancelled = true;
    send('SIGINT');
    after(SIGTERM_AFTER_MS, () => send('SIGTERM'));
    after(SIGKILL_AFTER_MS, () => send('SIGKILL'));
  };
  const planned = plans.map(({ signal, afterMs, whenDone, whenStdout }) => {
    let isSent = false;
    const fire = (): void => {
      if (isSent || child.exitCode !== null || child.signalCode !== null) return;
      isSent = true;
      if (signal === 'cancel') cancel();
      else send(signal);
    };
    if (afterMs !== undefined) after(afterMs, fire);
    void whenDone?.then(fire, fire);
    return { whenStdout, fire };
  });
  return {
    /** Sends the signals that wait for this text. @param stdout all that the step has written */
    onStdout: (stdout: string): void => {
      for (const { whenStdout, fire } of planned) if (whenStdout?.test(stdout) === true) fire();
    },
    isCancelled: (): boolean => isCancelled,
    /** When the first was sent; null: none was. */
    firstSentAt: (): number | null => sentAt[0] ?? null,
    stop: (): void => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
