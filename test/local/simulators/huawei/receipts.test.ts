import { createHmac } from 'node:crypto';
import { signCallback } from '../../../../local/simulators/huawei/callback-signature';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { fetchToken, huaweiMessage, manyTokens, postHuawei } from './push-kit-calls';
import {
  openInbox,
  type ReceiptInbox,
  type ReceiptPost,
  type ReceiptStatus,
} from './receipt-inbox';

let simulators: Simulators;
let inbox: ReceiptInbox;
let token: string;

beforeAll(async () => {
  inbox = await openInbox();
  simulators = await startSimulators({ receiptDelayMs: 30 });
  simulators.useReceiptAddress('huawei', `${inbox.url}/r/huawei`);
  token = await fetchToken(simulators);
});
afterAll(async () => {
  await simulators.close();
  await inbox.close();
});
beforeEach(() => {
  simulators.huawei.reset();
  simulators.phones.clear();
});

type Fields = Readonly<Record<string, unknown>>;

function send(tokens: readonly string[], android: Fields = {}, message: Fields = {}) {
  return postHuawei(
    simulators,
    token,
    huaweiMessage({ message: { token: tokens, ...message }, android }),
  );
}

/** So many receipts, whichever posts they came in. */
async function takeStatuses(count: number): Promise<readonly ReceiptStatus[]> {
  return (await inbox.take(count)).flatMap(({ statuses }) => statuses);
}

/** The one post that one receipt comes in. */
async function takePost(): Promise<ReceiptPost | undefined> {
  const [post] = await inbox.take(1);
  return post;
}

const resultsOf = async (count: number) =>
  Object.fromEntries((await takeStatuses(count)).map(({ token, status }) => [token, status]));

test.each([
  ['decoded', 'irwezkQd3YlC03RFxR+rXLoUXlLw0mP4LFLeUiYxM+c='],
  ['utf8', 'i/gczx9T9vYrcp615v27f2j2QepGCgXkLP3Cyd8sjlM='],
] as const)('a known receipt is signed with the %s secret', (keyStyle, value) => {
  const userName = 'receipt-user';
  const secret = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
  const nonce = '5f0d3d8e-6a0b-4c57-9a51-0c6f5f3b7a11';
  expect(signCallback({ userName, secret, keyStyle }, 1_760_000_000_123, nonce)).toBe(
    `timestamp=1760000000123; nonce=${nonce}; value=${value}`,
  );
});

test.each([
  ['decoded', 'Rb2gaCrKr6D19wZJJCdOR2GPnd4LfQshh4YZbUbk5nE='],
  ['utf8', '/Z0khNorbBWWHUrWqUUCCLCcroMICHg9bJ5uNAwf5NQ='],
] as const)('another known receipt is signed with the %s secret', (keyStyle, value) => {
  const userName = 'receiptUser';
  const secret = 'xIoB9J/Q8sxAS8PLvIDpFFej1Bu0KaaVJD3kxheUFVw=';
  const nonce = '0f8b2c1e-5d47-4a39-9c02-7be1d4a6f935';
  expect(signCallback({ userName, secret, keyStyle }, 1_760_000_000_000, nonce)).toBe(
    `timestamp=1760000000000; nonce=${nonce}; value=${value}`,
  );
});

test('receipts are V1 unless the console says otherwise', async () => {
  const { json } = await send(['tokA']);
  const post = await takePost();
  expect(post?.statuses).toEqual([
    {
      biTag: 'm-42',
      appid: simulators.credentials('huawei').appId,
      token: 'tokA',
      status: 0,
      timestamp: expect.any(Number),
      requestId: Object(json).requestId,
    },
  ]);
  expect(post).toMatchObject({
    path: '/r/huawei',
    headers: { 'content-type': 'application/json' },
  });
  expect(post?.headers['x-huawei-callback-id']).toBeUndefined();
  expect(simulators.huawei.counters()).toMatchObject({ receiptPosts: 1, receiptPostsFailed: 0 });
});

test('V2 receipts have a delivery status, and no tag is an empty one', async () => {
  simulators.huawei.control({ receiptVersion: 'v2' });
  const { json } = await send(['tokA'], { bi_tag: undefined });
  expect(await takeStatuses(1)).toEqual([
    {
      biTag: '',
      pushType: 0,
      token: 'tokA',
      requestId: Object(json).requestId,
      appPackageName: 'com.example.chat',
      deliveryStatus: { result: 0, timestamp: expect.any(Number) },
    },
  ]);
});

