/**
 * `npm run cel -- --count N [--seed N]`: evaluates N random expressions with the gate and with another CEL implementation, and
 * explains each difference. `--write` lists the tests of Google's data that do not agree in __tests__/conformance/cel-spec.json.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { listOf, playSpec } from '../__tests__/conformance/cel-spec.ts';
import { compare } from '../__tests__/conformance/differential.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
if (values.write) {
  const played = playSpec();
  const path = new URL('../__tests__/conformance/cel-spec.json', import.meta.url);
  writeFileSync(path, `${JSON.stringify(listOf(played), null, 2)}\n`);
  const classes = Object.entries(Object.groupBy(played, (one) => one.class));
  console.log(classes.map(([name, tests]) => `${tests.length} ${name}`).join(', '));
} else {
  const { values: agreed, errors, explained, unexplained } = compare(Number(values.count), Number(values.seed));
  console.log(`${values.count} expressions: ${agreed} have one value, ${errors} have none in both`);
  for (const [rule, count] of Object.entries(explained)) console.log(`${count}: ${rule}`);
  console.log(`${unexplained.length} unexplained`);
  for (const one of unexplained) console.log(one);
  process.exitCode = unexplained.length === 0 ? 0 : 1;
}
