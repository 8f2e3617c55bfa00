import { decide, logIn, storeCertificate } from '../support/journeys';
import { aCopy, aPresenceCopy, copySignature, postCopy } from '../support/nim-copies';
import { type Service, startService, until } from '../support/service';
import { shownOn } from '../support/vendor-journeys';

let service: Service;
beforeAll(async () => {
  service = await startService();
  await storeCertificate(service, 'xiaomi');
});
afterAll(() => service.close());

const bodiesOn = async (token: string) =>
  (await shownOn(service, token)).tray.map(({ body }) => body);
const arrivalsOn = (token: string) => service.machine.simulators.phones.look(token).arrivals.length;
const tell = (teamId: string, members: readonly string[], managers: readonly string[] = []) =>
  service.server.call('PUT', `/v1/teams/${teamId}/members`, { members, managers });
const traceOf = (messageId: string) => service.server.try('GET', `/v1/messages/${messageId}/trace`);

describe('a copy of a message', () => {
  test('pushes it to the phone of its receiver, and shows once however often it comes', async () => {
    const token = await logIn(service, 'alice');
    const copy = aCopy();
    const again = { ...copy, resendFlag: '1' };

    const answers = [
      await postCopy(service, copy),
      await postCopy(service, copy),
      await postCopy(service, again),
    ];

    const { msgidServer: messageId } = copy;
    expect(answers).toEqual(
      ['dispatched', 'repeated', 'repeated'].map((result) => ({
        status: 200,
        body: { result, messageId },
      })),
    );
    expect(await bodiesOn(token)).toEqual(['Bob:test text message']);
    expect(arrivalsOn(token)).toBe(1);
    expect(await traceOf(messageId)).toMatchObject({ status: 200 });
  });

  test('to a team pushes it to all members but its sender', async () => {
    const members = ['ann', 'ben', 'bob'];
    const tokens = await Promise.all(members.map((accountId) => logIn(service, accountId)));
    await tell('4711', members);
    const toTeam = { convType: 'TEAM', to: '4711' };

    const copy = aCopy({ ...toTeam, msgType: 'PICTURE', body: '' });
    expect(await postCopy(service, copy)).toMatchObject({ body: { result: 'dispatched' } });

    const [ann = '', ben = '', bob = ''] = tokens;
    expect(await bodiesOn(ann)).toEqual(['Bob:发来了一张图片']);
    expect(await bodiesOn(ben)).toEqual(['Bob:发来了一张图片']);
    expect(arrivalsOn(bob)).toBe(0);
    expect(JSON.stringify(await traceOf(copy.msgidServer))).toContain('own-device');
  });

  test('that comes again after its team has changed is well, and pushed once', async () => {
    const token = await logIn(service, 'cleo');
    await tell('changing', ['cleo', 'bob']);
    const copy = aCopy({ convType: 'SUPER_TEAM', to: 'changing' });

    const first = await postCopy(service, copy);
    await tell('changing', ['cleo', 'bob', 'dora']);
    const second = await postCopy(service, copy);

    expect([first, second]).toMatchObject([
      { status: 200, body: { result: 'dispatched' } },
      { status: 200, body: { result: 'repeated' } },
    ]);
    await shownOn(service, token);
    expect(arrivalsOn(token)).toBe(1);
  });

  test('to a team nobody told of is taken, and pushed to nobody', async () => {
    const copy = aCopy({ convType: 'TEAM', to: 'unheard-of' });

    expect(await postCopy(service, copy)).toEqual({
      status: 200,
      body: { result: 'unknown-team', messageId: copy.msgidServer },
    });
    expect(await traceOf(copy.msgidServer)).toMatchObject({ status: 404 });
    await until(
      () => service.logs.join('\n'),
      (logs) => logs.includes('CopiesIgnored'),
    );
    expect(service.logs.join('\n')).toContain('"unknown-team"');
  });

  test('forces its push through a mute where ext says so, and mentions through a milder one', async () => {
    const loud = await logIn(service, 'eve');
    const quiet = await logIn(service, 'finn');
    await tell('muted', ['eve', 'finn', 'gus', 'bob']);
    const mentioned = await logIn(service, 'gus');
    await service.server.call('PUT', '/v1/accounts/eve/mutes/muted');
    await service.server.call('PUT', '/v1/accounts/finn/mutes/muted');
    await service.server.call('PUT', '/v1/accounts/gus/mutes/muted', { mute: 'except-mentions' });
    const push = { forcePush: true, forcePushAccountIds: ['eve'], mentions: ['gus'] };

    const ext = JSON.stringify({ push: { ...push, forcePushContent: 'now!' } });
    await postCopy(service, aCopy({ convType: 'TEAM', to: 'muted', ext }));

    expect(await bodiesOn(loud)).toEqual(['Bob:now!']);
    expect((await shownOn(service, mentioned)).tray).toHaveLength(1);
    expect(arrivalsOn(quiet)).toBe(0);
  });

  test('by a manager reaches those who hear managers alone', async () => {
    const token = await logIn(service, 'hugo');
    await tell('managed', ['hugo', 'bob'], ['bob']);
    await service.server.call('PUT', '/v1/accounts/hugo/mutes/managed', {
      mute: 'except-managers',
    });

    await postCopy(service, aCopy({ convType: 'TEAM', to: 'managed' }));

    expect(await bodiesOn(token)).toEqual(['Bob:test text message']);
  });

  test.each([
    ['unknown', { needPushh: true }, 'ext.push.needPushh is not a known field'],
    [
      'refused by a vendor',
      { pushPayload: '{"pushTitle":7}', pushContent: 'test text message' },
      'pushConfig.pushPayload.pushTitle must be a string',
    ],
    ['of a class the app has not', { messageClass: 'x' }, 'pushConfig.messageClass is not a class'],
  ])('with push properties that are %s is pushed without them', async (_case, push, warning) => {
    const to = `ida-${Math.random()}`;
    const token = await logIn(service, to);

    const answer = await postCopy(service, aCopy({ to, ext: JSON.stringify({ push }) }));

    expect(answer).toMatchObject({
      status: 200,
      body: { result: 'dispatched', warnings: [expect.stringContaining(warning)] },
    });
    expect(await bodiesOn(token)).toEqual(['Bob:test text message']);
  });
});

