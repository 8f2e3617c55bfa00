import { honor } from '../../../lib/vendors/honor';
import { buildRequest, messageOf } from '../../../lib/vendors/honor/protocol';
import { createHonorSender } from '../../../lib/vendors/honor/sender';
import {
  aGate,
  aNotification,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';
import { anHonorCertificate } from './support';

const URL = 'https://push-api.cloud.honor.com/api/v1/104400123/sendMessage';

test('the documented example comes out byte for byte', () => {
  const request = buildRequest(
    {
      data: '{"id":"42"}',
      android: {
        ttl: '86400s',
        biTag: 'm-42',
        targetUserType: 0,
        notification: {
          title: '订单',
          body: '已发货',
          importance: 'NORMAL',
          notifyId: 7,
          clickAction: {
            type: 1,
            intent:
              'intent://orders/42#Intent;scheme=shop;package=com.example.shop;launchFlags=0x04000000;end',
          },
          badge: { addNum: 1, badgeClass: 'com.example.shop.MainActivity' },
        },
      },
    },
    ['tokA', 'tokB'],
    { url: URL, accessToken: 'eyJhbGciOi', timeoutMs: 4_000, now: 1_760_000_000_123 },
  );

  expect(request).toEqual({
    method: 'POST',
    url: URL,
    headers: {
      'Content-Type': 'application/json; charset=UTF-8',
      Authorization: 'Bearer eyJhbGciOi',
      timestamp: '1760000000123',
    },
    body: '{"token":["tokA","tokB"],"data":"{\\"id\\":\\"42\\"}","android":{"ttl":"86400s","biTag":"m-42","targetUserType":0,"notification":{"title":"订单","body":"已发货","importance":"NORMAL","notifyId":7,"clickAction":{"type":1,"intent":"intent://orders/42#Intent;scheme=shop;package=com.example.shop;launchFlags=0x04000000;end"},"badge":{"addNum":1,"badgeClass":"com.example.shop.MainActivity"}}}}',
    timeoutMs: 4_000,
    weight: 2,
  });
});

describe('a notification in the terms of Honor', () => {
  const message = (change: Parameters<typeof aSendRequest>[0] = {}) =>
    messageOf(aSendRequest(change), { biTag: 'job-42', packageName: 'com.example.shop' });
  const shown = (change: Parameters<typeof aSendRequest>[0] = {}) =>
    message(change).android.notification;

  test('all of it', () => {
    expect(
      message({
        notification: aNotification({ badge: { set: 3 } }),
        messageClass: { launcherActivity: 'com.example.shop.MainActivity' },
      }),
    ).toEqual({
      data: '{"id":"42","k":"a b+c"}',
      android: {
        ttl: '86400s',
        biTag: 'job-42',
        targetUserType: 0,
        notification: {
          title: '订单 已发货',
          body: '包裹 A&B 100%',
          importance: 'NORMAL',
          notifyId: 7,
          clickAction: { type: 3 },
          badge: { setNum: 3, badgeClass: 'com.example.shop.MainActivity' },
        },
      },
    });
  });

  test.each([
    [{}, 'NORMAL'],
    [{ importance: 'normal' }, 'NORMAL'],
    [{ instantMessaging: true }, 'NORMAL'],
    [{ importance: 'low' }, 'LOW'],
    [{ instantMessaging: false }, 'LOW'],
  ] as const)(
    'class %j has importance %s, and a warning if that is LOW',
    (messageClass, expected) => {
      expect(shown({ messageClass }).importance).toBe(expected);
      expect(honor.warningsFor?.({ classes: { im: messageClass } })).toEqual(
        expected === 'LOW' ? [expect.stringMatching(/^classes\.im /)] : [],
      );
    },
  );

  test('no classes, no warnings', () => {
    expect(honor.warningsFor?.({})).toEqual([]);
  });

  test('a badge is within 0 to 99, and only there with the launcher activity', () => {
    const badge = (one: { set: number } | { add: number }, launcherActivity = 'a.B') =>
      shown({ notification: aNotification({ badge: one }), messageClass: { launcherActivity } })
        .badge;

    expect(badge({ set: 100 })).toEqual({ setNum: 99, badgeClass: 'a.B' });
    expect(badge({ set: 0 })).toEqual({ setNum: 0, badgeClass: 'a.B' });
    expect(badge({ add: 2 })).toEqual({ addNum: 2, badgeClass: 'a.B' });
    expect(badge({ add: 100 })).toEqual({ addNum: 99, badgeClass: 'a.B' });
    expect(badge({ add: 0 })).toBeUndefined();
    expect(shown({ notification: aNotification({ badge: { set: 3 } }) })).not.toHaveProperty(
      'badge',
    );
  });

  test('title and body have at most 40 and 256 characters, whole ones', () => {
    const { title, body } = shown({
      notification: aNotification({ title: '题'.repeat(41), body: '👨‍👩‍👧'.repeat(60) }),
    });

    expect(title).toBe(`${'题'.repeat(39)}…`);
    expect(body).toMatch(/^(👨‍👩‍👧){31}…$/u);
  });

  test('a blank title or body is replaced', () => {
    const texts = (title: string, body: string) => {
      const { title: one, body: other } = shown({ notification: aNotification({ title, body }) });
      return [one, other];
    };

    expect(texts(' \n', 'text')).toEqual(['text', 'text']);
    expect(texts('name', '\u3000\u200b')).toEqual(['name', 'name']);
    expect(texts('', '')).toEqual(['com.example.shop', 'com.example.shop']);
    expect(
      messageOf(aSendRequest({ notification: aNotification({ title: '', body: '' }) }), {
        biTag: 'job-42',
      }).android.notification,
    ).toMatchObject({ title: '…', body: '…' });
  });

  test('no data, and data that would make the message too long, are left out', () => {
    const data = (given: Record<string, string>) =>
      message({ notification: aNotification({ data: given, title: '题'.repeat(40) }) });
    const frame = Buffer.byteLength(JSON.stringify(data({ k: '' })));

    expect(data({})).not.toHaveProperty('data');
    expect(Buffer.byteLength(JSON.stringify(data({ k: 'x'.repeat(4_000 - frame) })))).toBe(4_000);
    expect(data({ k: 'x'.repeat(4_001 - frame) })).not.toHaveProperty('data');
    expect(data({ k: '数'.repeat(2_000) })).not.toHaveProperty('data');
  });

  test('a message is kept for 15 days at most', () => {
    expect(message({ ttlSeconds: 45 }).android.ttl).toBe('45s');
    expect(message({ ttlSeconds: 1_296_001 }).android.ttl).toBe('1296000s');
  });
});

describe('on the wire', () => {
  let server: VendorServer;

  beforeAll(async () => {
    server = await startVendorServer();
  });

  beforeEach(() => {
    server.requests.length = 0;
    server.answer = ({ path }) =>
      path.endsWith('/auth/token')
        ? { status: 200, body: '{"access_token":"eyJ.a","expires_in":3600,"token_type":"Bearer"}' }
        : {
            status: 200,
            body: '{"code":200,"message":"success","data":{"sendResult":true,"requestId":"1760000000123456789","failTokens":[],"expireTokens":[]}}',
          };
  });

  afterAll(() => server.close());

  test('one request carries all tokens, a repeated one once, and weighs as many as it carries', async () => {
    const weights: number[] = [];
    const gate = aGate();
    const counting = {
      ...gate,
      enter(weight: number, maxWaitMs: number) {
        weights.push(weight);
        return gate.enter(weight, maxWaitMs);
      },
    };
    const certificate = anHonorCertificate({
      endpoint: `${server.url}/honor/`,
      authEndpoint: `${server.url}/iam`,
      receipts: { secret: 'receipt secret' },
    });

    const outcomes = await createHonorSender(certificate, somePorts(counting)).send(
      aSendRequest({ tokens: ['tokA', 'tokB', 'tokA'] }),
    );

    expect(outcomes).toEqual(Array(3).fill({ kind: 'accepted', receiptId: '1760000000123456789' }));
    const [auth, message] = server.requests;
    expect(auth).toMatchObject({ method: 'POST', path: '/iam/auth/token' });
    expect(auth?.body).toBe(
      'grant_type=client_credentials&client_id=0123456789abcdef0123456789abcdef&client_secret=s3cr%2Bt%2F%3DA%26b',
    );
    expect(message).toMatchObject({
      method: 'POST',
      path: '/honor/api/v1/104400123/sendMessage',
      headers: {
        authorization: 'Bearer eyJ.a',
        'content-type': 'application/json; charset=UTF-8',
        timestamp: expect.stringMatching(/^\d{13}$/),
      },
    });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      token: ['tokA', 'tokB'],
      // the proof behind the job id
      android: { biTag: expect.stringMatching(/^job-42\.[\w-]{16}$/) },
    });
    expect(weights).toEqual([2]);
    expect(gate).toMatchObject({ entered: 1, left: 1 });
  });

  test('without a pass nothing is sent, and nobody has failed', async () => {
    const certificate = anHonorCertificate({ endpoint: server.url, authEndpoint: server.url });

    const outcomes = await createHonorSender(certificate, somePorts(aGate(0))).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'throttled', reason: { code: 'flow-control' } }]);
    expect(server.requests.map(({ path }) => path)).toEqual(['/auth/token']);
  });

  test('broken credentials are misconfigured', async () => {
    const certificate = anHonorCertificate({ endpoint: server.url, credentials: { appId: '1' } });

    const outcomes = await createHonorSender(certificate, somePorts()).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: 'certificate' } }]);
    expect(server.requests).toEqual([]);
  });
});
