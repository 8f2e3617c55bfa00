/** One bar, with what it is measured against. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Baselines are drawn paler. */
  readonly isBaseline?: boolean;
  /** Drawn as a line across the bar. */
  readonly goal?: number;
}

export interface BarChart {
  readonly title: string;
  /** Behind each number. */
  readonly unit: string;
  readonly bars: readonly Bar[];
  /** Where the axis ends; at the largest of all numbers if absent. */
  readonly most?: number;
}

const WIDTH = 760;
const NAME_WIDTH = 300;
const VALUE_WIDTH = 90;
const BAR_WIDTH = WIDTH - NAME_WIDTH - VALUE_WIDTH;
const ROW_HEIGHT = 26;
const BAR_HEIGHT = 16;
const HEAD_HEIGHT = 44;
const FOOT_HEIGHT = 14;

/** Readable on a light and a dark page alike. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #57606a; }
  .title { font-size: 15px; font-weight: 600; }
  .ours { fill: #2f81f7; }
  .baseline { fill: #8b949e; }
  .goal { stroke: #d1242f; stroke-width: 2; }
  @media (prefers-color-scheme: dark) { text { fill: #c9d1d9; } }`;

/** Draws bars that lie, one a row, as an SVG that needs nothing besides itself. */
export function drawBarChart({ title, unit, bars, most }: BarChart): string {
  const goals = bars.flatMap(({ goal }) => goal ?? []);
  const end = most ?? Math.max(Number.EPSILON, ...goals, ...bars.map(({ value }) => value));
  const lengthOf = (value: number) => round((BAR_WIDTH * Math.max(0, Math.min(value, end))) / end);
  const height = HEAD_HEIGHT + bars.length * ROW_HEIGHT + FOOT_HEIGHT;
  const rows = bars.map(({ name, value, isBaseline = false, goal }, index) => {
    const top = HEAD_HEIGHT + index * ROW_HEIGHT;
    const base = top + BAR_HEIGHT - 3;
    const kind = isBaseline ? 'baseline' : 'ours';
    const at = NAME_WIDTH + lengthOf(goal ?? 0);
    return [
      `<text x="${NAME_WIDTH - 10}" y="${base}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${kind}" x="${NAME_WIDTH}" y="${top}" width="${lengthOf(value)}" height="${BAR_HEIGHT}" rx="2"/>`,
      ...(goal === undefined
        ? []
        : [
            `<line class="goal" x1="${at}" x2="${at}" y1="${top - 3}" y2="${top + BAR_HEIGHT + 3}"/>`,
          ]),
      `<text x="${WIDTH - VALUE_WIDTH + 8}" y="${base}">${escaped(`${value}${unit}`)}</text>`,
    ].join('\n');
  });
  const told = bars.map(({ name, value }) => `${name}: ${value}${unit}`).join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(told)}</desc>`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="12" y="24">${escaped(title)}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
