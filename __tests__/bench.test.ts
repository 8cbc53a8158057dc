import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { formatValue } from '../bench/figure.ts';
import { measureFleets } from '../bench/fleet.ts';

test('prints the figures that docs/performance.md quotes', async () => {
  const page = readFileSync('docs/performance.md', 'utf8').replaceAll(/ +/g, ' ');
  const figures = await measureFleets({ isSmall: false, dist: '', against: null });
  for (const figure of figures) expect(page).toContain(`| ${figure.what} | ${formatValue(figure)} |`);
});
