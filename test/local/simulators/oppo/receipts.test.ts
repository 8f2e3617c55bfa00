import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { listenForReceipts, type ReceiptListener } from '../receipt-listener';
import { aMessage, fetchOppoToken, ID, unicast, unicastBatch } from './oppo-calls';

let simulators: Simulators;
let listener: ReceiptListener;
let authToken: string;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 200 });
  authToken = await fetchOppoToken(simulators);
  listener = await listenForReceipts();
});
afterAll(async () => {
  await simulators.close();
  await listener.close();
});
beforeEach(() => {
  simulators.oppo.reset();
  simulators.phones.clear();
});

function asking(change: Readonly<Record<string, unknown>> = {}, target_value = ID) {
  const notification = { call_back_url: `${listener.url}/r/1`, call_back_parameter: 'n-1001' };
  return aMessage({ ...notification, ...change }, { target_value });
}

const send = async (message: unknown) =>
  String(Object((await unicast(simulators, authToken, message)).json).data.messageId);

const events = (bodies: readonly unknown[]) =>
  bodies.flatMap((body) => Object.values(Object(body)).map((one) => Object(one).eventType));

test('an arrival is posted in the vendor’s form', async () => {
  const messageId = await send(asking());
  expect(await listener.take(1)).toEqual([
    [
      {
        messageId,
        appId: messageId.slice(0, messageId.indexOf('-')),
        taskId: messageId,
        registrationIds: ID,
        eventTime: expect.stringMatching(/^\d{13}$/),
        param: 'n-1001',
        eventType: 'push_arrive',
      },
    ],
  ]);
  expect(listener.taken[0]).toMatchObject({
    path: '/r/1',
    headers: { 'content-type': 'application/json' },
  });
  expect(simulators.oppo.counters()).toMatchObject({ receiptPosts: 1, receiptPostsFailed: 0 });
});

test('events for the same address come as one array', async () => {
  simulators.oppo.control({ uninstalledTokens: ['CN_left'] });
  const other = asking({ call_back_url: `${listener.url}/r/2` }, 'CN_other');
  const messages = [asking(), asking({}, 'gone-CN'), asking({}, 'CN_left'), other];
  const { json } = await unicastBatch(simulators, authToken, messages);
  expect(JSON.stringify(json)).not.toContain('errorCode');
  const bodies = await listener.take(2);
  expect(bodies[0]).toMatchObject([
    { registrationIds: ID, eventType: 'push_arrive' },
    { registrationIds: 'gone-CN', eventType: 'regid_invalid' },
    { registrationIds: 'CN_left', eventType: 'regid_invalid' },
  ]);
  expect(bodies[1]).toMatchObject([{ registrationIds: 'CN_other', eventType: 'push_arrive' }]);
  expect(simulators.phones.tokens()).toEqual([ID, 'CN_other']);
});

test('a phone over its daily limit is reported', async () => {
  simulators.oppo.control({ perDeviceQuota: 1 });
  await send(asking());
  await send(asking());
  expect(events(await listener.take(1))).toEqual(['push_arrive', 'user_daily_limit']);
});

test('a repeated app_message_id arrives once', async () => {
  await send(asking({ app_message_id: 'm' }));
  await send(asking({ app_message_id: 'm' }));
  expect(events(await listener.take(1))).toEqual(['push_arrive']);
});

test('no address, no receipt', async () => {
  await send(aMessage());
  expect(await listener.take(0)).toEqual([]);
});
