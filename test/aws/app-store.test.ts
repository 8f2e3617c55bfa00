import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createCertificateStore } from '../../lib/aws/certificate-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import { ConflictError } from '../../lib/model/errors';
import type { AppStore } from '../../lib/model/ports';
import { type Aws, after, holdClock, refuseWith, startAws } from '../support/aws';
import { aXiaomiCertificate } from '../vendors/support';

const clock = holdClock();
let aws: Aws;
/** Two containers. */
let store: AppStore;
let other: AppStore;
beforeAll(async () => {
  aws = await startAws();
  store = createAppStore(aws.dynamoDb, 'settings');
  other = createAppStore(aws.dynamoDb, 'settings');
});
afterAll(() => {
  clock.release();
  return aws.close();
});

let made = 0;

/** Creates an app and answers its key. */
async function createApp(): Promise<string> {
  made += 1;
  const registry = createAppRegistry(aws.dynamoDb, 'settings', createEnvelope(aws.kms, aws.keyId));
  await registry.create(`app-${made}`, 'a secret');
  return `app-${made}`;
}

const certificates = () =>
  createCertificateStore(aws.dynamoDb, 'settings', createEnvelope(aws.kms, aws.keyId));
const addCertificate = (appKey: string, name: string) =>
  certificates().put(aXiaomiCertificate({ appKey, name }));

test('a new app has default settings and no certificates', async () => {
  const appKey = await createApp();

  expect(await store.get(appKey)).toEqual({
    appKey,
    settings: DEFAULT_APP_SETTINGS,
    certificates: {},
  });
});

test('an app nobody created is not there and can’t be set', async () => {
  expect(await store.get('nobody')).toBeUndefined();
  expect(await store.getFresh('nobody')).toBeUndefined();
  await expect(store.changeSettings('nobody', { ttlSeconds: 60 })).rejects.toThrow('no app nobody');
});

test('a changed setting is kept, the others stay as they are', async () => {
  const appKey = await createApp();
  await store.changeSettings(appKey, { fcmFirst: 'always', traceLevel: 'off' });

  const answer = await store.changeSettings(appKey, { fcmFirst: 'never', ttlSeconds: 60 });

  const settings = { ...DEFAULT_APP_SETTINGS, traceLevel: 'off', ttlSeconds: 60 };
  expect(answer).toEqual({ appKey, settings, certificates: {} });
  expect(await other.get(appKey)).toEqual(answer);
});

test('a webhook stays until it is taken away', async () => {
  const appKey = await createApp();
  const hook = { url: 'https://chat.example.com/push', onFailure: 'send' } as const;
  await store.changeSettings(appKey, { hook });

  expect(await store.changeSettings(appKey, { ttlSeconds: 60 })).toMatchObject({
    settings: { hook },
  });
  const { settings } = await store.changeSettings(appKey, { hook: null });
  expect(settings).toEqual({ ...DEFAULT_APP_SETTINGS, ttlSeconds: 60 });
});

test('settings of more than 100 KB in all are refused, and those of before stay', async () => {
  const appKey = await createApp();
  const texts = { zh: { text: '长'.repeat(20_000) } };
  const textSets = { discreet: { zh: '长'.repeat(20_000) } };
  await store.changeSettings(appKey, { texts });

  await expect(store.changeSettings(appKey, { textSets })).rejects.toMatchObject({ status: 413 });
  expect(await other.getFresh(appKey)).toMatchObject({ settings: { texts, textSets: {} } });
});

test('only what was set is stored, so that new defaults reach the rest', async () => {
  const appKey = await createApp();

  await store.changeSettings(appKey, { multiDevice: 'one' });

  expect(await aws.textIn('settings')).toContain('{"settings":{"multiDevice":"one"},');
});

