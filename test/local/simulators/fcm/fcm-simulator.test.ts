import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { call, fetchAccessToken, postFcm } from '../calls';

let simulators: Simulators;
let accessToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  accessToken = await fetchAccessToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.fcm.reset();
  simulators.phones.clear();
});

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

/** A message to one phone with some parts changed. */
function aMessage(change: Readonly<Record<string, unknown>> = {}) {
  return { message: { token: 'tok1', notification: { title: 'Hello', body: 'World' }, ...change } };
}
const send = (body: unknown) => postFcm(simulators, accessToken, body);
const android = (change: Readonly<Record<string, unknown>>) => aMessage({ android: change });

/** The message of the worked example in the reference. */
const EXAMPLE = {
  message: {
    token: 'tok1',
    notification: { title: 'Hello', body: 'World' },
    data: { k: 'v' },
    android: {
      ttl: '3600s',
      priority: 'high',
      notification: { tag: 't1', click_action: 'OPEN', channel_id: 'ch', notification_count: 3 },
      collapse_key: 'c1',
    },
  },
};

test('a right message is accepted and shown', async () => {
  const { status, json } = await send(EXAMPLE);
  expect(status).toBe(200);
  const { project_id } = simulators.credentials('fcm').serviceAccount;
  const name = new RegExp(`^projects/${project_id}/messages/0:\\d{16}%[0-9a-f]{16}$`);
  expect(json).toEqual({ name: expect.stringMatching(name) });
  const { token: _, ...fields } = EXAMPLE.message;
  expect(simulators.phones.look('tok1')).toMatchObject({
    tray: [{ title: 'Hello', body: 'World', tag: 't1' }],
    arrivals: [{ effect: 'shown', fields }],
  });
});

const TOKENS: readonly [string, string, number, string, string, string][] = [
  [
    'a dead phone’s token',
    'dead-1',
    404,
    'NOT_FOUND',
    'UNREGISTERED',
    'Requested entity was not found.',
  ],
  [
    'a token on the dead list',
    'gone',
    404,
    'NOT_FOUND',
    'UNREGISTERED',
    'Requested entity was not found.',
  ],
  [
    'another project’s token',
    'foreign-1',
    403,
    'PERMISSION_DENIED',
    'SENDER_ID_MISMATCH',
    'SenderId mismatch',
  ],
  [
    'a token on the foreign list',
    'theirs',
    403,
    'PERMISSION_DENIED',
    'SENDER_ID_MISMATCH',
    'SenderId mismatch',
  ],
  [
    'a token with a blank',
    'tok 1',
    400,
    'INVALID_ARGUMENT',
    'INVALID_ARGUMENT',
    'The registration token is not a valid FCM registration token',
  ],
  [
    'a token of three characters',
    'tok',
    400,
    'INVALID_ARGUMENT',
    'INVALID_ARGUMENT',
    'The registration token is not a valid FCM registration token',
  ],
];

test.each(TOKENS)(
  '%s (%s) is refused with %i',
  async (_, token, code, status, errorCode, message) => {
    simulators.fcm.control({ deadTokens: ['gone'], foreignTokens: ['theirs'] });
    const answer = await send(aMessage({ token }));
    expect(answer.status).toBe(code);
    expect(answer.json).toEqual({
      error: { code, message, status, details: [{ '@type': FCM_ERROR, errorCode }] },
    });
  },
);

test.each(['{', '', '"text"', '[]'])('a body that is no message is refused: %s', async (body) => {
  const { status, json } = await send(body);
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
});

test('another media type is refused', async () => {
  const { project_id } = simulators.credentials('fcm').serviceAccount;
  const { status } = await call(
    `${simulators.endpoint('fcm')}/v1/projects/${project_id}/messages:send`,
    {
      method: 'POST',
      body: JSON.stringify(aMessage()),
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'text/plain' },
    },
  );
  expect(status).toBe(400);
});

test('a project the account has no part in is refused without a code of FCM’s', async () => {
  const { status, json } = await postFcm(simulators, accessToken, aMessage(), 'other');
  expect(status).toBe(403);
  expect(json).toEqual({
    error: { code: 403, status: 'PERMISSION_DENIED', message: expect.any(String) },
  });
});

test('unknown paths and other methods get a page, not JSON', async () => {
  const headers = { authorization: `Bearer ${accessToken}` };
  for (const [path, method] of [
    ['/v1/projects/p/messages:sendAll', 'POST'],
    ['/batch', 'POST'],
    ['/v1/projects/p/messages:send', 'GET'],
  ] as const) {
    const answer = await call(`${simulators.endpoint('fcm')}${path}`, { method, headers });
    expect([answer.status, answer.json]).toEqual([404, undefined]);
  }
});

test('the same tag replaces, another or none stacks', async () => {
  for (const tag of ['a', 'a', 'b', undefined, undefined]) {
    await send(android({ notification: { ...(tag && { tag }) } }));
  }
  const { tray, repeats, arrivals } = simulators.phones.look('tok1');
  expect(tray.map(({ tag }) => tag)).toEqual(['a', 'b', undefined, undefined]);
  expect(repeats).toBe(1);
  expect(arrivals).toHaveLength(5);
});

test('Android’s own texts win over the common ones', async () => {
  await send(android({ notification: { title: 'Android' } }));
  expect(simulators.phones.look('tok1').tray).toMatchObject([{ title: 'Android', body: 'World' }]);
});

test('a data message reaches the app, not the tray', async () => {
  await send({ message: { token: 'tok1', data: { k: 'v' } } });
  expect(simulators.phones.look('tok1')).toMatchObject({
    tray: [],
    arrivals: [{ effect: 'silent', fields: { data: { k: 'v' } } }],
  });
});

test('validate_only checks all and sends nothing', async () => {
  const right = await send({ ...aMessage(), validate_only: true });
  expect(right.status).toBe(200);
  expect(Object(right.json).name).toMatch(/^projects\/.+\/messages\/.+$/);
  const dead = await send({ ...aMessage({ token: 'dead-1' }), validate_only: true });
  expect(dead.status).toBe(404);
  expect(simulators.phones.totals().arrivals).toBe(0);
});
