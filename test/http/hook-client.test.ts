import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createHookClient } from '../../lib/http/hook-client';
import { aMessageEvent, NOW } from '../support/builders';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let answer: Answer = (response) => response.end('{"messages":[]}');
const calls: { readonly request: IncomingMessage; readonly body: string }[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  calls.push({ request, body });
  answer(response, request);
});
let port = 0;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  calls.length = 0;
});

const SECRETS = new Map([
  ['app-1', 'the old secret'],
  ['app-1.2', 'the newest secret'],
]);
const event = aMessageEvent({
  recipients: [{ accountId: 'bob', presence: [{ deviceId: 'd', state: 'background' }] }],
  mentions: ['bob'],
  pushConfig: { pushContent: '晚上好' },
});

function ask(url: string, { loopbackAllowed = true, secrets = SECRETS } = {}) {
  const client = createHookClient({
    secrets: { secretsOf: async () => secrets },
    clock: { now: () => NOW },
    loopbackAllowed,
  });
  return client.ask('app-1', { url, onFailure: 'send' }, [event]);
}

const local = () => `http://127.0.0.1:${port}/hook?app=1`;
const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.statusCode = status;
    response.end(JSON.stringify(body));
  };

test('the webhook hears of each message, without tokens and presence', async () => {
  answer = json({ messages: [] });

  expect(await ask(local())).toEqual({ kind: 'answered', changes: [] });

  const [{ request, body } = { request: undefined, body: '' }] = calls;
  expect([request?.method, request?.url]).toEqual(['POST', '/hook?app=1']);
  expect(request?.headers['content-type']).toBe('application/json');
  expect(JSON.parse(body)).toEqual({
    appKey: 'app-1',
    messages: [
      {
        messageId: 'message-1',
        type: 'text',
        kind: 'message',
        conversation: { id: 'alice', type: 'p2p' },
        sender: { accountId: 'alice', nick: 'Alice' },
        recipients: ['bob'],
        body: 'hello',
        mentions: ['bob'],
        pushConfig: event.pushConfig,
        sentAt: NOW,
      },
    ],
  });
});

test("it can tell that it is us by the app's newest secret", async () => {
  answer = json({ messages: [] });

  await ask(local());

  const [call] = calls;
  const headers = call?.request.headers ?? {};
  const signed = `${headers['x-offline-push-timestamp']}.${call?.body}`;
  expect(headers['x-offline-push-key']).toBe('app-1.2');
  expect(headers['x-offline-push-timestamp']).toBe(String(NOW));
  expect(headers['x-offline-push-signature']).toBe(
    `v1=${createHmac('sha256', 'the newest secret').update(signed).digest('hex')}`,
  );
});

test('what it changes is read, and what else it says is left aside', async () => {
  const change = {
    messageId: 'message-1',
    pushEnabled: false,
    pushContent: 'a',
    forcePushContent: 'b',
    recipients: ['bob'],
  };
  answer = json({ messages: [{ ...change, pushPayload: '{}' }], more: 1 });

  expect(await ask(local())).toEqual({ kind: 'answered', changes: [change] });
});

test.each<[string, Answer]>([
  ['nothing', (response) => response.end()],
  ['no JSON', (response) => response.end('<html>')],
  ['a list', json([])],
  ['no messages', json({})],
  ['a message without an id', json({ messages: [{ pushContent: 'a' }] })],
  [
    'a text that is too long',
    json({ messages: [{ messageId: 'm', pushContent: 'a'.repeat(501) }] }),
  ],
  ['a text that is none', json({ messages: [{ messageId: 'm', pushContent: 7 }] })],
  ['recipients that are none', json({ messages: [{ messageId: 'm', recipients: ['a/b'] }] })],
])('%s is not readable', async (_name, given) => {
  answer = given;

  expect(await ask(local())).toEqual({ kind: 'failed', code: 'unreadable' });
});

test.each([201, 204, 400, 401, 500, 503])('HTTP %d is a failure', async (status) => {
  answer = json({ messages: [] }, status);

  expect(await ask(local())).toEqual({ kind: 'failed', code: `http-${status}` });
});

test('a redirect is not followed', async () => {
  answer = (response) => {
    response.writeHead(307, { location: local() });
    response.end();
  };

  expect(await ask(local())).toEqual({ kind: 'failed', code: 'http-307' });
  expect(calls).toHaveLength(1);
});

test('one that never answers is given up on', async () => {
  answer = () => {};

  expect(await ask(local())).toEqual({ kind: 'failed', code: 'timeout' });
});

test('one that breaks off in the middle has failed', async () => {
  answer = (response) => {
    response.write('{"messages":');
    setImmediate(() => response.destroy());
  };

  expect(await ask(local())).toMatchObject({ kind: 'failed', code: 'ECONNRESET' });
});

test('an app without a secret asks nobody', async () => {
  expect(await ask(local(), { secrets: new Map() })).toEqual({ kind: 'failed', code: 'no-secret' });
  expect(calls).toEqual([]);
});

describe('where only the public internet is allowed', () => {
  test.each([
    'http://8.8.8.8/',
    'http://example.com/',
    'ftp://example.com/',
    'no address',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
  ])('%s is not even connected to', async (url) => {
    expect(await ask(url, { loopbackAllowed: false })).toEqual({ kind: 'failed', code: 'address' });
  });

  test('nor is a name that leads to this machine', async () => {
    expect(await ask(`https://localhost:${port}/`, { loopbackAllowed: false })).toEqual({
      kind: 'failed',
      code: 'EPRIVATE',
    });
    expect(calls).toEqual([]);
  });
});

test.each(['ftp://127.0.0.1/', 'file:///etc/passwd', ''])(
  'even on one machine %j is not asked',
  async (url) => {
    expect(await ask(url)).toEqual({ kind: 'failed', code: 'address' });
  },
);
