/**
 * `npm run comment-window [RACES] [SEED]`: how often jobs that write one comment at the same time leave a wrong one, since GitHub has
 * no conditional update. Two to five writers end within 1.5 s; 3 % of the calls take 1 to 5 s, the others 60 to 400 ms; half of the
 * writers were red before.
 */
import { simulateComments, type JobReport } from '../simulator/virtual-comments.ts';
import { seededRandom } from '../simulator/random.ts';
import { virtualClock } from '../simulator/virtual-clock.ts';
import { digest } from '../src/gate/item-identity.ts';

export interface RaceResults {
  readonly races: number;
  /** Races in which the comment lacks a red report. */
  readonly buried: number;
  /** Races in which the comment lists a report as red that is green. */
  readonly stale: number;
}

export async function simulateRaces(races: number, seed: number): Promise<RaceResults> {
  const random = seededRandom(seed);
  const found = { races, buried: 0, stale: 0 };
  for (let race = 0; race < races; race++) {
    const reports = await simulateRace(random);
    if (reports.some(({ isRed, isListed }) => isRed && !isListed)) found.buried++;
    else if (reports.some(({ isRed, isListed }) => !isRed && isListed)) found.stale++;
  }
  return found;
}

async function simulateRace(random: () => number): Promise<{ isRed: boolean; isListed: boolean }[]> {
  const clock = virtualClock();
  const callMs = () => (random() < 0.03 ? 1_000 + 4_000 * random() : 60 + 340 * random());
  const commit = 'a'.repeat(40);
  const simulation = simulateComments(clock, random, callMs, commit);
  const common = { commit, isShared: true, isOnFailure: false } as const;
  const jobs = Array.from({ length: 2 + Math.floor(4 * random()) }, (_, job) => ({
    id: digest(`job ${job}`),
    review: digest(`job ${job}`),
    judged: '',
    createdAt: new Map(),
  }));
  for (const job of jobs) {
    const writer = { ...job, jobRun: '1', attempt: 1 };
    if (random() < 0.5) await clock.run(simulation.runJob({ ...common, writer, shows: 'red' }));
  }
  const reports = jobs.map((job): JobReport => {
    return {
      ...common,
      writer: { ...job, jobRun: '1', attempt: 2 },
      shows: random() < 0.5 ? 'red' : 'green',
    };
  });
  const neverAborted = new AbortController().signal;
  const ended = reports.map(async (verdict) => {
    await clock.sleep(1_500 * random(), neverAborted);
    await simulation.runJob(verdict);
  });
  await clock.run(Promise.all(ended));
  const red = simulation.shownComment()?.memory?.red ?? [];
  return reports.map(({ shows, writer }) => {
    return { isRed: shows === 'red', isListed: red.some(({ id }) => id === writer.id) };
  });
}

if (import.meta.main) {
  const [races = 20_000, seed = 20261127] = process.argv.slice(2).map(Number);
  const { buried, stale } = await simulateRaces(races, seed);
  const share = (count: number) => `${((100 * count) / races).toFixed(2)} %`;
  console.log(
    `${races} races of 2 to 5 writers (seed ${seed}): a red report buried in ${share(buried)}, a stale one left in ${share(stale)}`,
  );
}
