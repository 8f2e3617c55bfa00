import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { listenForReceipts, type ReceiptListener } from '../receipt-listener';
import { aMessage, fetchHonorToken, postHonor } from './honor-calls';

let simulators: Simulators;
let listener: ReceiptListener;
let accessToken: string;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 200 });
  accessToken = await fetchHonorToken(simulators);
  listener = await listenForReceipts();
});
afterAll(async () => {
  await simulators.close();
  await listener.close();
});
beforeEach(() => simulators.honor.reset());

const send = async (token: readonly string[], android: Readonly<Record<string, unknown>> = {}) => {
  const body = { ...aMessage({ importance: 'LOW', notifyId: -1 }, android), token };
  return String(Object((await postHonor(simulators, accessToken, body)).json).data.requestId);
};

test('without an address in the console nobody is told', async () => {
  await send(['tokA']);
  expect(await listener.take(0)).toEqual([]);
});

test('what was delivered by several messages is posted together to the address in the console', async () => {
  simulators.useReceiptAddress('honor', `${listener.url}/r/1`);
  const first = await send(['tokA', 'tokB', 'dead-1'], { biTag: 'm-42' });
  const second = await send(['tokC']);
  const { appId: appid } = simulators.credentials('honor');
  const common = { appid, status: 40_000_002, timestamp: expect.any(Number) };
  expect(await listener.take(1)).toEqual([
    {
      statuses: [
        { ...common, biTag: 'm-42', token: 'tokA', requestId: first },
        { ...common, biTag: 'm-42', token: 'tokB', requestId: first },
        { ...common, token: 'tokC', requestId: second },
      ],
    },
  ]);
  expect(listener.taken[0]?.path).toBe('/r/1');
  expect(listener.taken[0]?.headers['content-type']).toBe('application/json; charset=UTF-8');
  expect(simulators.honor.counters()).toMatchObject({ receiptPosts: 1, receiptPostsFailed: 0 });
});

test('dead phones and messages that were not shown are reported with the statuses asked for', async () => {
  simulators.useReceiptAddress('honor', `${listener.url}/r/1`);
  simulators.honor.control({ perDeviceQuota: 0, receiptStatuses: { dead: 11, withheld: 12 } });
  await send(['tokA', 'dead-1']);
  expect(await listener.take(1)).toMatchObject([
    {
      statuses: [
        { token: 'tokA', status: 12 },
        { token: 'dead-1', status: 11 },
      ],
    },
  ]);
});
