/**
 * How often a clean pull request fails because the model does not report the same findings twice. 60 days are simulated: nobody adds a
 * finding, main is reviewed every night, and a person accepts half of the nights that fail. Gate and artifact are the real ones.
 */
import { seededRandom } from '../simulator/random.ts';
import { formatBaseline, readBaseline, type BaselineState } from '../src/baseline.ts';
import type { Evaluation } from '../src/gate/condition.ts';
import { applyGate, type GateContext } from '../src/gate/findings.ts';
import { decideToSave, MAX_MISSED, toSavedEntry } from '../src/gate/save.ts';
import type { BenchOptions, Figure } from './figure.ts';

const DAYS = 60;
const PULL_REQUESTS_A_DAY = 5;
const COUNTS = [5, 20, 50];
const MISSES = [0.05, 0.1, 0.2];
/** In %, of pull requests that fail, by the number of findings and the share of misses. */
const GOALS = new Map([
  ['20 0.05', 3],
  ['20 0.1', 8],
]);

const CONTEXT: Omit<GateContext, 'baseline'> = {
  entry: '',
  knownBy: new Map([[null, ['document', 'clause']]]),
  waivers: [],
  workflowId: 'wf_1',
  projectId: '',
  today: '2026-12-01',
  checkTime: () => undefined,
};
const NIGHT = {
  ...{ branch: 'main', ref: 'refs/heads/main', event: 'schedule', serverUrl: 'https://github.com' },
  ...{ hasPullRequest: false, hasRunId: false },
};

interface Team {
  readonly findings: number;
  /** How likely a review misses a finding. */
  readonly miss: number;
  /** Saved reviews in a row that have to lack a finding before it is forgotten; 1: no memory. */
  readonly maxMissed: number;
}

/** Returns the share of pull requests that fail. */
function simulate({ findings, miss, maxMissed }: Team, random: () => number): number {
  const all = Array.from({ length: findings }, (_, nth) => ({ document: `A-${nth}`, clause: '08 11 13' }));
  let baseline: BaselineState = { code: 'missing', branch: 'main' };
  const review = () => {
    const items = all.filter(() => random() >= miss);
    const condition = { severity: 'fail', name: 'not compliant', expression: 'outputs.items', line: 1 } as const;
    const result = items.length > 0 ? 'met' : 'not_met';
    const evaluation: Evaluation = { condition, result, items, others: null, tally: null, problem: null };
    return applyGate([evaluation], { ...CONTEXT, baseline });
  };
  let failing = 0;
  for (let day = 0; day < DAYS; day++) {
    const night = review();
    const isRequested = day === 0 || random() < 0.5;
    if (decideToSave({ ...NIGHT, isRequested }, [night]) === 'save') {
      const entry = toSavedEntry(CONTEXT, night, { since: '2026-12-01', by: 'octocat' }, maxMissed);
      const entries = readBaseline(formatBaseline([entry], true)) ?? [];
      baseline = { code: 'usable', commit: '', savedAt: '', expiresAt: '', entries };
    }
    for (let nth = 0; nth < PULL_REQUESTS_A_DAY; nth++) if (review().conditions.some(({ isFailing }) => isFailing)) failing++;
  }
  return failing / (DAYS * PULL_REQUESTS_A_DAY);
}

/** @returns the memory of the action, and for comparison shorter and longer ones */
export function measureFlaps({ isSmall }: BenchOptions): Promise<readonly Figure[]> {
  const rounds = isSmall ? 4 : 12;
  const memories = isSmall ? [MAX_MISSED] : [1, 2, 3, 4];
  const figures = memories.flatMap((maxMissed) =>
    COUNTS.flatMap((findings) =>
      MISSES.map((miss): Figure => {
        const shares = Array.from({ length: rounds }, (_, nth) => simulate({ findings, miss, maxMissed }, seededRandom(nth + 1)));
        const value = (100 * shares.reduce((sum, share) => sum + share, 0)) / rounds;
        const memory = maxMissed === 1 ? 'no memory' : `forgotten if ${maxMissed} saved reviews lack it`;
        const what = `clean pull requests that fail: ${findings} findings, ${100 * miss} % missed, ${memory}`;
        const atMost = maxMissed === MAX_MISSED ? (GOALS.get(`${findings} ${miss}`) ?? null) : null;
        return { what, value, unit: '%', atMost };
      }),
    ),
  );
  return Promise.resolve(figures);
}
