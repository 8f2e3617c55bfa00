import { createHonorSender } from '../../../lib/vendors/honor/sender';
import {
  type Answer,
  aGate,
  anAccessTokenStore,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';
import { anHonorCertificate, HONOR_CREDENTIALS } from './support';

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

const ACCEPTED = { status: 200, body: '{"code":200,"data":{"sendResult":true}}' };
const OLDER_PATH = '/auth/realms/developer/protocol/openid-connect/token';

function token(): Answer {
  issued += 1;
  return { status: 200, body: JSON.stringify({ access_token: `at${issued}`, expires_in: 3_600 }) };
}

const certificate = () => anHonorCertificate({ endpoint: server.url, authEndpoint: server.url });
const paths = () => server.requests.map(({ path }) => path);
const send = (ports = somePorts(), tokens: [string, ...string[]] = ['tokA', 'tokB']) =>
  createHonorSender(certificate(), ports).send(aSendRequest({ tokens }));

test('one access token serves all senders of the certificate', async () => {
  server.answer = ({ path }) => (path === '/auth/token' ? token() : ACCEPTED);
  const store = anAccessTokenStore();

  await send(somePorts(aGate(), store));
  await send(somePorts(aGate(), store));

  expect(issued).toBe(1);
});

test.each([
  ['HTTP 401', { status: 401, body: '' }],
  ['code 401', { status: 200, body: '{"code":401,"message":"no"}' }],
  ['code 80200003', { status: 200, body: '{"code":"80200003","message":"expired"}' }],
  ['words', { status: 400, body: '{"code":1234,"message":"The access token is invalid"}' }],
])(
  'an access token refused by %s is replaced once, and the message sent again',
  async (_by, refusal) => {
    server.answer = ({ path, headers }) => {
      if (path === '/auth/token') return token();
      return headers.authorization === 'Bearer at1' ? refusal : ACCEPTED;
    };
    const gate = aGate();

    const outcomes = await send(somePorts(gate));

    expect(outcomes).toMatchObject(Array(2).fill({ kind: 'accepted' }));
    expect(issued).toBe(2);
    expect(gate).toMatchObject({ entered: 2, left: 2 });
  },
);

test('when the new one is refused too, that is the end', async () => {
  server.answer = ({ path }) =>
    path === '/auth/token' ? token() : { status: 200, body: '{"code":401,"message":"no"}' };

  const outcomes = await send();

  expect(outcomes).toMatchObject(Array(2).fill({ kind: 'unauthorized', reason: { code: '401' } }));
  expect(issued).toBe(2);
  expect(server.requests).toHaveLength(4);
});

test('the older path is asked where the newer is not there', async () => {
  server.answer = ({ path }) => {
    if (path === '/auth/token') return { status: 404, body: '{"error":"not found"}' };
    return path === OLDER_PATH ? token() : ACCEPTED;
  };

  expect(await send()).toMatchObject(Array(2).fill({ kind: 'accepted' }));
  expect(paths()).toEqual(['/auth/token', OLDER_PATH, '/api/v1/104400123/sendMessage']);
  expect(server.requests[1]?.body).toBe(server.requests[0]?.body);
});

test.each([
  [
    { status: 401, body: '{"error":"invalid_client","error_description":"Secret s3cr+t/=A&b"}' },
    { kind: 'unauthorized', reason: { code: 'invalid_client', text: 'Secret …' } },
  ],
  [
    { status: 404, body: '' },
    { kind: 'misconfigured', reason: { code: 'auth-http-404' } },
  ],
  [
    { status: 503, body: '' },
    { kind: 'unavailable', reason: { code: 'auth-http-503' } },
  ],
  [undefined, { kind: 'unavailable', reason: { code: 'network' } }],
])('%# without an access token every token hears why, and no secret', async (answer, expected) => {
  server.answer = () => answer;

  const outcomes = await send();

  expect(outcomes).toMatchObject(Array(2).fill(expected));
  expect(JSON.stringify(outcomes)).not.toContain(HONOR_CREDENTIALS.clientSecret);
});

test('an access token needs no pass of the flow limit', async () => {
  server.answer = ({ path }) => (path === '/auth/token' ? token() : ACCEPTED);
  const gate = aGate();

  await send(somePorts(gate));

  expect(gate).toMatchObject({ entered: 1, left: 1 });
});
