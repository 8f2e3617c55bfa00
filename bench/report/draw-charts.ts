import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bar, type BarChart, drawBarChart } from './bar-chart';
import type { Figures, Row, Table } from './part';

/** Which figures of which table become bars. */
interface Drawing {
  readonly file: string;
  readonly key: string;
  readonly subKey?: string;
  readonly title: string;
  readonly unit: string;
  readonly most?: number;
  /** Column that names the bars; one bar a row. */
  readonly nameColumn: string;
  /** Columns that become bars. */
  readonly figures: readonly string[];
  readonly isBaseline?: (figures: Figures) => boolean;
}

const isBaseline = ({ rig }: Figures): boolean => String(rig).startsWith('the same');

const DRAWINGS: readonly Drawing[] = [
  {
    file: 'limiter-utilisation.svg',
    key: 'limiter',
    title: 'Flow limiter: how much of the vendor’s limit is used (%)',
    unit: ' %',
    most: 100,
    nameColumn: 'rig',
    figures: ['utilisation %'],
    isBaseline,
  },
  {
    file: 'limiter-refused.svg',
    key: 'limiter',
    title: 'Flow limiter: requests the vendor refused, of 1,000 it accepted',
    unit: '',
    nameColumn: 'rig',
    figures: ['refused per 1,000'],
    isBaseline,
  },
  {
    file: 'units-per-push.svg',
    key: 'unitsByTraceLevel',
    subKey: 'off',
    title: 'What AWS bills for a push, in units; the line is the goal',
    unit: '',
    nameColumn: 'kind',
    figures: ['units per push'],
  },
  {
    file: 'latency.svg',
    key: 'latency',
    title: 'From the answer to the vendor, at half of its limit; the line is the goal',
    unit: ' ms',
    nameColumn: '',
    figures: ['p50 ms', 'p99 ms'],
  },
];

/** Draws what the README shows of the figures, one SVG each. Answers the names of the files. */
export async function drawCharts(
  tables: readonly Table[],
  folder: string,
): Promise<readonly string[]> {
  const drawn = DRAWINGS.flatMap((drawing) => {
    const table = tables.find(
      ({ key, subKey }) => key === drawing.key && subKey === drawing.subKey,
    );
    return table === undefined ? [] : [{ file: drawing.file, chart: chartOf(drawing, table) }];
  });
  await Promise.all(
    drawn.map(({ file, chart }) => writeFile(join(folder, file), drawBarChart(chart))),
  );
  return drawn.map(({ file }) => file);
}

function chartOf(drawing: Drawing, { rows }: Table): BarChart {
  const { title, unit, most } = drawing;
  const bars = rows.flatMap((row) => drawing.figures.map((figure) => barOf(drawing, row, figure)));
  return { title, unit, bars, ...(most === undefined ? {} : { most }) };
}

function barOf({ nameColumn, ...drawing }: Drawing, { figures, goals }: Row, figure: string): Bar {
  const goal = goals.find((one) => one.figure === figure && one.bound !== 'exactly')?.value;
  return {
    name: String(figures[nameColumn] ?? figure.replace(/ ms$/, '')),
    value: Number(figures[figure]),
    isBaseline: drawing.isBaseline?.(figures) ?? false,
    ...(goal === undefined ? {} : { goal }),
  };
}
