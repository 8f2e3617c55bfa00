import { constants, createPublicKey, verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { createHttpClient } from '../../../lib/http/http-client';
import { fetchAccessToken } from '../../../lib/vendors/huawei/auth';
import { createHuaweiSender } from '../../../lib/vendors/huawei/sender';
import { accessBy, createServiceAccountJwt } from '../../../lib/vendors/service-account-jwt';
import {
  type Answer,
  aGate,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';
import { aHuaweiCertificate, HUAWEI_CREDENTIALS, HUAWEI_SERVICE_ACCOUNT } from './support';

let server: VendorServer;
let issued = 0;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  issued = 0;
  server.requests.length = 0;
});

afterAll(() => server.close());

const ACCEPTED = { status: 200, body: '{"code":"80000000","msg":"Success","requestId":"r1"}' };
const REFUSED = { status: 401, body: '{"code":"80200003","msg":"access token expired"}' };

function token(): Answer {
  issued += 1;
  const body = { access_token: `CgB/${issued}==`, expires_in: 3_600, token_type: 'Bearer' };
  return { status: 200, body: JSON.stringify(body) };
}

describe('an OAuth client', () => {
  const fetch = () =>
    fetchAccessToken(HUAWEI_CREDENTIALS, server.url, {
      http: createHttpClient(),
      clock: { now: () => 0 },
    });

  test('asks for a token with its secret percent-encoded, as the official SDK does', async () => {
    server.answer = () => ({
      status: 200,
      body: '{"access_token":"CgB6e3x9AT\\/abc+1==","expires_in":3600,"token_type":"Bearer"}',
    });

    expect(await fetch()).toEqual({
      kind: 'issued',
      accessToken: 'CgB6e3x9AT/abc+1==',
      lifeMs: 3_600_000,
    });
    const [request] = server.requests;
    expect(`${request?.method} ${request?.path}`).toBe('POST /oauth2/v3/token');
    expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(request?.body).toBe(
      'grant_type=client_credentials&client_id=100200300&client_secret=s3cr%2Bt%2F%3DA%26b',
    );
  });

  test.each([
    [12304, 'unauthorized', 'client secret wrong'],
    [20002, 'unauthorized', 'client id malformed'],
    [20003, 'unauthorized', 'client id unknown'],
    [20171, 'unauthorized', 'client secret empty'],
    [20172, 'unauthorized', 'client secret malformed'],
    [20182, 'misconfigured', 'grant type wrong'],
  ])('is told what sub_error %i means', async (subError, kind, text) => {
    const refusal = { error: 1101, sub_error: subError, error_description: 'words s3cr+t/=A&b' };
    server.answer = () => ({ status: 400, body: JSON.stringify(refusal) });

    expect(await fetch()).toEqual({
      kind: 'refused',
      outcome: { kind, reason: { code: `1101-${subError}`, text: `${text}: words …` } },
    });
  });

  test.each([
    [
      { status: 503, headers: { 'Retry-After': '9' } },
      { kind: 'unavailable', retryAfterMs: 9_000 },
    ],
    [{ status: 590 }, { kind: 'unavailable' }],
    [{ status: 403 }, { kind: 'misconfigured' }],
    [{ status: 404, body: '<html>' }, { kind: 'misconfigured' }],
    [
      { status: 400, body: '{"error":1101,"sub_error":99999}' },
      { kind: 'unauthorized', reason: { code: '1101-99999' } },
    ],
    [undefined, { kind: 'unavailable', reason: { code: 'network' } }],
  ])('gets none: %j', async (answer, outcome) => {
    server.answer = () => answer;

    expect(await fetch()).toMatchObject({ kind: 'refused', outcome });
  });
});

