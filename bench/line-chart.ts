/** A line chart as SVG, with both axes logarithmic, for light and dark pages. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  /** In the order of `xs`; null: no value. */
  readonly ys: readonly (number | null)[];
}

const WIDTH = 720;
const HEIGHT = 380;
const LEFT = 60;
const RIGHT = 190;
const TOP = 40;
const BOTTOM = 50;

const STYLE = `<style>
text { font: 13px sans-serif; fill: #1f2328 } .grid { stroke: #d1d9e0 } .line { fill: none; stroke-width: 2.5 }
@media (prefers-color-scheme: dark) { text { fill: #d1d7e0 } .grid { stroke: #3d444d } .back { fill: #0d1117 } }
</style>`;

export function lineChart(
  title: string,
  [xName, yName]: readonly [string, string],
  xs: readonly number[],
  yTicks: readonly number[],
  lines: readonly Line[],
): string {
  const scale = (value: number, [from, to]: readonly [number, number], [start, end]: readonly [number, number]) =>
    start + ((Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))) * (end - start);
  const x = (value: number) => scale(value, [xs[0]!, xs.at(-1)!], [LEFT, WIDTH - RIGHT]).toFixed(1);
  const y = (value: number) => scale(value, [yTicks[0]!, yTicks.at(-1)!], [HEIGHT - BOTTOM, TOP]);
  const grid = yTicks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
  );
  const ticks = xs.map((tick) => `<text x="${x(tick)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${tick}</text>`);
  let lowest = Infinity;
  const drawn = [...lines]
    .map((line) => ({
      ...line,
      points: line.ys.flatMap((value, nth) => (value === null ? [] : [[xs[nth]!, value] as const])),
    }))
    .sort((a, b) => a.points.at(-1)![1] - b.points.at(-1)![1])
    .map(({ name, colour, points }) => {
      const [lastX, lastY] = points.at(-1)!;
      // Labels are at the ends of their lines, without overlap.
      lowest = Math.min(lowest - 18, y(lastY) + 4);
      const path = points.map(([px, py]) => `${x(px)},${y(py).toFixed(1)}`).join(' ');
      return `<polyline class="line" stroke="${colour}" points="${path}"/><text x="${Number(x(lastX)) + 8}" y="${lowest.toFixed(1)}" style="fill:${colour}">${name}</text>`;
    });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
${STYLE}
<rect class="back" width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${LEFT}" y="20" style="font-weight:600">${title}</text>
${grid.join('\n')}
${ticks.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${xName}</text>
<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${yName}</text>
${drawn.join('\n')}
</svg>
`;
}
