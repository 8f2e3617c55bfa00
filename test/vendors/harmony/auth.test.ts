import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { createHarmonySender } from '../../../lib/vendors/harmony/sender';
import { createServiceAccountJwt } from '../../../lib/vendors/service-account-jwt';
import { aHarmonyCertificate, HUAWEI_SERVICE_ACCOUNT } from '../huawei/support';
import { aGate, aSendRequest, somePorts, startVendorServer, type VendorServer } from '../support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  server.requests.length = 0;
});

afterAll(() => server.close());

const ACCEPTED = { status: 200, body: '{"code":"80000000","msg":"Success","requestId":"r1"}' };
const REFUSED = {
  status: 401,
  body: '{"code":"80200005","msg":"JWT token expired","requestId":"1760000000000_0_3"}',
};

const sender = (gate = aGate(), change = {}) =>
  createHarmonySender(aHarmonyCertificate({ endpoint: server.url, ...change }), somePorts(gate));

test('the JWT holds what the documented one holds', async () => {
  const account = {
    ...HUAWEI_SERVICE_ACCOUNT,
    key_id: '6c1d0f2b8e9a4d7f',
    sub_account: '110000001',
  };
  const documented =
    'eyJhbGciOiJQUzI1NiIsImtpZCI6IjZjMWQwZjJiOGU5YTRkN2YiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiIxMTAwMDAwMDEiLCJhdWQiOiJodHRwczovL29hdXRoLWxvZ2luLmNsb3VkLmh1YXdlaS5jb20vb2F1dGgyL3YzL3Rva2VuIiwiaWF0IjoxNzYwMDAwMDAwLCJleHAiOjE3NjAwMDM2MDB9';

  const jwt = await createServiceAccountJwt(account, { now: () => 1_760_000_000_000 }).get();

  const partsOf = (text: string) =>
    text
      .split('.')
      .slice(0, 2)
      .map((part): unknown => JSON.parse(Buffer.from(part, 'base64url').toString()));
  expect(partsOf(jwt)).toEqual(partsOf(documented));
  const verified = await jwtVerify(jwt, createPublicKey(account.private_key), {
    algorithms: ['PS256'],
    currentDate: new Date(1_760_000_000_000),
  });
  expect(verified.payload.iss).toBe('110000001');
});

test('nobody issues a token: the JWT itself goes with the message, and serves all of them', async () => {
  server.answer = () => ACCEPTED;
  const by = sender();

  await by.send(aSendRequest({ tokens: ['tokA'] }));
  await by.send(aSendRequest({ tokens: ['tokB'] }));

  expect(server.requests.map(({ path }) => path)).toEqual(
    Array(2).fill('/v3/388421841221000001/messages:send'),
  );
  expect(new Set(server.requests.map(({ headers }) => headers.authorization)).size).toBe(1);
});

test('a refused JWT is signed anew once, and the message sent again once', async () => {
  server.answer = () => (server.requests.length === 1 ? REFUSED : ACCEPTED);
  const gate = aGate();

  const outcomes = await sender(gate).send(aSendRequest({ tokens: ['tokA', 'tokB'] }));

  expect(outcomes).toEqual(Array(2).fill({ kind: 'accepted', receiptId: 'r1' }));
  expect(new Set(server.requests.map(({ headers }) => headers.authorization)).size).toBe(2);
  expect(gate).toMatchObject({ entered: 2, left: 2 });
});

test('a JWT refused twice is told, without the JWT', async () => {
  server.answer = ({ headers }) => ({
    status: 401,
    body: JSON.stringify({ code: '80200001', msg: `bad ${headers.authorization}` }),
  });

  const outcomes = await sender().send(aSendRequest());

  expect(outcomes).toEqual([
    {
      kind: 'unauthorized',
      reason: { code: '80200001', text: 'authentication failed: bad Bearer …' },
    },
  ]);
  expect(server.requests).toHaveLength(2);
});