test('two containers that change settings at once both have their way', async () => {
  const appKey = await createApp();
  aws.wire.next(
    'PutItem',
    after(() => other.changeSettings(appKey, { fcmFirst: 'always' })),
  );

  const answer = await store.changeSettings(appKey, { multiDevice: 'one' });

  expect(answer.settings).toMatchObject({ fcmFirst: 'always', multiDevice: 'one' });
  expect((await other.getFresh(appKey))?.settings).toEqual(answer.settings);
});

test('settings that meet a certificate on its way in are tried again, at most eight times', async () => {
  const appKey = await createApp();
  const conflict = refuseWith('TransactionConflictException');
  aws.wire.next('PutItem', conflict);
  await store.changeSettings(appKey, { ttlSeconds: 61 });
  expect((await other.getFresh(appKey))?.settings.ttlSeconds).toBe(61);

  for (let tries = 0; tries < 8; tries++) aws.wire.next('PutItem', conflict);
  await expect(store.changeSettings(appKey, { ttlSeconds: 62 })).rejects.toThrow(ConflictError);
});

describe('a container', () => {
  const reads = async (act: () => Promise<unknown>) => (await aws.wire.watch(act)).length;

  test('asks for an app once in 10 s, however many want it', async () => {
    const appKey = await createApp();

    const first = await reads(() => Promise.all([store.get(appKey), store.get(appKey)]));
    clock.pass(9_999);
    const soon = await reads(() => store.get(appKey));
    clock.pass(1);
    const later = await reads(() => store.get(appKey));

    expect([first, soon, later]).toEqual([1, 0, 1]);
  });

  test('sees another’s change 10 s later, or at once where it asks afresh', async () => {
    const appKey = await createApp();
    const ttl = async (read: 'get' | 'getFresh') =>
      (await store[read](appKey))?.settings.ttlSeconds;
    await ttl('get');

    await other.changeSettings(appKey, { ttlSeconds: 100 });
    expect(await ttl('get')).toBe(DEFAULT_APP_SETTINGS.ttlSeconds);
    expect(await ttl('getFresh')).toBe(100);
    expect(await ttl('get')).toBe(100);

    await other.changeSettings(appKey, { ttlSeconds: 200 });
    expect(await ttl('get')).toBe(100);
    clock.pass(10_000);
    expect(await ttl('get')).toBe(200);
  });

  test('knows an app at once that was created a moment ago', async () => {
    expect(await store.get(`app-${made + 1}`)).toBeUndefined();

    const appKey = await createApp();

    expect(await store.get(appKey)).toBeDefined();
  });

  test('sees its own change at once', async () => {
    const appKey = await createApp();
    await store.get(appKey);

    await store.changeSettings(appKey, { ttlSeconds: 100 });

    expect((await store.get(appKey))?.settings.ttlSeconds).toBe(100);
  });

  test('looks for a certificate it does not know at once, and then not for a minute', async () => {
    const appKey = await createApp();
    const knows = async () =>
      Object.keys((await store.getKnowing(appKey, new Set(['here', 'gone'])))?.certificates ?? {});
    await store.get(appKey);
    await addCertificate(appKey, 'here');
    expect(await knows()).toEqual(['here']);

    clock.pass(60_000);
    const first = await reads(knows);
    clock.pass(9_999);
    const soon = await reads(knows);
    clock.pass(60_000);
    const later = await reads(knows);

    expect([first, soon, later]).toEqual([2, 0, 2]);
  });

  test('knows a certificate that came back 10 s later, though it lacked it a moment ago', async () => {
    const appKey = await createApp();
    const knows = async () =>
      Object.keys((await store.getKnowing(appKey, new Set(['back'])))?.certificates ?? {});
    expect(await knows()).toEqual([]);

    await addCertificate(appKey, 'back');
    clock.pass(10_000);

    expect(await knows()).toEqual(['back']);
  });

  test('reads what was stored just now, not what has spread', async () => {
    const appKey = await createApp();

    const [call] = await aws.wire.watch(() => store.getFresh(appKey));

    expect(call?.body['ConsistentRead']).toBe(true);
  });
});
