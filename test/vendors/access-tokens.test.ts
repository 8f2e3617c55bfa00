import type { AccessTokenKey } from '../../lib/model/access-token';
import type { SendOutcome } from '../../lib/model/send-outcome';
import { accessTokenKey, createAccessTokens, type Fetched } from '../../lib/vendors/access-tokens';
import { anAccessTokenStore, aXiaomiCertificate } from './support';

const KEY: AccessTokenKey = {
  vendor: 'huawei',
  appKey: 'app',
  certificate: 'hw',
  credentials: 'fingerprint',
};
const HOUR_MS = 3_600_000;
const REFUSED: SendOutcome = {
  kind: 'unauthorized',
  reason: { code: '1101-20003', text: 'client id unknown' },
};

/** A vendor that issues `t1`, `t2`, … after a while, and counts. */
function aVendor() {
  const vendor = {
    calls: 0,
    refuses: false,
    async fetch(): Promise<Fetched> {
      vendor.calls += 1;
      const accessToken = `t${vendor.calls}`;
      await new Promise((done) => setTimeout(done, 30));
      return vendor.refuses
        ? { kind: 'refused', outcome: REFUSED }
        : { kind: 'issued', accessToken, lifeMs: HOUR_MS };
    },
  };
  return vendor;
}

/** Several containers with one store and one clock. */
function containers(count: number) {
  const vendor = aVendor();
  const clock = { at: 1_000_000, now: () => clock.at };
  const store = anAccessTokenStore();
  const all = Array.from({ length: count }, () =>
    createAccessTokens(KEY, vendor.fetch, { store, clock }),
  );
  const [first, second] = all;
  if (first === undefined || second === undefined) throw new Error('two containers at least');
  return { vendor, clock, store, all, first, second };
}

test('twenty sends in each of five containers need one token', async () => {
  const { vendor, all } = containers(5);

  const got = await Promise.all(
    all.flatMap((container) => Array.from({ length: 20 }, () => container.get())),
  );

  expect(new Set(got.map((access) => JSON.stringify(access)))).toEqual(
    new Set(['{"kind":"granted","accessToken":"t1"}']),
  );
  expect(vendor.calls).toBe(1);
});

test('a refused token is replaced once, however many sends of however many containers report it', async () => {
  const { vendor, all } = containers(5);
  await Promise.all(all.map((container) => container.get()));

  const got = await Promise.all(
    all.flatMap((container) => Array.from({ length: 20 }, () => container.replace('t1'))),
  );

  expect(new Set(got.map((access) => JSON.stringify(access)))).toEqual(
    new Set(['{"kind":"granted","accessToken":"t2"}']),
  );
  expect(vendor.calls).toBe(2);
});

test('a report about a token that was replaced already replaces nothing', async () => {
  const { vendor, first } = containers(2);
  await first.get();
  await first.replace('t1');

  expect(await first.replace('t1')).toEqual({ kind: 'granted', accessToken: 't2' });
  expect(vendor.calls).toBe(2);
});

test('while one container renews early, the others go on with the old token', async () => {
  const { vendor, clock, first, second } = containers(2);
  await first.get();
  await second.get();
  clock.at += HOUR_MS - 4 * 60_000;

  const [renewed, meanwhile] = await Promise.all([first.get(), second.get()]);

  expect(renewed).toEqual({ kind: 'granted', accessToken: 't2' });
  expect(meanwhile).toEqual({ kind: 'granted', accessToken: 't1' });
  clock.at += 3_000;
  expect(await second.get()).toEqual({ kind: 'granted', accessToken: 't2' });
  expect(vendor.calls).toBe(2);
});

test('an early renewal that is refused costs nothing while the old token lasts', async () => {
  const { vendor, clock, first } = containers(2);
  await first.get();
  vendor.refuses = true;
  clock.at += HOUR_MS - 60_000;

  expect(await first.get()).toEqual({ kind: 'granted', accessToken: 't1' });
  expect(await first.get()).toEqual({ kind: 'granted', accessToken: 't1' });
  expect(vendor.calls).toBe(2);
  clock.at += 61_000;
  expect(await first.get()).toEqual({ kind: 'refused', outcome: REFUSED });
});

test('refused credentials are tried once in two seconds, whatever waits', async () => {
  const { vendor, clock, first, second } = containers(2);
  vendor.refuses = true;

  const got = await Promise.all(Array.from({ length: 30 }, () => first.get()));
  expect(new Set(got.map(({ kind }) => kind))).toEqual(new Set(['refused']));
  await first.get();
  expect(vendor.calls).toBe(1);

  clock.at += 2_001;
  vendor.refuses = false;
  expect(await second.get()).toEqual({ kind: 'granted', accessToken: 't2' });
  expect(await first.get()).toEqual({ kind: 'granted', accessToken: 't2' });
});

test('a container that died while fetching holds the others up no longer than its claim', async () => {
  const { vendor, clock, store, first } = containers(2);
  await store.claimRenewal(KEY, clock.at + 8_000, clock.at);

  const waiting = first.get();
  setTimeout(() => {
    clock.at += 8_001;
  }, 150);

  expect(await waiting).toEqual({ kind: 'granted', accessToken: 't1' });
  expect(vendor.calls).toBe(1);
});

test('nobody gets a token within patience: a wait, not a refusal', async () => {
  const { clock, store, first, vendor } = containers(2);
  await store.claimRenewal(KEY, clock.at + 8_000, clock.at);

  expect(await first.get()).toMatchObject({ kind: 'refused', outcome: { kind: 'unavailable' } });
  expect(vendor.calls).toBe(0);
});

test('changed credentials have a key of their own, which tells nothing about them', () => {
  const before = accessTokenKey(aXiaomiCertificate());
  const after = accessTokenKey(
    aXiaomiCertificate({ credentials: { appId: '1', appKey: '2', appSecret: 'other' } }),
  );

  expect(before).toMatchObject({ vendor: 'xiaomi', appKey: 'app', certificate: 'xiaomi cert' });
  expect(after.credentials).not.toBe(before.credentials);
  expect(JSON.stringify(before)).not.toContain('APPSECRET');
});
