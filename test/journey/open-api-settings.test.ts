import type { Call } from '../support/described-api';
import { type DescribedService, startDescribedService } from '../support/described-service';
import { logIn, reasonsIn } from '../support/journeys';
import { aMessage, until } from '../support/service';

let service: DescribedService;
beforeAll(async () => {
  service = await startDescribedService();
});
afterAll(() => service.close());

const expectAnswer = (route: string, body: Call['body'], status: number) =>
  service.expectAnswer({ route, token: service.tokens.admin, body }, status);

/** Changes settings as described, and waits until decisions keep to them. */
async function putInForce(settings: object, reason: string): Promise<void> {
  await expectAnswer('PATCH /v1/app', settings, 200);
  await until(
    async () => reasonsIn(await service.server.call('POST', '/v1/messages', aMessage(['alice']))),
    (reasons) => reasons.includes(reason),
  );
}

const WRONG = '{"vivoField":{"classification":7}}';

test('every setting is taken and shown as described, and a webhook taken away', async () => {
  await expectAnswer(
    'PATCH /v1/app',
    {
      ...{ fcmFirst: 'never', vendorPriority: ['xiaomi'], pushInBackground: { ios: true } },
      ...{ multiDevice: 'all', deviceInactiveDays: 9, traceLevel: 'full', ttlSeconds: 60 },
      ...{ language: 'zh-Hant', timeZone: 'Asia/Taipei', badge: true, withdrawRead: false },
      texts: { en: { stack: '{count} {text}', hidden: 'New' }, 'zh-Hant': {} },
      textSets: { discreet: { en: 'New' } },
      classes: {
        news: {
          ...{ sound: false, vibration: true, channelId: 'news' },
          ...{ collapse: 'conversation', alertEverySeconds: 60 },
          payload: { hwField: { category: 'IM' } },
        },
      },
      ...{ invalidPayload: 'refuse', pushIfUnackedMs: 0, desktopPlatforms: ['windows'] },
      ...{ mode: 'live', canaryPercent: 0, nimLogoutCopy: 'logout' },
      hook: { url: 'https://chat.example.com/push', onFailure: 'drop' },
    },
    200,
  );
  await expectAnswer('GET /v1/app', undefined, 200);
  await expectAnswer('PATCH /v1/app', { hook: null }, 200);
  await expectAnswer('GET /v1/app', undefined, 200);
});

test('what would be too much, and a field some vendor would refuse, are refused as described', async () => {
  const textSets = Object.fromEntries(
    Array.from({ length: 99 }, (_, at) => [`set-${at}`, { zh: '长'.repeat(400) }]),
  );
  const payload = { vivoField: { classification: 7 } };

  await expectAnswer('PATCH /v1/app', { textSets }, 413);
  await expectAnswer('PATCH /v1/app', { classes: { im: { payload } } }, 400);
});

test('a notification says everything it may', async () => {
  await expectAnswer(
    'POST /v1/notifications',
    {
      messageId: 'n-1',
      sender: { accountId: 'shop', nick: 'Shop', deviceId: 'd' },
      conversation: { id: 'orders', type: 'team', name: 'Orders' },
      recipients: ['alice', { accountId: 'bob', blockedSender: true }],
      content: '{}',
      sound: 'ding.mp3',
      pushConfig: { pushContent: 'Ding', unreadEnabled: true },
      ttlSeconds: 60,
      sentAt: Date.now(),
    },
    202,
  );
});

test('what was left out, and where a push would have gone, are told as described', async () => {
  await logIn(service, 'alice');
  const wrong = { pushConfig: { pushPayload: WRONG } };
  const many = Array.from({ length: 101 }, (_, at) => `m${at}`);

  await putInForce({ mode: 'shadow', invalidPayload: 'strip' }, 'shadow');

  await expectAnswer('POST /v1/messages', aMessage(['alice'], wrong), 202);
  await expectAnswer('POST /v1/messages', aMessage(many, wrong), 202);
});