test.each(['decoded', 'utf8'] as const)(
  'with user and secret receipts are signed (%s)',
  async (receiptKey) => {
    const receiptSecret = 'MDEyMzQ1Njc4OWFiY2RlZg==';
    simulators.huawei.control({ receiptUser: 'u', receiptSecret, receiptKey });
    await send(['tokA']);
    const header = (await takePost())?.headers['x-huawei-callback-id'];
    const parts = /^timestamp=(\d{13}); nonce=([0-9a-f-]{36}); value=(\S+)$/.exec(`${header}`);
    const [, timestamp = '', nonce = '', value] = parts ?? [];
    const key =
      receiptKey === 'decoded' ? Buffer.from(receiptSecret, 'base64') : Buffer.from(receiptSecret);
    const expected = createHmac('sha256', key).update(`${timestamp}${nonce}u`).digest('base64');
    expect(value).toBe(expected);
    expect(Math.abs(Number(timestamp) - Date.now())).toBeLessThan(5_000);
  },
);

test('a user without a secret is not enough to sign', async () => {
  simulators.huawei.control({ receiptUser: 'u' });
  await send(['tokA']);
  expect((await takePost())?.headers['x-huawei-callback-id']).toBeUndefined();
});

test('one post has at most 100 receipts', async () => {
  await send(manyTokens(250));
  const posts = await inbox.take(250);
  const sizes = posts.map(({ statuses }) => statuses.length);
  expect(sizes.sort((a, b) => b - a)).toEqual([100, 100, 50]);
});

test('a receipt_id sends the receipts to another address', async () => {
  simulators.huawei.control({ receiptAddresses: { RCP1: `${inbox.url}/r/other` } });
  await send(['tokA'], { receipt_id: 'RCP1' });
  expect((await takePost())?.path).toBe('/r/other');
});

test('phones without the app, muted ones and others report why they show nothing', async () => {
  simulators.huawei.control({
    uninstalledTokens: ['gone'],
    mutedTokens: ['quiet'],
    receiptResults: { other: 5, idle: 10, late: 15 },
  });
  const tokens = ['tokA', 'gone', 'uninstalled-1', 'quiet', 'muted-1', 'other', 'idle', 'late'];
  const { json } = await send(tokens);
  expect(json).toMatchObject({ code: '80000000' });
  expect(await resultsOf(tokens.length)).toEqual({
    tokA: 0,
    gone: 2,
    'uninstalled-1': 2,
    quiet: 6,
    'muted-1': 6,
    other: 5,
    idle: 10,
    late: 15,
  });
  expect(simulators.phones.tokens()).toEqual(['tokA']);
});

test('a muted phone still gets what is for the app alone', async () => {
  await send(['muted-1'], { notification: undefined });
  expect(await resultsOf(1)).toEqual({ 'muted-1': 0 });
});

test('there are none for illegal tokens and for validate_only', async () => {
  await send(['tokA', 'dead-1']);
  expect(await resultsOf(1)).toEqual({ tokA: 0 });
  await postHuawei(simulators, token, { ...huaweiMessage(), validate_only: true });
  await inbox.take(0);
});

async function sendOften(times: number, android: Fields, message: Fields = {}) {
  for (let time = 0; time < times; time++) await send(['tokA'], android, message);
  return (await takeStatuses(times)).map(({ status }) => status);
}

test('a third marketing message of a day is accepted but not shown', async () => {
  expect(await sendOften(3, { category: 'MARKETING' })).toEqual([0, 0, 102]);
  expect(simulators.phones.look('tokA').arrivals).toHaveLength(2);
});

test('the same in a V2 receipt is 256', async () => {
  simulators.huawei.control({ receiptVersion: 'v2' });
  for (const title of ['a', 'b', 'c']) {
    const marketing = { category: 'MARKETING', bi_tag: title };
    await send(['tokA'], marketing);
  }
  const results = (await takeStatuses(3)).map(
    ({ deliveryStatus }) => Object(deliveryStatus).result,
  );
  expect(results).toEqual([0, 0, 256]);
});

test('a message without a category is marketing', async () => {
  expect(await sendOften(3, { category: undefined })).toEqual([0, 0, 102]);
});

test('a message of a category that is not granted is marketing', async () => {
  simulators.huawei.control({ categories: ['IM'] });
  expect(await sendOften(3, { category: 'EXPRESS' })).toEqual([0, 0, 102]);
  expect(await sendOften(3, { category: 'IM' })).toEqual([0, 0, 0]);
});

test('pass-through messages are no marketing', async () => {
  const passThrough = { category: undefined, notification: undefined };
  expect(await sendOften(3, passThrough)).toEqual([0, 0, 0]);
});

test('the limits per phone and day can be set, and end', async () => {
  simulators.huawei.control({ perDeviceQuota: { all: 2, marketing: null } });
  expect(await sendOften(3, { category: 'IM' })).toEqual([0, 0, 102]);
  simulators.huawei.reset();
  simulators.huawei.control({ perDeviceQuota: { marketing: 5 } });
  expect(await sendOften(6, { category: 'MARKETING' })).toEqual([0, 0, 0, 0, 0, 102]);
});

test('test messages have a limit of their own, by request', async () => {
  simulators.huawei.control({ dailyQuota: { test: 3 } });
  const test = { category: 'MARKETING', target_user_type: 1 };
  expect(await sendOften(4, test)).toEqual([0, 0, 0, 102]);
});
