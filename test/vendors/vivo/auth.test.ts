import { createHttpClient } from '../../../lib/http/http-client';
import { fetchAuthToken } from '../../../lib/vendors/vivo/auth';
import { startVendorServer, type VendorServer } from '../support';
import { VIVO_CREDENTIALS } from './support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  server.requests.length = 0;
});

afterAll(() => server.close());

const clock = { now: () => 1_760_000_000_000 };
const fetchToken = () =>
  fetchAuthToken(VIVO_CREDENTIALS, `${server.url}/`, { http: createHttpClient(), clock });

test('the documented example: a signed request is exchanged for a token', async () => {
  server.answer = () => ({ status: 200, body: '{"result":0,"desc":"ok","authToken":"vt-0001"}' });

  expect(await fetchToken()).toEqual({
    kind: 'issued',
    accessToken: 'vt-0001',
    lifeMs: 23 * 3_600_000,
  });

  const [request] = server.requests;
  expect(`${request?.method} ${request?.path}`).toBe('POST /message/auth');
  expect(request?.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(request?.headers).not.toHaveProperty('content-encoding');
  expect(request?.body).toBe(
    '{"appId":10086,"appKey":"5f0c2b7e-1d34-4a96-8b57-c2e1f9a06d38","timestamp":1760000000000,"sign":"e2da8533cd9c0f2c813a42140e9ed9dc"}',
  );
});

test.each([
  [
    'the secret is wrong',
    { status: 200, body: '{"result":10000,"desc":"权限认证失败"}' },
    {
      kind: 'unauthorized',
      reason: { code: '10000', text: 'authentication failed: 权限认证失败' },
    },
  ],
  ['too many were asked for', { status: 200, body: '{"result":10072}' }, { kind: 'throttled' }],
  [
    'vivo is out of order',
    { status: 500, body: 'Internet server error!' },
    { kind: 'unavailable' },
  ],
  ['the endpoint is another server', { status: 404, body: '<html>' }, { kind: 'misconfigured' }],
  [
    'there is none in the answer',
    { status: 200, body: '{"result":0,"desc":"ok"}' },
    { kind: 'unavailable', reason: { code: 'auth-unreadable', unmapped: true } },
  ],
  [
    'it could not be sent back',
    { status: 200, body: '{"result":0,"authToken":"a\\r\\nb"}' },
    { kind: 'unavailable', reason: { code: 'auth-unreadable' } },
  ],
  ['the connection breaks', undefined, { kind: 'unavailable', reason: { code: 'network' } }],
])('no token when %s', async (_case, answer, outcome) => {
  server.answer = () => answer;

  expect(await fetchToken()).toMatchObject({ kind: 'refused', outcome });
});

test('neither the secret nor the signature is told', async () => {
  server.answer = ({ body }) => {
    const desc = `${VIVO_CREDENTIALS.appSecret} ${body}`;
    return { status: 200, body: JSON.stringify({ result: 10_000, desc }) };
  };

  expect(await fetchToken()).toMatchObject({
    outcome: {
      reason: {
        text: 'authentication failed: … {"appId":10086,"appKey":"…","timestamp":1760000000000,"sign":"…"}',
      },
    },
  });
});
