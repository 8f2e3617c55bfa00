import { logIn, reasonsIn } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** Changes settings, and answers what was said to it. */
const change = (settings: object) => service.admin.try('PATCH', '/v1/app', settings);
const send = (message: object) => service.server.call('POST', '/v1/messages', message);

/** Changes settings and waits for them: a busy container has read them at most 250 ms ago. */
async function putInForce(settings: object): Promise<void> {
  await service.admin.call('PATCH', '/v1/app', settings);
  await new Promise((done) => setTimeout(done, 300));
}

/** The newest entry in a phone's tray, once there is one. */
async function shownOn(token: string) {
  const { tray } = await until(
    () => service.machine.simulators.phones.look(token),
    (phone) => phone.tray.length > 0,
  );
  return tray.at(-1);
}

test('settings are kept, shown, and each replaced whole', async () => {
  const classes = { news: { channelId: 'news', payload: { hwField: { category: 'IM' } } } };
  await change({ classes, textSets: { discreet: { zh: '新' } }, timeZone: 'Asia/Tokyo' });

  const answer = await change({ textSets: { other: { en: 'New' } } });

  const kept = { classes, textSets: { other: { en: 'New' } }, timeZone: 'Asia/Tokyo' };
  expect(answer).toMatchObject({ status: 200, body: kept });
  expect(await service.admin.call('GET', '/v1/app')).toEqual(answer.body);
  await change({ classes: {}, textSets: {}, timeZone: 'Asia/Shanghai' });
});

test('a webhook is set, shown, and taken away', async () => {
  const hook = { url: 'https://chat.example.com/push' };

  expect(await change({ hook })).toMatchObject({ body: { hook: { ...hook, onFailure: 'send' } } });
  expect(await change({ badge: true })).toMatchObject({ body: { hook } });
  expect((await change({ hook: null })).body).not.toHaveProperty('hook');
});

test.each<[object, string]>([
  [{ texts: { en: { mention: 'You!' } } }, 'texts.en.mention'],
  [
    { classes: { im: { payload: { vivoField: { classification: 7 } } } } },
    'classes.im.payload.vivoField.classification',
  ],
  [{ classes: { im: { payload: { mine: 1 } } } }, 'classes.im.payload.mine'],
  [{ hook: { url: 'http://chat.example.com' } }, 'hook.url'],
  [{ canaryPercent: 101 }, 'canaryPercent'],
])('%j is refused at %s, and what was set stays', async (settings, path) => {
  const before = await service.admin.call('GET', '/v1/app');

  expect(await change({ ...settings, badge: false })).toMatchObject({
    status: 400,
    body: { errors: [{ path }] },
  });
  expect(await service.admin.call('GET', '/v1/app')).toEqual(before);
});

test('more than 100 KB of settings are refused', async () => {
  const texts = { zh: { text: 'x'.repeat(500) } };
  const sets = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `set-${index}`,
        { zh: '长'.repeat(500), en: 'x'.repeat(500) },
      ]),
    );

  expect(await change({ texts, textSets: sets(60) })).toMatchObject({
    status: 413,
    body: { detail: expect.stringContaining('100 KB') },
  });
  expect(await change({ textSets: sets(100) })).toMatchObject({ status: 413 });
});

test('texts of the app are shown in the language of the phone', async () => {
  await putInForce({ texts: { en: { image: 'has a picture for you' } }, language: 'en' });
  const english = await logIn(service, 'english', { locale: 'en-GB' });
  const chinese = await logIn(service, 'chinese', { locale: 'zh_CN' });

  await send(aMessage(['english', 'chinese'], { type: 'image', body: '' }));

  expect(await shownOn(english)).toMatchObject({ body: 'Bob:has a picture for you' });
  expect(await shownOn(chinese)).toMatchObject({ body: 'Bob:发来了一张图片' });
  await putInForce({ texts: {}, language: 'zh' });
});

test('in shadow mode it is told where a message would go, and nothing is sent', async () => {
  const token = await logIn(service, 'shadowed');
  await putInForce({ mode: 'shadow' });

  const answer = await send(aMessage(['shadowed']));
  await putInForce({ mode: 'live' });
  await send(aMessage(['shadowed'], { body: 'for real' }));

  expect(answer).toMatchObject({
    recipients: [
      {
        reachable: true,
        devices: [{ decision: 'skip', reason: 'shadow', vendor: 'xiaomi', certificate: 'xiaomi' }],
      },
    ],
  });
  expect(await shownOn(token)).toMatchObject({ body: 'Bob:for real' });
  expect(service.machine.simulators.phones.look(token).arrivals).toHaveLength(1);
});

test('a connected phone is decided to be pushed to unless it acknowledges', async () => {
  await logIn(service, 'connected');
  const path = '/v1/accounts/connected/devices/d1/presence';
  await service.server.call('PUT', path, { state: 'background' });
  expect(reasonsIn(await send(aMessage(['connected'])))).toEqual(['connected-in-background']);

  await putInForce({ pushIfUnackedMs: 900_000 });
  const answer = await send(aMessage(['connected']));
  await putInForce({ pushIfUnackedMs: 0 });

  expect(answer).toMatchObject({
    recipients: [{ devices: [{ decision: 'push', reason: 'unacked', vendor: 'xiaomi' }] }],
  });
});

describe('a payload some vendor would refuse', () => {
  const pushConfig = { pushPayload: '{"vivoField":{"classification":7}}' };

  test('refuses the message', async () => {
    const message = aMessage(['nobody'], { pushConfig });

    expect(await service.server.try('POST', '/v1/messages', message)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'pushConfig.pushPayload.vivoField.classification', code: 414 }] },
    });
  });

  test('or is left out with a warning, the same when it is repeated', async () => {
    await putInForce({ invalidPayload: 'strip' });
    const few = aMessage(['nobody'], { pushConfig });
    const many = aMessage(
      Array.from({ length: 101 }, (_, index) => `nobody-${index}`),
      { pushConfig },
    );

    const answers = [await send(few), await send(many)];
    const repeats = [await send(few), await send(many)];
    await putInForce({ invalidPayload: 'refuse' });

    const warnings = [
      expect.stringMatching(/^pushConfig\.pushPayload\.vivoField\.classification /),
    ];
    expect(answers).toMatchObject([
      { warnings, recipients: [{ reason: 'unknown-account' }] },
      { warnings, counts: { 'unknown-account': 101 }, reachable: 0 },
    ]);
    expect(repeats).toEqual(answers.map((one) => ({ ...Object(one), duplicate: true })));
  });
});

test('settings are the admin’s alone', async () => {
  const forbidden = { status: 403 };

  expect(await service.server.try('PATCH', '/v1/app', { mode: 'shadow' })).toMatchObject(forbidden);
  expect(await service.server.try('GET', '/v1/app')).toMatchObject(forbidden);
});
