import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { listenForReceipts, type ReceiptListener } from '../receipt-listener';
import { aBody, aPush, fetchVivoToken, postVivo } from './vivo-calls';

let simulators: Simulators;
let listener: ReceiptListener;
let authToken: string;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 200 });
  authToken = await fetchVivoToken(simulators);
  listener = await listenForReceipts();
});
afterAll(async () => {
  await simulators.close();
  await listener.close();
});
beforeEach(() => simulators.vivo.reset());

const post = async (path: string, body: unknown) =>
  String(Object((await postVivo(simulators, path, body, { authToken })).json).taskId);
const callback = () => ({ callback: `${listener.url}/r/1`, 'callback.param': 'n-1001' });

test('a receipt configured in the console goes nowhere without one', async () => {
  await post('send', aPush(simulators, { extra: { 'callback.id': 'rcpt-01' } }));
  expect(await listener.take(0)).toEqual([]);
});

test('arrivals of single pushes are posted together, keyed by task id', async () => {
  const first = await post('send', aPush(simulators, { extra: callback() }));
  const extra = { callback: `${listener.url}/r/1` };
  const second = await post('send', aPush(simulators, { extra, regId: 'v2-b' }));
  expect(await listener.take(1)).toEqual([
    {
      [first]: { param: 'n-1001', targets: 'v2-a', ackTime: expect.any(Number) },
      [second]: { targets: 'v2-b', ackTime: expect.any(Number) },
    },
  ]);
  expect(listener.taken[0]).toMatchObject({
    path: '/r/1',
    headers: { 'content-type': 'application/json' },
  });
  expect(simulators.vivo.counters()).toMatchObject({ receiptPosts: 1, receiptPostsFailed: 0 });
});

test('callback.id leads to the address in the console', async () => {
  simulators.useReceiptAddress('vivo', `${listener.url}/console`);
  const extra = { 'callback.id': 'rcpt-01', 'callback.param': 'm' };
  const taskId = await post('send', aPush(simulators, { extra }));
  expect(await listener.take(1)).toMatchObject([{ [taskId]: { param: 'm', targets: 'v2-a' } }]);
  expect(listener.taken[0]?.path).toBe('/console');
});

test('lists, test messages, invalid users and hidden messages have no receipts', async () => {
  simulators.vivo.control({ testTokens: ['v2-a'], perDeviceQuota: 0 });
  const extra = callback();
  const taskId = await post('saveListPayload', aBody(simulators, { extra, category: 'IM' }));
  await post('pushToList', { taskId, regIds: ['v2-a', 'v2-b'], requestId: 'r' });
  await post('send', aPush(simulators, { extra, pushMode: 1 }));
  await post('send', aPush(simulators, { extra, regId: 'dead-1' }));
  await post('send', aPush(simulators, { extra }));
  expect(await listener.take(0)).toEqual([]);
});
