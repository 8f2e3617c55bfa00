import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createEnvelope } from '../../lib/aws/envelope';
import { createNonceStore } from '../../lib/aws/nonce-store';
import { createSecretStore } from '../../lib/aws/secret-store';
import { verifyCopy } from '../../lib/http/copy-signature';
import { type DoorPorts, httpFunction } from '../../lib/http/http-function';
import { type Aws, startAws } from '../support/aws';

const APP = { key: 'app-1', secret: 'a secret of at least thirty-two characters' };
const SECOND = 'the second secret of thirty-two characters';
const BODY = '{"eventType":"1","body":"你好"}';
/** Made with `md5sum` and `sha1sum`: of the body; of secret, MD5 and time; the same with the second secret. */
const SIGNED = {
  appkey: APP.key,
  curtime: '1800000000123',
  md5: 'f37b2ad667020e2cce41db8e880f875c',
  checksum: '6e21108bc8b63833d6d449776721e668212f349c',
};
const BY_SECOND = '4781cbdad87ab09b9f8e4be0815965155f04a01a';

const MALFORMED = 'AppKey, CurTime, MD5 or CheckSum is missing or malformed';
const WRONG_TIME = 'CurTime is more than 5 minutes from the time here';
const WRONG_SUM = 'the CheckSum is wrong';

const realNow = Date.now;
let aws: Aws;
let door: DoorPorts;
let now = 0;
beforeAll(async () => {
  aws = await startAws();
  const envelope = createEnvelope(aws.kms, aws.keyId);
  const registry = createAppRegistry(aws.dynamoDb, 'settings', envelope);
  await registry.create(APP.key, APP.secret);
  await registry.rotate(APP.key, SECOND);
  door = {
    secrets: createSecretStore(aws.dynamoDb, 'settings', envelope),
    nonces: createNonceStore(aws.dynamoDb, 'settings'),
    telemetry: { count: () => undefined, log: () => undefined },
  };
});
beforeEach(() => {
  now = 1_800_000_000_123;
  Date.now = () => now;
});
afterEach(() => {
  Date.now = realNow;
});
afterAll(() => aws.close());

/** Posts a copy; answers who sent it and its body, or why not. */
async function post(headers: Record<string, string>, body = BODY, isBase64Encoded = false) {
  const route = {
    scope: 'server',
    verify: verifyCopy,
    handle: async ({ caller, body: parsed }: { caller: unknown; body: unknown }) =>
      ({ status: 200, body: { caller, parsed } }) as const,
  } as const;
  // as much of a call as a function looks at
  const event = {
    ...{ routeKey: 'POST /it', headers, body, isBase64Encoded },
    requestContext: { requestId: 'r-1' },
  } as unknown as APIGatewayProxyEventV2;
  const answer = await httpFunction({ 'POST /it': route }, () => door)(event, {} as Context);
  const told = JSON.parse(answer.body ?? '');
  return answer.statusCode === 200 ? told : [answer.statusCode, told.detail];
}

const TAKEN = {
  caller: { kind: 'token', appKey: APP.key, scope: 'server' },
  parsed: { eventType: '1', body: '你好' },
};

test('a copy with MD5 and CheckSum is the app’s server calling, without a token', async () => {
  expect(await post(SIGNED)).toEqual(TAKEN);
});

test('either secret may sign', async () => {
  expect(await post({ ...SIGNED, checksum: BY_SECOND })).toEqual(TAKEN);
});

test('the same copy is taken again', async () => {
  expect([await post(SIGNED), await post(SIGNED)]).toEqual([TAKEN, TAKEN]);
});

test('the MD5 is of the bytes, whether they come as text or as Base64, and may be in capitals', async () => {
  expect(await post(SIGNED, Buffer.from(BODY).toString('base64'), true)).toEqual(TAKEN);
  // the CheckSum is over the MD5 as it was sent
  expect(await post({ ...SIGNED, md5: SIGNED.md5.toUpperCase() })).toEqual([401, WRONG_SUM]);
  expect(
    await post({
      ...SIGNED,
      md5: SIGNED.md5.toUpperCase(),
      checksum: '7fc6a963ae64c4327093054edc0b906527cdbe83',
    }),
  ).toEqual(TAKEN);
});

test.each<[string, Record<string, string>, string]>([
  ['no AppKey', { appkey: '' }, MALFORMED],
  ['no MD5', { md5: '' }, MALFORMED],
  ['a CheckSum in capitals', { checksum: SIGNED.checksum.toUpperCase() }, MALFORMED],
  ['a time that is no number', { curtime: 'now' }, MALFORMED],
  ['a time in seconds', { curtime: '1800000000' }, WRONG_TIME],
  ['another time', { curtime: '1800000000124' }, WRONG_SUM],
  ['the MD5 of another body', { md5: '0'.repeat(32) }, 'the MD5 is not that of the body'],
  ['a guessed CheckSum', { checksum: '0'.repeat(40) }, WRONG_SUM],
  ['another app', { appkey: 'app-2' }, WRONG_SUM],
])('%s is refused', async (_case, changes, detail) => {
  expect(await post({ ...SIGNED, ...changes })).toEqual([401, detail]);
});

test('a body that was changed on its way is refused', async () => {
  expect(await post(SIGNED, BODY.replace('1', '2'))).toEqual([
    401,
    'the MD5 is not that of the body',
  ]);
});

test('five minutes apart is taken, a millisecond more is not, either way', async () => {
  for (const way of [-1, 1]) {
    now = 1_800_000_000_123 + way * 300_000;
    expect(await post(SIGNED)).toEqual(TAKEN);
    now += way;
    expect(await post(SIGNED)).toEqual([401, WRONG_TIME]);
  }
});