describe('a sender', () => {
  const certificate = (change = {}) =>
    aHuaweiCertificate({ endpoint: server.url, authEndpoint: server.url, ...change });

  test('replaces an access token that is refused, and sends again', async () => {
    server.answer = ({ path, headers }) => {
      if (path.endsWith('/token')) return token();
      return headers.authorization === 'Bearer CgB/1==' ? REFUSED : ACCEPTED;
    };
    const gate = aGate();

    const outcomes = await createHuaweiSender(certificate(), somePorts(gate)).send(
      aSendRequest({ tokens: ['tokA', 'tokB'] }),
    );

    expect(outcomes).toEqual(Array(2).fill({ kind: 'accepted', receiptId: 'r1' }));
    expect(issued).toBe(2);
    // the messages took passes, the access tokens none
    expect(gate).toMatchObject({ entered: 2, left: 2 });
  });

  test.each(['80200001', '80200003', '80200005'])(
    'gives up when the new one is refused too: %s',
    async (code) => {
      server.answer = ({ path }) =>
        path.endsWith('/token') ? token() : { status: 401, body: JSON.stringify({ code }) };

      const outcomes = await createHuaweiSender(certificate(), somePorts()).send(aSendRequest());

      expect(outcomes).toMatchObject([{ kind: 'unauthorized', reason: { code } }]);
      expect(issued).toBe(2);
      expect(server.requests).toHaveLength(4);
    },
  );

  test('without an access token tells why for every phone', async () => {
    server.answer = () => ({ status: 400, body: '{"error":1101,"sub_error":20003}' });

    const outcomes = await createHuaweiSender(certificate(), somePorts()).send(
      aSendRequest({ tokens: ['tokA', 'tokB'] }),
    );

    expect(outcomes).toMatchObject(
      Array(2).fill({ kind: 'unauthorized', reason: { code: '1101-20003' } }),
    );
  });

  test('has its answers within six seconds, or sends nothing', async () => {
    let now = 1_000_000;
    const ports = { ...somePorts(), clock: { now: () => now } };
    server.answer = ({ path }) => {
      // the token endpoint takes its time
      now += path.endsWith('/token') ? 4_900 : 0;
      return path.endsWith('/token') ? token() : ACCEPTED;
    };
    const sender = createHuaweiSender(certificate(), ports);

    expect(await sender.send(aSendRequest())).toMatchObject([
      { kind: 'throttled', reason: { code: 'flow-control' } },
    ]);
    expect(await sender.send(aSendRequest())).toMatchObject([{ kind: 'accepted' }]);
  });

  test('with a service account signs for itself, and anew when refused', async () => {
    const { clientSecret: _, ...ids } = HUAWEI_CREDENTIALS;
    const credentials = { ...ids, serviceAccount: HUAWEI_SERVICE_ACCOUNT };
    server.answer = () => (server.requests.length === 1 ? REFUSED : ACCEPTED);

    const outcomes = await createHuaweiSender(certificate({ credentials }), somePorts()).send(
      aSendRequest(),
    );

    expect(outcomes).toMatchObject([{ kind: 'accepted' }]);
    expect(server.requests.map(({ path }) => path)).toEqual(
      Array(2).fill('/v1/100200300/messages:send'),
    );
    const [first, second] = server.requests.map(({ headers }) => headers.authorization);
    expect(first).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    expect(second).not.toBe(first);
  });
});

