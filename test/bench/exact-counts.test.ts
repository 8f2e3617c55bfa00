import { countPresenceWrites } from '../../bench/measures/presence';
import { requests } from '../../bench/measures/requests';
import { missedGates } from '../../bench/report/part';

const context = {
  projectFolder: '.',
  isQuick: true,
  rig: () => Promise.reject(new Error('this part needs no service')),
};

test('equal pushes to 1,000 phones are as few requests as each vendor takes them in', async () => {
  const tables = await requests.run(context);

  expect(tables.flatMap(({ rows }) => rows)).toHaveLength(9);
  expect(missedGates(tables)).toEqual([]);
});

test('a day of presence costs a connected device no more than its changes and its share of heartbeats', async () => {
  const rows = [await countPresenceWrites(250)];

  expect(missedGates([{ key: 'presenceWrites', title: 'Presence', rows }])).toEqual([]);
});
