import { constants, createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { checkJwt } from '../../../../local/simulators/huawei/service-account-jwt';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { huaweiMessage, type JwtChange, postHuawei, signJwt } from './push-kit-calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());

const account = () => simulators.huawei.serviceAccountCredentials.serviceAccount;

// a known signature; PSS is randomised, so it can be verified but not made again
const VECTOR = {
  header:
    'eyJraWQiOiJhMWIyYzNkNGU1ZjYwNzE4MjkzYTRiNWM2ZDdlOGY5MCIsInR5cCI6IkpXVCIsImFsZyI6IlBTMjU2In0',
  payload:
    'eyJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaXNzIjoiMTAwMjAwMzAwIiwiZXhwIjoxNzYwMDAzNjAwLCJpYXQiOjE3NjAwMDAwMDB9',
  signature:
    'cMzfkFUS2LnIffOioCBJ2eMgY1_zxpDYIUEz6kNIbBsOUQK_-qPmUKlpFGS-iF7HKZaCDb8czw72Fc4nkG2X8f7UkGZ4wlPXb_4ZszuE9mpxn6Wg9fjkASQwcP-FBPcGz9YCMMkUWqPUlKt50u7Qk7VDSPB2s39TzEobM9eet8J7DEobxPKhBXZU-iNgIBwFQ4DeEelCdyI2clcru0iT68EBikwGLxfgNaTnii8RmPq224UBf6bivY48Z_7gPJbFkkvVdluP97dj8TfwHGZ0FZg-aGtB--U1kgnedkM7IXOGbI08KXpw4wWNcwQiK7IH-VMYaijTw15U8D_jxbQApg',
  issuer: {
    keyId: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
    subAccount: '100200300',
    publicKey: createPublicKey({
      format: 'jwk',
      key: {
        kty: 'RSA',
        e: 'AQAB',
        n: 'nzZF1yyA4PfnOQU0SCtFJhHPtIKVduuxD3ZpRM40Ar4Qyhp7abXIPENAPtCximjJCV79SWAvPgYFWpQ4M2-A4_MPF7pmzooEZXCh6oQBW6kRbXB0SSom0s6qtY3VSjUe6qbws1weBS9kMPTHT2USjvzf4LwgK5CO1o0TpLvIN-GkocRyOIyL7bJr9xq6w1lT805NI9CumUUfV6VL_mLx7hbFK1XNs9tzMAr9vH84WdusAYETWQD_OF6EIRFTFHLJUXopct7Gxp9imW1xijnqSzrXh67QOwBp8SEe-N4uV78O3KD-86zDdb1oInts8QE3l1o23ibVOV_7e4cCNlTzow',
      },
    }),
  },
};

test('a known JWT is good for its hour and not a second longer', () => {
  const { header, payload, signature, issuer } = VECTOR;
  const digest = createHash('sha256').update(`${header}.${payload}`).digest('hex');
  expect(digest).toBe('6e9be3ba4bfc835e382194f89c064ac7397cffb2cb7499a7e8e143950b02ff93');
  const jwt = `${header}.${payload}.${signature}`;
  expect(checkJwt(jwt, issuer, 1_760_000_000_000)).toBeUndefined();
  expect(checkJwt(jwt, issuer, 1_760_003_599_999)).toBeUndefined();
  expect(checkJwt(jwt, issuer, 1_760_003_600_000)).toMatchObject({ code: 80200005 });
  expect(checkJwt(jwt, issuer, 1_759_999_999_000)).toMatchObject({ code: 80200001 });
  const other = { ...issuer, keyId: 'other' };
  expect(checkJwt(jwt, other, 1_760_000_000_000)).toMatchObject({ code: 80200001 });
});

test('a known signing input is made from the same header and claims', () => {
  const jwt = signJwt(account(), {
    header: { kid: '6c1d0f2b8e9a4d7f' },
    claims: { iss: '110000001', iat: 1_760_000_000, exp: 1_760_003_600 },
  });
  expect(jwt.slice(0, jwt.lastIndexOf('.'))).toBe(
    'eyJhbGciOiJQUzI1NiIsImtpZCI6IjZjMWQwZjJiOGU5YTRkN2YiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiIxMTAwMDAwMDEiLCJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaWF0IjoxNzYwMDAwMDAwLCJleHAiOjE3NjAwMDM2MDB9',
  );
  const issuer = {
    keyId: '6c1d0f2b8e9a4d7f',
    subAccount: '110000001',
    publicKey: createPublicKey(account().private_key),
  };
  expect(checkJwt(jwt, issuer, 1_760_000_000_000)).toBeUndefined();
});

test('the service account is of the form of the vendor’s download', () => {
  expect(account()).toEqual({
    project_id: expect.stringMatching(/^\d{18}$/),
    key_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    private_key: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/),
    sub_account: expect.stringMatching(/^\d{9}$/),
    auth_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/authorize',
    token_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/token',
    auth_provider_cert_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/certs',
    client_cert_uri: 'https://oauth-login.cloud.huawei.com/oauth2/v3/x509?client_id=',
  });
  const { clientSecret, ...ids } = simulators.credentials('huawei');
  expect(clientSecret).toMatch(/\+\/=&$/);
  expect(simulators.huawei.serviceAccountCredentials).toMatchObject(ids);
});

