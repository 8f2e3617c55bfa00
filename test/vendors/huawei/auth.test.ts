import { createHttpClient } from '../../../lib/http/http-client';
import { fetchAccessToken } from '../../../lib/vendors/huawei/auth';
import { createHuaweiSender } from '../../../lib/vendors/huawei/sender';
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
