import { readTraffic } from '../../bench/cost/read-traffic';

test('what is not said is ten million single messages to phones of six vendors', () => {
  expect(readTraffic([])).toMatchObject({
    asJson: false,
    traffic: {
      messages: 10_000_000,
      recipients: 1,
      pushesPerRecipient: 0.7,
      eventsPerCall: 1,
      batchId: false,
      viaQueue: false,
      trace: 'full',
      vendors: 6,
    },
  });
});

test('all that is said is heard', () => {
  const said =
    '--messages 5e6 --group 200 --offline 0.5 --devices 2 --events-per-call 20 --batch-id --queue ' +
    '--trace off --vendors 3 --one-token 0.4 --receipts 0.9 --busy-hours 10 --json';

  expect(readTraffic(said.split(' '))).toEqual({
    asJson: true,
    traffic: {
      messages: 5_000_000,
      messagesPerSecond: 5_000_000 / (30 * 10 * 3_600),
      recipients: 200,
      pushesPerRecipient: 1,
      eventsPerCall: 20,
      batchId: true,
      viaQueue: true,
      trace: 'off',
      vendors: 3,
      oneTokenShare: 0.4,
      tokenBytes: 100,
      roundTripMs: 100,
      receiptShare: 0.9,
    },
  });
});

test.each([
  ['--messages many', '--messages <count>', 'number from 1'],
  ['--messages=', '--messages <count>', 'number from 1'],
  ['--group 1.5', '--group <size>', 'whole number'],
  ['--group 10001', '--group <size>', 'from 1 to 10000'],
  ['--offline 1.1', '--offline <share>', 'from 0 to 1'],
  ['--events-per-call 0', '--events-per-call <count>', 'from 1 to 100'],
  ['--trace loud', '--trace <level>', 'off, failures, full'],
  ['--vendors 10', '--vendors <count>', 'from 1 to 9'],
  ['--price low', '--price', 'unknown option'],
])('%s is refused by its name', (said, option, why) => {
  const told: string[] = [];

  expect(() => readTraffic(said.split(' '), (text) => void told.push(text))).toThrow();

  expect(told.join('')).toContain(option);
  expect(told.join('')).toContain(why);
});