test('v1 and v2 take a JWT as well as an access token', async () => {
  const { project_id } = account();
  const v1 = await postHuawei(simulators, signJwt(account()), huaweiMessage());
  const path = `/v2/${project_id}/messages:send`;
  const v2 = await postHuawei(simulators, signJwt(account()), huaweiMessage(), path);
  expect([v1.json, v2.json]).toMatchObject([{ code: '80000000' }, { code: '80000000' }]);
});

const now = Math.floor(Date.now() / 1_000);
const otherKey = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

const REFUSALS: readonly [string, string, number, JwtChange][] = [
  ['another algorithm in the header', '80200001', 401, { header: { alg: 'RS256' } }],
  [
    'an RS256 signature',
    '80200001',
    401,
    { header: { alg: 'RS256' }, padding: constants.RSA_PKCS1_PADDING },
  ],
  ['a PKCS #1 signature', '80200001', 401, { padding: constants.RSA_PKCS1_PADDING }],
  ['another salt length', '80200001', 401, { saltLength: 20 }],
  ['another key', '80200001', 401, { privateKey: otherKey }],
  ['an unknown key id', '80200001', 401, { header: { kid: 'other' } }],
  ['no key id', '80200001', 401, { header: { kid: undefined } }],
  ['no type', '80200001', 401, { header: { typ: undefined } }],
  ['another issuer', '80200001', 401, { claims: { iss: '1' } }],
  ['another audience', '80200001', 401, { claims: { aud: 'https://push-api.cloud.huawei.com' } }],
  ['times that are no integers', '80200001', 401, { claims: { iat: `${now}` } }],
  ['no end', '80200001', 401, { claims: { exp: undefined } }],
  ['a beginning in the future', '80200001', 401, { claims: { iat: now + 100, exp: now + 200 } }],
  ['an end before the beginning', '80200001', 401, { claims: { iat: now, exp: now - 1 } }],
  ['a JWT that expired', '80200005', 401, { claims: { iat: now - 3_600, exp: now - 1 } }],
  ['a life of over a day', '80300036', 400, { claims: { iat: now, exp: now + 86_401 } }],
];

test.each(REFUSALS)('%s is refused with %s', async (_, code, status, change) => {
  const answer = await postHuawei(simulators, signJwt(account(), change), huaweiMessage());
  expect(answer.json).toMatchObject({ code });
  expect(answer.status).toBe(status);
});

test('a life of exactly a day is good', async () => {
  const jwt = signJwt(account(), { claims: { iat: now, exp: now + 86_400 } });
  expect((await postHuawei(simulators, jwt, huaweiMessage())).status).toBe(200);
});

test.each(['a.b', 'a.b.c', 'a.b.c.d', '.b.c', 'a..c'])('%s is no JWT', async (jwt) => {
  const { status, json } = await postHuawei(simulators, jwt, huaweiMessage());
  expect(status).toBe(401);
  expect(json).toMatchObject({ code: '80200001' });
});

test('a JWT with padding is refused', async () => {
  const { json } = await postHuawei(simulators, `${signJwt(account())}==`, huaweiMessage());
  expect(json).toMatchObject({ code: '80200001' });
});
