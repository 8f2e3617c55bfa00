import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createEnvelope } from '../../lib/aws/envelope';
import { createNonceStore } from '../../lib/aws/nonce-store';
import { createSecretStore } from '../../lib/aws/secret-store';
import { type DoorPorts, httpFunction, type Route } from '../../lib/http/http-function';
import { ConflictError } from '../../lib/model/errors';
import { signToken } from '../../local/one-machine';
import { type Aws, startAws } from '../support/aws';

const APP = { key: 'app-1', secret: 'a secret of at least thirty-two characters' };

let aws: Aws;
let door: DoorPorts;
const logged: unknown[] = [];
beforeAll(async () => {
  aws = await startAws();
  const envelope = createEnvelope(aws.kms, aws.keyId);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create(APP.key, APP.secret);
  door = {
    secrets: createSecretStore(aws.dynamoDb, 'settings', envelope),
    nonces: createNonceStore(aws.dynamoDb, 'settings'),
    telemetry: { count: () => undefined, log: (...line) => void logged.push(line) },
  };
});
beforeEach(() => logged.splice(0));
afterAll(() => aws.close());

/** Calls a function whose one route ends like this. */
async function answerTo(handle: Route['handle']) {
  const call = httpFunction({ 'GET /it': { scope: 'server', handle } }, () => door);
  // as much of a call as a function looks at
  const event = {
    routeKey: 'GET /it',
    headers: { authorization: `Bearer ${await signToken(APP, 'server')}` },
    requestContext: { requestId: 'r-1' },
  } as unknown as APIGatewayProxyEventV2;
  return call(event, {} as Context);
}

const fail = (error: Error) => () => Promise.reject(error);

test('a call that lost every race is to be repeated, and is no error of the service', async () => {
  const answer = await answerTo(fail(new ConflictError('account alice kept changing')));

  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
  expect(JSON.parse(answer.body ?? '')).toEqual({
    type: 'about:blank',
    title: 'Unavailable',
    status: 503,
    detail: 'others kept changing the same: repeat the call in 1 s',
    requestId: 'r-1',
  });
  expect(logged).toEqual([['warn', 'lost every race', { requestId: 'r-1' }]]);
});

test('what nobody foresaw is a 500 without a word of it, and logged', async () => {
  const error = new Error('a secret detail');

  const answer = await answerTo(fail(error));

  expect(answer).toMatchObject({ statusCode: 500 });
  expect(answer.body).not.toContain('a secret detail');
  expect(logged).toEqual([['error', 'call failed', { requestId: 'r-1', error }]]);
});