describe('the JWT of a service account', () => {
  const START = 1_760_000_000_000;
  const clockAt = (at: number) => {
    const clock = { at, now: () => clock.at };
    return clock;
  };

  test('says what the documented one says', async () => {
    const jwt = await createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clockAt(START)).get();

    // {"kid":"a1b2…","typ":"JWT","alg":"PS256"}, byte for byte
    expect(jwt.split('.')[0]).toBe(
      'eyJraWQiOiJhMWIyYzNkNGU1ZjYwNzE4MjkzYTRiNWM2ZDdlOGY5MCIsInR5cCI6IkpXVCIsImFsZyI6IlBTMjU2In0',
    );
    const documented =
      'eyJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaXNzIjoiMTAwMjAwMzAwIiwiZXhwIjoxNzYwMDAzNjAwLCJpYXQiOjE3NjAwMDAwMDB9';
    expect(decodeJwt(jwt)).toEqual(JSON.parse(Buffer.from(documented, 'base64url').toString()));
  });

  test('is signed with SHA-256 and a salt of 32 bytes', async () => {
    const jwt = await createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clockAt(START)).get();
    const [header, payload, signature = ''] = jwt.split('.');
    const key = {
      key: createPublicKey(HUAWEI_SERVICE_ACCOUNT.private_key),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    };

    const isSigned = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      key,
      Buffer.from(signature, 'base64url'),
    );
    expect(isSigned).toBe(true);
  });

  test('the documented signature is a PS256 one', async () => {
    const input =
      'eyJraWQiOiJhMWIyYzNkNGU1ZjYwNzE4MjkzYTRiNWM2ZDdlOGY5MCIsInR5cCI6IkpXVCIsImFsZyI6IlBTMjU2In0.eyJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaXNzIjoiMTAwMjAwMzAwIiwiZXhwIjoxNzYwMDAzNjAwLCJpYXQiOjE3NjAwMDAwMDB9';
    const signature =
      'cMzfkFUS2LnIffOioCBJ2eMgY1_zxpDYIUEz6kNIbBsOUQK_-qPmUKlpFGS-iF7HKZaCDb8czw72Fc4nkG2X8f7UkGZ4wlPXb_4ZszuE9mpxn6Wg9fjkASQwcP-FBPcGz9YCMMkUWqPUlKt50u7Qk7VDSPB2s39TzEobM9eet8J7DEobxPKhBXZU-iNgIBwFQ4DeEelCdyI2clcru0iT68EBikwGLxfgNaTnii8RmPq224UBf6bivY48Z_7gPJbFkkvVdluP97dj8TfwHGZ0FZg-aGtB--U1kgnedkM7IXOGbI08KXpw4wWNcwQiK7IH-VMYaijTw15U8D_jxbQApg';
    const key = await importJWK(
      {
        kty: 'RSA',
        e: 'AQAB',
        n: 'nzZF1yyA4PfnOQU0SCtFJhHPtIKVduuxD3ZpRM40Ar4Qyhp7abXIPENAPtCximjJCV79SWAvPgYFWpQ4M2-A4_MPF7pmzooEZXCh6oQBW6kRbXB0SSom0s6qtY3VSjUe6qbws1weBS9kMPTHT2USjvzf4LwgK5CO1o0TpLvIN-GkocRyOIyL7bJr9xq6w1lT805NI9CumUUfV6VL_mLx7hbFK1XNs9tzMAr9vH84WdusAYETWQD_OF6EIRFTFHLJUXopct7Gxp9imW1xijnqSzrXh67QOwBp8SEe-N4uV78O3KD-86zDdb1oInts8QE3l1o23ibVOV_7e4cCNlTzow',
      },
      'PS256',
    );

    const verified = await jwtVerify(`${input}.${signature}`, key, {
      currentDate: new Date(START),
      algorithms: ['PS256'],
    });
    expect(verified.protectedHeader).toEqual(decodeProtectedHeader(`${input}.x`));
  });

  test('is used until five minutes before its end', async () => {
    const clock = clockAt(START);
    const jwt = createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clock);
    const first = await jwt.get();

    clock.at = START + 3_300_000 - 1;
    expect(await jwt.get()).toBe(first);
    clock.at = START + 3_300_000;
    const second = await jwt.get();
    expect(decodeJwt(second).iat).toBe(START / 1_000 + 3_300);
  });

  test('is replaced once, however many report that it was refused', async () => {
    const access = accessBy(createServiceAccountJwt(HUAWEI_SERVICE_ACCOUNT, clockAt(START)));
    const tokenOf = async (got: ReturnType<typeof access.get>) => {
      const granted = await got;
      return granted.kind === 'granted' ? granted.accessToken : '';
    };
    const refused = await tokenOf(access.get());

    const replaced = await tokenOf(access.replace(refused));
    expect(replaced).not.toBe(refused);
    expect(await tokenOf(access.replace(refused))).toBe(replaced);
    expect(await tokenOf(access.get())).toBe(replaced);
  });
});