describe('copies of logins and logouts', () => {
  const now = Date.now();

  test('make a device present until a newer logout, and older ones change nothing', async () => {
    await logIn(service, 'jack');
    const results = [];
    for (const copy of [
      aPresenceCopy('2', 'jack', now + 2_000),
      aPresenceCopy('3', 'jack', now + 1_000),
      aPresenceCopy('2', 'jack', now + 2_000),
    ]) {
      results.push((await postCopy(service, copy)).body);
    }

    expect(results).toEqual(['applied', 'older', 'older'].map((result) => ({ result })));
    expect(await decide(service, 'jack')).toEqual(['foreground']);

    const left = await postCopy(service, aPresenceCopy('3', 'jack', now + 3_000));
    expect(left.body).toEqual({ result: 'applied' });
    expect(await decide(service, 'jack')).toEqual(['queued']);
  });

  test('end the session where the app says that a logout is one', async () => {
    const { server, admin } = service;
    await logIn(service, 'kate');
    await admin.call('PATCH', '/v1/app', { nimLogoutCopy: 'logout' });

    const reasons = await until(
      async () => {
        await postCopy(service, aPresenceCopy('3', 'kate', Date.now() + 1_000));
        return decide(service, 'kate');
      },
      ([reason]) => reason === 'logged-out',
    );
    await admin.call('PATCH', '/v1/app', { nimLogoutCopy: 'disconnect' });

    expect(reasons).toEqual(['logged-out']);
    expect(await server.call('GET', '/v1/accounts/kate')).toMatchObject({
      devices: [{ session: { state: 'logged-out' } }],
    });
  });

  test('make a device known, with the platform it has', async () => {
    await postCopy(service, aPresenceCopy('2', 'liam', now, { clientType: 'MAC' }));
    const stranger = await postCopy(service, aPresenceCopy('3', 'nobody', now));

    expect(await service.server.call('GET', '/v1/accounts/liam')).toMatchObject({
      devices: [{ deviceId: 'd1', platform: 'macos', presence: { state: 'foreground' } }],
    });
    expect(stranger).toEqual({ status: 200, body: { result: 'unknown-device' } });
  });
});

test.each<[string, object]>([
  ['an event of a team', aCopy({ msgType: 'NOTIFICATION' })],
  ['a login that failed', aPresenceCopy('2', 'alice', 1, { code: '403' })],
  ['a chat room', { eventType: '4' }],
  ['a number of another event', { eventType: 36, fromAccount: 'alice' }],
])('%s is taken and ignored', async (_case, copy) => {
  expect(await postCopy(service, copy)).toEqual({ status: 200, body: { result: 'ignored' } });
});

describe('a copy is refused', () => {
  test.each<[string, Record<string, string>, string]>([
    ['with another MD5', { MD5: '0'.repeat(32) }, 'the MD5 is not that of the body'],
    ['with a guessed CheckSum', { CheckSum: '0'.repeat(40) }, 'the CheckSum is wrong'],
    ['without a CheckSum', { CheckSum: '' }, 'AppKey, CurTime, MD5 or CheckSum is missing'],
  ])('%s', async (_case, headers, detail) => {
    expect(await postCopy(service, aCopy(), headers)).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining(detail) },
    });
  });

  test('that was signed more than five minutes ago', async () => {
    const copy = aCopy();
    const old = String(Date.now() - 301_000);
    const headers = copySignature(service.machine.app, JSON.stringify(copy), old);

    expect(await postCopy(service, copy, headers)).toMatchObject({
      status: 401,
      body: { detail: 'CurTime is more than 5 minutes from the time here' },
    });
  });

  test('of an app that does not sign it, or with a token instead', async () => {
    const { app } = service.machine;
    const copy = aCopy();
    const signed = copySignature(service.otherApp, JSON.stringify(copy));

    expect(await postCopy(service, copy, { ...signed, AppKey: app.key })).toMatchObject({
      status: 401,
      body: { detail: 'the CheckSum is wrong' },
    });
    expect(await service.server.try('POST', '/v1/nim/copies', copy)).toMatchObject({ status: 401 });
  });

  test('by the field that is wrong', async () => {
    expect(await postCopy(service, aCopy({ msgTimestamp: 'now', to: '' }))).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'to' }, { path: 'msgTimestamp' }] },
    });
  });
});
