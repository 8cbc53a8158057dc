/** How long one condition takes over 200,000 items, and a comparison with one value of 160,000 combining marks. */
import { compileGate } from '../src/gate/condition.ts';
import type { JsonValue } from '../src/json.ts';
import type { BenchOptions, Figure } from './figure.ts';

const STATUSES = ['compliant', 'non-compliant', 'not applicable'];
const ITEMS = Array.from({ length: 200_000 }, (_, index) => ({
  document_id: `4a1c2b3d-${index}`,
  status: STATUSES[index % 3] ?? '',
  title: `Submittal ${index}, hollow metal doors`,
}));
const MARKS = `compliant${'\u0301'.repeat(160_000)}`;

const CASES: readonly (readonly [what: string, condition: string, outputs: JsonValue, atMostMs: number])[] = [
  ['200,000 items', "outputs.items.filter(i, i.status != 'compliant')", { items: ITEMS }, 1_000],
  ['200,000 items', "outputs.items.filter(i, !(i.status in ['compliant', 'not applicable']))", { items: ITEMS }, 1_000],
  ['200,000 items', "outputs.items.filter(i, i.title == 'hollow metal doors')", { items: ITEMS }, 1_000],
  ['160,000 marks', "outputs.status == 'compliant'", { status: MARKS }, 50],
  ['160,000 marks', "outputs.items.exists(i, i.status.trim() == 'compliant')", { items: [{ status: MARKS }] }, 50],
];

export async function measureGate({ isSmall }: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, condition, outputs, atMost] of CASES) {
    const value = await measureMs(condition, outputs, isSmall ? 2 : 5);
    figures.push({ what: `${what}, ${condition}`, value, unit: 'ms', atMost });
  }
  return figures;
}

/** Returns the smallest time of the processor, in ms. */
async function measureMs(condition: string, outputs: JsonValue, rounds: number): Promise<number> {
  const { gate, faults } = await compileGate(condition, '');
  if (faults.length > 0) throw new Error(`cannot compile ${condition}`);
  // The step reads its clock in every loop too.
  const deadline = performance.now() + 60_000;
  const checkTime = (): void => {
    if (performance.now() > deadline) throw new Error('The gate takes too long.');
  };
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    gate.evaluate(outputs, checkTime);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
