import type { AccessTokenStore } from '../../lib/model/access-token';
import { createAccessTokens, type Fetched } from '../../lib/vendors/access-tokens';
import { anAccessTokenStore } from './support';

const KEY = { vendor: 'oppo', appKey: 'app', certificate: 'c', credentials: 'print' } as const;
const NOW = 1_000_000;
const clock = { now: () => NOW };

/** A vendor that counts, a store, and one that lets something happen right after its first look. */
function aRace(happening: (store: AccessTokenStore) => Promise<unknown>) {
  const vendor = { calls: 0 };
  const fetchToken = async (): Promise<Fetched> => {
    vendor.calls += 1;
    return { kind: 'issued', accessToken: `t${vendor.calls}`, lifeMs: 3_600_000 };
  };
  const store = anAccessTokenStore();
  let hasLooked = false;
  const late: AccessTokenStore = {
    ...store,
    async get(key) {
      const seen = await store.get(key);
      if (!hasLooked) {
        hasLooked = true;
        await happening(store);
      }
      return seen;
    },
  };
  return { vendor, fetchToken, store, late };
}

test('a container that looked just before another one stored its token takes that one', async () => {
  const { vendor, fetchToken, store, late } = aRace((shared) =>
    createAccessTokens(KEY, fetchToken, { store: shared, clock }).get(),
  );

  const access = await createAccessTokens(KEY, fetchToken, { store: late, clock }).get();

  expect(access).toEqual({ kind: 'granted', accessToken: 't1' });
  expect(vendor.calls).toBe(1);
  // and holds nobody up
  expect(await store.claimRenewal(KEY, NOW + 8_000, NOW + 1)).toBe(true);
});

test('a token stored meanwhile that is as refused as the old one is renewed', async () => {
  const { vendor, fetchToken, late } = aRace((shared) =>
    shared.put(KEY, { value: 'old', issuedAt: NOW, expiresAt: NOW + 60_000 }),
  );
  const tokens = createAccessTokens(KEY, fetchToken, { store: late, clock });

  const access = await tokens.replace('old');

  expect(access).toEqual({ kind: 'granted', accessToken: 't1' });
  expect(vendor.calls).toBe(1);
});
