import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { harmonyMessage, postHarmony } from '../huawei/push-kit-calls';
import {
  openInbox,
  type ReceiptInbox,
  type ReceiptPost,
  type ReceiptStatus,
} from '../huawei/receipt-inbox';

let simulators: Simulators;
let inbox: ReceiptInbox;

beforeAll(async () => {
  inbox = await openInbox();
  simulators = await startSimulators({ receiptDelayMs: 30 });
  simulators.useReceiptAddress('harmony', `${inbox.url}/r/harmony`);
});
afterAll(async () => {
  await simulators.close();
  await inbox.close();
});
beforeEach(() => {
  simulators.harmony.reset();
  simulators.phones.clear();
});

/** So many receipts, whichever posts they came in. */
async function takeStatuses(count: number): Promise<readonly ReceiptStatus[]> {
  return (await inbox.take(count)).flatMap(({ statuses }) => statuses);
}

/** The one post that one receipt comes in. */
async function takePost(): Promise<ReceiptPost | undefined> {
  const [post] = await inbox.take(1);
  return post;
}

async function takeResults(count: number): Promise<readonly number[]> {
  return (await takeStatuses(count)).map(({ deliveryStatus }) => Object(deliveryStatus).result);
}

test('delivered messages are reported with tag, type and package', async () => {
  simulators.harmony.control({ receiptUser: 'u', receiptSecret: 'c2VjcmV0' });
  const { json } = await postHarmony(simulators, harmonyMessage({ token: ['tokA'] }));
  const post = await takePost();
  expect(post?.statuses).toEqual([
    {
      token: 'tokA',
      pushType: 0,
      appPackageName: 'com.example.chat',
      biTag: 'ord-1001',
      requestId: Object(json).requestId,
      deliveryStatus: { result: 0, timestamp: expect.any(Number) },
    },
  ]);
  expect(post).toMatchObject({
    path: '/r/harmony',
    headers: {
      'content-type': 'application/json',
      'x-huawei-callback-id': expect.stringMatching(
        /^timestamp=\d{13}; nonce=[0-9a-f-]{36}; value=[A-Za-z0-9+/]{43}=$/,
      ),
    },
  });
  expect(simulators.harmony.counters()).toMatchObject({ receiptPosts: 1, receiptPostsFailed: 0 });
});

test('a receiptId sends the receipts to another address', async () => {
  simulators.harmony.control({ receiptAddresses: { RCP1: `${inbox.url}/r/other` } });
  await postHarmony(
    simulators,
    harmonyMessage({ token: ['tokA'], pushOptions: { receiptId: 'RCP1' } }),
  );
  expect((await takePost())?.path).toBe('/r/other');
});

test('phones report why they show nothing', async () => {
  simulators.harmony.control({ mutedTokens: ['quiet'], receiptResults: { spam: 259 } });
  const token = ['tokA', 'uninstalled-1', 'quiet', 'spam', 'dead-1'];
  await postHarmony(simulators, harmonyMessage({ token }));
  expect(await takeResults(4)).toEqual([0, 2, 6, 259]);
  expect(simulators.phones.tokens()).toEqual(['tokA']);
});

async function sendOften(times: number, category: string) {
  for (let time = 0; time < times; time++) {
    const notification = { category, notifyId: undefined, appMessageId: undefined };
    await postHarmony(simulators, harmonyMessage({ token: ['tokA'], notification }));
  }
  return takeResults(times);
}

test('a third marketing message of a day is accepted but not shown', async () => {
  expect(await sendOften(3, 'MARKETING')).toEqual([0, 0, 256]);
  expect(simulators.phones.look('tokA').tray).toHaveLength(2);
  expect(simulators.harmony.counters().accepted).toBe(3);
});

test('a category that is not granted makes a message marketing', async () => {
  simulators.harmony.control({ categories: [] });
  expect(await sendOften(3, 'IM')).toEqual([0, 0, 256]);
});

test('service messages have only the limit of all messages', async () => {
  simulators.harmony.control({ perDeviceQuota: { all: 3 } });
  expect(await sendOften(4, 'IM')).toEqual([0, 0, 0, 102]);
});

test('a card is updated twice a day, and reported with its form', async () => {
  const payload = {
    formId: 7,
    version: 1,
    moduleName: 'entry',
    formName: 'widget',
    abilityName: 'FormAbility',
    formData: {},
  };
  const update = (formId: number) =>
    postHarmony(
      simulators,
      { payload: { ...payload, formId }, target: { token: ['tokA'] } },
      { headers: { 'push-type': '1' } },
    );
  for (const formId of [7, 7, 7, 8]) await update(formId);
  const statuses = await takeStatuses(4);
  expect(statuses[0]).toEqual({
    token: 'tokA',
    pushType: 1,
    appPackageName: 'com.example.chat',
    biTag: '',
    requestId: expect.any(String),
    formStatus: { formId: 7, result: 0, timestamp: expect.any(Number) },
  });
  expect(statuses.map(({ formStatus }) => Object(formStatus).result)).toEqual([0, 0, 256, 0]);
});
