import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawBarChart } from '../../bench/report/bar-chart';
import { drawCharts } from '../../bench/report/draw-charts';
import {
  atLeast,
  atMost,
  countAtMost,
  exactly,
  missedGates,
  type Row,
  toldRow,
} from '../../bench/report/part';

const row = (figures: Row['figures'], goals: Row['goals'] = []): Row => ({ figures, goals });
const table = (...rows: Row[]) => ({ key: 'limiter', title: 'Limiter', rows });

test('a row tells its goals and whether it meets all of them', () => {
  const figures = { rig: 'a', refused: 0, used: 97 };

  expect(toldRow(row(figures, [exactly('refused', 0)]))).toMatchObject({ met: 'yes' });
  expect(toldRow(row(figures, [exactly('refused', 0), atLeast('used', 98)]))).toEqual({
    ...figures,
    goal: 'refused = 0, used >= 98',
    met: 'no',
  });
  expect(toldRow(row(figures))).toEqual(figures);
});

test('exact goals that are missed fail a run, and others do not', () => {
  const missed = missedGates([
    table(
      row({ rig: 'a', refused: 2 }, [exactly('refused', 0)]),
      row({ rig: 'b', writes: 6 }, [countAtMost('writes', 5)]),
      row({ rig: 'c', ms: 900 }, [atMost('ms', 500)]),
      row({ rig: 'd', refused: 0 }, [exactly('refused', 0)]),
    ),
  ]);

  expect(missed).toEqual([
    'Limiter, a: refused is 2, not exactly 0',
    'Limiter, b: writes is 6, not at most 5',
  ]);
});

test('a figure that is missing meets no goal', () => {
  expect(missedGates([table(row({ rig: 'a' }, [countAtMost('refused', 5)]))])).toHaveLength(1);
});

test('a bar is as long as its share of the longest, and its goal stands where it belongs', () => {
  const svg = drawBarChart({
    title: 'Units & more',
    unit: ' units',
    bars: [
      { name: 'whole', value: 10 },
      { name: 'half <of it>', value: 5, goal: 10, isBaseline: true },
    ],
  });

  const widths = [...svg.matchAll(/<rect class="(\w+)" .*?width="([\d.]+)"/g)];
  const [whole, half] = widths.map(([, , width]) => Number(width));
  expect(half).toBe((whole ?? 0) / 2);
  expect(widths.map(([, kind]) => kind)).toEqual(['ours', 'baseline']);
  expect(svg.match(/<line /g)).toHaveLength(1);
  expect(svg).toContain('Units &amp; more');
  expect(svg).toContain('half &lt;of it&gt;');
});

test('a chart is drawn for each table there is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'offline-push-charts-'));
  try {
    const files = await drawCharts(
      [table(row({ rig: 'a', 'utilisation %': 98, 'refused per 1,000': 0 }))],
      folder,
    );

    expect(files).toEqual(['limiter-utilisation.svg', 'limiter-refused.svg']);
    expect(await readFile(join(folder, 'limiter-utilisation.svg'), 'utf8')).toContain('98 %');
  } finally {
    await rm(folder, { recursive: true });
  }
});
